"""The planner's screens over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.scope import Role
from tests.support.planner import at, expect, listener, shift
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import TestHouse
    from tests.support.served import Served


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    """Serve the node."""
    async with served(built) as found:
        yield found


async def test_a_coordinator_asks_for_the_board_and_for_who_can(node: Served) -> None:
    await expect(node.built)
    await listener(node.built, "anja")
    there = await shift(node.built, at(0, 7))
    session = await node.signed_in("cora", Role.COORDINATOR, node.built.branch)

    board = await node.ask("GET", "/planner/board?from=2031-05-05&days=7", session=session)
    who = await node.ask("GET", f"/planner/shifts/{there.hex}/who", session=session)

    assert board.json()["expectation"] == "frozen"
    assert [each["date"] for each in board.json()["shifts"]] == ["2031-05-05"]
    assert [each["name"] for each in who.json()["can"]] == ["Anja"]
    for path in ("branches", "outlook?from=2031-05-05", "events", "fairness"):
        assert (await node.ask("GET", f"/planner/{path}", session=session)).status == 200, path
    nation = await node.ask("GET", "/planner/nation?from=2031-05-05", session=session)
    assert (nation.status, nation.code) == (404, "not-found")


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("from=2031-05-05&branch=x", "not-found"),
        ("from=2031-05-05&branch=" + "0" * 32, "not-found"),
        ("from=gisteren", "bad-request"),
        ("", "bad-request"),
    ],
)
async def test_a_board_of_nothing_is_refused(node: Served, query: str, code: str) -> None:
    session = await node.signed_in("pieter", Role.PLANNER, None)

    answer = await node.ask("GET", f"/planner/board?{query}", session=session)

    assert answer.code == code
