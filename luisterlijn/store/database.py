"""The database: scoped transactions, and the events that leave with a commit."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Protocol

import asyncpg

from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.scope import LineScope, Scope

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime

    from luisterlijn.kernel.events import Event

COMMAND_S = 3.0
"""A query that takes longer counts as an outage: a black-holed database would hang for ever."""
ACQUIRE_S = 2.0
"""Wait for a free connection; past it we say that the line is away (promise P10)."""
SESSION = {
    "application_name": "luisterlijn",
    "idle_in_transaction_session_timeout": "3s",
    "statement_timeout": "3s",
    "lock_timeout": "2s",
    "timezone": "UTC",
}

AWAY = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.TooManyConnectionsError,
    asyncpg.DiskFullError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)
"""What means that the world failed, not we; the caller may try again."""


class Mailroom(Protocol):
    """Takes the events of a transaction: rows before the commit, hints after it."""

    async def write(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Write an outbox row per work listener, in the same transaction."""
        ...

    def hint(self, events: Sequence[Event]) -> None:
        """Tell the hint listeners, and wake the relay. May not wait."""
        ...


class Transaction:
    """One open transaction. `now` is the line's own time at its first statement."""

    def __init__(self, connection: asyncpg.pool.PoolConnectionProxy, now: datetime) -> None:
        """Wrap an open transaction; only `Database.transaction` makes these."""
        self._connection = connection
        self.now = now
        self.events: list[Event] = []

    async def rows(self, sql: str, *values: object) -> list[asyncpg.Record]:
        """Give every row, in the statement's order."""
        return await self._connection.fetch(sql, *values)

    async def row(self, sql: str, *values: object) -> asyncpg.Record | None:
        """Give the first row; None when there is none."""
        return await self._connection.fetchrow(sql, *values)

    async def value(self, sql: str, *values: object) -> Any:
        """Give the first field of the first row; None when there is none."""
        return await self._connection.fetchval(sql, *values)

    async def run(self, sql: str, *values: object) -> int:
        """Run a statement; gives how many rows it touched."""
        tag = await self._connection.execute(sql, *values)
        last = tag.rsplit(" ", 1)[-1]
        return int(last) if last.isdigit() else 0

    async def run_many(self, sql: str, values: Sequence[Sequence[object]]) -> None:
        """Run a statement once per row of values."""
        await self._connection.executemany(sql, values)

    @contextlib.asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what happens inside when it raises, its events too; keep what came before."""
        kept = len(self.events)
        try:
            async with self._connection.transaction():
                yield
        except BaseException:
            del self.events[kept:]
            raise

    def publish_on_commit(self, event: Event) -> None:
        """Let the event leave with the commit, and not without it."""
        self.events.append(event)


class Database:
    """Two pools: one for people (row-level security by scope), one for the line's own work."""

    def __init__(self, people: asyncpg.Pool, line: asyncpg.Pool, mailroom: Mailroom) -> None:
        """Keep the pools; see `open_database`."""
        self._people = people
        self._line = line
        self._mailroom = mailroom

    @contextlib.asynccontextmanager
    async def transaction(self, scope: Scope | LineScope) -> AsyncIterator[Transaction]:
        """Open a transaction in which the acting scope sees its own rows only.

        Raises:
            Outage: the database did not answer in time; nothing is known to be committed.
        """
        pool = self._line if isinstance(scope, LineScope) else self._people
        with _outages():
            async with _taken(pool) as connection:
                with _not_waited_for(connection):
                    async with connection.transaction():
                        with _not_waited_for(connection):
                            tx = Transaction(connection, await _begin(connection, scope))
                            yield tx
                            if tx.events:
                                await self._mailroom.write(tx, tx.events)
        if tx.events:
            self._mailroom.hint(tx.events)

    async def line_row(self, sql: str, *values: object) -> asyncpg.Record | None:
        """Run one statement of the line's own work, committed by itself; gives its first row.

        Raises:
            Outage: as `transaction`.
        """
        with _outages():
            async with _taken(self._line) as connection:
                with _not_waited_for(connection):
                    return await connection.fetchrow(sql, *values)

    async def line_rows(self, sql: str, *values: object) -> list[asyncpg.Record]:
        """Run one statement of the line's own work, committed by itself; gives every row."""
        with _outages():
            async with _taken(self._line) as connection:
                with _not_waited_for(connection):
                    return await connection.fetch(sql, *values)

    def hint(self, events: Sequence[Event]) -> None:
        """Tell the hint listeners of events that a single statement just committed."""
        self._mailroom.hint(events)


def _taken(pool: asyncpg.Pool) -> asyncpg.pool.PoolAcquireContext:
    """Take a connection. A time limit costs a task, so only who must queue gets one."""
    return pool.acquire(timeout=None if pool.get_idle_size() else ACQUIRE_S)


@contextlib.contextmanager
def _not_waited_for(connection: asyncpg.pool.PoolConnectionProxy) -> Any:
    """Let go of a connection that does not answer: a rollback would wait for it as long again."""
    try:
        yield
    except TimeoutError:
        connection.terminate()
        raise


@contextlib.contextmanager
def _outages() -> Any:
    try:
        yield
    except asyncio.CancelledError:
        raise
    except AWAY as failure:
        raise Outage("database") from failure


async def _begin(
    connection: asyncpg.pool.PoolConnectionProxy, scope: Scope | LineScope
) -> datetime:
    if isinstance(scope, LineScope):
        moment: datetime = await connection.fetchval("select line_now()")
    else:
        moment = await connection.fetchval(
            "select line_now(), set_config('ll.scope', 'person', true),"
            " set_config('ll.person', $1, true), set_config('ll.branches', $2, true)",
            str(scope.person),
            scope.branches if scope.branches in ("", "*") else str(scope.branch),
        )
    return moment


async def _as_it_is(_connection: asyncpg.Connection) -> None:
    """Hand a connection back without a round trip: the line's own work leaves nothing on it."""


@contextlib.asynccontextmanager
async def open_database(
    url: str, mailroom: Mailroom, *, people: int = 10, line: int = 10
) -> AsyncIterator[Database]:
    """Connect with the application's own role.

    Args:
        url: of a role that owns nothing and cannot bypass row-level security.
        mailroom: takes the events of each transaction.
        people: most connections for people's requests.
        line: most connections for the line's own work.
    """
    async with (
        asyncpg.create_pool(
            url,
            min_size=1,
            max_size=people,
            timeout=ACQUIRE_S,
            command_timeout=COMMAND_S,
            server_settings=SESSION,
        ) as people_pool,
        asyncpg.create_pool(
            url,
            min_size=2,
            max_size=line,
            timeout=ACQUIRE_S,
            command_timeout=COMMAND_S,
            server_settings={**SESSION, "ll.scope": "line"},
            reset=_as_it_is,
        ) as line_pool,
    ):
        yield Database(people_pool, line_pool, mailroom)


async def is_above_the_rules(url: str) -> bool:
    """Say whether row-level security does not bind this role: a superuser, or an owner.

    Raises:
        OSError, ValueError, asyncpg.PostgresError: no database answers there.
    """
    connection = await asyncpg.connect(url, server_settings={"application_name": "luisterlijn"})
    try:
        return bool(
            await connection.fetchval(
                "select r.rolsuper or r.rolbypassrls or pg_has_role(d.datdba, 'usage')"
                " or exists (select from pg_class c"
                " where c.relrowsecurity and pg_has_role(c.relowner, 'usage'))"
                " from pg_roles r, pg_database d"
                " where r.rolname = current_user and d.datname = current_database()"
            )
        )
    finally:
        await connection.close()
