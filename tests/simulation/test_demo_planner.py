"""The demo expects an example of a week, and freezes it once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import local_day
from luisterlijn.kernel.scope import Role
from luisterlijn.simulation import demo_planner
from tests.support.planner import scope

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def profiles(built: TestHouse) -> int:
    """Give how many profiles are frozen."""
    found: int = await built.owner.fetchval(
        "select count(*) from demand_profile where state = 'frozen'"
    )
    return found


async def test_the_demos_board_weighs_gaps_and_says_by_what(built: TestHouse) -> None:
    room = built.house.planner
    today = local_day(await built.time.now())

    await demo_planner.expect(room)
    await demo_planner.expect(room)
    nation = await room.boards.nation(scope(built, Role.PLANNER), today + timedelta(days=28), 7)
    told = await room.forecasts.compared(today, 7)

    assert await profiles(built) == 1
    assert nation.expectation == "frozen"
    assert sum(day.expected or 0 for day in nation.totals) > 5_000
    assert told.source.startswith("example")


async def test_a_demo_that_runs_for_weeks_expects_further(built: TestHouse) -> None:
    await demo_planner.expect(built.house.planner)
    await built.time.advance(timedelta(weeks=5).total_seconds())

    await demo_planner.expect(built.house.planner)

    assert await profiles(built) == 2
