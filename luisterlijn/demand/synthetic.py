"""Arrivals of a made-up line, to try forecasts and rosters on. Pure: the seed is the chance.

Built from the example week with what real lines have beside it: a winter that is busier, feast
days, school holidays, a level that drifts, good and bad days, and counts that vary more than dice
would. The true rate comes with the counts, which no real line can offer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from luisterlijn.demand.days import SLOTS, SUNDAY, WEEK, Days, Floats
from luisterlijn.demand.feasts import Feast
from luisterlijn.demand.profile import example_week

WINTER = 0.07
"""Half the difference between January and July."""
FEAST = {Feast.CHRISTMAS: 1.18, Feast.NEW_YEAR: 1.22, Feast.OTHER: 1.06}
SCHOOL = 0.94
"""When all regions are on holiday."""
A_YEAR_MORE = 0.02
DRIFT = 0.006
"""How far the level walks in a week, as a part of it."""
A_DAY = 0.061
"""Spread of the day's own factor: a forecast cannot know it; its mean distance is 4.9 %."""
BURSTS = 0.15
"""Spread of each half hour's own factor, beside what dice do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrivals:
    """One channel's made-up arrivals; arrays of shape (half hours,).

    `expected`: what the best forecast would say. `rate`: with the day's own factor. `counts`: what
    came.
    """

    expected: Floats
    rate: Floats
    counts: Floats


def arrivals(channel: str, days: Days, seed: int) -> Arrivals:
    """Make up what comes in one channel; the same seed gives the same arrivals."""
    chance = np.random.default_rng([seed, len(channel)])
    week = example_week(channel)
    known = week[days.weekday, days.slot]
    known = known * (1 + WINTER * np.cos(2 * np.pi * (days.season - 0.04)))
    known *= 1 + (SCHOOL - 1) * days.school
    known *= (1 + A_YEAR_MORE) ** (days.age - days.age[0])
    holy = days.feast != Feast.NONE
    # A feast day goes like a Sunday.
    sunday = week[SUNDAY, days.slot] / np.maximum(week[days.weekday, days.slot], 1e-9)
    known[holy] *= sunday[holy]
    for kind, factor in FEAST.items():
        known[days.feast == kind] *= factor
    count = int(days.day[-1]) + 1
    drift = np.exp(np.cumsum(chance.normal(0, DRIFT / np.sqrt(WEEK), count)))
    own = np.exp(chance.normal(-(A_DAY**2) / 2, A_DAY, count))
    expected = known * drift[days.day]
    rate = expected * own[days.day]
    shape = 1 / BURSTS**2
    bursts = chance.gamma(shape, 1 / shape, len(days))
    return Arrivals(
        expected=expected, rate=rate, counts=chance.poisson(rate * bursts).astype(np.float64)
    )


def last_four_weeks(counts: Floats, days: Days, ahead: int) -> Floats:
    """Give what planners do without a model: the mean of the last four weeks, per half hour.

    Args:
        counts: what came up to now; shape (half hours,); NaN: closed.
        days: of `counts`, and `ahead` half hours more.
        ahead: how many half hours to say.
    """
    recent = slice(max(0, len(counts) - 4 * WEEK * SLOTS), len(counts))
    total = np.zeros((WEEK, SLOTS))
    seen = np.zeros((WEEK, SLOTS))
    known = ~np.isnan(counts[recent])
    cells = (days.weekday[recent][known], days.slot[recent][known])
    np.add.at(total, cells, counts[recent][known])
    np.add.at(seen, cells, 1)
    mean = total / np.maximum(seen, 1)
    after = slice(len(counts), len(counts) + ahead)
    return np.asarray(mean[days.weekday[after], days.slot[after]])
