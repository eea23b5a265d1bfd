"""The only SQL that counts what somebody did, gives them their rows, and lets go of who leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.ids import BranchId, PersonId, ShiftId
from luisterlijn.rostering.model import COUNTS, STANDING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    import asyncpg

    from luisterlijn.store.database import Transaction

COUNTED = [each.value for each in COUNTS]
HELD = [each.value for each in STANDING]
LOCAL = "timezone('Europe/Amsterdam', s.starts)"


async def worked(
    tx: Transaction,
    people: Sequence[PersonId],
    *,
    lately: datetime,
    year: datetime,
    feasts: Sequence[date],
) -> list[asyncpg.Record]:
    """Count what these people did since two moments, and when each is next, by person.

    Args:
        tx: where.
        people: who.
        lately: since when hours count.
        year: since when nights, weekends and feast days count.
        feasts: the feast days since then.
    """
    return await tx.rows(
        "select l.person,"  # noqa: S608 - our own words
        " coalesce(sum(extract(epoch from s.ends - s.starts) / 3600)"
        "   filter (where s.ends <= line_now() and s.starts >= $2), 0)::float8 as hours,"
        " count(*) filter (where s.ends <= line_now() and s.night) as nights,"
        f" count(*) filter (where s.ends <= line_now() and extract(isodow from {LOCAL}) > 5)"
        "   as weekends,"
        f" count(*) filter (where s.ends <= line_now() and {LOCAL}::date = any($4::date[]))"
        "   as feasts,"
        " min(s.starts) filter (where s.starts > line_now()) as next_shift"
        " from place l join shift s on s.id = l.shift"
        " where l.person = any($1::uuid[]) and l.state = any($5::text[])"
        " and l.role <> 'reserve' and s.state = 'published' and s.starts >= $3"
        " group by l.person order by l.person",
        list(people),
        lately,
        year,
        list(feasts),
        COUNTED,
    )


async def walked(tx: Transaction, people: Sequence[PersonId]) -> dict[PersonId, int]:
    """Give how many shifts each of these has walked along with a mentor; who has none is not in."""
    rows = await tx.rows(
        "select l.person, count(*) as shifts from place l join shift s on s.id = l.shift"
        " where l.person = any($1::uuid[]) and l.role = 'trainee' and l.state = any($2::text[])"
        " and s.state = 'published' and s.ends <= line_now() and exists (select from place m"
        "   where m.shift = s.id and m.role = 'mentor' and m.state = any($2::text[]))"
        " group by l.person order by l.person",
        list(people),
        COUNTED,
    )
    return {PersonId(row["person"]): row["shifts"] for row in rows}


async def on_shift(tx: Transaction, shift: ShiftId) -> tuple[BranchId, list[PersonId]] | None:
    """Give a published shift's branch and who stands on it; None when there is no such shift."""
    rows = await tx.rows(
        "select s.branch, l.person from shift s left join place l on l.shift = s.id"
        " and l.state = any($2::text[]) and l.person is not null"
        " where s.id = $1 and s.state = 'published' order by l.person",
        shift,
        HELD,
    )
    if not rows:
        return None
    people = [PersonId(row["person"]) for row in rows if row["person"] is not None]
    return BranchId(rows[0]["branch"]), people


async def own_places(tx: Transaction, person: PersonId, since: datetime) -> list[asyncpg.Record]:
    """Give somebody's places since a moment, by start; proposals are not shown to them."""
    return await tx.rows(
        "select s.starts, s.ends, b.name as branch, s.channels, l.role, l.state, l.origin,"
        " l.on_behalf from place l join shift s on s.id = l.shift join branch b on b.id = s.branch"
        " where l.person = $1 and s.starts >= $2 and l.state <> 'proposed'"
        " order by s.starts, l.id",
        person,
        since,
    )


async def own_wishes(tx: Transaction, person: PersonId) -> list[asyncpg.Record]:
    """Give what somebody wished, by first day."""
    return await tx.rows(
        "select r.first, r.days, w.levels, w.wanted, w.most, w.nights, w.on_behalf"
        " from wish w join roster_period r on r.id = w.period where w.person = $1"
        " order by r.first",
        person,
    )


async def own_leave(tx: Transaction, person: PersonId) -> list[asyncpg.Record]:
    """Give somebody's leave, by first day."""
    return await tx.rows(
        "select first, last, state, on_behalf from leave where person = $1 order by first, id",
        person,
    )


async def own_swaps(tx: Transaction, person: PersonId) -> list[asyncpg.Record]:
    """Give which of somebody's places they asked to swap or to give away, by start."""
    return await tx.rows(
        "select s.starts, s.ends, w.state, cardinality(w.wants) = 0 as gives_away"
        " from swap w join place l on l.id = w.place join shift s on s.id = l.shift"
        " where w.person = $1 order by s.starts, w.id",
        person,
    )


async def shifts_from(tx: Transaction, person: PersonId, moment: datetime) -> list[ShiftId]:
    """Give the shifts that start from a moment on and on which somebody stands, by id."""
    rows = await tx.rows(
        "select s.id from shift s where s.starts >= $2 and exists (select from place l"
        "   where l.shift = s.id and l.person = $1 and l.state = any($3::text[]))"
        " order by s.id for update",
        person,
        moment,
        HELD,
    )
    return [ShiftId(row["id"]) for row in rows]


async def release(
    tx: Transaction, person: PersonId, shifts: Sequence[ShiftId]
) -> list[tuple[ShiftId, BranchId]]:
    """Take somebody off these shifts; gives of which they are off now, with the branch."""
    rows = await tx.rows(
        "update place set state = 'taken_off' where person = $1 and shift = any($2::uuid[])"
        " and state = any($3::text[]) returning shift, branch",
        person,
        list(shifts),
        HELD,
    )
    return [(ShiftId(row["shift"]), BranchId(row["branch"])) for row in rows]


async def end_swaps(tx: Transaction, person: PersonId, shifts: Sequence[ShiftId]) -> None:
    """Withdraw what somebody asked about places on these shifts, and what is asked of them."""
    await tx.run(
        "update swap w set state = 'withdrawn' where w.state = 'open' and (w.asked = $1"
        " or w.person = $1 and exists (select from place l"
        "   where l.id = w.place and l.shift = any($2::uuid[])))",
        person,
        list(shifts),
    )


async def drop_wishes(tx: Transaction, person: PersonId, day: date) -> None:
    """Forget what somebody wished for periods that begin after a day."""
    await tx.run(
        "delete from wish w using roster_period r where r.id = w.period and w.person = $1"
        " and r.first > $2",
        person,
        day,
    )
