"""The engine with a solver: refuses plainly without it, and keeps every rule with it."""

from __future__ import annotations

import sys
from datetime import timedelta

import pytest

from luisterlijn.planning.builtin import Builtin
from luisterlijn.planning.cpsat import CpSat
from luisterlijn.planning.engine import EngineMissing
from luisterlijn.planning.engines import engine
from luisterlijn.planning.neighbourhood import Neighbourhood
from luisterlijn.planning.objective import cost
from luisterlijn.planning.rules import broken
from tests.support.rosters import SteppingClock, made


def test_without_the_solver_the_engine_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ortools", "ortools.sat", "ortools.sat.python"):
        monkeypatch.setitem(sys.modules, name, None)

    with pytest.raises(EngineMissing) as refused:
        engine("cpsat", SteppingClock())

    assert refused.value.code == "engine-missing"


def with_solver() -> CpSat:
    """Give the engine on a clock that ends it after a few looks, or skip."""
    pytest.importorskip("ortools", reason="the extra `ortools` is not installed")
    return CpSat(SteppingClock(timedelta(seconds=0.2)))


@pytest.mark.parametrize("seed", range(8))
def test_a_plan_breaks_no_rule_and_is_no_worse_than_the_built_in_one(seed: int) -> None:
    instance = made(seed, people=16, most_needed=3)
    first = Builtin(SteppingClock(timedelta(seconds=0.2))).solve(instance, seconds=0.75, seed=seed)

    plan = with_solver().solve(instance, seconds=3, seed=seed)

    assert broken(instance, plan.roster) == ()
    assert plan.cost == cost(instance, plan.roster)
    assert plan.cost.total <= first.cost.total


@pytest.mark.parametrize("seed", range(4))
def test_what_is_pinned_never_moves(seed: int) -> None:
    instance = made(seed, people=16)
    pinned = Builtin(SteppingClock()).solve(instance, seconds=0.1, seed=seed).roster[::2]

    plan = with_solver().solve(instance, seconds=3, seed=seed, pinned=pinned, begin=())

    assert set(pinned) <= set(plan.roster)
    assert broken(instance, plan.roster) == ()


def test_what_the_checker_does_not_confirm_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    engine_with_solver, instance = with_solver(), made(3, people=16, most_needed=3)

    def improve(around: Neighbourhood, _seconds: float, _seed: int, _workers: int) -> None:
        # A solver gone wrong: nine shifts more for everybody, wherever they are.
        board = around._board  # noqa: SLF001
        for person in board.grid.people:
            for place in sorted(set(board.grid.options[person]) - set(board.mine[person]))[:9]:
                board.put(person, place)
        board.cost = -1

    monkeypatch.setattr(Neighbourhood, "improve", improve)

    plan = engine_with_solver.solve(instance, seconds=3, seed=1)

    assert broken(instance, plan.roster) == ()


def test_who_cancels_gets_the_best_so_far() -> None:
    instance = made(1)

    plan = with_solver().solve(instance, seconds=1e9, seed=1, cancelled=lambda: True)

    assert broken(instance, plan.roster) == ()


def test_without_people_there_is_nothing_to_solve() -> None:
    assert with_solver().solve(made(1, people=0), seconds=3, seed=1).roster == ()
