"""A real PostgreSQL for the tests: one server, a migrated mould, a fresh database per test."""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg

from luisterlijn.store.embedded import Cluster, create_database, drop_database
from luisterlijn.store.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime

MOULD = "mould"

CLOCK = """
create table test_clock (frozen timestamptz, ahead interval not null default '0');
insert into test_clock default values;
grant select on test_clock to ll_app;
create or replace function line_now() returns timestamptz language sql stable
as 'select coalesce(frozen, statement_timestamp()) + ahead from test_clock';
"""


async def make_mould(server: Cluster) -> None:
    """Migrate one database; every test copies it. Its time is a row that tests move."""
    mould = await create_database(server, MOULD)
    await migrate(mould.owner_url)
    connection = await asyncpg.connect(mould.owner_url)
    await connection.execute(CLOCK)
    await connection.close()


@contextlib.asynccontextmanager
async def fresh_database(server: Cluster, name: str) -> AsyncIterator[Cluster]:
    """Give a migrated database of its own."""
    made = await create_database(server, name, template=MOULD)
    try:
        yield made
    finally:
        await drop_database(server, name)


class LineTime:
    """Moves the line's time in one test database."""

    def __init__(self, owner: asyncpg.Connection) -> None:
        """Use the owner's connection: the application may not touch the clock."""
        self.owner = owner

    async def freeze(self, moment: datetime) -> None:
        """Stop the line's time at this moment."""
        await self.owner.execute("update test_clock set frozen = $1, ahead = '0'", moment)

    async def advance(self, seconds: float) -> None:
        """Let so many seconds pass at once."""
        await self.owner.execute(
            "update test_clock set ahead = ahead + $1", timedelta(seconds=seconds)
        )

    async def now(self) -> datetime:
        """Give the line's time."""
        moment: datetime = await self.owner.fetchval("select line_now()")
        return moment
