"""The engine with a solver: `ortools`, an optional extra, on top of the built-in engine.

One model of everything is hopeless for a whole line (after four minutes a hundred times the cost);
some 25 people at a time, with everybody else where they are, is solved in seconds.
"""

from __future__ import annotations

from random import Random  # noqa: TID251 - not for keys: whom to plan anew, by the caller's seed
from typing import TYPE_CHECKING, Any

from luisterlijn.planning.builtin import Builtin
from luisterlijn.planning.engine import EngineMissing, Step, confirmed, finished, never, untold
from luisterlijn.planning.greedy import beginning
from luisterlijn.planning.instance import roster
from luisterlijn.planning.neighbourhood import Neighbourhood

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from luisterlijn.kernel.clock import Clock
    from luisterlijn.planning.board import Board
    from luisterlijn.planning.engine import Plan
    from luisterlijn.planning.instance import Assignment, Instance

PEOPLE = 25
"""Planned anew at once: solved to the end within a second. With 60 three seconds found nothing that
annealing had not."""
FIRST_SHARE = 0.5
"""Of the time is the built-in engine's: what it finds in a minute takes the solver five."""
LONGEST_S = 3.0
"""For one neighbourhood; who cancels waits no longer than this."""
WORKERS = 8
"""Also on two cores: the solver's strategies differ, and any of them may be the one that finds."""
HALF = 0.5


class CpSat:
    """Annealing, then large-neighbourhood search with CP-SAT."""

    def __init__(self, clock: Clock) -> None:
        """Load the solver, and measure the time by this clock.

        Raises:
            EngineMissing: `ortools` is not installed.
        """
        try:
            from ortools.sat.python import cp_model  # noqa: PLC0415 - an optional extra
        except ImportError:
            raise EngineMissing from None
        self._solver: Any = cp_model
        self._clock = clock

    def solve(
        self,
        instance: Instance,
        *,
        seconds: float,
        seed: int,
        pinned: Iterable[Assignment] = (),
        begin: Iterable[Assignment] = (),
        progress: Callable[[Step], None] = untold,
        cancelled: Callable[[], bool] = never,
    ) -> Plan:
        """Make the best roster that the time allows; see `engine.Engine`."""
        since, kept = self._now(), roster(pinned)
        first = Builtin(self._clock).solve(
            instance,
            seconds=seconds * FIRST_SHARE,
            seed=seed,
            pinned=kept,
            begin=begin,
            progress=progress,
            cancelled=cancelled,
        )
        board, best = beginning(instance, kept, first.roster), first.roster
        chance = Random(seed)  # noqa: S311 - chance to plan by, no secret
        while board.grid.people and not cancelled():
            left = seconds - (self._now() - since)
            if left <= 0:
                break
            before = board.cost
            chosen = _chosen(board, chance)
            around = Neighbourhood(self._solver, board, chosen)
            around.improve(min(left, LONGEST_S), chance.randrange(2**31), WORKERS)
            if board.cost < before:
                # The checker has the last word on what the solver says.
                if confirmed(instance, board.rows(), kept):
                    best = board.rows()
                else:
                    board = beginning(instance, kept, best)
            progress(Step(self._now() - since, board.cost, best))
        passed = self._now() - since
        progress(Step(passed, board.cost, best))
        return finished(instance, best, kept, passed)

    def _now(self) -> float:
        return self._clock.uptime().total_seconds()


def _chosen(board: Board, chance: Random) -> list[int]:
    """Choose who is planned anew: by turns anybody, or those who could stand in the same hours."""
    people = board.grid.people
    if chance.random() < HALF:
        return chance.sample(people, min(PEOPLE, len(people)))
    able = board.grid.able[chance.randrange(board.grid.places)]
    near = chance.sample(able, min(PEOPLE // 2, len(able)))
    rest = [person for person in people if person not in near]
    return near + chance.sample(rest, min(PEOPLE - len(near), len(rest)))
