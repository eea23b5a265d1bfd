"""A sheet holds what decides, and what is of no matter stays out."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.ids import BranchId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering.model import Wish
from luisterlijn.rostering.sheets import turn
from tests.support.roster import MONDAY, acting, begin, coordinator, people, put, shift

if TYPE_CHECKING:
    from tests.support.house import TestHouse

NEXT = MONDAY + timedelta(days=7)


@pytest.fixture(autouse=True)
async def _still(built: TestHouse) -> None:
    await begin(built)


async def test_a_stretch_is_days_of_service_with_the_places_that_matter_around_it(
    built: TestHouse,
) -> None:
    anja, bert = await people(built, "anja", "bert")
    roster = built.house.roster
    period = await roster.periods.open(coordinator(built), built.branch, NEXT, 7)
    wish = Wish(levels=("111111",) * 7, wanted=1, most=2, nights=1)
    await roster.wishes.write(acting(built, anja), period.period, wish)
    await roster.leaves.ask(acting(built, bert), NEXT, NEXT)
    before = await shift(built, 6, 19)
    first, night = await shift(built, 7), await shift(built, 13, 27)
    after = await shift(built, 14)
    places = [await put(built, each, anja, allowed="own-wish") for each in (before, first, after)]
    gone = await put(built, night, anja, allowed="own-wish")
    await roster.assigning.take_off(coordinator(built), gone.place)

    async with built.house.database.transaction(LINE) as tx:
        sheet = await roster.sheet(tx, built.branch, NEXT, 7)
        nowhere = await roster.sheet(tx, BranchId(new_id(built.house.tokens)), NEXT, 7)

    assert [each.shift for each in sheet.shifts] == [first, night]
    assert [each.place for each in sheet.places] == [each.place for each in places]
    assert set(sheet.people) == {anja, bert}
    assert [each.levels for each in sheet.wishes[anja]] == [wish.levels]
    assert sheet.leave == {bert: ((NEXT, NEXT),)}
    assert [each.period for each in sheet.periods] == [period.period]
    assert (nowhere.shifts, nowhere.places, nowhere.people) == ((), (), {})


async def test_around_some_shifts_are_the_persons_places_and_whoever_is_there_then(
    built: TestHouse,
) -> None:
    anja, bert, carla = await people(built, "anja", "bert", "carla")
    monday, beside, later = await shift(built, 7), await shift(built, 7, 9), await shift(built, 9)
    far = await shift(built, 9 + 7)
    hers = await put(built, far, anja)
    his = await put(built, beside, bert)
    await put(built, later, carla)
    sheets = built.house.roster.placing.sheets

    async with built.house.database.transaction(LINE) as tx:
        [row] = [
            each
            for each in (await sheets.stretch(tx, built.branch, NEXT, 1)).shifts
            if each.shift == monday
        ]
        sheet = await sheets.around(tx, built.branch, [anja], [row])

    assert [each.place for each in sheet.places] == [his.place, hers.place]
    assert set(sheet.people) == {anja, bert}


def test_a_day_of_service_turns_at_six_whatever_the_clock_does() -> None:
    assert [turn(date(2026, 3, each)).hour for each in (28, 29, 30)] == [6, 6, 6]
