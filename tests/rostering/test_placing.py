"""The hands under every use case: locks in one order, ends that take trainees along."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId, ShiftId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering.model import PlaceState
from tests.support.roster import begin, coordinator, people, placed, put, refusal, shift, trained

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.house import TestHouse


@pytest.fixture(autouse=True)
async def _still(built: TestHouse) -> None:
    await begin(built)


async def test_two_who_lock_the_same_the_other_way_round_do_not_wait_for_each_other(
    built: TestHouse,
) -> None:
    shifts = [await shift(built, each) for each in (7, 8, 9)]
    persons = await people(built, "anja", "bert")
    placing = built.house.roster.placing

    async def lock(order: Sequence[ShiftId]) -> int:
        async with built.house.database.transaction(LINE) as tx:
            found = await placing.lock(tx, order, persons if order == shifts else persons[::-1])
            return len(found)

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(lock(shifts if each % 2 else shifts[::-1])) for each in range(12)
        ]

    assert [each.result() for each in tasks] == [3] * 12


async def test_a_shift_that_is_not_to_be_seen_is_not_locked(built: TestHouse) -> None:
    monday = await shift(built, 7)
    placing = built.house.roster.placing
    stranger = coordinator(built, BranchId(new_id(built.house.tokens)))

    async def lock(scope: object, asked: ShiftId) -> None:
        async with built.house.database.transaction(scope) as tx:  # type: ignore[arg-type] # either
            await placing.lock(tx, [monday, asked], [])

    assert await refusal(lock(stranger, monday)) is Code.NOT_FOUND
    assert await refusal(lock(LINE, ShiftId(new_id(built.house.tokens)))) is Code.NOT_FOUND


async def test_places_end_once_and_a_mentors_end_is_a_trainees(built: TestHouse) -> None:
    mo, tim = await people(built, "mo", "tim")
    await trained(built, mo, "mentor")
    await trained(built, tim, "walking_along")
    monday = await shift(built, 7, wanted=2)
    mentor, trainee = await put(built, monday, mo), await put(built, monday, tim)
    placing = built.house.roster.placing

    async with built.house.database.transaction(LINE) as tx:
        gone = await placing.leave(tx, [mentor], PlaceState.CANNOT)
        again = await placing.leave(tx, [mentor], PlaceState.CANNOT)

    assert [each.place for each in gone] == [mentor.place, trainee.place]
    assert again == []
    assert await placed(built, mentor.place) == "cannot"
    assert await placed(built, trainee.place) == "taken_off"
