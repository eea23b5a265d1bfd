"""A line's own profile of demand: learnt from its counters, drafted, looked at, frozen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from luisterlijn.demand import store
from luisterlijn.demand.days import HALF_HOUR, SLOTS, WEEK, Days, Floats, days, part
from luisterlijn.demand.forecast import FACTORS, LEAST, Fit, Forecast, fit, say
from luisterlijn.demand.ports import Known
from luisterlijn.demand.profile import CHANNELS, EFFORT, SOURCE, example_week
from luisterlijn.demand.staffing import SHARE, required
from luisterlijn.demand.store import Expected, Stored
from luisterlijn.kernel.clock import AMSTERDAM, half_hour, midnight
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.store.database import Database, Transaction

SETTLED_AFTER = timedelta(hours=3)
"""A count is raised when a contact is over and written up; younger half hours may be unfinished."""
COUNTED = "counts of this line"
OPEN_AFTER_WEEKS = 4
"""A half hour of the day in which nothing came for so long, the channel is closed."""
MOST_WEEKS = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What was drafted. `example`: channels that had too few counts, so that the example stands."""

    profile: Stored
    channels: tuple[str, ...]
    example: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """A profile and its half hours of one local week, in order."""

    profile: Stored
    expected: list[Expected]


class Demand:
    """What may be asked about what will come."""

    def __init__(self, database: Database, tokens: TokenSource) -> None:
        """Work on this database."""
        self._database = database
        self._tokens = tokens

    async def draft(
        self,
        counted: Mapping[str, Mapping[datetime, int]],
        weeks: int,
        share: float | None = None,
    ) -> Drafted:
        """Learn from the counters and draft the weeks to come, from the present day on.

        A channel with less than two weeks of counts gets the example, and the profile says so.

        Args:
            counted: channel -> half hour (UTC) -> how many came; a half hour without an entry
                after a channel's first one had none.
            weeks: how many to draft.
            share: of contacts to be answered within a minute; None: as usual.

        Raises:
            Refusal: `bad-request` when that is no number of weeks, or no share.
        """
        share = SHARE if share is None else share
        if not 1 <= weeks <= MOST_WEEKS or not 0 < share < 1:
            raise Refusal(Code.BAD_REQUEST)
        async with self._database.transaction(LINE) as tx:
            now = tx.now
        # Seconds of arithmetic: nobody waits for it but who asked.
        learnt = await asyncio.to_thread(_all_learnt, counted, weeks, share, now)
        until = half_hour(now - SETTLED_AFTER)
        stored = Stored(
            id=new_id(self._tokens),
            state="draft",
            made=now,
            source=_source(learnt.example),
            counted_from=min(learnt.first) if learnt.first else None,
            counted_until=until if learnt.first else None,
        )
        async with self._database.transaction(LINE) as tx:
            await store.replace_draft(tx, stored, learnt.expected)
        return Drafted(profile=stored, channels=CHANNELS, example=tuple(learnt.example))

    async def freeze(self) -> None:
        """Freeze the draft: what a roster was made for does not change under it.

        Raises:
            Refusal: `not-found` when there is no draft.
        """
        async with self._database.transaction(LINE) as tx:
            if not await store.freeze(tx):
                raise Refusal(Code.NOT_FOUND)

    async def week(self, day: date | None = None, state: str | None = None) -> Week:
        """Give the newest profile's local week from this day on; None: from today.

        Raises:
            Refusal: `not-found` when there is no profile, or none of that state.
        """
        async with self._database.transaction(LINE) as tx:
            profile = await store.newest(tx, state)
            if profile is None:
                raise Refusal(Code.NOT_FOUND)
            first = day or tx.now.astimezone(AMSTERDAM).date()
            rows = await store.half_hours(
                tx, profile.id, _begins(first), _begins(first + timedelta(days=7))
            )
            return Week(
                profile=profile,
                expected=[
                    (row["half_hour"], row["channel"], row["mean"], row["high"], row["required"])
                    for row in rows
                ],
            )

    async def between(self, tx: Transaction, since: datetime, until: datetime) -> list[Known]:
        """Give what is known of a stretch, in order, by channel: frozen before drafted.

        Half hours of which nothing is known are not in it.
        """
        return [Known(**dict(row)) for row in await store.between(tx, since, until)]

    async def has_draft(self, tx: Transaction) -> bool:
        """Say whether a draft waits to be frozen."""
        return await store.has_draft(tx)


class _Learnt(NamedTuple):
    """What is expected, which channels had too few counts, when the counts of the others begin."""

    expected: list[Expected]
    example: list[str]
    first: list[datetime]


def _all_learnt(
    counted: Mapping[str, Mapping[datetime, int]], weeks: int, share: float, now: datetime
) -> _Learnt:
    until = half_hour(now - SETTLED_AFTER)
    ahead = _weeks_from(now.astimezone(AMSTERDAM).date(), weeks)
    found = _Learnt([], [], [])
    for channel in CHANNELS:
        history = {key: of for key, of in counted.get(channel, {}).items() if key < until}
        learnt = _learnt(history, until)
        if learnt is None:
            found.example.append(channel)
        else:
            found.first.append(min(history))
        said = say(learnt or _example(channel), ahead)
        found.expected.extend(_expected(channel, ahead, said, share))
    return found


def _source(example: list[str]) -> str:
    if not example:
        return COUNTED
    if len(example) == len(CHANNELS):
        return SOURCE
    return f"{COUNTED}; {', '.join(example)}: {SOURCE}"


def _begins(day: date) -> datetime:
    return midnight(day).astimezone(UTC)


def _weeks_from(day: date, weeks: int) -> Days:
    start = _begins(day)
    return days(start, (_begins(day + timedelta(weeks=weeks)) - start) // HALF_HOUR)


def _learnt(history: Mapping[datetime, int], until: datetime) -> Fit | None:
    """Learn from one channel's counts; None: there are too few."""
    if not history:
        return None
    start = min(history)
    counts = np.zeros(max(0, (until - start) // HALF_HOUR))
    for moment, count in history.items():
        counts[(moment - start) // HALF_HOUR] += count
    if len(counts) < LEAST or counts.sum() == 0:
        return None
    there = days(start, len(counts))
    return fit(_without_closed(counts, there), there)


def _without_closed(counts: Floats, there: Days) -> Floats:
    """Take out the half hours of the day in which nothing came for weeks."""
    last = min(len(there), OPEN_AFTER_WEEKS * WEEK * SLOTS)
    recent = part(there, len(there) - last, len(there))
    came = np.bincount(recent.slot, counts[-last:], SLOTS)
    return np.where(came[there.slot] > 0, counts, np.nan)


def _example(channel: str) -> Fit:
    return Fit(week=example_week(channel), factors=np.zeros(FACTORS), level=0.0, band=None)


def _expected(channel: str, ahead: Days, said: Forecast, share: float) -> list[Expected]:
    needed = required(said.mean, EFFORT[channel], share)
    return [
        (
            ahead.moment(index),
            channel,
            float(said.mean[index]),
            float(said.high[index]),
            int(needed[index]),
        )
        for index in range(len(ahead))
    ]
