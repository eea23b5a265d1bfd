"""The only SQL about templates, periods, wishes and leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.rostering.model import Leave, Template, Wish
from luisterlijn.rostering.store_sheet import PERIOD, period_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from luisterlijn.kernel.clock import Interval
    from luisterlijn.rostering.ports import PeriodRow
    from luisterlijn.store.database import Transaction

TEMPLATE = (
    "select id, branch, weekdays, starts, ends, channels, least, wanted, night from shift_template"
)
LEAVE = "select id, person, branch, first, last, state, on_behalf from leave"


def _template(row: asyncpg.Record) -> Template:
    return Template(
        template=row["id"],
        branch=BranchId(row["branch"]),
        weekdays=row["weekdays"],
        starts=row["starts"],
        ends=row["ends"],
        channels=tuple(row["channels"]),
        least=row["least"],
        wanted=row["wanted"],
        night=row["night"],
    )


def _leave(row: asyncpg.Record) -> Leave:
    return Leave(
        leave=row["id"],
        person=PersonId(row["person"]),
        branch=BranchId(row["branch"]),
        first=row["first"],
        last=row["last"],
        state=row["state"],
        on_behalf=row["on_behalf"],
    )


async def templates(tx: Transaction, branch: BranchId) -> list[Template]:
    """Give the templates of a branch, by start."""
    rows = await tx.rows(f"{TEMPLATE} where branch = $1 and not gone order by starts, id", branch)
    return [_template(row) for row in rows]


async def template(tx: Transaction, template_id: UUID) -> Template | None:
    """Give a template, locked; None when it is gone or not to be seen."""
    row = await tx.row(f"{TEMPLATE} where id = $1 and not gone for update", template_id)
    return _template(row) if row is not None else None


async def write_template(tx: Transaction, each: Template) -> None:
    """Write a template, over the one of the same id.

    Raises:
        Refusal: `not-found`, when there is no such branch.
    """
    try:
        async with tx.savepoint():
            await tx.run(
                "insert into shift_template (id, branch, weekdays, starts, ends, channels, least,"
                " wanted, night) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
                " on conflict (id) do update set weekdays = $3, starts = $4, ends = $5,"
                " channels = $6, least = $7, wanted = $8, night = $9",
                each.template,
                each.branch,
                each.weekdays,
                each.starts,
                each.ends,
                list(each.channels),
                each.least,
                each.wanted,
                each.night,
            )
    except asyncpg.ForeignKeyViolationError:
        raise Refusal(Code.NOT_FOUND) from None


async def forget_template(tx: Transaction, template_id: UUID) -> None:
    """Let a template lay out nothing more; shifts that came of it stay."""
    await tx.run("update shift_template set gone = true where id = $1", template_id)


async def laid_out(
    tx: Transaction, branch: BranchId, start: datetime, end: datetime
) -> tuple[set[tuple[UUID, datetime]], set[tuple[datetime, datetime, tuple[str, ...]]]]:
    """Give what stands in the stretch already.

    Returns:
        Template and start of each shift that came of one, also of those cancelled; and start, end
        and channels of each that is not cancelled.
    """
    rows = await tx.rows(
        "select template, starts, ends, channels, state from shift"
        " where branch = $1 and starts >= $2 and starts < $3",
        branch,
        start,
        end,
    )
    made = {(row["template"], row["starts"]) for row in rows if row["template"] is not None}
    there = {
        (row["starts"], row["ends"], tuple(sorted(row["channels"])))
        for row in rows
        if row["state"] != "cancelled"
    }
    return made, there


def alike(during: Interval, channels: Iterable[str]) -> tuple[datetime, datetime, tuple[str, ...]]:
    """Give what `laid_out` tells shifts by."""
    return during.start, during.end, tuple(sorted(channels))


async def lock_branch(tx: Transaction, branch: BranchId) -> None:
    """Let nobody else open a period or copy a week of this branch until the transaction ends."""
    await tx.row("select pg_advisory_xact_lock(hashtextextended($1, 1))", branch.hex)


async def periods(tx: Transaction, branch: BranchId) -> list[tuple[PeriodRow, int]]:
    """Give the periods of a branch with how many sent wishes, the last first."""
    rows = await tx.rows(
        f"{PERIOD} where branch = $1 order by first desc limit 30",
        branch,
    )
    counts = await tx.rows(
        "select period, count(*) as sent from wish where period = any($1::uuid[]) group by period",
        [row["id"] for row in rows],
    )
    sent = {row["period"]: row["sent"] for row in counts}
    return [(period_row(row), sent.get(row["id"], 0)) for row in rows]


async def period(tx: Transaction, period_id: UUID) -> PeriodRow | None:
    """Give a period, locked; None when it is not to be seen."""
    row = await tx.row(f"{PERIOD} where id = $1 for update", period_id)
    return period_row(row) if row is not None else None


async def insert_period(tx: Transaction, each: PeriodRow) -> None:
    """Write a period.

    Raises:
        Refusal: `not-found`, when there is no such branch.
    """
    try:
        async with tx.savepoint():
            await tx.run(
                "insert into roster_period (id, branch, first, days, state)"
                " values ($1, $2, $3, $4, $5)",
                each.period,
                each.branch,
                each.first,
                each.days,
                each.state,
            )
    except asyncpg.ForeignKeyViolationError:
        raise Refusal(Code.NOT_FOUND) from None


async def set_period(tx: Transaction, period_id: UUID, state: str) -> None:
    """Let a period be in another state."""
    await tx.run("update roster_period set state = $2 where id = $1", period_id, state)


async def periods_from(tx: Transaction, branch: BranchId, today: date) -> list[PeriodRow]:
    """Give the periods of a branch that are not over, the first first."""
    rows = await tx.rows(
        f"{PERIOD} where branch = $1 and first + days > $2 order by first", branch, today
    )
    return [period_row(row) for row in rows]


async def wish(tx: Transaction, period_id: UUID, person: PersonId) -> Wish | None:
    """Give what somebody wishes for a period; None: nothing was sent."""
    row = await tx.row(
        "select levels, wanted, most, nights from wish where period = $1 and person = $2",
        period_id,
        person,
    )
    return _wish(row) if row is not None else None


async def wish_before(tx: Transaction, person: PersonId, first: date) -> Wish | None:
    """Give what somebody wished last, for a period that begins before; None: never anything."""
    row = await tx.row(
        "select w.levels, w.wanted, w.most, w.nights from wish w"
        " join roster_period p on p.id = w.period where w.person = $1 and p.first < $2"
        " order by p.first desc limit 1",
        person,
        first,
    )
    return _wish(row) if row is not None else None


def _wish(row: asyncpg.Record) -> Wish:
    return Wish(
        levels=tuple(row["levels"]),
        wanted=row["wanted"],
        most=row["most"],
        nights=row["nights"],
    )


async def write_wish(
    tx: Transaction, period: PeriodRow, person: PersonId, each: Wish, *, on_behalf: bool
) -> None:
    """Write what somebody wishes for a period, over what was there."""
    await tx.run(
        "insert into wish (period, person, branch, levels, wanted, most, nights, on_behalf)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (period, person) do update"
        " set levels = $4, wanted = $5, most = $6, nights = $7, on_behalf = $8",
        period.period,
        person,
        period.branch,
        list(each.levels),
        each.wanted,
        each.most,
        each.nights,
        on_behalf,
    )


async def insert_leave(tx: Transaction, each: Leave) -> None:
    """Write leave."""
    await tx.run(
        "insert into leave (id, person, branch, first, last, state, on_behalf)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        each.leave,
        each.person,
        each.branch,
        each.first,
        each.last,
        each.state,
        each.on_behalf,
    )


async def leave_for_update(tx: Transaction, leave_id: UUID) -> Leave | None:
    """Give leave, locked; None when there is none that the scope may see."""
    row = await tx.row(f"{LEAVE} where id = $1 for update", leave_id)
    return _leave(row) if row is not None else None


async def set_leave(tx: Transaction, leave_id: UUID, state: str) -> None:
    """Let leave be in another state."""
    await tx.run("update leave set state = $2 where id = $1", leave_id, state)


async def leave_of(tx: Transaction, person: PersonId, today: date) -> list[Leave]:
    """Give somebody's leave that is not over and was not withdrawn, by first day."""
    rows = await tx.rows(
        f"{LEAVE} where person = $1 and last >= $2 and state <> 'withdrawn' order by first, id",
        person,
        today,
    )
    return [_leave(row) for row in rows]


async def leave_in(
    tx: Transaction, branch: BranchId | None, state: str, today: date
) -> Sequence[Leave]:
    """Give the leave of a branch (None: of all) in a state that is not over, by first day."""
    rows = await tx.rows(
        f"{LEAVE} where ($1::uuid is null or branch = $1) and state = $2 and last >= $3"
        " order by first, id",
        branch,
        state,
        today,
    )
    return [_leave(row) for row in rows]


async def wishes_of(tx: Transaction, period_id: UUID) -> dict[PersonId, tuple[Wish, bool]]:
    """Give who sent which wishes for a period; and whether somebody else put them in."""
    rows = await tx.rows(
        "select person, levels, wanted, most, nights, on_behalf from wish where period = $1",
        period_id,
    )
    return {PersonId(row["person"]): (_wish(row), row["on_behalf"]) for row in rows}


async def forget_old(tx: Transaction, before: date) -> None:
    """Remove the wishes, leave and swaps of days that are over since then."""
    await tx.run(
        "delete from wish w using roster_period p where p.id = w.period and p.first + p.days <= $1",
        before,
    )
    await tx.run("delete from leave where last < $1", before)
    await tx.run("delete from swap where until < $1::date", before)
