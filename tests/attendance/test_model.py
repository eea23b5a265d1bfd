"""What is due when, who is called up, when a phone rings, and when too few are there."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luisterlijn.attendance import model
from luisterlijn.attendance.model import (
    Alarm,
    Candidate,
    Expected,
    Kind,
    Quiet,
    Reason,
    Standing,
)
from luisterlijn.kernel.clock import AMSTERDAM, Interval
from luisterlijn.kernel.ids import PersonId

START = datetime(2026, 11, 24, 18, tzinfo=UTC)
"""19.00 in the Netherlands."""
SHIFT = Interval(START, START + timedelta(hours=4))
NIGHT = Quiet(start=time(22), end=time(8))
NEVER = Quiet(start=time(0), end=time(0))


LONG_AGO = START - timedelta(days=30)


def expected(
    state: str = "published", *told: Kind, reserve: bool = False, since: datetime = LONG_AGO
) -> Expected:
    """Give a place on the shift."""
    return Expected(during=SHIFT, state=state, reserve=reserve, since=since, told=frozenset(told))


def at(minutes: float) -> datetime:
    """Give a moment, counted from the start of the shift."""
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("minutes", "kinds"),
    [
        (-24 * 60 - 1, ()),
        (-24 * 60, (Kind.DAY_BEFORE,)),
        (-23 * 60, ()),
        (-61, ()),
        (-60, (Kind.HOUR_BEFORE,)),
        (-15, (Kind.HOUR_BEFORE, Kind.CHECK_IN)),
        (0, (Kind.CHECK_IN,)),
        (5, (Kind.NUDGE,)),
        (9.9, (Kind.NUDGE,)),
        (10, (Kind.MISSED,)),
        (60, (Kind.MISSED,)),
        (240, ()),
    ],
)
def test_each_thing_is_told_at_its_moment(minutes: float, kinds: tuple[Kind, ...]) -> None:
    assert model.due(expected(), at(minutes)) == kinds
    assert model.due(expected("confirmed"), at(minutes)) == kinds


def test_what_was_told_is_not_told_again() -> None:
    assert model.due(expected("published", Kind.NUDGE), at(6)) == ()


def test_who_did_not_come_is_told_nothing_more_but_the_place_is_opened_after_a_while() -> None:
    assert model.due(expected("no_show"), at(14)) == ()
    assert model.due(expected("no_show"), at(15)) == (Kind.OPENED,)
    assert model.due(expected("no_show", Kind.OPENED), at(15)) == ()


def test_who_was_called_up_late_has_as_long_to_come() -> None:
    called_up = expected("confirmed", since=at(30))

    assert model.due(called_up, at(34)) == ()
    assert model.due(called_up, at(35)) == (Kind.NUDGE,)
    assert model.due(called_up, at(40)) == (Kind.MISSED,)


def test_a_reserve_is_reminded_and_cannot_fail_to_come() -> None:
    told = {
        kind
        for minute in range(-1500, 240)
        for kind in model.due(expected(reserve=True), at(minute))
    }

    assert told == {Kind.DAY_BEFORE, Kind.HOUR_BEFORE}


def standing(**change: int) -> Standing:
    """Give a shift for two on which both are expected."""
    usual = {"wanted": 2, "counted": 2, "missed": 0, "given_up": 0, "filled": 0}
    return Standing(during=SHIFT, **{**usual, **change})


@pytest.mark.parametrize(
    ("shift", "needed"),
    [
        (standing(), False),
        (standing(counted=1, missed=1), True),
        (standing(counted=2, missed=1, filled=1), False),
        (standing(counted=1, missed=2, filled=1), True),
        (standing(counted=1), False),
    ],
)
def test_somebody_is_called_up_for_each_who_did_not_come_and_was_not_replaced(
    shift: Standing, *, needed: bool
) -> None:
    assert model.is_needed(Reason.NO_SHOW, shift, at(12)) is needed


def test_nobody_is_called_up_in_the_last_half_hour() -> None:
    missing = standing(counted=1, missed=1)

    assert model.is_needed(Reason.NO_SHOW, missing, at(209))
    for reason in Reason:
        assert not model.is_needed(reason, missing, at(210))


def test_a_place_that_was_given_up_is_asked_around_for_twelve_hours_before() -> None:
    open_place = standing(counted=1, given_up=1)

    assert not model.is_open_soon(open_place, at(-721))
    assert model.is_open_soon(open_place, at(-720))
    assert not model.is_open_soon(standing(counted=2, given_up=1), at(-60))
    assert not model.is_open_soon(standing(counted=1), at(-60))
    # Who did not come has a call-up of their own.
    assert not model.is_open_soon(standing(counted=1, missed=1, given_up=1), at(12))


def test_the_others_are_asked_after_the_reserves() -> None:
    made = at(10)

    assert model.opens(Reason.NO_SHOW, START, made) == at(15)
    assert model.opens(Reason.OPEN_SOON, START, made) == made
    assert model.opens(Reason.RESERVE, START, made) is None


# When a phone rings.


def local(*parts: int, fold: int = 0) -> datetime:
    """Give an instant told in Amsterdam's wall-clock time."""
    return datetime(*parts, tzinfo=AMSTERDAM, fold=fold).astimezone(UTC)  # type: ignore[misc,arg-type] # year to minute


@pytest.mark.parametrize(
    ("moment", "quiet"),
    [
        (local(2026, 11, 24, 21, 59), False),
        (local(2026, 11, 24, 22, 0), True),
        (local(2026, 11, 25, 3, 0), True),
        (local(2026, 11, 25, 7, 59), True),
        (local(2026, 11, 25, 8, 0), False),
        (local(2026, 7, 24, 22, 0), True),
        (local(2026, 7, 24, 21, 59), False),
    ],
)
def test_quiet_hours_run_over_midnight_by_the_wall_clock(moment: datetime, *, quiet: bool) -> None:
    assert NIGHT.holds(moment) is quiet


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = Quiet(start=time(12), end=time(14))

    assert noon.holds(local(2026, 11, 24, 13, 0))
    assert not noon.holds(local(2026, 11, 24, 14, 0))
    assert noon.over(local(2026, 11, 24, 13, 0)) == local(2026, 11, 24, 14, 0)
    assert not any(NEVER.holds(at(60 * hour)) for hour in range(24))


@pytest.mark.parametrize(
    ("before", "after", "hours"),
    [
        ((2026, 3, 28, 22, 0), (2026, 3, 29, 8, 0), 9),
        ((2026, 10, 24, 22, 0), (2026, 10, 25, 8, 0), 11),
        ((2026, 11, 24, 22, 0), (2026, 11, 25, 8, 0), 10),
    ],
)
def test_the_night_in_which_the_clock_jumps_is_quiet_until_the_same_time(
    before: tuple[int, ...], after: tuple[int, ...], hours: int
) -> None:
    begun = local(*before)

    assert NIGHT.over(begun) == local(*after)
    assert NIGHT.over(begun) - begun == timedelta(hours=hours)


@given(
    st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    st.datetimes(datetime(2026, 1, 1), datetime(2046, 1, 1)),  # noqa: DTZ001 - made aware below
)
def test_whatever_the_hours_the_moment_after_them_is_never_quiet_nor_past(
    start: time, end: time, moment: datetime
) -> None:
    quiet, now = Quiet(start=start, end=end), moment.replace(tzinfo=UTC)

    after = quiet.over(now)

    assert after >= now
    assert not quiet.holds(after) or local_time_is_skipped(start, end)


def local_time_is_skipped(start: time, end: time) -> bool:
    """Say whether one of the hours may be one that a night of March skips or October has twice."""
    return any(time(2) <= each <= time(3) for each in (start, end))


def somebody(number: int, *, reserve: bool = False, **change: object) -> Candidate:
    """Give somebody who agreed, with a phone and no quiet hours."""
    usual = {"urgent": True, "has_phone": True, "quiet": NEVER, "hours": 0.0}
    return Candidate(
        person=PersonId(UUID(int=number)),
        reserve=reserve,
        **{**usual, **change},  # type: ignore[arg-type]
    )


def test_reserves_are_asked_first_then_who_has_done_least() -> None:
    people = [somebody(1, hours=8), somebody(2, hours=4), somebody(3, reserve=True, hours=40)]

    assert [each.person.int for each in model.in_order(people)] == [3, 2, 1]


def test_phones_ring_after_two_minutes_three_at_a_time() -> None:
    people = [somebody(number) for number in range(1, 6)]

    found = model.rings(people, at(15), SHIFT.end)

    first, second = at(17), at(17) + model.WAVE
    assert list(found.values()) == [first, first, first, second, second]


def test_only_who_agreed_and_has_a_number_is_rung() -> None:
    people = [somebody(1, urgent=False), somebody(2, has_phone=False), somebody(3)]

    assert list(model.rings(people, at(15), SHIFT.end).values()) == [None, None, at(17)]


def test_nobody_is_rung_in_the_quiet_hours() -> None:
    evening = Quiet(start=time(19), end=time(21))
    people = [somebody(1, quiet=evening), somebody(2, quiet=NIGHT), somebody(3, quiet=NIGHT)]

    at_start = model.rings(people, at(15), SHIFT.end)
    late = model.rings(people, at(178), SHIFT.end)

    assert at_start[people[0].person] == at(120)
    assert at_start[people[1].person] == at(17)
    assert late[people[1].person] is None  # quiet until after the shift


# Enough people.


@pytest.mark.parametrize(
    ("planned", "there", "coaches", "found"),
    [
        (0, 0, 0, ()),
        (3, 2, 0, ()),
        (3, 1, 1, (Alarm.TOO_FEW,)),
        (3, 1, 0, (Alarm.TOO_FEW, Alarm.ALONE)),
        (1, 0, 0, (Alarm.TOO_FEW, Alarm.ALONE)),
        (1, 1, 1, (Alarm.TOO_FEW,)),
    ],
)
def test_fewer_than_two_is_an_alarm_and_alone_without_a_coach_another(
    planned: int, there: int, coaches: int, found: tuple[Alarm, ...]
) -> None:
    assert model.alarms(planned=planned, on_duty=there, coaches=coaches) == found
