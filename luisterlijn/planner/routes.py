"""What a planner's screens ask about boards and people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.edge.guard import Call, Face, Routes
from luisterlijn.edge.queries import days_asked, id_named
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId
from luisterlijn.kernel.scope import COORDINATORS, Role
from luisterlijn.planner import wire

if TYPE_CHECKING:
    from luisterlijn.planner.people import People
    from luisterlijn.planner.service import Planner

PLANNERS = frozenset({Role.PLANNER})


def routes(planner: Planner, people: People) -> Routes:
    """Give the routes about boards and people."""
    table = Routes("planner")

    @table.add(
        "GET", "/planner/branches", may=COORDINATORS, face=Face.CONSOLE, gives=wire.BranchesToPlan
    )
    async def branches(call: Call[None]) -> wire.BranchesToPlan:
        """Give the branches that one plans: the own one, or all."""
        found = await planner.branches(call.scope)
        return wire.BranchesToPlan(
            branches=[wire.BranchToPlan(branch=each.hex, name=name) for each, name in found]
        )

    @table.add("GET", "/planner/board", may=COORDINATORS, face=Face.CONSOLE, gives=wire.Board)
    async def board(call: Call[None]) -> wire.Board:
        """Give a branch's shifts of some days, with what is expected to be lost."""
        first, days = days_asked(call.request.query)
        return await planner.board(call.scope, asked_branch(call), first, days)

    @table.add("GET", "/planner/nation", may=PLANNERS, face=Face.CONSOLE, gives=wire.Nation)
    async def nation(call: Call[None]) -> wire.Nation:
        """Give the whole line by branch, day and half hour."""
        first, days = days_asked(call.request.query)
        return await planner.nation(call.scope, first, days)

    @table.add("GET", "/planner/outlook", may=COORDINATORS, face=Face.CONSOLE, gives=wire.Outlook)
    async def outlook(call: Call[None]) -> wire.Outlook:
        """Give what the line answers as published, and with the concept."""
        first, days = days_asked(call.request.query)
        return await planner.outlook(call.scope, asked_branch(call), first, days)

    @table.add(
        "GET",
        "/planner/shifts/{shift}/who",
        may=COORDINATORS,
        face=Face.CONSOLE,
        gives=wire.Who,
        refuses=(Code.SHIFT_CANCELLED,),
    )
    async def who(call: Call[None]) -> wire.Who:
        """Say who can take a shift, the best first, and why the others cannot."""
        return await people.who(call.scope, call.id("shift"))

    @table.add("GET", "/planner/fairness", may=COORDINATORS, face=Face.CONSOLE, gives=wire.Fairness)
    async def fairness(call: Call[None]) -> wire.Fairness:
        """Give hours, nights, weekends and feast days of a branch's people."""
        return await people.fairness(call.scope, asked_branch(call))

    return table


def asked_branch(call: Call[None]) -> BranchId | None:
    """Read the branch that a query names; None: none.

    Raises:
        Refusal: `not-found`, for what is no id.
    """
    named = call.request.query.get("branch")
    return BranchId(id_named(named)) if named else None
