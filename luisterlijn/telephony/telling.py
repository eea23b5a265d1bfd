"""What a leg is told, from the state of its rows alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import AMSTERDAM
from luisterlijn.telephony import speech
from luisterlijn.telephony.legs import LATE, NOT_YET, THERE, Call, Kind, Leg, LegState, Stage

if TYPE_CHECKING:
    from luisterlijn.dispatch.line import Line
    from luisterlijn.store.database import Transaction
    from luisterlijn.telephony.calls import Book
    from luisterlijn.telephony.script import Script
    from luisterlijn.telephony.sids import Sids
    from luisterlijn.telephony.store import Stored

CHANNEL = "phone"


class Telling:
    """Finds the words and the next step for any leg in any state."""

    def __init__(self, line: Line, book: Book, sids: Sids, *, past_limit: bool) -> None:
        """Look at the line for places and waits; `past_limit`: a key leads on past the limit."""
        self._line = line
        self._book = book
        self._sids = sids
        self._past_limit = past_limit

    async def script(self, tx: Transaction, stored: Stored, welcome: str | None = None) -> Script:
        """Say what the leg is to do; `welcome`: the prompt of the number that was called."""
        leg = stored.leg
        if leg.word == "limit" and leg.state is LegState.HEARD:
            return speech.limited(leg.id, leg.language, past_key=self._past_limit)
        if stored.contact is None:
            return self._without_contact(leg)
        call = await self._book.call(tx, stored.contact)
        if call is None or leg.state in (LegState.LEAVING, LegState.OVER):
            return speech.last_words(leg.language, leg.word or "goodbye")
        if leg.kind is Kind.CALLER:
            return self._to_caller(call, stored, welcome)
        return self._to_placed(call, stored)

    def _without_contact(self, leg: Leg) -> Script:
        opens = None
        if leg.word == "closed":
            moment = self._line.opens_at(CHANNEL)
            opens = moment.astimezone(AMSTERDAM).hour if moment is not None else None
        return speech.last_words(leg.language, leg.word or "goodbye", opens_hour=opens)

    def _to_caller(self, call: Call, stored: Stored, welcome: str | None) -> Script:
        leg = stored.leg
        if call.stage is Stage.TALKING:
            return speech.met_caller(leg.id, leg.language, room=call.room)
        if call.stage is Stage.OVER:
            return speech.last_words(leg.language, leg.word or "goodbye")
        if leg.word is not None:
            return speech.waits_again(leg.id, leg.language, leg.word)
        if stored.heard == 0:
            return speech.welcomed(leg.id, welcome or "welcome", leg.language)
        return speech.parked(leg.id)

    def _to_placed(self, call: Call, stored: Stored) -> Script:
        leg = stored.leg
        mine = leg.person == call.volunteer and leg.epoch == call.epoch
        late = leg.state in NOT_YET  # took it over while this phone rang
        if leg.kind is Kind.VOLUNTEER and mine and call.stage is Stage.TALKING:
            if late and leg.mode == LATE:
                return speech.comes_in(leg.id)
            return speech.met_volunteer(leg.id, room=call.room, own=leg.at == "number")
        if leg.kind is Kind.VOLUNTEER:
            if leg.state in NOT_YET and leg.at == "number":
                caller = call.caller
                return speech.offered(
                    leg.id, english=caller is not None and caller.language == "en"
                )
            return speech.last_words("nl", leg.word or "offer_gone")
        if leg.kind is Kind.COACH and call.stage is Stage.TALKING:
            if leg.state in THERE:
                # Silent at first, but for who speaks with all: the voice comes once they are in.
                return speech.met_coach(leg.id, room=call.room, muted=leg.mode != "join")
            return speech.comes_in(leg.id)
        if leg.kind is Kind.THIRD and call.stage is Stage.TALKING:
            if leg.state in THERE:
                return speech.met_third(leg.id, room=call.room)
            return speech.third_asked(leg.id, leg.language)
        return speech.last_words(leg.language, leg.word or "goodbye")

    def waiting(self, stored: Stored, turn: int, *, greets: bool = False) -> Script:
        """Say what is heard in the waiting room; `turn` 0: place and wait first.

        `greets`: the welcome before them, for who changed the language.
        """
        contact = stored.contact
        place = self._line.places.get(contact) if contact is not None else None
        wait = self._line.wait_of(CHANNEL, place)
        opening = self._line.opening_of(CHANNEL, "nl")
        return speech.waiting(
            stored.leg.id,
            stored.leg.language,
            place=place,
            wait=(wait.low, wait.high) if wait.low is not None and wait.high is not None else None,
            turn=turn,
            nobody_yet=opening.value == "nobody_yet",
            greets=greets,
        )
