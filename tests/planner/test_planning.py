"""A plan is worked on branch after branch, and what comes of it is proposed."""

from __future__ import annotations

import asyncio
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.scope import LINE, Scope
from tests.support.planner import (
    another_branch,
    at,
    crowd,
    listener,
    place,
    shift,
    wishes,
)
from tests.support.plans import new, proposed, worked

if TYPE_CHECKING:
    from luisterlijn.planner.plans import Plans
    from tests.support.house import TestHouse


MANY = 150
"""With so many people an engine is busy for longer than a test."""


async def test_a_plan_fills_the_drafts_with_who_can_and_leaves_the_rest_alone(
    built: TestHouse, plans: Plans, planner: Scope
) -> None:
    morning, evening = await shift(built, at(0, 7)), await shift(built, at(1, 19), wanted=1)
    there = await shift(built, at(2, 7), state="published")
    anja, bert, cor = [await listener(built, name) for name in ("anja", "bert", "cor")]
    for person in (anja, bert):
        await wishes(built, person)
    await place(built, morning, cor, pinned=True)
    await place(built, there, anja, state="published")

    run = await plans.order(planner, new(), built.branch)
    done = await worked(built, run.id)

    assert (done.state, done.fault, done.unplanned) == ("done", None, 0)
    assert done.cost is not None
    places = await built.owner.fetch(
        "select shift, person, state, origin, pinned from place order by state, origin"
    )
    assert [tuple(row) for row in places if row["origin"] == "coordinator"] == [
        (morning, cor, "proposed", "coordinator", True),
        (there, anja, "published", "coordinator", False),
    ]
    found = [(row["shift"], row["person"]) for row in places if row["origin"] == "solver"]
    assert len([each for each in found if each[0] == morning]) == 1, "two are wanted, one is pinned"
    assert len([each for each in found if each[0] == evening]) == 1
    assert (done.added, done.removed) == (2, 0)
    assert not await built.house.planner.planning.work_one()


async def test_the_whole_line_is_planned_branch_by_branch(
    built: TestHouse, plans: Plans, planner: Scope
) -> None:
    other = await another_branch(built)
    for branch, name in ((built.branch, "anja"), (other, "bert")):
        await shift(built, at(0, 7), branch=branch, wanted=1)
        await wishes(built, await listener(built, name, branch=branch))

    run = await plans.order(planner, new(), None)
    done = await worked(built, run.id)

    assert (done.state, done.added) == ("done", 2)
    assert {name for name, _start, _solver in await proposed(built)} == {"Anja", "Bert"}


async def test_without_drafts_there_is_nothing_to_plan_and_that_is_said(
    built: TestHouse, plans: Plans, planner: Scope
) -> None:
    run = await plans.order(planner, new(), built.branch)

    done = await worked(built, run.id)

    assert (done.state, done.fault) == ("failed", "nothing-to-plan")


async def test_an_engine_that_is_not_installed_is_said_so(
    built: TestHouse, plans: Plans, planner: Scope
) -> None:
    await shift(built, at(0, 7))
    await wishes(built, await listener(built, "anja"))

    run = await plans.order(planner, new(engine="cpsat"), built.branch)
    done = await worked(built, run.id)

    is_there = find_spec("ortools") is not None
    expected = ("done", None) if is_there else ("failed", "engine-missing")
    assert (done.state, done.fault) == expected


@pytest.mark.parametrize(("keep", "written"), [(True, 1), (False, 0)])
async def test_a_plan_is_stopped_while_it_is_worked_on_and_its_best_is_kept_or_not(
    built: TestHouse, plans: Plans, planner: Scope, *, keep: bool, written: int
) -> None:
    await shift(built, at(0, 7), wanted=1)
    for person in await crowd(built, MANY):
        await wishes(built, person)
    run = await plans.order(planner, new(seconds=600), built.branch)

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        working = group.create_task(built.house.planner.planning.work_one())
        while (await plans.run_of(LINE, run.id)).cost is None:  # noqa: ASYNC110 - a process
            await asyncio.sleep(0.1)
        stopped = await plans.stop(planner, run.id, keep=keep)
        assert stopped.state == "running"
        await working

    done = await plans.run_of(LINE, run.id)
    assert (done.state, done.added) == ("cancelled", written)
    assert len(await proposed(built)) == written


async def test_a_node_whose_plan_was_taken_over_writes_nothing_more(
    built: TestHouse, plans: Plans, planner: Scope
) -> None:
    await shift(built, at(0, 7), wanted=1)
    for person in await crowd(built, MANY):
        await wishes(built, person)
    run = await plans.order(planner, new(seconds=600), built.branch)

    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        working = group.create_task(built.house.planner.planning.work_one())
        while (await plans.run_of(LINE, run.id)).cost is None:  # noqa: ASYNC110 - a process
            await asyncio.sleep(0.1)
        await built.owner.execute("update plan_run set turn = turn + 1")
        await working

    assert (await plans.run_of(LINE, run.id)).state == "running"
    assert await proposed(built) == set()
