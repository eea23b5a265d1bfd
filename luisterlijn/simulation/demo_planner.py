"""What the demo's line expects, so that a planner's board weighs its gaps. In demo mode only."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import local_day
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from luisterlijn.planner.room import PlannerRoom

WEEKS = 10
AHEAD = timedelta(weeks=6)
"""A roster is made so far ahead: with less than that a new profile is frozen."""


async def expect(room: PlannerRoom) -> None:
    """Freeze a profile of the weeks to come, unless one reaches far enough: an example.

    The profile says that it is one.

    A demo that was used for weeks learns from what was counted in it, as a line does.
    """
    async with room.boards.database.transaction(LINE) as tx:
        day = local_day(tx.now + AHEAD)
        there = await room.boards.expected(tx, day, 1)
    if there.state != "frozen":
        await room.forecasts.draft(WEEKS, None)
        await room.forecasts.freeze()
