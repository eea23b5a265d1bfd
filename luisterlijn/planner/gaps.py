"""What is expected to be lost with who is there, and what one more would save. Pure.

The whole line is one pool: whoever is on duty anywhere takes who calls or writes from anywhere. Who
is trained for both takes what is lost most without them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from luisterlijn.demand.days import HALF_HOUR, Flags, Floats, Whole
from luisterlijn.demand.profile import CHANNELS, EFFORT
from luisterlijn.demand.staffing import NEGLIGIBLE, lost_shares, offered_load, required, service
from luisterlijn.kernel.clock import local_day
from luisterlijn.planner.model import Kind, halves

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from luisterlijn.demand.ports import Known
    from luisterlijn.kernel.clock import Interval
    from luisterlijn.kernel.ids import ShiftId
    from luisterlijn.planner.model import Event, Planned

PHONE, CHAT = CHANNELS
MOST = 48
"""More people at once lose nothing that can be seen."""
KEPT = 4_096
"""So many loads are kept worked out, for those that come again."""
_KNOWN: dict[str, dict[int, Floats]] = {channel: {} for channel in CHANNELS}
QUIET, FULL = 0.75, 1.25
"""Below and above so many times the mean, it is quiet or busy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is expected of a run of half hours; arrays of shape (half hours,).

    Args:
        start: of the first one, UTC.
        rates: channel → contacts; 0 where nothing is known.
        known: whether anything is known.
        need: channel → volunteers required.
        state: frozen, or draft where any of it is, or none.
    """

    start: datetime
    rates: Mapping[str, Floats]
    known: Flags
    need: Mapping[str, Whole]
    state: str

    def __len__(self) -> int:
        """Give the number of half hours."""
        return len(self.known)

    def part(self, during: Interval) -> slice:
        """Give the half hours of a stretch, cut to this run."""
        first, end = halves(self.start, during)
        return slice(min(max(0, first), len(self)), min(max(0, end), len(self)))


def expected(
    start: datetime, half_hours: int, known: Iterable[Known], events: Sequence[Event]
) -> Expected:
    """Lay what is known on a run of half hours; feasts and campaigns raise it.

    Args:
        start: of the first half hour, UTC.
        half_hours: how many.
        known: of the profile.
        events: `factor` times as many come on their days.
    """
    rates = {channel: np.zeros(half_hours) for channel in CHANNELS}
    need = {channel: np.zeros(half_hours, dtype=np.int64) for channel in CHANNELS}
    there = np.zeros(half_hours, dtype=np.bool_)
    states = set()
    for each in known:
        index = (each.half_hour - start) // HALF_HOUR
        if each.channel in rates and 0 <= index < half_hours:
            rates[each.channel][index] = each.mean
            need[each.channel][index] = each.required
            there[index] = True
            states.add(each.state)
    if events and there.any():
        _raise(start, rates, need, events)
    state = "none" if not states else "draft" if "draft" in states else "frozen"
    return Expected(start=start, rates=rates, known=there, need=need, state=state)


def _raise(
    start: datetime, rates: dict[str, Floats], need: dict[str, Whole], events: Sequence[Event]
) -> None:
    half_hours = len(rates[PHONE])
    days = [local_day(start + number * HALF_HOUR) for number in range(half_hours)]
    for channel in CHANNELS:
        factors = np.ones(half_hours)
        for event in events:
            if event.channel in (None, channel):
                on = [event.first <= day <= event.last for day in days]
                factors = np.where(on, factors * event.factor, factors)
        if (factors != 1).any():
            rates[channel] = rates[channel] * factors
            anew = required(rates[channel], EFFORT[channel])
            need[channel] = np.where(factors == 1, need[channel], anew)


@dataclass(frozen=True, slots=True)
class Cover:
    """How many answer in each half hour, by what they are trained for; shape (half hours,) each."""

    of: Mapping[Kind, Whole]

    @classmethod
    def empty(cls, half_hours: int) -> Cover:
        """Begin with nobody."""
        return cls({kind: np.zeros(half_hours, dtype=np.int64) for kind in Kind})

    def add(self, part: slice, kind: Kind, people: int) -> None:
        """Let so many more be there in these half hours."""
        self.of[kind][part] += people

    @property
    def everybody(self) -> Whole:
        """Give how many there are in all; shape (half hours,)."""
        return np.asarray(sum(self.of.values()))


@dataclass(frozen=True, slots=True)
class Pool:
    """The whole line: what comes, who is there, and so what is lost.

    Args:
        expected: what comes.
        cover: who is there, over the same half hours.
    """

    expected: Expected
    cover: Cover
    _tables: dict[str, Floats] = field(default_factory=dict)
    _without: dict[tuple[Kind, int], Floats] = field(default_factory=dict)

    def lost(self, kind: Kind = Kind.BOTH, more: int = 0) -> Floats:
        """Give the contacts lost in each half hour if so many more of a kind were there.

        Returns:
            Shape (half hours,); 0 where nothing is known.
        """
        key = (kind, more)
        if key not in self._without:
            self._without[key] = self._split(kind, more)[0]
        return self._without[key]

    def saved(self, during: Interval, kind: Kind, more: int) -> float | None:
        """Give how many contacts fewer are lost if so many more are there in a stretch.

        None: nothing is known of any of its half hours.
        """
        part = self.expected.part(during)
        if not self.expected.known[part].any():
            return None
        if more <= 0:
            return 0.0
        return float((self.lost()[part] - self.lost(kind, more)[part]).sum())

    def outlook(self, part: slice) -> tuple[float, float, float] | None:
        """Give answered and answered within a minute, as shares, and lost, in contacts.

        None: nobody is expected in these half hours.
        """
        came = sum(float(self.expected.rates[channel][part].sum()) for channel in CHANNELS)
        if came <= 0:
            return None
        _lost, both_on_phone = self._split(Kind.BOTH, 0)
        of = self.cover.of
        people = {
            PHONE: of[Kind.PHONE] + both_on_phone,
            CHAT: of[Kind.CHAT] + of[Kind.BOTH] - both_on_phone,
        }
        soon = 0.0
        for channel in CHANNELS:
            effort, rates = EFFORT[channel], self.expected.rates[channel]
            for index in range(*part.indices(len(self.expected))):
                if rates[index] > 0:
                    load = _tenths(self._loads(channel)[index]) / 10
                    seats = int(people[channel][index]) * effort.seats
                    soon += float(rates[index]) * service(load, seats, effort).within
        lost = float(self.lost()[part].sum())
        return 1 - lost / came, soon / came, lost

    def busy(self, during: Interval) -> str | None:
        """Say how busy a stretch is beside the rest: low, middle or high; None: not known."""
        part = self.expected.part(during)
        work = self._work
        known = self.expected.known
        if not known[part].any():
            return None
        ratio = float(work[part][known[part]].mean()) / (float(work[known].mean()) or 1.0)
        return "low" if ratio < QUIET else "high" if ratio > FULL else "middle"

    @property
    def _work(self) -> Floats:
        return np.asarray(
            sum(
                self.expected.rates[channel] * (EFFORT[channel].lasts / HALF_HOUR)
                for channel in CHANNELS
            )
        )

    def _loads(self, channel: str) -> Floats:
        return offered_load(self.expected.rates[channel], EFFORT[channel])

    def _table(self, channel: str) -> Floats:
        """Give the contacts lost with 0, 1, ... `MOST` people; shape (half hours, MOST + 1)."""
        if channel not in self._tables:
            rates = self.expected.rates[channel]
            keys = [_tenths(load) for load in self._loads(channel)]
            self._tables[channel] = rates[:, None] * _shares(channel, keys)
        return self._tables[channel]

    def _split(self, kind: Kind, more: int) -> tuple[Floats, Whole]:
        """Share out who takes both; gives what is lost, and how many of them take calls."""
        of = {each: self.cover.of[each] + more * (each is kind) for each in Kind}
        calls, chats, both = of[Kind.PHONE], of[Kind.CHAT], np.minimum(of[Kind.BOTH], MOST)
        phone, chat = self._table(PHONE), self._table(CHAT)
        rows = np.arange(len(self.expected))
        least = np.full(len(rows), math.inf)
        taken = np.zeros(len(rows), dtype=np.int64)
        for on_phone in range(int(both.max(initial=0)) + 1):
            left = both - on_phone
            lost = (
                phone[rows, np.minimum(calls + on_phone, MOST)]
                + chat[rows, np.clip(chats + left, 0, MOST)]
            )
            better = (left >= 0) & (lost < least)
            least = np.where(better, lost, least)
            taken = np.where(better, on_phone, taken)
        return least, taken


def _tenths(load: float) -> int:
    """A tenth of an Erlang decides nothing, and lets equal half hours be looked up once."""
    return round(float(load) * 10)


def _shares(channel: str, keys: Sequence[int]) -> Floats:
    """Give the shares lost at these loads (in tenths); shape (loads, MOST + 1)."""
    known = _KNOWN[channel]
    missing = sorted({key for key in keys if key not in known})
    if missing:
        if len(known) > KEPT:
            known.clear()
            missing = sorted(set(keys))
        found = lost_shares(np.array(missing) / 10, MOST, EFFORT[channel])
        known.update(zip(missing, found, strict=True))
    return np.array([known[key] for key in keys])


def targets(expected: Expected, shifts: Sequence[Planned]) -> dict[ShiftId, int]:
    """Give how many each shift should have: as many as wanted where the line needs all that.

    Where all branches together want more than the line needs, each gets its part, and no fewer than
    the least. A shift of which nothing is known is not in it.
    """
    asked = np.zeros(len(expected), dtype=np.int64)
    going = [each for each in shifts if each.state != "cancelled"]
    for each in going:
        asked[expected.part(each.during)] += each.wanted
    share = sum(expected.need.values()) / np.maximum(asked, 1)
    found = {}
    for each in going:
        part = expected.part(each.during)
        if expected.known[part].any():
            # The fullest of its half hours is what it is there for.
            needed = math.ceil(each.wanted * float(share[part].max()) - NEGLIGIBLE)
            found[each.shift] = min(max(needed, each.least), each.wanted)
    return found


def half_hours(first: datetime, end: datetime) -> int:
    """Give how many half hours there are from a moment to another."""
    return max(1, (end - first) // timedelta(minutes=30))
