"""Who stands where, for who plans it: put on, take off, pin; and the inbox of swaps and leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.edge.guard import Call, Face, Nothing, Routes
from luisterlijn.edge.queries import check_day, id_named
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import PersonId, PlaceId
from luisterlijn.kernel.scope import COORDINATORS
from luisterlijn.rostering import wire_plan as wire
from luisterlijn.rostering.routes import JUDGED, branch_asked

if TYPE_CHECKING:
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.rostering.ports import PlaceRow
    from luisterlijn.rostering.service import Roster


def routes(roster: Roster) -> Routes:
    """Give the routes of places and of the inbox."""
    table = Routes("placing people")
    _places(table, roster)
    _swaps(table, roster)
    _leave(table, roster)
    return table


def _places(table: Routes, roster: Roster) -> None:
    @table.add(
        "POST",
        "/planner/shifts/{shift}/places",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=wire.PutOnShift,
        gives=wire.PlannedPlace,
        status=201,
        refuses=(*JUDGED, Code.SHIFT_CANCELLED, Code.IN_THE_PAST),
    )
    async def put_on(call: Call[wire.PutOnShift]) -> wire.PlannedPlace:
        """Put somebody on a shift."""
        body = call.body
        place = await roster.assigning.put_on(
            call.scope,
            call.id("shift"),
            PersonId(id_named(body.person)),
            role=body.role,
            allowed=body.allowed,
            on_behalf=body.on_behalf,
        )
        return await _shown(roster, call.scope, place)

    @table.add(
        "POST",
        "/planner/places/{place}/pin",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=wire.PlannedPlace,
    )
    async def pin(call: Call[Nothing]) -> wire.PlannedPlace:
        """Hold a place where no engine moves it."""
        return await _shown(
            roster, call.scope, await roster.assigning.pin(call.scope, call.id("place"))
        )

    @table.add(
        "POST",
        "/planner/places/{place}/unpin",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=wire.PlannedPlace,
    )
    async def unpin(call: Call[Nothing]) -> wire.PlannedPlace:
        """Let an engine move a place again."""
        return await _shown(
            roster, call.scope, await roster.assigning.unpin(call.scope, call.id("place"))
        )

    @table.add(
        "POST",
        "/planner/places/{place}/take-off",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
    )
    async def take_off(call: Call[Nothing]) -> None:
        """Take somebody off a shift."""
        await roster.assigning.take_off(call.scope, call.id("place"))

    @table.add(
        "POST",
        "/planner/places/{place}/cannot",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
    )
    async def cannot(call: Call[Nothing]) -> None:
        """Note that somebody told they cannot; no reason is asked."""
        await roster.assigning.cannot(call.scope, call.id("place"))


def _swaps(table: Routes, roster: Roster) -> None:
    @table.add("GET", "/planner/inbox", may=COORDINATORS, face=Face.CONSOLE, gives=wire.Inbox)
    async def inbox(call: Call[None]) -> wire.Inbox:
        """Give the swaps and the leave that wait in a branch."""
        branch = branch_asked(call.scope, call.request.query.get("branch"))
        return await roster.plan_views.inbox(call.scope, branch)

    @table.add(
        "POST",
        "/planner/swaps/{swap}/accept",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=wire.AcceptFor,
        gives=wire.PlannedPlace,
        status=201,
        refuses=(*JUDGED, Code.SWAP_GONE),
    )
    async def accept(call: Call[wire.AcceptFor]) -> wire.PlannedPlace:
        """Take a swap for somebody without a computer."""
        given = call.body.place
        place = await roster.swaps.accept_for(
            call.scope,
            call.id("swap"),
            PersonId(id_named(call.body.person)),
            PlaceId(id_named(given)) if given else None,
        )
        return await _shown(roster, call.scope, place)

    @table.add(
        "POST",
        "/planner/swaps/{swap}/withdraw",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
        refuses=(Code.SWAP_GONE,),
    )
    async def withdraw(call: Call[Nothing]) -> None:
        """Let somebody keep their place."""
        await roster.swaps.withdraw_for(call.scope, call.id("swap"))


def _leave(table: Routes, roster: Roster) -> None:
    @table.add(
        "POST",
        "/planner/leave",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=wire.LeaveFor,
        gives=wire.InboxLeave,
        status=201,
        refuses=(Code.IN_THE_PAST,),
    )
    async def ask(call: Call[wire.LeaveFor]) -> wire.InboxLeave:
        """Ask leave for somebody without a computer."""
        body = call.body
        asked = await roster.leaves.ask_for(
            call.scope, PersonId(id_named(body.person)), check_day(body.first), check_day(body.last)
        )
        return await roster.plan_views.leave(call.scope, asked)

    @table.add(
        "POST",
        "/planner/leave/{leave}/grant",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=wire.GrantedLeave,
        refuses=(Code.TOO_LATE, Code.TRY_AGAIN),
    )
    async def grant(call: Call[Nothing]) -> wire.GrantedLeave:
        """Say yes to leave: the places of those days are open then."""
        done = await roster.leaves.grant(call.scope, call.id("leave"))
        return wire.GrantedLeave(
            released=await roster.plan_views.places(call.scope, done.released),
            dropped=done.dropped,
        )

    @table.add(
        "POST",
        "/planner/leave/{leave}/decline",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
        refuses=(Code.TOO_LATE,),
    )
    async def decline(call: Call[Nothing]) -> None:
        """Say no to leave; no reason is stored."""
        await roster.leaves.decline(call.scope, call.id("leave"))


async def _shown(roster: Roster, scope: Scope, place: PlaceRow) -> wire.PlannedPlace:
    [shown] = await roster.plan_views.places(scope, [place])
    return shown
