"""Legs that are in no call: a phone that rings for a request for help, a talk without a caller.

The coach's room decides who is asked and how they help; here are only their lines. As with calls,
what a leg is told comes from its state. Lock order: contact, request, then the leg.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.telephony import speech, store
from luisterlijn.telephony.calls import due_in
from luisterlijn.telephony.legs import NOT_YET, THERE, Kind, Leg, LegState
from luisterlijn.telephony.model import YES

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.coaching.events import HelpRinging, HelpSettled
    from luisterlijn.dispatch.service import Hall
    from luisterlijn.kernel.ids import PersonId, TokenSource
    from luisterlijn.store.database import Transaction
    from luisterlijn.telephony.calling_up import CallingUp
    from luisterlijn.telephony.calls import Book
    from luisterlijn.telephony.ports import HelpDesk
    from luisterlijn.telephony.script import Script
    from luisterlijn.telephony.store import Stored

WAYS = {"1": "alone", "2": "listen", "3": "whisper", "4": "join"}
"""The keys that `help-ways` names."""


def is_apart(stored: Stored) -> bool:
    """Say whether a leg is in no call and never was."""
    return stored.contact is None and (
        stored.leg.kind in (Kind.HELPER, Kind.CALLED_UP) or stored.leg.room is not None
    )


class Helping:
    """The lines of who is asked for help, and of who speaks with a volunteer alone."""

    def __init__(
        self, hall: Hall, book: Book, desk: HelpDesk, tokens: TokenSource, call_ups: CallingUp
    ) -> None:
        """Work with this desk; `call_ups`: the lines of who is asked to come to a shift."""
        self._hall = hall
        self._book = book
        self._desk = desk
        self._tokens = tokens
        self.call_ups = call_ups

    # Work listeners.

    async def ringing(self, tx: Transaction, event: HelpRinging) -> None:
        """Nobody took a request in the consoles: this person's own phone rings."""
        if await self._desk.calling(tx, event.request) != event.person:
            return  # an old piece of news: somebody else rings now, or nobody
        known = await store.legs_of_request(tx, event.request)
        if any(each.leg.person == event.person for each in known):
            return
        leg = Leg(
            id=new_id(self._tokens),
            kind=Kind.HELPER,
            state=LegState.DUE,
            at="number",
            person=event.person,
            request=event.request,
        )
        await self._place(tx, leg)

    async def settled(self, tx: Transaction, event: HelpSettled) -> None:
        """Whose phone rang for a request is let go, but for who rings now, and who took it."""
        calling = await self._desk.calling(tx, event.request)
        taker = await self._desk.taken_by(tx, event.request)
        for each in await store.legs_of_request(tx, event.request):
            leg = each.leg
            stays = leg.person == calling or (leg.person == taker and leg.state is LegState.WAITING)
            if leg.kind is Kind.HELPER and not stays:
                await self._book.end(tx, leg, "help_over")

    async def talk(self, tx: Transaction, room: UUID, *people: PersonId) -> None:
        """Bring people together without a caller; `room` names the talk, told twice it is one."""
        if await store.legs_in_room(tx, room):
            return
        for person in people:
            waits = await store.helper_of(tx, person)
            if waits is None:
                leg = await self.leg(tx, person)
                await self._place(tx, replace(leg, room=room))
            else:
                moved = replace(
                    waits.leg, kind=Kind.COACH, state=LegState.JOINING, room=room, mode=None
                )
                await self._save(tx, moved)
                await self._book.tell(tx, moved.id, "refetch")

    async def end_talk(self, tx: Transaction, room: UUID) -> None:
        """End a talk without a caller."""
        for each in await store.legs_in_room(tx, room):
            await self._book.end(tx, each.leg)

    async def mode_of(self, tx: Transaction, joining: UUID) -> str | None:
        """Give how somebody is beside a conversation now; None: the news of it is old."""
        return await self._desk.mode_of(tx, joining)

    async def leg(self, tx: Transaction, person: PersonId, mode: str | None = None) -> Leg:
        """Give a new leg to where somebody takes calls: their browser or their own phone."""
        phone = await self._hall.phone_of(tx, person)
        return Leg(
            id=new_id(self._tokens),
            kind=Kind.COACH,
            state=LegState.DUE,
            at="browser" if phone is not None and phone[0] == "browser" else "number",
            person=person,
            mode=mode,
        )

    # Webhooks.

    async def script(self, tx: Transaction, stored: Stored) -> Script:
        """Say what the leg is to do now."""
        leg = stored.leg
        if leg.state in (LegState.LEAVING, LegState.OVER):
            return speech.last_words(leg.language, leg.word or "goodbye")
        if leg.kind is Kind.CALLED_UP:
            return await self.call_ups.script(tx, leg)
        if leg.room is not None:
            there = leg.state in THERE
            return speech.met_alone(leg.id, room=leg.room) if there else speech.comes_in(leg.id)
        if leg.state is LegState.WAITING and leg.mode is not None:
            return speech.a_moment(leg.id)
        about = await self._desk.about(tx, leg.request) if leg.request is not None else None
        if about is None:
            return speech.last_words(leg.language, "help_over")
        if leg.state is LegState.WAITING:
            return speech.help_chosen(leg.id, in_call=about.in_call)
        return speech.help_asked(leg.id, urgent=about.urgent)

    async def answered(self, tx: Transaction, leg_id: UUID) -> None:
        """A leg was picked up."""
        leg = await self._apart(tx, leg_id)
        if leg is not None and leg.state in NOT_YET - {LegState.HEARD}:
            state = LegState.JOINING if leg.at == "browser" else LegState.HEARD
            await self._save(tx, replace(leg, state=state))

    async def pressed(self, tx: Transaction, stored: Stored, key: str) -> None:
        """Do what a key asks for: take the request, choose how to help, or come in."""
        leg = stored.leg
        if leg.room is not None:
            leg_now = await self._apart(tx, leg.id) if key == YES else None
            if leg_now is not None and leg_now.state in NOT_YET:
                await self._save(tx, replace(leg_now, state=LegState.JOINING))
        elif leg.person is None or leg.request is None:
            return
        elif leg.kind is Kind.CALLED_UP:
            await self.call_ups.pressed(tx, leg, key)
        elif leg.state is LegState.WAITING:
            await self._chose(tx, leg.id, leg.person, leg.request, key)
        elif key == YES and leg.state in NOT_YET:
            await self._took(tx, leg.id, leg.person, leg.request)

    async def met(self, tx: Transaction, leg_id: UUID) -> None:
        """A leg is in its conference."""
        leg = await self._apart(tx, leg_id)
        if leg is not None and leg.state is LegState.JOINING:
            await self._save(tx, replace(leg, state=LegState.TALKING))

    async def hung_up(self, tx: Transaction, stored: Stored) -> bool:
        """A leg is over: the next phone rings, or the talk ends for the other too.

        Returns:
            False when the leg went into a call meanwhile: the call is to hear it.
        """
        leg = stored.leg
        if leg.room is not None:
            await self._desk.talk_over(tx, leg.room)
        elif leg.kind is Kind.CALLED_UP:
            await self.call_ups.hung_up(tx, leg)
        elif leg.state in NOT_YET and leg.person is not None and leg.request is not None:
            await self._desk.not_reached(tx, leg.request, leg.person)
        if await self._apart(tx, leg.id) is None:
            return False
        await self._book.over(tx, leg)
        if leg.room is not None:
            await self.end_talk(tx, leg.room)
        return True

    async def _took(self, tx: Transaction, leg_id: UUID, person: PersonId, request: UUID) -> None:
        state, word = LegState.WAITING, None
        try:
            await self._desk.take_by_phone(tx, person, request)
        except Refusal:
            state, word = LegState.LEAVING, "help_over"
        leg = await self._apart(tx, leg_id)
        if leg is not None and leg.state in NOT_YET:
            await self._save(tx, replace(leg, state=state, word=word))

    async def _chose(
        self, tx: Transaction, leg_id: UUID, person: PersonId, request: UUID, key: str
    ) -> None:
        about = await self._desk.about(tx, request)
        ways = WAYS if about is not None and about.in_call else {YES: WAYS[YES]}
        if key not in ways:
            return
        try:
            await self._desk.join_by_phone(tx, person, request, ways[key])
        except Refusal:
            return  # over meanwhile: the next round says so
        leg = await self._apart(tx, leg_id)
        if leg is not None and leg.state is LegState.WAITING:
            await self._save(tx, replace(leg, mode=ways[key]))

    async def _apart(self, tx: Transaction, leg_id: UUID) -> Leg | None:
        """Lock a leg, after the contact; None when it went into a call meanwhile, or is gone."""
        stored = await store.lock_leg(tx, leg_id)
        return stored.leg if stored is not None and is_apart(stored) else None

    async def _place(self, tx: Transaction, leg: Leg) -> None:
        await store.insert_leg(tx, leg, None, deadline=tx.now + due_in(leg))
        await self._book.tell(tx, leg.id, "place")

    async def _save(self, tx: Transaction, leg: Leg) -> None:
        await store.save_leg(tx, leg, None, deadline=tx.now + due_in(leg))
