"""Time as a value: UTC moments, half-open intervals, and the Dutch wall clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MILLISECOND = timedelta(milliseconds=1)
DAY_TURNS = timedelta(hours=6)
"""A day of service begins at six on the wall clock: a night belongs to the day before it."""


class Clock(Protocol):
    """Gives the moment; the real one lives in `edge.world`, deadlines use the database's."""

    def now(self) -> datetime:
        """Give the moment in UTC."""
        ...

    def uptime(self) -> timedelta:
        """Give a time that only grows, also while the machine sleeps."""
        ...


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time: `start` belongs to it, `end` does not.

    Raises:
        ValueError: the stretch is empty or runs backwards.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        """Refuse what is no stretch of time."""
        if self.end <= self.start:
            raise ValueError("an interval ends after it starts")

    def holds(self, moment: datetime) -> bool:
        """Say whether the moment lies in the stretch."""
        return self.start <= moment < self.end

    def overlaps(self, other: Interval) -> bool:
        """Say whether the two stretches share a moment."""
        return self.start < other.end and other.start < self.end


def local_interval(day: date, starts: time, ends: time) -> Interval:
    """Give the instants of a shift told in Amsterdam wall-clock time.

    An end at or before the start is on the next day, so 23:00 to 03:00 lasts 3 hours in the night
    that summer time begins, 5 in the night it ends, and 4 in all others.

    Raises:
        ValueError: start and end are the same time.
    """
    if starts == ends:
        raise ValueError("a shift has a length")
    last_day = day if ends > starts else day + timedelta(days=1)
    start = datetime.combine(day, starts, AMSTERDAM).astimezone(UTC)
    end = datetime.combine(last_day, ends, AMSTERDAM).astimezone(UTC)
    return Interval(start, end)


def midnight(day: date) -> datetime:
    """Give when a local day begins, on the Amsterdam wall clock: a day later is midnight again."""
    return datetime.combine(day, time(), AMSTERDAM)


def local_day(moment: datetime) -> date:
    """Give the date that the Amsterdam wall clock shows."""
    return moment.astimezone(AMSTERDAM).date()


def service_day(moment: datetime) -> date:
    """Give the day that a shift starting then counts for: 03:00 belongs to the day before."""
    return (moment.astimezone(AMSTERDAM).replace(tzinfo=None) - DAY_TURNS).date()


def to_wire(moment: datetime) -> int:
    """Give the moment as whole milliseconds since 1970, as every `…_at` field on the wire."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // MILLISECOND


def from_wire(milliseconds: int) -> datetime:
    """Read an `…_at` field of the wire."""
    return datetime(1970, 1, 1, tzinfo=UTC) + milliseconds * MILLISECOND


def half_hour(moment: datetime) -> datetime:
    """Give the start of the UTC half hour that the moment lies in."""
    return moment.replace(minute=moment.minute // 30 * 30, second=0, microsecond=0)
