"""What may be done with a place when, which swaps close a ring, what a template lays out. Pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import local_interval
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.rostering.model import CHANNELS, CHECK_IN_OPENS, LONGEST_SHIFT, PlaceState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from luisterlijn.kernel.clock import Interval
    from luisterlijn.kernel.ids import PersonId, ShiftId
    from luisterlijn.rostering.ports import PeriodRow, PlaceRow, SwapRow

UNDO_LASTS = timedelta(hours=1)
"""So long an own sign-up can be undone as if it had not been."""
AWAITED = frozenset({PlaceState.PUBLISHED, PlaceState.CONFIRMED})
"""Seen by the volunteer, who has not come yet."""
HELD = AWAITED | {PlaceState.CHECKED_IN, PlaceState.NO_SHOW}
"""Seen by the volunteer."""
JUMPS = (time(2), time(3))
"""Between these the clock jumps twice a year: no shift begins or ends there."""
MONDAY = 1


def undo_until(place: PlaceRow) -> datetime | None:
    """Give until when an own sign-up can be undone; None: it cannot, whatever the time."""
    untouched = place.sequence == 0 and place.state == PlaceState.PUBLISHED
    if place.origin != "self" or not untouched or place.changed is None:
        return None
    return min(place.changed + UNDO_LASTS, place.during.start - CHECK_IN_OPENS)


def may_undo(place: PlaceRow, now: datetime) -> bool:
    """Say whether the own sign-up can be undone now."""
    until = undo_until(place)
    return until is not None and now < until


def may_confirm(place: PlaceRow, now: datetime) -> bool:
    """Say whether "ik kom" can be said now: until the shift starts."""
    return place.state == PlaceState.PUBLISHED and now < place.during.start


def may_give_up(place: PlaceRow, now: datetime) -> bool:
    """Say whether "ik kan niet" can be said now: until the shift is over, or somebody came."""
    return place.state in AWAITED and now < place.during.end


def may_swap(place: PlaceRow, now: datetime) -> bool:
    """Say whether the place can be given away or swapped: until the shift starts."""
    return place.state in AWAITED and now < place.during.start


def rings(swaps: Sequence[SwapRow]) -> Iterator[tuple[SwapRow, ...]]:
    """Give the rings of two, then of three, in which each gets a shift they want.

    In a ring each one takes the place of the next, and the last the place of the first. Who asked
    one colleague only gives the place to nobody else.

    Args:
        swaps: open ones of one branch, in the order in which they are to be tried first.
    """
    takes = {
        one.swap: [two for two in swaps if one is not two and _takes(one, two)] for one in swaps
    }
    for one in swaps:
        for two in takes[one.swap]:
            if one in takes[two.swap] and _first(one, two):
                yield one, two
    for one in swaps:
        for two in takes[one.swap]:
            for three in takes[two.swap]:
                if three is not one and one in takes[three.swap] and _first(one, two, three):
                    yield one, two, three


def _takes(one: SwapRow, two: SwapRow) -> bool:
    """Say whether `one` would get what `two` gives, and may."""
    return (
        one.person != two.person
        and one.shift != two.shift
        and two.shift in one.wants
        and two.asked in (None, one.person)
    )


def _first(one: SwapRow, *others: SwapRow) -> bool:
    """Say whether a ring is told from its first swap on: each ring once."""
    return len({one.person, *(each.person for each in others)}) == 1 + len(others) and all(
        one.swap < each.swap for each in others
    )


def fits(swap: SwapRow, person: PersonId, given: ShiftId | None, now: datetime) -> bool:
    """Say whether somebody may take this swap, giving their place on a shift; None: nothing."""
    if person == swap.person or swap.asked not in (None, person) or swap.until <= now:
        return False
    return given in swap.wants if swap.wants else given is None


def check_template(starts: time, ends: time, channels: Sequence[str]) -> None:
    """Refuse a shift that cannot come back.

    Raises:
        Refusal: `zero-length`; `bad-request` for over 12 hours, an unknown channel, or a time
            between two and three at night, which is there twice or not at all once a year.
    """
    if starts == ends:
        raise Refusal(Code.ZERO_LENGTH)
    day = datetime(2000, 1, 3)  # noqa: DTZ001 - hours on the wall, of no certain day
    length = (datetime.combine(day, ends) - datetime.combine(day, starts)) % timedelta(days=1)
    jumps = any(JUMPS[0] <= each < JUMPS[1] for each in (starts, ends))
    if jumps or length > LONGEST_SHIFT or not channels or set(channels) - set(CHANNELS):
        raise Refusal(Code.BAD_REQUEST)


def occurrences(
    weekdays: int, starts: time, ends: time, first: date, days: int
) -> Iterator[Interval]:
    """Give the shifts of a template in some days of service, by start, as instants.

    Args:
        weekdays: Monday 1, Tuesday 2, Wednesday 4 and so on, added up.
        starts: on the wall clock; before six it is the night after the day that is named.
        ends: on the wall clock; at or before `starts`: the day after.
        first: the first day of service.
        days: how many.
    """
    for number in range(days):
        day = first + timedelta(days=number)
        if weekdays & MONDAY << day.weekday():
            after = starts < time(6)
            yield local_interval(day + timedelta(days=1) if after else day, starts, ends)


def check_wishes(period: PeriodRow, levels: Sequence[str], wanted: int, most: int) -> None:
    """Refuse wishes that do not fit their period.

    Raises:
        Refusal: `too-late` when it is no longer open, `bad-request`.
    """
    if period.state != "open":
        raise Refusal(Code.TOO_LATE)
    if len(levels) != period.days or wanted > most:
        raise Refusal(Code.BAD_REQUEST)
