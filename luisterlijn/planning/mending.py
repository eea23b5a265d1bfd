"""A roster after one absence: the hole is mended by touching few others. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from luisterlijn.planning.board import NOWHERE, Board, Grid
from luisterlijn.planning.engine import BadPins, check_beginning
from luisterlijn.planning.instance import Assignment, Roster, roster
from luisterlijn.planning.rules import Broken, Rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from luisterlijn.planning.instance import Instance

MOST_TOUCHED = 3
WIDTH = 8
"""So many of the best moves are followed further; three deep that is a fraction of a second."""
MOVED = 4
"""What it costs to move somebody who counted on a shift: as much as a shift less than wanted."""


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is not there from the first day to the last, both included; no reason is kept."""

    volunteer: int
    first_day: int
    last_day: int


class Change(NamedTuple):
    """What happens to one other person: from a shift (or none) to another (or none)."""

    old: Assignment | None
    new: Assignment | None


@dataclass(frozen=True, slots=True)
class Mended:
    """A roster after an absence.

    Args:
        roster: without who is absent, mended.
        lost: what the absent person had.
        changes: what others are asked, in no order.
    """

    roster: Roster
    lost: Roster
    changes: tuple[Change, ...]


class _Touch(NamedTuple):
    person: int
    old: int
    new: int


class _Way(NamedTuple):
    """A way to mend: what the cost changes by, and who is touched for it."""

    rise: int
    touches: tuple[_Touch, ...]


def mend(
    instance: Instance,
    rows: Iterable[Assignment],
    absence: Absence,
    pinned: Iterable[Assignment] = (),
    most: int = MOST_TOUCHED,
) -> Mended:
    """Take somebody off a roster for some days, and fill the holes as well as few changes can.

    Args:
        instance: the problem.
        rows: the roster; it breaks no rule but what the pinned break by themselves.
        absence: who is not there and when. What that person had is lost even when it was pinned.
        pinned: assignments of others that stay.
        most: so many assignments of others are touched at most. A trainee who would be alone is
            moved or taken off beyond that.

    Raises:
        BadBegin: the roster breaks a rule, or lacks a pinned assignment.
        BadPins: the pinned break a rule that nobody can allow; or a pinned trainee would be
            alone, and no mentor of the branch can come.
    """
    before, kept = roster(rows), roster(pinned)
    check_beginning(instance, kept, before)
    lost = tuple(row for row in before if _is_away(absence, row))
    board = Board(Grid(instance))
    for row in before:
        board.put(board.grid.number[row.volunteer], board.grid.place(row))
    for row in kept:
        if row not in lost:
            board.pinned.add((board.grid.number[row.volunteer], board.grid.place(row)))
    away = board.grid.number[absence.volunteer]
    touches: list[_Touch] = []
    holes = [board.grid.place(row) for row in lost]
    for hole in holes:
        board.lift(away, hole)
    # Where most is missing comes first: the touches that are allowed are spent there.
    for hole in sorted(holes, key=lambda place: (board.demand.adding[place], place)):
        barred = frozenset({away, *(touch.person for touch in touches)})
        way = _mended(board, away, hole, most - len(touches), barred)
        for touch in way.touches:
            _do(board, touch)
        touches += way.touches
    return Mended(board.rows(), lost, tuple(_told(board, touch) for touch in touches))


def _mended(board: Board, away: int, hole: int, left: int, barred: frozenset[int]) -> _Way:
    """Give the best way to mend one hole; a trainee who is alone there is taken care of."""
    if board.is_trainee[away]:
        return _Way(0, ())
    alone = _alone(board, away, hole)
    if not alone:
        return _filled(board, hole, left, barred)
    # Either another mentor comes, or the trainee goes: to another mentor, or home.
    ways = [_filled(board, hole, left, barred, of_branch=board.branch[away])]
    ways = [way for way in ways if way.touches]
    trainee, place = alone
    if (trainee, place) not in board.pinned:
        step = _sent(board, trainee, place)
        _do(board, step)
        rest = _filled(board, hole, left - 1, barred | {trainee})
        _undo(board, step)
        rise = board.rise(trainee, place, step.new)
        ways.append(_Way(rise + rest.rise, (step, *rest.touches)))
    if not ways:
        row = board.grid.row(trainee, place)
        raise BadPins([Broken(row.volunteer, row.day, row.template, Rule.TRAINEE_ALONE)])
    return min(ways, key=_worst)


def _alone(board: Board, away: int, hole: int) -> tuple[int, int] | None:
    """Give a trainee whom a mentor's leaving leaves alone, pinned last, and the trainee's place."""
    grid, branch, shift = board.grid, board.branch[away], hole // board.grid.channels
    if not board.lacks_mentor(branch, hole):
        return None
    there = [
        (trainee, place)
        for trainee, own in enumerate(board.mine)
        if board.is_trainee[trainee] and board.branch[trainee] == branch
        for place in own
        if place // grid.channels == shift
    ]
    return min(there, key=lambda pair: (pair in board.pinned, pair))


def _sent(board: Board, trainee: int, place: int) -> _Touch:
    """Send a trainee from a place to the best other one, or home."""
    goals = [
        new
        for new in board.grid.options[trainee]
        if new not in board.mine[trainee] and board.may(trainee, new, place)
    ]
    rises = [(board.rise(trainee, place, new), new) for new in [*goals, NOWHERE]]
    return _Touch(trainee, place, min(rises)[1])


def _filled(
    board: Board, hole: int, left: int, barred: frozenset[int], of_branch: int | None = None
) -> _Way:
    """Give the best way to fill a hole; without a touch when leaving it costs no more.

    Args:
        board: as it is; the same afterwards.
        hole: the place.
        left: so many may be touched.
        barred: who may not be.
        of_branch: only a mentor of this branch will do, for a trainee is there; None: anybody.
    """
    none = _Way(0, ())
    if left < 1:
        return none
    asked: list[_Way] = []
    moves: list[tuple[int, int, _Touch]] = []
    for person in board.grid.able[hole]:
        mentor = board.is_mentor[person] and board.branch[person] == of_branch
        if person in barred or board.is_trainee[person] or not (of_branch is None or mentor):
            continue
        if board.has_room(person) and board.may(person, hole):
            asked.append(_Way(board.rise(person, NOWHERE, hole), (_Touch(person, NOWHERE, hole),)))
        moves += _moves(board, person, hole)
    best = min(asked if of_branch is not None else [*asked, none], key=_worst, default=None)
    for at_best, rise, touch in sorted(moves)[:WIDTH]:
        if best is not None and at_best + MOVED >= best.rise:
            break
        _do(board, touch)
        more = _filled(board, touch.old, left - 1, barred | {touch.person})
        _undo(board, touch)
        way = _Way(rise + MOVED + more.rise, (touch, *more.touches))
        best = way if best is None else min(best, way, key=_worst)
    return best or none


def _moves(board: Board, person: int, hole: int) -> Iterator[tuple[int, int, _Touch]]:
    """Give the moves of somebody to a hole: at best, for now, and the move.

    At best: somebody else takes the place that is left, for nothing.
    """
    for old in board.mine[person]:
        if not board.is_held(person, old) and board.may(person, hole, old):
            rise = board.rise(person, old, hole)
            yield rise - max(0, board.demand.lifting[old]), rise, _Touch(person, old, hole)


def _worst(way: _Way) -> tuple[int, int, tuple[_Touch, ...]]:
    return way.rise, len(way.touches), way.touches


def _do(board: Board, touch: _Touch) -> None:
    board.move(touch.person, touch.old, touch.new)


def _undo(board: Board, touch: _Touch) -> None:
    board.move(touch.person, touch.new, touch.old)


def _told(board: Board, touch: _Touch) -> Change:
    old, new = (
        None if place == NOWHERE else board.grid.row(touch.person, place)
        for place in (touch.old, touch.new)
    )
    return Change(old, new)


def _is_away(absence: Absence, row: Assignment) -> bool:
    mine = row.volunteer == absence.volunteer
    return mine and absence.first_day <= row.day <= absence.last_day
