"""Tells the provider what the rows say it must be told. No network inside a transaction."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.scope import LINE
from luisterlijn.telephony import store, store_orders
from luisterlijn.telephony.legs import ENDING, LISTEN, WHISPER, Kind, LegState
from luisterlijn.telephony.ports import (
    Browser,
    CallGone,
    CallId,
    NotNow,
    NotPlaced,
    Number,
    Ring,
    Voice,
)
from luisterlijn.telephony.speech import MUSIC, sound_path

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from luisterlijn.dispatch.service import Hall
    from luisterlijn.kernel.events import Event
    from luisterlijn.kernel.ids import ContactId, PersonId
    from luisterlijn.privacy.redaction import Secret
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.telephony.calls import Book
    from luisterlijn.telephony.ports import PhoneProvider
    from luisterlijn.telephony.service import Calls
    from luisterlijn.telephony.sids import Sids
    from luisterlijn.telephony.store import Stored
    from luisterlijn.telephony.store_orders import Order

log = structlog.get_logger()

WORKERS = 8
"""So many orders at once: one slow answer of the provider holds up nobody else's call."""
POLL_S = 1.0
LEASE = timedelta(seconds=20)
"""Longer than the provider's time-out: an order is tried by one worker at a time."""
RINGS_BROWSER = timedelta(seconds=20)
RINGS_NUMBER = timedelta(seconds=15)
RINGS_HELP = timedelta(seconds=22)
"""Shorter than a request waits for one phone; the night's coach may have to wake up."""
ASKED = (Kind.HELPER, Kind.CALLED_UP)
RINGS_THIRD = timedelta(seconds=30)
MOST_TRIES = 8
FIND_TRIES = 2
"""A call of which it is not known whether it was placed is looked for so often, then given up."""


class Orders:
    """One per node. Several at once do no harm: an order is leased to one worker."""

    def __init__(
        self,
        database: Database,
        hall: Hall,
        provider: PhoneProvider,
        calls: Calls,
        book: Book,
        sids: Sids,
        number_of: Callable[[Transaction, PersonId], Awaitable[Secret[str] | None]],
        third: Callable[[str], Secret[str] | None],
    ) -> None:
        """Tell this provider.

        Args:
            database: where the orders are.
            hall: knows under which name a browser is signed on.
            provider: who carries the calls.
            calls: hears which legs turn out to be gone.
            book: the calls' rows.
            sids: the provider's ids.
            number_of: gives somebody's own number.
            third: gives the number behind the id of a callable entry; None: it is not callable.
        """
        self._database = database
        self._hall = hall
        self._provider = provider
        self._calls = calls
        self._book = book
        self._sids = sids
        self._number_of = number_of
        self._third = third
        self._wake = asyncio.Event()

    def wake(self, _event: Event) -> None:
        """Hint listener: an order was left."""
        self._wake.set()

    async def run(self) -> None:
        """Carry orders out until cancelled."""
        async with asyncio.TaskGroup() as group:
            for number in range(WORKERS):
                group.create_task(self._work(), name=f"orders-{number}")

    async def _work(self) -> None:
        while True:
            self._wake.clear()
            try:
                while await self.one():
                    pass
            except Outage:
                log.warning("orders_wait")
            except Exception:
                log.exception("order_failed")  # its lease ends, it is tried again
            try:
                async with asyncio.timeout(POLL_S):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def one(self) -> bool:
        """Carry the next order out; False when none is due."""
        async with self._database.transaction(LINE) as tx:
            order = await store_orders.take_order(tx, LEASE)
            if order is None:
                return False
            stored = await store.leg(tx, order.leg)
            fresh = (
                order.what == "place"
                and stored is not None
                and await store.mark_placing(tx, order.leg)
            )
        if stored is None:
            await self._done(order)
        elif order.what == "place":
            await self._place(order, stored, fresh=fresh)
        else:
            await self._tell(order, stored)
        return True

    # Placing.

    async def _place(self, order: Order, stored: Stored, *, fresh: bool) -> None:
        if stored.sid is not None or stored.leg.state not in (LegState.DUE, LegState.PLACING):
            await self._done(order)
            return
        ring = await self._ring(stored)
        if ring is None:
            await self._done(order)
            await self._calls.gone(order.leg)
            return
        try:
            # Once asked for and the answer unknown, it is looked for and never asked for again.
            call = await (self._provider.place(ring) if fresh else self._found(ring, order))
        except NotPlaced:
            await self._done(order)
            await self._calls.gone(order.leg)
            return
        except NotNow:
            await self._again(order)
            return
        except Outage:
            await self._later(order, timedelta(seconds=2 ** min(order.tries, 5)))
            return
        if call is None:
            if order.tries < FIND_TRIES:
                await self._later(order, timedelta(seconds=2))
                return
            await self._done(order)
            await self._calls.gone(order.leg)
            return
        await self._placed(order, call)

    async def _found(self, ring: Ring, order: Order) -> CallId | None:
        """Give the call that was placed for this leg; one that we know is another leg's."""
        call = await self._provider.find(ring)
        if call is None:
            return None
        async with self._database.transaction(LINE) as tx:
            known = await self._sids.find(tx, call)
        return call if known is None or known.leg.id == order.leg else None

    async def _again(self, order: Order) -> None:
        """Nobody was rung: place it anew in a second, for as long as the offer lasts."""
        async with self._database.transaction(LINE) as tx:
            await store.mark_due(tx, order.leg)
            await store_orders.order_later(tx, order.seq, timedelta(seconds=1))

    async def _placed(self, order: Order, call: CallId) -> None:
        async with self._database.transaction(LINE) as tx:
            await store_orders.order_done(tx, order.seq)
            await self._sids.name(tx, order.leg, call)
            await store.mark_ringing(tx, order.leg)
            stored = await store.leg(tx, order.leg)
            if stored is not None and stored.leg.state in ENDING:
                # Taken back while the provider was being asked: whoever rings, stops.
                await self._book.tell(tx, order.leg, "end")

    async def _ring(self, stored: Stored) -> Ring | None:
        leg = stored.leg
        async with self._database.transaction(LINE) as tx:
            beside = await self._callers(tx, stored.contact)
            if leg.kind is Kind.THIRD:
                number = self._third(leg.word or "")
                rings = RINGS_THIRD
            elif leg.at == "browser" and leg.person is not None:
                phone = await self._hall.phone_of(tx, leg.person)
                if phone is None:
                    return None
                _at, identity = phone
                to = Browser(identity)
                return Ring(leg=leg.id, to=to, rings=RINGS_BROWSER, beside=beside)
            else:
                number = await self._number_of(tx, leg.person) if leg.person is not None else None
                rings = RINGS_HELP if leg.kind in ASKED else RINGS_NUMBER
        if number is None:
            return None
        return Ring(leg=leg.id, to=Number(number), rings=rings, beside=beside)

    async def _callers(self, tx: Transaction, contact: ContactId | None) -> CallId | None:
        for each in await store.legs(tx, contact) if contact is not None else ():
            if each.leg.kind is Kind.CALLER:
                return self._sids.open(each)
        return None

    # Telling.

    async def _tell(self, order: Order, stored: Stored) -> None:
        call = self._sids.open(stored)
        if call is None:
            await self._without_call(order, stored)
            return
        try:
            await self._told(order, stored, call)
        except CallGone:
            await self._done(order)
            if order.what == "refetch":
                await self._calls.gone(order.leg)
        except Outage:
            if order.tries >= MOST_TRIES:
                log.error("order_given_up", order=order.what)  # noqa: TRY400 - no values
                await self._done(order)
                return
            await self._later(order, timedelta(seconds=2 ** min(order.tries, 5)))
        else:
            await self._done(order)
            if order.what == "end":
                await self._calls.gone(order.leg)

    async def _without_call(self, order: Order, stored: Stored) -> None:
        """Nobody was rung yet: a leg that ends is over at once; for the rest, look again."""
        leg = stored.leg
        placing = leg.state is LegState.PLACING or (
            leg.state is LegState.LEAVING and order.tries < FIND_TRIES
        )
        if placing:
            await self._later(order, timedelta(seconds=1))
            return
        await self._done(order)
        if leg.state is not LegState.OVER and order.what == "end":
            await self._calls.gone(order.leg)

    async def _told(self, order: Order, stored: Stored, call: CallId) -> None:
        match order.what:
            case "refetch":
                await self._provider.refetch(call, order.leg)
            case "end":
                await self._provider.end(call)
            case what if order.room is not None:
                room = order.room
                if what in ("hold", "unhold"):
                    await self._provider.hold(room, call, on=what == "hold", music=MUSIC)
                elif what == "voice":
                    await self._provider.voice(room, call, await self._voice(stored))
                elif what == "stay":
                    await self._provider.stay(room, call)
                elif what == "announce" and order.sound is not None:
                    sound = sound_path(order.sound, stored.leg.language)
                    await self._provider.announce(room, sound)

    async def _voice(self, stored: Stored) -> Voice:
        """Give who hears a coach; who would whisper to nobody is heard by nobody."""
        mode = stored.leg.mode
        if mode != WHISPER or stored.contact is None:
            return Voice(muted=mode == LISTEN)
        async with self._database.transaction(LINE) as tx:
            call = await self._book.call(tx, stored.contact)
            for each in await store.legs(tx, stored.contact):
                mine = call is not None and each.leg.person == call.volunteer
                if mine and each.leg.kind is Kind.VOLUNTEER and each.leg.state is LegState.TALKING:
                    to = self._sids.open(each)
                    return Voice(muted=to is None, only_to=to)
        return Voice(muted=True)

    async def _done(self, order: Order) -> None:
        async with self._database.transaction(LINE) as tx:
            await store_orders.order_done(tx, order.seq)

    async def _later(self, order: Order, after: timedelta) -> None:
        async with self._database.transaction(LINE) as tx:
            await store_orders.order_later(tx, order.seq, after)
