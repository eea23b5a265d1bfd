"""Gatherings and messages over HTTP, as the console asks for them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.kernel.clock import local_day
from luisterlijn.kernel.scope import Role
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import TestHouse
    from tests.support.served import Served


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    async with served(built) as made:
        yield made


async def evening(node: Served, **changed: object) -> dict[str, object]:
    """Give the body of a new gathering next week."""
    day = local_day(await node.built.time.now()) + timedelta(days=7)
    return {
        "kind": "training",
        "title": "Luisteren in stilte",
        "day": day.isoformat(),
        "starts": "19:30",
        "ends": "21:30",
        "seats": 1,
        "branch": None,
        **changed,
    }


async def test_an_evening_is_planned_and_a_volunteer_signs_up_and_off(node: Served) -> None:
    cora = await node.signed_in("cora", Role.COORDINATOR, node.built.branch)
    anja = await node.signed_in("anja", Role.VOLUNTEER, node.built.branch)
    bert = await node.signed_in("bert", Role.VOLUNTEER, node.built.branch)

    async def shown(session: bytes, path: str) -> dict[str, Any]:
        [found] = (await node.ask("GET", path, session=session)).json()["gatherings"]
        return dict(found)

    made = await node.ask("POST", "/branch/gatherings", session=cora, json=await evening(node))
    path = f"/gatherings/{(await shown(anja, '/gatherings'))['gathering']}"
    up = await node.ask("POST", f"{path}/sign-up", session=anja, json={})
    full = await node.ask("POST", f"{path}/sign-up", session=bert, json={})
    mine, planned = await shown(anja, "/gatherings"), await shown(cora, "/branch/gatherings")
    off = await node.ask("POST", f"{path}/sign-off", session=anja, json={})
    gone = await node.ask("POST", f"/branch{path}/cancel", session=cora, json={})

    assert (made.status, up.status, off.status, gone.status) == (204, 204, 204, 204)
    assert (full.status, full.code) == (409, "gathering-full")
    assert (mine["mine"], mine["mine_on_behalf"], mine["taken"]) == (True, False, 1)
    assert [each["name"] for each in planned["people"]] == ["Anja"]
    assert (await shown(anja, "/gatherings"))["cancelled"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"starts": "19:30", "ends": "19:30"}, "zero-length"),
        ({"starts": "25:00"}, "bad-request"),
        ({"day": "2020-01-01"}, "in-the-past"),
        ({"day": "9999-12-31", "starts": "23:00", "ends": "01:00"}, "bad-request"),
        ({"seats": 0}, "bad-request"),
        ({"title": ""}, "bad-request"),
        ({"branch": "0" * 32}, "not-found"),
    ],
)
async def test_an_evening_that_cannot_be_is_refused(
    node: Served, changed: dict[str, object], code: str
) -> None:
    cora = await node.signed_in("cora", Role.COORDINATOR, node.built.branch)

    answer = await node.ask(
        "POST", "/branch/gatherings", session=cora, json=await evening(node, **changed)
    )

    assert answer.code == code


async def test_a_message_is_written_read_and_counted(node: Served) -> None:
    cora = await node.signed_in("cora", Role.COORDINATOR, node.built.branch)
    anja = await node.signed_in("anja", Role.VOLUNTEER, node.built.branch)
    new = {"audience": "branch", "text": "Tot donderdag", "shift": None, "branch": None}

    sent = await node.ask("POST", "/branch/messages", session=cora, json=new)
    unread = (await node.ask("GET", "/messages/unread", session=anja)).json()
    inbox = (await node.ask("GET", "/messages", session=anja)).json()
    [message] = inbox["messages"]
    await node.ask("POST", f"/messages/{message['message']}/read", session=anja, json={})
    after = (await node.ask("GET", "/messages/unread", session=anja)).json()
    [told] = (await node.ask("GET", "/branch/messages", session=cora)).json()["messages"]

    assert sent.json() == {"people": 1}
    assert (unread["unread"], inbox["unread"], after["unread"]) == (1, 1, 0)
    assert (message["text"], message["writer"], message["people"]) == (
        "Tot donderdag",
        "Cora",
        None,
    )
    assert (told["people"], told["readers"]) == (1, 1)


async def test_a_message_says_something_and_not_too_much(node: Served) -> None:
    cora = await node.signed_in("cora", Role.COORDINATOR, node.built.branch)

    codes = []
    for text in ("", "x" * 2_001, "a\0b"):
        new = {"audience": "branch", "text": text, "shift": None, "branch": None}
        codes.append((await node.ask("POST", "/branch/messages", session=cora, json=new)).code)

    assert codes == ["bad-request"] * 3
