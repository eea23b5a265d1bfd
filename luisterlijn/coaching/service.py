"""Asking for help, and finding somebody who helps. Deadlines are rows; a console only shows them.

Whoever telephones asks here too (`telephony.ports.HelpDesk`), inside its own transaction.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from luisterlijn.coaching import escalation, model, store, store_care, store_joining, views
from luisterlijn.coaching.escalation import Request, State
from luisterlijn.coaching.events import HelpChanged, HelpRinging, HelpSettled, TalkAsked
from luisterlijn.coaching.model import About
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Code, Outage, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from luisterlijn.coaching.care import Care
    from luisterlijn.coaching.emergency import Emergency
    from luisterlijn.coaching.escalation import OnCall
    from luisterlijn.coaching.joinings import Joinings
    from luisterlijn.coaching.rota import Rota
    from luisterlijn.dispatch.service import Hall
    from luisterlijn.dispatch.wire import Beside, CoachSide
    from luisterlijn.kernel.ids import ContactId, PersonId, TokenSource
    from luisterlijn.store.database import Database, Transaction

log = structlog.get_logger()

TICK_S = 1.0
"""No deadline is more than a second in the past."""


class Coaching:
    """Requests for help. `joinings`, `care`, `rota` and `emergency` are the room's other parts."""

    def __init__(
        self,
        database: Database,
        hall: Hall,
        tokens: TokenSource,
        *,
        joinings: Joinings,
        care: Care,
        rota: Rota,
        emergency: Emergency,
    ) -> None:
        """Work on this database."""
        self._database = database
        self._hall = hall
        self._tokens = tokens
        self.joinings = joinings
        self.care = care
        self.rota = rota
        self.emergency = emergency

    async def ask(self, person: PersonId, contact: ContactId | None, *, urgent: bool) -> UUID:
        """Ask for help, inside a conversation or outside one; who has asked already asks again.

        When it is urgent, no time ends that conversation any more.

        Raises:
            Refusal: `not-your-contact`.
        """
        async with self._database.transaction(LINE) as tx:
            if contact is not None:
                standing = await self._hall.standing(tx, contact)
                if standing is None or standing.volunteer != person:
                    raise Refusal(Code.NOT_YOUR_CONTACT)
                if urgent:
                    await self._hall.urgent(tx, contact)
            on_call = await store.on_call(tx)
            new = Request(
                id=new_id(self._tokens),
                person=person,
                contact=contact,
                urgent=urgent,
                asked=tx.now,
            )
            first = escalation.asked(new, on_call)
            if await store.insert_request(tx, first):
                self._tell(tx, new, first, on_call)
                return first.id
            known = await store.request_of_for_update(tx, person)
            if known is None:
                raise Outage  # it was closed this very moment: the same press succeeds now
            again = escalation.asked_again(known, contact, on_call, tx.now, urgent=urgent)
            await store.save_request(tx, again)
            self._tell(tx, known, again, on_call)
            return again.id

    async def withdraw(self, person: PersonId, request_id: UUID) -> None:
        """Take the own request back.

        Raises:
            Refusal: `request-gone`.
        """
        async with self._database.transaction(LINE) as tx:
            await self._close(tx, request_id, lambda request: request.person == person)

    async def done(self, person: PersonId, request_id: UUID) -> None:
        """Close a request that one took: the help is given.

        Raises:
            Refusal: `request-gone` when it is over, or somebody else's.
        """
        async with self._database.transaction(LINE) as tx:
            await self._close(tx, request_id, lambda request: request.taken_by == person)

    async def take(
        self, person: PersonId, request_id: UUID, public_key: bytes | None = None
    ) -> None:
        """Take a request in the console. Told twice, it is taken once.

        Args:
            person: on duty.
            request_id: what they take.
            public_key: of their console, which gets a place in the hall so that it can be rung.
                None: they have their place already.

        Raises:
            Refusal: `not-on-duty`, or `request-gone` when it is over or somebody was quicker.
        """
        async with self._database.transaction(LINE) as tx:
            on_call = await store.on_call(tx)
            if not any(each.person == person for each in on_call):
                raise Refusal(Code.NOT_ON_DUTY)
            await self._take(tx, person, request_id, public_key)

    async def join(self, person: PersonId, request_id: UUID, mode: str, public_key: bytes) -> None:
        """Help in the way that was chosen in the console; see `Joinings.join`.

        Who asked outside a conversation, or whose conversation is over, can be spoken with alone.
        """
        async with self._database.transaction(LINE) as tx:
            await self._help(tx, person, request_id, mode, public_key)

    async def sweep(self) -> None:
        """Do what is overdue: the next phone rings, or it is said that nobody was reached."""
        async with self._database.transaction(LINE) as tx:
            due = await store.overdue(tx)
        for request_id in due:
            async with self._database.transaction(LINE) as tx:
                request = await store.request_for_update(tx, request_id)
                if request is not None:
                    on_call = await store.on_call(tx)
                    after = escalation.time_passed(request, on_call, tx.now)
                    await self._save(tx, request, after, on_call)
        await self.joinings.sweep()

    async def run(self) -> None:
        """Sweep each second until cancelled."""
        while True:
            try:
                await self.sweep()
            except Outage:
                log.warning("help_waits")
            except Exception:
                log.exception("help_failed")
            await asyncio.sleep(TICK_S)

    async def forget_old(self, tx: Transaction) -> None:
        """Timed work: remove what is past its time."""
        await store.forget_duties(tx, model.DUTY_KEPT)
        await store.forget_requests(tx, model.REQUEST_KEPT)
        await store_care.forget(tx, model.TALK_KEPT)

    # What the telephone asks, inside its own transaction.

    async def take_by_phone(self, tx: Transaction, person: PersonId, request: UUID) -> None:
        """Somebody who was rung pressed the key: the request is theirs.

        Raises:
            Refusal: `request-gone` when it is over, or somebody was quicker; `not-on-duty` for who
                was not rung.
        """
        now = await store.request_now(tx, request)
        if now is not None and person not in now.rung:
            raise Refusal(Code.NOT_ON_DUTY)
        await self._take(tx, person, request)

    async def join_by_phone(
        self, tx: Transaction, person: PersonId, request: UUID, mode: str
    ) -> None:
        """Who took a request by telephone chose there how to help; see `join`."""
        await self._help(tx, person, request, mode, None)

    async def about(self, tx: Transaction, request: UUID) -> About | None:
        """Give what a request is about; None: it is over."""
        now = await store.request_now(tx, request)
        if now is None:
            return None
        return About(urgent=now.urgent, in_call=await store.is_in_call(tx, request))

    async def mode_of(self, tx: Transaction, joining: UUID) -> str | None:
        """Give how somebody is beside a conversation; None: they are not, or no more."""
        return await store_joining.mode_of(tx, joining)

    async def talk_over(self, tx: Transaction, room: UUID) -> None:
        """A talk of a coach and a volunteer is over; one for a request itself leaves no trace."""
        await self.joinings.talk_over(tx, room)

    async def not_reached(self, tx: Transaction, request: UUID, person: PersonId) -> None:
        """Somebody was rung and did not take the request: the next is rung at once."""
        before = await store.request_for_update(tx, request)
        if before is not None:
            on_call = await store.on_call(tx)
            after = escalation.not_reached(before, person, on_call, tx.now)
            await self._save(tx, before, after, on_call)

    async def calling(self, tx: Transaction, request: UUID) -> PersonId | None:
        """Give whose phone is to ring for a request now; None: nobody's."""
        now = await store.request_now(tx, request)
        return now.calling if now is not None else None

    async def taken_by(self, tx: Transaction, request: UUID) -> PersonId | None:
        """Give who took a request; None: nobody yet, or it is over."""
        now = await store.request_now(tx, request)
        return now.taken_by if now is not None else None

    async def line_gone(self, tx: Transaction, contact: ContactId, person: PersonId) -> None:
        """Somebody who had joined a call hung up: they are beside it no more."""
        await self.joinings.line_gone(tx, contact, person)

    # What the console shows (`dispatch.ports.Coaching`).

    async def side(self, tx: Transaction, person: PersonId) -> CoachSide:
        """Give the own request, and for who is on duty the list of all."""
        viewer = await store.viewer(tx, person)
        if viewer is None:
            raise Refusal(Code.SIGNED_OUT)
        shown = store.requests_shown(tx) if viewer["on_duty"] else store.requests_taken(tx, person)
        return views.side(
            viewer,
            person,
            help_row=await store.help_shown(tx, person),
            joined=await self.joinings.joined(tx, person),
            requests=await shown,
            talks=await self.care.talks_for(tx, viewer),
            emergency=self.emergency.is_on,
        )

    async def on_call(self, tx: Transaction) -> list[PersonId]:
        """Give who is on duty now, coaches and who stands in."""
        return await self.rota.on_call(tx)

    async def reachable(self, tx: Transaction) -> list[PersonId]:
        """Give who of them has a console that is heard, or a phone that rings."""
        return await store.reachable(tx)

    async def beside(
        self, tx: Transaction, contacts: Sequence[ContactId]
    ) -> dict[ContactId, list[Beside]]:
        """Give who is beside each conversation."""
        return views.beside(await store_joining.beside(tx, contacts)) if contacts else {}

    async def _take(
        self,
        tx: Transaction,
        person: PersonId,
        request_id: UUID,
        public_key: bytes | None = None,
    ) -> None:
        contact = await store.contact_of(tx, request_id)
        if contact is not None:
            await self._hall.helped(tx, contact)  # locks the contact, before the request
        if public_key is not None:
            await self.joinings.seat(tx, person, public_key)
        before = await store.request_for_update(tx, request_id)
        if before is None or before.person == person:
            raise Refusal(Code.REQUEST_GONE)
        await self._save(tx, before, escalation.taken(before, person), await store.on_call(tx))

    async def _help(
        self,
        tx: Transaction,
        person: PersonId,
        request_id: UUID,
        mode: str,
        public_key: bytes | None,
    ) -> None:
        try:
            await self.joinings.join(tx, person, request_id, mode, public_key)
        except Refusal as refused:
            request = await store.request_now(tx, request_id)
            if refused.code is not Code.CONTACT_GONE or request is None or mode != model.ALONE:
                raise
            if public_key is not None:
                await self.joinings.seat(tx, person, public_key)
            tx.publish_on_commit(TalkAsked(request=request_id, coach=person, person=request.person))

    async def _close(
        self, tx: Transaction, request_id: UUID, may: Callable[[Request], bool]
    ) -> None:
        request = await store.request_for_update(tx, request_id)
        if request is None or not may(request):
            raise Refusal(Code.REQUEST_GONE)
        await store.delete_request(tx, request_id)
        # A coach who said yes by telephone may still hold the line for it.
        tx.publish_on_commit(HelpSettled(request=request_id))
        self._changed(tx, request, await store.on_call(tx))

    async def _save(
        self, tx: Transaction, before: Request, after: Request, on_call: Sequence[OnCall]
    ) -> None:
        if after != before:
            await store.save_request(tx, after)
            self._tell(tx, before, after, on_call)

    def _tell(
        self, tx: Transaction, before: Request, after: Request, on_call: Sequence[OnCall]
    ) -> None:
        if before.calling is not None and after.calling != before.calling:
            tx.publish_on_commit(HelpSettled(request=after.id))
        if after.state is State.CALLING and after.calling not in (None, before.calling):
            self._ring(tx, after)
        self._changed(tx, after, on_call)

    def _ring(self, tx: Transaction, request: Request) -> None:
        if request.calling is not None and request.deadline is not None:
            tx.publish_on_commit(
                HelpRinging(
                    request=request.id,
                    person=request.calling,
                    until_at=to_wire(request.deadline),
                )
            )

    def _changed(self, tx: Transaction, request: Request, on_call: Sequence[OnCall]) -> None:
        told = {each.person for each in on_call}
        if request.taken_by is not None:
            told.add(request.taken_by)
        tx.publish_on_commit(
            HelpChanged(request=request.id, person=request.person, told=tuple(sorted(told)))
        )
