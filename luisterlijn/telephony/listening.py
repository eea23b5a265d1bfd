"""What the telephone does when the hall says that something happened.

Work listeners: each may hear an event twice, and late; the call's own state decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.ids import new_id
from luisterlijn.telephony.happenings import (
    Offered,
    OfferOver,
    QueuedAgain,
    Taken,
)
from luisterlijn.telephony.legs import Kind, Leg, LegState
from luisterlijn.telephony.telling import CHANNEL

if TYPE_CHECKING:
    from luisterlijn.dispatch.events import (
        ContactAccepted,
        ContactGone,
        ContactHandedOver,
        ContactOffered,
        ContactQueuedAgain,
        ConversationEnded,
    )
    from luisterlijn.dispatch.events import OfferOver as HallOfferOver
    from luisterlijn.dispatch.service import Hall
    from luisterlijn.kernel.clock import Clock
    from luisterlijn.kernel.ids import PersonId, TokenSource
    from luisterlijn.store.database import Transaction
    from luisterlijn.telephony.calls import Book
    from luisterlijn.telephony.limits import Limits


class Listening:
    """The telephone's work listeners."""

    def __init__(
        self, hall: Hall, book: Book, limits: Limits, tokens: TokenSource, clock: Clock
    ) -> None:
        """Change the calls of this book."""
        self._hall = hall
        self._book = book
        self._limits = limits
        self._tokens = tokens
        self._clock = clock

    # The hall.

    async def offered(self, tx: Transaction, event: ContactOffered) -> None:
        """A call was put before a volunteer: their console or own phone rings."""
        if event.channel != CHANNEL:
            return
        leg = await self._leg(tx, event.to, epoch=event.epoch)
        await self._book.apply(tx, event.contact, Offered(leg))

    async def offer_over(self, tx: Transaction, event: HallOfferOver) -> None:
        """Nobody is to ring for an offer any more."""
        if event.channel == CHANNEL:
            await self._book.apply(tx, event.contact, OfferOver(event.to, event.epoch))

    async def accepted(self, tx: Transaction, event: ContactAccepted) -> None:
        """A volunteer took the call: both into the conference."""
        if event.channel == CHANNEL:
            await self._book.apply(tx, event.contact, Taken(event.by, event.epoch))

    async def handed_over(self, tx: Transaction, event: ContactHandedOver) -> None:
        """Another volunteer has the call now."""
        if event.channel == CHANNEL:
            taken = Taken(event.by, event.epoch, event.lost)
            await self._book.apply(tx, event.contact, taken)

    async def queued_again(self, tx: Transaction, event: ContactQueuedAgain) -> None:
        """The caller waits again, at the old place."""
        if event.channel == CHANNEL and event.was_talking:
            standing = await self._hall.standing(tx, event.contact)
            if standing is not None and standing.stage == "waiting":
                await self._book.apply(tx, event.contact, QueuedAgain())

    async def ended(self, tx: Transaction, event: ConversationEnded) -> None:
        """The conversation is over: last words, and everybody's leg ends."""
        if event.channel != CHANNEL:
            return
        word = "closed" if event.reason == "line_closed" else "goodbye"
        standing = await self._hall.standing(tx, event.contact)
        if standing is not None and event.volunteer is not None:
            if self._limits.ended(event.contact, standing.talked, self._clock.now()):
                word = "third_conversation"
            if event.reason == "abuse_ended":
                self._limits.abused(event.contact, event.volunteer, self._clock.now())
        await self._book.close(tx, event.contact, word)

    def gone(self, event: ContactGone) -> None:
        """Hint listener: it was written up: forget whose it was; silence does not count."""
        if event.nature == "silent":
            self._limits.was_silent(event.contact)
        self._limits.closed(event.contact)

    # Legs.

    async def _leg(
        self,
        tx: Transaction,
        person: PersonId,
        *,
        epoch: int = 0,
    ) -> Leg:
        phone = await self._hall.phone_of(tx, person)
        return Leg(
            id=new_id(self._tokens),
            kind=Kind.VOLUNTEER,
            state=LegState.DUE,
            at="browser" if phone is not None and phone[0] == "browser" else "number",
            person=person,
            epoch=epoch,
        )
