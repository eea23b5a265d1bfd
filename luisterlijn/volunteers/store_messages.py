"""The only SQL about messages and who read them. The text is sealed before it comes here."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    import asyncpg

    from luisterlijn.kernel.ids import BranchId, PersonId, ShiftId
    from luisterlijn.store.database import Transaction


async def insert(
    tx: Transaction,
    message: UUID,
    *,
    branch: BranchId,
    shift: ShiftId | None,
    audience: str,
    writer: PersonId | None,
    body: bytes,
    to: Sequence[PersonId],
) -> None:
    """Write a message, and for whom it is."""
    await tx.run(
        "insert into message (id, branch, shift, audience, writer, body)"
        " values ($1, $2, $3, $4, $5, $6)",
        message,
        branch,
        shift,
        audience,
        writer,
        body,
    )
    await tx.run(
        "insert into message_to (message, branch, person) select $1, $2, unnest($3::uuid[])",
        message,
        branch,
        list(to),
    )


async def inbox(tx: Transaction, person: PersonId) -> list[asyncpg.Record]:
    """Give what was sent to somebody, the newest first, with who wrote it."""
    return await tx.rows(
        "select m.id, m.audience, m.body, m.written, t.read, p.name as writer, s.starts, s.ends"
        " from message_to t join message m on m.id = t.message"
        " left join person p on p.id = m.writer left join shift s on s.id = m.shift"
        " where t.person = $1 order by m.written desc, m.id",
        person,
    )


async def sent(tx: Transaction, branch: BranchId | None) -> list[asyncpg.Record]:
    """Give what was sent in a branch (None: in all), the newest first, and how many read it."""
    return await tx.rows(
        "select m.id, m.audience, m.body, m.written, true as read, p.name as writer, s.starts,"
        " s.ends, b.name as branch_name,"
        " (select count(*) from message_to t where t.message = m.id) as people,"
        " (select count(*) from message_to t where t.message = m.id and t.read) as readers"
        " from message m join branch b on b.id = m.branch"
        " left join person p on p.id = m.writer left join shift s on s.id = m.shift"
        " where $1::uuid is null or m.branch = $1 order by m.written desc, m.id",
        branch,
    )


async def unread(tx: Transaction, person: PersonId) -> int:
    """Count what somebody has not read."""
    found: int = await tx.value(
        "select count(*) from message_to where person = $1 and not read", person
    )
    return found


async def mark_read(tx: Transaction, message: UUID, person: PersonId) -> bool:
    """Note that somebody read a message; False when none was sent to them."""
    return bool(
        await tx.run(
            "update message_to set read = true where message = $1 and person = $2", message, person
        )
    )


async def delete_old(tx: Transaction, moment: datetime) -> None:
    """Remove messages that were written before a moment."""
    await tx.run("delete from message where written <= $1", moment)
