"""Expected beside actual, out of real counters; drafted and frozen."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import half_hour, service_day
from luisterlijn.kernel.errors import Code
from tests.support.coaching import refused
from tests.support.planner import expect

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_what_was_counted_stands_beside_what_was_frozen(built: TestHouse) -> None:
    now = await built.time.now()
    day = service_day(now) - timedelta(days=3)
    await expect(built, phone=1.0, chat=0.0, first=day - timedelta(days=1), days=2)
    moment = half_hour(now) - timedelta(days=3)
    for when, kind, count in ((moment - timedelta(days=5), "answered", 1), (moment, "lost", 7)):
        await built.owner.execute(
            "insert into counter (half_hour, channel, kind, value, count)"
            " values ($1, 'phone', $2, 'x', $3)",
            *(when, kind, count),
        )

    found = await built.house.planner.forecasts.compared(service_day(moment), 1)

    phone, chat = found.totals
    assert (found.expectation, found.source, found.draft) == ("frozen", "a test", False)
    assert (phone.expected, phone.came, phone.above) == (48.0, 7, 1)
    assert (chat.expected, chat.came) == (0.0, None)


async def test_a_draft_is_made_told_and_frozen_once(built: TestHouse) -> None:
    forecasts = built.house.planner.forecasts
    today = service_day(await built.time.now()) + timedelta(days=1)

    await forecasts.draft(1, None)
    drafted = await forecasts.compared(today, 1)
    await forecasts.freeze()
    frozen = await forecasts.compared(today, 1)

    assert (drafted.expectation, drafted.draft) == ("draft", True)
    assert (frozen.expectation, frozen.draft) == ("frozen", False)
    assert frozen.source.startswith("example")
    assert await refused(forecasts.freeze()) is Code.NOT_FOUND
    assert await refused(forecasts.draft(99, None)) is Code.BAD_REQUEST
