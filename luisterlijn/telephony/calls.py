"""A call's rows: read under one lock, changed by the model, written back with what must be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.dispatch.events import ContactChanged
from luisterlijn.kernel.errors import Refusal
from luisterlijn.telephony import model, store, store_orders
from luisterlijn.telephony.events import OrderLeft
from luisterlijn.telephony.happenings import (
    Accept,
    CallerGone,
    CoachGone,
    Decline,
    Effect,
    Ended,
    Happening,
    LineDropped,
    Taken,
    Tell,
)
from luisterlijn.telephony.legs import ENDING, NOT_YET, Call, Leg, LegState, Stage

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from uuid import UUID

    from luisterlijn.dispatch.service import Hall
    from luisterlijn.kernel.ids import ContactId
    from luisterlijn.store.database import Transaction
    from luisterlijn.telephony.ports import HelpDesk
    from luisterlijn.telephony.sids import Sids

LOOKS = timedelta(minutes=2)
"""A leg that nobody heard of for so long is looked up at the provider."""
CONNECTS = timedelta(seconds=model.CONNECTS_S)
LAST_WORDS = timedelta(seconds=60)
STAYS = timedelta(seconds=model.STAYS_S)
PLACED = timedelta(seconds=75)
"""Longer than anything we place may ring and be asked; then it is looked up."""


class Book:
    """Keeps the calls. Every change of a call goes through here: lock, decide, save, tell."""

    def __init__(self, hall: Hall, sids: Sids, desk: HelpDesk) -> None:
        """Work with this hall; `desk` hears whose line is gone."""
        self._hall = hall
        self._sids = sids
        self._desk = desk

    async def call(self, tx: Transaction, contact: ContactId) -> Call | None:
        """Give a call and lock it: contact first, then its legs; None when it is gone."""
        standing = await self._hall.standing(tx, contact)
        row = await store.call_for_update(tx, contact)
        if standing is None or row is None:
            return None
        legs = await store.legs(tx, contact)
        return Call(
            contact=contact,
            room=row["room"],
            stage=Stage(standing.stage),
            held=row["held"],
            volunteer=standing.volunteer,
            epoch=standing.epoch,
            legs=tuple(each.leg for each in legs),
        )

    async def apply(self, tx: Transaction, contact: ContactId, happening: Happening) -> Call | None:
        """Let the model decide on a happening; gives the call as it is now, None when gone."""
        before = await self.call(tx, contact)
        if before is None:
            return None
        after, effects = model.decide(before, happening)
        await self._save(tx, before, after)
        for effect in effects:
            await self._do(tx, after, effect)
        if any(isinstance(effect, Accept | Decline | LineDropped) for effect in effects):
            return await self.call(tx, contact)
        return after

    async def close(self, tx: Transaction, contact: ContactId, word: str) -> None:
        """Say the last words and end what we placed, also when the contact's rows are gone."""
        if await self.apply(tx, contact, Ended(word)) is not None:
            return
        legs = await store.legs(tx, contact)
        before = Call(
            contact=contact,
            room=contact,
            stage=Stage.OVER,
            legs=tuple(each.leg for each in legs),
        )
        after, effects = model.decide(before, Ended(word))
        await self._save(tx, before, after)
        for effect in effects:
            await self._do(tx, after, effect)

    async def give_code(self, tx: Transaction, contact: ContactId) -> bool:
        """Note that a code is given in this call; False when one was."""
        return await store.give_code(tx, contact)

    async def over(self, tx: Transaction, leg: Leg) -> None:
        """Strip a leg that is over, whether its call still is or not."""
        await self._sids.over(tx, leg.id)

    async def tell(
        self,
        tx: Transaction,
        leg: UUID,
        what: str,
        sound: str | None = None,
        room: UUID | None = None,
    ) -> None:
        """Leave an order for the provider."""
        await store_orders.order(tx, leg, what, sound, room)
        tx.publish_on_commit(OrderLeft())

    async def end(self, tx: Transaction, leg: Leg, word: str | None = None) -> None:
        """End a leg that is in no call; `word`: what is heard on it last, None: nothing."""
        if leg.state in ENDING:
            return
        says = word is not None and leg.state in (LegState.HEARD, LegState.WAITING)
        left = replace(leg, state=LegState.LEAVING, word=word if says else None)
        await store.save_leg(tx, left, None, deadline=tx.now + LAST_WORDS)
        await self.tell(tx, leg.id, "refetch" if says else "end")

    async def _save(self, tx: Transaction, before: Call, after: Call) -> None:
        if after.held != before.held:
            await store.save_call(tx, after.contact, held=after.held)
        changed = after.held != before.held
        for leg in after.legs:
            former = before.leg(leg.id)
            if leg == former:
                continue
            changed = True
            deadline = tx.now + due_in(leg)
            if former is None and leg.state is LegState.DUE:
                await store.insert_leg(tx, leg, after.contact, deadline=deadline)
            elif leg.state is LegState.OVER:
                await self.over(tx, leg)
            else:
                # Only who hears the last words is let go: `close` must still find the rest.
                gone = after.stage is Stage.OVER and leg.state in ENDING
                contact = None if gone else after.contact
                await store.save_leg(tx, leg, contact, deadline=deadline)
        if changed and after.volunteer is not None:
            tx.publish_on_commit(ContactChanged(contact=after.contact, volunteer=after.volunteer))

    async def _do(self, tx: Transaction, call: Call, effect: Effect) -> None:
        contact = call.contact
        match effect:
            case Tell(leg, what, sound):
                await self.tell(tx, leg, what, sound, call.room)
            case Accept():
                await self._accept(tx, contact, effect)
            case Decline(person, epoch):
                await self._or_not(self._hall.decline_in(tx, person, contact, epoch))
            case CallerGone():
                await self._or_not(self._hall.end_by_visitor_in(tx, contact))
            case LineDropped(person):
                await self._or_not(self._hall.line_dropped(tx, contact, person))
            case CoachGone(person):
                await self._desk.line_gone(tx, contact, person)

    async def _accept(self, tx: Transaction, contact: ContactId, accept: Accept) -> None:
        person, epoch = accept.person, accept.epoch
        try:
            await self._hall.accept_in(tx, person, contact, epoch)
        except Refusal:
            return  # taken back meanwhile: the leg hears so from its state
        # The listener would do it in a moment; this leg waits for its answer now.
        await self.apply(tx, contact, Taken(person, epoch, asking=accept.leg))

    async def _or_not(self, change: Awaitable[None]) -> None:
        try:
            await change
        except Refusal:
            return  # the hall was quicker


def due_in(leg: Leg) -> timedelta:
    """Give how long a leg may stay as it is before somebody looks."""
    if leg.state is LegState.JOINING:
        return CONNECTS
    if leg.state in NOT_YET:
        return PLACED
    if leg.state in ENDING:
        return STAYS if leg.word == "left" else LAST_WORDS
    return LOOKS
