"""Timed work is done once for each moment, on all nodes together."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.scope import LINE
from luisterlijn.store import store_runs

if TYPE_CHECKING:
    from datetime import datetime

    from tests.support.house import TestHouse


async def take(built: TestHouse, job: str, due: datetime) -> bool:
    async with built.house.database.transaction(LINE) as tx:
        return await store_runs.take(tx, job, due)


async def test_of_many_nodes_at_the_same_moment_one_gets_the_job(built: TestHouse) -> None:
    due = await built.time.now()

    async with asyncio.TaskGroup() as group:
        tries = [group.create_task(take(built, "records-gone", due)) for _ in range(8)]

    assert sorted(each.result() for each in tries) == [False] * 7 + [True]


async def test_each_job_and_each_moment_is_taken_by_itself(built: TestHouse) -> None:
    due = await built.time.now()

    assert await take(built, "sessions", due)
    assert await take(built, "records-gone", due)
    assert await take(built, "sessions", due + timedelta(minutes=5))
    assert not await take(built, "sessions", due)


async def test_a_job_that_failed_is_not_taken(built: TestHouse) -> None:
    due = await built.time.now()

    async def fails() -> None:
        async with built.house.database.transaction(LINE) as tx:
            assert await store_runs.take(tx, "sessions", due)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()

    assert await take(built, "sessions", due)


async def test_runs_of_more_than_two_days_ago_are_forgotten(built: TestHouse) -> None:
    now = await built.time.now()
    for days in (1, 3):
        await take(built, "sessions", now - timedelta(days=days))

    async with built.house.database.transaction(LINE) as tx:
        await store_runs.forget_old(tx)

    rows = await built.owner.fetch("select due from job_run")
    assert [row["due"] for row in rows] == [now - timedelta(days=1)]
