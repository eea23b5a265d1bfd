"""Who calls is taken in, or hears kindly why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import from_wire
from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import ContactId, new_id
from luisterlijn.telephony import speech, store
from luisterlijn.telephony.legs import Kind, Leg, LegState
from luisterlijn.telephony.limits import TRIES, Caller, number_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from luisterlijn.dispatch.events import ContactReleased
    from luisterlijn.dispatch.line import Line
    from luisterlijn.dispatch.service import Hall
    from luisterlijn.kernel.clock import Clock
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.privacy.pseudonyms import PseudonymKeys
    from luisterlijn.store.database import Transaction
    from luisterlijn.telephony.limits import Limits
    from luisterlijn.telephony.ports import CallId
    from luisterlijn.telephony.script import Script
    from luisterlijn.telephony.sids import Sids
    from luisterlijn.telephony.store import Stored

CHANNEL = "phone"
BEHIND = timedelta(minutes=10)
"""Who goes on past the limit waits behind all who call within this time."""
LOOKED = timedelta(minutes=2)
PAST = "1"
CODE_DIGITS = 8


class Arrivals:
    """Takes calls in: the limit, the opening, the queue."""

    def __init__(
        self,
        hall: Hall,
        line: Line,
        sids: Sids,
        limits: Limits,
        pseudonyms: PseudonymKeys,
        *,
        tokens: TokenSource,
        clock: Clock,
        past_limit: bool,
        count: Callable[[str, str, str], None],
    ) -> None:
        """Let callers into this hall.

        `clock` is for the memory only; deadlines follow the database. `past_limit`: a key leads on
        past the limit. `count` counts an attempt: channel, kind, value.
        """
        self._hall = hall
        self._line = line
        self._sids = sids
        self._limits = limits
        self._pseudonyms = pseudonyms
        self._tokens = tokens
        self._clock = clock
        self._past_limit = past_limit
        self._count = count

    def named(self, sender: str) -> Caller | None:
        """Name a caller by keys that die; None: the number is withheld."""
        number = number_of(sender)
        if number is None:
            return None
        now = self._clock.now()
        return Caller(self._pseudonyms.of(number, now), self._pseudonyms.former(number, now))

    async def take_in(self, tx: Transaction, call: CallId, caller: Caller | None) -> None:
        """Write a new call: waiting, or with the words for why not."""
        self._count(CHANNEL, "attempts", "all")
        leg = Leg(id=new_id(self._tokens), kind=Kind.CALLER, state=LegState.WAITING, at="caller")
        word = None
        if self._limits.is_over(caller, self._clock.now()):
            word = "limit"
        elif self._line.opening_of(CHANNEL, "nl").value == "closed":
            word = "closed"
        if word is None:
            word = await self._admitted(tx, leg, caller, tx.now)
        if word is not None:
            self._count(CHANNEL, "turned_away", word)
            state = LegState.HEARD if word == "limit" else LegState.LEAVING
            turned = Leg(id=leg.id, kind=Kind.CALLER, state=state, at="caller", word=word)
            await store.insert_leg(tx, turned, None, deadline=tx.now + LOOKED)
            if word == "limit":
                self._limits.turned(leg.id, caller, self._clock.now())
        await self._sids.name(tx, leg.id, call)

    async def _admitted(
        self, tx: Transaction, leg: Leg, caller: Caller | None, enq: datetime, *, new: bool = True
    ) -> str | None:
        """Let a caller wait; gives the word for why not. `new`: not one past the limit."""
        contact = ContactId(new_id(self._tokens))
        try:
            await self._hall.admit(
                tx,
                contact,
                channel=CHANNEL,
                language=leg.language,
                enq=enq,
                not_to=self._limits.spared(caller, self._clock.now()),
            )
        except Refusal:
            return "full"
        await self._hall.open_contact_in(tx, contact)
        await store.insert_call(tx, contact, new_id(self._tokens))
        write = store.insert_leg if new else store.save_leg
        await write(tx, leg, contact, deadline=tx.now + LOOKED)
        self._limits.began(contact, caller, self._clock.now(), counts=new)
        return None

    def released(self, event: ContactReleased) -> None:
        """Hint listener: who knows the caller is not asked for them again, also when they redial.

        It stays in memory only, under a name that dies, until the shift ends.
        """
        if event.channel == CHANNEL:
            self._limits.spare(event.contact, event.by, from_wire(event.until_at))

    async def past_limit_pressed(self, tx: Transaction, stored: Stored, digits: str) -> Script:
        """Do what somebody past the limit asks for: a key or a code leads on."""
        leg = stored.leg
        by_code = len(digits) == CODE_DIGITS and self._limits.use(digits, self._clock.now())
        if by_code or (digits == PAST and self._past_limit):
            waits = replace(leg, state=LegState.WAITING, word=None)
            enq = tx.now if by_code else tx.now + BEHIND
            caller = self._limits.goes_on(leg.id)
            word = await self._admitted(tx, waits, caller, enq, new=False)
            if word is None:
                return speech.parked(leg.id)
            full = replace(leg, state=LegState.LEAVING, word=word)
            await store.save_leg(tx, full, None, deadline=tx.now + LOOKED)
            return speech.last_words(leg.language, word)
        if len(digits) != CODE_DIGITS:
            return speech.limited(leg.id, leg.language, past_key=self._past_limit)
        tries = await store.turn(tx, leg.id)
        if tries + 1 >= TRIES:
            return speech.last_words(leg.language, "limit")
        return speech.code_again(leg.id, leg.language)
