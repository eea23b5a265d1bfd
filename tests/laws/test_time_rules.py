"""Summer time, the turn of the year, and a country that changes its rules: no half hour is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from importlib.resources import files
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.clock import AMSTERDAM, Interval, local_interval, midnight
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering.life import occurrences
from tests.support.command import run
from tests.support.hours import pass_time, stop_time

if TYPE_CHECKING:
    from pathlib import Path

    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.store.embedded import Cluster
    from tests.support.house import TestHouse

YEARS = range(2026, 2046)
HALF_HOUR = timedelta(minutes=30)
EVERY_DAY = 127
AROUND_THE_CLOCK = tuple((time(start), time((start + 4) % 24)) for start in (7, 11, 15, 19, 23, 3))


def last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


def laid_out(first: date, days: int) -> list[Interval]:
    """Give the shifts of a line around the clock, by start."""
    found = [
        each
        for starts, ends in AROUND_THE_CLOCK
        for each in occurrences(EVERY_DAY, starts, ends, first, days)
    ]
    return sorted(found, key=lambda each: each.start)


NIGHTS = [
    pytest.param(last_sunday(year, month), hours, id=f"{year}-{month:02}")
    for year in YEARS
    for month, hours in ((3, 23), (10, 25))
]


@pytest.mark.parametrize(("sunday", "hours"), NIGHTS)
def test_in_no_night_of_twenty_years_a_half_hour_is_without_cover_or_covered_twice(
    sunday: date, hours: int
) -> None:
    shifts = laid_out(sunday - timedelta(days=2), 5)
    begins, ends = midnight(sunday), midnight(sunday + timedelta(days=1))
    day = ends.astimezone(UTC) - begins.astimezone(UTC)

    assert day == timedelta(hours=hours), "this is a night in which the clock jumps"
    moment, covered = begins.astimezone(UTC), []
    while moment < ends.astimezone(UTC):
        covered.append(sum(each.holds(moment) for each in shifts))
        moment += HALF_HOUR
    assert covered == [1] * (2 * hours)
    assert all(one.end == two.start for one, two in pairwise(shifts))
    night = next(each for each in shifts if each.holds(begins.astimezone(UTC)))
    assert night.end - night.start == timedelta(hours=hours - 20)


def test_a_line_around_the_clock_is_one_stretch_over_twenty_years() -> None:
    first, last = date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)
    days = (last - first).days + 1

    shifts = laid_out(first, days)

    assert len(shifts) == 6 * days
    assert all(one.end == two.start for one, two in pairwise(shifts))
    local = {each.start.astimezone(AMSTERDAM).time() for each in shifts}
    assert local == {starts for starts, _ends in AROUND_THE_CLOCK}


@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2028, 2, 28), date(2027, 6, 30)])
def test_a_shift_over_midnight_new_year_or_a_leap_day_lasts_as_long_as_any(day: date) -> None:
    [night] = occurrences(EVERY_DAY, time(23), time(3), day, 1)

    assert night.end - night.start == timedelta(hours=4)
    assert night.start.astimezone(AMSTERDAM).date() == day
    assert night.end.astimezone(AMSTERDAM).date() == day + timedelta(days=1)


# The line itself, over such nights.


async def on_shift(built: TestHouse, during: Interval) -> PersonId:
    person = await built.volunteer("anja", hours=0)
    shift = await built.house.roster.add_shift(LINE, built.branch, during, ["chat"], 1)
    await built.house.roster.put_on(LINE, shift.id, person)
    await built.settle()
    return person


async def is_asked(built: TestHouse, person: PersonId) -> bool:
    contact = await built.waiting()
    await built.tick()
    row = await built.contact(contact)
    await built.house.hall.end_by_visitor(contact)
    await built.settle()
    return row is not None and row["volunteer"] == person


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        pytest.param(date(2027, 3, 27), 3, id="summer time begins"),
        pytest.param(date(2026, 10, 24), 5, id="summer time ends"),
        pytest.param(date(2026, 12, 31), 4, id="new year"),
    ],
)
async def test_who_is_on_the_night_is_asked_until_its_last_minute_and_not_after(
    built: TestHouse, day: date, hours: int
) -> None:
    during = local_interval(day, time(23), time(3))
    await stop_time(built, during.start - timedelta(days=1))
    person = await on_shift(built, during)
    await built.time.freeze(during.start)
    await built.ready(person)

    found = []
    for _each in range(2 * hours):
        found.append(await is_asked(built, person))
        await pass_time(built, 1800, consoles=[person], each_s=1800)

    assert await built.time.now() == during.end
    assert found == [True] * (2 * hours)
    assert not await is_asked(built, person)


def always_winter(folder: Path) -> Path:
    """Make a folder of rules in which Amsterdam has no summer time any more."""
    (folder / "Europe").mkdir(parents=True)
    rules = files("tzdata.zoneinfo.Etc").joinpath("GMT-1").read_bytes()
    (folder / "Europe" / "Amsterdam").write_bytes(rules)
    return folder


async def test_new_rules_of_time_move_no_shift_that_stands_and_say_its_new_hour(
    built: TestHouse, database: Cluster, tmp_path: Path
) -> None:
    settings = {
        "LUISTERLIJN_DEMO": "1",
        "LUISTERLIJN_DATA": str(tmp_path / "data"),
        "LUISTERLIJN_KEYS": str(tmp_path / "keys"),
        "DATABASE_URL": database.app_url,
        "DATABASE_OWNER_URL": database.owner_url,
    }
    changed = settings | {"PYTHONTZPATH": str(always_winter(tmp_path / "rules"))}
    during = local_interval(date(2031, 7, 5), time(19), time(23))
    await on_shift(built, during)
    add = ("shift", "add", "--branch", "utrecht", "--date", "2031-07-05")
    listed = ("shift", "list", "--branch", "utrecht", "--date", "2031-07-05")

    before = await run(settings, *listed)
    after = await run(changed, *listed)
    added = await run(changed, *add, "--from", "07:00", "--to", "11:00")

    assert (before.out.split()[2], after.out.split()[2]) == ("19:00-23:00", "18:00-22:00")
    assert added.code == 0
    rows = await built.owner.fetch("select starts, ends from shift order by starts")
    assert [(row["starts"], row["ends"]) for row in rows] == [
        # Made under the new rules: seven in the morning is an hour later than it would have been.
        (datetime(2031, 7, 5, 6, tzinfo=UTC), datetime(2031, 7, 5, 10, tzinfo=UTC)),
        (during.start, during.end),
    ]
    place = await built.owner.fetchval("select lower(during) from place")
    assert place == during.start
