"""The board: what it says of cost and rules is what the objective and the checker say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from luisterlijn.planning.board import NOWHERE, Board, Grid
from luisterlijn.planning.instance import Instance, Role
from luisterlijn.planning.objective import cost
from luisterlijn.planning.rules import Book, broken
from luisterlijn.simulation.chance import Chance
from tests.support.rosters import at, made, problem, scattered, somebody


def stand(board: Board, *rows: tuple[int, int, int, str]) -> None:
    """Put these on the board."""
    for row in rows:
        put = at(*row)
        board.put(board.grid.number[put.volunteer], board.grid.place(put))


def held(instance: Instance, seed: int, count: int) -> Board:
    """Give a board with what of a scattered roster may stand."""
    board = Board(Grid(instance))
    for row in scattered(instance, seed, count):
        person, place = board.grid.number[row.volunteer], board.grid.place(row)
        fits = place in board.grid.options[person] and board.has_room(person)
        if fits and board.may(person, place):
            board.put(person, place)
    return board


def test_a_place_and_its_assignment_are_the_same() -> None:
    grid = Grid(made(3))

    for row in scattered(made(3), 1, 50):
        assert grid.row(grid.number[row.volunteer], grid.place(row)) == row


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 60))
def test_the_cost_of_a_board_is_that_of_its_roster(seed: int, count: int) -> None:
    instance = made(seed, most_needed=3)
    board, chance = held(instance, seed, count), Chance(seed, "lifting")

    for person, own in enumerate(board.mine):
        for place in list(own):
            if chance.happens(0.3) and not board.is_held(person, place):
                board.lift(person, place)

    assert board.cost == cost(instance, board.rows()).total
    assert broken(instance, board.rows()) == ()


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 40))
def test_what_a_change_is_said_to_cost_is_what_it_costs(seed: int, count: int) -> None:
    board, chance = held(made(seed, most_needed=3), seed, count), Chance(seed, "changes")
    for _ in range(20):
        person = chance.below(len(board.mine))
        options = [place for place in board.grid.options[person] if place not in board.mine[person]]
        old = chance.pick([NOWHERE, *board.mine[person]])
        new = chance.pick([NOWHERE, *options])
        if old == new:
            continue
        before, said = board.cost, board.rise(person, old, new)
        board.move(person, old, new)
        assert board.cost - before == said
        board.move(person, new, old)
        assert board.cost == before


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 40))
def test_a_board_allows_exactly_what_the_rules_allow(seed: int, count: int) -> None:
    board = held(made(seed), seed, count)
    instance, rows = board.grid.instance, board.rows()

    for person in range(len(board.mine)):
        for place in board.grid.options[person]:
            row = board.grid.row(person, place)
            allowed = board.has_room(person) and board.may(person, place)
            assert allowed == (not Book(instance, rows).against(row))


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 40))
def test_who_leaves_a_place_for_another_is_judged_without_the_first(seed: int, count: int) -> None:
    board = held(made(seed), seed, count)
    instance, rows = board.grid.instance, board.rows()

    for person, own in enumerate(board.mine):
        for old in own:
            left = [row for row in rows if row != board.grid.row(person, old)]
            book = Book(instance, left)
            for place in list(board.grid.options[person])[:10]:
                said = board.may(person, place, old)
                if not board.is_held(person, old) and place != old:
                    assert said == (not book.against(board.grid.row(person, place)))


def test_a_mentor_is_held_by_the_trainee_beside() -> None:
    found = problem(somebody(0, role=Role.TRAINEE), somebody(1, role=Role.MENTOR))
    board = Board(Grid(found))
    stand(board, (1, 0, 7, "phone"))
    place = board.grid.place(at(1, 0, 7))
    assert not board.is_held(1, place)

    stand(board, (0, 0, 7, "phone"))

    assert board.is_held(1, place)
    assert not board.lacks_mentor(0, place)
    board.lift(1, place)
    assert board.lacks_mentor(0, place)


def test_what_is_pinned_is_held() -> None:
    board = Board(Grid(problem(somebody(0))))
    stand(board, (0, 0, 7, "phone"))
    place = board.grid.place(at(0, 0, 7))

    board.pinned.add((0, place))

    assert board.is_held(0, place)


def test_the_fifth_without_a_home_set_up_finds_no_desk_until_one_leaves() -> None:
    people = [somebody(number, home=number > 4) for number in range(6)]
    board = Board(Grid(problem(*people)))
    stand(board, *((number, 0, 7, "phone") for number in range(4)))
    same, later = board.grid.place(at(4, 0, 7)), board.grid.place(at(4, 0, 11))

    assert not board.may(4, same)
    assert board.may(5, same)
    assert board.may(4, later)
    # Who has a desk already takes it along to the other channel.
    assert board.may(0, board.grid.place(at(0, 0, 7, "chat")), board.grid.place(at(0, 0, 7)))
    board.lift(3, same)
    assert board.may(4, same)
