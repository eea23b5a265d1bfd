"""The rota of who is on duty, for who plans it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.coaching.wire import DutyRota, DutyView, NewDuty
from luisterlijn.edge.guard import Call, Face, Routes
from luisterlijn.edge.queries import YEARS, days_asked, id_named
from luisterlijn.kernel.clock import from_wire, midnight
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PersonId
from luisterlijn.kernel.scope import Role

if TYPE_CHECKING:
    from luisterlijn.coaching.rota import Rota

PLANNERS = frozenset({Role.COORDINATOR, Role.PLANNER, Role.COACH, Role.ADMINISTRATOR})


def routes(rota: Rota) -> Routes:
    """Give the routes of the room."""
    table = Routes("coaching")

    @table.add("GET", "/duty", may=PLANNERS, face=Face.CONSOLE, gives=DutyRota)
    async def shown(call: Call[None]) -> DutyRota:
        """Give the rota of `days` days from the local date `from`, and who may be put on it."""
        first, days = days_asked(call.request.query)
        end = midnight(first + timedelta(days=days))
        return await rota.shown(call.scope, midnight(first), end)

    @table.add(
        "POST",
        "/duty",
        may=PLANNERS,
        face=Face.CONSOLE,
        takes=NewDuty,
        gives=DutyView,
        status=201,
        refuses=(Code.OVERLAPS, Code.NOT_TRAINED, Code.ZERO_LENGTH, Code.IN_THE_PAST),
    )
    async def add(call: Call[NewDuty]) -> DutyView:
        """Put somebody on duty."""
        new = call.body
        person = id_named(new.person)
        try:
            starts, ends = from_wire(new.starts_at), from_wire(new.ends_at)
        except OverflowError:
            raise Refusal(Code.BAD_REQUEST) from None
        if starts.year not in YEARS or ends.year not in YEARS:
            raise Refusal(Code.BAD_REQUEST)
        return await rota.add(
            call.scope,
            PersonId(person),
            starts,
            ends,
            phone_order=new.phone_order,
            stands_in=new.stands_in,
        )

    @table.add("DELETE", "/duty/{duty}", may=PLANNERS, face=Face.CONSOLE, status=204)
    async def remove(call: Call[None]) -> None:
        """Take somebody off duty."""
        await rota.remove(call.scope, call.id("duty"))

    return table
