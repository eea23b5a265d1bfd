"""Some people planned anew by the solver: the best there is for them, and never worse."""

from __future__ import annotations

from typing import Any

import pytest

from luisterlijn.planning.builtin import Builtin
from luisterlijn.planning.greedy import beginning
from luisterlijn.planning.instance import Role, roster
from luisterlijn.planning.neighbourhood import Neighbourhood
from luisterlijn.planning.objective import cost
from luisterlijn.planning.rules import broken
from tests.support.rosters import SteppingClock, at, made, problem, somebody

LONG_S = 20.0


@pytest.fixture(name="solver")
def _solver() -> Any:
    pytest.importorskip("ortools", reason="the extra `ortools` is not installed")
    from ortools.sat.python import cp_model  # noqa: PLC0415

    return cp_model


@pytest.mark.parametrize("seed", range(12))
def test_what_the_solver_finds_breaks_no_rule_and_is_no_worse(seed: int, solver: Any) -> None:
    instance = made(seed, people=14, most_needed=3)
    board = beginning(instance, (), ())
    before = board.cost

    Neighbourhood(solver, board, board.grid.people[seed % 3 :]).improve(LONG_S, 1, 2)

    assert broken(instance, board.rows()) == ()
    assert board.cost == cost(instance, board.rows()).total <= before


@pytest.mark.parametrize("seed", range(6))
def test_with_everybody_in_it_no_other_engine_finds_better(seed: int, solver: Any) -> None:
    instance = made(seed, people=6, most_needed=3)
    board = beginning(instance, (), ())

    Neighbourhood(solver, board, board.grid.people).improve(LONG_S, 1, 2)

    annealed = Builtin(SteppingClock()).solve(instance, seconds=1, seed=1)
    assert board.cost <= annealed.cost.total


def test_a_trainee_and_a_mentor_are_planned_together(solver: Any) -> None:
    found = problem(
        somebody(0, role=Role.TRAINEE, wanted=1, availability=("000100",) * 7),
        somebody(1, role=Role.MENTOR, wanted=1, max_shifts=1),
        phone=1,
    )
    board = beginning(found, (), roster([at(1, 0, 7)]))

    Neighbourhood(solver, board, [0, 1]).improve(LONG_S, 1, 2)

    assert cost(found, board.rows()).wanted == cost(found, [at(0, 0, 19), at(1, 0, 19)]).wanted


def test_a_mentor_stays_with_a_trainee_who_is_not_planned_anew(solver: Any) -> None:
    found = problem(
        somebody(0, role=Role.TRAINEE, wanted=1, max_shifts=1),
        somebody(1, role=Role.MENTOR, wanted=0, max_shifts=1),
    )
    rows = roster([at(0, 0, 7), at(1, 0, 7)])
    board = beginning(found, (), rows)

    Neighbourhood(solver, board, [1]).improve(LONG_S, 1, 2)

    assert broken(found, board.rows()) == ()
    assert at(0, 0, 7) in board.rows()


def test_what_is_pinned_stays_where_it_is(solver: Any) -> None:
    found = problem(somebody(0, wanted=0))
    pinned = roster([at(0, 0, 7)])
    board = beginning(found, pinned, pinned)

    Neighbourhood(solver, board, [0]).improve(LONG_S, 1, 2)

    assert board.rows() == pinned
