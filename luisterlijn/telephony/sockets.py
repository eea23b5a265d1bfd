"""A call's orders in the console: sign on, hold, call somebody in, give a code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.dispatch.wire import OfContact, contact_of
from luisterlijn.edge.guard import Nothing
from luisterlijn.edge.realtime import Heard
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.telephony.happenings import Held, ThirdRung, ThirdStopped, VolunteerLeaves
from luisterlijn.telephony.legs import Kind, Leg, LegState
from luisterlijn.telephony.wire import CoachCode, HoldCall, PhoneSignOn, ThirdPartyRing

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from luisterlijn.dispatch.service import Hall
    from luisterlijn.edge.realtime import Seat
    from luisterlijn.kernel.clock import Clock
    from luisterlijn.kernel.ids import ContactId, PersonId, TokenSource
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.telephony.calls import Book
    from luisterlijn.telephony.limits import Limits
    from luisterlijn.telephony.ports import PhoneProvider
    from luisterlijn.telephony.thirds import Thirds

CODES = 10**8
MOST = 256**8 // CODES * CODES
"""Below this, eight random bytes give every code equally often."""


class PhoneOrders:
    """What a console may ask about its calls."""

    def __init__(
        self,
        database: Database,
        hall: Hall,
        book: Book,
        provider: PhoneProvider,
        limits: Limits,
        tokens: TokenSource,
        clock: Clock,
        *,
        newest: Callable[[Seat], PersonId],
        thirds: Thirds | None,
    ) -> None:
        """Work with these calls.

        `newest` gives who acts, or refuses an older console. `thirds` None: nobody is called in.
        """
        self._database = database
        self._hall = hall
        self._book = book
        self._provider = provider
        self._limits = limits
        self._tokens = tokens
        self._clock = clock
        self.newest = newest
        self._thirds = thirds

    def orders(self) -> dict[str, Heard]:
        """Give the events."""
        return {
            "phone-ticket": Heard(takes=Nothing, do=self._ticket),
            "hold": Heard(takes=HoldCall, do=self._hold),
            "coach-code": Heard(takes=OfContact, do=self._code),
            "third-ring": Heard(takes=ThirdPartyRing, do=self._third_ring),
            "third-stop": Heard(takes=OfContact, do=self._third_stop),
            "third-leave": Heard(takes=OfContact, do=self._third_leave),
        }

    async def _ticket(self, seat: Seat, _nothing: Nothing) -> PhoneSignOn:
        async with self._database.transaction(LINE) as tx:
            phone = await self._hall.phone_of(tx, self.newest(seat))
        if phone is None:
            raise Refusal(Code.NOT_ON_SHIFT)
        ticket = self._provider.ticket(phone[1])
        kind: Any = ticket.kind
        return PhoneSignOn(
            kind=kind, identity=ticket.identity, token=ticket.token, edge=ticket.edge
        )

    async def _hold(self, seat: Seat, order: HoldCall) -> None:
        contact = contact_of(order.contact)
        async with self._database.transaction(LINE) as tx:
            await self._mine(tx, self.newest(seat), contact)
            await self._book.apply(tx, contact, Held(order.on))

    async def _code(self, seat: Seat, order: OfContact) -> CoachCode:
        contact = contact_of(order.contact)
        async with self._database.transaction(LINE) as tx:
            await self._mine(tx, self.newest(seat), contact)
            if not await self._book.give_code(tx, contact):
                raise Refusal(Code.CODE_GIVEN)
        code = f"{self._chance() % CODES:08d}"
        self._limits.give(code, self._clock.now())
        return CoachCode(code=code)

    async def _third_ring(self, seat: Seat, order: ThirdPartyRing) -> None:
        contact, person = contact_of(order.contact), self.newest(seat)
        if self._thirds is None:
            raise Refusal(Code.THIRD_PARTIES_OFF)
        if not order.consent:
            raise Refusal(Code.NO_CONSENT)
        if self._thirds.number(order.number) is None:
            raise Refusal(Code.NOT_CALLABLE)
        async with self._database.transaction(LINE) as tx:
            await self._mine(tx, person, contact)
            if not self._thirds.may_call(person, self._clock.now()):
                raise Refusal(Code.CALLED_ENOUGH)
            leg = Leg(
                id=new_id(self._tokens),
                kind=Kind.THIRD,
                state=LegState.DUE,
                at="number",
                word=order.number,
            )
            await self._book.apply(tx, contact, ThirdRung(leg))

    async def _third_stop(self, seat: Seat, order: OfContact) -> None:
        contact = contact_of(order.contact)
        async with self._database.transaction(LINE) as tx:
            await self._mine(tx, self.newest(seat), contact)
            await self._book.apply(tx, contact, ThirdStopped())

    async def _third_leave(self, seat: Seat, order: OfContact) -> None:
        contact, person = contact_of(order.contact), self.newest(seat)
        async with self._database.transaction(LINE) as tx:
            await self._mine(tx, person, contact)
            call = await self._book.apply(tx, contact, VolunteerLeaves())
            if call is None or call.caller is None or call.caller.word != "left":
                raise Refusal(Code.NOT_A_CALL)  # nobody was called in who could stay
        await self._hall.end_by_volunteer(person, contact, abuse=False)

    def _chance(self) -> int:
        while True:
            drawn = int.from_bytes(self._tokens.bytes(8), "big")
            if drawn < MOST:
                return drawn

    async def _mine(self, tx: Transaction, person: PersonId, contact: ContactId) -> None:
        standing = await self._hall.standing(tx, contact)
        if standing is None or standing.stage != "talking" or standing.volunteer != person:
            raise Refusal(Code.NOT_YOUR_CONTACT)
        if standing.channel != "phone":
            raise Refusal(Code.NOT_A_CALL)
