"""What the telephone does when the hall says that something happened.

Work listeners: each may hear an event twice, and late; the call's own state decides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from luisterlijn.telephony import store
from luisterlijn.telephony.happenings import (
    CoachChanges,
    CoachComes,
    CoachGoes,
    Offered,
    OfferOver,
    QueuedAgain,
    Taken,
)
from luisterlijn.telephony.legs import ALONE, Kind
from luisterlijn.telephony.telling import CHANNEL

if TYPE_CHECKING:
    from luisterlijn.coaching.events import (
        JoiningChanged,
        JoiningEnded,
        JoiningStarted,
        TalkAsked,
    )
    from luisterlijn.dispatch.events import (
        ContactAccepted,
        ContactGone,
        ContactHandedOver,
        ContactOffered,
        ContactQueuedAgain,
        ConversationEnded,
    )
    from luisterlijn.dispatch.events import OfferOver as HallOfferOver
    from luisterlijn.dispatch.ports import Standing
    from luisterlijn.dispatch.service import Hall
    from luisterlijn.kernel.clock import Clock
    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.store.database import Transaction
    from luisterlijn.telephony.calls import Book
    from luisterlijn.telephony.helping import Helping
    from luisterlijn.telephony.limits import Limits


class Listening:
    """The telephone's work listeners."""

    def __init__(
        self, hall: Hall, book: Book, helping: Helping, limits: Limits, clock: Clock
    ) -> None:
        """Change the calls of this book."""
        self._hall = hall
        self._book = book
        self._helping = helping
        self._limits = limits
        self._clock = clock

    # The hall.

    async def offered(self, tx: Transaction, event: ContactOffered) -> None:
        """A call was put before a volunteer: their console or own phone rings."""
        if event.channel != CHANNEL:
            return
        leg = await self._helping.leg(tx, event.to)
        rings = replace(leg, kind=Kind.VOLUNTEER, epoch=event.epoch)
        await self._book.apply(tx, event.contact, Offered(rings))

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

    # The coach's room.

    async def joined(self, tx: Transaction, event: JoiningStarted) -> None:
        """Somebody joins a call, or speaks with a volunteer alone beside their chat."""
        standing = await self._hall.standing(tx, event.contact)  # locks it: nobody goes meanwhile
        mode = await self._helping.mode_of(tx, event.joining)
        if mode is None:
            mode = event.mode if self._took_over(standing, event.person) else None
        if standing is None or standing.volunteer is None or mode is None:
            return
        if event.channel == CHANNEL:
            waits = await store.helper_of(tx, event.person)
            if waits is None:
                leg = await self._helping.leg(tx, event.person, mode)
            else:
                leg = replace(waits.leg, kind=Kind.COACH, mode=mode)
            await self._book.apply(tx, event.contact, CoachComes(leg))
        elif mode == ALONE:
            await self._helping.talk(tx, event.joining, event.person, standing.volunteer)

    @staticmethod
    def _took_over(standing: Standing | None, person: PersonId) -> bool:
        return standing is not None and standing.volunteer == person

    async def changed(self, tx: Transaction, event: JoiningChanged) -> None:
        """Who joined a call takes part in another way."""
        await self._book.apply(tx, event.contact, CoachChanges(event.person, event.mode))

    async def left(self, tx: Transaction, event: JoiningEnded) -> None:
        """Somebody is beside a conversation no more."""
        if event.channel == CHANNEL:
            await self._book.apply(tx, event.contact, CoachGoes(event.person))
        else:
            await self._helping.end_talk(tx, event.joining)

    async def talk_asked(self, tx: Transaction, event: TalkAsked) -> None:
        """A coach speaks with a volunteer who asked for help outside a conversation."""
        await self._helping.talk(tx, event.request, event.coach, event.person)
