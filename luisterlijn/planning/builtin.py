"""The engine that needs no solver: a greedy beginning, then annealing."""

from __future__ import annotations

from random import Random  # noqa: TID251 - not for keys: the caller's seed gives the same roster
from typing import TYPE_CHECKING

from luisterlijn.planning.engine import Step, check_beginning, finished, never, untold
from luisterlijn.planning.greedy import beginning
from luisterlijn.planning.instance import roster
from luisterlijn.planning.moves import Moves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from luisterlijn.kernel.clock import Clock
    from luisterlijn.planning.board import Board
    from luisterlijn.planning.engine import Plan
    from luisterlijn.planning.instance import Assignment, Instance

HOT = 1.5
"""Where the temperature begins, in points of cost: a surplus half hour or a preference costs 1."""
COLD = 0.15
TRIES = 1000
"""Between two looks at the clock: about 5 ms."""
TRIES_A_PERSON = 60_000
"""With three times as many a branch gets 1 % better; this takes it six seconds."""
TELL_S = 1.0


class Builtin:
    """Greedy and annealing. The same seed gives the same roster as long as time does not end it."""

    def __init__(self, clock: Clock) -> None:
        """Measure the time it takes by this clock."""
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
        since = self._now()
        kept, begun = roster(pinned), roster(begin)
        check_beginning(instance, kept, begun)
        board = beginning(instance, kept, begun)
        best = _Best(board)
        moves = Moves(board, Random(seed).random)  # noqa: S311 - chance to plan by, no secret
        told, tries, most = 0.0, 0, TRIES_A_PERSON * len(instance.volunteers)
        progress(Step(0.0, best.cost, best.roster))
        while not cancelled():
            passed = self._now() - since
            done = max(passed / seconds if seconds > 0 else 1.0, tries / most if most else 1.0)
            if done >= 1:
                break
            moves.tries(TRIES, HOT * (COLD / HOT) ** done)
            tries += TRIES
            if passed - told >= TELL_S:
                told = passed
                best.look()
                progress(Step(passed, best.cost, best.roster))
        best.look()
        passed = self._now() - since
        progress(Step(passed, best.cost, best.roster))
        return finished(instance, best.roster, kept, passed)

    def _now(self) -> float:
        return self._clock.uptime().total_seconds()


class _Best:
    """The best roster that a board has shown."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self.cost, self.roster = board.cost, board.rows()

    def look(self) -> None:
        """Keep the roster of now if it is better."""
        if self._board.cost < self.cost:
            self.cost, self.roster = self._board.cost, self._board.rows()
