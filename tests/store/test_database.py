"""A transaction is whole or not at all, sees one scope, and says so when the database is away."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

import asyncpg
import pytest

from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.events import Event
from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.store.database import Database, Transaction, open_database
from tests.support.proxy import Proxy, proxied

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from luisterlijn.store.embedded import Cluster

AWAY_S = 5.0
"""Longer than a statement may take, with room for a machine that is busy."""
INSERT = "insert into branch (id, slug, name) values ($1, $2, $2)"
FIRST, SECOND = BranchId(UUID(int=1)), BranchId(UUID(int=2))


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Event):
    """Something happened."""

    name: ClassVar[str] = "test.happened"


@dataclass
class Box:
    """Notes what was written with a transaction, and what was told after it."""

    written: list[Event] = field(default_factory=list)
    hinted: list[Event] = field(default_factory=list)

    async def write(self, _tx: Transaction, events: Sequence[Event]) -> None:
        """Note what goes into the transaction."""
        self.written += events

    def hint(self, events: Sequence[Event]) -> None:
        """Note what is told after the commit."""
        self.hinted += events


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
async def opened(database: Cluster, box: Box) -> AsyncIterator[Database]:
    async with open_database(database.app_url, box, people=1, line=4) as made:
        yield made


async def slugs(opened: Database) -> list[str]:
    rows = await opened.line_rows("select slug from branch order by slug")
    return [row["slug"] for row in rows]


def scope(branch: BranchId, *roles: Role) -> Scope:
    return Scope(person=PersonId(UUID(int=9)), branch=branch, roles=frozenset(roles))


async def test_a_transaction_that_fails_leaves_nothing_of_itself(
    opened: Database, box: Box
) -> None:
    async def fails() -> None:
        async with opened.transaction(LINE) as tx:
            await tx.run(INSERT, FIRST, "utrecht")
            tx.publish_on_commit(Happened())
            await tx.run(INSERT, SECOND, "zwolle")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()

    assert await slugs(opened) == []
    assert (box.written, box.hinted) == ([], [])


async def test_an_event_leaves_after_the_commit_and_never_before(
    opened: Database, box: Box
) -> None:
    async with opened.transaction(LINE) as tx:
        await tx.run(INSERT, FIRST, "utrecht")
        tx.publish_on_commit(Happened())
        assert (box.written, box.hinted) == ([], [])

    assert await slugs(opened) == ["utrecht"]
    assert (box.written, box.hinted) == ([Happened()], [Happened()])


async def test_a_commit_that_fails_tells_nobody(database: Cluster, box: Box) -> None:
    owner = await asyncpg.connect(database.owner_url)
    await owner.execute(
        "create table late (id int primary key deferrable initially deferred);"
        " grant insert on late to ll_app"
    )
    await owner.close()

    async def fails(opened: Database) -> None:
        async with opened.transaction(LINE) as tx:
            await tx.run_many("insert into late values ($1)", [(1,), (1,)])
            tx.publish_on_commit(Happened())

    async with open_database(database.app_url, box, people=1, line=2) as opened:
        with pytest.raises(asyncpg.UniqueViolationError):
            await fails(opened)

    assert box.written == [Happened()]
    assert box.hinted == []


async def test_what_fails_inside_a_savepoint_is_undone_with_its_events_and_the_rest_stays(
    opened: Database, box: Box
) -> None:
    async def fails(tx: Transaction) -> None:
        async with tx.savepoint():
            await tx.run(INSERT, SECOND, "zwolle")
            tx.publish_on_commit(Happened())
            raise ZeroDivisionError

    async with opened.transaction(LINE) as tx:
        await tx.run(INSERT, FIRST, "utrecht")
        tx.publish_on_commit(Happened())
        with pytest.raises(ZeroDivisionError):
            await fails(tx)

    assert await slugs(opened) == ["utrecht"]
    assert box.hinted == [Happened()]


async def test_a_scope_does_not_stay_behind_on_the_connection_that_the_next_one_gets(
    opened: Database,
) -> None:
    async with opened.transaction(LINE) as tx:
        for branch, slug in ((FIRST, "utrecht"), (SECOND, "zwolle")):
            await tx.run(INSERT, branch, slug)
            await tx.run(
                "insert into shift (id, branch, starts, ends, channels, wanted, state) values"
                " (gen_random_uuid(), $1, line_now(), line_now() + interval '1 h', '{}', 1,"
                " 'published')",
                branch,
            )
    seen: list[int] = []
    backends: set[int] = set()
    asking = (
        scope(FIRST, Role.PLANNER),  # all branches
        scope(FIRST, Role.VOLUNTEER),  # none but the own
        scope(SECOND, Role.COORDINATOR),
        scope(FIRST, Role.VOLUNTEER),
    )
    for each in asking:
        async with opened.transaction(each) as tx:
            backends.add(await tx.value("select pg_backend_pid()"))
            seen.append(await tx.value("select count(*) from shift"))
        with pytest.raises(ZeroDivisionError):
            async with opened.transaction(each):
                raise ZeroDivisionError

    assert len(backends) == 1, "one connection served them all"
    assert seen == [2, 0, 1, 0]


async def test_a_person_is_never_taken_for_the_line(opened: Database) -> None:
    async with opened.transaction(LINE) as tx:
        assert await tx.value("select scope_is_line()") is True
    async with opened.transaction(scope(FIRST, Role.ADMINISTRATOR)) as tx:
        assert await tx.value("select scope_is_line()") is False
        assert await tx.value("select scope_person()") == UUID(int=9)


async def test_now_is_the_lines_own_time(opened: Database) -> None:
    async with opened.transaction(LINE) as tx:
        assert await tx.value("select line_now() >= $1", tx.now)
    async with opened.transaction(scope(FIRST, Role.VOLUNTEER)) as tx:
        assert await tx.value("select line_now() >= $1", tx.now)


async def test_a_database_that_is_gone_is_an_outage_and_comes_back_by_itself(
    database: Cluster, box: Box
) -> None:
    async with (
        proxied(database.app_url) as wire,
        open_database(wire.url, box, people=1, line=2) as opened,
    ):
        assert await slugs(opened) == []
        await wire.cut()

        async with asyncio.timeout(AWAY_S):
            with pytest.raises(Outage):
                async with opened.transaction(LINE) as tx:
                    await tx.run(INSERT, FIRST, "utrecht")
            with pytest.raises(Outage):
                await opened.line_row("select 1")
            with pytest.raises(Outage):
                await opened.line_rows("select 1")

        await wire.listen()
        async with opened.transaction(LINE) as tx:
            await tx.run(INSERT, FIRST, "utrecht")
        assert await slugs(opened) == ["utrecht"]


async def test_a_database_that_says_nothing_is_an_outage_within_seconds(
    database: Cluster, box: Box
) -> None:
    async with silent(database, box) as opened:
        async with asyncio.timeout(AWAY_S):
            with pytest.raises(Outage):
                await opened.line_row("select 1")
        async with asyncio.timeout(AWAY_S):
            with pytest.raises(Outage):
                async with opened.transaction(LINE):
                    pytest.fail("nobody answered")


async def test_a_transaction_under_way_ends_when_the_database_falls_silent(
    database: Cluster, box: Box
) -> None:
    async def fails(opened: Database, wire: Proxy) -> None:
        async with opened.transaction(LINE) as tx:
            await tx.run(INSERT, FIRST, "utrecht")
            tx.publish_on_commit(Happened())
            wire.silence()
            await tx.run(INSERT, SECOND, "zwolle")

    async with (
        proxied(database.app_url) as wire,
        open_database(wire.url, box, people=1, line=2) as opened,
    ):
        async with asyncio.timeout(AWAY_S):
            with pytest.raises(Outage):
                await fails(opened, wire)
        assert box.hinted == []
        await wire.cut()


async def test_many_who_ask_a_silent_database_all_hear_so_in_time(
    database: Cluster, box: Box
) -> None:
    async def ask(opened: Database) -> None:
        with pytest.raises(Outage):
            await opened.line_row("select 1")

    async with (
        silent(database, box) as opened,
        asyncio.timeout(AWAY_S),
        asyncio.TaskGroup() as group,
    ):
        for _ in range(20):
            group.create_task(ask(opened))


@asynccontextmanager
async def silent(database: Cluster, box: Box) -> AsyncIterator[Database]:
    """Give a database that answered until now, and accepts and says nothing from now on."""
    async with (
        proxied(database.app_url) as wire,
        open_database(wire.url, box, people=1, line=2) as opened,
    ):
        wire.silence()
        yield opened
        await wire.cut()
