"""What time alone brings: legs nobody heard of, records the provider must forget."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy import retention
from luisterlijn.privacy.keyring import KeyGone
from luisterlijn.telephony import store, store_orders
from luisterlijn.telephony.calls import due_in
from luisterlijn.telephony.happenings import Stuck
from luisterlijn.telephony.legs import ENDING, NOT_YET, LegState
from luisterlijn.telephony.ports import NotErased

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.kernel.clock import Clock
    from luisterlijn.privacy.keyring import Keyring
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.telephony.calls import Book
    from luisterlijn.telephony.legs import Leg
    from luisterlijn.telephony.limits import Limits
    from luisterlijn.telephony.ports import PhoneProvider
    from luisterlijn.telephony.service import Calls
    from luisterlijn.telephony.sids import Sids
    from luisterlijn.telephony.store import Stored

log = structlog.get_logger()

LOOK_S = 2.0
ERASE_S = 120.0
"""A leg is erased by the second sweep that sees it: two to four minutes after it ended."""
LOOKS_AGAIN = timedelta(minutes=2)


class Upkeep:
    """The telephone's timed work."""

    def __init__(
        self,
        database: Database,
        provider: PhoneProvider,
        calls: Calls,
        book: Book,
        sids: Sids,
        limits: Limits,
        keyring: Keyring,
        clock: Clock,
    ) -> None:
        """Look after these calls."""
        self._database = database
        self._provider = provider
        self._calls = calls
        self._book = book
        self._sids = sids
        self._limits = limits
        self._keyring = keyring
        self._clock = clock

    async def run(self) -> None:
        """Look every two seconds, and let the provider forget every two minutes."""
        clock = asyncio.get_running_loop()
        erased = clock.time()
        while True:
            try:
                await self.sweep()
                if clock.time() - erased >= ERASE_S:
                    erased = clock.time()
                    await self.erase()
                    self._limits.forget_old(self._clock.now())
            except Outage:
                log.warning("telephony_waits")
            except Exception:
                log.exception("telephony_sweep_failed")
            await asyncio.sleep(LOOK_S)

    async def sweep(self) -> None:
        """Look up each leg that was not heard of for too long."""
        async with self._database.transaction(LINE) as tx:
            overdue = await store.overdue(tx)
        for stored in overdue:
            try:
                await self._look(stored)
            except Outage:
                async with self._database.transaction(LINE) as tx:
                    await store.look_again(tx, stored.leg.id, _again(stored.leg))

    async def _look(self, stored: Stored) -> None:
        leg = stored.leg
        call = self._sids.open(stored)
        if call is None or await self._provider.is_over(call):
            await self._calls.gone(leg.id)
            return
        async with self._database.transaction(LINE) as tx:
            hangs = leg.state is LegState.JOINING or leg.state in NOT_YET
            if hangs and stored.contact is not None:
                await self._book.apply(tx, stored.contact, Stuck(leg.id))
            elif hangs or leg.state in ENDING:
                await self._book.tell(tx, leg.id, "end")
            await store.look_again(tx, leg.id, _again(leg))

    async def erase(self) -> int:
        """Let the provider forget what is over; gives how much it still holds."""
        after = None
        while True:
            async with self._database.transaction(LINE) as tx:
                due = await store_orders.erasures(tx, after)
                if not due:
                    await store_orders.see_erasures(tx)
                    break
            for row in due:
                await self._erase(row["id"], row["sid"])
            after = due[-1]["id"]
        left = await store_orders.left(self._database)
        return int(left["erasures"]) if left is not None else 0

    async def _erase(self, erasure: UUID, sealed: bytes) -> None:
        try:
            await self._provider.erase(self._sids.of_erasure(erasure, sealed))
        except NotErased:
            async with self._database.transaction(LINE) as tx:
                await store_orders.erase_later(tx, erasure)
        except KeyGone:
            return  # two weeks: `forget` counts and drops it
        else:
            async with self._database.transaction(LINE) as tx:
                await store_orders.erased(tx, erasure)

    async def forget(self, tx: Transaction) -> None:
        """Timed work: drop rows whose key is gone; an alarm for what the provider still holds."""
        day = self._keyring.living(retention.LEG_SID.retention, tx.now)
        await store.forget_legs(tx, day)
        weeks = self._keyring.living(retention.ERASURE_SID.retention, tx.now)
        late = await store_orders.forget_erasures(tx, weeks)
        if late:
            log.error("provider_never_forgot", count=late)


def _again(leg: Leg) -> timedelta:
    """Give when to look at a leg once more: soon, while somebody waits for it in silence."""
    return min(due_in(leg), LOOKS_AGAIN)
