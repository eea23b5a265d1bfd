"""An honest word on waiting, and whether the line takes new contacts."""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SAMPLES = 20
"""The median of so many last waits says whether somebody who comes now is still answered."""
ENOUGH = 5
"""With fewer waits than this we say that we cannot say."""
REMEMBERED = 60
"""The band is learned from so many last waits..."""
RECENT = timedelta(hours=4)
"""...none of them older than this: another part of the day says nothing about now."""
COVERED = 0.8
"""So many of those who are answered waited within the band that they were told."""
BOTH_ENDS = 9
"""From so many waits on their least and most lie far enough apart for a band with two ends."""
COARSE_FROM, COARSE = 10, 5
"""Beyond ten minutes a band is told in steps of five."""
NOBODY_FOR = timedelta(minutes=5)
"""Rostered, but nobody checked in for this long: the page says so, and goes on admitting."""


@unique
class Opening(StrEnum):
    """Whether a channel takes new contacts."""

    OPEN = "open"
    NOBODY_YET = "nobody_yet"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """One published place of somebody trained for the channel, running or starting within the hour.

    `margin` is that volunteer's own last-call margin; `seen` their console's last heartbeat,
    None when they are not there.
    """

    starts: datetime
    ends: datetime
    margin: timedelta
    seen: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waited:
    """How long one answered contact waited, and what it came upon.

    `place`: in its channel's queue when it came, the first is 1. `serving`: how many were ready for
    the channel then, in conversation or not; at least 1. `at`: when it was answered.
    """

    place: int
    serving: int
    waited: timedelta
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Between these two lies the wait of four in five; `low` zero: told as "within"."""

    low: timedelta
    high: timedelta


def band(waits: Sequence[Waited], place: int, serving: int, now: datetime) -> Band | None:
    """Give how long somebody at this place waits from now, or None: nobody can say.

    The one at place 4 of 2 who serve waits for as many to finish as the one at place 8 of 4. So
    each wait counts by place for each who served, and the band is what most of these came to,
    times the place and the number of today. Nothing is assumed of how waits are spread.

    Args:
        waits: of contacts that were answered, newest last; the last 60 of the last 4 hours count.
        place: in the queue now, the first is 1.
        serving: how many are ready for the channel now; 0: nobody can say.
        now: the moment.
    """
    last = [each for each in waits[-REMEMBERED:] if now - each.at <= RECENT]
    if len(last) < ENOUGH or serving < 1:
        return None
    paces = sorted(each.waited.total_seconds() * each.serving / each.place for each in last)
    load = place / serving
    if len(last) < BOTH_ENDS:
        return Band(low=timedelta(), high=timedelta(seconds=load * _quantile(paces, COVERED)))
    outside = (1 - COVERED) / 2
    return Band(
        low=timedelta(seconds=load * _quantile(paces, outside)),
        high=timedelta(seconds=load * _quantile(paces, 1 - outside)),
    )


def in_minutes(told: Band) -> tuple[int, int]:
    """Give a band in whole minutes as it is told: never narrower than it is."""
    minute = timedelta(minutes=1)
    low, high = told.low // minute, -(-told.high // minute)
    if high > COARSE_FROM:
        high = -(-high // COARSE) * COARSE
    if low > COARSE_FROM:
        low = low // COARSE * COARSE
    return low, max(high, low + (COARSE if low >= COARSE_FROM else 1))


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Give what the next of the same kind stays under with this chance, whatever their spread."""
    at = min(max(share * (len(ordered) + 1) - 1, 0.0), len(ordered) - 1.0)
    first = min(int(at), len(ordered) - 2)
    return ordered[first] + (at - first) * (ordered[first + 1] - ordered[first])


def expected(waits: Sequence[timedelta]) -> timedelta | None:
    """Give the median of the last waits; None when there are too few to say anything honest.

    Args:
        waits: of contacts that were answered, newest last; only the last 20 count.
    """
    last = waits[-SAMPLES:]
    if len(last) < ENOUGH:
        return None
    return timedelta(seconds=statistics.median(each.total_seconds() for each in last))


def opening(cover: Iterable[Cover], wait: timedelta | None, now: datetime) -> Opening:
    """Say whether a channel admits: a place runs on beyond its margin and the wait to expect.

    A place that joins on to one that runs counts already, so that a line around the clock does not
    close at the change of shifts.
    """
    places = sorted(cover, key=lambda each: (each.starts, each.ends))
    goes_on = now
    for each in places:
        if each.starts <= goes_on:
            goes_on = max(goes_on, each.ends)
    joined = [each for each in places if each.starts <= goes_on]
    running = [each for each in joined if each.ends - each.margin - (wait or timedelta()) > now]
    if not running:
        return Opening.CLOSED
    there = [each for each in joined if each.ends > now]
    present = any(each.seen is not None and now - each.seen < NOBODY_FOR for each in there)
    fresh = any(timedelta() <= now - each.starts < NOBODY_FOR for each in there)
    return Opening.OPEN if present or fresh else Opening.NOBODY_YET
