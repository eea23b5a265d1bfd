"""The order `luisterlijn roster plan`: an engine fills a period's drafts, beside a running line."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from datetime import date
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE
from luisterlijn.planner import store
from luisterlijn.planner.wire import NewPlan

if TYPE_CHECKING:
    import argparse
    from uuid import UUID

    from luisterlijn.kernel.ids import BranchId
    from luisterlijn.planner.plans import Plans
    from luisterlijn.planner.room import PlannerRoom
    from luisterlijn.planner.store_plans import Run

REFUSED = 1
ALL = "all"
ENGINES = ("builtin", "cpsat")
SECONDS = 60
MOST_S = 36_000
PERIOD_DAYS = 28
LOOK_S = 1.0
OVER = frozenset({"done", "cancelled", "failed"})


def parsers(
    orders: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse.ArgumentParser:
    """Add the order to those about rosters; gives its parser."""
    plan = orders.add_parser("plan", help="let an engine fill the drafts of a period")
    plan.add_argument("--period", required=True, type=date.fromisoformat, metavar="YYYY-MM-DD")
    plan.add_argument("--branch", default=ALL, metavar="NAME", help="short name, or: all")
    plan.add_argument("--engine", choices=ENGINES, default=ENGINES[0])
    plan.add_argument(
        "--seconds", type=int, default=SECONDS, help="in all; Ctrl-C: enough, write the best"
    )
    plan.add_argument("--overnight", action="store_true", help="at 01:00, by the running line")
    return plan


async def plan(room: PlannerRoom, arguments: argparse.Namespace) -> int:
    """Order a plan and stay with it to its end, unless it is for the night.

    Raises:
        Refusal: `not-found`, `bad-request`, and what ordering a plan is refused for.
    """
    async with room.boards.database.transaction(LINE) as tx:
        branch = await store.branch_named(tx, arguments.branch)
        days = await store.period_days(tx, branch, arguments.period)
    if branch is None and arguments.branch != ALL:
        raise Refusal(Code.NOT_FOUND)
    if not 1 <= arguments.seconds <= MOST_S:
        raise Refusal(Code.BAD_REQUEST)
    run = await _ordered(room.plans, branch, days or PERIOD_DAYS, arguments)
    if arguments.overnight:
        _say(f"ordered: begins at {run.due:%Y-%m-%d %H:%M} UTC")
        return 0
    return await _stayed(room, run.id)


async def _ordered(
    plans: Plans, branch: BranchId | None, days: int, arguments: argparse.Namespace
) -> Run:
    new = NewPlan(
        first=arguments.period,
        days=days,
        engine=arguments.engine,
        seconds=arguments.seconds,
        overnight=arguments.overnight,
    )
    return await plans.order(LINE, new, branch)


async def _stayed(room: PlannerRoom, plan: UUID) -> int:
    """Work on it here, unless a running line did it first; tell how far it is."""
    enough = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, enough.set)
    async with asyncio.TaskGroup() as group:
        working = group.create_task(room.planning.work_one(), name="plan")
        while (run := await room.plans.run_of(LINE, plan)).state not in OVER:
            if run.cost is not None:
                _say(f"{run.spent:7.1f} s  cost {run.cost}")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await enough.wait()
            if enough.is_set():
                await room.plans.stop(LINE, plan, keep=True)
                enough.clear()
            if working.done():
                working = group.create_task(room.planning.work_one(), name="plan")
    _say(f"\n{run.state}{': ' + run.fault if run.fault else ''}")
    _say(f"cost            {run.cost}\nadded           {run.added}\nremoved         {run.removed}")
    if run.unplanned:
        _say(f"not planned     {run.unplanned} drafts of other hours")
    return REFUSED if run.state == "failed" else 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is the command line
