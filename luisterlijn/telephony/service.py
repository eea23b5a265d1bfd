"""The use cases of a call. What a leg is told comes from its state, never from the event.

So a webhook that comes twice, late or out of order is answered as well as the first one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from luisterlijn.dispatch.ports import ChannelFacts
from luisterlijn.dispatch.wire import CallState, CallView
from luisterlijn.kernel.errors import Code, Outage, Refusal
from luisterlijn.kernel.ids import ContactId
from luisterlijn.kernel.scope import LINE
from luisterlijn.telephony import speech, store
from luisterlijn.telephony.happenings import Answered, HungUp, Met, Pressed
from luisterlijn.telephony.helping import is_apart
from luisterlijn.telephony.legs import ALONE, NOT_YET, THERE, Kind, LegState, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from luisterlijn.dispatch.line import Line
    from luisterlijn.dispatch.service import Hall
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.telephony.arrivals import Arrivals
    from luisterlijn.telephony.calls import Book
    from luisterlijn.telephony.helping import Helping
    from luisterlijn.telephony.ports import CallId
    from luisterlijn.telephony.script import Script
    from luisterlijn.telephony.sids import Sids
    from luisterlijn.telephony.store import Stored
    from luisterlijn.telephony.telling import Telling

log = structlog.get_logger()

CHANNEL = "phone"
BEHIND = timedelta(minutes=10)
"""Who goes on past the limit waits behind all who call within this time."""
LOOKED = timedelta(minutes=2)
OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
"""The provider's words for a leg that has ended."""
ENGLISH, AGAIN, ABOUT_CHAT = "8", "9", "5"
PAST = "1"
CODE_DIGITS = 8


class Calls:
    """Calls as the provider's webhooks see them, and as the console does."""

    name = CHANNEL

    def __init__(
        self,
        database: Database,
        hall: Hall,
        line: Line,
        book: Book,
        sids: Sids,
        arrivals: Arrivals,
        telling: Telling,
        helping: Helping,
        *,
        welcomes: Mapping[str, str],
    ) -> None:
        """Work on this database. `welcomes`: our numbers → the prompt that welcomes callers."""
        self._database = database
        self._hall = hall
        self._line = line
        self._book = book
        self._sids = sids
        self._arrivals = arrivals
        self._telling = telling
        self._helping = helping
        self._welcomes = welcomes

    # Webhooks.

    async def incoming(self, call: CallId, sender: str, to: str) -> Script:
        """Take a new call in, or say kindly why not. Told twice, it is the same call.

        `sender` is named by a key that dies, and forgotten before anything is written.
        """
        caller = self._arrivals.named(sender)
        del sender
        async with self._database.transaction(LINE) as tx:
            known = await self._sids.find(tx, call)
            if known is None:
                await self._arrivals.take_in(tx, call, caller)
                known = await self._sids.find(tx, call)
            if known is None:
                raise Outage
            return await self._telling.script(tx, known, welcome=self._welcomes.get(to, "welcome"))

    async def script(self, leg_id: UUID, call: CallId, *, over: bool) -> Script:
        """Say what a leg is to do now.

        Args:
            leg_id: which leg asks.
            call: how the provider calls it.
            over: the provider says that it has ended: nothing will be heard.
        """
        async with self._database.transaction(LINE) as tx:
            stored = await self._known(tx, leg_id, call)
            if stored is None:
                return speech.last_words("nl", "goodbye")
            if over:
                await self._hung_up(tx, stored)
                return speech.last_words(stored.leg.language, "goodbye")
            if is_apart(stored):
                await self._helping.answered(tx, leg_id)
                return await self._helping.script(tx, await store.leg(tx, leg_id) or stored)
            if stored.leg.kind is not Kind.CALLER and stored.leg.state in NOT_YET:
                if stored.contact is not None:
                    await self._book.apply(tx, stored.contact, Answered(leg_id))
                stored = await store.leg(tx, leg_id) or stored
            return await self._telling.script(tx, stored)

    async def wait(self, leg_id: UUID) -> Script:
        """Say what a caller hears in the waiting room; without the database, from memory."""
        try:
            async with self._database.transaction(LINE) as tx:
                stored = await store.leg(tx, leg_id)
                if stored is None or stored.contact is None:
                    return speech.left_room(leg_id)
                turn = await store.turn(tx, leg_id)
                # Who is called into the conference and still is here: its deadline brings help.
                if stored.leg.state is LegState.WAITING:
                    await store.look_again(tx, leg_id, LOOKED)
        except Outage:
            log.warning("waiting_blind")
            return speech.waiting_blind(leg_id, "nl")
        return self._telling.waiting(stored, turn)

    async def keys(self, leg_id: UUID, call: CallId, digits: str) -> Script:
        """Do what a key asks for; a key that means nothing changes nothing."""
        async with self._database.transaction(LINE) as tx:
            stored = await self._known(tx, leg_id, call)
            if stored is None:
                return speech.last_words("nl", "goodbye")
            leg = stored.leg
            if leg.kind is Kind.CALLER:
                return await self._caller_pressed(tx, stored, call, digits)
            if is_apart(stored):
                await self._helping.pressed(tx, stored, digits)
                return await self._helping.script(tx, await store.leg(tx, leg_id) or stored)
            if stored.contact is not None:
                await self._book.apply(tx, stored.contact, Pressed(leg.id, digits))
            stored = await store.leg(tx, leg_id) or stored
            return await self._telling.script(tx, stored)

    async def status(
        self, leg_id: UUID | None, call: CallId, status: str, sequence: int | None
    ) -> None:
        """Note what the provider says of a leg. An older piece of news changes nothing."""
        async with self._database.transaction(LINE) as tx:
            if leg_id is None:
                stored = await self._sids.find(tx, call)
            else:
                stored = await self._known(tx, leg_id, call)
            if stored is None or stored.leg.state is LegState.OVER:
                return
            if status in OVER:
                await self._hung_up(tx, stored)
            elif sequence is None or await store.newer(tx, stored.leg.id, sequence):
                await store.mark_ringing(tx, stored.leg.id)

    async def met(self, call: CallId) -> None:
        """A leg is in its conference."""
        async with self._database.transaction(LINE) as tx:
            stored = await self._sids.find(tx, call)
            if stored is None or stored.leg.state is not LegState.JOINING:
                return
            if stored.contact is not None:
                await self._book.apply(tx, stored.contact, Met(stored.leg.id))
            elif is_apart(stored):
                await self._helping.met(tx, stored.leg.id)

    async def gone(self, leg_id: UUID) -> None:
        """A leg is over, as we found out ourselves."""
        async with self._database.transaction(LINE) as tx:
            stored = await store.leg(tx, leg_id)
            if stored is None:
                return
            if stored.leg.state is not LegState.OVER:
                await self._hung_up(tx, stored)
            elif stored.sid is not None:
                # Placed while it was taken back: its name came when it was over already.
                await self._book.over(tx, stored.leg)

    # The console.

    async def facts(
        self, tx: Transaction, contacts: Sequence[ContactId]
    ) -> dict[ContactId, ChannelFacts]:
        """Give the telephone side of those contacts that are calls."""
        return {
            ContactId(row["contact"]): ChannelFacts(
                seq=0,
                members_version=0,
                call=CallView(
                    state=_shown(row["legs"] or [], held=row["held"]),
                    code_left=not row["code_given"],
                ),
            )
            for row in await store.calls(tx, contacts)
        }

    async def _caller_pressed(
        self, tx: Transaction, stored: Stored, call: CallId, digits: str
    ) -> Script:
        leg = stored.leg
        if leg.word == "limit":
            return await self._arrivals.past_limit_pressed(tx, stored, digits)
        in_room = stored.heard > 0
        if stored.contact is None or not await self._waits(tx, stored.contact):
            if in_room and stored.contact is not None:
                # No conference can be entered from the waiting room: it is asked for after it.
                return speech.left_room(leg.id)
            return await self._telling.script(tx, await self._known(tx, leg.id, call) or stored)
        if digits == ENGLISH:
            return await self._in_english(tx, stored, stored.contact, in_room=in_room)
        if not in_room:
            return await self._welcome_cut_short(tx, stored, digits)
        if digits == ABOUT_CHAT:
            return speech.about_chat(leg.id, leg.language)
        return self._telling.waiting(stored, 0 if digits == AGAIN else 1)

    async def _in_english(
        self, tx: Transaction, stored: Stored, contact: ContactId, *, in_room: bool
    ) -> Script:
        english = replace(stored.leg, language="en")
        await store.save_leg(tx, english, contact, deadline=tx.now + LOOKED)
        if self._line.opening_of(CHANNEL, "en").value != "closed":
            await self._hall.speak(tx, contact, "en")
        if not in_room:
            return speech.welcomed(english.id, "welcome", "en")
        return self._telling.waiting(replace(stored, leg=english), 0, greets=True)

    async def _welcome_cut_short(self, tx: Transaction, stored: Stored, digits: str) -> Script:
        if digits == AGAIN:
            return await self._telling.script(tx, stored)
        if digits == ABOUT_CHAT:
            return speech.waits_again(stored.leg.id, stored.leg.language, "about-chat")
        return speech.parked(stored.leg.id)

    async def _hung_up(self, tx: Transaction, stored: Stored) -> None:
        leg = stored.leg
        if is_apart(stored):
            if await self._helping.hung_up(tx, stored):
                return
            stored = await store.leg(tx, leg.id) or stored
        if stored.contact is not None:
            called = await self._book.apply(tx, stored.contact, HungUp(leg.id))
            if called is not None:
                return
        await self._book.over(tx, leg)

    async def _waits(self, tx: Transaction, contact: ContactId) -> bool:
        call = await self._book.call(tx, contact)
        return call is not None and call.stage is Stage.WAITING

    async def _known(self, tx: Transaction, leg_id: UUID, call: CallId) -> Stored | None:
        """Give a leg; the first webhook about it may tell how the provider calls it."""
        stored = await store.leg(tx, leg_id)
        if stored is None:
            return None
        if stored.sid is None and stored.leg.state is not LegState.OVER:
            if stored.contact is not None:
                await self._hall.standing(tx, stored.contact)  # the contact is locked before a leg
            await self._sids.name(tx, leg_id, call)
            return await store.leg(tx, leg_id)
        if stored.sid is not None and self._sids.open(stored) != call:
            raise Refusal(Code.NOT_FOUND)
        return stored


def _shown(legs: Sequence[str], *, held: bool) -> CallState:
    """Give the word for a call in the console, from its legs' kinds, states and modes."""
    found = [each.split(":") for each in legs]
    if any(kind == "third" for kind, _state, _mode in found):
        talks = any(kind == "third" and state == "talking" for kind, state, _mode in found)
        return "third" if talks else "third_ringing"
    if any(kind == "coach" and state in THERE and mode == ALONE for kind, state, mode in found):
        return "alone"
    if held:
        return "held"
    both = {kind for kind, state, _mode in found if state == "talking"}
    return "talking" if {"caller", "volunteer"} <= both else "connecting"
