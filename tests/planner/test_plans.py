"""Plans are ordered, stopped, and told beside what stood before."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import Role, Scope
from luisterlijn.planner.plans import next_night
from tests.support.coaching import refused
from tests.support.planner import (
    another_branch,
    at,
    listener,
    place,
    scope,
    shift,
    wishes,
)
from tests.support.plans import new, proposed, worked

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import BranchId
    from luisterlijn.planner.plans import Plans
    from tests.support.house import TestHouse


async def test_the_difference_is_told_by_person(
    built: TestHouse, plans: Plans, planner: Scope
) -> None:
    monday, tuesday = await shift(built, at(0, 7), wanted=1), await shift(built, at(1, 7), wanted=1)
    anja, bert = await listener(built, "anja"), await listener(built, "bert")
    # Anja cannot on Monday, where she was proposed; Bert can, on that day only.
    await wishes(built, anja, {0: "000000"})
    await wishes(built, bert, dict.fromkeys(range(1, 7), "000000"))
    await place(built, monday, anja)

    run = await plans.order(planner, new(), built.branch)
    await worked(built, run.id)
    told = await plans.difference(planner, run.id)

    assert await proposed(built) == {("Bert", "Mon 05", True), ("Anja", "Tue 05", True)}
    [first, second] = told.people
    assert (first.name, first.added, first.removed) == ("Anja", [], [])
    assert [(move.old.shift, move.new.shift) for move in first.moved] == [(monday.hex, tuesday.hex)]
    assert (second.name, [each.shift for each in second.added]) == ("Bert", [monday.hex])


async def test_a_plan_that_waits_is_cancelled_at_once(
    built: TestHouse, plans: Plans, planner: Scope
) -> None:
    await shift(built, at(0, 7))
    run = await plans.order(planner, new(overnight=True), built.branch)

    stopped = await plans.stop(planner, run.id, keep=True)

    assert stopped.state == "cancelled"
    assert not await built.house.planner.planning.work_one()


async def test_the_same_plan_twice_a_past_one_and_another_branchs_are_refused(
    built: TestHouse, plans: Plans, planner: Scope
) -> None:
    other = await another_branch(built)
    coordinator = scope(built, Role.COORDINATOR, branch=other)
    run = await plans.order(planner, new(), built.branch)

    async def order(who: Scope, branch: BranchId | None, **changed: object) -> Code:
        return await refused(plans.order(who, new(**changed), branch))

    assert await order(planner, built.branch) is Code.OVERLAPS
    assert await order(planner, other, first=date(2020, 1, 6)) is Code.IN_THE_PAST
    assert await order(coordinator, built.branch) is Code.NOT_FOUND
    assert await order(coordinator, None) is Code.NOT_FOUND
    assert await refused(plans.stop(coordinator, run.id, keep=True)) is Code.NOT_FOUND
    assert await refused(plans.difference(coordinator, run.id)) is Code.NOT_FOUND
    assert await plans.runs(coordinator, other) == []
    assert [each.id for each in await plans.runs(planner, None)] == [run.id]
    assert await refused(plans.run_of(planner, new_id(built.house.tokens))) is Code.NOT_FOUND


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (datetime(2031, 5, 5, 12, tzinfo=UTC), datetime(2031, 5, 5, 23, tzinfo=UTC)),
        (datetime(2031, 5, 4, 22, 30, tzinfo=UTC), datetime(2031, 5, 4, 23, tzinfo=UTC)),
        (datetime(2031, 5, 4, 23, tzinfo=UTC), datetime(2031, 5, 5, 23, tzinfo=UTC)),
        # The night in which winter time begins, and one in winter.
        (datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 24, 23, tzinfo=UTC)),
        (datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 10, 26, 0, tzinfo=UTC)),
    ],
)
def test_overnight_is_the_next_one_in_the_morning_by_the_wall_clock(
    now: datetime, then: datetime
) -> None:
    assert next_night(now) == then
