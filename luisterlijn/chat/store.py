"""The only SQL about chats: tokens, members, boxes, numbered ciphertext lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from luisterlijn.chat.model import VOLUNTEER, Chat, Member
from luisterlijn.kernel.ids import ContactId, PersonId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from luisterlijn.store.database import Database, Transaction

PAGE = 200
"""Most lines of one answer."""

# The contact is locked, so that a line of somebody who just lost it cannot slip in behind.
SAY = """
with k as (select id, state, frozen, volunteer, epoch from contact where id = $1 for share),
c as (
  update chat set seq = seq + 1 from k
   where chat.contact = k.id and chat.members_version = $4
     and k.state in ('active', 'volunteer_away', 'caller_away')
     and ($3 = 'visitor' or (k.volunteer = $8 and k.epoch = $9 and not k.frozen))
     and not exists (select from line l where l.contact = $1 and l.client_id = $2)
  returning chat.seq),
i as (
  insert into line (contact, seq, client_id, by, period, stream, counter, sealed)
  select $1, c.seq, $2, $3, $4, $5, $6, $7 from c returning seq)
select (select seq from i) as seq,
       (select l.seq from line l where l.contact = $1 and l.client_id = $2) as known,
       k.state, k.frozen, k.volunteer, k.epoch,
       array(select m.person from member m join joining j on j.id = m.joining
              where m.contact = $1 and m.left_version is null order by m.person) as readers
  from k join chat on chat.contact = k.id
"""


async def insert_chat(
    tx: Transaction, contact: ContactId, token: bytes, dek: bytes, key_id: bytes, half: bytes
) -> None:
    """Write a chat with its key and the server's half."""
    await tx.run(
        "insert into chat (contact, token, dek, key_id, half) values ($1, $2, $3, $4, $5)",
        contact,
        token,
        dek,
        key_id,
        half,
    )


async def by_token(database: Database, token: bytes) -> ContactId | None:
    """Give the contact of a token's hash; None when there is none, or it is over."""
    row = await database.line_row("select contact from chat where token = $1", token)
    return ContactId(row["contact"]) if row is not None else None


async def dek_of(database: Database, contact: ContactId) -> bytes | None:
    """Give the chat's wrapped key."""
    row = await database.line_row("select dek from chat where contact = $1", contact)
    return bytes(row["dek"]) if row is not None else None


async def say(database: Database, values: Sequence[object]) -> asyncpg.Record | None:
    """Number and write one line, in one statement; gives what is so, to tell why when it was not.

    Args:
        database: where.
        values: contact, client id, by, period, stream, counter, sealed, volunteer, epoch.

    Returns:
        `seq` of the new line, or `known`: the number that this client id has already; both None
        with the contact's state when the line was refused; None when the chat is gone. `readers`:
        who reads along.
    """
    try:
        return await database.line_row(SAY, *values)
    except asyncpg.UniqueViolationError:
        # The same line twice at the same moment: the other one won, its number is there now.
        return await database.line_row(SAY, *values)


async def lines(database: Database, contact: ContactId, after: int) -> list[asyncpg.Record]:
    """Give up to 200 lines with a number above `after`, in order."""
    return await database.line_rows(
        "select seq, client_id, by, period, stream, counter, sealed from line"
        " where contact = $1 and seq > $2 order by seq limit $3",
        contact,
        after,
        PAGE + 1,
    )


async def lock(tx: Transaction, contact: ContactId) -> None:
    """Lock the contact, so that who has it stays so until the end of the transaction."""
    await tx.row("select 1 from contact where id = $1 for update", contact)


async def chat_for_update(tx: Transaction, contact: ContactId) -> tuple[Chat, bool, int] | None:
    """Give the chat, whether its page is up, and the contact's epoch; locks contact, then chat."""
    held = await tx.row("select caller_up, epoch from contact where id = $1 for update", contact)
    row = await tx.row(
        "select members_version, seq, key_due from chat where contact = $1 for update", contact
    )
    if held is None or row is None:
        return None
    found = await tx.rows(
        "select person, role, since_version, reads_from, after_seq, joining from member"
        " where contact = $1 and left_version is null order by since_version, member",
        contact,
    )
    chat = Chat(
        version=row["members_version"],
        seq=row["seq"],
        members=tuple(_member(each) for each in found),
        keyed=row["key_due"] is None and any(each["role"] == VOLUNTEER for each in found),
        key_due=row["key_due"],
    )
    return chat, held["caller_up"], held["epoch"]


def _member(row: asyncpg.Record) -> Member:
    return Member(
        person=PersonId(row["person"]),
        role=row["role"],
        since=row["since_version"],
        reads_from=row["reads_from"],
        after=row["after_seq"],
        joining=row["joining"],
    )


async def save(tx: Transaction, contact: ContactId, chat: Chat) -> None:
    """Write back version and key deadline; the page's snapshot has a new version."""
    await tx.run(
        "update chat set members_version = $2, key_due = $3 where contact = $1",
        contact,
        chat.version,
        chat.key_due,
    )
    await tx.run("update contact set version = version + 1 where id = $1", contact)


async def insert_member(
    tx: Transaction,
    member: UUID,
    contact: ContactId,
    who: Member,
    *,
    epoch: int,
    public_key: bytes,
    until: datetime,
    signature: bytes,
) -> None:
    """Write a member of this version on."""
    await tx.run(
        "insert into member (member, contact, person, role, epoch, public_key, until, signature,"
        " since_version, reads_from, after_seq, joining)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        member,
        contact,
        who.person,
        who.role,
        epoch,
        public_key,
        until,
        signature,
        who.since,
        who.reads_from,
        who.after,
        who.joining,
    )


async def remove_member(
    tx: Transaction, contact: ContactId, person: PersonId, version: int
) -> None:
    """Note that the person's stay ended; their boxes go."""
    await tx.run(
        "delete from box using member m where box.member = m.member and m.contact = $1"
        " and m.person = $2 and m.left_version is null",
        contact,
        person,
    )
    await tx.run(
        "update member set left_version = $3"
        " where contact = $1 and person = $2 and left_version is null",
        contact,
        person,
        version,
    )


async def members(tx: Transaction, contact: ContactId) -> list[asyncpg.Record]:
    """Give who may read the chat now, and from which key period on."""
    return await tx.rows(
        "select member, role, reads_from from member"
        " where contact = $1 and left_version is null order by member",
        contact,
    )


async def put_boxes(tx: Transaction, boxes: Sequence[tuple[UUID, int, bytes, bool]]) -> None:
    """Write boxes: member, period, sealed, late. One that is there stays as it is."""
    await tx.run_many(
        "insert into box (member, period, sealed, late) values ($1, $2, $3, $4)"
        " on conflict do nothing",
        boxes,
    )


async def boxes(database: Database, contact: ContactId, person: PersonId) -> list[asyncpg.Record]:
    """Give the boxes of the person's present stay, oldest period first.

    `members` is the list of the box's own period; empty for a box that was sealed later.
    """
    return await database.line_rows(
        "select b.member, b.period, b.sealed, array(select o.member from member o"
        "  where o.contact = m.contact and not b.late"
        "  and o.since_version <= b.period"
        "  and coalesce(o.left_version, b.period + 1) > b.period order by o.member) as members"
        " from box b"
        " join member m on m.member = b.member"
        " where m.contact = $1 and m.person = $2 and m.left_version is null order by b.period",
        contact,
        person,
    )


async def reads_after(database: Database, contact: ContactId, person: PersonId) -> int | None:
    """Give the number of the last line before somebody came to read along; None: they do not.

    The joining decides: who stopped reads nothing, also before the list of members says so.
    """
    row = await database.line_row(
        "select m.after_seq from member m join joining j on j.id = m.joining"
        " join contact k on k.id = m.contact"
        " where m.contact = $1 and m.person = $2 and m.left_version is null"
        " and k.state in ('active', 'volunteer_away', 'caller_away')",
        contact,
        person,
    )
    return row["after_seq"] if row is not None else None


async def pages(tx: Transaction, contacts: Sequence[ContactId]) -> list[asyncpg.Record]:
    """Give what the pages of these contacts show; nothing of those that are over.

    One row per contact and present member (`member` null: nobody), in one statement: version and
    list of members belong together, and two statements see two moments.
    """
    return await tx.rows(
        "select k.id, k.state, k.frozen, k.enq, k.language, k.version, c.seq, c.half,"
        " c.members_version, c.dek, m.member, m.role, m.reads_from, m.epoch, m.public_key, m.until,"
        " m.signature"
        " from contact k join chat c on c.contact = k.id"
        " left join member m on m.contact = k.id and m.left_version is null"
        " where k.id = any($1::uuid[]) and k.state not in ('admitted', 'wrapup', 'closed')"
        " order by k.id, m.since_version, m.member",
        list(contacts),
    )


async def facts(tx: Transaction, contacts: Sequence[ContactId]) -> list[asyncpg.Record]:
    """Give number of the last line and key period of chats."""
    return await tx.rows(
        "select contact, seq, members_version from chat where contact = any($1::uuid[])",
        list(contacts),
    )


async def key_overdue(tx: Transaction) -> list[ContactId]:
    """Give the chats whose page is late with a secret."""
    rows = await tx.rows(
        "select contact from chat where key_due <= line_now() order by key_due, contact limit 200"
    )
    return [ContactId(row["contact"]) for row in rows]


async def talking_with(tx: Transaction, person: PersonId) -> list[asyncpg.Record]:
    """Give the person's chats, with the key with which they are its volunteer already."""
    return await tx.rows(
        "select k.id, m.public_key from contact k left join member m"
        " on m.contact = k.id and m.person = $1 and m.left_version is null and m.joining is null"
        " where k.volunteer = $1 and k.channel = 'chat'"
        " and k.state in ('active', 'volunteer_away', 'caller_away') order by k.id",
        person,
    )


async def reading_along(tx: Transaction, person: PersonId) -> list[asyncpg.Record]:
    """Give the chats that the person reads along with, and the key with which they do already."""
    return await tx.rows(
        "select k.id, j.id as joining, j.role, m.public_key from joining j"
        " join contact k on k.id = j.contact left join member m"
        " on m.contact = j.contact and m.joining = j.id and m.left_version is null"
        " where j.person = $1 and j.state = 'present' and j.mode = 'read'"
        " and k.volunteer is distinct from $1 and k.channel = 'chat'"
        " and k.state in ('active', 'volunteer_away', 'caller_away') order by k.id",
        person,
    )


async def living(database: Database, contacts: Sequence[ContactId]) -> set[ContactId]:
    """Give those of these chats that are still there."""
    rows = await database.line_rows(
        "select contact from chat where contact = any($1::uuid[])", list(contacts)
    )
    return {ContactId(row["contact"]) for row in rows}


async def destroy_half(database: Database, contact: ContactId) -> None:
    """Destroy the server's half, and the token: what the device still holds opens nothing."""
    await database.line_row(
        "update chat set half = null, token = sha256(uuid_send(gen_random_uuid()))"
        " where contact = $1",
        contact,
    )


async def delete_chat(tx: Transaction, contact: ContactId) -> None:
    """Delete lines, boxes, members, keys and token."""
    await tx.run("delete from chat where contact = $1", contact)


async def keys_in_use(tx: Transaction) -> set[bytes]:
    """Give the ids of the period keys that open chats need."""
    return {bytes(row["key_id"]) for row in await tx.rows("select distinct key_id from chat")}
