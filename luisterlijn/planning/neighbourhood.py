"""Some people planned anew by a solver, with everybody else where they are."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from luisterlijn.planning import objective
from luisterlijn.planning.rules import DESKS, MOST_A_WEEK

if TYPE_CHECKING:
    from luisterlijn.planning.board import Board

Rows = dict[tuple[int, int], Any]


class Neighbourhood:
    """One model: a yes or no for each place that one of the chosen people can have.

    What is pinned stays on the board; the rules count it as it stands, and allow nothing more where
    it leaves no room.
    """

    def __init__(self, solver: Any, board: Board, people: list[int]) -> None:
        """Take the people off the board, but for what is pinned, and write the model.

        Args:
            solver: the module `ortools.sat.python.cp_model`.
            board: as it stands; `improve` leaves it as good or better.
            people: whom to plan anew.
        """
        self._solver, self._board, self._people = solver, board, people
        self._model = solver.CpModel()
        self._costs: list[Any] = []
        self._before = [
            (person, place)
            for person in people
            for place in board.mine[person]
            if (person, place) not in board.pinned
        ]
        self._cost_before = board.cost
        for person, place in self._before:
            board.lift(person, place)
        self._yes: Rows = {}
        for person in people:
            for place in board.grid.options[person]:
                if self._could(person, place):
                    self._yes[person, place] = self._model.new_bool_var("")
        for person in people:
            self._person(person)
        self._cover()
        self._mentors()
        self._desks()
        self._model.minimize(sum(self._costs))

    def improve(self, seconds: float, seed: int, workers: int) -> None:
        """Solve, and put the people where that says, or back where they were if it is no better."""
        standing = set(self._before)
        for key, yes in self._yes.items():
            self._model.add_hint(yes, int(key in standing))
        solver = self._solver.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.num_workers = workers
        solver.parameters.random_seed = seed
        found = solver.solve(self._model)
        board = self._board
        if found in {self._solver.OPTIMAL, self._solver.FEASIBLE}:
            put = [key for key, yes in self._yes.items() if solver.boolean_value(yes)]
            for person, place in put:
                board.put(person, place)
            if board.cost <= self._cost_before:
                return
            for person, place in put:
                board.lift(person, place)
        for person, place in self._before:
            board.put(person, place)

    def _could(self, person: int, place: int) -> bool:
        """Say whether nothing that is pinned is in the way; the rest is the model's."""
        board = self._board
        return board.has_room(person) and board.suits(person, place)

    def _person(self, person: int) -> None:
        """Write the rules and costs of one person."""
        board, grid, model = self._board, self._board.grid, self._model
        mine = {place: yes for (who, place), yes in self._yes.items() if who == person}
        own, who = board.mine[person], grid.instance.volunteers[person]
        by_day, by_week = defaultdict(list), defaultdict(list)
        for place, yes in mine.items():
            by_day[grid.day[place]].append(yes)
            by_week[grid.week[place]].append(yes)
            if grid.options[person][place]:
                self._costs.append(grid.options[person][place] * yes)
        for each in by_day.values():
            model.add_at_most_one(each)
        for week, each in by_week.items():
            has = sum(grid.week[place] == week for place in own)
            model.add(sum(each) <= max(0, MOST_A_WEEK - has))
        self._rest(mine)
        count = model.new_int_var(0, max(0, who.max_shifts - len(own)), "")
        model.add(count == sum(mine.values()))
        curve = board.wanted_cost[person]
        self._convex(count, curve[len(own) : max(who.max_shifts, len(own)) + 1])
        has, most = board.nights[person], max(who.max_nights, board.nights[person])
        nights = model.new_int_var(0, most - has, "")
        model.add(nights == sum(yes for place, yes in mine.items() if grid.night[place]))
        self._convex(nights, board.nights_cost[has : most + 1])

    def _rest(self, mine: dict[int, Any]) -> None:
        """Write that two shifts with too little rest between do not go together."""
        grid = self._board.grid
        starts = defaultdict(list)
        for place, yes in mine.items():
            starts[grid.start[place]].append(yes)
        order = sorted(starts)
        for first in order:
            # All that start within one stretch of work and rest exclude each other.
            within = [start for start in order if first <= start < first + grid.rest]
            if len(within) > 1:
                self._model.add_at_most_one(yes for start in within for yes in starts[start])

    def _convex(self, count: Any, curve: list[int]) -> None:
        """Add a cost that depends on a count from 0; no step costs less than the one before."""
        steps = [after - before for before, after in pairwise(curve)]
        if not any(steps):
            return
        taken = [self._model.new_bool_var("") for _ in steps]
        self._model.add(sum(taken) == count)
        self._costs += [step * each for step, each in zip(steps, taken, strict=True) if step]

    def _cover(self) -> None:
        """Write what is missing and what is too much in each slot that these people can cover."""
        board, grid, model = self._board, self._board.grid, self._model
        standing = defaultdict(list)
        for (person, place), yes in self._yes.items():
            if not board.is_trainee[person]:
                for slot in board.demand.slots[place]:
                    standing[place % grid.channels, slot].append(yes)
        for (channel, slot), each in standing.items():
            gap = board.demand.gap[channel][slot]
            name = grid.instance.channels[channel]
            surplus = model.new_int_var(0, max(0, len(each) - gap), "")
            if gap <= 0:
                model.add(surplus == sum(each))
            else:
                missing = model.new_int_var(0, gap, "")
                model.add(missing - surplus == gap - sum(each))
                curve = [objective.missing_cost(name, count) for count in range(gap + 1)]
                self._pieces(missing, curve)
            self._costs.append(objective.SURPLUS * surplus)

    def _pieces(self, missing: Any, curve: list[int]) -> None:
        """Add the cost of missing people: the first, the second, all further ones."""
        for count in range(min(3, len(curve) - 1)):
            step = curve[count + 1] - curve[count]
            before = curve[count] - curve[count - 1] if count else 0
            above = self._model.new_int_var(0, len(curve) - 1 - count, "")
            self._model.add(above >= missing - count)
            self._costs.append((step - before) * above)

    def _mentors(self) -> None:
        """Write that no trainee is alone, of these people or of the others."""
        board, grid = self._board, self._board.grid
        trainees, mentors = defaultdict(list), defaultdict(list)
        for (person, place), yes in self._yes.items():
            there = (board.branch[person], place // grid.channels)
            if board.is_trainee[person]:
                trainees[there].append(yes)
            elif board.is_mentor[person] and grid.phone[place]:
                mentors[there].append(yes)
        for key in trainees.keys() | mentors.keys():
            branch, shift = key
            free = board.mentors[branch][shift] - board.trainees[branch][shift]
            self._model.add(sum(trainees[key]) <= free + sum(mentors[key]))

    def _desks(self) -> None:
        """Write that a branch has no more at its desks than it has desks."""
        board, grid = self._board, self._board.grid
        sitting = defaultdict(list)
        for (person, place), yes in self._yes.items():
            if not grid.home[person]:
                start = grid.start[place]
                for slot in range(start, start + grid.length):
                    sitting[board.branch[person], slot].append(yes)
        for (branch, slot), each in sitting.items():
            left = DESKS - board.desks[branch][slot]
            if len(each) > left:
                self._model.add(sum(each) <= left)
