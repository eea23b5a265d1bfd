"""The only SQL about places that are given away or swapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId
from luisterlijn.rostering.ports import SwapRow

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from luisterlijn.store.database import Transaction

SWAP = (
    "select w.id, w.branch, w.person, w.place, l.shift, w.wants, w.asked, w.until from swap w"
    " join place l on l.id = w.place"
)
OPEN = "w.state = 'open' and w.until > line_now()"


def _swap(row: asyncpg.Record) -> SwapRow:
    return SwapRow(
        swap=row["id"],
        branch=BranchId(row["branch"]),
        person=PersonId(row["person"]),
        place=PlaceId(row["place"]),
        shift=ShiftId(row["shift"]),
        wants=tuple(ShiftId(each) for each in row["wants"]),
        asked=PersonId(row["asked"]) if row["asked"] is not None else None,
        until=row["until"],
    )


async def insert(tx: Transaction, swap: SwapRow) -> None:
    """Offer a place; what was offered of it before is withdrawn.

    Raises:
        Refusal: `not-found`, when the one asked is nobody.
    """
    await tx.run(
        "update swap set state = 'withdrawn' where place = $1 and state = 'open'", swap.place
    )
    try:
        async with tx.savepoint():
            await tx.run(
                "insert into swap (id, branch, person, place, wants, asked, state, until)"
                " values ($1, $2, $3, $4, $5, $6, 'open', $7)",
                swap.swap,
                swap.branch,
                swap.person,
                swap.place,
                list(swap.wants),
                swap.asked,
                swap.until,
            )
    except asyncpg.ForeignKeyViolationError:
        raise Refusal(Code.NOT_FOUND) from None


async def swap(tx: Transaction, swap_id: UUID) -> SwapRow | None:
    """Give an open swap; None when it is over or not to be seen."""
    row = await tx.row(f"{SWAP} where w.id = $1 and {OPEN}", swap_id)
    return _swap(row) if row is not None else None


async def lock(tx: Transaction, ids: Iterable[UUID]) -> dict[UUID, SwapRow]:
    """Give those of these swaps that are open, locked."""
    rows = await tx.rows(
        f"{SWAP} where w.id = any($1::uuid[]) and {OPEN} order by w.id for update of w", list(ids)
    )
    return {row["id"]: _swap(row) for row in rows}


async def open_of_branch(tx: Transaction, branch: BranchId | None) -> list[SwapRow]:
    """Give the open swaps of a branch (None: all that are seen), the soonest to lapse first."""
    rows = await tx.rows(
        f"{SWAP} where ($1::uuid is null or w.branch = $1) and {OPEN} order by w.until, w.id",
        branch,
    )
    return [_swap(row) for row in rows]


async def settle(tx: Transaction, ids: Iterable[UUID], state: str) -> list[UUID]:
    """Let open swaps end as `state`; gives which were open."""
    rows = await tx.rows(
        "update swap set state = $2 where id = any($1::uuid[]) and state = 'open' returning id",
        list(ids),
        state,
    )
    return [row["id"] for row in rows]


async def lapse(tx: Transaction) -> list[PersonId]:
    """Let every swap whose shift has begun lapse; gives whose they were."""
    rows = await tx.rows(
        "update swap set state = 'lapsed' where state = 'open' and until <= line_now()"
        " returning person"
    )
    return [PersonId(row["person"]) for row in rows]
