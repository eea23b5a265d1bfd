"""Which plan a node takes up, and when plans are forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.scope import LINE, Scope
from tests.support.planner import (
    another_branch,
    at,
    listener,
    shift,
    wishes,
)
from tests.support.plans import new, worked

if TYPE_CHECKING:
    from luisterlijn.planner.plans import Plans
    from tests.support.house import TestHouse


async def test_a_plan_whose_node_died_is_taken_up_again_and_only_then(
    built: TestHouse, plans: Plans, planner: Scope
) -> None:
    await shift(built, at(0, 7), wanted=1)
    await wishes(built, await listener(built, "anja"))
    run = await plans.order(planner, new(), built.branch)
    await built.owner.execute(
        "update plan_run set state = 'running', turn = 1, beat = line_now() - interval '10 s'"
    )
    assert not await built.house.planner.planning.work_one()

    await built.time.advance(10)
    done = await worked(built, run.id)

    assert (done.state, done.turn, done.added) == ("done", 2, 1)


async def test_one_plan_at_a_time_is_worked_on_whatever_waits(
    built: TestHouse, plans: Plans, planner: Scope
) -> None:
    other = await another_branch(built)
    await plans.order(planner, new(), built.branch)
    await plans.order(planner, new(), other)
    await built.owner.execute(
        "update plan_run set state = 'running', beat = line_now() where branch = $1", other
    )

    assert not await built.house.planner.planning.work_one()


async def test_plans_are_forgotten_after_thirty_days(
    built: TestHouse, plans: Plans, planner: Scope
) -> None:
    await plans.order(planner, new(), built.branch)
    left = []
    for days in (29, 2):
        await built.time.advance(timedelta(days=days).total_seconds())
        async with built.house.database.transaction(LINE) as tx:
            await plans.forget_old(tx)
        left.append(len(await plans.runs(planner, None)))

    assert left == [1, 0]
