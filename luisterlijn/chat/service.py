"""The use cases of a chat. The server numbers, keeps and relays ciphertext; it can open none."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from luisterlijn.chat import store
from luisterlijn.chat.periods import KeyPeriods
from luisterlijn.chat.wire import Line, Lines, Member, Members
from luisterlijn.dispatch.ports import ChannelFacts
from luisterlijn.edge.guard import hashed
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import ContactId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy import retention, sealing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    import asyncpg

    from luisterlijn.dispatch.events import ConversationEnded
    from luisterlijn.dispatch.service import Hall
    from luisterlijn.kernel.ids import PersonId, TokenSource
    from luisterlijn.privacy.keyring import Keyring
    from luisterlijn.privacy.vouching import Voucher
    from luisterlijn.store.database import Database, Transaction

TOKEN_BYTES = 16
HALF_BYTES = 32
DEKS_KEPT = 4_096
"""Keys of open chats in memory; a miss costs one query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a contact's page shows, as the rows say it. `half` None: destroyed."""

    contact: ContactId
    version: int
    state: Any
    frozen: bool
    language: str
    enq: datetime
    seq: int
    half: bytes | None
    members: Members


class Chats:
    """Everything about chats that routes and sockets ask."""

    name = "chat"

    def __init__(
        self,
        database: Database,
        hall: Hall,
        keyring: Keyring,
        voucher: Voucher,
        tokens: TokenSource,
    ) -> None:
        """Work on this database, with these keys."""
        self._database = database
        self._hall = hall
        self._keyring = keyring
        self._tokens = tokens
        self._deks: OrderedDict[ContactId, sealing.Dek] = OrderedDict()
        self.signer = voucher.public
        """The public key under which pages check the members."""
        self.periods = KeyPeriods(database, hall, voucher, tokens, self._dek)

    async def begin(
        self, language: str, enq: datetime | None, *, behind: timedelta = timedelta()
    ) -> tuple[ContactId, bytes]:
        """Admit a chat; gives its id, and the token that only the page keeps.

        Args:
            language: nl or en.
            enq: an old queue number to honour; None: the end of the queue.
            behind: how far behind that end.
        """
        contact = ContactId(new_id(self._tokens))
        token = self._tokens.bytes(TOKEN_BYTES)
        async with self._database.transaction(LINE) as tx:
            await self._hall.admit(
                tx, contact, channel=self.name, language=language, enq=enq or tx.now + behind
            )
            kek = self._keyring.current(retention.RetentionClass.AT_CLOSE, tx.now)
            dek = sealing.new_dek(kek, contact, self._tokens)
            half = sealing.seal(
                dek,
                retention.CHAT_HALF,
                contact.hex,
                self._tokens.bytes(HALF_BYTES),
                tokens=self._tokens,
            )
            await store.insert_chat(tx, contact, hashed(token), dek.wrapped, dek.kek_id, half)
        return contact, token

    async def of_token(self, token: bytes) -> ContactId:
        """Give the contact behind a token.

        Raises:
            Refusal: `contact-gone`.
        """
        contact = await store.by_token(self._database, hashed(token))
        if contact is None:
            raise Refusal(Code.CONTACT_GONE)
        return contact

    async def say(
        self,
        contact: ContactId,
        *,
        by: str,
        client_id: UUID,
        period: int,
        stream: UUID,
        counter: int,
        sealed: bytes,
        volunteer: PersonId | None = None,
        epoch: int | None = None,
    ) -> tuple[int, tuple[PersonId, ...]]:
        """Number and keep one line; gives its number, and who may read it when the line is new.

        Raises:
            Refusal: `contact-gone`, `key-period-passed`, `stale-epoch`, `not-your-contact`,
                `frozen`; the line is not stored.
        """
        kept = sealing.seal(
            await self._dek(contact),
            retention.LINE_SEALED,
            client_id.hex,
            sealed,
            tokens=self._tokens,
        )
        row = await store.say(
            self._database,
            (contact, client_id, by, period, stream, counter, kept, volunteer, epoch),
        )
        if row is None:
            raise Refusal(Code.CONTACT_GONE)
        if row["known"] is not None:
            return row["known"], ()
        if row["seq"] is None:
            raise Refusal(_why_not(row, volunteer, epoch))
        if by == "visitor" and row["frozen"]:
            async with self._database.transaction(LINE) as tx:
                await self._hall.thaw(tx, contact)
        return row["seq"], (row["volunteer"], *row["readers"])

    async def lines(self, contact: ContactId, after: int) -> Lines:
        """Give up to 200 lines above a number, in order."""
        dek = await self._dek(contact)
        rows = await store.lines(self._database, contact, after)
        return Lines(
            lines=[
                Line(
                    client_id=row["client_id"].hex,
                    period=row["period"],
                    stream=row["stream"].hex,
                    counter=row["counter"],
                    sealed=sealing.unseal(
                        dek, retention.LINE_SEALED, row["client_id"].hex, row["sealed"]
                    ),
                    contact=contact.hex,
                    seq=row["seq"],
                    by=row["by"],
                )
                for row in rows[: store.PAGE]
            ],
            more=len(rows) > store.PAGE,
        )

    async def pages(self, contacts: Sequence[ContactId]) -> list[Page]:
        """Give what the pages of these contacts show, without place and wait."""
        async with self._database.transaction(LINE) as tx:
            rows = await store.pages(tx, contacts)
        members: dict[UUID, list[Member]] = {}
        for row in rows:
            found = members.setdefault(row["id"], [])
            if row["member"] is not None:
                found.append(_member(row))
        one_each = {row["id"]: row for row in rows}
        return [self._page(row, members[contact]) for contact, row in one_each.items()]

    async def leave(self, contact: ContactId) -> None:
        """The page left by "Snel weg": the half dies at once, the conversation freezes."""
        await store.destroy_half(self._database, contact)
        await self._hall.leave(contact)

    async def facts(
        self, tx: Transaction, contacts: Sequence[ContactId]
    ) -> dict[ContactId, ChannelFacts]:
        """Give what the console shows of chats beside the contact itself."""
        return {
            ContactId(row["contact"]): ChannelFacts(
                seq=row["seq"], members_version=row["members_version"]
            )
            for row in await store.facts(tx, contacts)
        }

    # Work listeners.

    async def forget(self, tx: Transaction, event: ConversationEnded) -> None:
        """The talking is over: lines, boxes, half and token go now."""
        await store.delete_chat(tx, event.contact)
        self._deks.pop(event.contact, None)

    async def sweep(self) -> None:
        """Do what is overdue: pages that are late with a secret, keys of chats that are over."""
        if self._deks:
            # Another node may have ended them, or somebody asked while the end was not committed.
            living = await store.living(self._database, list(self._deks))
            for contact in set(self._deks) - living:
                self._deks.pop(contact, None)
        await self.periods.sweep()

    async def keys_in_use(self, tx: Transaction) -> set[bytes]:
        """Give the ids of the period keys that open chats need."""
        return await store.keys_in_use(tx)

    async def _dek(self, contact: ContactId) -> sealing.Dek:
        dek = self._deks.get(contact)
        if dek is None:
            wrapped = await store.dek_of(self._database, contact)
            if wrapped is None:
                raise Refusal(Code.CONTACT_GONE)
            dek = self._deks[contact] = sealing.open_dek(self._keyring, contact, wrapped)
            if len(self._deks) > DEKS_KEPT:
                self._deks.popitem(last=False)
        return dek

    def _page(self, row: asyncpg.Record, members: list[Member]) -> Page:
        half = None
        if row["half"] is not None:
            dek = sealing.open_dek(self._keyring, row["id"], row["dek"])
            half = sealing.unseal(dek, retention.CHAT_HALF, row["id"].hex, row["half"])
        return Page(
            contact=ContactId(row["id"]),
            version=row["version"],
            state=row["state"],
            frozen=row["frozen"],
            language=row["language"],
            enq=row["enq"],
            seq=row["seq"],
            half=half,
            members=Members(version=row["members_version"], present=members),
        )


def _member(row: asyncpg.Record) -> Member:
    return Member(
        member=row["member"].hex,
        role=row["role"],
        reads_from=row["reads_from"],
        epoch=row["epoch"],
        public_key=row["public_key"],
        until_at=to_wire(row["until"]),
        signature=row["signature"],
    )


def _why_not(row: asyncpg.Record, volunteer: PersonId | None, epoch: int | None) -> Code:
    if row["state"] in ("wrapup", "closed"):
        return Code.CONTACT_GONE
    if volunteer is not None and row["volunteer"] != volunteer:
        return Code.NOT_YOUR_CONTACT
    if volunteer is not None and row["epoch"] != epoch:
        return Code.STALE_EPOCH
    if volunteer is not None and row["frozen"]:
        return Code.FROZEN
    # The members changed, or nobody is there to read it; it is sealed anew when somebody is.
    return Code.KEY_PERIOD_PASSED
