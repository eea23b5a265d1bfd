"""Made-up arrivals are what they are said to be."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest

from luisterlijn.demand.days import days
from luisterlijn.demand.feasts import Feast
from luisterlijn.demand.profile import A_YEAR
from luisterlijn.demand.synthetic import A_DAY, arrivals, last_four_weeks

YEAR = days(datetime(2025, 12, 31, 23, tzinfo=UTC), 365 * 48)


def test_the_same_seed_gives_the_same_arrivals_and_another_seed_others() -> None:
    first, again, other = (arrivals("phone", YEAR, seed).counts for seed in (1, 1, 2))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_year_brings_about_what_the_public_totals_say() -> None:
    came = np.mean([arrivals("phone", YEAR, seed).counts.sum() for seed in range(4)])

    assert came == pytest.approx(A_YEAR["phone"], rel=0.05)


def test_counts_vary_more_than_dice_and_days_as_much_as_they_are_said_to() -> None:
    made = arrivals("phone", YEAR, 3)

    variance = float(np.mean((made.counts - made.rate) ** 2 / made.rate))
    own = np.log(made.rate / made.expected)[::48]

    assert 1.2 < variance < 1.6
    assert float(own.std()) == pytest.approx(A_DAY, rel=0.1)


def test_feast_days_bring_more() -> None:
    made = arrivals("phone", YEAR, 3).expected
    christmas = made[YEAR.feast == Feast.CHRISTMAS].mean()

    assert christmas > 1.05 * made[(YEAR.month > 0.3) & (YEAR.feast == Feast.NONE)].mean()


def test_the_mean_of_four_weeks_is_the_mean_of_four_weeks() -> None:
    counts = np.arange(5 * 336, dtype=np.float64)
    counts[-1] = np.nan
    run = days(datetime(2026, 1, 4, 23, tzinfo=UTC), 5 * 336 + 336)

    said = last_four_weeks(counts, run, 336)

    assert said[0] == np.mean([336 * week for week in (1, 2, 3, 4)])
    assert said[-1] == np.mean([336 * week - 1 for week in (2, 3, 4)]), "closed is not nothing"
