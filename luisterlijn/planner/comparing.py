"""What was expected beside what came, by day and channel. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import local_day, service_day
from luisterlijn.planner import wire
from luisterlijn.planning.instance import CHANNELS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from luisterlijn.demand.ports import Known
    from luisterlijn.planner.model import Event
    from luisterlijn.planner.ports import Came

HALF_HOUR = timedelta(minutes=30)
SETTLED = timedelta(hours=3)
"""A contact is counted once it is over and written up."""
LOOKED_BACK = 56
LEAST_DAYS = 14
"""With fewer days to compare nothing is said about how far off the next may be."""
LOW, HIGH = 0.1, 0.9


@dataclass(slots=True)
class _Day:
    """One day of one channel while it is added up."""

    expected: float = 0.0
    came: int = 0
    above: int = 0
    halves: int = 0
    over: bool = True
    counted: bool = True

    @property
    def whole(self) -> bool:
        """Say whether all of it is known, counted and over."""
        return self.over and self.counted and self.expected > 0


def compared(
    known: Iterable[Known],
    came: Came,
    events: Sequence[Event],
    asked: tuple[date, int],
    now: datetime,
) -> list[wire.ForecastDay]:
    """Give each day asked for, by day and channel.

    Args:
        known: of the days asked for, and of `LOOKED_BACK` days before.
        came: what was counted.
        events: feasts and campaigns, which raise what was expected.
        asked: the first day, and how many.
        now: the moment; what is younger than three hours is not counted yet.
    """
    first, count = asked
    days: dict[tuple[date, str], _Day] = {}
    since = {channel: min(of) for channel, of in came.items() if of}
    for each in known:
        if each.channel not in CHANNELS:
            continue
        day = days.setdefault((service_day(each.half_hour), each.channel), _Day())
        factor = _factor(events, each)
        day.expected += each.mean * factor
        if each.half_hour + HALF_HOUR + SETTLED > now:
            day.over = False
            continue
        if each.channel not in since or each.half_hour < since[each.channel]:
            day.counted = False
            continue
        number = came[each.channel].get(each.half_hour, 0)
        day.came += number
        day.halves += 1
        day.above += number > each.high * factor
    ratios = {
        channel: sorted(
            day.came / day.expected
            for (at, of), day in days.items()
            if of == channel and day.whole and at < first
        )
        for channel in CHANNELS
    }
    return [
        _shown(first + timedelta(days=number), channel, days, ratios[channel])
        for number in range(count)
        for channel in CHANNELS
    ]


def _shown(
    at: date, channel: str, days: dict[tuple[date, str], _Day], ratios: Sequence[float]
) -> wire.ForecastDay:
    day = days.get((at, channel))
    if day is None:
        return wire.ForecastDay(
            day=at,
            channel=channel,
            expected=None,
            low=None,
            high=None,
            came=None,
            above=0,
            halves=0,
        )
    band = len(ratios) >= LEAST_DAYS
    return wire.ForecastDay(
        day=at,
        channel=channel,
        expected=round(day.expected, 1),
        low=round(day.expected * quantile(ratios, LOW), 1) if band else None,
        high=round(day.expected * quantile(ratios, HIGH), 1) if band else None,
        came=day.came if day.over and day.counted else None,
        above=day.above,
        halves=day.halves,
    )


def quantile(values: Sequence[float], share: float) -> float:
    """Give the value below which a share of sorted values lies, between two of them if need be."""
    place = share * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])


def _factor(events: Sequence[Event], each: Known) -> float:
    factor, day = 1.0, local_day(each.half_hour)
    for event in events:
        if event.channel in (None, each.channel) and event.first <= day <= event.last:
            factor *= event.factor
    return factor
