"""The database gets its newest shape once, however often and by however many it is asked."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import TYPE_CHECKING

import asyncpg
import pytest

from luisterlijn.store.embedded import Cluster, create_database, drop_database
from luisterlijn.store.migrate import SCRIPTS, migrate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_numbers = count(1)


@pytest.fixture
async def empty(server: Cluster) -> AsyncIterator[Cluster]:
    """A database without anything in it."""
    name = f"migrate_{next(_numbers)}"
    yield await create_database(server, name)
    await drop_database(server, name)


async def shape(made: Cluster) -> list[str]:
    """Give every column of every table, and the newest script that ran."""
    owner = await asyncpg.connect(made.owner_url)
    try:
        rows = await owner.fetch(
            "select table_name || '.' || column_name || ' ' || data_type as said"
            " from information_schema.columns where table_schema = 'public' order by 1"
        )
        version = await owner.fetchval("select version_num from alembic_version")
    finally:
        await owner.close()
    return [version, *(row["said"] for row in rows)]


async def test_an_empty_database_gets_the_newest_shape(empty: Cluster) -> None:
    await migrate(empty.owner_url)

    newest = max(path.name for path in (SCRIPTS / "versions").glob("[0-9]*.py"))[:4]
    found = await shape(empty)
    assert found[0] == newest
    assert "line.sealed bytea" in found


async def test_a_second_time_changes_nothing(empty: Cluster) -> None:
    await migrate(empty.owner_url)
    before = await shape(empty)

    await migrate(empty.owner_url)

    assert await shape(empty) == before


async def test_two_nodes_at_once_do_it_once(empty: Cluster, database: Cluster) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(2):
            group.create_task(migrate(empty.owner_url))

    assert [each for each in await shape(database) if "test_clock" not in each] == await shape(
        empty
    )


async def test_the_applications_own_role_may_not_change_the_shape(database: Cluster) -> None:
    app = await asyncpg.connect(database.app_url)
    try:
        for forbidden in (
            "create table more (id int)",
            "alter table line add more int",
            "drop table line",
            "alter table line disable row level security",
            "create policy more on line using (true)",
            "truncate line",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(forbidden)
    finally:
        await app.close()
