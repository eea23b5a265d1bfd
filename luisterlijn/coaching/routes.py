"""The rota of who is on duty, for who plans it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from luisterlijn.coaching.wire import DutyRota, DutyView, NewDuty
from luisterlijn.edge.guard import Call, Face, Routes
from luisterlijn.kernel.clock import AMSTERDAM, from_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PersonId, parse_id
from luisterlijn.kernel.scope import Role

if TYPE_CHECKING:
    from luisterlijn.coaching.rota import Rota

PLANNERS = frozenset({Role.COORDINATOR, Role.PLANNER, Role.COACH, Role.ADMINISTRATOR})
MOST_DAYS = 31
YEARS = range(2000, 2200)
"""Near the ends of the calendar there is no day before or after."""


def routes(rota: Rota) -> Routes:
    """Give the routes of the room."""
    table = Routes("coaching")

    @table.add("GET", "/duty", may=PLANNERS, face=Face.CONSOLE, gives=DutyRota)
    async def shown(call: Call[None]) -> DutyRota:
        """Give the rota of `days` days from the local date `from`, and who may be put on it."""
        query = call.request.query
        try:
            first = date.fromisoformat(query["from"])
            days = int(query.get("days", "7"))
        except (KeyError, ValueError):
            raise Refusal(Code.BAD_REQUEST) from None
        if not 0 < days <= MOST_DAYS or first.year not in YEARS:
            raise Refusal(Code.BAD_REQUEST)
        start = datetime.combine(first, time(), AMSTERDAM)
        end = datetime.combine(first + timedelta(days=days), time(), AMSTERDAM)
        return await rota.shown(call.scope, start, end)

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
        person = parse_id(new.person)
        if person is None:
            raise Refusal(Code.NOT_FOUND)
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
