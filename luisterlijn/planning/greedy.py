"""Where an engine begins: the pinned, the mentors they need, and everybody's best wish in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.planning.board import NOWHERE, Board, Grid
from luisterlijn.planning.engine import BadPins
from luisterlijn.planning.rules import Broken, Rule

if TYPE_CHECKING:
    from luisterlijn.planning.instance import Instance, Roster


def beginning(instance: Instance, pinned: Roster, begin: Roster) -> Board:
    """Give a board to plan on: the roster to begin with, or else a quick one made here.

    Args:
        instance: the problem.
        pinned: assignments that stay; checked before.
        begin: a roster that holds them; empty: it is made.

    Raises:
        BadPins: no mentor can be planned beside a pinned trainee.
    """
    board = Board(Grid(instance))
    grid = board.grid
    pins = [(grid.number[row.volunteer], grid.place(row)) for row in pinned]
    board.pinned.update(pins)
    if begin:
        for row in begin:
            board.put(grid.number[row.volunteer], grid.place(row))
        return board
    # Who is no trainee first: a trainee's place is judged by the mentors that are there.
    for person, place in sorted(pins, key=lambda pin: board.is_trainee[pin[0]]):
        if board.is_trainee[person]:
            _accompany(board, person, place)
        board.put(person, place)
    _rounds(board)
    return board


def _accompany(board: Board, trainee: int, place: int) -> None:
    """Put a mentor of the branch on the phone in this shift, if none is free there."""
    grid, branch = board.grid, board.branch[trainee]
    if board.has_free_mentor(branch, place):
        return
    meeting = grid.on_phone[place]
    able = grid.able[meeting] if meeting is not None else []
    fit = [
        mentor
        for mentor in able
        if board.is_mentor[mentor]
        and board.branch[mentor] == branch
        and board.has_room(mentor)
        and board.may(mentor, meeting or 0)
    ]
    if not fit or meeting is None:
        row = grid.row(trainee, place)
        raise BadPins([Broken(row.volunteer, row.day, row.template, Rule.TRAINEE_ALONE)])
    board.put(min(fit, key=lambda mentor: len(grid.options[mentor])), meeting)


def _rounds(board: Board) -> None:
    """Give each person in turn the place that is worth most, one a round.

    Mentors first, so that trainees find one; then who can least often.
    """
    grid = board.grid
    people = sorted(
        range(len(grid.options)),
        key=lambda person: (not board.is_mentor[person], len(grid.options[person]), person),
    )
    most = max((each.wanted for each in grid.instance.volunteers), default=0)
    for _ in range(most):
        for person in people:
            who = grid.instance.volunteers[person]
            if len(board.mine[person]) < min(who.wanted, who.max_shifts):
                place = _best(board, person)
                if place >= 0:
                    board.put(person, place)


def _best(board: Board, person: int) -> int:
    """Give the place where somebody is worth most; NOWHERE when none is worth a shift."""
    curve, has = board.nights_cost, board.nights[person]
    counts, count = board.wanted_cost[person], len(board.mine[person])
    night = curve[has + 1] - curve[has]
    least, found = counts[count] - counts[count + 1], NOWHERE
    for place, cost in board.grid.options[person].items():
        rise = cost + (night if board.grid.night[place] else 0)
        if not board.is_trainee[person]:
            rise += board.demand.adding[place]
        if rise < least and place not in board.mine[person] and board.may(person, place):
            least, found = rise, place
    return found
