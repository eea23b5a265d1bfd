"""What a planner's screens ask of an engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.edge.guard import Call, Face, Nothing, Routes
from luisterlijn.edge.queries import YEARS
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, parse_id
from luisterlijn.kernel.scope import COORDINATORS
from luisterlijn.planner import plans as model
from luisterlijn.planner import wire
from luisterlijn.planner.routes import asked_branch

if TYPE_CHECKING:
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.planner.mends import Mends
    from luisterlijn.planner.plans import Plans
    from luisterlijn.planner.service import Planner

RULES = (
    *(Code.SHIFT_CANCELLED, Code.IN_THE_PAST, Code.SHIFT_FULL, Code.OVERLAPS, Code.NOT_TRAINED),
    *(Code.TWO_SHIFTS_A_DAY, Code.TOO_LITTLE_REST, Code.TOO_MANY_A_WEEK, Code.TOO_MANY_SHIFTS),
    *(Code.TOO_MANY_NIGHTS, Code.TRAINEE_ALONE, Code.DESKS_FULL, Code.ON_LEAVE),
    *(Code.NOT_AVAILABLE, Code.ACCOUNT_ENDED),
)


def routes(planner: Planner, plans: Plans, mends: Mends) -> Routes:
    """Give the routes about plans."""
    table = Routes("plans")

    @table.add(
        "POST",
        "/planner/plans",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=wire.NewPlan,
        gives=wire.EnginePlan,
        status=201,
        refuses=(Code.OVERLAPS, Code.IN_THE_PAST, Code.NOT_FOUND),
    )
    async def order(call: Call[wire.NewPlan]) -> wire.EnginePlan:
        """Order a plan of a branch, or of the whole line; now or overnight."""
        new = call.body
        if new.first.year not in YEARS:
            raise Refusal(Code.BAD_REQUEST)
        return model.shown(await plans.order(call.scope, new, await named(call.scope, new.branch)))

    async def named(scope: Scope, branch: str | None) -> BranchId | None:
        """Give the branch to plan; None: the whole line, for who works for it.

        Raises:
            Refusal: `not-found`, also for a branch that is another coordinator's.
        """
        if branch is None and scope.national:
            return None
        found = parse_id(branch) if branch is not None else None
        return (await planner.branch(scope, BranchId(found) if found else None))[0]

    @table.add("GET", "/planner/plans", may=COORDINATORS, face=Face.CONSOLE, gives=wire.EnginePlans)
    async def listed(call: Call[None]) -> wire.EnginePlans:
        """Give plans, the newest first."""
        found = await plans.runs(call.scope, asked_branch(call))
        return wire.EnginePlans(plans=[model.shown(each) for each in found])

    @table.add(
        "POST",
        "/planner/plans/{plan}/cancel",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=wire.StopPlan,
        gives=wire.EnginePlan,
    )
    async def stop(call: Call[wire.StopPlan]) -> wire.EnginePlan:
        """Stop a plan: its best so far is written, or nothing of it."""
        return model.shown(await plans.stop(call.scope, call.id("plan"), keep=call.body.keep))

    @table.add(
        "GET",
        "/planner/plans/{plan}/difference",
        may=COORDINATORS,
        face=Face.CONSOLE,
        gives=wire.PlanDifference,
    )
    async def difference(call: Call[None]) -> wire.PlanDifference:
        """Give what a plan changed beside what stood before."""
        return await plans.difference(call.scope, call.id("plan"))

    @table.add(
        "POST",
        "/planner/places/{place}/mend",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=wire.Mend,
        refuses=(Code.SHIFT_CANCELLED, Code.IN_THE_PAST),
    )
    async def mend(call: Call[Nothing]) -> wire.Mend:
        """Say how the hole that somebody leaves can be filled; changes nothing."""
        return await mends.propose(call.scope, call.id("place"))

    @table.add(
        "POST",
        "/planner/places/{place}/mend/accept",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=wire.AcceptMend,
        gives=wire.Mend,
        refuses=RULES,
    )
    async def accept(call: Call[wire.AcceptMend]) -> wire.Mend:
        """Let somebody go, and move the others as proposed: all of it, or nothing."""
        return await mends.accept(call.scope, call.id("place"), call.body.changes)

    return table
