"""Clock and calendar: the days that are longer or shorter, and those that are feasts."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from luisterlijn.demand.days import days, part


def local_days(first: datetime, count: int) -> list[int]:
    """Give how many half hours each local day has."""
    return [int(each) for each in np.bincount(days(first, count).day)]


def test_the_day_summer_time_begins_has_23_hours_and_no_hour_from_two_to_three() -> None:
    found = days(datetime(2026, 3, 28, 23, tzinfo=UTC), 46 + 48)

    assert [int(each) for each in np.bincount(found.day)] == [46, 48]
    assert [int(each) for each in found.slot[:6]] == [0, 1, 2, 3, 6, 7]


def test_the_day_summer_time_ends_has_25_hours_and_the_hour_from_two_to_three_twice() -> None:
    found = days(datetime(2026, 10, 24, 22, tzinfo=UTC), 50 + 48)

    assert [int(each) for each in np.bincount(found.day)] == [50, 48]
    assert [int(each) for each in found.slot[3:9]] == [3, 4, 5, 4, 5, 6]


def test_a_year_has_as_many_days_as_the_calendar_says() -> None:
    counts = local_days(datetime(2025, 12, 31, 23, tzinfo=UTC), 365 * 48)

    assert len(counts) == 365
    assert sorted(set(counts)) == [46, 48, 50]


def test_weekdays_are_those_of_the_wall_clock_not_of_utc() -> None:
    found = days(datetime(2026, 3, 1, 22, 30, tzinfo=UTC), 2)

    assert [int(each) for each in found.weekday] == [6, 0]


def test_a_part_of_a_run_is_what_looking_it_up_gives() -> None:
    whole = days(datetime(2026, 3, 27, 23, tzinfo=UTC), 200)

    cut, looked_up = part(whole, 70, 150), days(whole.moment(70), 80)

    assert cut.start == looked_up.start
    for name in ("day", "weekday", "slot", "feast", "school", "month", "season", "age"):
        assert np.array_equal(getattr(cut, name), getattr(looked_up, name)), name


@pytest.mark.parametrize(
    "start",
    [datetime(2026, 1, 1, 0, 10, tzinfo=UTC), datetime(2026, 1, 1)],  # noqa: DTZ001 - refused
)
def test_what_is_no_utc_half_hour_is_refused(start: datetime) -> None:
    with pytest.raises(ValueError, match="half hours"):
        days(start, 4)
