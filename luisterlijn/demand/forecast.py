"""What will come in one channel, per UTC half hour, with a band that says how sure that is. Pure.

What comes is seen as a product: the week's pattern x the day's factor. The factor is a level, a
winter, a growth, feast days and school holidays. Both are found by turns, by means that one wild
day cannot move far (Huber), and pulled towards less when there is little to go by. The level
follows the last weeks.

The band comes from what forecasts made earlier from the same counts missed, four weeks ahead: real
counts vary far more than dice (the calls of a bank: 3.1 times as much), so a Poisson band would
promise too much.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from luisterlijn.demand.days import (
    SLOTS,
    SUNDAY,
    WEEK,
    Days,
    Flags,
    Floats,
    Whole,
    part,
)
from luisterlijn.demand.feasts import Feast

DAY = SLOTS
AHEAD = 4 * WEEK * DAY
"""A roster period: four weeks."""
LEAST = 2 * WEEK * DAY
"""With less than two weeks, half a pattern is guessed: refused."""
TURNS = 4
HUBER = 2.0
"""Beyond so many spreads a value counts no further."""
HALF_LIFE_DAYS = 14.0
"""Of what the last weeks say about the level."""
LEVEL_PRIOR_DAYS = 2.0
"""So many days' worth of "as always" stand against what the last weeks say."""
SMOOTH = np.array([0.25, 0.5, 0.25])
WILD = 4.0
"""A count or day further off than so many spreads is taken for this far: a festival, a fault."""
LEAST_TOLD = 5.0
"""Contacts from which a half hour of a weekday says whether it is like the others."""
LEAST_OWN = 1e-5
"""No half hour is taken to be like the others to more than a third of a percent."""
BINS = 12
RIDGE_FEAST = 1.0
"""How many days' worth of "no effect" stand against a kind of feast day: they come seldom."""
RIDGE = 4.0
"""And against school holidays and the turn of the month."""
RIDGE_YEAR = 25.0
"""And against winter and growth, which only a year and more of counts can tell from drift."""
YEAR_HALF_HOURS = 365 * DAY
ORIGINS = 6
"""From so many earlier moments it is tried what a forecast would have missed."""
FEW = 0.3
"""Weeks that miss in the same direction look surer than they are: one try widens the band by 14 %,
six by 2 %."""
FACTORS = 14
"""How many things may raise or lower a day, the level among them."""
LOW, HIGH = 0.1, 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """How far counts lie from what was said: variance `fano * mean + (share * mean) ** 2`.

    `low`, `high`: how many such spreads below and above the middle 80 % lies.
    """

    fano: float
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What was learnt of one channel.

    `week`: mean contacts per local half hour, shape (7, 48), Monday first. `factors`: logarithms of
    the day's factor, as `_features` has them. `level`: logarithm of what the last weeks say.
    `band` None: too few counts to tell.
    """

    week: Floats
    factors: Floats
    level: float
    band: Band | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What to expect; arrays of shape (half hours,), in contacts per half hour.

    Between `low` and `high` (P10 and P90) lie four of five counts.
    """

    mean: Floats
    low: Floats
    high: Floats


def fit(counts: Floats, days: Days) -> Fit:
    """Learn from what came.

    Args:
        counts: contacts per half hour, oldest first; shape (half hours,). NaN: closed or not known.
        days: clock and calendar of the same half hours.

    Raises:
        ValueError: less than two weeks, shapes that differ, or nothing came at all.
    """
    if len(counts) != len(days) or len(counts) < LEAST:
        raise ValueError("a forecast needs two weeks of half hours at least")
    if not np.nansum(counts) > 0:
        raise ValueError("nothing came in this time")
    return replace(_learn(counts, days), band=_band(counts, days))


def say(learnt: Fit, days: Days) -> Forecast:
    """Tell what to expect in these half hours.

    Without a band of its own it takes one in which the variance is three times the mean.
    """
    mean = learnt.week[_like(days), days.slot] * np.exp(_factor(learnt, days))[days.day]
    band = learnt.band or Band(fano=3.0, share=0.1, low=-1.28, high=1.28)
    spread = np.sqrt(band.fano * mean + (band.share * mean) ** 2)
    return Forecast(
        mean=mean,
        low=np.maximum(0.0, mean + band.low * spread),
        high=np.maximum(mean, mean + band.high * spread),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """What is known after a turn: the pattern, each day's factor, and what is left of each day."""

    week: Floats
    factors: Floats
    log_day: Floats
    came: Floats
    due: Floats
    fano: float


def _learn(counts: Floats, days: Days) -> Fit:
    turn = _turns(counts, days)
    ages = np.arange(len(turn.log_day), dtype=np.float64)[::-1]
    level = _level(turn.came, turn.due * np.exp(turn.log_day), ages)
    return Fit(week=turn.week, factors=turn.factors, level=level, band=None)


def _turns(counts: Floats, days: Days) -> _Turn:
    """Find pattern and factors by turns; from the second on no wild count moves them far."""
    known = ~np.isnan(counts)
    features = _features(days, _first_of_days(days))
    log_day, fano = np.zeros(len(features)), 1.0
    turn = _turn(counts, known, days, features, log_day, fano)
    for _number in range(TURNS - 1):
        said = _said(turn, days)
        reach = WILD * np.sqrt(turn.fano * said)
        tamed = np.clip(counts, said - reach, said + reach)
        turn = _turn(tamed, known, days, features, turn.log_day, turn.fano)
    return turn


def _said(turn: _Turn, days: Days) -> Floats:
    return np.asarray(turn.week[_like(days), days.slot] * np.exp(turn.log_day)[days.day])


def _turn(
    tamed: Floats, known: Flags, days: Days, features: Floats, log_day: Floats, fano: float
) -> _Turn:
    """Find the pattern given the days' factors, then the factors given the pattern."""
    scale = np.exp(log_day)[days.day]
    week = _pattern(tamed, known, _like(days), days.slot, scale, fano)
    plain = week[_like(days), days.slot]
    came = np.zeros(len(features)) + np.bincount(days.day[known], tamed[known], len(features))
    due = np.zeros(len(features)) + np.bincount(days.day[known], plain[known], len(features))
    ratio = np.log(np.maximum(came, 0.5) / np.maximum(due, 0.5))
    weight = np.where(due > 1, due, 0.0) / due.max()
    factors = _regress(features, ratio, weight, _ridge(int(days.day[-1]) * DAY))
    found = features @ factors
    said = plain[known] * np.exp(found)[days.day[known]]
    off = (tamed[known] - said) ** 2 / np.maximum(said, 0.2)
    return _Turn(
        week=week,
        factors=factors,
        log_day=found,
        came=came,
        due=due,
        fano=max(1.0, float(np.mean(np.minimum(off, np.quantile(off, 0.99))))),
    )


def _like(days: Days) -> Whole:
    """Give the weekday whose pattern each half hour follows: a feast day goes like a Sunday."""
    return np.where(days.feast != Feast.NONE, SUNDAY, days.weekday)


def _first_of_days(days: Days) -> Whole:
    """Give the index of each local day's first half hour."""
    return np.searchsorted(days.day, np.arange(int(days.day[-1]) + 1)).astype(np.int64)


def _features(days: Days, first: Whole) -> Floats:
    """Give what may raise or lower a day; shape (days, `FACTORS`), the level first."""
    month, turn = 2 * np.pi * days.month[first], 2 * np.pi * days.season[first]
    kinds = [days.feast[first] == kind for kind in (Feast.CHRISTMAS, Feast.NEW_YEAR, Feast.OTHER)]
    return np.column_stack(
        [
            np.ones(len(first)),
            *kinds,
            days.school[first],
            *(each(month * times) for times in (1, 2) for each in (np.cos, np.sin)),
            np.cos(turn),
            np.sin(turn),
            np.cos(2 * turn),
            np.sin(2 * turn),
            days.age[first],
        ]
    ).astype(np.float64)


def _ridge(half_hours: int) -> Floats:
    """Give how hard each factor is held at none; winter and growth need a year to show at all."""
    if half_hours < YEAR_HALF_HOURS:
        yearly = [1e9] * 5
    else:
        yearly = [RIDGE_YEAR / 10] * 4 + [RIDGE_YEAR if half_hours > 2 * YEAR_HALF_HOURS else 1e9]
    return np.array([1e-9, *[RIDGE_FEAST] * 3, *[RIDGE] * 5, *yearly])


def _regress(features: Floats, ratio: Floats, weight: Floats, ridge: Floats) -> Floats:
    """Give the factors that fit the days best; a wild day counts only so far."""
    centred = features.copy()
    middle = float(np.average(features[:, -1], weights=weight))
    centred[:, -1] -= middle
    counted = weight
    found: Floats = np.zeros(features.shape[1])
    for _turn in range(4):
        weighed = centred * counted[:, None]
        normal = centred.T @ weighed + np.diag(ridge)
        found = np.asarray(np.linalg.solve(normal, weighed.T @ ratio), dtype=np.float64)
        off = np.abs(ratio - centred @ found)
        spread = 1.4826 * float(np.median(off[weight > 0])) + 1e-6
        counted = weight * np.minimum(1.0, HUBER * spread / np.maximum(off, 1e-9))
    found[0] -= found[-1] * middle
    return found


def _pattern(
    counts: Floats, known: Flags, like: Whole, slot: Whole, scale: Floats, fano: float
) -> Floats:
    """Give the week's pattern: sums over sums, each half hour pulled towards its likes.

    How far it is pulled is read from the counts: the less weekdays differ beyond chance, the
    further (empirical Bayes).
    """
    cells = (like[known], slot[known])
    came, due = np.zeros((WEEK, SLOTS)), np.zeros((WEEK, SLOTS))
    np.add.at(came, cells, counts[known])
    np.add.at(due, cells, scale[known])
    usual = _usual(came, due)
    noise = np.where(usual > 0, fano / np.maximum(usual * due, 1e-9), 0.0)
    told = (due > 0) & (usual * due > LEAST_TOLD)
    if not told.any():
        return usual
    differ = (came / np.maximum(due * usual, 1e-9) - 1) ** 2 - noise
    own = max(float(np.average(differ[told], weights=(came + 1)[told])), LEAST_OWN)
    pull = fano / own
    return np.where(
        usual > 0, (came + pull) / np.maximum(due + pull / np.maximum(usual, 1e-9), 1e-9), 0.0
    )


def _usual(came: Floats, due: Floats) -> Floats:
    """Give weekday x half hour, as a product within the working week and within the weekend."""
    usual = np.zeros((WEEK, SLOTS))
    for alike in (slice(0, 5), slice(5, 7)):
        # Beside a closed half hour only the open ones count.
        by_slot = _smooth(came[alike].sum(0)) / np.maximum(_smooth(due[alike].sum(0)), 1e-9)
        by_slot[due[alike].sum(0) == 0] = 0.0
        by_day = came[alike].sum(1) / np.maximum((due[alike] * by_slot).sum(1), 1e-9)
        usual[alike] = np.outer(by_day, by_slot)
    return usual


def _smooth(of_slots: Floats) -> Floats:
    """Smooth along the day; midnight joins midnight."""
    return np.convolve(np.concatenate([of_slots[-1:], of_slots, of_slots[:1]]), SMOOTH, "valid")


def _level(came: Floats, said: Floats, ages: Floats) -> float:
    """Give the logarithm of what the last weeks had above what was said of them.

    `ages`: of each day, in days before the last. A wild day counts only so far.
    """
    open_days = said > 0
    came, said, ages = came[open_days], said[open_days], ages[open_days]
    always = float(came.sum() / said.sum())
    off = came / said / always - 1
    spread = 1.4826 * float(np.median(np.abs(off))) + 1e-6
    tamed = said * always * (1 + np.clip(off, -WILD * spread, WILD * spread))
    late = 0.5 ** (ages / HALF_LIFE_DAYS) * said / said.mean()
    prior = LEVEL_PRIOR_DAYS * always
    ratio = (float((late * tamed / said).sum()) + prior) / (float(late.sum()) + LEVEL_PRIOR_DAYS)
    return float(np.log(ratio))


def _factor(learnt: Fit, days: Days) -> Floats:
    """Give the logarithm of each day's factor, shape (days,)."""
    return _features(days, _first_of_days(days)) @ learnt.factors + learnt.level


def _band(counts: Floats, days: Days) -> Band | None:
    """Read from what earlier forecasts missed how far counts lie from what is said.

    Returns:
        None where no forecast four weeks ahead could be tried.
    """
    said, missed = [], []
    for number in range(1, ORIGINS + 1):
        cut = len(counts) - number * AHEAD
        if cut < LEAST or not np.nansum(counts[:cut]) > 0:
            break
        learnt = _learn(counts[:cut], part(days, 0, cut))
        after = part(days, cut, cut + AHEAD)
        mean = learnt.week[_like(after), after.slot] * np.exp(_factor(learnt, after))[after.day]
        known = ~np.isnan(counts[cut : cut + AHEAD]) & (mean > 0)
        said.append(mean[known])
        missed.append(counts[cut : cut + AHEAD][known] - mean[known])
    if not said:
        return None
    seen = _spread(np.concatenate(said), np.concatenate(missed))
    wider = float(np.sqrt(1 + FEW / len(said)))
    return replace(seen, low=seen.low * wider, high=seen.high * wider)


def _spread(mean: Floats, off: Floats) -> Band:
    """Fit the variance to what was missed, and take the middle 80 % as it was."""
    order = np.argsort(mean)
    bins = [each for each in np.array_split(order, BINS) if len(each)]
    low = np.array([mean[each].mean() for each in bins])
    seen = np.array([(off[each] ** 2).mean() for each in bins])
    shape = np.column_stack([low, low**2]) / low[:, None]
    fano, share = np.linalg.lstsq(shape, seen / low, rcond=None)[0]
    if share < 0:
        fano, share = float((seen / low).mean()), 0.0
    elif fano < 0:
        fano, share = 0.0, float((seen / low**2).mean())
    scaled = off / np.sqrt(fano * mean + share * mean**2)
    below, above = np.quantile(scaled, (LOW, HIGH))
    return Band(fano=float(fano), share=float(np.sqrt(share)), low=float(below), high=float(above))
