"""The only SQL that reads and writes shifts and places as planners see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import asyncpg

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId
from luisterlijn.rostering.model import STANDING
from luisterlijn.rostering.ports import PeriodRow, PlaceRow, ShiftRow, WishRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from luisterlijn.store.database import Transaction

STANDS = "l.state in ('" + "', '".join(STANDING) + "')"
SHIFT = (
    "select id, branch, starts, ends, channels, least, wanted, night, state, template from shift"
)
PLACE = (
    "select l.id, l.shift, l.branch, l.person, lower(l.during) as starts, upper(l.during) as ends,"
    " l.role, l.state, l.origin, l.pinned, l.allowed, l.on_behalf, s.night, l.sequence, l.changed"
    " from place l join shift s on s.id = l.shift"
)
PERIOD = "select id, branch, first, days, state from roster_period"


def _shift(row: asyncpg.Record) -> ShiftRow:
    return ShiftRow(
        shift=ShiftId(row["id"]),
        branch=BranchId(row["branch"]),
        during=Interval(row["starts"], row["ends"]),
        channels=tuple(row["channels"]),
        least=row["least"],
        wanted=row["wanted"],
        night=row["night"],
        state=row["state"],
        template=row["template"],
    )


def _place(row: asyncpg.Record) -> PlaceRow:
    return PlaceRow(
        place=PlaceId(row["id"]),
        shift=ShiftId(row["shift"]),
        branch=BranchId(row["branch"]),
        person=PersonId(row["person"]) if row["person"] is not None else None,
        during=Interval(row["starts"], row["ends"]),
        role=row["role"],
        state=row["state"],
        origin=row["origin"],
        pinned=row["pinned"],
        allowed=row["allowed"],
        on_behalf=row["on_behalf"],
        night=row["night"],
        sequence=row["sequence"],
        changed=row["changed"],
    )


def period_row(row: asyncpg.Record) -> PeriodRow:
    """Give a period as it is read."""
    return PeriodRow(
        period=row["id"],
        branch=BranchId(row["branch"]),
        first=row["first"],
        days=row["days"],
        state=row["state"],
    )


async def shifts(
    tx: Transaction, branch: BranchId | None, start: datetime, end: datetime
) -> list[ShiftRow]:
    """Give the shifts that start in the stretch, by start; `branch` None: all that are seen."""
    rows = await tx.rows(
        f"{SHIFT} where ($1::uuid is null or branch = $1) and starts >= $2 and starts < $3"
        " order by starts, id",
        branch,
        start,
        end,
    )
    return [_shift(row) for row in rows]


async def shifts_of(tx: Transaction, ids: Iterable[ShiftId]) -> list[ShiftRow]:
    """Give these shifts, by start; those that the scope may not see are left out."""
    rows = await tx.rows(f"{SHIFT} where id = any($1::uuid[]) order by starts, id", list(ids))
    return [_shift(row) for row in rows]


async def lock_shifts(tx: Transaction, ids: Iterable[ShiftId]) -> dict[ShiftId, ShiftRow]:
    """Give these shifts and lock them, always in one order: two that lock alike never wait round.

    Those that are not there, or not to be seen, are left out.
    """
    rows = await tx.rows(
        f"{SHIFT} where id = any($1::uuid[]) order by id for update", list(set(ids))
    )
    return {ShiftId(row["id"]): _shift(row) for row in rows}


async def insert_shifts(tx: Transaction, new: Sequence[ShiftRow]) -> None:
    """Write shifts.

    Raises:
        Refusal: `not-found`, when there is no such branch.
    """
    try:
        async with tx.savepoint():
            await tx.run_many(
                "insert into shift (id, branch, starts, ends, channels, least, wanted, night,"
                " state, template) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                [
                    (
                        each.shift,
                        each.branch,
                        each.during.start,
                        each.during.end,
                        list(each.channels),
                        each.least,
                        each.wanted,
                        each.night,
                        each.state,
                        each.template,
                    )
                    for each in new
                ],
            )
    except asyncpg.ForeignKeyViolationError:
        raise Refusal(Code.NOT_FOUND) from None


async def set_shifts(tx: Transaction, ids: Iterable[ShiftId], state: str) -> None:
    """Let shifts be in another state."""
    await tx.run("update shift set state = $2 where id = any($1::uuid[])", list(ids), state)


async def place(tx: Transaction, place_id: PlaceId) -> PlaceRow | None:
    """Give a place that stands; None when there is none that the scope may see."""
    row = await tx.row(f"{PLACE} where l.id = $1 and {STANDS}", place_id)
    return _place(row) if row is not None else None


async def places_on(tx: Transaction, ids: Iterable[ShiftId]) -> list[PlaceRow]:
    """Give the places that stand on these shifts, by start."""
    rows = await tx.rows(
        f"{PLACE} where l.shift = any($1::uuid[]) and {STANDS} order by s.starts, l.id", list(ids)
    )
    return [_place(row) for row in rows]


async def places_of(
    tx: Transaction, people: Iterable[PersonId], start: datetime, end: datetime
) -> list[PlaceRow]:
    """Give the places of these people that touch the stretch, by start."""
    rows = await tx.rows(
        f"{PLACE} where l.person = any($1::uuid[]) and l.during && tstzrange($2, $3)"
        f" and {STANDS} order by s.starts, l.id",
        list(people),
        start,
        end,
    )
    return [_place(row) for row in rows]


async def places_during(
    tx: Transaction, branch: BranchId | None, during: Iterable[Interval]
) -> list[PlaceRow]:
    """Give the places of a branch (None: of all) that touch one of the stretches, by start."""
    stretches = list(during)
    rows = await tx.rows(
        f"{PLACE} where ($1::uuid is null or l.branch = $1) and {STANDS} and exists"
        " (select from unnest($2::timestamptz[], $3::timestamptz[]) as w (a, b)"
        " where l.during && tstzrange(w.a, w.b)) order by s.starts, l.id",
        branch,
        [each.start for each in stretches],
        [each.end for each in stretches],
    )
    return [_place(row) for row in rows]


async def insert_places(tx: Transaction, new: Sequence[PlaceRow]) -> None:
    """Write places.

    Raises:
        Refusal: `overlaps`, when somebody already stands elsewhere at that time.
    """
    try:
        async with tx.savepoint():
            await tx.run_many(
                "insert into place (id, shift, branch, person, during, role, state, origin, pinned,"
                " allowed, on_behalf)"
                " values ($1, $2, $3, $4, tstzrange($5, $6), $7, $8, $9, $10, $11, $12)",
                [_values(each) for each in new],
            )
    except asyncpg.ExclusionViolationError:
        raise Refusal(Code.OVERLAPS) from None


def _values(each: PlaceRow) -> tuple[Any, ...]:
    return (
        each.place,
        each.shift,
        each.branch,
        each.person,
        each.during.start,
        each.during.end,
        each.role,
        each.state,
        each.origin,
        each.pinned,
        each.allowed,
        each.on_behalf,
    )


async def leave_places(tx: Transaction, ids: Iterable[PlaceId], state: str) -> list[PlaceId]:
    """Let places that stand end as `state`, and what was offered of them; gives which did."""
    rows = await tx.rows(
        "update place set state = $2 where id = any($1::uuid[]) and state = any($3::text[])"
        " returning id",
        list(ids),
        state,
        list(STANDING),
    )
    gone = [PlaceId(row["id"]) for row in rows]
    await tx.run(
        "update swap set state = 'withdrawn' where place = any($1::uuid[]) and state = 'open'", gone
    )
    return gone


async def publish_places(tx: Transaction, ids: Iterable[PlaceId]) -> None:
    """Let proposals become places that everybody sees."""
    await tx.run(
        "update place set state = 'published' where id = any($1::uuid[]) and state = 'proposed'",
        list(ids),
    )


async def pin(tx: Transaction, place_id: PlaceId, *, pinned: bool) -> None:
    """Hold a place where no engine moves it, or let it go."""
    await tx.run("update place set pinned = $2 where id = $1", place_id, pinned)


async def wishes(
    tx: Transaction, people: Iterable[PersonId], first: date, last: date
) -> dict[PersonId, tuple[WishRow, ...]]:
    """Give what these people wish for periods that touch the days, by first day."""
    rows = await tx.rows(
        "select w.person, p.first, w.levels, w.wanted, w.most, w.nights from wish w"
        " join roster_period p on p.id = w.period where w.person = any($1::uuid[])"
        " and p.first <= $3 and p.first + p.days > $2 order by p.first",
        list(people),
        first,
        last,
    )
    found: dict[PersonId, list[WishRow]] = {}
    for row in rows:
        wish = WishRow(
            person=PersonId(row["person"]),
            first=row["first"],
            levels=tuple(row["levels"]),
            wanted=row["wanted"],
            most=row["most"],
            nights=row["nights"],
        )
        found.setdefault(wish.person, []).append(wish)
    return {person: tuple(each) for person, each in found.items()}


async def leave(
    tx: Transaction, people: Iterable[PersonId], first: date, last: date
) -> dict[PersonId, tuple[tuple[date, date], ...]]:
    """Give the leave of these people that is asked or granted and touches the days, by day."""
    rows = await tx.rows(
        "select person, first, last from leave where person = any($1::uuid[])"
        " and state in ('asked', 'granted') and first <= $3 and last >= $2 order by first",
        list(people),
        first,
        last,
    )
    found: dict[PersonId, list[tuple[date, date]]] = {}
    for row in rows:
        found.setdefault(PersonId(row["person"]), []).append((row["first"], row["last"]))
    return {person: tuple(each) for person, each in found.items()}


async def periods(
    tx: Transaction, branch: BranchId | None, first: date, last: date
) -> list[PeriodRow]:
    """Give the periods of a branch (None: of all) that touch the days, by first day."""
    rows = await tx.rows(
        f"{PERIOD} where ($1::uuid is null or branch = $1) and first <= $3 and first + days > $2"
        " order by first, id",
        branch,
        first,
        last,
    )
    return [period_row(row) for row in rows]


async def branch_name(tx: Transaction, branch: BranchId) -> str:
    """Give a branch's name."""
    return str(await tx.value("select name from branch where id = $1", branch))
