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
"""The median of so many last waits is told; with fewer than `ENOUGH` we say we do not know."""
ENOUGH = 5
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
