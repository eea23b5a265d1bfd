"""The only SQL about counters and sealed session records."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    import asyncpg

    from luisterlijn.store.database import Transaction


async def add(tx: Transaction, rows: Sequence[tuple[datetime, str, str, str, int]]) -> None:
    """Add to counters: half hour, channel, kind, value, how many."""
    await tx.run_many(
        "insert into counter as c (half_hour, channel, kind, value, count)"
        " values ($1, $2, $3, $4, $5) on conflict (half_hour, channel, kind, value)"
        " do update set count = c.count + excluded.count",
        rows,
    )


async def arrivals(tx: Transaction) -> list[asyncpg.Record]:
    """Give (half_hour, channel, count) of all who came, answered or not, in order.

    Who heard that the line is full came too; who was past the limit or came while it was closed
    asks for no volunteer.
    """
    return await tx.rows(
        "select half_hour, channel, sum(count)::bigint as count from counter"
        " where kind in ('answered', 'lost') or kind = 'turned_away' and value = 'full'"
        " group by half_hour, channel order by half_hour, channel"
    )


async def insert_record(
    tx: Transaction, record: UUID, key_id: bytes, dek: bytes, sealed: bytes
) -> None:
    """Write one session's sealed metadata."""
    await tx.run(
        "insert into session_record (id, key_id, dek, sealed) values ($1, $2, $3, $4)",
        record,
        key_id,
        dek,
        sealed,
    )


async def delete_records(tx: Transaction, key_ids: Sequence[bytes]) -> int:
    """Delete the records that no key opens any more."""
    return await tx.run(
        "delete from session_record where not key_id = any($1::bytea[])", list(key_ids)
    )
