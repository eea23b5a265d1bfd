"""Time as a value, in the nights on which the clock jumps too."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from luisterlijn.kernel.clock import (
    Interval,
    from_wire,
    half_hour,
    local_interval,
    midnight,
    to_wire,
)

HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 27), 4),
        (date(2026, 3, 28), 3),
        (date(2026, 3, 29), 4),
        (date(2026, 10, 24), 5),
        (date(2026, 10, 25), 4),
    ],
)
def test_a_night_shift_lasts_as_long_as_that_night_does(day: date, hours: int) -> None:
    night = local_interval(day, time(23), time(3))

    assert night.end - night.start == hours * HOUR


def test_a_shift_is_told_in_the_time_on_the_wall() -> None:
    winter = local_interval(date(2026, 1, 5), time(19), time(23))
    summer = local_interval(date(2026, 7, 5), time(19), time(23))

    assert winter.start == datetime(2026, 1, 5, 18, tzinfo=UTC)
    assert summer.start == datetime(2026, 7, 5, 17, tzinfo=UTC)


def test_an_end_before_the_start_is_on_the_next_day_also_over_new_year() -> None:
    night = local_interval(date(2026, 12, 31), time(23), time(3))

    assert night.end == datetime(2027, 1, 1, 2, tzinfo=UTC)


def test_a_shift_without_length_is_none() -> None:
    with pytest.raises(ValueError, match="length"):
        local_interval(date(2026, 1, 5), time(19), time(19))
    with pytest.raises(ValueError, match="after it starts"):
        Interval(NOON, NOON)
    with pytest.raises(ValueError, match="after it starts"):
        Interval(NOON, NOON - HOUR)


def test_a_shift_that_the_clock_skips_is_none() -> None:
    with pytest.raises(ValueError, match="after it starts"):
        local_interval(date(2026, 3, 29), time(2, 30), time(3, 15))


def test_who_leaves_and_who_comes_at_the_same_moment_do_not_overlap() -> None:
    first, second = Interval(NOON, NOON + HOUR), Interval(NOON + HOUR, NOON + 2 * HOUR)

    assert not first.overlaps(second)
    assert not second.overlaps(first)
    assert first.overlaps(Interval(NOON - HOUR, NOON + HOUR / 60))
    assert first.holds(NOON)
    assert not first.holds(NOON + HOUR)


def test_a_moment_comes_back_from_the_wire_to_the_millisecond() -> None:
    moment = NOON + timedelta(microseconds=123_456)

    assert to_wire(moment) == 1_773_489_600_123
    assert from_wire(to_wire(moment)) == NOON + timedelta(milliseconds=123)


@pytest.mark.parametrize(("minute", "starts"), [(0, 0), (29, 0), (30, 30), (59, 30)])
def test_an_arrival_is_known_by_its_half_hour_only(minute: int, starts: int) -> None:
    arrived = NOON + timedelta(minutes=minute, seconds=59, microseconds=9)

    assert half_hour(arrived) == NOON + timedelta(minutes=starts)


def test_a_day_after_midnight_is_midnight_also_when_the_clock_is_turned() -> None:
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        assert midnight(day) + timedelta(days=1) == midnight(day + timedelta(days=1))
    longest = midnight(date(2026, 10, 26)).astimezone(UTC) - midnight(
        date(2026, 10, 25)
    ).astimezone(UTC)
    assert longest == timedelta(hours=25)
