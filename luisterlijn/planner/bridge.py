"""Between the roster's rows and what an engine plans: one branch, one period. Pure.

An engine knows people who can take *a* shift; on a real one stands somebody for all its channels at
once. So each place counts as one person on one channel, and being trained for any of the shift's
makes somebody fit for it. What the roster's rules say against somebody on a shift, beside all that
is not to be moved, is asked of those rules and not told a second time here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from luisterlijn.kernel.clock import service_day
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import PersonId, PlaceId
from luisterlijn.planner.grid import DAY_SLOTS, SLOT, SLOT_MINUTES, Grid, Place
from luisterlijn.planner.model import ANSWERS
from luisterlijn.planner.who import LOATH, PREFERRED, TRAINEE, wish_of
from luisterlijn.planning.engine import confirmed
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
from luisterlijn.planning.rules import NEVER, broken
from luisterlijn.rostering.ports import PlaceRow, Sheet, ShiftRow
from luisterlijn.rostering.rules import Book, role_of, wished

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from luisterlijn.kernel.ids import ShiftId
    from luisterlijn.volunteers.ports import Facts

BY_PLANNERS = ("solver", "coordinator")
CANNOT, CAN, PREFERS = "012"
MENTOR = "mentor"


class Proposal(NamedTuple):
    """Somebody on a draft of a shift, as what."""

    person: PersonId
    shift: ShiftRow
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One branch's period as an engine plans it.

    Args:
        instance: the problem.
        pinned: what stands and is not to be moved.
        begin: `pinned`, and what was proposed before, when that breaks no rule.
        people: by the number that the instance gives them.
        shifts: drafts by day and template.
        left: drafts of hours that no engine plans: another length, or no whole hour.
    """

    instance: Instance
    pinned: Roster
    begin: Roster
    people: tuple[PersonId, ...]
    shifts: Mapping[Place, tuple[ShiftRow, ...]]
    left: tuple[ShiftRow, ...]


def movable(sheet: Sheet) -> list[PlaceRow]:
    """Give the proposals that a plan may change: planners' own, on drafts, not pinned.

    A mentor stays beside a trainee who stays.
    """
    drafts = {each.shift for each in sheet.shifts if each.state == "concept"}
    free = {row.place for row in sheet.places if row.shift in drafts and _is_free(row)}
    with_trainee = {
        row.shift for row in sheet.places if row.role == TRAINEE and row.place not in free
    }
    return [
        row
        for row in sheet.places
        if row.place in free and not (row.role == MENTOR and row.shift in with_trainee)
    ]


def _is_free(row: PlaceRow) -> bool:
    ours = row.state == "proposed" and row.origin in BY_PLANNERS and row.person is not None
    return ours and row.role != "reserve" and not row.pinned and row.allowed is None


def without(sheet: Sheet, rows: Iterable[PlaceRow]) -> Sheet:
    """Give a sheet on which these places do not stand."""
    gone = {row.place for row in rows}
    return replace(sheet, places=tuple(row for row in sheet.places if row.place not in gone))


def problem(
    sheet: Sheet, first: date, days: int, targets: Mapping[ShiftId, int] | None = None
) -> Problem | None:
    """Give what an engine is to plan; None: there is no draft that it could.

    Args:
        sheet: of one branch, of all the days.
        first: the first day.
        days: how many.
        targets: how many a shift should have; None, or not in it: as many as are wanted.
    """
    drafts = [each for each in sheet.shifts if each.state == "concept"]
    grid = Grid.of(drafts, first, days)
    if grid is None:
        return None
    before = movable(sheet)
    fixed = without(sheet, before)
    people = tuple(sheet.people)
    instance = Instance(
        # The last night reaches into a day more, on which nobody is planned.
        days=days + 1,
        slot_minutes=SLOT_MINUTES,
        first_counted_slot=0,
        shift_slots=grid.length // SLOT,
        templates=tuple(
            Template(number, hour, grid.is_night(hour)) for number, hour in enumerate(grid.hours)
        ),
        channels=(PHONE,),
        need=((0,) * (days + 2) * DAY_SLOTS,),
        volunteers=volunteers(sheet, fixed, grid, people, days),
    )
    number = {person: index for index, person in enumerate(people)}
    stands = {
        row: each
        for each in fixed.places
        if each.role != "reserve" and (row := grid.row(number, each)) is not None
    }
    pinned = holding(instance, roster(stands))
    need = _need(grid, fixed, [stands[row] for row in pinned], targets or {}, days)
    instance = replace(instance, need=(need,))
    found = {row for each in before if (row := grid.row(number, each)) is not None}
    begin = roster({*pinned, *found})
    return Problem(
        instance=instance,
        pinned=pinned,
        begin=begin if found and confirmed(instance, begin, pinned) else (),
        people=people,
        shifts=grid.shifts,
        left=grid.left,
    )


def proposals(found: Problem, rows: Iterable[Assignment], sheet: Sheet) -> list[Proposal]:
    """Give what an engine's roster means for the drafts, as the roster's own rules let it.

    Args:
        found: the problem.
        rows: the engine's roster.
        sheet: as it stands now: what was done meanwhile goes before the plan.

    Returns:
        Whom to propose, pinned ones and others that stand not among them.
    """
    fixed = without(sheet, movable(sheet))
    now = {each.shift: each for each in sheet.shifts if each.state == "concept"}
    room = Counter({each.shift: each.wanted for each in now.values()})
    room.subtract(row.shift for row in fixed.places if row.role in ANSWERS)
    there = {(row.person, row.shift) for row in fixed.places}
    wanted: list[Proposal] = []
    pinned = set(found.pinned)
    for row in sorted(set(rows) - pinned, key=lambda each: _turn(found, each)):
        person = found.people[row.volunteer]
        facts = sheet.people.get(person)
        shifts = [
            now[each.shift]
            for each in found.shifts.get((row.day, row.template), ())
            if each.shift in now and (person, each.shift) not in there
        ]
        if facts is None:
            continue
        for shift in sorted(shifts, key=lambda each: -room[each.shift]):
            role = role_of(facts, shift.channels)
            if role not in ANSWERS or room[shift.shift] > 0:
                wanted.append(Proposal(person, shift, role))
                room[shift.shift] -= role in ANSWERS
                break
    return _lawful(fixed, wanted)


def _turn(found: Problem, row: Assignment) -> tuple[int, bool, int]:
    """Let mentors choose their shift first, then who prefers it; trainees follow."""
    who = found.instance.volunteers[row.volunteer]
    order = {Role.MENTOR: 0, Role.VOLUNTEER: 1, Role.TRAINEE: 2}[who.role]
    return order, who.availability[row.day][row.template] != PREFERS, row.volunteer


def _lawful(fixed: Sheet, wanted: Sequence[Proposal]) -> list[Proposal]:
    """Leave out what breaks a rule of the roster beside the rest, the last ones first."""
    kept = list(wanted)
    while True:
        drafts = [draft(unwritten(number), each) for number, each in enumerate(kept)]
        book = Book(replace(fixed, places=(*fixed.places, *drafts)))
        bad = [
            number
            for number, (each, row) in enumerate(zip(kept, drafts, strict=True))
            if book.against(each.person, each.shift, role=each.role, without=(row.place,))
        ]
        if not bad:
            return kept
        del kept[bad[-1]]


def unwritten(number: int) -> PlaceId:
    """Give an id to what is no row and is only reckoned with."""
    return PlaceId(UUID(int=number + 1))


def draft(place: PlaceId, each: Proposal) -> PlaceRow:
    """Give a proposal as the place that it is, or would be."""
    return PlaceRow(
        place=place,
        shift=each.shift.shift,
        branch=each.shift.branch,
        person=each.person,
        during=each.shift.during,
        role=each.role,
        state="proposed",
        origin="solver",
        pinned=False,
        allowed=None,
        on_behalf=False,
        night=each.shift.night,
    )


def volunteers(
    sheet: Sheet,
    fixed: Sheet,
    grid: Grid,
    people: Sequence[PersonId],
    days: int,
    unsaid: str = CANNOT,
) -> tuple[Volunteer, ...]:
    """Give people as an engine knows them, in this order.

    Args:
        sheet: with what they wish.
        fixed: the same, with only what an engine does not know of.
        grid: of the shifts that they could take.
        people: who.
        days: how many; on one more they cannot.
        unsaid: what is taken for the wish of who said nothing.
    """
    book = Book(fixed)
    return tuple(
        _volunteer(number, sheet, book, grid, sheet.people[person], days, unsaid)
        for number, person in enumerate(people)
    )


def _volunteer(
    number: int,
    sheet: Sheet,
    book: Book,
    grid: Grid,
    facts: Facts,
    days: int,
    unsaid: str,
) -> Volunteer:
    wish = wish_of(sheet, facts.person, grid.first)
    most, nights = facts.most_shifts, facts.most_nights
    if wish is not None:
        most, nights = min(most, wish.most), min(nights, wish.nights)
    nothing = CANNOT * len(grid.hours)
    role = Role.TRAINEE if facts.is_trainee else Role.MENTOR if facts.is_mentor else Role.VOLUNTEER
    asked = facts.person in sheet.wishes or unsaid != CANNOT
    return Volunteer(
        id=number,
        branch=0,
        role=role,
        channels=(PHONE,) if facts.channels or facts.is_trainee else (),
        home=facts.home,
        wanted=wish.wanted if wish is not None else 0,
        max_shifts=most,
        max_nights=nights,
        availability=(
            *(
                "".join(
                    _level(
                        *(sheet, book, facts.person),
                        grid.shifts.get((day, template), ()),
                        unsaid,
                    )
                    for template in range(len(grid.hours))
                )
                if asked
                else nothing
                for day in range(days)
            ),
            nothing,
        ),
    )


def _level(
    sheet: Sheet, book: Book, person: PersonId, shifts: Iterable[ShiftRow], unsaid: str
) -> str:
    """Give the best that somebody said of one of these shifts, and may."""
    return max((_said(sheet, book, person, shift, unsaid) for shift in shifts), default=CANNOT)


def _said(sheet: Sheet, book: Book, person: PersonId, shift: ShiftRow, unsaid: str) -> str:
    wish = wish_of(sheet, person, service_day(shift.during.start))
    signs = (wished(wish, shift.during) if wish is not None else "") or unsaid
    # Who would rather not is asked by people, not by an engine.
    if LOATH in signs or CANNOT in signs:
        return CANNOT
    # A mentor may still be planned beside.
    if set(book.against(person, shift)) - {Code.TRAINEE_ALONE}:
        return CANNOT
    return PREFERS if set(signs) == {PREFERRED} else CAN


def holding(instance: Instance, rows: Roster) -> Roster:
    """Leave out what no engine could keep: the roster's rules know of it all the same."""
    while True:
        bad = {
            (each.volunteer, each.day, each.template)
            for each in broken(instance, rows)
            if each.rule in NEVER
        }
        if not bad:
            return rows
        rows = tuple(row for row in rows if (row.volunteer, row.day, row.template) not in bad)


def _need(
    grid: Grid,
    fixed: Sheet,
    pinned: Iterable[PlaceRow],
    targets: Mapping[ShiftId, int],
    days: int,
) -> tuple[int, ...]:
    """Give how many are needed in each slot, pinned ones counted among them."""
    need = [0] * ((days + 2) * DAY_SLOTS)
    drafts = {each.shift for rows in grid.shifts.values() for each in rows}
    held = Counter(row.shift for row in pinned if row.role in ANSWERS)
    stands = Counter(row.shift for row in fixed.places if row.role in ANSWERS)
    for place, shifts in grid.shifts.items():
        # Who stands there but could not be pinned is no more to be found.
        count = sum(
            max(0, targets.get(each.shift, each.wanted) - stands[each.shift] + held[each.shift])
            for each in shifts
        )
        for slot in grid.slots(place):
            need[slot] += count
    for row in pinned:
        found = grid.place(row.during)
        if row.shift not in drafts and row.role in ANSWERS and found is not None:
            for slot in grid.slots(found):
                need[slot] += 1
    return tuple(need)
