"""The Dutch wall clock and calendar, for UTC half hours. Pure.

A forecast thinks in local hours, because people do; what it says is about UTC half hours, because
those never come twice. On the 23-hour day a local hour is missing, on the 25-hour day the hour from
two to three is there twice: both get what that local hour always gets.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import numpy.typing as npt

from luisterlijn.demand.feasts import feast
from luisterlijn.demand.school import AWAY
from luisterlijn.kernel.clock import AMSTERDAM, half_hour

HALF_HOUR = timedelta(minutes=30)
SLOTS = 48
"""Half hours of a local day; slot 0 begins at midnight."""
WEEK = 7
SUNDAY = 6
YEAR_DAYS = 365.2425
HALF_HOUR_MIN = 30

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """What clock and calendar say of a run of half hours; every array has shape (half hours,).

    `start`: the first half hour, UTC. `day`: local days since the first one. `weekday`: 0 Monday to
    6 Sunday. `slot`: 0 to 47 by the wall clock. `feast`: a `Feast`. `school`: share of the regions
    on holiday, 0 to 1. `month`, `season`: part of the month, of the solar year that is over, 0 to
    1. `age`: in years since 2000, fractions too.
    """

    start: datetime
    day: Whole
    weekday: Whole
    slot: Whole
    feast: Whole
    school: Floats
    month: Floats
    season: Floats
    age: Floats

    def __len__(self) -> int:
        """Give the number of half hours."""
        return len(self.slot)

    def moment(self, index: int) -> datetime:
        """Give the UTC start of a half hour."""
        return self.start + index * HALF_HOUR


def days(start: datetime, half_hours: int) -> Days:
    """Look a run of half hours up on clock and calendar.

    Raises:
        ValueError: `start` is not the UTC start of a half hour, or there is nothing to look up.
    """
    if start.utcoffset() != timedelta() or start != half_hour(start) or half_hours < 1:
        raise ValueError("a run of half hours starts at one, in UTC, and has a length")
    walls = [
        (start + number * HALF_HOUR).astimezone(AMSTERDAM).replace(tzinfo=None)
        for number in range(half_hours)
    ]
    first = walls[0].toordinal()
    ordinal = np.array([each.toordinal() for each in walls], dtype=np.int64)
    slot = np.array([each.hour * 2 + each.minute // HALF_HOUR_MIN for each in walls])
    dates = [date.fromordinal(int(each)) for each in range(first, int(ordinal[-1]) + 1)]
    day = ordinal - first
    age = (ordinal - date(2000, 1, 1).toordinal()) / YEAR_DAYS
    return Days(
        start=start.astimezone(UTC),
        day=day,
        weekday=(ordinal - 1) % WEEK,
        slot=slot.astype(np.int64),
        feast=np.array([int(feast(each)) for each in dates], dtype=np.int64)[day],
        school=np.array([AWAY.get(each, 0.0) for each in dates])[day],
        month=np.array([(each.day - 1) / monthrange(each.year, each.month)[1] for each in dates])[
            day
        ],
        season=age % 1.0,
        age=age,
    )


def part(whole: Days, first: int, end: int) -> Days:
    """Give the half hours from `first` up to, not including, `end`; its days count from its own."""
    cut = slice(first, end)
    return replace(
        whole,
        start=whole.moment(first),
        day=whole.day[cut] - whole.day[first],
        weekday=whole.weekday[cut],
        slot=whole.slot[cut],
        feast=whole.feast[cut],
        school=whole.school[cut],
        month=whole.month[cut],
        season=whole.season[cut],
        age=whole.age[cut],
    )
