"""Counting: an accumulator in memory, written each hour in shuffled order.

Never a row per contact.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from luisterlijn.kernel.clock import from_wire, half_hour
from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy import retention, sealing
from luisterlijn.reporting import model, store

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from luisterlijn.dispatch.events import ContactClosed
    from luisterlijn.kernel.clock import Clock
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.privacy.keyring import Keyring
    from luisterlijn.store.database import Database, Transaction

log = structlog.get_logger()

Key = tuple["datetime", str, str, str]


class Reporting:
    """Counters and the archive of sealed records."""

    def __init__(
        self,
        database: Database,
        keyring: Keyring,
        tokens: TokenSource,
        clock: Clock,
        show: Callable[[str, str], None],
    ) -> None:
        """Start with nothing counted; what a crash takes is at most an hour of figures.

        `show` counts one for the operator: channel, what became of a contact.
        """
        self._show = show
        self._database = database
        self._keyring = keyring
        self._tokens = tokens
        self._clock = clock
        self._counted: Counter[Key] = Counter()
        self._lock = asyncio.Lock()

    def count_one(self, channel: str, kind: str, value: str) -> None:
        """Add one to a counter of this half hour."""
        if kind in model.OUTCOMES:
            self._show(channel, kind)
        self._counted[half_hour(self._clock.now()), channel, kind, value] += 1

    async def count(self, _tx: Transaction, event: ContactClosed) -> None:
        """Work listener: a contact closed."""
        self._show(event.channel, event.reason)
        moment = from_wire(event.half_hour_at)
        for kind, value in model.counted(
            event.reason, event.waited_s, event.lasted_s, event.wrap_up
        ):
            self._counted[moment, event.channel, kind, value] += 1

    async def flush(self) -> None:
        """Write what was counted, in an order that says nothing about time."""
        async with self._lock:
            counted, self._counted = self._counted, Counter()
            shuffled = sorted(counted.items(), key=lambda _each: self._tokens.bytes(8))
            try:
                async with self._database.transaction(LINE) as tx:
                    await store.add(tx, [(*key, number) for key, number in shuffled])
            except Outage:
                self._counted.update(counted)
                raise

    async def arrivals(self) -> dict[str, dict[datetime, int]]:
        """Give how many came: channel -> half hour (UTC) -> number. Half hours without: none."""
        found: dict[str, dict[datetime, int]] = {}
        async with self._database.transaction(LINE) as tx:
            for row in await store.arrivals(tx):
                found.setdefault(row["channel"], {})[row["half_hour"]] = row["count"]
        return found

    async def keep(self, tx: Transaction, facts: dict[str, Any]) -> None:
        """Seal what a closed contact leaves for seven days."""
        record = new_id(self._tokens)
        kek = self._keyring.current(retention.RetentionClass.WEEK_1, tx.now)
        dek = sealing.new_dek(kek, record, self._tokens)
        sealed = sealing.seal(
            dek,
            retention.SESSION_RECORD_SEALED,
            record.hex,
            msgspec.json.encode(facts),
            tokens=self._tokens,
        )
        await store.insert_record(tx, record, dek.kek_id, dek.wrapped, sealed)

    async def forget_records(self, tx: Transaction) -> None:
        """Delete the records whose time is over: older than seven days, by their key's period."""
        now = tx.now
        living = self._keyring.living(retention.RetentionClass.WEEK_1, now)
        await store.delete_records(tx, living)
