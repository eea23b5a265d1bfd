"""Plans of an engine: ordered, stopped, looked at; and worked on, one at a time on all nodes."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING

import structlog

from luisterlijn.kernel.clock import AMSTERDAM, local_day, to_wire
from luisterlijn.kernel.errors import Code, Outage, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.planner import store_plans, wire
from luisterlijn.planner.model import begins
from luisterlijn.planner.store_plans import Run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from luisterlijn.kernel.ids import BranchId
    from luisterlijn.kernel.scope import LineScope, Scope
    from luisterlijn.planner.planning import Planning
    from luisterlijn.planner.service import Planner
    from luisterlijn.planner.store_plans import Changed
    from luisterlijn.store.database import Transaction

log = structlog.get_logger()

NIGHT = time(1)
"""What is planned overnight begins then: the quietest hours are ahead."""
TICK_S = 2.0
DAY = timedelta(days=1)


class Plans:
    """Orders for an engine, and what came of them."""

    def __init__(self, planner: Planner, planning: Planning) -> None:
        """Work through `planning`."""
        self._planner = planner
        self._planning = planning
        self._wake = asyncio.Event()

    async def order(
        self, scope: Scope | LineScope, new: wire.NewPlan, branch: BranchId | None
    ) -> Run:
        """Order a plan; None: of the whole line. It begins at once, or at 01:00.

        Raises:
            Refusal: `in-the-past`; `overlaps`, when one of the same is not over yet; `not-found`.
        """
        async with self._planner.database.transaction(scope) as tx:
            if begins(new.first + new.days * DAY) <= tx.now:
                raise Refusal(Code.IN_THE_PAST)
            run = Run(
                id=new_id(self._planner.tokens),
                branch=branch,
                first=new.first,
                days=new.days,
                engine=new.engine,
                seconds=new.seconds,
                state="queued",
                due=next_night(tx.now) if new.overnight else tx.now,
                stop=None,
                turn=0,
                spent=0.0,
                cost=None,
                unplanned=0,
                fault=None,
                added=0,
                removed=0,
            )
            await store_plans.insert(tx, run)
        self._wake.set()
        return run

    async def runs(self, scope: Scope, branch: BranchId | None) -> list[Run]:
        """Give plans, the newest first: of a branch and those of the whole line; None: of all."""
        async with self._planner.database.transaction(scope) as tx:
            return await store_plans.runs(tx, branch)

    async def run_of(self, scope: Scope | LineScope, plan: UUID) -> Run:
        """Give one plan.

        Raises:
            Refusal: `not-found`.
        """
        async with self._planner.database.transaction(scope) as tx:
            return await _seen(tx, plan)

    async def stop(self, scope: Scope | LineScope, plan: UUID, *, keep: bool) -> Run:
        """Stop a plan; one that is over stays as it is.

        Args:
            scope: who asks.
            plan: which.
            keep: its best so far is written; else nothing of it.

        Raises:
            Refusal: `not-found`.
        """
        how = "keep" if keep else "drop"
        async with self._planner.database.transaction(scope) as tx:
            await _seen(tx, plan)
            await store_plans.stop(tx, plan, how)
            run = await _seen(tx, plan)
        self._planning.stop(plan, how)
        return run

    async def difference(self, scope: Scope, plan: UUID) -> wire.PlanDifference:
        """Give what a plan changed, by person: added, removed, moved.

        Raises:
            Refusal: `not-found`.
        """
        async with self._planner.database.transaction(scope) as tx:
            await _seen(tx, plan)
            return difference(plan, await store_plans.changes(tx, plan))

    async def forget_old(self, tx: Transaction) -> None:
        """Delete plans of more than thirty days ago."""
        await store_plans.forget_old(tx)

    async def run(self) -> None:
        """Work on plans that are due until cancelled."""
        while True:
            self._wake.clear()
            try:
                while await self._planning.work_one():
                    pass
            except Outage:
                log.warning("plans_wait")
            except Exception:
                log.exception("plan_failed")
            try:
                async with asyncio.timeout(TICK_S):
                    await self._wake.wait()
            except TimeoutError:
                continue


async def _seen(tx: Transaction, plan: UUID) -> Run:
    run = await store_plans.run_of(tx, plan)
    if run is None:
        raise Refusal(Code.NOT_FOUND)
    return run


def next_night(now: datetime) -> datetime:
    """Give the next 01:00 on the Amsterdam wall clock, in UTC."""
    found = datetime.combine(local_day(now), NIGHT, AMSTERDAM).astimezone(UTC)
    if found <= now:
        found = datetime.combine(local_day(now) + DAY, NIGHT, AMSTERDAM).astimezone(UTC)
    return found


def shown(run: Run) -> wire.EnginePlan:
    """Give a plan as a screen reads it."""
    return wire.EnginePlan(
        plan=run.id.hex,
        branch=run.branch.hex if run.branch else None,
        first=run.first,
        days=run.days,
        engine=run.engine,
        seconds=run.seconds,
        state=run.state,
        due_at=to_wire(run.due),
        stopping=run.stop is not None and run.state == "running",
        spent=round(run.spent, 1),
        cost=run.cost,
        fault=run.fault,
        unplanned=run.unplanned,
        added=run.added,
        removed=run.removed,
    )


def difference(plan: UUID, changes: Sequence[Changed]) -> wire.PlanDifference:
    """Pair what somebody lost with what they got: the first with the first, by start."""
    people: defaultdict[tuple[str, str, str], dict[str, list[wire.PlanShift]]] = defaultdict(
        lambda: {"added": [], "removed": []}
    )
    for each in changes:
        key = (each.person.hex, each.name, each.branch.hex)
        people[key][each.kind].append(
            wire.PlanShift(
                shift=each.shift.hex, starts_at=to_wire(each.starts), ends_at=to_wire(each.ends)
            )
        )
    return wire.PlanDifference(
        plan=plan.hex,
        people=[
            wire.PlanPerson(
                person=person,
                name=name,
                branch=branch,
                added=of["added"][len(of["removed"]) :],
                removed=of["removed"][len(of["added"]) :],
                moved=[
                    wire.PlanMove(old=old, new=new)
                    for old, new in zip(of["removed"], of["added"], strict=False)
                ],
            )
            for (person, name, branch), of in people.items()
        ],
    )
