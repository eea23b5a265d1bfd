"""No request, however wrong, is answered by a fault: every route that is declared is tried."""

from __future__ import annotations

import asyncio
from itertools import product
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luisterlijn.edge.guard import ANYONE, Face
from luisterlijn.edge.problems import Problem
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.scope import Role
from tests.support.routes import declared, filled, good

if TYPE_CHECKING:
    from luisterlijn.edge.guard import Route
    from tests.support.served import Answer, Served

JUNK: tuple[Any, ...] = (
    *(None, True, 0, -1, 2**31, 2**63, 2**70, 1.5, 1e308, [], {}, [None], [[]], ["chat"] * 9),
    *(
        "",
        " ",
        "\0",
        "a\0b",
        "x" * 9_000,
        "é" * 9_000,
        "\U0001f600",
        "null",
        "../..",
        "' or 1=1 --",
    ),
    *("0" * 32, "f" * 32, "0" * 31, "9999-12-31", "0001-01-01", "2026-02-30", "23:59\n", "00:00"),
    *("1٣:00", "24:00", "%s", "{}", "=", "AAAA====", "🦊"),
)
QUERIES = (
    *("", "?", "?from=", "?from=0001-01-01", "?from=9999-12-31&days=31", "?from=2026-W01-1"),
    *("?from=2026-01-01&days=0", "?from=2026-01-01&days=32", "?from=2026-01-01&days=1e3"),
    *(
        "?from=2026-01-01&days=٣",
        "?from=2026-01-01&branch=x",
        "?from=2026-01-01&branch=" + "0" * 32,
    ),
    *("?from=2026-01-01&days=" + "9" * 5_000, "?from=%00", "?from=%ff", "?%ff=%ff", "?language=xx"),
    *("?language=en&language=nl", "?&&&=;", "?language=%00", "?from=2026-01-01&from=x"),
)
IDS = ("0" * 32, "x", "%00", "%ff", "..", "A" * 32, "%2e%2e%2f", "0" * 3_000)


@pytest.fixture(scope="module")
async def planner(node: Served) -> bytes:
    """A session that gets past every permission of the line, and has a branch."""
    return await node.signed_in("planner", Role.PLANNER, node.built.branch)


def check(route: Route, answer: Answer, sent: object) -> None:
    """Fail unless the answer is good, or a refusal whose body keeps its promise."""
    told = (route.method, route.path, sent, answer.status, answer.body[:200])
    assert answer.status < 500, told
    if answer.status >= 400:
        body = msgspec.json.decode(answer.body, type=Problem)
        assert body.status == answer.status, told
        assert Code(body.code), told
    assert answer.headers["X-Content-Type-Options"] == "nosniff", told


async def ask(
    node: Served, route: Route, session: bytes, path: str, body: dict[str, Any] | None
) -> Answer:
    """Ask a route on its own face, as somebody who may."""
    return await node.ask(
        route.method,
        path,
        host=node.console if route.face is Face.CONSOLE else node.public,
        # Signing out would end the session that the other questions use.
        session=None if route.may is ANYONE or route.method == "DELETE" else session,
        json=body,
    )


async def test_every_field_of_every_body_may_be_anything(node: Served, planner: bytes) -> None:
    routes = [route for route in declared(node.built.house) if route.takes is not None]

    for route in routes:
        whole = good(route)
        assert whole is not None
        for field, junk in product(whole, JUNK):
            answer = await ask(node, route, planner, filled(route), {**whole, field: junk})
            check(route, answer, {field: junk})
        check(route, await ask(node, route, planner, filled(route), {**whole, "extra": 1}), "extra")


async def test_every_id_in_a_path_and_every_query_may_be_anything(
    node: Served, planner: bytes
) -> None:
    for route in declared(node.built.house):
        if "{" in route.path:
            for wrong in IDS:
                path = filled(route, shift=wrong, place=wrong)
                check(route, await ask(node, route, planner, path, good(route)), wrong)
        if route.method == "GET":
            for query in QUERIES:
                path = filled(route) + quote(query, safe="%?&=;")
                check(route, await ask(node, route, planner, path, None), query)


async def test_every_method_on_every_path_is_answered_or_refused(node: Served) -> None:
    for route in declared(node.built.house):
        host = node.console if route.face is Face.CONSOLE else node.public
        for method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            answer = await node.ask(method, filled(route), host=host)
            assert answer.status < 500, (method, route.path)
            assert answer.status != 405 or route.method in answer.headers["Allow"]


async def test_many_wrong_requests_at_once_leave_the_node_well(node: Served) -> None:
    routes = [route for route in declared(node.built.house) if route.takes is not None]

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(node.ask(route.method, filled(route), host=host, data=b'{"a":'))
            for route in routes
            for host in (node.public, node.console)
            for _ in range(5)
        ]

    assert {task.result().code for task in tasks} <= {"bad-request", "not-found", "signed-out"}
    assert (await node.ask("GET", "/readyz")).status == 200


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
async def test_bodies_that_nobody_thought_of_are_no_fault(
    node: Served, planner: bytes, data: st.DataObject
) -> None:
    routes = [route for route in declared(node.built.house) if route.takes is not None]
    route = data.draw(st.sampled_from(routes), label="route")
    whole = good(route) or {}
    body = {
        name: data.draw(st.just(value) | anything | st.text(), label=name)
        for name, value in whole.items()
    }
    raw = data.draw(
        st.just(msgspec.json.encode(body))
        | st.binary(max_size=300)
        | anything.map(msgspec.json.encode)
    )

    answer = await node.ask(
        route.method,
        filled(route),
        host=node.console if route.face is Face.CONSOLE else node.public,
        session=None if route.may is ANYONE else planner,
        data=raw,
    )

    check(route, answer, raw)
