"""A line's own profile: from its counters where there are enough, an example that says so else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from luisterlijn.demand.days import HALF_HOUR, days
from luisterlijn.demand.profile import SOURCE, example_week
from luisterlijn.demand.service import COUNTED, SETTLED_AFTER, Demand
from luisterlijn.demand.synthetic import arrivals
from luisterlijn.kernel.clock import AMSTERDAM
from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.scope import LINE
from luisterlijn.reporting import store as counters

if TYPE_CHECKING:
    from tests.support.house import TestHouse

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)
"""A Monday, two weeks before summer time begins."""
WEEKS = 10


def demand_of(built: TestHouse) -> Demand:
    """Give the room, on this node's database."""
    return Demand(built.house.database, built.house.tokens)


def counted(channel: str, factor: float = 1.0) -> dict[datetime, int]:
    """Give ten weeks of counts up to the present half hour; half hours without any are left out."""
    start = NOW - timedelta(weeks=WEEKS)
    run = days(start, WEEKS * 336)
    came = np.round(arrivals(channel, run, 4).counts * factor)
    return {run.moment(each): int(came[each]) for each in map(int, np.flatnonzero(came))}


async def test_a_line_without_counts_gets_the_example_which_says_so(built: TestHouse) -> None:
    await built.time.freeze(NOW)

    drafted = await demand_of(built).draft({}, weeks=2)
    week = await demand_of(built).week()

    assert drafted.example == drafted.channels
    assert week.profile.source == SOURCE
    assert week.profile.counted_from is None
    assert sum(each[2] for each in week.expected if each[1] == "phone") == pytest.approx(
        example_week("phone").sum(), rel=1e-4
    )


async def test_counts_are_learnt_from_and_the_other_channel_keeps_the_example(
    built: TestHouse,
) -> None:
    await built.time.freeze(NOW)
    phone = counted("phone", 2.0)

    drafted = await demand_of(built).draft({"phone": phone}, weeks=2)
    week = await demand_of(built).week()

    said = sum(each[2] for each in week.expected if each[1] == "phone")
    last_weeks = sum(n for at, n in phone.items() if at >= NOW - timedelta(weeks=2)) / 2
    assert drafted.example == ("chat",)
    assert drafted.profile.source == f"{COUNTED}; chat: {SOURCE}"
    assert said == pytest.approx(last_weeks, rel=0.1)
    assert week.profile.counted_until == NOW - SETTLED_AFTER


async def test_hours_in_which_a_channel_is_closed_need_nobody(built: TestHouse) -> None:
    await built.time.freeze(NOW)

    await demand_of(built).draft({"chat": counted("chat")}, weeks=1)
    week = await demand_of(built).week()

    hours = {
        at.astimezone(AMSTERDAM).hour
        for at, channel, mean, _, _ in week.expected
        if channel == "chat" and mean > 0
    }
    assert hours == set(range(10, 22))


async def test_evenings_need_more_than_nights_and_a_busier_wish_needs_more(
    built: TestHouse,
) -> None:
    await built.time.freeze(NOW)

    await demand_of(built).draft({}, weeks=1)
    usual = (await demand_of(built).week()).expected
    await demand_of(built).draft({}, weeks=1, share=0.95)
    better = (await demand_of(built).week()).expected

    by_hour = {
        at.astimezone(AMSTERDAM).hour: needed
        for at, channel, _, _, needed in usual
        if channel == "phone"
    }
    assert by_hour[21] > by_hour[4]
    assert sum(each[4] for each in better) > sum(each[4] for each in usual)


async def test_the_week_in_which_summer_time_begins_has_334_half_hours(built: TestHouse) -> None:
    await built.time.freeze(NOW)
    await demand_of(built).draft({}, weeks=3)

    week = await demand_of(built).week(date(2026, 3, 23))

    moments = sorted({each[0] for each in week.expected})
    assert len(moments) == 334
    assert {after - before for before, after in pairwise(moments)} == {HALF_HOUR}


async def test_a_frozen_profile_stays_when_the_next_is_drafted(built: TestHouse) -> None:
    await built.time.freeze(NOW)
    demand = demand_of(built)
    await demand.draft({}, weeks=1)
    await demand.freeze()
    frozen = await demand.week(state="frozen")

    await built.time.advance(60)
    await demand.draft({"phone": counted("phone", 3.0)}, weeks=1)
    await demand.draft({"phone": counted("phone", 3.0)}, weeks=1)

    assert await demand.week(state="frozen") == frozen
    assert (await demand.week()).profile.state == "draft"
    assert await built.owner.fetchval("select count(*) from demand_profile") == 2


async def test_nothing_drafted_is_neither_shown_nor_frozen(built: TestHouse) -> None:
    with pytest.raises(Refusal, match="not-found"):
        await demand_of(built).week()
    with pytest.raises(Refusal, match="not-found"):
        await demand_of(built).freeze()


@pytest.mark.parametrize(("weeks", "share"), [(0, 0.8), (27, 0.8), (4, 0.0), (4, 1.0)])
async def test_a_wish_that_cannot_be_is_refused(built: TestHouse, weeks: int, share: float) -> None:
    with pytest.raises(Refusal, match="bad-request"):
        await demand_of(built).draft({}, weeks, share)


async def test_the_counters_give_who_came_answered_or_not_and_who_heard_that_it_is_full(
    built: TestHouse,
) -> None:
    rows = [
        (NOW, "phone", "answered", "all", 5),
        (NOW, "phone", "lost", "all", 3),
        (NOW, "phone", "turned_away", "full", 2),
        (NOW, "phone", "turned_away", "closed", 40),
        (NOW, "phone", "attempts", "all", 50),
        (NOW, "phone", "wait", "0-30s", 5),
        (NOW + HALF_HOUR, "chat", "answered", "all", 1),
    ]
    async with built.house.database.transaction(LINE) as tx:
        await counters.add(tx, rows)

    assert await built.house.reporting.arrivals() == {
        "phone": {NOW: 10},
        "chat": {NOW + HALF_HOUR: 1},
    }
