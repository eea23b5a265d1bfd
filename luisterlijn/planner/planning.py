"""Working on a plan: branch after branch through an engine, and its proposals into the drafts.

People work in their own branch only, so that the branches of the line can be planned one by one;
what the whole line needs is in how many each shift should have.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.ids import PlaceId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.planner import bridge, store_plans
from luisterlijn.planning.wire import Order
from luisterlijn.planning.worker import EngineRefused, work

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.kernel.ids import BranchId
    from luisterlijn.planner.bridge import Problem
    from luisterlijn.planner.service import Planner
    from luisterlijn.planner.store_plans import Run
    from luisterlijn.planning.instance import Roster
    from luisterlijn.rostering.ports import Sheet
    from luisterlijn.rostering.sheets import Sheets

log = structlog.get_logger()

BEAT_S = 1.0
LEAST_S = 1.0
"""So long a branch is worked on at the least, however many there are."""
NOTHING_TO_PLAN = "nothing-to-plan"
WORKER_LOST = "worker-lost"
KEEP, DROP = "keep", "drop"


class CannotPlan(Exception):
    """A plan failed, for a reason with a stable code."""


class _Work:
    """How far one plan is on this node."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.stop = asyncio.Event()
        self.how: str | None = None
        self.ended: tuple[str, str | None] | None = None
        self.spent = 0.0
        self.cost: int | None = None
        self.before_s = 0.0
        self.before_cost = 0

    def tell(self, seconds: float, cost: int) -> None:
        """Hear from the worker how far it is with one branch."""
        self.spent, self.cost = self.before_s + seconds, self.before_cost + cost

    def next(self) -> None:
        """Go on with the next branch."""
        self.before_s, self.before_cost = self.spent, self.cost or 0

    def end(self, how: str) -> None:
        """Stop, and keep the best so far or drop it."""
        self.how = how
        self.stop.set()


class Planning:
    """Takes plans up and works on them."""

    def __init__(self, planner: Planner, sheets: Sheets) -> None:
        """Read and write this roster."""
        self._planner = planner
        self._sheets = sheets
        self._now: _Work | None = None

    def stop(self, plan: UUID, how: str) -> None:
        """Stop the plan at once if it is this node that works on it."""
        if self._now is not None and self._now.run.id == plan:
            self._now.end(how)

    async def work_one(self) -> bool:
        """Work on one plan that is due, to its end; False: there was none.

        Raises:
            Outage: the database did not answer; the plan is taken up again.
        """
        async with self._planner.database.transaction(LINE) as tx:
            run = await store_plans.take(tx)
        if run is None:
            return False
        self._now = now = _Work(run)
        if run.stop is not None:
            now.end(run.stop)
        try:
            async with asyncio.TaskGroup() as group:
                beating = group.create_task(self._beat(now), name="beat")
                now.ended = await self._worked(now)
                beating.cancel()
        except* LookupError:
            log.warning("plan_taken_over")
        finally:
            self._now = None
        if now.ended is not None:
            async with self._planner.database.transaction(LINE) as tx:
                await store_plans.finish(tx, run, now.spent, now.cost, *now.ended)
        return True

    async def _beat(self, now: _Work) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            try:
                await self._tell(now)
            except Outage:
                log.warning("plan_beat_waits")

    async def _tell(self, now: _Work) -> None:
        async with self._planner.database.transaction(LINE) as tx:
            how = await store_plans.beat(tx, now.run, now.spent, now.cost)
        if how is not None and not now.stop.is_set():
            now.end(how)

    async def _worked(self, now: _Work) -> tuple[str, str | None]:
        """Plan branch after branch; gives how it ended."""
        try:
            problems = await self._problems(now.run)
            seconds = max(LEAST_S, now.run.seconds / len(problems))
            for branch, problem in problems.items():
                if now.stop.is_set():
                    break
                rows = await self._solved(now, problem, seconds)
                if now.how == DROP:
                    break
                await self._write(now.run, branch, problem, rows)
                now.next()
        except CannotPlan as refusal:
            return "failed", str(refusal)
        return ("cancelled" if now.stop.is_set() else "done"), None

    async def _problems(self, run: Run) -> dict[BranchId, Problem]:
        """Give what is to be planned, by branch.

        Raises:
            CannotPlan: `nothing-to-plan`.
        """
        from luisterlijn.planner import gaps  # noqa: PLC0415 - loads numpy

        expected, shifts = await self._planner.country(run.first, run.days)
        targets = gaps.targets(expected, shifts)
        drafted = {each.branch for each in shifts if each.state == "concept"}
        branches = [run.branch] if run.branch is not None else sorted(drafted)
        found = {}
        for branch in branches:
            sheet = await self._sheet(run, branch)
            made = await asyncio.to_thread(bridge.problem, sheet, run.first, run.days, targets)
            if made is not None:
                found[branch] = made
        if not found:
            raise CannotPlan(NOTHING_TO_PLAN)
        return found

    async def _sheet(self, run: Run, branch: BranchId) -> Sheet:
        async with self._planner.database.transaction(LINE) as tx:
            return await self._sheets.stretch(tx, branch, run.first, run.days)

    async def _solved(self, now: _Work, problem: Problem, seconds: float) -> Roster:
        order = Order(
            engine=now.run.engine,
            instance=problem.instance,
            seconds=seconds,
            seed=1,
            pinned=problem.pinned,
            begin=problem.begin,
        )
        try:
            return (await work(order, now.tell, now.stop)).plan.roster
        except EngineRefused as refusal:
            raise CannotPlan(refusal.code) from None
        except Outage:
            raise CannotPlan(WORKER_LOST) from None

    async def _write(self, run: Run, branch: BranchId, problem: Problem, rows: Roster) -> None:
        """Write what is proposed for a branch and note the difference, all at once.

        What a person did meanwhile stays: the sheet is read anew.
        """
        async with self._planner.database.transaction(LINE) as tx:
            if not await store_plans.is_mine(tx, run):
                raise LookupError(run.id)
            sheet = await self._sheets.stretch(tx, branch, run.first, run.days)
            wanted = await asyncio.to_thread(bridge.proposals, problem, rows, sheet)
            old = {(row.person, row.shift): row for row in bridge.movable(sheet)}
            new = {(each.person, each.shift.shift): each for each in wanted}
            gone = await store_plans.delete_proposals(
                tx, [row for key, row in old.items() if key not in new]
            )
            fresh = [
                bridge.draft(PlaceId(new_id(self._planner.tokens)), each)
                for key, each in new.items()
                if key not in old
            ]
            written = await store_plans.insert_proposals(tx, fresh)
            await store_plans.insert_changes(
                tx,
                run.id,
                branch,
                [
                    *((row.person, row.shift, "removed") for row in gone if row.person),
                    *((person, shift, "added") for person, shift in written),
                ],
            )
            await store_plans.add_unplanned(tx, run, len(problem.left))
