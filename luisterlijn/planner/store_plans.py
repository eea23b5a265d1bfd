"""The only SQL about plans of an engine, and about the proposals that they write."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, ShiftId

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from luisterlijn.rostering.ports import PlaceRow
    from luisterlijn.store.database import Transaction

SILENT = timedelta(seconds=15)
"""A node that gave no sign for so long has died: another one takes its plan up."""
KEPT = timedelta(days=30)
SHOWN = 20
ONE_AT_A_TIME = 0x504C414E
"""Key of the lock under which a plan is taken up: on all nodes together one is worked on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A plan as it lies there; `branch` None: the whole line."""

    id: UUID
    branch: BranchId | None
    first: date
    days: int
    engine: str
    seconds: int
    state: str
    due: datetime
    stop: str | None
    turn: int
    spent: float
    cost: int | None
    unplanned: int
    fault: str | None
    added: int
    removed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One place that a plan added or removed."""

    person: PersonId
    name: str
    branch: BranchId
    shift: ShiftId
    starts: datetime
    ends: datetime
    kind: str


COLUMNS = (
    "r.id, r.branch, r.first, r.days, r.engine, r.seconds, r.state, r.due, r.stop, r.turn,"
    " r.spent, r.cost, r.unplanned, r.fault,"
    " (select count(*) from plan_change c where c.run = r.id and kind = 'added') as added,"
    " (select count(*) from plan_change c where c.run = r.id and kind = 'removed') as removed"
)


def _run(row: asyncpg.Record) -> Run:
    return Run(**dict(row))


async def insert(tx: Transaction, run: Run) -> None:
    """Write a plan that is to be made.

    Raises:
        Refusal: `overlaps`, when one of the same branch from the same day on is not over yet;
            `not-found`, when there is no such branch.
    """
    try:
        async with tx.savepoint():
            await tx.run(
                "insert into plan_run"
                " (id, branch, first, days, engine, seconds, state, due)"
                " values ($1, $2, $3, $4, $5, $6, 'queued', $7)",
                run.id,
                run.branch,
                run.first,
                run.days,
                run.engine,
                run.seconds,
                run.due,
            )
    except asyncpg.UniqueViolationError:
        raise Refusal(Code.OVERLAPS) from None
    except (asyncpg.ForeignKeyViolationError, asyncpg.InsufficientPrivilegeError):
        raise Refusal(Code.NOT_FOUND) from None


async def runs(tx: Transaction, branch: BranchId | None) -> list[Run]:
    """Give plans, the newest first: of a branch and those of the whole line; None: of all."""
    rows = await tx.rows(
        f"select {COLUMNS} from plan_run r"  # noqa: S608 - our own columns
        " where $1::uuid is null or branch is null or branch = $1"
        " order by due desc, id limit $2",
        branch,
        SHOWN,
    )
    return [_run(row) for row in rows]


async def run_of(tx: Transaction, plan: UUID) -> Run | None:
    """Give one plan; None when the scope sees none."""
    row = await tx.row(f"select {COLUMNS} from plan_run r where id = $1", plan)  # noqa: S608 - as above
    return _run(row) if row is not None else None


async def stop(tx: Transaction, plan: UUID, how: str) -> None:
    """Ask a plan to stop; one that nobody works on yet is over at once."""
    await tx.run(
        "update plan_run set stop = $2,"
        " state = case when state = 'queued' then 'cancelled' else state end"
        " where id = $1 and state in ('queued', 'running')",
        plan,
        how,
    )


async def take(tx: Transaction) -> Run | None:
    """Take up the plan that has waited longest; None: there is none, or one is worked on.

    One whose node gives no sign of life is taken up again.
    """
    await tx.row("select pg_advisory_xact_lock($1)", ONE_AT_A_TIME)
    row = await tx.row(
        "update plan_run set state = 'running', turn = turn + 1, beat = line_now(), spent = 0"
        " where id = (select id from plan_run"
        "   where state = 'queued' and due <= line_now()"
        "    or state = 'running' and beat < line_now() - $1::interval"
        "   order by state desc, due, id limit 1)"
        " and not exists (select from plan_run"
        "   where state = 'running' and beat >= line_now() - $1::interval)"
        " returning id",
        SILENT,
    )
    return await run_of(tx, row["id"]) if row is not None else None


async def beat(tx: Transaction, run: Run, spent: float, cost: int | None) -> str | None:
    """Give a sign of life, and how far it is; gives how it is to stop, None: it goes on.

    Raises:
        LookupError: another node took it up meanwhile.
    """
    row = await tx.row(
        "update plan_run set beat = line_now(), spent = $3, cost = coalesce($4, cost)"
        " where id = $1 and turn = $2 and state = 'running' returning stop",
        run.id,
        run.turn,
        spent,
        cost,
    )
    if row is None:
        raise LookupError(run.id)
    stop: str | None = row["stop"]
    return stop


async def finish(
    tx: Transaction, run: Run, spent: float, cost: int | None, state: str, fault: str | None
) -> None:
    """Say how a plan ended; nothing, when another node took it up meanwhile."""
    await tx.run(
        "update plan_run set state = $3, fault = $4, spent = $5, cost = coalesce($6, cost)"
        " where id = $1 and turn = $2 and state = 'running'",
        run.id,
        run.turn,
        state,
        fault,
        spent,
        cost,
    )


async def is_mine(tx: Transaction, run: Run) -> bool:
    """Say whether this node still works on the plan, and keep others from taking it up."""
    row = await tx.row(
        "select from plan_run where id = $1 and turn = $2 and state = 'running' for update",
        run.id,
        run.turn,
    )
    return row is not None


async def add_unplanned(tx: Transaction, run: Run, count: int) -> None:
    """Note drafts of hours that no engine plans."""
    await tx.run("update plan_run set unplanned = unplanned + $2 where id = $1", run.id, count)


async def delete_proposals(tx: Transaction, places: Iterable[PlaceRow]) -> list[PlaceRow]:
    """Remove drafts of places that nobody has seen; gives those that were still that."""
    rows = list(places)
    gone = await tx.rows(
        "delete from place l using shift s where s.id = l.shift and l.id = any($1::uuid[])"
        " and l.state = 'proposed' and not l.pinned and s.state = 'concept' returning l.id",
        [each.place for each in rows],
    )
    ids = {row["id"] for row in gone}
    return [each for each in rows if each.place in ids]


async def insert_proposals(
    tx: Transaction, new: Sequence[PlaceRow]
) -> list[tuple[PersonId, ShiftId]]:
    """Write proposals; gives those written: who got another place meanwhile is left out."""
    written = []
    for each in new:
        row = await tx.row(
            "insert into place (id, shift, branch, person, during, state, role, origin)"
            " select $1, s.id, s.branch, $3, tstzrange(s.starts, s.ends), 'proposed', $4, 'solver'"
            " from shift s where s.id = $2 and s.state = 'concept'"
            " on conflict do nothing returning person, shift",
            each.place,
            each.shift,
            each.person,
            each.role,
        )
        if row is not None:
            written.append((PersonId(row["person"]), ShiftId(row["shift"])))
    return written


async def insert_changes(
    tx: Transaction,
    plan: UUID,
    branch: BranchId,
    changes: Iterable[tuple[PersonId, ShiftId, str]],
) -> None:
    """Note what a plan changed."""
    await tx.run_many(
        "insert into plan_change (run, branch, person, shift, kind) values ($1, $2, $3, $4, $5)"
        " on conflict do nothing",
        [(plan, branch, *each) for each in changes],
    )


async def changes(tx: Transaction, plan: UUID) -> list[Changed]:
    """Give what a plan changed, by person and start."""
    rows = await tx.rows(
        "select c.person, p.name, c.branch, c.shift, s.starts, s.ends, c.kind"
        " from plan_change c join person p on p.id = c.person join shift s on s.id = c.shift"
        " where c.run = $1 order by p.name, p.id, s.starts, s.id",
        plan,
    )
    return [Changed(**dict(row)) for row in rows]


async def forget_old(tx: Transaction) -> None:
    """Delete plans of more than thirty days ago, with what they changed."""
    await tx.run("delete from plan_run where due < line_now() - $1::interval", KEPT)
