"""What may be done with a place when; rings of swaps; and what a template lays out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luisterlijn.kernel.clock import AMSTERDAM, Interval
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId
from luisterlijn.rostering import life
from luisterlijn.rostering.ports import PeriodRow, PlaceRow, SwapRow

HERE = BranchId(UUID(int=1))
NOW = datetime(2026, 3, 2, 11, tzinfo=UTC)
HOUR = timedelta(hours=1)


def place(**changed: Any) -> PlaceRow:
    """Give somebody's own sign-up of just now, for tomorrow."""
    made = PlaceRow(
        place=PlaceId(UUID(int=5)),
        shift=ShiftId(UUID(int=6)),
        branch=HERE,
        person=PersonId(UUID(int=7)),
        during=Interval(NOW + 24 * HOUR, NOW + 28 * HOUR),
        role="listener",
        state="published",
        origin="self",
        pinned=False,
        allowed=None,
        on_behalf=False,
        changed=NOW,
    )
    return replace(made, **changed)


@pytest.mark.parametrize(
    ("state", "confirm", "give_up", "swap"),
    [
        ("proposed", (False, False, False), (False, False, False), (False, False, False)),
        ("published", (True, False, False), (True, True, False), (True, False, False)),
        ("confirmed", (False, False, False), (True, True, False), (True, False, False)),
        ("checked_in", (False, False, False), (False, False, False), (False, False, False)),
        ("no_show", (False, False, False), (False, False, False), (False, False, False)),
    ],
)
def test_what_may_be_done_before_during_and_after_a_shift(
    state: str,
    confirm: tuple[bool, ...],
    give_up: tuple[bool, ...],
    swap: tuple[bool, ...],
) -> None:
    mine = place(state=state)
    moments = (NOW, mine.during.start, mine.during.end)

    assert tuple(life.may_confirm(mine, each) for each in moments) == confirm
    assert tuple(life.may_give_up(mine, each) for each in moments) == give_up
    assert tuple(life.may_swap(mine, each) for each in moments) == swap


def test_an_undo_lasts_an_hour_and_never_into_the_check_in() -> None:
    soon = place(during=Interval(NOW + HOUR, NOW + 5 * HOUR))

    assert life.undo_until(place()) == NOW + HOUR
    assert life.undo_until(soon) == NOW + 0.75 * HOUR
    assert not life.may_undo(soon, NOW + 0.75 * HOUR)
    for changed in ({"origin": "coordinator"}, {"sequence": 1}, {"state": "confirmed"}):
        assert life.undo_until(place(**changed)) is None


def swap(number: int, gives: int, *wants: int, asked: int | None = None) -> SwapRow:
    """Give what person `number` offers."""
    return SwapRow(
        swap=UUID(int=number),
        branch=HERE,
        person=PersonId(UUID(int=100 + number)),
        place=PlaceId(UUID(int=200 + number)),
        shift=ShiftId(UUID(int=gives)),
        wants=tuple(ShiftId(UUID(int=each)) for each in wants),
        asked=PersonId(UUID(int=100 + asked)) if asked is not None else None,
        until=NOW + HOUR,
    )


def told(swaps: list[SwapRow]) -> list[list[int]]:
    return [[each.swap.int for each in ring] for ring in life.rings(swaps)]


def test_rings_of_two_come_before_rings_of_three_and_each_is_told_once() -> None:
    swaps = [swap(1, 1, 2), swap(2, 2, 3, 1), swap(3, 3, 1)]

    for order in permutations(swaps):
        assert told(list(order)) == [[1, 2], [1, 2, 3]]


@pytest.mark.parametrize(
    "swaps",
    [
        [swap(1, 1, 2), swap(2, 2)],
        [swap(1, 1, 1)],
        [swap(1, 1, 2), swap(2, 2, 3), swap(3, 3, 4), swap(4, 4, 1)],
        [swap(1, 1, 2), swap(2, 2, 1, asked=3)],
        [swap(1, 1, 2), replace(swap(2, 2, 1), person=PersonId(UUID(int=101)))],
        [swap(1, 1, 1), swap(2, 1, 1)],
    ],
)
def test_what_closes_no_ring(swaps: list[SwapRow]) -> None:
    assert told(swaps) == []


@given(st.lists(st.tuples(st.integers(1, 4), st.sets(st.integers(1, 4), max_size=3)), max_size=6))
def test_in_each_ring_everybody_gets_a_shift_that_they_want(
    offered: list[tuple[int, set[int]]],
) -> None:
    swaps = [swap(number, gives, *wants) for number, (gives, wants) in enumerate(offered)]

    for ring in life.rings(swaps):
        after = (*ring[1:], ring[0])
        assert all(two.shift in one.wants for one, two in zip(ring, after, strict=True))
        assert len({each.person for each in ring}) == len(ring)


def test_a_swap_is_taken_by_whom_it_is_offered_to_and_for_what_it_asks() -> None:
    given_away, asked = swap(1, 1), swap(1, 1, 2, asked=2)
    two, three = PersonId(UUID(int=102)), PersonId(UUID(int=103))
    wanted, other = ShiftId(UUID(int=2)), ShiftId(UUID(int=3))

    assert life.fits(given_away, two, None, NOW)
    assert not life.fits(given_away, two, wanted, NOW)
    assert not life.fits(given_away, given_away.person, None, NOW)
    assert not life.fits(given_away, two, None, NOW + HOUR)
    assert life.fits(asked, two, wanted, NOW)
    assert not life.fits(asked, two, other, NOW)
    assert not life.fits(asked, two, None, NOW)
    assert not life.fits(asked, three, wanted, NOW)


@given(
    weekdays=st.integers(1, 127),
    first=st.dates(date(2020, 1, 1), date(2045, 12, 1)),
    days=st.integers(1, 56),
    starts=st.sampled_from([time(7), time(15, 30), time(23), time(3), time(0)]),
    hours=st.integers(1, 8),
)
def test_a_template_lays_each_named_day_out_once_at_its_hours_on_the_wall(
    weekdays: int, first: date, days: int, starts: time, hours: int
) -> None:
    ends = time((starts.hour + hours) % 24, starts.minute)

    made = list(life.occurrences(weekdays, starts, ends, first, days))

    named = [
        day
        for day in (first + timedelta(days=number) for number in range(days))
        if weekdays >> day.weekday() & 1
    ]
    walls = [each.start.astimezone(AMSTERDAM) for each in made]
    assert [wall.time() for wall in walls] == ([starts] * len(named))
    after = timedelta(days=1) if starts < time(6) else timedelta()
    assert [wall.date() - after for wall in walls] == named


@pytest.mark.parametrize(
    ("changed", "wanted", "code"),
    [
        ({}, 1, None),
        ({"state": "concept"}, 1, Code.TOO_LATE),
        ({"state": "published"}, 1, Code.TOO_LATE),
        ({"days": 8}, 1, Code.BAD_REQUEST),
        ({}, 3, Code.BAD_REQUEST),
    ],
)
def test_wishes_fit_their_period_and_come_while_it_is_open(
    changed: dict[str, Any], wanted: int, code: Code | None
) -> None:
    period = PeriodRow(period=UUID(int=1), branch=HERE, first=NOW.date(), days=7, state="open")
    asked = replace(period, **changed)

    if code is None:
        life.check_wishes(asked, ["111111"] * 7, wanted, 2)
    else:
        with pytest.raises(Refusal) as refusal:
            life.check_wishes(asked, ["111111"] * 7, wanted, 2)
        assert refusal.value.code is code
