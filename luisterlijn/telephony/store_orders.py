"""The only SQL about what the provider is still to be told, and still to forget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    import asyncpg

    from luisterlijn.store.database import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Something the provider is to be told about a leg. `room`: the conference it is about."""

    seq: int
    leg: UUID
    what: str
    sound: str | None
    room: UUID | None
    tries: int


async def order(
    tx: Transaction, leg_id: UUID, what: str, sound: str | None, room: UUID | None
) -> None:
    """Leave an order; those of one leg are done in turn."""
    await tx.run(
        "insert into provider_order (leg, what, sound, room, due)"
        " values ($1, $2, $3, $4, line_now())",
        leg_id,
        what,
        sound,
        room,
    )


async def take_order(tx: Transaction, lease: timedelta) -> Order | None:
    """Take the next order whose leg has none before it; nobody else gets it during the lease."""
    row = await tx.row(
        "update provider_order set due = line_now() + $1, tries = tries + 1 where seq = ("
        "  select seq from provider_order o where due <= line_now() and not exists ("
        "    select from provider_order e where e.leg = o.leg and e.seq < o.seq)"
        "  order by seq limit 1 for update skip locked)"
        " returning seq, leg, what, sound, room, tries",
        lease,
    )
    if row is None:
        return None
    return Order(
        seq=row["seq"],
        leg=row["leg"],
        what=row["what"],
        sound=row["sound"],
        room=row["room"],
        tries=row["tries"] - 1,
    )


async def order_done(tx: Transaction, seq: int) -> None:
    """Forget an order that was carried out, or needs to be no more."""
    await tx.run("delete from provider_order where seq = $1", seq)


async def order_later(tx: Transaction, seq: int, after: timedelta) -> None:
    """Try an order again after a while."""
    await tx.run("update provider_order set due = line_now() + $2 where seq = $1", seq, after)


# What the provider is to forget.


async def insert_erasure(tx: Transaction, erasure: UUID, key_id: bytes, sid: bytes) -> None:
    """Write that the provider must forget a leg; no moment is kept."""
    await tx.run("insert into erasure (id, sid, key_id) values ($1, $2, $3)", erasure, sid, key_id)


async def erasures(tx: Transaction, after: UUID | None = None) -> list[asyncpg.Record]:
    """Give (id, sid) of what may be erased now, 200 at most, behind one of them.

    That is what an earlier sweep has seen.
    """
    return await tx.rows(
        "select id, sid from erasure where passes > 0 and ($1::uuid is null or id > $1)"
        " and coalesce(hour, '-infinity') <= line_now() order by id limit 200",
        after,
    )


async def see_erasures(tx: Transaction) -> None:
    """Let the next sweep erase what this one has only seen."""
    await tx.run("update erasure set passes = 1 where passes = 0")


async def erased(tx: Transaction, erasure: UUID) -> None:
    """Forget what the provider has forgotten."""
    await tx.run("delete from erasure where id = $1", erasure)


async def erase_later(tx: Transaction, erasure: UUID) -> None:
    """Back off by hours: 1, 2, 4 … 24."""
    await tx.run(
        "update erasure set passes = least(passes + 1, 30),"
        " hour = date_trunc('hour', line_now())"
        " + least(power(2, passes - 1), 24) * interval '1 hour' where id = $1",
        erasure,
    )


async def forget_erasures(tx: Transaction, living: Sequence[bytes]) -> int:
    """Delete what the provider did not forget in two weeks; gives how many, for an alarm."""
    return await tx.run("delete from erasure where not key_id = any($1::bytea[])", list(living))


async def left(database: Database) -> asyncpg.Record | None:
    """Give (orders, legs, erasures): how much is still to be done, for the operator."""
    return await database.line_row(
        "select (select count(*) from provider_order) as orders,"
        " (select count(*) from leg where state <> 'over') as legs,"
        " (select count(*) from erasure) as erasures"
    )
