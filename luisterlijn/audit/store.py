"""The only SQL about the audit trail. The head's row is locked last of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.audit.model import Entry, Head

if TYPE_CHECKING:
    from datetime import datetime

    import asyncpg

    from luisterlijn.store.database import Transaction

HEAD = "select seq, hash, gone_seq, gone_hash from audit_head"


def _head(row: asyncpg.Record) -> Head:
    return Head(
        seq=row["seq"],
        hash=row["hash"],
        gone_seq=row["gone_seq"],
        gone_hash=row["gone_hash"],
    )


async def head_for_update(tx: Transaction) -> Head:
    """Give where the chain ends, and let nobody else write until the transaction is over."""
    row = await tx.row(f"{HEAD} for update")
    if row is None:
        raise LookupError("audit_head")
    return _head(row)


async def append(tx: Transaction, entry: Entry) -> None:
    """Write an entry behind all others, and the chain's new end."""
    await tx.run(
        "insert into audit (seq, hour, what, person, facts, subject, before, hash)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8)",
        entry.seq,
        entry.hour,
        entry.what,
        entry.person,
        entry.facts,
        entry.subject,
        entry.before,
        entry.hash,
    )
    await tx.run("update audit_head set seq = $1, hash = $2", entry.seq, entry.hash)


async def chain(tx: Transaction) -> tuple[list[Entry], Head | None]:
    """Give every entry by number and the head, of one and the same moment."""
    rows = await tx.rows(
        "select h.seq as head_seq, h.hash as head_hash, h.gone_seq, h.gone_hash, a.seq, a.hour,"
        " a.what, a.person, a.facts, a.subject, a.before, a.hash"
        " from audit_head h full join audit a on true order by a.seq"
    )
    entries = [
        Entry(
            seq=row["seq"],
            hour=row["hour"],
            what=row["what"],
            person=row["person"],
            facts=row["facts"],
            subject=row["subject"],
            before=row["before"],
            hash=row["hash"],
        )
        for row in rows
        if row["seq"] is not None
    ]
    first = rows[0] if rows else None
    if first is None or first["head_seq"] is None:
        return entries, None
    return entries, Head(
        seq=first["head_seq"],
        hash=first["head_hash"],
        gone_seq=first["gone_seq"],
        gone_hash=first["gone_hash"],
    )


async def forget(tx: Transaction, before: datetime) -> None:
    """Remove the entries at the front of the chain that are older; it begins behind them then."""
    await tx.run(
        "with last as (select seq, hash from audit where seq <"
        "   coalesce((select min(seq) from audit where hour > $1), 'infinity'::numeric)"
        "   order by seq desc limit 1),"
        " gone as (delete from audit where seq <= (select seq from last))"
        " update audit_head set gone_seq = last.seq, gone_hash = last.hash from last",
        before,
    )
