"""Legs that ring because somebody is needed on a shift: a question, one key, and goodbye.

The room of attendance decides who is asked and who comes; here are only their lines. Whoever
presses nothing, and a machine that answers, has said nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.telephony import speech, store
from luisterlijn.telephony.calls import due_in
from luisterlijn.telephony.legs import NOT_YET, Kind, Leg, LegState
from luisterlijn.telephony.model import YES

if TYPE_CHECKING:
    from luisterlijn.attendance.events import CallUpRinging, CallUpSettled
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.store.database import Transaction
    from luisterlijn.telephony.calls import Book
    from luisterlijn.telephony.ports import CallUpDesk
    from luisterlijn.telephony.script import Script

OVER, COMES = "call_up_over", "call_up_yes"


class CallingUp:
    """The lines of who is asked to come. Lock order: what the desk locks, then the leg."""

    def __init__(self, book: Book, desk: CallUpDesk, tokens: TokenSource) -> None:
        """Work with this desk."""
        self._book = book
        self._desk = desk
        self._tokens = tokens

    # Work listeners.

    async def ringing(self, tx: Transaction, event: CallUpRinging) -> None:
        """Somebody did not answer in the console: their own phone rings, once."""
        if not await self._desk.is_ringing(tx, event.call_up, event.person):
            return
        known = await store.legs_of_request(tx, event.call_up)
        if any(each.leg.person == event.person for each in known):
            return
        leg = Leg(
            id=new_id(self._tokens),
            kind=Kind.CALLED_UP,
            state=LegState.DUE,
            at="number",
            person=event.person,
            request=event.call_up,
        )
        await store.insert_leg(tx, leg, None, deadline=tx.now + due_in(leg))
        await self._book.tell(tx, leg.id, "place")

    async def settled(self, tx: Transaction, event: CallUpSettled) -> None:
        """Somebody comes, or nobody is needed: who still rings is let go."""
        if await self._desk.is_open(tx, event.call_up):
            return
        for each in await store.legs_of_request(tx, event.call_up):
            await self._book.end(tx, each.leg, OVER)

    # Webhooks.

    async def script(self, tx: Transaction, leg: Leg) -> Script:
        """Say what the leg is to do now."""
        if leg.request is None or not await self._desk.is_open(tx, leg.request):
            return speech.last_words(leg.language, OVER)
        return speech.call_up_asked(leg.id)

    async def pressed(self, tx: Transaction, leg: Leg, key: str) -> None:
        """Take the yes of who was rung; any other key says nothing."""
        if key != YES or leg.state not in NOT_YET or leg.person is None or leg.request is None:
            return
        word = COMES
        try:
            async with tx.savepoint():
                await self._desk.come(tx, leg.person, leg.request)
        except Refusal:
            word = OVER
        stored = await store.lock_leg(tx, leg.id)
        if stored is not None and stored.leg.state in NOT_YET:
            said = replace(stored.leg, state=LegState.LEAVING, word=word)
            await store.save_leg(tx, said, None, deadline=tx.now + due_in(said))

    async def hung_up(self, tx: Transaction, leg: Leg) -> None:
        """Note that somebody pressed no key."""
        if leg.person is not None and leg.request is not None:
            await self._desk.not_reached(tx, leg.request, leg.person)
