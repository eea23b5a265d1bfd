"""A volunteer's own roster over HTTP: what is mine, what is open, what I wish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.edge.guard import Call, Face, Nothing, Routes
from luisterlijn.edge.queries import check_day, days_asked, id_named
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PersonId, PlaceId, ShiftId
from luisterlijn.kernel.scope import Role
from luisterlijn.rostering.model import Wish
from luisterlijn.rostering.own_views import leave_view
from luisterlijn.rostering.routes import JUDGED
from luisterlijn.rostering.wire_own import (
    AcceptSwap,
    GivenUp,
    GiveUp,
    NewLeave,
    NewWishes,
    OpenShifts,
    OwnLeave,
    OwnPlace,
    OwnRoster,
    SwapChoices,
    WishPeriod,
    WishPeriods,
)

if TYPE_CHECKING:
    from luisterlijn.rostering.service import Roster
    from luisterlijn.rostering.wishes import Wished

VOLUNTEERS = frozenset({Role.VOLUNTEER, Role.MENTOR})


def routes(roster: Roster) -> Routes:
    """Give the routes of a volunteer's own roster."""
    table = Routes("own roster")
    _places(table, roster)
    _swaps(table, roster)
    _wishes(table, roster)
    return table


def _places(table: Routes, roster: Roster) -> None:
    @table.add("GET", "/my/roster", may=VOLUNTEERS, face=Face.CONSOLE, gives=OwnRoster)
    async def mine(call: Call[None]) -> OwnRoster:
        """Give the own places of `days` days from the day `from`, and what waits for an answer."""
        return await roster.own_views.roster(call.scope, *days_asked(call.request.query))

    @table.add("GET", "/my/open-shifts", may=VOLUNTEERS, face=Face.CONSOLE, gives=OpenShifts)
    async def open_shifts(call: Call[None]) -> OpenShifts:
        """Give the shifts that may be taken, where somebody is needed most first."""
        return await roster.own_views.open_shifts(call.scope, *days_asked(call.request.query))

    @table.add(
        "POST",
        "/my/shifts/{shift}/sign-up",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=OwnPlace,
        status=201,
        refuses=(*JUDGED, Code.SHIFT_FULL, Code.SHIFT_CANCELLED, Code.TOO_LATE),
    )
    async def sign_up(call: Call[Nothing]) -> OwnPlace:
        """Take a place on an open shift."""
        place = await roster.own.sign_up(call.scope, call.id("shift"))
        return await roster.own_views.place(call.scope, place.place)

    @table.add(
        "POST",
        "/my/places/{place}/undo",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
        refuses=(Code.TOO_LATE,),
    )
    async def undo(call: Call[Nothing]) -> None:
        """Undo the own sign-up, within an hour."""
        await roster.own.undo(call.scope, call.id("place"))

    @table.add(
        "POST",
        "/my/places/{place}/confirm",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=OwnPlace,
        refuses=(Code.TOO_LATE,),
    )
    async def confirm(call: Call[Nothing]) -> OwnPlace:
        """Say "ik kom"."""
        place = await roster.own.confirm(call.scope, call.id("place"))
        return await roster.own_views.place(call.scope, place.place)

    @table.add(
        "GET",
        "/my/places/{place}/choices",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        gives=SwapChoices,
        refuses=(Code.TOO_LATE,),
    )
    async def choices(call: Call[None]) -> SwapChoices:
        """Give to whom a place can be given, and what it can be swapped for."""
        return await roster.swap_views.choices(call.scope, call.id("place"))

    @table.add(
        "POST",
        "/my/places/{place}/give-up",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=GiveUp,
        gives=GivenUp,
        refuses=(Code.TOO_LATE,),
    )
    async def give_up(call: Call[GiveUp]) -> GivenUp:
        """Say "ik kan niet": leave the place open, give it away, or swap it."""
        place, body = PlaceId(call.id("place")), call.body
        if (body.how == "swap") != bool(body.wants) or (body.how == "open" and body.to):
            raise Refusal(Code.BAD_REQUEST)
        if body.how == "open":
            await roster.own.leave_open(call.scope, place)
            return GivenUp(done=True, swap=None)
        swap = await roster.swaps.offer(
            call.scope,
            place,
            wants=[ShiftId(id_named(each)) for each in body.wants],
            asked=PersonId(id_named(body.to)) if body.to else None,
        )
        if swap is None:
            return GivenUp(done=True, swap=None)
        shown = await roster.own_views.place(call.scope, place)
        return GivenUp(done=False, swap=shown.swap)


def _swaps(table: Routes, roster: Roster) -> None:
    @table.add(
        "POST",
        "/my/swaps/{swap}/accept",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=AcceptSwap,
        gives=OwnPlace,
        status=201,
        refuses=(*JUDGED, Code.SWAP_GONE),
    )
    async def accept(call: Call[AcceptSwap]) -> OwnPlace:
        """Take a colleague's place."""
        given = PlaceId(id_named(call.body.place)) if call.body.place else None
        place = await roster.swaps.accept(call.scope, call.id("swap"), given)
        return await roster.own_views.place(call.scope, place.place)

    @table.add(
        "POST",
        "/my/swaps/{swap}/decline",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
        refuses=(Code.SWAP_GONE,),
    )
    async def decline(call: Call[Nothing]) -> None:
        """Say no to what was asked of oneself alone."""
        await roster.swaps.decline(call.scope, call.id("swap"))

    @table.add(
        "POST",
        "/my/swaps/{swap}/withdraw",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
        refuses=(Code.SWAP_GONE,),
    )
    async def withdraw(call: Call[Nothing]) -> None:
        """Keep the own place after all."""
        await roster.swaps.withdraw(call.scope, call.id("swap"))


def _wishes(table: Routes, roster: Roster) -> None:
    @table.add("GET", "/my/wishes", may=VOLUNTEERS, face=Face.CONSOLE, gives=WishPeriods)
    async def wishes(call: Call[None]) -> WishPeriods:
        """Give the own wishes for each period that is not over."""
        found = await roster.wishes.of(call.scope)
        return WishPeriods(periods=[_wish_view(each) for each in found])

    @table.add(
        "PUT",
        "/my/wishes/{period}",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=NewWishes,
        gives=WishPeriod,
        refuses=(Code.TOO_LATE,),
    )
    async def wish(call: Call[NewWishes]) -> WishPeriod:
        """Write the own wishes for a period."""
        written = await roster.wishes.write(call.scope, call.id("period"), wish_of(call.body))
        return _wish_view(written)

    @table.add(
        "POST",
        "/my/leave",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=NewLeave,
        gives=OwnLeave,
        status=201,
        refuses=(Code.IN_THE_PAST,),
    )
    async def ask_leave(call: Call[NewLeave]) -> OwnLeave:
        """Ask leave; nobody asks why."""
        return leave_view(
            await roster.leaves.ask(
                call.scope, check_day(call.body.first), check_day(call.body.last)
            )
        )

    @table.add(
        "POST",
        "/my/leave/{leave}/withdraw",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=OwnLeave,
        refuses=(Code.TOO_LATE,),
    )
    async def withdraw_leave(call: Call[Nothing]) -> OwnLeave:
        """Let go of the own leave."""
        return leave_view(await roster.leaves.withdraw(call.scope, call.id("leave")))


def wish_of(body: NewWishes) -> Wish:
    """Read wishes as they are sent."""
    return Wish(levels=tuple(body.levels), wanted=body.wanted, most=body.most, nights=body.nights)


def _wish_view(each: Wished) -> WishPeriod:
    return WishPeriod(
        period=each.period.period.hex,
        first=each.period.first.isoformat(),
        days=each.period.days,
        open=each.period.state == "open",
        given=each.given,
        levels=list(each.wish.levels),
        wanted=each.wish.wanted,
        most=each.wish.most,
        nights=each.wish.nights,
    )
