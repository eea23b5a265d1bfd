"""The only SQL about counters and sealed session records."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from luisterlijn.store.database import Transaction


async def add(tx: Transaction, rows: Sequence[tuple[datetime, str, str, str, int]]) -> None:
    """Add to counters: half hour, channel, kind, value, how many."""
    await tx.run_many(
        "insert into counter as c (half_hour, channel, kind, value, count)"
        " values ($1, $2, $3, $4, $5) on conflict (half_hour, channel, kind, value)"
        " do update set count = c.count + excluded.count",
        rows,
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
