"""A coordinator places people over HTTP, and answers what waits."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.scope import Role
from tests.support.roster import MONDAY, acting, begin, people, put, shift
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import TestHouse
    from tests.support.served import Answer, Served

NEXT = MONDAY + timedelta(days=7)


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    await begin(built)
    async with served(built) as found:
        yield found


async def send(node: Served, session: bytes, path: str, body: object = None) -> Answer:
    return await node.ask("POST", path, session=session, json=body or {})


async def test_a_rule_is_told_by_its_code_and_set_aside_with_a_reason(node: Served) -> None:
    built = node.built
    [anja] = await people(built, "anja")
    cor = await node.signed_in("cor", Role.COORDINATOR, built.branch)
    await put(built, await shift(built, 7), anja)
    evening = f"/planner/shifts/{(await shift(built, 7, 19)).hex}/places"

    refused = await send(node, cor, evening, {"person": anja.hex})
    other = await send(node, cor, evening, {"person": anja.hex, "allowed": "ill"})
    put_on = await send(
        node, cor, evening, {"person": anja.hex, "allowed": "own-wish", "on_behalf": True}
    )

    assert (refused.status, refused.code) == (409, "two-shifts-a-day")
    assert other.code == "bad-request"
    assert put_on.status == 201
    told = put_on.json()
    assert (told["allowed"], told["pinned"], told["on_behalf"]) == ("own-wish", True, True)


async def test_a_place_is_pinned_let_go_taken_off_and_told_cannot(node: Served) -> None:
    built = node.built
    anja, bert = await people(built, "anja", "bert")
    cor = await node.signed_in("cor", Role.COORDINATOR, built.branch)
    monday = await shift(built, 7, wanted=2)
    places = [await put(built, monday, each) for each in (anja, bert)]
    hers, his = (f"/planner/places/{each.place.hex}" for each in places)

    orders = [await send(node, cor, f"{hers}/{each}") for each in ("pin", "unpin")]
    pinned = [each.json()["pinned"] for each in orders]
    ended = [await send(node, cor, f"{hers}/take-off"), await send(node, cor, f"{his}/cannot")]
    again = await send(node, cor, f"{hers}/take-off")

    assert pinned == [True, False]
    assert [each.status for each in ended] == [204, 204]
    assert again.code == "not-found"


async def test_swaps_and_leave_of_the_inbox_are_answered(node: Served) -> None:
    built = node.built
    anja, bert = await people(built, "anja", "bert")
    cor = await node.signed_in("cor", Role.COORDINATOR, built.branch)
    roster = built.house.roster
    first, second = (
        await put(built, await shift(built, 7), anja),
        await put(built, await shift(built, 10), anja),
    )
    for each in (first, second):
        await roster.swaps.offer(acting(built, anja), each.place)
    body = {"person": bert.hex, "first": str(NEXT + timedelta(days=2)), "last": "2026-03-12"}

    inbox = (await node.ask("GET", "/planner/inbox", session=cor)).json()
    one, two = (f"/planner/swaps/{each['swap']}" for each in inbox["swaps"])
    taken = await send(node, cor, f"{one}/accept", {"person": bert.hex})
    kept = await send(node, cor, f"{two}/withdraw")
    asked = await send(node, cor, "/planner/leave", body)
    leave = f"/planner/leave/{asked.json()['leave']}"
    granted = await send(node, cor, f"{leave}/grant")
    late = await send(node, cor, f"{leave}/decline")

    assert (taken.status, taken.json()["name"], kept.status) == (201, "Bert", 204)
    assert (asked.status, granted.json()) == (201, {"released": [], "dropped": 0})
    assert late.code == "too-late"


async def test_what_is_no_id_is_not_found(node: Served) -> None:
    built = node.built
    cor = await node.signed_in("cor", Role.COORDINATOR, built.branch)
    monday = (await shift(built, 7)).hex

    for path, body in (
        (f"/planner/shifts/{monday}/places", {"person": "anja"}),
        ("/planner/leave", {"person": "anja", "first": str(NEXT), "last": str(NEXT)}),
        ("/planner/places/x/pin", {}),
    ):
        assert (await send(node, cor, path, body)).code == "not-found"
