"""Service days, half hours, and who fills a place."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from luisterlijn.kernel.clock import Interval, service_day
from luisterlijn.planner.model import Kind, begins, halves, kind_of, wall
from tests.support.sheets import planned


def test_a_day_of_the_roster_begins_at_six_whatever_the_clock_does() -> None:
    # The night in which summer time begins lasts three hours of the wall clock less one.
    for day in (date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 24), date(2026, 10, 25)):
        moment = begins(day)
        assert wall(moment) == "06:00"
        assert service_day(moment) == day
        assert service_day(moment - timedelta(minutes=1)) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("minutes", "found"), [((0, 240), (0, 8)), ((14, 75), (0, 3)), ((15, 74), (1, 2))]
)
def test_a_half_hour_counts_when_half_of_it_is_in_the_stretch(
    minutes: tuple[int, int], found: tuple[int, int]
) -> None:
    start = datetime(2031, 5, 5, 8, tzinfo=UTC)
    first, end = (start + timedelta(minutes=each) for each in minutes)

    assert halves(start, Interval(first, end)) == found


def test_what_is_missing_is_told_to_what_is_wanted_and_to_the_least() -> None:
    nobody, one, three = (planned(2, {Kind.BOTH: each}) for each in (0, 1, 3))

    assert [(each.missing, each.short) for each in (nobody, one, three)] == [(2, 1), (1, 0), (0, 0)]
    assert planned(2, {}, state="cancelled").missing == 0
    assert planned(2, {}, state="cancelled").short == 0


def test_letters_wait_so_that_who_takes_them_only_covers_no_hour() -> None:
    channels = (["phone", "chat"], ["phone", "mail"], ["chat"], ["mail"])

    assert [kind_of(each) for each in channels] == [Kind.BOTH, Kind.PHONE, Kind.CHAT, None]
