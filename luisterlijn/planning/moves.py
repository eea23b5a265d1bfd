"""The small changes that a roster is improved by, each taken or left by chance and temperature."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from luisterlijn.planning.board import NOWHERE
from luisterlijn.planning.rules import MOST_A_WEEK

if TYPE_CHECKING:
    from collections.abc import Callable

    from luisterlijn.planning.board import Board

EXCHANGES = 0.5
"""Share of the tries that leave the cover as it is and only change who stands where. Found by
trying: without them three shifts in ten stay with people who did not prefer them."""
LEAVES = 0.05
HAND_ONS = 0.05
HOPELESS = 20.0
"""So many temperatures above, chance says yes less than once in 10^8 tries: it is not asked."""
CONTENT = 0.7
"""Share of the tries on a shift that is preferred and by day that are not worth an exchange."""
HALF = 0.5


class Moves:
    """Changes a board, one person at a time.

    Rules are kept by each change, so the board can be read at any moment between two.
    """

    def __init__(self, board: Board, fraction: Callable[[], float]) -> None:
        """Change this board by this chance, which gives numbers from 0 up to 1."""
        self._board = board
        self._grid = grid = board.grid
        self._fraction = fraction
        self._heat = 1.0
        self._people = grid.people
        self._options = [list(options) for options in grid.options]
        # Trainees are exchanged with nobody: their places are their mentors'.
        self._eager = [
            [each for each in able if not grid.options[each][place] and not board.is_trainee[each]]
            for place, able in enumerate(grid.able)
        ]
        self._mentors: dict[int, list[int]] = {}
        for person in self._people:
            if board.is_mentor[person]:
                self._mentors.setdefault(board.branch[person], []).append(person)

    def tries(self, count: int, heat: float) -> None:
        """Try so many changes at a temperature, in points of cost."""
        if not self._people:
            return
        self._heat, fraction, people, many = heat, self._fraction, self._people, len(self._people)
        mine = self._board.mine
        for _ in range(count):
            person, kind = people[int(fraction() * many)], fraction()
            if kind > EXCHANGES + LEAVES + HAND_ONS:
                self._go(person)
            elif mine[person]:
                place = mine[person][int(fraction() * len(mine[person]))]
                if kind < EXCHANGES:
                    self._exchange(person, place)
                elif kind < EXCHANGES + LEAVES:
                    self._leave(person, place)
                else:
                    self._hand_on(person, place)

    def _accepts(self, rise: float) -> bool:
        if rise <= 0:
            return True
        ratio = rise / self._heat
        return ratio < HOPELESS and self._fraction() < math.exp(-ratio)

    def _go(self, person: int) -> None:
        """Somebody goes to a place that they can, from another or from none."""
        board, options = self._board, self._options[person]
        place = options[int(self._fraction() * len(options))]
        if place in board.mine[person]:
            return
        old = self._given_up_for(person, place)
        if old is None:
            return
        rise = self._board.rise(person, old, place)
        if board.is_trainee[person] and not board.has_free_mentor(board.branch[person], place):
            self._go_together(person, old, place, rise)
        elif (
            self._accepts(rise)
            and not (old >= 0 and board.is_held(person, old))
            and board.may(person, place, old)
        ):
            board.move(person, old, place)

    def _given_up_for(self, person: int, place: int) -> int | None:
        """Give the place that somebody leaves for another, NOWHERE for none; None: it cannot be."""
        grid, own = self._grid, self._board.mine[person]
        day, start, week, rest = grid.day[place], grid.start[place], grid.week[place], grid.rest
        clash, in_week = NOWHERE, []
        for other in own:
            if grid.day[other] == day or -rest < grid.start[other] - start < rest:
                if clash >= 0:
                    return None
                clash = other
            if grid.week[other] == week:
                in_week.append(other)
        who = grid.instance.volunteers[person]
        if clash >= 0:
            return clash
        if not own:
            return NOWHERE if who.max_shifts else None
        if len(in_week) >= MOST_A_WEEK:
            return in_week[int(self._fraction() * len(in_week))]
        if len(own) >= who.max_shifts or self._fraction() < HALF:
            return own[int(self._fraction() * len(own))]
        return NOWHERE

    def _go_together(self, person: int, old: int, place: int, rise: float) -> None:
        """A trainee goes where no mentor is free, and a mentor of the branch goes there too."""
        board, grid = self._board, self._grid
        mentors = self._mentors.get(board.branch[person])
        meeting = grid.on_phone[place]
        if mentors is None or meeting is None:
            return
        mentor = mentors[int(self._fraction() * len(mentors))]
        own = board.mine[mentor]
        if not own or meeting in own or meeting not in grid.options[mentor]:
            return
        left = own[int(self._fraction() * len(own))]
        if not self._accepts(rise + board.rise(mentor, left, meeting)):
            return
        if board.is_held(mentor, left) or not board.may(mentor, meeting, left):
            return
        if old >= 0 and board.is_held(person, old):
            return
        board.move(mentor, left, meeting)
        if board.may(person, place, old):
            board.move(person, old, place)
        else:
            board.move(mentor, meeting, left)

    def _leave(self, person: int, place: int) -> None:
        """Somebody leaves a place, and nobody takes it."""
        if self._accepts(self._board.rise(person, place, NOWHERE)) and not self._board.is_held(
            person, place
        ):
            self._board.lift(person, place)

    def _hand_on(self, person: int, place: int) -> None:
        """Somebody hands a place on to anybody who can; a trainee's stays with the trainee."""
        board, able = self._board, self._grid.able[place]
        other = able[int(self._fraction() * len(able))] if able else person
        if (
            board.is_trainee[person]
            or board.is_trainee[other]
            or place in board.mine[other]
            or not board.has_room(other)
        ):
            return
        if self._accepts(self._handing(person, other, place, NOWHERE)):
            self._swap(person, other, place, NOWHERE)

    def _exchange(self, person: int, place: int) -> None:
        """Somebody gives a place to one who prefers it, against the best of theirs, or for nothing.

        The cover stays as it is, so what it costs is about people only.
        """
        board, grid, eager = self._board, self._grid, self._eager[place]
        if board.is_trainee[person] or not eager:
            return
        options, own = grid.options[person], board.mine[person]
        if not options.get(place) and not grid.night[place] and self._fraction() < CONTENT:
            return
        other = eager[int(self._fraction() * len(eager))]
        if place in board.mine[other]:
            return
        best, found = math.inf, NOWHERE
        if board.has_room(other):
            best = self._handing(person, other, place, NOWHERE)
        for back in board.mine[other]:
            if back in options and back not in own:
                rise = self._handing(person, other, place, back)
                if rise < best:
                    best, found = rise, back
        if self._accepts(best):
            self._swap(person, other, place, found)

    def _handing(self, person: int, other: int, place: int, back: int) -> int:
        """Give what it costs that two people hand places over, or one does to the other."""
        board, grid = self._board, self._grid
        mine, theirs = grid.options[person], grid.options[other]
        rise = theirs[place] - mine.get(place, 0)
        more = int(grid.night[place])
        if back >= 0:
            rise += mine[back] - theirs.get(back, 0)
            more -= grid.night[back]
        else:
            rise += board.counted(person, -1) + board.counted(other, 1)
        if more:
            cost, less, has = board.nights_cost, board.nights[person], board.nights[other]
            rise += cost[less - more] - cost[less] + cost[has + more] - cost[has]
        return rise

    def _swap(self, person: int, other: int, place: int, back: int) -> None:
        """Hand the places over if the rules allow it; else all stays as it was."""
        board = self._board
        if board.is_held(person, place) or (back >= 0 and board.is_held(other, back)):
            return
        board.lift(person, place)
        if back >= 0:
            board.lift(other, back)
        if board.may(other, place) and (back < 0 or board.may(person, back)):
            board.put(other, place)
            if back >= 0:
                board.put(person, back)
            return
        board.put(person, place)
        if back >= 0:
            board.put(other, back)
