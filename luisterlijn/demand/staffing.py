"""How many are needed: Erlang A, which knows that people who wait too long give up. Pure.

Everybody waits in one queue for the next who is free; arrivals are chance, conversations and
patience too (exponential). Given how many are served or wait before somebody, the wait is a sum of
exponential steps, and `exp(-wait / patience)` a beta variable: so what is said here is exact, not a
limit (Garnett, Mandelbaum, Reiman 2002; Zeltyn and Mandelbaum 2005). What an hour still carries of
the hour before comes in by the *modified offered load* (Jennings, Mandelbaum, Massey, Whitt 1996).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from luisterlijn.demand.days import HALF_HOUR, Floats, Whole

if TYPE_CHECKING:
    from luisterlijn.demand.profile import Effort

WITHIN = timedelta(seconds=60)
"""How soon an answer is soon."""
SHARE = 0.85
"""Which share is to be answered so soon, unless a planner says otherwise."""
NEGLIGIBLE = 1e-12
SPREADS = 8.0
"""Room for so many spreads more than the largest load: beyond lies nothing."""
MOST = 2_000
"""No half hour needs more than this; a wish for more is a mistake."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What becomes of those who come, each as a share of 1. `lost`: who gave up waiting."""

    within: float
    answered: float
    lost: float


@lru_cache(maxsize=16_384)
def service(load: float, people: int, effort: Effort, within: timedelta = WITHIN) -> Service:
    """Say what becomes of those who come when so many people answer.

    Args:
        load: how many contacts would be in conversation if nobody ever waited (Erlang).
        people: seats, each with one contact at a time.
        effort: its `lasts` and `patience`.
        within: how soon is soon.

    Raises:
        ValueError: a load or number below zero.
    """
    if load < 0 or people < 0:
        raise ValueError("nobody answers less than nothing")
    if load == 0:
        return Service(within=1.0, answered=1.0, lost=0.0)
    if people == 0:
        return Service(within=0.0, answered=0.0, lost=1.0)
    chances = stationary(load, people, effort)
    told = np.concatenate([np.ones(people), answered_from(len(chances) - people, people, effort)])
    soon = np.concatenate(
        [np.ones(people), answered_from(len(chances) - people, people, effort, within)]
    )
    answered = float(chances @ told)
    return Service(within=float(chances @ soon), answered=answered, lost=1 - answered)


def stationary(load: float, people: int, effort: Effort) -> Floats:
    """Give the chance that so many are there, in conversation or waiting; shape (states,).

    States go on until what lies beyond is negligible.
    """
    leaving = effort.lasts / effort.patience
    logs = [0.0]
    most = 0.0
    while logs[-1] > most + math.log(NEGLIGIBLE) or len(logs) <= max(people, load):
        number = len(logs)
        out = min(number, people) + max(0, number - people) * leaving
        logs.append(logs[-1] + math.log(load / out))
        most = max(most, logs[-1])
    chances = np.exp(np.array(logs) - most)
    return np.asarray(chances / chances.sum())


def answered_from(
    states: int, people: int, effort: Effort, within: timedelta | None = None
) -> Floats:
    """Give the chance to be answered when all are busy and 0, 1, ... wait already.

    Args:
        states: for how many lengths of the queue.
        people: who answer.
        effort: its `lasts` and `patience`.
        within: in this time; None: ever.

    Returns:
        Shape (states,).
    """
    # With k waiting before, exp(-wait / patience) is Beta(steps, k + 1): a sum of exponential
    # steps with rates (people / lasts + i / patience), i = 0 .. k.
    steps = people * (effort.patience / effort.lasts)
    waiting = np.arange(states)
    ever = steps / (steps + waiting + 1)
    if within is None:
        return np.asarray(ever)
    # I_x(steps + 1, k + 1) grows with k by x^a (1-x)^k / (k B(a, k)), each term from the last.
    x = math.exp(-(within / effort.patience))
    a = steps + 1
    term = x**a
    late = np.empty(states)
    total = 0.0
    for k in range(states):
        total += term
        late[k] = min(1.0, total)
        term *= (1 - x) * (a + k) / (k + 1)
    return np.asarray(ever * (1 - late))


def offered_load(rates: Floats, effort: Effort, before: float | None = None) -> Floats:
    """Give how many would be in conversation in each half hour if nobody waited.

    What came before is still there: the load follows the rate with a lag, which is what makes
    people short after a peak rather than during it.

    Args:
        rates: contacts per half hour, in order; shape (half hours,).
        effort: its `lasts`.
        before: the load just before the first; None: as if the first rate had lasted for long.

    Returns:
        The mean load over each half hour, in Erlang.
    """
    lasts = effort.lasts / HALF_HOUR
    kept = math.exp(-1 / lasts)
    loads = np.empty(len(rates))
    left = float(rates[0]) * lasts if before is None else before
    for index, rate in enumerate(rates):
        settled = float(rate) * lasts
        loads[index] = settled + (left - settled) * lasts * (1 - kept)
        left = settled + (left - settled) * kept
    return loads


def needed(load: float, effort: Effort, share: float = SHARE, within: timedelta = WITHIN) -> int:
    """Give how many must answer for this share to be answered in this time.

    The square-root rule says where to look; Erlang A says what is enough.

    Raises:
        ValueError: a share that is not between 0 and 1.
    """
    if not 0 < share < 1:
        raise ValueError("a share lies between nothing and all")
    if load <= 0:
        return 0
    people = max(1, round(load + (2 * share - 1) * math.sqrt(load)))
    while people < MOST and service(load, people, effort, within).within < share:
        people += 1
    while people > 1 and service(load, people - 1, effort, within).within >= share:
        people -= 1
    return people


def required(
    rates: Floats, effort: Effort, share: float = SHARE, within: timedelta = WITHIN
) -> Whole:
    """Give how many volunteers each half hour needs in one channel; shape (half hours,).

    Somebody with several seats (chats) fills that many; zero where nothing comes.
    """
    seats = [
        needed(_rounded(load), effort, share, within) if rate > 0 else 0
        for load, rate in zip(offered_load(rates, effort), rates, strict=True)
    ]
    return -(-np.array(seats, dtype=np.int64) // effort.seats)


def expected_lost(rates: Floats, volunteers: Whole, effort: Effort) -> Floats:
    """Give how many contacts each half hour is expected to lose; shape (half hours,).

    This is what a gap weighs: two short in a quiet night lose less than one in a busy evening.

    Args:
        rates: contacts per half hour.
        volunteers: who take this channel in each half hour; same shape.
        effort: of the channel.
    """
    loads = offered_load(rates, effort)
    return np.array(
        [
            rate * service(_rounded(load), int(people) * effort.seats, effort).lost
            for rate, load, people in zip(rates, loads, volunteers, strict=True)
        ]
    )


def lost_shares(loads: Floats, most: int, effort: Effort) -> Floats:
    """Give which share is lost at many loads and with many numbers of people, all at once.

    What `service` says of each, as quickly as a screen needs it.

    Args:
        loads: in Erlang; shape (loads,).
        most: of people who take this channel.
        effort: of the channel.

    Returns:
        Shape (loads, most + 1): nobody, one, two and so on.
    """
    leaving = effort.lasts / effort.patience
    seats = np.arange(most + 1)[:, None] * effort.seats
    # With fewer people the queue is bounded by patience, so that no more are there than the load.
    room = max(float(loads.max(initial=0.0)), float(seats[-1, 0])) + 1
    there = np.arange(1, int(room + SPREADS * math.sqrt(room)) + 10)
    out = np.minimum(there, seats) + np.maximum(there - seats, 0) * leaving
    logs = np.log(np.maximum(loads, NEGLIGIBLE))[:, None, None] * there - np.log(out).cumsum(axis=1)
    most_likely = np.maximum(logs.max(axis=2, keepdims=True), 0.0)
    chances = np.exp(logs - most_likely)
    total = chances.sum(axis=2) + np.exp(-most_likely[:, :, 0])
    waiting = (chances * np.maximum(there - seats, 0)).sum(axis=2) / total
    shares = waiting * leaving / np.maximum(loads, NEGLIGIBLE)[:, None]
    return np.asarray(np.where(loads[:, None] > 0, np.minimum(shares, 1.0), 0.0))


def _rounded(load: float) -> float:
    """A hundredth of an Erlang decides nothing, and lets equal half hours be looked up once."""
    return round(load, 2)
