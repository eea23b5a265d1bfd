"""The only SQL about shifts and places."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId
from luisterlijn.rostering.model import (
    CHECK_IN_OPENS,
    LOOKED_AHEAD,
    Place,
    PlaceState,
    Shift,
    ShiftState,
)
from luisterlijn.rostering.ports import OnShift, Rostered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

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


def _on_shift(row: asyncpg.Record) -> OnShift:
    return OnShift(
        starts=row["starts"],
        ends=row["ends"],
        branch=BranchId(row["branch"]),
        branch_name=row["name"],
        channels=tuple(row["channels"]),
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


async def insert_shifts(tx: Transaction, new: Sequence[Shift]) -> None:
    """Write shifts.

    Raises:
        Refusal: `not-found`, when there is no such branch.
    """
    try:
        async with tx.savepoint():
            await tx.run_many(
                "insert into shift (id, branch, starts, ends, channels, wanted, state)"
                " values ($1, $2, $3, $4, $5, $6, $7)",
                [
                    (
                        each.id,
                        each.branch,
                        each.during.start,
                        each.during.end,
                        list(each.channels),
                        each.wanted,
                        each.state.value,
                    )
                    for each in new
                ],
            )
    except asyncpg.ForeignKeyViolationError:
        raise Refusal(Code.NOT_FOUND) from None


async def cancel(tx: Transaction, shift_id: ShiftId) -> list[PersonId]:
    """Cancel the shift and take everybody off it; gives who stood on it."""
    await tx.run("update shift set state = 'cancelled' where id = $1", shift_id)
    rows = await tx.rows(
        "update place set state = 'taken_off' where shift = $1 and state <> 'taken_off'"
        " returning person",
        shift_id,
    )
    return [PersonId(row["person"]) for row in rows]


async def places(tx: Transaction, shift_ids: Sequence[ShiftId]) -> list[tuple[Place, str]]:
    """Give each place that is taken, with the person's name; by name."""
    rows = await tx.rows(
        "select l.id, l.shift, l.person, l.state, p.name from place l"
        " join person p on p.id = l.person"
        " where l.shift = any($1::uuid[]) and l.state <> 'taken_off' order by p.name, l.id",
        list(shift_ids),
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


async def insert_places(tx: Transaction, new: Sequence[tuple[Place, Shift]]) -> None:
    """Write places.

    Raises:
        Refusal: `overlaps`, when somebody already stands elsewhere at that time.
    """
    try:
        async with tx.savepoint():
            await tx.run_many(
                "insert into place (id, shift, branch, person, during, state)"
                " values ($1, $2, $3, $4, tstzrange($5, $6), $7)",
                [
                    (
                        place.id,
                        shift.id,
                        shift.branch,
                        place.person,
                        shift.during.start,
                        shift.during.end,
                        place.state.value,
                    )
                    for place, shift in new
                ],
            )
    except asyncpg.ExclusionViolationError:
        raise Refusal(Code.OVERLAPS) from None


async def take_off(tx: Transaction, shift_id: ShiftId, place_id: PlaceId) -> PersonId | None:
    """Take somebody off a shift; gives who, None when that place is not taken."""
    person: PersonId | None = await tx.value(
        "update place set state = 'taken_off'"
        " where id = $1 and shift = $2 and state <> 'taken_off' returning person",
        place_id,
        shift_id,
    )
    return person


async def current(tx: Transaction, person: PersonId) -> OnShift | None:
    """Give the shift that runs, else the one whose check-in is open."""
    row = await tx.row(
        "select s.starts, s.ends, s.branch, s.channels, b.name from place l"
        " join shift s on s.id = l.shift"
        " join branch b on b.id = s.branch where l.person = $1 and l.state <> 'taken_off'"
        " and s.state = 'published' and s.starts - $2::interval <= line_now()"
        " and s.ends > line_now() order by s.starts limit 1",
        person,
        CHECK_IN_OPENS,
    )
    return _on_shift(row) if row is not None else None


async def upcoming(tx: Transaction, person: PersonId) -> OnShift | None:
    """Give the person's first shift that has not begun."""
    row = await tx.row(
        "select s.starts, s.ends, s.branch, s.channels, b.name from place l"
        " join shift s on s.id = l.shift"
        " join branch b on b.id = s.branch where l.person = $1 and l.state <> 'taken_off'"
        " and s.state = 'published' and s.starts > line_now() order by s.starts limit 1",
        person,
    )
    return _on_shift(row) if row is not None else None


async def mark_checked_in(tx: Transaction, person: PersonId) -> None:
    """Note that the person came."""
    await tx.run(
        "update place l set state = 'checked_in' from shift s where s.id = l.shift"
        " and l.person = $1 and l.state = 'published' and s.state = 'published'"
        " and s.starts - $2::interval <= line_now() and s.ends > line_now()",
        person,
        CHECK_IN_OPENS,
    )


async def cover(tx: Transaction, channel: str, language: str) -> list[Rostered]:
    """Give every place that runs or starts within the hour, of somebody trained for both."""
    rows = await tx.rows(
        "select l.person, s.starts, s.ends, p.margin_min from place l"
        " join shift s on s.id = l.shift join person p on p.id = l.person"
        " where l.state <> 'taken_off' and s.state = 'published'"
        " and l.during && tstzrange(line_now(), line_now() + $3::interval, '[]')"
        " and $1 = any(s.channels) and $1 = any(p.channels) and $2 = any(p.languages)"
        " order by s.ends, l.person",
        channel,
        language,
        LOOKED_AHEAD,
    )
    return [
        Rostered(
            person=PersonId(row["person"]),
            starts=row["starts"],
            ends=row["ends"],
            margin=timedelta(minutes=row["margin_min"]),
        )
        for row in rows
    ]


async def opens_at(tx: Transaction, channel: str) -> datetime | None:
    """Give the start of the channel's next place of somebody trained for it."""
    start: datetime | None = await tx.value(
        "select min(s.starts) from place l join shift s on s.id = l.shift"
        " join person p on p.id = l.person where l.state <> 'taken_off'"
        " and s.state = 'published' and s.starts > line_now()"
        " and s.starts < line_now() + interval '14 days'"
        " and $1 = any(s.channels) and $1 = any(p.channels)",
        channel,
    )
    return start


async def starts_from(tx: Transaction, moment: datetime) -> set[tuple[BranchId, datetime]]:
    """Give branch and start of every shift from a moment on, cancelled ones too."""
    rows = await tx.rows("select branch, starts from shift where starts >= $1", moment)
    return {(BranchId(row["branch"]), row["starts"]) for row in rows}
