"""How near a forecast comes, how many it asks for, and what a year of routing comes to."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from bench.figures import Figure
from luisterlijn.demand.days import Days, days, part
from luisterlijn.demand.forecast import AHEAD, fit, say
from luisterlijn.demand.profile import CHANNELS, EFFORT, example_week
from luisterlijn.demand.staffing import needed
from luisterlijn.demand.synthetic import arrivals, last_four_weeks
from luisterlijn.simulation.year import Player
from luisterlijn.simulation.year_plan import Plan, year
from luisterlijn.simulation.year_report import against_chain, beside, ordinary

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from luisterlijn.demand.days import Floats

WEEK = 336
LEARNT = 104 * WEEK
SEEDS = (1, 2, 3, 4, 5)
SHARES = (0.8, 0.9, 0.95)
WEEKS_PLAYED = 26
"""Worse luck and other rules are played for so long only; the year itself is played whole."""


async def run() -> AsyncIterator[Figure]:
    """Give the figures of demand and of a year."""
    for channel in CHANNELS:
        for figure in _forecasts(channel):
            yield figure
    asked = "/".join(str(needed(18, EFFORT["phone"], share)) for share in SHARES)
    yield Figure("at 18 Erlang, 80/90/95 % within 60 s need", "20/22/24", asked)
    plan = Plan()
    began, used = time.perf_counter(), time.process_time()
    told = Player(year(plan)).play()
    took, spent = time.perf_counter() - began, time.process_time() - used
    yield Figure("a year of 280,000 contacts (s)", "<= 120", f"{took:.0f}")
    yield Figure("  of processor (s)", "", f"{spent:.0f}")
    for row in ordinary(told):
        yield Figure(row.name, row.goal, row.measured)
    short = replace(plan, days=7 * WEEKS_PLAYED)
    for row in (*beside(short, Player(year(short)).play()), *against_chain(short)):
        yield Figure(f"{WEEKS_PLAYED} weeks: {row.name}", row.goal, row.measured)


def _forecasts(channel: str) -> Iterator[Figure]:
    """Forecast a made-up year, four weeks at a time, after two years of counts; for each seed."""
    run = days(datetime(2023, 1, 1, 23, tzinfo=UTC), LEARNT + 52 * WEEK)
    ratios, biases, inside = [], [], []
    for seed in SEEDS:
        ratio, bias, held = _year(channel, run, seed)
        ratios.append(ratio)
        biases.append(bias)
        inside.append(held)
    name = f"{channel}, 4 weeks ahead"
    yield Figure(
        f"{name}: distance against the mean of 4 weeks", "<= 0.6", f"{np.mean(ratios):.2f}"
    )
    worst = max(biases, key=abs)
    yield Figure(f"{name}: bias over {len(SEEDS)} years (%)", "+- 1", f"{np.mean(biases):+.2f}")
    yield Figure(f"{name}: bias of the worst of them (%)", "", f"{worst:+.2f}")
    yield Figure(f"{name}: counts in the 80 % band (%)", "75-85", f"{np.mean(inside):.1f}")


def _year(channel: str, run: Days, seed: int) -> tuple[float, float, float]:
    made = arrivals(channel, run, seed)
    counts = made.counts.copy()
    counts[example_week(channel)[run.weekday, run.slot] == 0] = np.nan
    mean, plain, inside = [], [], []
    for cut in range(LEARNT, len(counts), AHEAD):
        said = say(fit(counts[:cut], part(run, 0, cut)), part(run, cut, cut + AHEAD))
        real = counts[cut : cut + AHEAD]
        mean.append(said.mean)
        plain.append(last_four_weeks(counts[:cut], run, AHEAD))
        inside.append((said.low <= real) & (real <= said.high))
    known = ~np.isnan(counts[LEARNT:])
    told, usual = np.concatenate(mean)[known], np.concatenate(plain)[known]
    rate, real = made.rate[LEARNT:][known], counts[LEARNT:][known]
    bias = 100 * (float(told.sum() / real.sum()) - 1)
    held = 100 * float(np.concatenate(inside)[known].mean())
    return _far(told, rate) / _far(usual, rate), bias, held


def _far(said: Floats, came: Floats) -> float:
    return float(np.abs(said - came).sum() / came.sum())
