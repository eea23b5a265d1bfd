"""The use cases of one contact, from the queue to the wrap-up. State first, then the world."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from luisterlijn.dispatch import model, store, store_handing, store_presence
from luisterlijn.dispatch.consequences import FOR_GOOD, follow, tell
from luisterlijn.dispatch.events import ContactAccepted, ContactGone, ContactReleased
from luisterlijn.dispatch.model import Contact, Reason, State
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from luisterlijn.dispatch.ports import Archive, Care, Console, Standing
    from luisterlijn.kernel.ids import ContactId, PersonId
    from luisterlijn.store.database import Database, Transaction

ABUSE_REST = timedelta(minutes=5)
CARE_PROPOSED = timedelta(minutes=10)
CARE_AFTER = timedelta(minutes=45)
"""A conversation of this length asks for a rest, however it was."""
CARE_MARK = 4
"""So heavy (of 5) asks for one too."""


class Hall:
    """Every change of a contact goes through here: lock, decide, save, tell."""

    def __init__(self, database: Database, archive: Archive, most_waiting: int) -> None:
        """Work on this database; closed sessions go to the archive, sealed."""
        self._database = database
        self._archive = archive
        self._most_waiting = most_waiting
        self.care: Care | None = None

    async def admit(
        self,
        tx: Transaction,
        contact_id: ContactId,
        *,
        channel: str,
        language: str,
        enq: datetime,
        not_to: frozenset[PersonId] = frozenset(),
    ) -> None:
        """Write an admitted contact in the channel's own transaction.

        `not_to`: who is not asked for it.

        Raises:
            Refusal: `line-full`.
        """
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
        for person in sorted(not_to):
            await store.exclude(tx, contact_id, person, tx.now + FOR_GOOD)

    async def open_contact(self, contact_id: ContactId) -> None:
        """Put the contact into the queue at its page's first sign of life; later ones are heard."""
        async with self._database.transaction(LINE) as tx:
            await self.open_contact_in(tx, contact_id)

    async def open_contact_in(self, tx: Transaction, contact_id: ContactId) -> None:
        """As `open_contact`, in a transaction that does more."""

        def decide(contact: Contact, now: datetime) -> Contact:
            if contact.state is State.ADMITTED:
                return model.opened(contact, now)
            return model.heard_visitor(contact, now)

        await self.change_in(tx, contact_id, decide)

    async def heard(self, contact_id: ContactId) -> None:
        """Note a sign of life of the page."""
        await self.change(contact_id, model.heard_visitor)

    async def accept(self, by: PersonId, contact_id: ContactId, epoch: int) -> None:
        """Give the volunteer the contact they were offered.

        Raises:
            Refusal: `offer-gone` when it was taken back, lapsed, or never theirs.
        """
        async with self._database.transaction(LINE) as tx:
            await self.accept_in(tx, by, contact_id, epoch)

    async def accept_in(
        self, tx: Transaction, by: PersonId, contact_id: ContactId, epoch: int
    ) -> None:
        """As `accept`, in a transaction that does more. Told twice, it is taken once."""
        contact = await self._locked(tx, contact_id, Code.OFFER_GONE)
        if contact.state in model.TALKING:
            if contact.volunteer != by or contact.epoch != epoch:
                taken = model.handed_over(contact, by, epoch, tx.now)
                await self._finish(tx, contact, taken, {})
            return
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
        tell(tx, contact, taken)

    async def decline(self, by: PersonId, contact_id: ContactId, epoch: int) -> None:
        """Take the offer back without a reason; the volunteer rests for 60 s."""
        async with self._database.transaction(LINE) as tx:
            await self.decline_in(tx, by, contact_id, epoch)

    async def decline_in(
        self, tx: Transaction, by: PersonId, contact_id: ContactId, epoch: int
    ) -> None:
        """As `decline`, in a transaction that does more."""

        def decide(contact: Contact, _now: datetime) -> Contact:
            if contact.state in model.TALKING:
                return model.not_handed_over(contact, by, epoch)
            return model.declined(contact, by, epoch)

        await self.change_in(tx, contact_id, decide, Code.OFFER_GONE)

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
        async with self._database.transaction(LINE) as tx:
            contact = await self._locked(tx, contact_id)
            await self._finish(tx, contact, model.released(contact, by), {})
            console = await store_presence.console_of(tx, by)
            until = console.shift_ends if console is not None else tx.now
            tx.publish_on_commit(
                ContactReleased(
                    contact=contact_id,
                    channel=contact.channel,
                    by=by,
                    until_at=to_wire(until),
                )
            )

    async def end_by_visitor(self, contact_id: ContactId) -> None:
        """End at the visitor's wish; while waiting this is leaving the queue."""
        async with self._database.transaction(LINE) as tx:
            await self.end_by_visitor_in(tx, contact_id)

    async def end_by_visitor_in(self, tx: Transaction, contact_id: ContactId) -> None:
        """As `end_by_visitor`, in a transaction that does more."""
        await self.change_in(
            tx,
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
        self,
        by: PersonId,
        contact_id: ContactId,
        counted: dict[str, list[str]],
        *,
        heaviness: int | None = None,
        pause: bool,
    ) -> None:
        """Close the contact; its wrap-up lives on in counters only.

        `heaviness`, 1 to 5, is for the volunteer alone: it may ask for a rest, and is kept nowhere.
        """
        async with self._database.transaction(LINE) as tx:
            contact = await self._locked(tx, contact_id)
            standing = await store_handing.standing(tx, contact_id)
            await self._finish(tx, contact, model.wrapped_up(contact, by), counted)
            tx.publish_on_commit(
                ContactGone(
                    contact=contact_id,
                    channel=contact.channel,
                    nature=next(iter(counted.get("nature", ())), None),
                )
            )
            marked = (heaviness or 0) >= CARE_MARK
            heavy = marked or contact.reason is Reason.ABUSE_ENDED
            if standing is not None:
                heavy = heavy or standing.helped or standing.talked >= CARE_AFTER
            if heavy:
                await store_presence.care(tx, by, tx.now + CARE_PROPOSED)
            elif pause:
                await store_presence.set_state(tx, by, "paused")
            else:
                await store_presence.ready_again(tx, by)
            if marked and self.care is not None:
                await self.care.heavy(tx, by)

    # What a channel asks, inside its own transaction.

    async def standing(self, tx: Transaction, contact_id: ContactId) -> Standing | None:
        """Lock the contact and say where it stands; None when it is gone."""
        return await store_handing.standing(tx, contact_id)

    async def line_dropped(
        self, tx: Transaction, contact_id: ContactId, volunteer: PersonId
    ) -> None:
        """The volunteer's line dropped: the caller is at the old place, the same is asked first."""
        await self.change_in(
            tx, contact_id, lambda contact, now: model.line_dropped(contact, volunteer, now)
        )

    async def phone_of(self, tx: Transaction, person: PersonId) -> tuple[str, str] | None:
        """Give where somebody takes calls (browser or own), and their browser's random name."""
        return await store_presence.phone_of(tx, person)

    async def speak(self, tx: Transaction, contact_id: ContactId, language: str) -> None:
        """Let a contact that waits wait for somebody who speaks this language.

        Who is being asked for it, and does not speak it, is asked no more.
        """
        contact = await self._locked(tx, contact_id)
        await store_handing.set_language(tx, contact_id, language)
        asked = contact.volunteer if contact.state is State.OFFERED else None
        if asked is not None and not await store_presence.speaks(tx, asked, language):
            await self._finish(tx, contact, model.withdrawn(contact), {})

    async def urgent(self, tx: Transaction, contact_id: ContactId) -> None:
        """Let no time end a conversation any more: help was asked for as urgent. Locks it."""
        await self.change_in(tx, contact_id, lambda contact, _now: model.urgent(contact))

    async def helped(self, tx: Transaction, contact_id: ContactId) -> None:
        """Note that a coach helps: a rest is proposed after this conversation."""
        await store_handing.helped(tx, contact_id)

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
        await follow(tx, before, after, self._archive, counted)
