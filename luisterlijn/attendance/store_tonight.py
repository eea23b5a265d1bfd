"""The only SQL about what screens show of shifts that run or are near."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.attendance.store import COUNTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    import asyncpg

    from luisterlijn.kernel.ids import PersonId, ShiftId
    from luisterlijn.store.database import Transaction


async def shifts(tx: Transaction, ahead: timedelta) -> list[asyncpg.Record]:
    """Give the shifts that run or begin soon and that the scope may see, by start and branch."""
    return await tx.rows(
        "select s.id, s.starts, s.ends, s.channels, s.wanted, b.name as branch_name"
        " from shift s join branch b on b.id = s.branch where s.state = 'published'"
        " and s.ends > line_now() and s.starts <= line_now() + $1::interval"
        " order by s.starts, b.name, s.id",
        ahead,
    )


async def places(tx: Transaction, found: Sequence[ShiftId]) -> list[asyncpg.Record]:
    """Give who stands on these shifts, or said that they cannot; by name."""
    return await tx.rows(
        "select l.id, l.shift, l.person, p.name, l.role, l.state, p.phone is not null as has_phone"
        " from place l join person p on p.id = l.person where l.shift = any($1::uuid[])"
        " and l.state in ('published', 'confirmed', 'checked_in', 'no_show', 'cannot')"
        " order by p.name, l.id",
        list(found),
    )


async def call_ups(tx: Transaction, found: Sequence[ShiftId]) -> list[asyncpg.Record]:
    """Give the call-ups of these shifts that are open or filled, the oldest first."""
    return await tx.rows(
        "select id, shift, reason, state, made from call_up"
        " where shift = any($1::uuid[]) and state <> 'over' order by made, id",
        list(found),
    )


async def asked(tx: Transaction, call_up_ids: Sequence[object]) -> list[asyncpg.Record]:
    """Give who was asked in these call-ups, by name."""
    return await tx.rows(
        "select a.call_up, a.person, p.name, a.state from call_up_asked a"
        " join person p on p.id = a.person where a.call_up = any($1::uuid[])"
        " order by p.name, p.id",
        list(call_up_ids),
    )


# What a console shows.


async def late_since(tx: Transaction, person: PersonId) -> asyncpg.Record | None:
    """Give when the own shift began on which somebody is expected and is not there."""
    return await tx.row(
        "select s.starts from place l join shift s on s.id = l.shift where l.person = $1"
        " and l.role <> 'reserve' and l.state in ('published', 'confirmed', 'no_show')"
        " and s.state = 'published' and s.ends > line_now()"
        " and (l.state = 'no_show'"
        "  or greatest(s.starts, l.changed) + interval '5 minutes' <= line_now())"
        " order by s.starts limit 1",
        person,
    )


async def asked_of_person(tx: Transaction, person: PersonId) -> list[asyncpg.Record]:
    """Give the open call-ups in which somebody was asked and said nothing yet; by start."""
    return await tx.rows(
        "select c.id, s.starts, s.ends, s.channels, b.name as branch_name from call_up_asked a"
        " join call_up c on c.id = a.call_up and c.state = 'open'"
        " join shift s on s.id = c.shift join branch b on b.id = s.branch"
        " where a.person = $1 and a.state in ('asked', 'ringing', 'silent')"
        " order by s.starts, c.id",
        person,
    )


async def of_branch(tx: Transaction, person: PersonId) -> list[asyncpg.Record]:
    """Give the open call-ups of the person's branch, by start; one for each shift."""
    return await tx.rows(
        "select distinct on (s.starts, s.id) c.id, c.shift, c.reason, c.made, s.starts, s.ends,"
        " s.channels, b.name as branch_name from call_up c join shift s on s.id = c.shift"
        " join branch b on b.id = s.branch join person p on p.branch = c.branch"
        " where p.id = $1 and c.state = 'open' and c.reason <> 'reserve'"
        " order by s.starts, s.id, c.made",
        person,
    )


async def looks_after(tx: Transaction, person: PersonId) -> asyncpg.Record | None:
    """Give (roles, branch) of who may look after shifts; None for everybody else."""
    return await tx.row(
        "select roles, branch from person where id = $1"
        " and roles && array['coordinator', 'planner', 'coach']",
        person,
    )


async def missed(tx: Transaction, branch: object | None) -> int:
    """Count who did not come to shifts that run, and for whom nobody came.

    Of one branch, or (None) of all.
    """
    found = await tx.value(
        "select coalesce(sum(greatest(missed - filled, 0)), 0) from (select count(*) as missed,"
        " (select count(*) from call_up c where c.shift = s.id and c.state = 'filled'"
        "  and c.made >= s.starts) as filled"
        " from place l join shift s on s.id = l.shift where l.state = 'no_show'"
        " and s.state = 'published' and s.ends > line_now()"
        " and ($1::uuid is null or l.branch = $1) group by s.id) as shifts",
        branch,
    )
    return int(found)


async def there(tx: Transaction) -> int:
    """Count who came to a shift that runs, in the whole country."""
    found: int = await tx.value(
        "select count(distinct l.person) from place l join shift s on s.id = l.shift"  # noqa: S608
        f" where {COUNTS} and l.state = 'checked_in' and s.state = 'published'"
        " and s.starts - interval '15 minutes' <= line_now() and s.ends > line_now()"
    )
    return found
