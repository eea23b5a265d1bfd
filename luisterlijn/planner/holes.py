"""Somebody cannot come: how the hole is filled by asking three others at most. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from luisterlijn.kernel.clock import service_day
from luisterlijn.kernel.ids import PersonId
from luisterlijn.planner.bridge import (
    CAN,
    CANNOT,
    Proposal,
    draft,
    holding,
    unwritten,
    volunteers,
    without,
)
from luisterlijn.planner.grid import DAY_SLOTS, SLOT, SLOT_MINUTES, Grid, length_of
from luisterlijn.planner.model import ANSWERS
from luisterlijn.planner.who import candidates
from luisterlijn.planning.engine import BadBegin, BadPins
from luisterlijn.planning.instance import (
    PHONE,
    Assignment,
    Instance,
    Role,
    Roster,
    Template,
    Volunteer,
    roster,
)
from luisterlijn.planning.mending import Absence, mend
from luisterlijn.planning.rules import broken
from luisterlijn.rostering.ports import PlaceRow, Sheet, ShiftRow
from luisterlijn.rostering.rules import Book, role_of

if TYPE_CHECKING:
    from luisterlijn.planning.mending import Change

WEEK = timedelta(weeks=1)
DAYS = 21
"""The week itself, the one before and the one after: farther away nobody is moved."""
GOING = frozenset({"concept", "published"})
COMES = frozenset({"proposed", "published", "confirmed"})


class Move(NamedTuple):
    """What one person is asked: from a shift (None: free then) to another (None: home)."""

    person: PersonId
    old: ShiftRow | None
    new: ShiftRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """A place that somebody leaves, or has left; `person` is asked for nothing else."""

    person: PersonId | None
    shift: ShiftRow
    role: str


def first_day(shift: ShiftRow) -> date:
    """Give the Monday on which the three weeks around a shift begin."""
    day = service_day(shift.during.start)
    return day - timedelta(days=day.weekday()) - WEEK


def filled(sheet: Sheet, hole: Hole) -> list[Move]:
    """Say how a hole is filled as well as few can; empty: it stays open.

    Args:
        sheet: of the branch, three weeks from `first_day` on.
        hole: the place.
    """
    if hole.role not in ANSWERS:
        return []
    left = without(
        sheet,
        [
            row
            for row in sheet.places
            if row.person == hole.person and row.shift == hole.shift.shift
        ],
    )
    moves = _mended(left, hole)
    if moves and _is_lawful(left, moves):
        return moves
    can, _cannot = candidates(left, hole.shift)
    asked = [each for each in can if each.role in ANSWERS and each.facts.person != hole.person]
    return [Move(asked[0].facts.person, None, hole.shift)] if asked else []


def _mended(sheet: Sheet, hole: Hole) -> list[Move]:
    going = [each for each in sheet.shifts if each.state in GOING]
    first = first_day(hole.shift)
    grid = Grid.of(going, first, DAYS, length_of(hole.shift.during))
    there = grid.place(hole.shift.during) if grid is not None else None
    if grid is None or there is None:
        return []
    people = tuple(sheet.people)
    number = {person: index for index, person in enumerate(people)}
    on: dict[Assignment, PlaceRow] = {}
    for row in sheet.places:
        found = grid.row(number, row)
        if found is not None and row.role in ANSWERS and row.state in {*COMES, "checked_in"}:
            on[found] = row
    fixed = without(sheet, on.values())
    instance = _instance(sheet, fixed, grid, people, hole)
    ghost = Assignment(len(people), *there, PHONE)
    rows = holding(instance, roster(on))
    pinned = _staying(instance, rows, on)
    try:
        found_way = mend(
            replace(instance, need=(_need(grid),)),
            roster((*rows, ghost)),
            Absence(len(people), there[0], there[0]),
            pinned,
        )
    except (BadBegin, BadPins):
        return []
    return [_move(change, grid, people, on, sheet, hole) for change in found_way.changes]


def _instance(
    sheet: Sheet, fixed: Sheet, grid: Grid, people: tuple[PersonId, ...], hole: Hole
) -> Instance:
    nothing = (CANNOT * len(grid.hours),) * (DAYS + 1)
    known = [
        replace(who, availability=nothing) if people[who.id] == hole.person else who
        for who in volunteers(sheet, fixed, grid, people, DAYS, unsaid=CAN)
    ]
    absent = sheet.people.get(hole.person) if hole.person is not None else None
    mentoring = absent is not None and absent.is_mentor
    ghost = Volunteer(
        id=len(people),
        branch=0,
        role=Role.MENTOR if mentoring else Role.VOLUNTEER,
        channels=(PHONE,),
        home=True,
        wanted=0,
        max_shifts=1,
        max_nights=1,
        availability=("1" * len(grid.hours),) * (DAYS + 1),
    )
    return Instance(
        days=DAYS + 1,
        slot_minutes=SLOT_MINUTES,
        first_counted_slot=0,
        shift_slots=grid.length // SLOT,
        templates=tuple(
            Template(number, hour, grid.is_night(hour)) for number, hour in enumerate(grid.hours)
        ),
        channels=(PHONE,),
        need=((0,) * (DAYS + 2) * DAY_SLOTS,),
        volunteers=(*known, ghost),
    )


def _staying(instance: Instance, rows: Roster, on: dict[Assignment, PlaceRow]) -> list[Assignment]:
    """Give what nobody is asked to leave: pinned, allowed, begun; and all of who breaks a rule."""
    beyond = {each.volunteer for each in broken(instance, rows)}
    return [
        row
        for row in rows
        if row.volunteer in beyond
        or on[row].pinned
        or on[row].allowed is not None
        or on[row].state not in COMES
    ]


def _need(grid: Grid) -> tuple[int, ...]:
    need = [0] * ((DAYS + 2) * DAY_SLOTS)
    for place, shifts in grid.shifts.items():
        for slot in grid.slots(place):
            need[slot] += sum(each.wanted for each in shifts)
    return tuple(need)


def _move(
    change: Change,
    grid: Grid,
    people: tuple[PersonId, ...],
    on: dict[Assignment, PlaceRow],
    sheet: Sheet,
    hole: Hole,
) -> Move:
    shifts = {each.shift: each for each in sheet.shifts}
    old = on[change.old].shift if change.old is not None else None
    row = change.old or change.new
    person = people[row.volunteer] if row is not None else people[0]
    new = None
    if change.new is not None:
        at = (change.new.day, change.new.template)
        there = grid.shifts[at]
        taken = Counter(each.shift for each in sheet.places if each.role in ANSWERS)
        # The hole itself, else where most are missing.
        new = max(
            there,
            key=lambda each: (each == hole.shift, each.wanted - taken[each.shift]),
        )
    return Move(person, shifts[old] if old is not None else None, new)


def _is_lawful(sheet: Sheet, moves: list[Move]) -> bool:
    """Say whether the roster's own rules let all of it be, one beside the other."""
    gone = [
        row
        for move in moves
        for row in sheet.places
        if move.old is not None and (row.person, row.shift) == (move.person, move.old.shift)
    ]
    after = without(sheet, gone)
    for move in moves:
        if move.new is None:
            continue
        role = role_of(after.people[move.person], move.new.channels)
        book = Book(after)
        if book.against(move.person, move.new, role=role):
            return False
        if role in ANSWERS and book.missing(move.new) <= 0:
            return False
        new = draft(unwritten(len(after.places)), Proposal(move.person, move.new, role))
        after = replace(after, places=(*after.places, new))
    return not any(Book(after).left_alone(row.shift) for row in gone)
