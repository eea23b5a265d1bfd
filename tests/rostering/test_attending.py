"""What somebody who jumps in has done already: hours of the day, rest between two days."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering.attending import Attending, against
from luisterlijn.rostering.placing import Placing
from tests.support.attending import person, shift, stands, state

if TYPE_CHECKING:
    from tests.support.house import TestHouse

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def hours(start: float, length: float) -> Interval:
    """Give a stretch, counted from noon."""
    begin = NOON + timedelta(hours=start)
    return Interval(begin, begin + timedelta(hours=length))


@pytest.mark.parametrize(
    ("other", "code"),
    [
        (hours(-4, 4), None),  # eight hours, one after the other
        (hours(4, 4), None),
        (hours(-5, 5), Code.TOO_LONG_A_DAY),
        (hours(1, 1), Code.OVERLAPS),
        (hours(-12, 2), Code.TOO_LITTLE_REST),  # the night before, until ten hours before
        (hours(-13, 2), None),
        (hours(14.5, 4.5), Code.TOO_LONG_A_DAY),  # the night after counts for the same day
        (hours(17.5, 4), None),
    ],
)
def test_the_day_has_eight_hours_and_eleven_of_rest_follow(
    other: Interval, code: Code | None
) -> None:
    assert against(hours(0, 4), [other]) is code


def test_with_nothing_else_to_do_anybody_may() -> None:
    assert against(hours(0, 4), []) is None


async def test_a_place_becomes_missed_and_come_after_all_only_from_where_it_can(
    built: TestHouse,
) -> None:
    attending = Attending(Placing(built.house.volunteers, built.house.tokens))
    on = await shift(built)
    place = await stands(built, await person(built, "wim"), on)
    told = []
    async with built.house.database.transaction(LINE) as tx:
        for do in (
            attending.mark_missed,
            attending.mark_missed,
            attending.give_up,
            attending.confirm,
            attending.mark_come,
            attending.mark_come,
            attending.mark_missed,
        ):
            told += [await do(tx, place)]  # type: ignore[arg-type] # a place's id

    assert told == [True, False, False, False, True, False, False]
    assert await state(built, place) == "checked_in"


async def test_who_is_not_trained_or_said_no_is_not_asked(built: TestHouse) -> None:
    attending = Attending(Placing(built.house.volunteers, built.house.tokens))
    on = await shift(built)
    able, no = await person(built, "bas"), await person(built, "cor")
    untrained = await person(built, "dirk")
    await built.owner.execute("update person set channels = '{}' where id = $1", untrained)
    await stands(built, no, on, state="cannot")
    async with built.house.database.transaction(LINE) as tx:
        row = await attending.lock(tx, on)
        assert row is not None
        can = await attending.who_can(tx, row)

    assert can == {able}


async def test_a_shift_that_is_over_or_cancelled_cannot_be_taken(built: TestHouse) -> None:
    attending = Attending(Placing(built.house.volunteers, built.house.tokens))
    past = await shift(built, starts_in=-300)
    off = await shift(built)
    await built.owner.execute("update shift set state = 'cancelled' where id = $1", off)

    async with built.house.database.transaction(LINE) as tx:
        assert await attending.lock(tx, past) is None
        assert await attending.lock(tx, off) is None
