"""The only SQL about shifts and places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId
from luisterlijn.rostering.model import (
    STANDING,
    Place,
    PlaceState,
    Shift,
    ShiftState,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import asyncpg

    from luisterlijn.store.database import Transaction

SHIFT = "select id, branch, starts, ends, channels, wanted, state from shift"


def _shift(row: asyncpg.Record) -> Shift:
    return Shift(
        id=ShiftId(row["id"]),
        branch=BranchId(row["branch"]),
        during=Interval(row["starts"], row["ends"]),
        channels=tuple(row["channels"]),
        wanted=row["wanted"],
        state=ShiftState(row["state"]),
    )


async def shift_for_update(tx: Transaction, shift_id: ShiftId) -> Shift | None:
    """Give the shift and lock it; None when there is none that the scope may see."""
    row = await tx.row(f"{SHIFT} where id = $1 for update", shift_id)
    return _shift(row) if row is not None else None


async def shifts(tx: Transaction, branch: BranchId, start: datetime, end: datetime) -> list[Shift]:
    """Give the branch's shifts that start in the stretch, by start."""
    rows = await tx.rows(
        f"{SHIFT} where branch = $1 and starts >= $2 and starts < $3 order by starts, id",
        branch,
        start,
        end,
    )
    return [_shift(row) for row in rows]


async def places(tx: Transaction, shift_ids: Sequence[ShiftId]) -> list[tuple[Place, str]]:
    """Give each place that stands, with the person's name; by name. Who has left has none."""
    rows = await tx.rows(
        "select l.id, l.shift, l.person, l.state, p.name from place l"
        " join person p on p.id = l.person"
        " where l.shift = any($1::uuid[]) and l.state = any($2::text[]) order by p.name, l.id",
        list(shift_ids),
        list(STANDING),
    )
    return [
        (
            Place(
                id=PlaceId(row["id"]),
                shift=ShiftId(row["shift"]),
                person=PersonId(row["person"]),
                state=PlaceState(row["state"]),
            ),
            row["name"],
        )
        for row in rows
    ]


async def lock_person(tx: Transaction, person: PersonId) -> None:
    """Let nobody else put this person anywhere until the transaction ends.

    Two at once would find each other's place and wait for each other.
    """
    await tx.row("select pg_advisory_xact_lock(hashtextextended($1, 0))", person.hex)


async def starts_from(tx: Transaction, moment: datetime) -> set[tuple[BranchId, datetime]]:
    """Give branch and start of every shift from a moment on, cancelled ones too."""
    rows = await tx.rows("select branch, starts from shift where starts >= $1", moment)
    return {(BranchId(row["branch"]), row["starts"]) for row in rows}
