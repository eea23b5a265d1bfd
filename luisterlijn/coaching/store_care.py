"""The only SQL about talks afterwards, and about what a shift weighed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.ids import PersonId

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from uuid import UUID

    import asyncpg

    from luisterlijn.kernel.ids import BranchId
    from luisterlijn.store.database import Transaction


async def want_talk(
    tx: Transaction,
    talk: UUID,
    person: PersonId,
    branch: BranchId | None,
    *,
    wanted: str,
    hour: datetime,
) -> None:
    """Write that somebody wants to talk; a wish that was not answered yet is written over."""
    await tx.run(
        "insert into talk (id, person, branch, wanted, hour) values ($1, $2, $3, $4, $5)"
        " on conflict (person, (wanted = 'heavy')) where not done"
        " do update set wanted = excluded.wanted, hour = excluded.hour",
        talk,
        person,
        branch,
        wanted,
        hour,
    )


async def all_talks(tx: Transaction) -> list[asyncpg.Record]:
    """Give every talk that was not had yet: those wanted now first, then by hour."""
    return await tx.rows(
        "select t.id, t.wanted, t.hour, p.name from talk t join person p on p.id = t.person"
        " where not t.done order by t.wanted <> 'now', t.hour, p.name, t.id"
    )


async def talks_of_branch(tx: Transaction, branch: BranchId) -> list[asyncpg.Record]:
    """As `all_talks`, of one branch."""
    return await tx.rows(
        "select t.id, t.wanted, t.hour, p.name from talk t join person p on p.id = t.person"
        " where not t.done and t.branch = $1"
        " order by t.wanted <> 'now', t.hour, p.name, t.id",
        branch,
    )


async def talk_done(tx: Transaction, talk: UUID, branch: BranchId | None) -> asyncpg.Record | None:
    """Note that a talk was had, and give its branch; None: there is none.

    `branch`: a talk of that branch only; None: any.
    """
    return await tx.row(
        "update talk set done = true where id = $1 and not done"
        " and ($2::uuid is null or branch = $2) returning branch",
        talk,
        branch,
    )


async def coordinators(tx: Transaction, branch: BranchId | None) -> list[PersonId]:
    """Give who coordinates a branch."""
    rows = await tx.rows(
        "select id from person where branch = $1 and 'coordinator' = any(roles) order by id",
        branch,
    )
    return [PersonId(row["id"]) for row in rows]


async def agree(tx: Transaction, person: PersonId, shift_ends: datetime, *, agrees: bool) -> None:
    """Keep, until the shift ends, whether the coaches may be told; a new shift begins anew."""
    await tx.run(
        "insert into care as c (person, agrees, shift_ends) values ($1, $2, $3)"
        " on conflict (person) do update set agrees = excluded.agrees,"
        " heavy = case when c.shift_ends <= line_now() then 0 else c.heavy end,"
        " told = c.told and c.shift_ends > line_now(), shift_ends = excluded.shift_ends",
        person,
        agrees,
        shift_ends,
    )


async def count_heavy(tx: Transaction, person: PersonId, shift_ends: datetime) -> None:
    """Count one heavy conversation of this shift; a new shift begins anew."""
    await tx.run(
        "insert into care as c (person, heavy, shift_ends) values ($1, 1, $2)"
        " on conflict (person) do update set"
        " heavy = case when c.shift_ends <= line_now() then 1 else c.heavy + 1 end,"
        " agrees = c.agrees and c.shift_ends > line_now(),"
        " told = c.told and c.shift_ends > line_now(), shift_ends = excluded.shift_ends",
        person,
        shift_ends,
    )


async def to_be_told(tx: Transaction, person: PersonId, heavy: int) -> bool:
    """Note that the coaches are told, once a shift; False when they are not to be told."""
    return bool(
        await tx.run(
            "update care set told = true where person = $1 and agrees and not told"
            " and heavy >= $2 and shift_ends > line_now()",
            person,
            heavy,
        )
    )


async def forget(tx: Transaction, kept: timedelta) -> None:
    """Remove old talks, and what was counted in shifts that are over."""
    await tx.run("delete from talk where hour <= line_now() - $1::interval", kept)
    await tx.run("delete from care where shift_ends <= line_now()")
