"""The small changes: each keeps the rules, and together they make a roster better."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from luisterlijn.planning.board import Board, Grid
from luisterlijn.planning.greedy import beginning
from luisterlijn.planning.instance import Instance, Role, roster
from luisterlijn.planning.moves import Moves
from luisterlijn.planning.objective import cost
from luisterlijn.planning.rules import broken
from luisterlijn.simulation.chance import Chance
from tests.support.rosters import at, made, problem, somebody

HOT = 50.0
COLD = 0.1
FROZEN = 1e-6
CAN = ("111111",) * 7


def after(instance: Instance, board: Board, tries: int, heat: float) -> Board:
    """Try so many changes on a board."""
    Moves(board, Chance(1, "moves").fraction).tries(tries, heat)
    assert broken(instance, board.rows()) == ()
    assert board.cost == cost(instance, board.rows()).total
    return board


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), heat=st.sampled_from([COLD, 2.0, HOT]))
def test_no_change_breaks_a_rule_or_miscounts(seed: int, heat: float) -> None:
    instance = made(seed, people=16, most_needed=3)
    board = beginning(instance, (), ())

    for _ in range(10):
        after(instance, board, 100, heat)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_in_the_cold_no_change_makes_a_roster_worse(seed: int) -> None:
    instance = made(seed, people=16, most_needed=3)
    board = beginning(instance, (), ())
    moves = Moves(board, Chance(seed, "moves").fraction)

    for _ in range(500):
        before = board.cost
        moves.tries(1, FROZEN)
        assert board.cost <= before


def test_what_is_pinned_stays_through_every_change() -> None:
    instance = made(5, people=16)
    pinned = beginning(instance, (), ()).rows()[::2]
    board = beginning(instance, pinned, ())

    after(instance, board, 5000, HOT)

    assert set(pinned) <= set(board.rows())
    assert set(board.rows()) != set(pinned)


def test_somebody_goes_where_somebody_is_missing() -> None:
    found = problem(somebody(0, wanted=1, days=1), days=1, phone=1)
    board = Board(Grid(found))

    after(found, board, 200, COLD)

    [row] = board.rows()
    # Only part of the shift at 23:00 and nothing of the one after it lies within the period.
    assert row.template < 4


def test_a_shift_goes_to_who_prefers_it() -> None:
    found = problem(somebody(0, availability=CAN), somebody(1), phone=1)
    begin = roster([at(0, 0, 7), at(1, 1, 7)])
    board = beginning(found, (), begin)

    after(found, board, 3000, COLD)

    assert cost(found, board.rows()).not_preferred < 4


def test_a_second_night_goes_to_who_has_none() -> None:
    found = problem(somebody(0, wanted=2), somebody(1, wanted=2), phone=1)
    begin = roster([at(0, 0, 23), at(0, 2, 23), at(1, 0, 7), at(1, 2, 7)])

    board = after(found, beginning(found, (), begin), 3000, COLD)

    assert cost(found, board.rows()).nights == 0


def test_a_mentor_goes_along_so_that_a_trainee_has_a_shift() -> None:
    evening, only_late = ("222222",) * 7, ("000100",) * 7
    found = problem(
        somebody(0, role=Role.TRAINEE, wanted=1, availability=only_late),
        somebody(1, role=Role.MENTOR, wanted=1, max_shifts=1, availability=evening),
        phone=1,
    )
    board = beginning(found, (), roster([at(1, 0, 7)]))

    after(found, board, 3000, COLD)

    assert {row.template for row in board.rows()} == {3}
    assert len(board.rows()) == 2


def test_without_anybody_nothing_is_tried() -> None:
    found = problem()

    assert after(found, Board(Grid(found)), 100, HOT).rows() == ()
