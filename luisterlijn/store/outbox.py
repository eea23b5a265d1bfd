"""The outbox: events become rows with the commit, and a relay hands each row to its listener."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import structlog

from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from luisterlijn.kernel.events import Event, Hint, Hints, Listener, Listeners
    from luisterlijn.store.database import Database, Transaction

log = structlog.get_logger()

LONGEST_PAUSE = timedelta(minutes=5)
POLL_S = 1.0
"""Rows of another node, and rows whose pause is over, are found within this time."""


class Outbox:
    """Writes events as rows, tells hints, and relays rows to work listeners, at least once each."""

    def __init__(self) -> None:
        """Start with nobody listening: the listeners need the database, which needs an outbox."""
        self._work: Listeners = {}
        self._hints: Hints = {}
        self._wake = asyncio.Event()
        self._listeners: dict[str, Listener] = {}
        self._events: dict[str, type[Event]] = {}

    def listen(self, work: Listeners, hints: Hints) -> None:
        """Know who listens; `app` holds the one table of both."""
        self._work, self._hints = work, hints
        self._listeners = {
            _name(listener): listener for listeners in work.values() for listener in listeners
        }
        self._events = {event.name: event for event in work}

    async def write(self, tx: Transaction, events: Sequence[Event]) -> None:
        """Write one row per event and work listener, in the events' own transaction."""
        rows = [
            (event.name, _name(listener), msgspec.json.encode(event))
            for event in events
            for listener in self._work.get(type(event), ())
        ]
        if rows:
            await tx.run_many(
                "insert into outbox (id, event, listener, body, due)"
                " values (gen_random_uuid(), $1, $2, $3, line_now())",
                rows,
            )

    def hint(self, events: Sequence[Event]) -> None:
        """Call the hint listeners and wake the relay; a hint that fails undoes no commit."""
        self._wake.set()
        for event in events:
            for listener in self._hints.get(type(event), ()):
                try:
                    listener(event)
                except Exception:
                    log.exception("hint_failed", listener=_name(listener))

    async def run(self, database: Database) -> None:
        """Relay rows until cancelled."""
        while True:
            self._wake.clear()
            try:
                while await self.relay_one(database):
                    pass
            except Outage:
                log.warning("outbox_waits")
            try:
                async with asyncio.timeout(POLL_S):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def relay_one(self, database: Database) -> bool:
        """Hand one due row to its listener; False when nothing is due.

        The row is deleted in the listener's own transaction. A listener that fails is tried again
        after 1 s, 2 s, 4 s … 5 min; nothing is dropped.
        """
        async with database.transaction(LINE) as tx:
            row = await tx.row(
                "select id, event, listener, body, tries from outbox"
                " where due <= line_now()"
                " order by due, id limit 1 for update skip locked"
            )
            if row is None:
                return False
            try:
                event = msgspec.json.decode(row["body"], type=self._events[row["event"]])
                async with tx.savepoint():
                    await self._listeners[row["listener"]](tx, event)
            except Outage:
                raise
            except Exception:
                log.exception("listener_failed", listener=row["listener"], tries=row["tries"])
                await tx.run(
                    "update outbox set tries = tries + 1, due = line_now() + $2 where id = $1",
                    row["id"],
                    min(timedelta(seconds=2 ** min(row["tries"], 12)), LONGEST_PAUSE),
                )
                return True
            # Gone at once: a row that stays would still tell who talked with which contact.
            await tx.run("delete from outbox where id = $1", row["id"])
        return True


def _name(listener: Listener | Hint) -> str:
    return f"{listener.__module__}.{listener.__qualname__}"
