"""Coordinators put people on shifts: what they may set aside with a yes, and what nobody may."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId, PlaceId, new_id
from tests.support.roster import (
    begin,
    coordinator,
    known,
    people,
    placed,
    put,
    refusal,
    shift,
    standing,
    trained,
)

if TYPE_CHECKING:
    from tests.support.house import TestHouse


@pytest.fixture(autouse=True)
async def _still(built: TestHouse) -> None:
    await begin(built)


async def test_a_rule_of_the_person_is_set_aside_with_a_reason_and_then_pinned(
    built: TestHouse,
) -> None:
    [anja] = await people(built, "anja")
    await put(built, await shift(built, 7), anja)
    evening = await shift(built, 7, 19)

    without = await refusal(put(built, evening, anja))
    place = await put(built, evening, anja, allowed="nobody-else")

    assert without is Code.TWO_SHIFTS_A_DAY
    assert (place.allowed, place.pinned) == ("nobody-else", True)


async def test_a_reason_that_was_not_needed_is_not_kept(built: TestHouse) -> None:
    [anja] = await people(built, "anja")

    place = await put(built, await shift(built, 7), anja, allowed="own-wish")

    assert (place.allowed, place.pinned) == (None, False)


async def test_what_nobody_may_is_refused_whatever_the_reason(built: TestHouse) -> None:
    anja, tim, carla, dirk = await people(built, "anja", "tim", "carla", "dirk")
    await trained(built, tim, "walking_along")
    await trained(built, dirk, "stopped")
    busy = await shift(built, 7)
    await put(built, busy, anja)
    others = await people(built, *(f"v{each}" for each in range(4)))
    full = await shift(built, 9, wanted=5)
    for each in (*others, carla):
        await known(built, each, home=False)
    for each in others:
        await put(built, full, each)

    for person, where, code in (
        (anja, await shift(built, 7, 9), Code.OVERLAPS),
        (anja, await shift(built, 12, channels=("phone",)), Code.NOT_TRAINED),
        (tim, busy, Code.TRAINEE_ALONE),
        (carla, full, Code.DESKS_FULL),
        (dirk, busy, Code.ACCOUNT_ENDED),
    ):
        assert await refusal(put(built, where, person, allowed="own-wish")) is code


async def test_a_coordinator_may_put_more_on_than_wanted_and_a_reserve_fills_no_seat(
    built: TestHouse,
) -> None:
    anja, bert, carla = await people(built, "anja", "bert", "carla")
    monday = await shift(built, 7)

    places = [
        await put(built, monday, anja),
        await put(built, monday, bert),
        await put(built, monday, carla, role="reserve"),
    ]

    assert [each.role for each in places] == ["listener", "listener", "reserve"]


async def test_a_place_is_pinned_let_go_taken_off_and_told_that_they_cannot(
    built: TestHouse,
) -> None:
    anja, bert = await people(built, "anja", "bert")
    assigning, cora = built.house.roster.assigning, coordinator(built)
    monday = await shift(built, 7, wanted=2)
    hers, his = await put(built, monday, anja), await put(built, monday, bert, on_behalf=True)

    assert (await assigning.pin(cora, hers.place)).pinned
    assert not (await assigning.unpin(cora, hers.place)).pinned
    await assigning.take_off(cora, hers.place)
    await assigning.cannot(cora, his.place)

    assert his.on_behalf
    assert await placed(built, hers.place) == "taken_off"
    assert await placed(built, his.place) == "cannot"
    assert await standing(built, monday) == set()
    assert await refusal(assigning.take_off(cora, hers.place)) is Code.NOT_FOUND


async def test_another_branch_is_not_found(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    monday = await shift(built, 7)
    place = await put(built, monday, anja)
    assigning = built.house.roster.assigning
    stranger = coordinator(built, BranchId(new_id(built.house.tokens)))

    for order in (
        assigning.put_on(stranger, monday, anja),
        assigning.pin(stranger, place.place),
        assigning.take_off(stranger, place.place),
        assigning.cannot(stranger, place.place),
        assigning.pin(coordinator(built), PlaceId(new_id(built.house.tokens))),
    ):
        assert await refusal(order) is Code.NOT_FOUND
    assert await placed(built, place.place) == "published"


async def test_a_shift_that_is_over_takes_nobody(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    morning = await shift(built, 1)
    await built.time.advance(timedelta(days=2).total_seconds())

    assert await refusal(put(built, morning, anja)) is Code.IN_THE_PAST
