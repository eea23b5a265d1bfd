"""What will come: near enough, without a lean, and honest about how sure it is."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from luisterlijn.demand.days import HALF_HOUR, Days, Floats, days, part
from luisterlijn.demand.forecast import AHEAD, Fit, Forecast, fit, say
from luisterlijn.demand.profile import example_week
from luisterlijn.demand.synthetic import Arrivals, arrivals, last_four_weeks
from luisterlijn.edge.house import HOUSE
from luisterlijn.kernel.clock import AMSTERDAM

BANK = HOUSE.parent / "shared" / "data" / "arrivals-bank-calls" / "bank_calls_5min.csv"
TWO_YEARS = 104 * 336
RUN = days(datetime(2023, 1, 1, 23, tzinfo=UTC), TWO_YEARS + 52 * 336)


def far(said: Floats, came: Floats) -> float:
    """Give the mean distance, weighted (WAPE)."""
    return float(np.abs(said - came).sum() / came.sum())


def year_of_forecasts(counts: Floats, run: Days, first: int) -> tuple[Forecast, Floats, slice]:
    """Forecast four weeks at a time; gives what was said, and what the plain mean says."""
    said: list[Forecast] = []
    plain = []
    cut = first
    while cut + AHEAD <= len(counts):
        learnt = fit(counts[:cut], part(run, 0, cut))
        said.append(say(learnt, part(run, cut, cut + AHEAD)))
        plain.append(last_four_weeks(counts[:cut], run, AHEAD))
        cut += AHEAD
    whole = Forecast(
        **{
            name: np.concatenate([getattr(each, name) for each in said])
            for name in ("mean", "low", "high")
        }
    )
    return whole, np.concatenate(plain), slice(first, cut)


def held(said: Forecast, came: Floats) -> float:
    """Give which share of the counts lay in the band."""
    return float(np.mean((said.low <= came) & (came <= said.high)))


@pytest.fixture(scope="module")
def made() -> Arrivals:
    """Three made-up years of calls."""
    return arrivals("phone", RUN, 5)


def test_four_weeks_ahead_it_misses_less_than_six_tenths_of_what_the_plain_mean_misses(
    made: Arrivals,
) -> None:
    said, plain, year = year_of_forecasts(made.counts, RUN, TWO_YEARS)

    assert far(said.mean, made.rate[year]) <= 0.6 * far(plain, made.rate[year])
    assert said.mean.sum() / made.counts[year].sum() == pytest.approx(1, abs=0.01)
    assert 0.75 <= held(said, made.counts[year]) <= 0.85


def test_a_channel_that_is_closed_at_night_gets_nothing_then() -> None:
    run = part(RUN, 0, 20 * 336)
    counts = arrivals("chat", run, 5).counts
    counts[example_week("chat")[run.weekday, run.slot] == 0] = np.nan

    said = say(fit(counts[: 16 * 336], part(run, 0, 16 * 336)), part(run, 16 * 336, 20 * 336))
    came = counts[16 * 336 :]

    assert said.mean[np.isnan(came)].sum() == 0
    assert said.mean.sum() == pytest.approx(np.nansum(came), rel=0.05)


def test_the_band_of_a_line_that_varies_much_is_wider_than_dice_would_make_it() -> None:
    run = part(RUN, 0, 20 * 336)
    chance = np.random.default_rng(7)
    rate = arrivals("phone", run, 5).expected
    # A variance of three times the mean, as the calls of a bank have it.
    counts = chance.negative_binomial(rate / 2, 1 / 3).astype(np.float64)
    learnt = fit(counts[: 16 * 336], part(run, 0, 16 * 336))

    said = say(learnt, part(run, 16 * 336, 20 * 336))

    assert learnt.band is not None
    assert learnt.band.fano == pytest.approx(3, rel=0.15)
    assert 0.75 <= held(said, counts[16 * 336 :]) <= 0.85


def test_one_wild_day_moves_the_rest_by_less_than_two_percent(made: Arrivals) -> None:
    first, after = part(RUN, 0, 26 * 336), part(RUN, 26 * 336, 27 * 336)
    calm = made.counts[: 26 * 336]
    wild = calm.copy()
    wild[24 * 336 + 48 : 24 * 336 + 96] *= 5

    told = [say(fit(each, first), after).mean.sum() for each in (calm, wild)]

    assert told[1] == pytest.approx(told[0], rel=0.02)


def test_the_level_follows_the_last_weeks(made: Arrivals) -> None:
    first, after = part(RUN, 0, 26 * 336), part(RUN, 26 * 336, 27 * 336)
    grown = made.counts[: 26 * 336].copy()
    grown[22 * 336 :] *= 1.3

    told = [say(fit(each, first), after).mean.sum() for each in (made.counts[: 26 * 336], grown)]

    assert 1.15 < told[1] / told[0] < 1.35


def test_the_repeated_hour_of_the_25_hour_day_gets_twice_what_that_hour_gets(
    made: Arrivals,
) -> None:
    learnt = fit(made.counts[: 40 * 336], part(RUN, 0, 40 * 336))

    def of_hour(start: datetime, half_hours: int) -> float:
        there = days(start, half_hours)
        return float(say(learnt, there).mean[(there.slot == 4) | (there.slot == 5)].sum())

    longest = of_hour(datetime(2023, 10, 28, 22, tzinfo=UTC), 50)
    shortest = of_hour(datetime(2024, 3, 30, 23, tzinfo=UTC), 46)
    usual = of_hour(datetime(2023, 11, 4, 23, tzinfo=UTC), 48)

    assert longest == pytest.approx(2 * usual, rel=0.05)
    assert shortest == 0


def test_christmas_is_learnt_from_the_years_before() -> None:
    made = arrivals("phone", RUN, 6)
    learnt = fit(made.counts[:TWO_YEARS], part(RUN, 0, TWO_YEARS))
    christmas = days(datetime(2025, 12, 24, 23, tzinfo=UTC), 96)
    before = days(datetime(2025, 12, 14, 23, tzinfo=UTC), 5 * 48)

    raised = say(learnt, christmas).mean.mean() / say(learnt, before).mean.mean()

    assert raised > 1.05


def test_a_feast_day_on_a_weekday_goes_like_a_sunday() -> None:
    run = part(RUN, 0, 60 * 336)
    quiet = (run.weekday == 6) | (run.feast > 0)
    office = (run.slot >= 18) & (run.slot < 34)
    counts = np.where(quiet, 5.0, np.where(office, 20.0, 2.0))
    easter_monday = days(datetime(2024, 3, 31, 22, tzinfo=UTC), 48)

    said = say(fit(counts, run), easter_monday).mean

    assert said[24] == pytest.approx(5, rel=0.3)
    assert said[4] == pytest.approx(5, rel=0.3)


def test_without_enough_counts_for_a_band_the_variance_is_taken_as_three_times_the_mean(
    made: Arrivals,
) -> None:
    learnt = fit(made.counts[: 3 * 336], part(RUN, 0, 3 * 336))

    said = say(learnt, part(RUN, 3 * 336, 4 * 336))

    assert learnt.band is None
    assert (said.high - said.mean >= 1.2 * np.sqrt(3 * said.mean)).all()


@pytest.mark.parametrize(
    "counts", [np.ones(300), np.zeros(672), np.full(672, np.nan), np.ones(700)]
)
def test_too_little_to_learn_from_is_refused(counts: Floats) -> None:
    with pytest.raises(ValueError, match=r"half hours|nothing came"):
        fit(counts, part(RUN, 0, 672))


def bank() -> tuple[Floats, Days]:
    """Give the bank's calls per half hour; weekends and holidays of that country are not known."""
    start = datetime(2003, 3, 2, 23, tzinfo=UTC)
    found: dict[datetime, float] = {}
    with BANK.open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            wall = datetime.fromisoformat(row["begin"])
            if wall.hour < 21:  # the last five minutes stand alone
                half = wall.replace(minute=wall.minute // 30 * 30, tzinfo=AMSTERDAM)
                moment = half.astimezone(UTC)
                found[moment] = found.get(moment, 0) + float(row["gesprekken"])
    counts = np.full((max(found) - start) // HALF_HOUR + 1, np.nan)
    for moment, count in found.items():
        counts[(moment - start) // HALF_HOUR] = count
    run = days(start, len(counts))
    return counts, replace(run, feast=run.feast * 0, school=run.school * 0)


@pytest.mark.skipif(not BANK.exists(), reason="the calls of a bank are not on this machine")
def test_on_the_calls_of_a_bank_it_misses_less_than_the_plain_mean_and_the_band_holds() -> None:
    counts, run = bank()
    told, plain, came, inside = [], [], [], []
    for cut in range(6 * 336, len(counts) - AHEAD + 1, 336):
        said = say(fit(counts[:cut], part(run, 0, cut)), part(run, cut, cut + AHEAD))
        real = counts[cut : cut + AHEAD]
        known = ~np.isnan(real)
        told.append(said.mean[known])
        plain.append(last_four_weeks(counts[:cut], run, AHEAD)[known])
        came.append(real[known])
        inside.append(((said.low <= real) & (real <= said.high))[known])
    real = np.concatenate(came)

    assert far(np.concatenate(told), real) <= 0.95 * far(np.concatenate(plain), real)
    assert np.concatenate(told).sum() / real.sum() == pytest.approx(1, abs=0.01)
    assert 0.75 <= np.concatenate(inside).mean() <= 0.85


def test_what_was_learnt_is_told_the_same_whenever_it_is_asked(made: Arrivals) -> None:
    learnt: Fit = fit(made.counts[: 8 * 336], part(RUN, 0, 8 * 336))
    week = part(RUN, 9 * 336, 10 * 336)

    whole, tail = say(learnt, week), say(learnt, part(week, 100, 336))

    assert np.allclose(whole.mean[100:], tail.mean)
