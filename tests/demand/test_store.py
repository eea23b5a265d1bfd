"""What the database itself holds about profiles."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import asyncpg
import pytest

from luisterlijn.demand import store
from luisterlijn.demand.store import Stored
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from tests.support.house import TestHouse

NOW = datetime(2026, 3, 16, 12, tzinfo=UTC)


def draft(built: TestHouse) -> Stored:
    return Stored(
        id=new_id(built.house.tokens),
        state="draft",
        made=NOW,
        source="a test",
        counted_from=None,
        counted_until=None,
    )


async def test_a_draft_takes_the_place_of_the_last_one_with_its_half_hours(
    built: TestHouse,
) -> None:
    for mean in (3.0, 4.0):
        async with built.house.database.transaction(LINE) as tx:
            await store.replace_draft(tx, draft(built), [(NOW, "phone", mean, 9.0, 6)])

    rows = await built.owner.fetch("select mean, high, required from demand_half_hour")
    assert [tuple(row) for row in rows] == [(4.0, 9.0, 6)]
    assert await built.owner.fetchval("select count(*) from demand_profile") == 1


async def test_the_application_cannot_change_a_half_hour_that_was_written(
    built: TestHouse,
) -> None:
    async with built.house.database.transaction(LINE) as tx:
        await store.replace_draft(tx, draft(built), [(NOW, "phone", 3.0, 9.0, 6)])

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with built.house.database.transaction(LINE) as tx:
            await tx.run("update demand_half_hour set mean = 1")


async def test_a_p90_below_the_mean_is_refused(built: TestHouse) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        async with built.house.database.transaction(LINE) as tx:
            await store.replace_draft(tx, draft(built), [(NOW, "phone", 3.0, 2.0, 6)])


async def test_a_half_hour_comes_from_the_newest_frozen_profile_that_has_it_else_the_draft(
    built: TestHouse,
) -> None:
    later = NOW + timedelta(minutes=30)
    async with built.house.database.transaction(LINE) as tx:
        for mean, moments in ((1.0, (NOW, later)), (2.0, (NOW,))):
            rows = [(moment, "phone", mean, 9.0, 6) for moment in moments]
            await store.replace_draft(tx, draft(built), rows)
            await store.freeze(tx)
            # Made one after the other: the clock of a transaction stands still.
            await tx.run("update demand_profile set made = made - interval '1 hour'")
        last = later + timedelta(minutes=30)
        rows = [(moment, "phone", 3.0, 9.0, 6) for moment in (NOW, later, last)]
        await store.replace_draft(tx, draft(built), rows)

        found = await store.between(tx, NOW, last + timedelta(minutes=30))
        drafted = await store.has_draft(tx)

    assert [(row["mean"], row["state"]) for row in found] == [
        (2.0, "frozen"),
        (1.0, "frozen"),
        (3.0, "draft"),
    ]
    assert drafted
