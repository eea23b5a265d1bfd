"""Who may read a chat: volunteers come and go, and each change of members is a new key period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.chat import model, store
from luisterlijn.chat.events import KeysStored, MembersChanged
from luisterlijn.chat.model import (
    AddMember,
    KeyOverdue,
    KeysGiven,
    LoseVolunteer,
    RemoveMember,
    TellMembers,
    TellPage,
)
from luisterlijn.chat.wire import KeyBox, MemberKeys
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import ContactId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy import retention, sealing
from luisterlijn.privacy.endtoend import Vouched

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from uuid import UUID

    from luisterlijn.dispatch.events import (
        ConsoleReplaced,
        ContactAccepted,
        ContactHandedOver,
        ContactQueuedAgain,
    )
    from luisterlijn.dispatch.service import Hall
    from luisterlijn.kernel.ids import PersonId, TokenSource
    from luisterlijn.privacy.vouching import Voucher
    from luisterlijn.store.database import Database, Transaction


class KeyPeriods:
    """Members and boxes of every chat. The page makes the secrets; the server opens no box."""

    def __init__(
        self,
        database: Database,
        hall: Hall,
        voucher: Voucher,
        tokens: TokenSource,
        dek: Callable[[ContactId], Awaitable[sealing.Dek]],
    ) -> None:
        """Work on this database; `dek` gives the key under which a chat's rows are sealed."""
        self._database = database
        self._hall = hall
        self._voucher = voucher
        self._tokens = tokens
        self._dek = dek

    async def give_keys(
        self, contact: ContactId, period: int, boxes: Sequence[tuple[UUID, int, bytes]]
    ) -> None:
        """Keep the boxes that the page sealed to the members of this period.

        Raises:
            Refusal: `key-period-passed` when the members changed meanwhile, `bad-request` when a
                box is for somebody who is no member, or the period's own box is missing.
        """
        dek = await self._dek(contact)
        async with self._database.transaction(LINE) as tx:
            found = await store.chat_for_update(tx, contact)
            if found is None:
                raise Refusal(Code.CONTACT_GONE)
            chat = found[0]
            if period != chat.version:
                raise Refusal(Code.KEY_PERIOD_PASSED)
            here = {row["member"] for row in await store.members(tx, [contact])}
            if any(
                member not in here or not 0 < of_period <= period
                for member, of_period, _box in boxes
            ):
                raise Refusal(Code.BAD_REQUEST)
            if {member for member, of_period, _box in boxes if of_period == period} != here:
                raise Refusal(Code.BAD_REQUEST)
            await store.put_boxes(
                tx,
                [
                    (
                        member,
                        of_period,
                        sealing.seal(
                            dek,
                            retention.BOX_SEALED,
                            f"{member.hex}/{of_period}",
                            box,
                            tokens=self._tokens,
                        ),
                    )
                    for member, of_period, box in boxes
                ],
            )
            await self._apply(tx, contact, KeysGiven(period))

    async def keys(self, contact: ContactId, person: PersonId) -> MemberKeys:
        """Give the boxes of a member's present stay, oldest period first."""
        dek = await self._dek(contact)
        boxes = [
            KeyBox(
                period=row["period"],
                box=sealing.unseal(
                    dek,
                    retention.BOX_SEALED,
                    f"{row['member'].hex}/{row['period']}",
                    row["sealed"],
                ),
                members=[member.hex for member in row["members"]],
            )
            for row in await store.boxes(self._database, contact, person)
        ]
        return MemberKeys(version=boxes[-1].period if boxes else 0, boxes=boxes)

    async def sweep(self) -> None:
        """Do what is overdue: pages that are late with a secret."""
        async with self._database.transaction(LINE) as tx:
            late = await store.key_overdue(tx)
        for contact in late:
            async with self._database.transaction(LINE) as tx:
                found = await store.chat_for_update(tx, contact)
                if found is not None:
                    await self._apply(tx, contact, KeyOverdue(tx.now, page_up=found[1]))

    # Work listeners.

    async def connect(self, tx: Transaction, event: ContactAccepted) -> None:
        """A volunteer took the chat: let them in, with a new key period."""
        await self._let_in(tx, event.contact, event.by)

    async def hand_over(self, tx: Transaction, event: ContactHandedOver) -> None:
        """A colleague has the chat now: let them in, and the former one out."""
        await store.lock(tx, event.contact)
        await self._apply(tx, event.contact, model.Left(event.lost, tx.now))
        await self._let_in(tx, event.contact, event.by)

    async def let_out(self, tx: Transaction, event: ContactQueuedAgain) -> None:
        """The chat waits again: who had it reads nothing from now on."""
        if event.lost is None:
            return
        await store.lock(tx, event.contact)
        if not any(row["id"] == event.contact for row in await store.talking_with(tx, event.lost)):
            await self._apply(tx, event.contact, model.Left(event.lost, tx.now))

    async def rekey(self, tx: Transaction, event: ConsoleReplaced) -> None:
        """A volunteer's console has another key: a new period in each of their chats."""
        for row in await store.talking_with(tx, event.person):
            await self._let_in(tx, ContactId(row["id"]), event.person)

    async def _let_in(self, tx: Transaction, contact: ContactId, person: PersonId) -> None:
        """Let a volunteer in who has the contact and is not in the room with this key yet."""
        await store.lock(tx, contact)
        key = await self._hall.console_of(tx, person)
        rows = await store.talking_with(tx, person)
        mine = next((row for row in rows if row["id"] == contact), None)
        if key is None or mine is None or mine["public_key"] == key.public_key:
            return  # heard before, or no more theirs
        await self._apply(tx, contact, model.Joined(person, tx.now))

    async def _apply(self, tx: Transaction, contact: ContactId, happening: model.Happening) -> None:
        found = await store.chat_for_update(tx, contact)
        if found is None:
            return
        before, _page_up, epoch = found
        after, effects = model.decide(before, happening)
        if after != before:
            await store.save(tx, contact, after)
        for effect in effects:
            await self._do(tx, contact, epoch, effect)

    async def _do(
        self, tx: Transaction, contact: ContactId, epoch: int, effect: model.Effect
    ) -> None:
        match effect:
            case AddMember(person, version):
                await self._add_member(tx, contact, person, epoch, version)
            case RemoveMember(person, version):
                await store.remove_member(tx, contact, person, version)
            case TellPage():
                tx.publish_on_commit(MembersChanged(contact=contact))
            case TellMembers(people):
                tx.publish_on_commit(KeysStored(contact=contact, people=people))
            case LoseVolunteer(person):
                await self._hall.lose_volunteer(tx, contact, person)

    async def _add_member(
        self, tx: Transaction, contact: ContactId, person: PersonId, epoch: int, version: int
    ) -> None:
        key = await self._hall.console_of(tx, person)
        if key is None:
            return
        member = new_id(self._tokens)
        until = key.shift_ends + model.STAYS_VALID
        signature = self._voucher.vouch(
            Vouched(
                contact=contact.hex,
                epoch=epoch,
                member=member.hex,
                public_key=key.public_key,
                until_at=to_wire(until),
            )
        )
        await store.insert_member(
            tx,
            member,
            contact,
            person=person,
            epoch=epoch,
            public_key=key.public_key,
            until=until,
            signature=signature,
            version=version,
        )
