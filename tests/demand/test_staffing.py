"""How many are needed, held against published figures and against chance itself."""

from __future__ import annotations

import heapq
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from luisterlijn.demand.profile import EFFORT, Effort, example_week
from luisterlijn.demand.staffing import (
    answered_from,
    expected_lost,
    lost_shares,
    needed,
    offered_load,
    required,
    service,
)

CALL = EFFORT["phone"]


def test_at_18_erlang_80_90_and_95_percent_within_a_minute_need_20_22_and_24() -> None:
    assert [needed(18, CALL, share) for share in (0.8, 0.9, 0.95)] == [20, 22, 24]


def test_without_anybody_giving_up_it_is_erlang_c_which_asks_for_more() -> None:
    patient = replace(CALL, patience=timedelta(days=20))

    assert [needed(18, patient, share) for share in (0.8, 0.9, 0.95)] == [23, 24, 26]


def played(load: float, people: int, effort: Effort, callers: int) -> tuple[float, float]:
    """Play a queue by chance; gives the shares answered within a minute, and lost."""
    chance = np.random.default_rng(11)
    lasts, patience = effort.lasts.total_seconds(), effort.patience.total_seconds()
    free_at = [0.0] * people
    heapq.heapify(free_at)
    now, soon, lost = 0.0, 0, 0
    gaps = chance.exponential(lasts / load, callers)
    talks, waits = chance.exponential(lasts, callers), chance.exponential(patience, callers)
    for gap, talk, stays in zip(gaps, talks, waits, strict=True):
        now += gap
        # First come, first served: who comes gets whoever is free first, or gives up before.
        begins = max(now, free_at[0])
        if begins - now > stays:
            lost += 1
            continue
        heapq.heapreplace(free_at, begins + talk)
        soon += begins - now <= 60
    return soon / callers, lost / callers


@pytest.mark.parametrize(("load", "people"), [(18, 20), (18, 15), (3, 4), (0.5, 1)])
def test_what_it_says_is_what_chance_does(load: float, people: int) -> None:
    soon, lost = played(load, people, CALL, 300_000)

    said = service(load, people, CALL)

    assert said.within == pytest.approx(soon, abs=0.006)
    assert said.lost == pytest.approx(lost, abs=0.006)
    assert said.answered == pytest.approx(1 - said.lost)


def test_one_who_waits_alone_is_answered_unless_patience_ends_first() -> None:
    # One server, one in conversation: exponential against exponential.
    lasts, patience = CALL.lasts, CALL.patience

    ever = answered_from(1, 1, CALL)[0]
    soon = answered_from(1, 1, CALL, timedelta(seconds=60))[0]

    pace = 1 / lasts.total_seconds() + 1 / patience.total_seconds()
    assert ever == pytest.approx(patience / (lasts + patience))
    assert soon == pytest.approx(ever * (1 - np.exp(-60 * pace)))


def test_nobody_loses_everybody_and_nothing_loses_nobody() -> None:
    assert service(3, 0, CALL).lost == 1
    assert service(0, 0, CALL).within == 1
    assert needed(0, CALL) == 0


def test_one_fewer_than_needed_is_not_enough() -> None:
    for load in (0.3, 1.0, 4.7, 12.3, 18.0, 60.0):
        people = needed(load, CALL, 0.85)

        assert service(load, people, CALL).within >= 0.85
        assert people == 1 or service(load, people - 1, CALL).within < 0.85


def test_the_load_lags_behind_the_rate() -> None:
    rates = np.array([10.0] * 10 + [30.0] * 20 + [10.0] * 20)

    loads = offered_load(rates, CALL)

    lasts = 23 / 30
    assert loads[9] == pytest.approx(10 * lasts)
    assert 10 * lasts < loads[10] < 30 * lasts
    assert loads[29] == pytest.approx(30 * lasts, rel=1e-3)
    assert loads[30] > loads[31] > loads[49] == pytest.approx(10 * lasts, rel=1e-3)


def test_evenings_need_most_and_a_volunteer_with_two_chats_fills_two_seats() -> None:
    calls = required(example_week("phone")[0], CALL)
    one_seat = required(example_week("chat")[0], replace(EFFORT["chat"], seats=1))
    two_seats = required(example_week("chat")[0], EFFORT["chat"])

    assert calls[40:44].min() > calls[28:36].max() > calls[:16].min() >= 6
    assert (two_seats == -(-one_seat // 2)).all()
    assert two_seats[:20].sum() == 0


def test_two_short_in_the_evening_lose_more_than_two_short_at_night() -> None:
    rates = example_week("phone")[0]
    people = required(rates, CALL)

    whole = expected_lost(rates, people, CALL)
    night, evening = people.copy(), people.copy()
    night[8] -= 2
    evening[42] -= 2

    at_night = (expected_lost(rates, night, CALL) - whole).sum()
    in_evening = (expected_lost(rates, evening, CALL) - whole).sum()
    assert 0 < at_night < in_evening
    assert whole.sum() < 0.1 * rates.sum()


@pytest.mark.parametrize("share", [0.0, 1.0, 1.5])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        needed(3, CALL, share)


@pytest.mark.parametrize("channel", ["phone", "chat"])
def test_many_loads_and_numbers_at_once_give_what_each_gives_alone(channel: str) -> None:
    effort, loads = EFFORT[channel], np.array([0.0, 0.01, 0.5, 3.0, 12.3, 18.0, 40.0])

    found = lost_shares(loads, 30, effort)

    for row, load in zip(found, loads, strict=True):
        alone = [service(float(load), people * effort.seats, effort).lost for people in range(31)]
        assert row == pytest.approx(alone, abs=1e-9)
