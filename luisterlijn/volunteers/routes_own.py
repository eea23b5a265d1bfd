"""What a volunteer may take along of their own, and how they leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from luisterlijn.edge.guard import SIGNED_IN, Call, Face, Routes
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.scope import VOLUNTEERS
from luisterlijn.volunteers.wire import LastDay, Released

if TYPE_CHECKING:
    from luisterlijn.volunteers.leaving import Leaving


def own_routes(leaving: Leaving) -> Routes:
    """Give the routes about oneself."""
    table = Routes("own")

    @table.add("GET", "/my/data.json", may=SIGNED_IN, face=Face.CONSOLE)
    async def data(call: Call[None]) -> web.Response:
        """Give all that is kept of who asks, as a file; nothing of anybody else."""
        found = await leaving.own_data(call.scope)
        return web.Response(
            body=msgspec.json.format(msgspec.json.encode(found), indent=2),
            content_type="application/json",
            headers={"Content-Disposition": 'attachment; filename="mijn-gegevens.json"'},
        )

    @table.add("GET", "/my/last-day", may=VOLUNTEERS, face=Face.CONSOLE, gives=LastDay)
    async def last_day(call: Call[None]) -> LastDay:
        """Say which day is the last one; null: none is set."""
        return LastDay(last=await leaving.last_day(call.scope))

    @table.add(
        "POST",
        "/my/last-day",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=LastDay,
        gives=Released,
        refuses=(Code.IN_THE_PAST,),
    )
    async def leave(call: Call[LastDay]) -> Released:
        """Set one's own last day, or stay after all; no reason is asked."""
        off = await leaving.set_last_day(call.scope, call.scope.person, call.body.last)
        return Released(shifts=off)

    return table
