"""A branch's shifts for its coordinator: see, add, cancel, put on, take off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.edge.guard import Call, Face, Nothing, Routes
from luisterlijn.edge.queries import branch_or_all, days_asked, hours_told, id_named
from luisterlijn.kernel.clock import midnight, to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.kernel.scope import COORDINATORS
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
        during = hours_told(new.day, new.starts, new.ends)
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
        person = PersonId(id_named(call.body.person))
        return _view(*await roster.put_on(call.scope, call.id("shift"), person))

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
    found = branch_or_all(scope, asked) or scope.branch
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return found


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
