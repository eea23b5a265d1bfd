"""What was expected beside what came; and the profile that a roster is made for."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.scope import LINE
from luisterlijn.planner import comparing, store, wire
from luisterlijn.planner.model import begins

if TYPE_CHECKING:
    from datetime import date

    from luisterlijn.planner.ports import Counted
    from luisterlijn.planner.service import Planner

DAY = timedelta(days=1)


class Forecasts:
    """What a planner asks about what will come and what came."""

    def __init__(self, planner: Planner, counted: Counted) -> None:
        """Compare with what is counted."""
        self._planner = planner
        self._counted = counted

    async def compared(self, first: date, days: int) -> wire.ForecastActual:
        """Give expected beside actual, by day and channel; sums, nobody's."""
        demand = self._planner.demand()
        came = await self._counted()
        start = begins(first - comparing.LOOKED_BACK * DAY)
        async with self._planner.database.transaction(LINE) as tx:
            known = await demand.between(tx, start, begins(first + days * DAY))
            events = await store.events(tx, first - comparing.LOOKED_BACK * DAY)
            draft = await demand.has_draft(tx)
            now = tx.now
        asked = [each for each in known if each.half_hour >= begins(first)]
        states = {each.state for each in asked}
        return wire.ForecastActual(
            expectation="none" if not states else "draft" if "draft" in states else "frozen",
            source=asked[0].source if asked else "",
            draft=draft,
            totals=comparing.compared(known, came, events, (first, days), now),
        )

    async def draft(self, weeks: int, share: float | None) -> None:
        """Learn from what was counted and draft the weeks to come.

        Raises:
            Refusal: `bad-request`.
        """
        await self._planner.demand().draft(await self._counted(), weeks, share)

    async def freeze(self) -> None:
        """Keep the draft as it is: a roster is made for it.

        Raises:
            Refusal: `not-found`, when there is no draft.
        """
        await self._planner.demand().freeze()
