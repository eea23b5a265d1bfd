"""Who may read a chat: volunteers and readers come and go; each change is a new key period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.chat import model, store
from luisterlijn.chat.events import KeysStored, MembersChanged
from luisterlijn.chat.model import (
    AddMember,
    EndReading,
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

    from luisterlijn.coaching.events import JoiningEnded, JoiningStarted
    from luisterlijn.coaching.joinings import Joinings
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
        self.joinings: Joinings | None = None
        """Who keeps who is beside a chat; set by who builds the node."""

    async def give_keys(
        self, contact: ContactId, period: int, boxes: Sequence[tuple[UUID, int, bytes]]
    ) -> None:
        """Keep the boxes that the page sealed to the members of this period.

        Raises:
            Refusal: `key-period-passed` when the members changed meanwhile, or nobody has the chat;
                `bad-request` when a box is for somebody who is no member, or reads along only since
                a later period, or when the period's own box is missing.
        """
        dek = await self._dek(contact)
        async with self._database.transaction(LINE) as tx:
            found = await store.chat_for_update(tx, contact)
            if found is None:
                raise Refusal(Code.CONTACT_GONE)
            chat = found[0]
            if period != chat.version or chat.volunteer is None:
                raise Refusal(Code.KEY_PERIOD_PASSED)
            first = {
                row["member"]: 1 if row["role"] == model.VOLUNTEER else row["reads_from"]
                for row in await store.members(tx, contact)
            }
            if any(
                not first.get(member, period + 1) <= of_period <= period
                for member, of_period, _box in boxes
            ):
                raise Refusal(Code.BAD_REQUEST)
            if {member for member, of_period, _box in boxes if of_period == period} != set(first):
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
                        of_period < period,
                    )
                    for member, of_period, box in boxes
                ],
            )
            await self._apply(tx, contact, KeysGiven(period))

    async def reads_after(self, contact: ContactId, person: PersonId) -> int:
        """Give the number of the line after which somebody may read; 0 for who has the chat.

        Raises:
            Refusal: `not-your-contact`.
        """
        after = await store.reads_after(self._database, contact, person)
        if after is None:
            await self._hall.check_has(person, contact)
        return after or 0

    async def keys(self, contact: ContactId, person: PersonId) -> MemberKeys:
        """Give the boxes of a member's present stay, oldest period first.

        Raises:
            Refusal: `not-your-contact`.
        """
        after = await self.reads_after(contact, person)
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
        return MemberKeys(version=boxes[-1].period if boxes else 0, boxes=boxes, after=after)

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
        """Somebody else has the chat now: let them in, and the former one out.

        Who read along until then gets the earlier secrets too.
        """
        await self._let_in(tx, event.contact, event.by)
        await self._let_out(tx, event.contact, event.lost)

    async def let_out(self, tx: Transaction, event: ContactQueuedAgain) -> None:
        """The chat waits again: who had it reads nothing from now on."""
        if event.lost is not None:
            await store.lock(tx, event.contact)
            await self._let_out(tx, event.contact, event.lost)

    async def rekey(self, tx: Transaction, event: ConsoleReplaced) -> None:
        """Somebody's console has another key: a new period in each chat that they may read."""
        had = await store.talking_with(tx, event.person)
        joined = await store.reading_along(tx, event.person)
        for contact in sorted({ContactId(row["id"]) for row in (*had, *joined)}):
            await self._let_in(tx, contact, event.person)
            await self._let_reader_in(tx, contact, event.person)

    async def reader_in(self, tx: Transaction, event: JoiningStarted) -> None:
        """Somebody reads a chat along: a new period, and nothing of before it for them."""
        await self._let_reader_in(tx, event.contact, event.person)

    async def reader_out(self, tx: Transaction, event: JoiningEnded) -> None:
        """Somebody reads along no more."""
        await self._apply(tx, event.contact, model.ReaderLeft(event.joining, tx.now))

    async def _let_in(self, tx: Transaction, contact: ContactId, person: PersonId) -> None:
        """Let a volunteer in who has the contact and is not in the room with this key yet."""
        await store.lock(tx, contact)
        key = await self._hall.console_of(tx, person)
        rows = await store.talking_with(tx, person)
        mine = next((row for row in rows if row["id"] == contact), None)
        if key is None or mine is None or mine["public_key"] == key.public_key:
            return  # heard before, or no more theirs
        await self._apply(tx, contact, model.Joined(person, tx.now))

    async def _let_reader_in(self, tx: Transaction, contact: ContactId, person: PersonId) -> None:
        """Let somebody in who is beside the chat and is not in the room with this key yet."""
        await store.lock(tx, contact)
        key = await self._hall.console_of(tx, person)
        rows = await store.reading_along(tx, person)
        mine = next((row for row in rows if row["id"] == contact), None)
        if key is None or mine is None or mine["public_key"] == key.public_key:
            return  # heard before, or gone meanwhile
        came = model.ReaderJoined(
            person=person, role=mine["role"], joining=mine["joining"], at=tx.now
        )
        await self._apply(tx, contact, came)

    async def _let_out(self, tx: Transaction, contact: ContactId, person: PersonId) -> None:
        """Put out who has the contact no more; who has it again meanwhile stays."""
        if not any(row["id"] == contact for row in await store.talking_with(tx, person)):
            await self._apply(tx, contact, model.Left(person, tx.now))

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
            case AddMember(member):
                await self._add_member(tx, contact, member, epoch)
            case RemoveMember(person, version):
                await store.remove_member(tx, contact, person, version)
            case TellPage():
                tx.publish_on_commit(MembersChanged(contact=contact))
            case TellMembers(people):
                tx.publish_on_commit(KeysStored(contact=contact, people=people))
            case LoseVolunteer(person):
                await self._hall.lose_volunteer(tx, contact, person)
            case EndReading(person):
                if self.joinings is not None:
                    await self.joinings.cannot_read(tx, contact, person)

    async def _add_member(
        self, tx: Transaction, contact: ContactId, who: model.Member, epoch: int
    ) -> None:
        key = await self._hall.console_of(tx, who.person)
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
                role=who.role,
                reads_from=who.reads_from,
            )
        )
        await store.insert_member(
            tx,
            member,
            contact,
            who,
            epoch=epoch,
            public_key=key.public_key,
            until=until,
            signature=signature,
        )
