"""The use cases of one contact, from the queue to the wrap-up. State first, then the world."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from luisterlijn.dispatch import model, store, store_presence
from luisterlijn.dispatch.events import (
    ContactAccepted,
    ContactChanged,
    ContactClosed,
    ContactOpened,
    ContactQueuedAgain,
    ConversationEnded,
    PresenceChanged,
    VolunteerFreed,
)
from luisterlijn.dispatch.model import Contact, Reason, State
from luisterlijn.kernel.clock import half_hour, to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from luisterlijn.dispatch.ports import Archive, Console
    from luisterlijn.kernel.ids import ContactId, PersonId
    from luisterlijn.store.database import Database, Transaction

FOR_GOOD = timedelta(days=1)
"""Longer than any contact lives."""
EXCLUDED_AFTER_DECLINE = timedelta(seconds=60)
ABUSE_REST = timedelta(minutes=5)


class Hall:
    """Every change of a contact goes through here: lock, decide, save, tell."""

    def __init__(self, database: Database, archive: Archive, most_waiting: int) -> None:
        """Work on this database; closed sessions go to the archive, sealed."""
        self._database = database
        self._archive = archive
        self._most_waiting = most_waiting

    async def admit(
        self,
        tx: Transaction,
        contact_id: ContactId,
        *,
        channel: str,
        language: str,
        enq: datetime,
    ) -> None:
        """Write an admitted contact in the channel's own transaction."""
        if await store.is_full(tx, channel, self._most_waiting):
            raise Refusal(Code.LINE_FULL)
        await store.insert_contact(
            tx,
            contact_id,
            channel=channel,
            language=language,
            enq=enq,
            deadline=tx.now + model.ADMITTED_LASTS,
        )

    async def open_contact(self, contact_id: ContactId) -> None:
        """Put the contact into the queue at its page's first sign of life; later ones are heard."""

        def decide(contact: Contact, now: datetime) -> Contact:
            if contact.state is State.ADMITTED:
                return model.opened(contact, now)
            return model.heard_visitor(contact, now)

        await self.change(contact_id, decide)

    async def heard(self, contact_id: ContactId) -> None:
        """Note a sign of life of the page."""
        await self.change(contact_id, model.heard_visitor)

    async def accept(self, by: PersonId, contact_id: ContactId, epoch: int) -> None:
        """Give the volunteer the contact they were offered.

        Raises:
            Refusal: `offer-gone` when it was taken back, lapsed, or never theirs.
        """
        async with self._database.transaction(LINE) as tx:
            contact = await self._locked(tx, contact_id, Code.OFFER_GONE)
            taken = model.accepted(contact, by, epoch, tx.now)
            await store.save(tx, taken)
            row = await store.mark_accepted(tx, contact_id)
            await store_presence.offer_answered(tx, by)
            if row is not None:
                tx.publish_on_commit(
                    ContactAccepted(
                        contact=contact_id,
                        channel=row["channel"],
                        by=by,
                        epoch=taken.epoch,
                        waited_s=row["waited_s"],
                    )
                )
            _tell(tx, contact, taken)

    async def decline(self, by: PersonId, contact_id: ContactId, epoch: int) -> None:
        """Take the offer back without a reason; the volunteer rests for 60 s."""
        await self.change(
            contact_id, lambda contact, _now: model.declined(contact, by, epoch), Code.OFFER_GONE
        )

    async def keep(self, by: PersonId, contact_id: ContactId) -> None:
        """Wait on for a chatter who dropped off, 15 minutes at most."""
        await self.change(contact_id, lambda contact, _now: model.kept(contact, by))

    async def freeze(self, contact_id: ContactId) -> None:
        """Stop the volunteer's writing at once."""
        await self.change(contact_id, lambda contact, _now: model.frozen(contact))

    async def leave(self, contact_id: ContactId) -> None:
        """The page left by "Snel weg": waiting ends; a conversation freezes and is waited for."""

        def decide(contact: Contact, now: datetime) -> Contact:
            if contact.state in model.WAITING:
                return model.ended(contact, Reason.ABANDONED)
            return model.frozen(model.visitor_silent(contact, now))

        await self.change(contact_id, decide)

    async def thaw(self, tx: Transaction, contact_id: ContactId) -> None:
        """The visitor wrote again: the volunteer may, too. In the line's own transaction."""
        await self.change_in(tx, contact_id, model.wrote)

    async def release(self, by: PersonId, contact_id: ContactId) -> None:
        """Give the contact back, because the volunteer knows the person."""
        await self.change(contact_id, lambda contact, _now: model.released(contact, by))

    async def end_by_visitor(self, contact_id: ContactId) -> None:
        """End at the visitor's wish; while waiting this is leaving the queue."""
        await self.change(
            contact_id,
            lambda contact, _now: model.ended(
                contact,
                Reason.ABANDONED if contact.state in model.WAITING else Reason.ENDED_BY_CALLER,
            ),
        )

    async def end_by_volunteer(self, by: PersonId, contact_id: ContactId, *, abuse: bool) -> None:
        """End at the volunteer's wish; after abuse five minutes of rest follow."""

        def decide(contact: Contact, _now: datetime) -> Contact:
            model.mine(contact, by)
            gone = contact.state is State.CALLER_AWAY
            plain = Reason.CALLER_GONE if gone else Reason.ENDED_BY_VOLUNTEER
            return model.ended(contact, Reason.ABUSE_ENDED if abuse else plain)

        async with self._database.transaction(LINE) as tx:
            await self.change_in(tx, contact_id, decide)
            if abuse:
                await store_presence.rest(tx, by, tx.now + ABUSE_REST)

    async def wrap_up(
        self, by: PersonId, contact_id: ContactId, counted: dict[str, list[str]], *, pause: bool
    ) -> None:
        """Close the contact; its wrap-up lives on in counters only."""
        async with self._database.transaction(LINE) as tx:
            contact = await self._locked(tx, contact_id)
            await self._finish(tx, contact, model.wrapped_up(contact, by), counted)
            if pause:
                await store_presence.set_state(tx, by, "paused")
            else:
                await store_presence.ready_again(tx, by)

    async def volunteer_back(self, contact_id: ContactId) -> None:
        """The console is back in time: the same conversation goes on."""
        await self.change(contact_id, lambda contact, _now: model.volunteer_back(contact))

    async def lose_volunteer(
        self, tx: Transaction, contact_id: ContactId, person: PersonId
    ) -> None:
        """The volunteer cannot read along (no key came): somebody else is asked."""
        await self.change_in(
            tx, contact_id, lambda contact, _now: model.without_key(contact, person)
        )

    async def check_has(self, person: PersonId, contact_id: ContactId) -> None:
        """Refuse who does not have this conversation in hand now."""
        if not await store.has(self._database, person, contact_id):
            raise Refusal(Code.NOT_YOUR_CONTACT)

    async def console_of(self, tx: Transaction, person: PersonId) -> Console | None:
        """Give the volunteer's newest console."""
        return await store_presence.console_of(tx, person)

    async def change(
        self,
        contact_id: ContactId,
        decide: Callable[[Contact, datetime], Contact],
        missing: Code = Code.CONTACT_GONE,
    ) -> None:
        """Lock the contact, let the model decide, save, and tell. In a transaction of its own."""
        async with self._database.transaction(LINE) as tx:
            await self.change_in(tx, contact_id, decide, missing)

    async def change_in(
        self,
        tx: Transaction,
        contact_id: ContactId,
        decide: Callable[[Contact, datetime], Contact],
        missing: Code = Code.CONTACT_GONE,
    ) -> None:
        """As `change`, in a transaction that does more."""
        before = await self._locked(tx, contact_id, missing)
        after = decide(before, tx.now)
        if after != before:
            await self._finish(tx, before, after, {})

    async def _locked(
        self, tx: Transaction, contact_id: ContactId, missing: Code = Code.CONTACT_GONE
    ) -> Contact:
        contact = await store.contact_for_update(tx, contact_id)
        if contact is None:
            raise Refusal(missing)
        return contact

    async def _finish(
        self, tx: Transaction, before: Contact, after: Contact, counted: dict[str, list[str]]
    ) -> None:
        await store.save(tx, after)
        await self._seat(tx, before, after)
        _tell(tx, before, after)
        if after.state in model.OVER and before.state not in model.OVER:
            tx.publish_on_commit(
                ConversationEnded(
                    contact=after.id,
                    channel=after.channel,
                    volunteer=after.volunteer,
                    reason=(after.reason or Reason.ABANDONED).value,
                )
            )
        if after.state is State.CLOSED:
            await self._close(tx, before, after, counted)

    async def _seat(self, tx: Transaction, before: Contact, after: Contact) -> None:
        """Give the seat back when the contact left its volunteer, and what that means for both."""
        volunteer = before.volunteer
        if volunteer is None or after.volunteer == volunteer:
            return
        if before.state is State.OFFERED:
            missed = after.missed > before.missed
            lapsed = missed and before.deadline is not None and tx.now >= before.deadline
            ending = "lapsed" if lapsed else "declined" if missed else "withdrawn"
            await store.free_seat(tx, after.id, volunteer, ending)
            if lapsed:
                await store.exclude(tx, after.id, volunteer, tx.now + FOR_GOOD)
                await store_presence.set_state(tx, volunteer, "away")
            elif missed:
                await store.exclude(tx, after.id, volunteer, tx.now + EXCLUDED_AFTER_DECLINE)
                await store_presence.rest(tx, volunteer, tx.now + model.DECLINE_REST)
        else:
            await store.free_seat(tx, after.id, volunteer, "done")
            overdue = before.deadline is not None and tx.now >= before.deadline
            if before.state is State.VOLUNTEER_AWAY and overdue:
                # Lost on the way, not unfit: who comes back and says "ready" may be asked again.
                await store_presence.set_state(tx, volunteer, "away")
            elif after.state is State.QUEUED:
                await store.exclude(tx, after.id, volunteer, tx.now + FOR_GOOD)
        tx.publish_on_commit(PresenceChanged(person=volunteer))
        tx.publish_on_commit(VolunteerFreed(person=volunteer))

    async def _close(
        self, tx: Transaction, before: Contact, after: Contact, counted: dict[str, list[str]]
    ) -> None:
        row = await store.delete_contact(tx, after.id)
        if row is None:
            return
        lasted = int((row["ended"] - row["accepted"]).total_seconds()) if row["accepted"] else None
        tx.publish_on_commit(
            ContactClosed(
                channel=row["channel"],
                reason=row["reason"],
                half_hour_at=to_wire(half_hour(row["arrived"])),
                waited_s=row["waited_s"],
                lasted_s=lasted,
                wrap_up=counted,
            )
        )
        facts: dict[str, Any] = {
            "contact": after.id.hex,
            "channel": row["channel"],
            "reason": row["reason"],
            "arrived": to_wire(row["arrived"]),
            "accepted": to_wire(row["accepted"]) if row["accepted"] else None,
            "ended": to_wire(row["ended"]) if row["ended"] else None,
            "volunteer": before.volunteer.hex if before.volunteer else None,
            "missed": after.missed,
        }
        await self._archive.keep(tx, facts)


def _tell(tx: Transaction, before: Contact, after: Contact) -> None:
    """Publish what the two ends show, and what makes another round worthwhile."""
    tx.publish_on_commit(
        ContactChanged(contact=after.id, volunteer=after.volunteer or before.volunteer)
    )
    if before.state is State.ADMITTED and after.state is State.QUEUED:
        tx.publish_on_commit(ContactOpened(contact=after.id, channel=after.channel))
    elif after.state is State.QUEUED and before.state is not State.QUEUED:
        tx.publish_on_commit(
            ContactQueuedAgain(
                contact=after.id,
                lost=before.volunteer,
                was_talking=before.state in model.TALKING,
            )
        )
