"""A queue of people and listeners by chance alone, to hold what is told of waiting against."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import numpy as np

from luisterlijn.dispatch.waiting import Band, Waited, band

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
DAY_S = 86_400.0
DAYS = 3
SHIFT_S = 14_400.0
TALKS_S = 1_260.0
"""About as long as a call lasts, and as they differ among themselves."""
LOG_MEAN, LOG_SPREAD = 6.9, 0.7
PATIENCE_S = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """How busy it is: `load` 1 is as much as can be answered, `swings` with the hour of the day.

    `changes`: each four hours another number of people serves.
    """

    load: float
    people: int = 6
    swings: float = 0.0
    changes: bool = False

    def serving(self, at_s: float) -> int:
        """Give how many serve."""
        return self.people + (int(at_s // SHIFT_S) % self.people if self.changes else 0)

    def comes_after(self, at_s: float, chance: np.random.Generator) -> float:
        """Draw when the next one comes."""
        load = self.load + self.swings * math.sin(2 * math.pi * at_s / DAY_S)
        return at_s + chance.exponential(TALKS_S / (load * self.serving(at_s)))


@dataclass(slots=True)
class Person:
    """Somebody who waits, with the band they were told when they came; None: none was told."""

    came_s: float
    place: int
    serving: int
    told: Band | None
    gone: bool = field(default=False)


def told_and_waited(evening: Evening, seed: int) -> list[tuple[Band, timedelta]]:
    """Give, of each who was told a band and was answered, the band and the wait."""
    chance, numbers = np.random.default_rng(seed), count()
    queue, busy = list[Person](), 0
    waits, found = list[Waited](), list[tuple[Band, timedelta]]()
    happens: list[tuple[float, int, Person | str]] = [(0.0, next(numbers), "comes")]
    while happens and happens[0][0] < DAYS * DAY_S:
        at_s, _number, what = heapq.heappop(happens)
        now, serving = BEGIN + timedelta(seconds=at_s), evening.serving(at_s)
        if isinstance(what, Person):
            what.gone = True  # gives up, unless it was answered before
        elif what == "ends":
            busy -= 1
        else:
            heapq.heappush(happens, (evening.comes_after(at_s, chance), next(numbers), "comes"))
            place = len(queue) + 1
            person = Person(at_s, place, serving, band(waits, place, serving, now))
            queue.append(person)
            gives_up_s = at_s + chance.exponential(PATIENCE_S)
            heapq.heappush(happens, (gives_up_s, next(numbers), person))
        queue = [each for each in queue if not each.gone]
        while queue and busy < serving:
            person, busy = queue.pop(0), busy + 1
            answered_s = at_s + chance.uniform(2, 8)
            ends_s = answered_s + chance.lognormal(LOG_MEAN, LOG_SPREAD)
            heapq.heappush(happens, (ends_s, next(numbers), "ends"))
            wait = timedelta(seconds=answered_s - person.came_s)
            waits.append(Waited(place=person.place, serving=person.serving, waited=wait, at=now))
            if person.told is not None:
                found.append((person.told, wait))
    return found
