"""Being beside a conversation: reading along, listening, speaking along, taking it over.

Nobody is there unseen: each start, change and end is written to the audit trail in the same
transaction, and shown to who has the conversation. A joining ends with the conversation; when that
goes from one volunteer to another it stays, except for who has the conversation now.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from luisterlijn.coaching import model, store, store_joining, views
from luisterlijn.coaching.events import JoiningChanged, JoiningEnded, JoiningStarted
from luisterlijn.coaching.store_joining import Joining
from luisterlijn.dispatch.events import PresenceChanged
from luisterlijn.dispatch.handing import role_of
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.accounts.service import Accounts
    from luisterlijn.audit.service import Audit
    from luisterlijn.dispatch.consoles import Consoles
    from luisterlijn.dispatch.events import (
        ContactHandedOver,
        ContactQueuedAgain,
        ConversationEnded,
    )
    from luisterlijn.dispatch.handing import Handing
    from luisterlijn.dispatch.ports import Standing
    from luisterlijn.dispatch.service import Hall
    from luisterlijn.dispatch.wire import JoinedView
    from luisterlijn.kernel.ids import ContactId, PersonId, TokenSource
    from luisterlijn.store.database import Database, Transaction


class Joinings:
    """The use cases of who is beside a conversation."""

    def __init__(
        self,
        database: Database,
        hall: Hall,
        handing: Handing,
        consoles: Consoles,
        accounts: Accounts,
        audit: Audit,
        tokens: TokenSource,
    ) -> None:
        """Work on this database."""
        self._database = database
        self._hall = hall
        self._handing = handing
        self._consoles = consoles
        self._accounts = accounts
        self._audit = audit
        self._tokens = tokens

    # By invitation.

    async def invite(self, by: PersonId, contact: ContactId, to: PersonId) -> None:
        """Ask somebody present to read a chat along; nothing is shown to them before their yes.

        Raises:
            Refusal: `not-your-contact`; `bad-request` for a call; `nobody-free` when they are not
                there, or are asked or beside it already.
        """
        async with self._database.transaction(LINE) as tx:
            standing = await self._talking(tx, contact)
            if standing is None or standing.volunteer != by:
                raise Refusal(Code.NOT_YOUR_CONTACT)
            if standing.channel != model.CHAT:
                raise Refusal(Code.BAD_REQUEST)
            person = await self._accounts.person(tx, to)
            if person is None or to == by or not await self._consoles.is_there(tx, to):
                raise Refusal(Code.NOBODY_FREE)
            joining = Joining(
                id=new_id(self._tokens),
                contact=contact,
                channel=standing.channel,
                person=to,
                role=role_of(person.roles),
                mode=model.READ,
                asked=True,
                until=tx.now + model.INVITED_LASTS,
            )
            if not await store_joining.insert(tx, joining):
                raise Refusal(Code.NOBODY_FREE)
            self._show(tx, to, by)

    async def answer(self, person: PersonId, joining_id: UUID, *, yes: bool) -> None:
        """Answer an invitation.

        Raises:
            Refusal: `joining-gone` when it is over, or not one's own.
        """
        async with self._database.transaction(LINE) as tx:
            joining, standing = await self._locked(tx, joining_id)
            late = joining.until is None or joining.until <= tx.now
            if joining.person != person or not joining.asked or late or standing is None:
                raise Refusal(Code.JOINING_GONE)
            if not yes:
                await self._drop(tx, joining, standing)
            elif standing.volunteer == person:
                raise Refusal(Code.JOINING_GONE)
            else:
                await store_joining.set_present(tx, joining.id, joining.mode)
                await self._started(tx, joining, standing)

    # A coach, for a request that they took.

    async def join(
        self,
        tx: Transaction,
        person: PersonId,
        request_id: UUID,
        mode: str,
        public_key: bytes | None,
    ) -> None:
        """Join the conversation of a request that one took, or take part in it another way.

        Args:
            tx: the transaction of who asks.
            person: the coach.
            request_id: what they took.
            mode: how.
            public_key: of their console: a coach may have no shift, and so no place in the hall.
                None: they said so on a telephone.

        Raises:
            Refusal: `request-gone`, `contact-gone`; `not-a-call` for a way that a chat does not
                have; `bad-request` for reading a call, or joining what one has oneself.
        """
        contact, standing = await self._of_request(tx, person, request_id)
        model.check_mode(standing.channel, mode)
        if standing.volunteer == person:
            raise Refusal(Code.BAD_REQUEST)
        if public_key is not None:
            await self._consoles.seat(tx, person, public_key)
        there = await store_joining.of_person(tx, contact, person)
        if there is not None and not there.asked:
            await self._change(tx, there, standing, mode)
            return
        joining = Joining(
            id=there.id if there is not None else new_id(self._tokens),
            contact=contact,
            channel=standing.channel,
            person=person,
            role="coach",
            mode=mode,
            asked=False,
        )
        if there is not None:
            await store_joining.delete(tx, there.id)
        await store_joining.insert(tx, joining)
        await self._started(tx, joining, standing)

    async def seat(self, tx: Transaction, person: PersonId, public_key: bytes) -> None:
        """Give who helps a place in the hall, with the key of their console."""
        await self._consoles.seat(tx, person, public_key)

    async def take_over(self, person: PersonId, request_id: UUID, public_key: bytes) -> None:
        """Take over the conversation that one has joined for a request; it goes on as it is.

        Raises:
            Refusal: `request-gone`, `contact-gone`; `joining-gone` for who has not joined it.
        """
        async with self._database.transaction(LINE) as tx:
            contact, standing = await self._of_request(tx, person, request_id)
            joining = await store_joining.of_person(tx, contact, person)
            if joining is None or joining.asked or standing.volunteer == person:
                raise Refusal(Code.JOINING_GONE)
            await self._consoles.seat(tx, person, public_key)
            await self._handing.take_over(tx, contact, person)
            await self._took_over(tx, joining)

    # Who is there.

    async def change(self, person: PersonId, joining_id: UUID, mode: str) -> None:
        """Take part in a call in another way.

        Raises:
            Refusal: `joining-gone`, `not-a-call`, `bad-request`.
        """
        async with self._database.transaction(LINE) as tx:
            joining, standing = await self._locked(tx, joining_id)
            if joining.person != person or joining.asked or standing is None:
                raise Refusal(Code.JOINING_GONE)
            model.check_mode(joining.channel, mode)
            await self._change(tx, joining, standing, mode)

    async def leave(self, person: PersonId, joining_id: UUID) -> None:
        """Go away from a conversation; a coach who gives up a call says so here too.

        Raises:
            Refusal: `joining-gone`.
        """
        async with self._database.transaction(LINE) as tx:
            joining, standing = await self._locked(tx, joining_id)
            if joining.person != person:
                raise Refusal(Code.JOINING_GONE)
            await self._end(tx, joining, "left", standing)

    async def stop(self, by: PersonId, joining_id: UUID) -> None:
        """Let somebody read along no more: a mentor or colleague, at the wish of who talks.

        Raises:
            Refusal: `joining-gone`, `not-your-contact`; `not-on-duty` for a coach, who is not sent
                away by who was helped.
        """
        async with self._database.transaction(LINE) as tx:
            joining, standing = await self._locked(tx, joining_id)
            if standing is None or standing.volunteer != by:
                raise Refusal(Code.NOT_YOUR_CONTACT)
            if joining.role == "coach" and not joining.asked:
                raise Refusal(Code.NOT_ON_DUTY)
            await self._end(tx, joining, "stopped", standing)

    async def line_gone(self, tx: Transaction, contact: ContactId, person: PersonId) -> None:
        """A joined line hung up: who was on it is beside the call no more."""
        standing = await self._talking(tx, contact)
        joining = await store_joining.of_person(tx, contact, person)
        if joining is not None and joining.mode != model.READ:
            await self._end(tx, joining, "line-gone", standing)

    async def talk_over(self, tx: Transaction, joining_id: UUID) -> None:
        """The talk of a coach and a volunteer beside a chat is over: one of them hung up."""
        contact = await store_joining.contact_of(tx, joining_id)
        if contact is not None:
            standing = await self._talking(tx, contact)
            joining = await store_joining.for_update(tx, joining_id)
            if joining is not None and joining.mode == model.ALONE:
                await self._end(tx, joining, "line-gone", standing)

    async def cannot_read(self, tx: Transaction, contact: ContactId, person: PersonId) -> None:
        """The page gave no key to who reads along: they are beside the chat no more."""
        standing = await self._talking(tx, contact)
        joining = await store_joining.of_person(tx, contact, person)
        if joining is not None and joining.mode == model.READ and not joining.asked:
            await self._end(tx, joining, "no-key", standing)

    async def sweep(self) -> None:
        """Do what is overdue: invitations without an answer, readers who are away."""
        async with self._database.transaction(LINE) as tx:
            due = await store_joining.overdue(tx)
        for joining_id in due:
            async with self._database.transaction(LINE) as tx:
                try:
                    joining, standing = await self._locked(tx, joining_id)
                except Refusal:
                    continue  # over meanwhile
                late = joining.until is not None and joining.until <= tx.now
                away = not joining.asked and await store_joining.is_away(tx, joining.person)
                if late or (away and joining.mode == model.READ):
                    await self._end(tx, joining, "away", standing)

    # Work listeners.

    async def conversation_ended(self, tx: Transaction, event: ConversationEnded) -> None:
        """The conversation is over: so is everybody's being beside it. Its rows may be gone."""
        await self._hall.standing(tx, event.contact)
        for joining in await store_joining.of_contact(tx, event.contact):
            await self._end(tx, joining, "ended", None)

    async def queued_again(self, tx: Transaction, event: ContactQueuedAgain) -> None:
        """The conversation broke off and waits again: who was asked in by the former one goes."""
        if await self._talking(tx, event.contact) is None:
            for joining in await store_joining.of_contact(tx, event.contact):
                await self._end(tx, joining, "ended", None)

    async def handed_over(self, tx: Transaction, event: ContactHandedOver) -> None:
        """Who was beside the conversation has it now."""
        standing = await self._talking(tx, event.contact)
        if standing is None or standing.volunteer is None:
            return
        joining = await store_joining.of_person(tx, event.contact, standing.volunteer)
        if joining is not None and joining.asked:
            await store_joining.delete(tx, joining.id)
        elif joining is not None:
            await self._took_over(tx, joining)

    # What is shown.

    async def joined(self, tx: Transaction, person: PersonId) -> list[JoinedView]:
        """Give the conversations that somebody is beside, or is asked to read along with."""
        rows = await store_joining.joined(tx, person)
        facts = await self._consoles.facts(tx, [row["contact"] for row in rows]) if rows else {}
        return views.joined_views(rows, facts)

    async def _talking(self, tx: Transaction, contact: ContactId) -> Standing | None:
        """Lock a contact; gives where it stands, None when no conversation goes on in it."""
        standing = await self._hall.standing(tx, contact)
        return standing if standing is not None and standing.stage == "talking" else None

    async def _locked(self, tx: Transaction, joining_id: UUID) -> tuple[Joining, Standing | None]:
        """Lock the contact, then the joining. No conversation: None beside it."""
        contact = await store_joining.contact_of(tx, joining_id)
        standing = await self._talking(tx, contact) if contact is not None else None
        joining = await store_joining.for_update(tx, joining_id)
        if joining is None:
            raise Refusal(Code.JOINING_GONE)
        return joining, standing

    async def _of_request(
        self, tx: Transaction, person: PersonId, request_id: UUID
    ) -> tuple[ContactId, Standing]:
        """Lock the conversation of a request that this person took, then the request."""
        contact = await store.contact_of(tx, request_id)
        standing = await self._talking(tx, contact) if contact is not None else None
        request = await store.request_for_update(tx, request_id)
        if request is None or request.taken_by != person:
            raise Refusal(Code.REQUEST_GONE)
        if contact is None or standing is None or request.contact != contact:
            raise Refusal(Code.CONTACT_GONE)
        return contact, standing

    async def _started(self, tx: Transaction, joining: Joining, standing: Standing) -> None:
        tx.publish_on_commit(
            JoiningStarted(
                joining=joining.id,
                contact=joining.contact,
                channel=joining.channel,
                person=joining.person,
                role=joining.role,
                mode=joining.mode,
            )
        )
        self._show(tx, joining.person, standing.volunteer)
        await self._note(tx, joining, "joined")

    async def _change(
        self, tx: Transaction, joining: Joining, standing: Standing, mode: str
    ) -> None:
        if mode == joining.mode:
            return
        model.check_change(joining.channel)
        await store_joining.set_present(tx, joining.id, mode)
        tx.publish_on_commit(
            JoiningChanged(
                joining=joining.id, contact=joining.contact, person=joining.person, mode=mode
            )
        )
        self._show(tx, joining.person, standing.volunteer)
        await self._note(tx, replace(joining, mode=mode), "changed")

    async def _end(
        self, tx: Transaction, joining: Joining, why: str, standing: Standing | None
    ) -> None:
        """End a joining; an invitation that got no yes leaves nothing behind."""
        await self._drop(tx, joining, standing)
        if joining.asked:
            return
        tx.publish_on_commit(
            JoiningEnded(
                joining=joining.id,
                contact=joining.contact,
                channel=joining.channel,
                person=joining.person,
            )
        )
        await self._note(tx, joining, why)

    async def _took_over(self, tx: Transaction, joining: Joining) -> None:
        """Note that who was beside has the conversation: their line and their seat stay as is.

        So nobody is told `JoiningEnded`: the channels hear `ContactHandedOver`.
        """
        await store_joining.delete(tx, joining.id)
        self._show(tx, joining.person, None)
        await self._note(tx, joining, "took-over")

    async def _drop(self, tx: Transaction, joining: Joining, standing: Standing | None) -> None:
        await store_joining.delete(tx, joining.id)
        self._show(tx, joining.person, standing.volunteer if standing is not None else None)

    async def _note(self, tx: Transaction, joining: Joining, what: str) -> None:
        await self._audit.note(
            tx,
            what=what,
            person=joining.person,
            facts={
                "joining": joining.id.hex,
                "channel": joining.channel,
                "role": joining.role,
                "mode": joining.mode,
            },
            contact=joining.contact,
        )

    def _show(self, tx: Transaction, *people: PersonId | None) -> None:
        for person in people:
            if person is not None:
                tx.publish_on_commit(PresenceChanged(person=person))
