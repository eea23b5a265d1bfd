"""What a planner's screens ask about days to come: forecast, feasts, campaigns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.edge.guard import Call, Face, Nothing, Routes
from luisterlijn.edge.queries import days_asked
from luisterlijn.kernel.scope import COORDINATORS
from luisterlijn.planner import wire
from luisterlijn.planner.routes import PLANNERS

if TYPE_CHECKING:
    from luisterlijn.planner.forecasts import Forecasts
    from luisterlijn.planner.model import Event
    from luisterlijn.planner.service import Planner


def routes(planner: Planner, forecasts: Forecasts) -> Routes:
    """Give the routes about days to come."""
    table = Routes("days to come")

    @table.add(
        "GET", "/planner/forecast", may=COORDINATORS, face=Face.CONSOLE, gives=wire.ForecastActual
    )
    async def forecast(call: Call[None]) -> wire.ForecastActual:
        """Give what was expected beside what came, by day and channel."""
        first, days = days_asked(call.request.query)
        return await forecasts.compared(first, days)

    @table.add(
        "POST",
        "/planner/forecast/draft",
        may=PLANNERS,
        face=Face.CONSOLE,
        takes=wire.NewDraft,
        status=204,
    )
    async def draft(call: Call[wire.NewDraft]) -> None:
        """Learn from what was counted and draft the weeks to come."""
        await forecasts.draft(call.body.weeks, call.body.share)

    @table.add(
        "POST",
        "/planner/forecast/freeze",
        may=PLANNERS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
    )
    async def freeze(_call: Call[Nothing]) -> None:
        """Keep the draft as it is: a roster is made for it."""
        await forecasts.freeze()

    @table.add(
        "GET", "/planner/events", may=COORDINATORS, face=Face.CONSOLE, gives=wire.DemandEvents
    )
    async def events(call: Call[None]) -> wire.DemandEvents:
        """Give feasts and campaigns from four weeks back on."""
        found = await planner.events(call.scope)
        return wire.DemandEvents(events=[_event(each) for each in found])

    @table.add(
        "POST",
        "/planner/events",
        may=PLANNERS,
        face=Face.CONSOLE,
        takes=wire.NewDemandEvent,
        gives=wire.DemandEvent,
        status=201,
    )
    async def add_event(call: Call[wire.NewDemandEvent]) -> wire.DemandEvent:
        """Reckon with a feast or campaign."""
        return _event(await planner.add_event(call.scope, call.body))

    @table.add(
        "POST",
        "/planner/events/{event}/remove",
        may=PLANNERS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
    )
    async def remove_event(call: Call[Nothing]) -> None:
        """Reckon with a feast or campaign no more."""
        await planner.remove_event(call.scope, call.id("event"))

    return table


def _event(event: Event) -> wire.DemandEvent:
    return wire.DemandEvent(
        event=event.id.hex,
        name=event.name,
        kind=event.kind,
        first=event.first,
        last=event.last,
        channel=event.channel,
        factor=round(event.factor, 2),
    )
