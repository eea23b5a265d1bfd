"""The calendar, read back by a library that knows the standard: no hour is ever another one."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar, Event, Timezone

from luisterlijn.kernel.clock import AMSTERDAM, Interval, local_interval
from luisterlijn.kernel.ids import PlaceId
from luisterlijn.rostering.calendar import Entry, calendar, changes, folded

if TYPE_CHECKING:
    from collections.abc import Sequence

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
YEARS = range(2026, 2047)
SHIFTS = [(time(7), time(11)), (time(19), time(23)), (time(23), time(3)), (time(3), time(7))]


def entry(number: int, during: Interval, **changed: Any) -> Entry:
    """Give a place, told of on the 24th of November."""
    usual = {"sequence": 0, "changed": NOON, "cancelled": False}
    place = PlaceId(UUID(int=number))
    return Entry(place=place, starts=during.start, ends=during.end, **{**usual, **changed})


def read(entries: Sequence[Entry]) -> tuple[Timezone, list[Event]]:
    """Read the calendar back: its rules of the clock, and its events in order."""
    found = Calendar.from_ical(calendar(entries))
    [zone] = found.walk("VTIMEZONE")
    assert isinstance(zone, Timezone)
    return zone, [each for each in found.walk("VEVENT") if isinstance(each, Event)]


def spans(entries: Sequence[Entry]) -> list[Interval]:
    """Give the instants of the events by the calendar's own rules, not by those of this machine."""
    zone, events = read(entries)
    rules = zone.to_tz(lookup_tzid=False)
    return [
        Interval(_instant(each.decoded("DTSTART"), rules), _instant(each.decoded("DTEND"), rules))
        for each in events
    ]


def _instant(told: datetime, rules: Any) -> datetime:
    if told.tzinfo is UTC or told.tzinfo == ZoneInfo("UTC"):
        return told.astimezone(UTC)
    return told.replace(tzinfo=rules).astimezone(UTC)


def nights() -> list[date]:
    """Give each day before a night in which the clock is set, for twenty years."""
    return [
        moment.astimezone(AMSTERDAM).date() - timedelta(days=1)
        for moment in changes(YEARS.start, YEARS.stop - 1)
    ]


def test_the_clock_is_set_twice_a_year() -> None:
    assert len(nights()) == 2 * len(YEARS)
    assert {date(2026, 3, 28), date(2026, 10, 24)} <= set(nights())


def test_the_rules_of_the_clock_go_with_the_calendar_as_the_standard_writes_them() -> None:
    text = calendar([entry(1, Interval(NOON, NOON + HOUR))]).decode()
    rules = text.partition("BEGIN:VTIMEZONE")[2].partition("END:VTIMEZONE")[0]

    assert [
        " ".join(rule.split()[:5])
        for rule in re.split(r"END:(?:DAYLIGHT|STANDARD)", rules)
        if "DTSTART:2026" in rule
    ] == [
        "BEGIN:DAYLIGHT DTSTART:20260329T020000 TZOFFSETFROM:+0100 TZOFFSETTO:+0200 TZNAME:CEST",
        "BEGIN:STANDARD DTSTART:20261025T030000 TZOFFSETFROM:+0200 TZOFFSETTO:+0100 TZNAME:CET",
    ]


def test_every_shift_around_every_change_of_the_clock_is_read_back_as_the_same_instants() -> None:
    rows = [
        local_interval(night + timedelta(days=days), *hours)
        for night in nights()
        for days in (-1, 0, 1)
        for hours in SHIFTS
    ]
    entries = [entry(number, row) for number, row in enumerate(rows)]

    assert spans(entries) == rows
    lengths = {row.end - row.start for row in rows}
    assert lengths == {3 * HOUR, 4 * HOUR, 5 * HOUR}


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2046, 12, 30), timezones=st.just(UTC)),  # noqa: DTZ001 - given a zone
    st.integers(1, 12 * 60),
)
def test_any_stretch_of_time_is_read_back_as_the_same_instants(
    start: datetime, minutes: int
) -> None:
    start = start.replace(microsecond=0)
    row = Interval(start, start + timedelta(minutes=minutes))

    assert spans([entry(1, row)]) == [row]


def test_in_the_hour_that_comes_twice_each_of_the_two_is_told_apart() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    rows = [Interval(first, first + HOUR), Interval(first + HOUR, first + 2 * HOUR)]

    text = calendar([entry(1, rows[0]), entry(2, rows[1])]).decode()

    assert spans([entry(1, rows[0]), entry(2, rows[1])]) == rows
    assert "DTSTART;TZID=Europe/Amsterdam:20261025T023000" in text
    assert "DTSTART:20261025T013000Z" in text


def test_an_event_says_nothing_but_dienst_and_when() -> None:
    row = local_interval(date(2026, 11, 25), time(19), time(23))
    text = calendar([entry(7, row, sequence=3)]).decode()
    event = text.partition("BEGIN:VEVENT")[2].partition("END:VEVENT")[0].split()

    assert event == [
        f"UID:{UUID(int=7).hex}",
        "DTSTAMP:20261124T120000Z",
        "LAST-MODIFIED:20261124T120000Z",
        "SEQUENCE:3",
        "DTSTART;TZID=Europe/Amsterdam:20261125T190000",
        "DTEND;TZID=Europe/Amsterdam:20261125T230000",
        "SUMMARY:Dienst",
        "STATUS:CONFIRMED",
        "CLASS:PRIVATE",
    ]


def test_a_place_that_is_gone_is_cancelled() -> None:
    [event] = read([entry(1, Interval(NOON, NOON + HOUR), cancelled=True)])[1]

    assert event["STATUS"] == "CANCELLED"


def test_a_calendar_without_a_shift_is_a_calendar() -> None:
    _zone, events = read([])

    assert events == []
    assert Calendar.from_ical(calendar([])).errors == []


def test_the_library_finds_nothing_wrong_and_all_that_must_be_there() -> None:
    found = Calendar.from_ical(calendar([entry(1, Interval(NOON, NOON + HOUR))]))

    assert found.errors == []
    assert {"VERSION", "PRODID", "CALSCALE", "METHOD"} <= set(found)
    for each in found.walk():
        assert each.errors == []
        assert set(each.required) <= set(each)


def test_the_same_places_give_the_same_bytes() -> None:
    rows = [Interval(NOON, NOON + HOUR), Interval(NOON + HOUR, NOON + 2 * HOUR)]

    once, again = ([entry(number, row) for number, row in enumerate(rows)] for _each in range(2))

    assert calendar(once) == calendar(again)


def test_every_line_ends_as_the_standard_asks_and_is_at_most_75_bytes() -> None:
    raw = calendar([entry(1, Interval(NOON, NOON + HOUR))])

    assert raw.endswith(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75


@pytest.mark.parametrize("sign", ["x", "é", "€", "😀"])
@pytest.mark.parametrize("length", [1, 74, 75, 76, 149, 150, 500])
def test_a_long_line_is_folded_and_no_sign_is_cut(sign: str, length: int) -> None:
    line = "DESCRIPTION:" + sign * length

    raw = folded(line)

    assert all(len(part) <= 75 for part in raw.rstrip(b"\r\n").split(b"\r\n"))
    assert raw.decode().replace("\r\n ", "").rstrip("\r\n") == line
    for part in raw.split(b"\r\n"):
        part.decode()
