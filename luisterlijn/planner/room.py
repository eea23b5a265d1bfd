"""The planner's room: its parts, built at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from luisterlijn.planner.forecasts import Forecasts
from luisterlijn.planner.mends import Mends
from luisterlijn.planner.people import People
from luisterlijn.planner.planning import Planning
from luisterlijn.planner.plans import Plans
from luisterlijn.planner.service import Planner
from luisterlijn.rostering.placing import Placing
from luisterlijn.rostering.records import Records
from luisterlijn.rostering.sheets import Sheets

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.planner.ports import Counted
    from luisterlijn.store.database import Database
    from luisterlijn.volunteers.service import Volunteers


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannerRoom:
    """What the routes, the line's own work and the command line ask of this room."""

    boards: Planner
    forecasts: Forecasts
    people: People
    mends: Mends
    planning: Planning
    plans: Plans


def planner_room(
    database: Database, volunteers: Volunteers, counted: Counted, tokens: TokenSource
) -> PlannerRoom:
    """Build the room; `counted` tells what came."""
    boards, sheets = Planner(database, tokens), Sheets(volunteers)
    planning = Planning(boards, sheets)
    return PlannerRoom(
        boards=boards,
        forecasts=Forecasts(boards, counted),
        people=People(boards, volunteers, sheets, Records()),
        mends=Mends(boards, Placing(volunteers, tokens)),
        planning=planning,
        plans=Plans(boards, planning),
    )
