"""A roster while it is being made: what each change would cost is known without counting again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.planning import objective
from luisterlijn.planning.instance import HOUR_MINUTES, PHONE, Assignment, Role, roster
from luisterlijn.planning.rules import DESKS, MOST_A_WEEK, REST_HOURS, WEEK_DAYS

if TYPE_CHECKING:
    from luisterlijn.planning.instance import Instance, Roster

NOWHERE = -1
"""In place of a place: none."""


class Grid:
    """The places of an instance as numbers, and who may stand on which; it does not change.

    A *place* is one shift on one channel: `(day * templates + template) * channels + channel`.
    People are numbered as the instance lists them.
    """

    def __init__(self, instance: Instance) -> None:
        """Number the places."""
        self.instance = instance
        self.channels = len(instance.channels)
        self.shifts = instance.days * len(instance.templates)
        self.places = self.shifts * self.channels
        self.number = {each.id: person for person, each in enumerate(instance.volunteers)}
        keys = [
            divmod(place // self.channels, len(instance.templates)) for place in range(self.places)
        ]
        self.day = [day for day, _ in keys]
        self.week = [day // WEEK_DAYS for day in self.day]
        self.start = [instance.start(*key) for key in keys]
        self.home = [each.home for each in instance.volunteers]
        self.max_nights = [each.max_nights for each in instance.volunteers]
        self.length = instance.shift_slots
        self.night = [instance.templates[template].night for _, template in keys]
        self.phone = [
            instance.channels[place % self.channels] == PHONE for place in range(self.places)
        ]
        phone = {place // self.channels: place for place in range(self.places) if self.phone[place]}
        self.on_phone = [phone.get(place // self.channels) for place in range(self.places)]
        self.rest = instance.shift_slots + REST_HOURS * HOUR_MINUTES // instance.slot_minutes
        self.options = [self._options(person) for person in range(len(instance.volunteers))]
        self.people = [person for person, options in enumerate(self.options) if options]
        self.able: list[list[int]] = [[] for _ in range(self.places)]
        for person, options in enumerate(self.options):
            for place in options:
                self.able[place].append(person)

    def _options(self, person: int) -> dict[int, int]:
        """Give the places of somebody, each with what it costs that it is not preferred."""
        who = self.instance.volunteers[person]
        found: dict[int, int] = {}
        numbers = [self.instance.channels.index(each) for each in who.channels]
        for day, levels in enumerate(who.availability):
            for template, level in enumerate(levels):
                if level != "0":
                    shift = (day * len(levels) + template) * self.channels
                    found |= {
                        shift + number: objective.NOT_PREFERRED * (level == objective.CAN)
                        for number in numbers
                    }
        return found

    def place(self, row: Assignment) -> int:
        """Give the number of an assignment's place."""
        shift = row.day * len(self.instance.templates) + row.template
        return shift * self.channels + self.instance.channels.index(row.channel)

    def row(self, person: int, place: int) -> Assignment:
        """Give the assignment of somebody at a place."""
        shift, channel = divmod(place, self.channels)
        day, template = divmod(shift, len(self.instance.templates))
        who = self.instance.volunteers[person]
        return Assignment(who.id, day, template, self.instance.channels[channel])


class Demand:
    """What one more or one less at a place would cost, kept up with each change."""

    def __init__(self, grid: Grid) -> None:
        """Begin with nobody anywhere."""
        instance = grid.instance
        self.adding = [0] * grid.places
        self.lifting = [0] * grid.places
        most = max((max(row, default=0) for row in instance.need), default=0)
        head = len(instance.volunteers) + 2
        # Negative gaps are surplus: Python reads a list from its end for them.
        self._one_more = [
            [
                objective.missing_cost(channel, gap - 1) - objective.missing_cost(channel, gap)
                if gap > 0
                else objective.SURPLUS
                for gap in [*range(most + 2), *range(-head, 0)]
            ]
            for channel in instance.channels
        ]
        self.gap = [list(row[: instance.slots]) for row in instance.need]
        counted = range(instance.first_counted_slot, instance.slots)
        self.slots = [
            [slot for slot in range(start, start + instance.shift_slots) if slot in counted]
            for start in grid.start
        ]
        self._beside: list[list[list[int]]] = [
            [[] for _ in range(instance.slots)] for _ in instance.channels
        ]
        for place, slots in enumerate(self.slots):
            for slot in slots:
                self._beside[place % grid.channels][slot].append(place)
        self._channels = grid.channels
        self._now_more = [
            [table[gap] for gap in row] for table, row in zip(self._one_more, self.gap, strict=True)
        ]
        self._now_less = [
            [-table[gap + 1] for gap in row]
            for table, row in zip(self._one_more, self.gap, strict=True)
        ]
        for place, slots in enumerate(self.slots):
            channel = place % grid.channels
            self.adding[place] = sum(self._now_more[channel][slot] for slot in slots)
            self.lifting[place] = sum(self._now_less[channel][slot] for slot in slots)

    def change(self, place: int, more: int) -> None:
        """Note that `more` (1 or -1) people stand at a place."""
        channel = place % self._channels
        gap, table, beside = self.gap[channel], self._one_more[channel], self._beside[channel]
        now_more, now_less = self._now_more[channel], self._now_less[channel]
        adding, lifting = self.adding, self.lifting
        for slot in self.slots[place]:
            gap[slot] = left = gap[slot] - more
            rise = table[left] - now_more[slot]
            if rise:
                now_more[slot] += rise
                for each in beside[slot]:
                    adding[each] += rise
            rise = -table[left + 1] - now_less[slot]
            if rise:
                now_less[slot] += rise
                for each in beside[slot]:
                    lifting[each] += rise

    def moving(self, old: int, new: int) -> int:
        """Give what it costs that one person goes from a place to another."""
        delta = self.lifting[old] + self.adding[new]
        channel = old % self._channels
        if channel == new % self._channels:
            common = set(self.slots[old]).intersection(self.slots[new])
            more, less = self._now_more[channel], self._now_less[channel]
            for slot in common:
                delta -= more[slot] + less[slot]
        return delta


class Board:
    """Who stands where, with the rules at hand; `cost` is that of the whole roster at any moment.

    It starts with nobody anywhere. Nothing here refuses: who puts somebody asks `may` first.
    """

    def __init__(self, grid: Grid) -> None:
        """Begin with nobody anywhere."""
        instance = grid.instance
        people = instance.volunteers
        self.grid = grid
        self.demand = Demand(grid)
        self.mine: list[list[int]] = [[] for _ in people]
        self.nights = [0] * len(people)
        self.pinned: set[tuple[int, int]] = set()
        self.is_trainee = [each.role is Role.TRAINEE for each in people]
        self.is_mentor = [each.role is Role.MENTOR for each in people]
        counts = range(grid.shifts + 2)
        alike = {(each.role, each.wanted): each for each in people}
        curves = {
            key: [objective.wanted_cost(each, count) for count in counts]
            for key, each in alike.items()
        }
        self.wanted_cost = [curves[each.role, each.wanted] for each in people]
        self.nights_cost = [objective.nights_cost(count) for count in counts]
        branches = {each.branch: 0 for each in people}
        branches = {branch: number for number, branch in enumerate(branches)}
        self.branch = [branches[each.branch] for each in people]
        self.mentors = [[0] * grid.shifts for _ in branches]
        self.trainees = [[0] * grid.shifts for _ in branches]
        self.desks = [[0] * (max(grid.start) + instance.shift_slots) for _ in branches]
        self.cost = objective.cost(instance, ()).total

    def put(self, person: int, place: int) -> None:
        """Put somebody at a place."""
        count, nights = len(self.mine[person]), self.nights[person]
        self.cost += self.grid.options[person].get(place, 0)
        self.cost += self.wanted_cost[person][count + 1] - self.wanted_cost[person][count]
        if self.grid.night[place]:
            self.cost += self.nights_cost[nights + 1] - self.nights_cost[nights]
        if not self.is_trainee[person]:
            self.cost += self.demand.adding[place]
        self.mine[person].append(place)
        self._note(person, place, 1)

    def lift(self, person: int, place: int) -> None:
        """Take somebody from a place."""
        count, nights = len(self.mine[person]), self.nights[person]
        self.cost -= self.grid.options[person].get(place, 0)
        self.cost += self.wanted_cost[person][count - 1] - self.wanted_cost[person][count]
        if self.grid.night[place]:
            self.cost += self.nights_cost[nights - 1] - self.nights_cost[nights]
        if not self.is_trainee[person]:
            self.cost += self.demand.lifting[place]
        self.mine[person].remove(place)
        self._note(person, place, -1)

    def move(self, person: int, old: int, new: int) -> None:
        """Move somebody from a place to another; either can be NOWHERE."""
        if old >= 0:
            self.lift(person, old)
        if new >= 0:
            self.put(person, new)

    def _note(self, person: int, place: int, more: int) -> None:
        grid, branch, shift = self.grid, self.branch[person], place // self.grid.channels
        self.nights[person] += more * grid.night[place]
        if self.is_trainee[person]:
            self.trainees[branch][shift] += more
        else:
            self.demand.change(place, more)
            if self.is_mentor[person] and grid.phone[place]:
                self.mentors[branch][shift] += more
        if not grid.home[person]:
            desks, start = self.desks[branch], grid.start[place]
            for slot in range(start, start + grid.length):
                desks[slot] += more

    def may(self, person: int, place: int, leaving: int = NOWHERE) -> bool:
        """Say whether somebody may stand at a place, after leaving another if one is given.

        The place is one of the person's options; how many shifts are allowed is not looked at.
        """
        if not self.suits(person, place, leaving):
            return False
        if self.is_trainee[person] and not self.has_free_mentor(self.branch[person], place):
            return False
        return self.grid.home[person] or self._has_desk(person, place, leaving)

    def suits(self, person: int, place: int, leaving: int = NOWHERE) -> bool:
        """Say whether a place goes with the person's other ones, whoever else is there."""
        grid, rest = self.grid, self.grid.rest
        day, week, start, in_week = grid.day[place], grid.week[place], grid.start[place], 0
        for other in self.mine[person]:
            if other != leaving:
                if grid.day[other] == day or -rest < grid.start[other] - start < rest:
                    return False
                in_week += grid.week[other] == week
        if in_week >= MOST_A_WEEK:
            return False
        if grid.night[place]:
            nights = self.nights[person] - (leaving >= 0 and grid.night[leaving])
            if nights >= grid.max_nights[person]:
                return False
        return True

    def rise(self, person: int, old: int, new: int) -> int:
        """Give what it costs that somebody goes from a place to another; one can be NOWHERE."""
        grid, options, demand = self.grid, self.grid.options[person], self.demand
        rise = nights = 0
        if new >= 0:
            rise += options[new]
            nights += grid.night[new]
        if old >= 0:
            rise -= options.get(old, 0)
            nights -= grid.night[old]
        if nights:
            curve, has = self.nights_cost, self.nights[person]
            rise += curve[has + nights] - curve[has]
        if old < 0 or new < 0:
            rise += self.counted(person, 1 if old < 0 else -1)
        if self.is_trainee[person]:
            return rise
        if old < 0:
            return rise + demand.adding[new]
        if new < 0:
            return rise + demand.lifting[old]
        if abs(grid.start[old] - grid.start[new]) < grid.length:
            return rise + demand.moving(old, new)
        return rise + demand.lifting[old] + demand.adding[new]

    def counted(self, person: int, more: int) -> int:
        """Give what it costs that somebody has one shift more (1) or fewer (-1)."""
        curve, count = self.wanted_cost[person], len(self.mine[person])
        return curve[count + more] - curve[count]

    def has_room(self, person: int) -> bool:
        """Say whether somebody may have one shift more."""
        return len(self.mine[person]) < self.grid.instance.volunteers[person].max_shifts

    def has_free_mentor(self, branch: int, place: int) -> bool:
        """Say whether a mentor of the branch is on the phone in this shift without a trainee."""
        shift = place // self.grid.channels
        return self.mentors[branch][shift] > self.trainees[branch][shift]

    def lacks_mentor(self, branch: int, place: int) -> bool:
        """Say whether a trainee of the branch is alone in this shift."""
        shift = place // self.grid.channels
        return self.mentors[branch][shift] < self.trainees[branch][shift]

    def _has_desk(self, person: int, place: int, leaving: int) -> bool:
        start, length = self.grid.start[place], self.grid.length
        taken = self.desks[self.branch[person]][start : start + length]
        if leaving >= 0:
            left = self.grid.start[leaving] - start
            for slot in range(max(0, left), min(length, left + length)):
                taken[slot] -= 1
        return max(taken) < DESKS

    def is_held(self, person: int, place: int) -> bool:
        """Say whether somebody must stay: pinned, or the mentor of a trainee there."""
        if (person, place) in self.pinned:
            return True
        if not self.is_mentor[person] or not self.grid.phone[place]:
            return False
        return not self.has_free_mentor(self.branch[person], place)

    def rows(self) -> Roster:
        """Give the roster as it stands."""
        row = self.grid.row
        return roster(row(person, place) for person, own in enumerate(self.mine) for place in own)
