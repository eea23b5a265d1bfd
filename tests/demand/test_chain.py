"""The exact answer over a day."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from luisterlijn.demand.chain import course
from luisterlijn.demand.days import HALF_HOUR, Floats, Whole
from luisterlijn.demand.profile import EFFORT, example_week
from luisterlijn.demand.staffing import required, service

CALL = EFFORT["phone"]
SOON = timedelta(seconds=6)
"""So short that hardly anybody waits across a change of shifts, where `within` is not exact."""


def test_a_rate_that_lasts_comes_to_what_erlang_a_says() -> None:
    rate = 18 * (HALF_HOUR / CALL.lasts)

    found = course(np.full(48, rate), np.full(48, 20), CALL)

    said = service(18, 20, CALL)
    assert found.within[-1] / rate == pytest.approx(said.within, abs=1e-6)
    assert found.lost[-1] / rate == pytest.approx(said.lost, abs=1e-6)


def played(rates: Floats, people: Whole, days: int) -> tuple[float, float]:
    """Play days by chance in which everybody goes home each half hour; gives soon and lost."""
    chance = np.random.default_rng(5)
    lasts, patience = CALL.lasts.total_seconds(), CALL.patience.total_seconds()
    came = soon = lost = 0
    for _day in range(days):
        waiting: list[tuple[float, float]] = []
        for index, (rate, here) in enumerate(zip(rates, people, strict=True)):
            begins, ends = index * 1800.0, (index + 1) * 1800.0
            free_at = [begins] * int(here)
            arrived = np.sort(chance.uniform(begins, ends, chance.poisson(rate)))
            came += len(arrived)
            queue = waiting + [(at, at + chance.exponential(patience)) for at in arrived]
            waiting = []
            for at, until in queue:
                first = int(np.argmin(free_at))
                start = max(at, free_at[first])
                if start >= ends and until >= ends:
                    waiting.append((at, until))
                elif until < start:
                    lost += 1
                else:
                    free_at[first] = start + chance.exponential(lasts)
                    soon += start - at <= SOON.total_seconds()
    return soon / came, lost / came


def test_people_who_all_go_home_take_their_conversations_along() -> None:
    rates, people = np.array([8.0, 24.0, 24.0, 6.0]), np.array([6, 9, 12, 4])

    found = course(rates, people, CALL, leaving=people, within=SOON).service

    soon, lost = played(rates, people, 6_000)
    assert found.within == pytest.approx(soon, abs=0.006)
    assert found.lost == pytest.approx(lost, abs=0.006)


def test_who_goes_home_by_lot_is_missed_less_than_who_is_torn_from_a_conversation() -> None:
    rates, people = np.full(8, 20.0), np.array([20, 20, 20, 20, 12, 12, 12, 12])

    by_lot = course(rates, people, CALL).lost
    none_finishes = course(rates, people, CALL, leaving=people * 0).lost

    assert np.allclose(by_lot[:4], none_finishes[:4])
    assert by_lot[4] < none_finishes[4]


def test_over_a_day_laid_out_by_need_the_quick_answer_is_near_the_exact_one() -> None:
    rates = np.tile(example_week("phone")[0], 2)

    found = course(rates, required(rates, CALL, 0.85), CALL)

    last_day = found.within[48:].sum() / found.came[48:].sum()
    assert 0.85 < last_day < 0.92


def test_where_nobody_is_everybody_is_lost_or_still_waits() -> None:
    found = course(np.array([10.0, 10.0, 0.0, 0.0, 0.0]), np.zeros(5, dtype=np.int64), CALL)

    assert found.within.sum() == 0
    assert found.lost.sum() == pytest.approx(20, rel=1e-3)
