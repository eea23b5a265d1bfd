"""The exact answer over a day: Erlang A while rates and numbers change. Pure.

How many are there, in conversation or waiting, is a Markov chain; its chances are carried from
minute to minute by uniformisation. Simulations are held against it, and `staffing` too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from luisterlijn.demand.days import HALF_HOUR, Floats, Whole
from luisterlijn.demand.staffing import NEGLIGIBLE, SPREADS, WITHIN, Service, answered_from

if TYPE_CHECKING:
    from datetime import timedelta

    from luisterlijn.demand.profile import Effort

STEPS = 30
"""Chances are looked at once a minute."""
KEPT = 512
"""So many half hours' matrices are kept, for those that come again: 30 MB at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What becomes of those who come, per half hour; arrays of shape (half hours,), in contacts."""

    came: Floats
    within: Floats
    lost: Floats

    @property
    def service(self) -> Service:
        """Give the whole as shares. Who still waits at the end counts as answered."""
        came = float(self.came.sum())
        lost = float(self.lost.sum()) / came
        return Service(within=float(self.within.sum()) / came, answered=1 - lost, lost=lost)


def course(
    rates: Floats,
    people: Whole,
    effort: Effort,
    *,
    leaving: Whole | None = None,
    within: timedelta = WITHIN,
) -> Course:
    """Follow the chances through half hours in which rate and number stand still.

    Args:
        rates: contacts per half hour; shape (half hours,).
        people: who answer in each; same shape.
        effort: of a contact.
        leaving: how many of those there go home at the end of each half hour; same shape. Who is in
            conversation finishes it, and is missed by nobody; if not all go, it is by lot who of
            those in conversation does. None: no more than the numbers say.
        within: how soon is soon; judged as if the numbers stood still for so long.

    Returns:
        What became of them; the first half hour begins with nobody there.
    """
    gone = _fewer(people) if leaving is None else leaving
    states = _room(rates, people, effort)
    chances = np.zeros(states)
    chances[0] = 1.0
    steps: dict[tuple[float, int], Floats] = {}
    soon_of: dict[int, Floats] = {}
    soon, lost = np.zeros(len(rates)), np.zeros(len(rates))
    for index, (rate, here) in enumerate(zip(rates, people, strict=True)):
        key = (float(rate), int(here))
        if key not in steps:
            if len(steps) >= KEPT:
                steps.clear()
            steps[key] = _minute(*key, states, effort)
        if key[1] not in soon_of:
            soon_of[key[1]] = _soon(states, key[1], effort, within)
        mean, chances = _mean(chances, steps[key])
        soon[index] = rate * float(mean @ soon_of[key[1]])
        waiting = np.maximum(np.arange(states) - key[1], 0)
        lost[index] = float(mean @ waiting) * (HALF_HOUR / effort.patience)
        chances = _change(chances, key[1], int(gone[index]))
    return Course(came=np.asarray(rates, dtype=np.float64), within=soon, lost=lost)


def _fewer(people: Whole) -> Whole:
    return np.asarray(np.maximum(0, people - np.concatenate([people[1:], people[-1:]])))


def _room(rates: Floats, people: Whole, effort: Effort) -> int:
    """Give how many states are enough: the load if nobody gave up before being answered, or left.

    With too few people the queue is bounded by patience instead.
    """
    load = float(rates.max()) * (effort.lasts / HALF_HOUR)
    queue = float(rates.max()) * (effort.patience / HALF_HOUR)
    most = max(load, queue + float(people.max()))
    return int(most + SPREADS * math.sqrt(most + 1)) + 10


def _minute(rate: float, people: int, states: int, effort: Effort) -> Floats:
    """Give the chances to go from each number to each within a minute; shape (states, states)."""
    there = np.arange(states)
    minute = HALF_HOUR / STEPS
    up = np.full(states, rate / STEPS)
    up[-1] = 0.0
    down = np.minimum(there, people) * (minute / effort.lasts)
    down = down + np.maximum(there - people, 0) * (minute / effort.patience)
    pace = float((up + down).max()) + 1e-9
    jump = np.diag(1 - (up + down) / pace)
    jump += np.diag(up[:-1] / pace, 1) + np.diag(down[1:] / pace, -1)
    weight = math.exp(-pace)
    term = np.eye(states)
    total, seen, number = weight * term, weight, 0
    while 1 - seen > NEGLIGIBLE and number < 10 * pace + 100:
        number += 1
        term = term @ jump
        weight *= pace / number
        total += weight * term
        seen += weight
    return np.asarray(total / total.sum(axis=1, keepdims=True))


def _soon(states: int, people: int, effort: Effort, within: timedelta) -> Floats:
    """Give each state's chance that who comes then is answered soon."""
    if people == 0:
        return np.zeros(states)
    waiting = answered_from(max(0, states - people), people, effort, within)
    return np.concatenate([np.ones(min(people, states)), waiting])


def _mean(chances: Floats, step: Floats) -> tuple[Floats, Floats]:
    """Give the mean chances over a half hour (Simpson), and those at its end."""
    total = np.zeros(len(chances))
    for number in range(STEPS + 1):
        edge = number in (0, STEPS)
        total += chances * (1 if edge else 4 if number % 2 else 2)
        if number < STEPS:
            chances = chances @ step
    return total / (3 * STEPS), chances


def _change(chances: Floats, people: int, leaving: int) -> Floats:
    """Let some go home; those of them in conversation take it along."""
    if leaving <= 0:
        return chances
    after = np.zeros(len(chances))
    for there, chance in enumerate(chances):
        busy = min(there, people)
        for with_one, share in enumerate(_lots(people, busy, min(leaving, people))):
            after[there - with_one] += chance * share
    return after


def _lots(people: int, busy: int, leaving: int) -> list[float]:
    """Give the chance that 0, 1, ... of those who leave are in conversation (hypergeometric)."""
    ways = math.comb(people, leaving)
    return [
        math.comb(busy, each) * math.comb(people - busy, leaving - each) / ways
        for each in range(min(busy, leaving) + 1)
    ]
