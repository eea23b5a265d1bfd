"""The only SQL about who is beside a conversation. The contact is locked before its joinings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from luisterlijn.kernel.ids import ContactId, PersonId

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from luisterlijn.store.database import Transaction

JOINING = "select id, contact, channel, person, role, mode, state, until from joining"


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """Somebody beside a conversation. `asked`: invited, no answer yet; then `until` is set."""

    id: UUID
    contact: ContactId
    channel: str
    person: PersonId
    role: str
    mode: str
    asked: bool
    until: datetime | None = None


def _joining(row: asyncpg.Record) -> Joining:
    return Joining(
        id=row["id"],
        contact=ContactId(row["contact"]),
        channel=row["channel"],
        person=PersonId(row["person"]),
        role=row["role"],
        mode=row["mode"],
        asked=row["state"] == "asked",
        until=row["until"],
    )


async def insert(tx: Transaction, joining: Joining) -> bool:
    """Write a joining; False when the person is beside this conversation, or is asked, already."""
    return bool(
        await tx.run(
            "insert into joining (id, contact, channel, person, role, mode, state, until)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (contact, person) do nothing",
            joining.id,
            joining.contact,
            joining.channel,
            joining.person,
            joining.role,
            joining.mode,
            "asked" if joining.asked else "present",
            joining.until,
        )
    )


async def set_present(tx: Transaction, joining: UUID, mode: str) -> None:
    """Note that somebody is there, and how they take part."""
    await tx.run(
        "update joining set state = 'present', mode = $2, until = null where id = $1",
        joining,
        mode,
    )


async def delete(tx: Transaction, joining: UUID) -> None:
    """Remove a joining that is over."""
    await tx.run("delete from joining where id = $1", joining)


async def contact_of(tx: Transaction, joining: UUID) -> ContactId | None:
    """Give the conversation of a joining, unlocked: it is to be locked first."""
    contact: ContactId | None = await tx.value("select contact from joining where id = $1", joining)
    return contact


async def mode_of(tx: Transaction, joining: UUID) -> str | None:
    """Give how somebody takes part; None: they do not, not yet, or no more."""
    mode: str | None = await tx.value(
        "select mode from joining where id = $1 and state = 'present'", joining
    )
    return mode


async def for_update(tx: Transaction, joining: UUID) -> Joining | None:
    """Give a joining and lock it; None when it is over."""
    row = await tx.row(f"{JOINING} where id = $1 for update", joining)
    return _joining(row) if row is not None else None


async def of_person(tx: Transaction, contact: ContactId, person: PersonId) -> Joining | None:
    """Give how somebody is beside a conversation and lock it; None: they are not."""
    row = await tx.row(f"{JOINING} where contact = $1 and person = $2 for update", contact, person)
    return _joining(row) if row is not None else None


async def of_contact(tx: Transaction, contact: ContactId) -> list[Joining]:
    """Give who is beside a conversation, and lock them."""
    rows = await tx.rows(f"{JOINING} where contact = $1 order by id for update", contact)
    return [_joining(row) for row in rows]


async def overdue(tx: Transaction) -> list[UUID]:
    """Give the invitations whose time is over, and those who read along and are away."""
    rows = await tx.rows(
        "select j.id from joining j left join presence p on p.person = j.person"
        " where j.until <= line_now()"
        " or (j.state = 'present' and j.mode = 'read' and coalesce(p.state, 'away') = 'away')"
        " order by j.id"
    )
    return [row["id"] for row in rows]


async def is_away(tx: Transaction, person: PersonId) -> bool:
    """Say whether somebody's console is silent, or they are not present."""
    return not await tx.value(
        "select exists (select from presence where person = $1 and state <> 'away')", person
    )


async def beside(tx: Transaction, contacts: Sequence[ContactId]) -> list[asyncpg.Record]:
    """Give who is beside each of these conversations, with name and alias."""
    return await tx.rows(
        "select j.id, j.contact, j.role, j.mode, j.state, q.name, p.alias from joining j"
        " join person q on q.id = j.person left join presence p on p.person = j.person"
        " where j.contact = any($1::uuid[]) order by j.contact, j.role, j.id",
        list(contacts),
    )


async def joined(tx: Transaction, person: PersonId) -> list[asyncpg.Record]:
    """Give the conversations that somebody is beside, or is asked to read along with."""
    return await tx.rows(
        "select j.id, j.state, j.mode, j.contact, j.until, c.channel, c.epoch, c.language, p.alias"
        " from joining j join contact c on c.id = j.contact"
        " left join presence p on p.person = c.volunteer"
        " where j.person = $1 and c.state in ('active', 'volunteer_away', 'caller_away')"
        " order by c.accepted, j.id",
        person,
    )
