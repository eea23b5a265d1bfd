"""A branch's shifts for its coordinator: see, add, cancel, put on, take off."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from luisterlijn.edge.guard import Call, Face, Nothing, Routes
from luisterlijn.edge.queries import days_asked
from luisterlijn.kernel.clock import local_interval, midnight, to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, parse_id
from luisterlijn.kernel.scope import Role
from luisterlijn.rostering.wire import (
    BranchPeople,
    BranchPerson,
    NewShift,
    Place,
    PutOn,
    Shift,
    Shifts,
)

if TYPE_CHECKING:
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.rostering import model
    from luisterlijn.rostering.service import Roster, Taken

COORDINATORS = frozenset({Role.COORDINATOR, Role.PLANNER})
JUDGED = (
    Code.OVERLAPS,
    Code.NOT_TRAINED,
    Code.TWO_SHIFTS_A_DAY,
    Code.TOO_LITTLE_REST,
    Code.TOO_MANY_A_WEEK,
    Code.TOO_MANY_SHIFTS,
    Code.TOO_MANY_NIGHTS,
    Code.TRAINEE_ALONE,
    Code.DESKS_FULL,
    Code.ON_LEAVE,
    Code.NOT_AVAILABLE,
    Code.ACCOUNT_ENDED,
)
"""What can stand in the way of one more place."""


def routes(roster: Roster) -> Routes:
    """Give the routes of the room."""
    table = Routes("rostering")

    @table.add("GET", "/branch/shifts", may=COORDINATORS, face=Face.CONSOLE, gives=Shifts)
    async def shifts(call: Call[None]) -> Shifts:
        """Give the branch's shifts of `days` days from the local date `from`."""
        first, days = days_asked(call.request.query)
        branch = branch_asked(call.scope, call.request.query.get("branch"))
        found, taken = await roster.shifts(call.scope, branch, midnight(first), days)
        return Shifts(shifts=[_view(shift, taken) for shift in found])

    @table.add("GET", "/branch/people", may=COORDINATORS, face=Face.CONSOLE, gives=BranchPeople)
    async def people(call: Call[None]) -> BranchPeople:
        """Give the volunteers of the branch."""
        found = await roster.people(call.scope)
        return BranchPeople(
            people=[
                BranchPerson(
                    person=each.id.hex,
                    name=each.name,
                    channels=list(each.channels),
                    languages=list(each.languages),
                    trained=bool(each.channels),
                )
                for each in found
            ]
        )

    @table.add(
        "POST",
        "/branch/shifts",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=NewShift,
        gives=Shift,
        status=201,
        refuses=(Code.ZERO_LENGTH, Code.IN_THE_PAST),
    )
    async def add(call: Call[NewShift]) -> Shift:
        """Add a shift."""
        new = call.body
        try:
            starts, ends = time.fromisoformat(new.starts), time.fromisoformat(new.ends)
            if starts == ends:
                raise Refusal(Code.ZERO_LENGTH)
            during = local_interval(new.day, starts, ends)
        except (ValueError, OverflowError):
            raise Refusal(Code.BAD_REQUEST) from None
        branch = branch_asked(call.scope, new.branch)
        return _view(
            await roster.add_shift(call.scope, branch, during, new.channels, new.wanted), []
        )

    @table.add(
        "POST",
        "/branch/shifts/{shift}/cancel",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=Shift,
    )
    async def cancel(call: Call[Nothing]) -> Shift:
        """Cancel a shift: nothing new is offered to who stands on it."""
        return _view(*await roster.cancel(call.scope, call.id("shift")))

    @table.add(
        "POST",
        "/branch/shifts/{shift}/places",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=PutOn,
        gives=Shift,
        refuses=(*JUDGED, Code.SHIFT_CANCELLED, Code.IN_THE_PAST),
    )
    async def put_on(call: Call[PutOn]) -> Shift:
        """Put a volunteer on a shift."""
        person = parse_id(call.body.person)
        if person is None:
            raise Refusal(Code.NOT_FOUND)
        return _view(*await roster.put_on(call.scope, call.id("shift"), PersonId(person)))

    @table.add(
        "POST",
        "/branch/shifts/{shift}/places/{place}/remove",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=Shift,
    )
    async def take_off(call: Call[Nothing]) -> Shift:
        """Take somebody off a shift."""
        return _view(*await roster.take_off(call.scope, call.id("shift"), call.id("place")))

    return table


def branch_asked(scope: Scope, asked: str | None) -> BranchId:
    """Give the branch meant: the own one, or any for who works for the whole line.

    Raises:
        Refusal: `not-found`, also for who works for the whole line and names none.
    """
    named = parse_id(asked) if asked else scope.branch
    if named is None or (not scope.national and named != scope.branch):
        raise Refusal(Code.NOT_FOUND)
    return BranchId(named)


def _view(shift: model.Shift, taken: Taken) -> Shift:
    return Shift(
        shift=shift.id.hex,
        branch=shift.branch.hex,
        starts_at=to_wire(shift.during.start),
        ends_at=to_wire(shift.during.end),
        channels=list(shift.channels),
        state=shift.state.value,
        wanted=shift.wanted,
        places=[
            Place(place=place.id.hex, person=place.person.hex, name=name, state=place.state.value)
            for place, name in taken
            if place.shift == shift.id
        ],
    )
