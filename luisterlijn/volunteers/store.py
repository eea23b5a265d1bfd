"""The only SQL about volunteers and how far they are trained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.volunteers.model import Record
from luisterlijn.volunteers.ports import Agreed, Status, Step

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import asyncpg

    from luisterlijn.store.database import Transaction

KNOWN = (
    "select p.id, p.sign_in, p.name, p.branch, b.name as branch_name, p.channels, v.vog,"
    " v.intervision, coalesce(v.hours_agreed, $3) as hours_agreed,"
    " coalesce(v.most_shifts, $4) as most_shifts, coalesce(v.most_nights, $5) as most_nights,"
    " coalesce(v.home, false) as home, coalesce(v.no_computer, false) as no_computer,"
    " v.away_until, v.mentor, v.leaves"
    " from person p join branch b on b.id = p.branch left join volunteer v on v.person = p.id"
    " where ($1::uuid[] is null and 'volunteer' = any(p.roles) or p.id = any($1::uuid[]))"
    " and ($2::uuid is null or p.branch = $2) order by p.name, p.id"
)
STEPS = (
    "select person, channel, status, since from training where person = any($1::uuid[])"
    " order by person, channel, since"
)


async def records(
    tx: Transaction, people: Sequence[PersonId] | None, branch: BranchId | None
) -> list[Record]:
    """Give what is kept of these people, or of all volunteers, of one branch or of all; by name.

    Who has no row yet has what holds for everybody. Nobody without a branch is among them.
    """
    usual = Agreed()
    rows = await tx.rows(
        KNOWN,
        list(people) if people is not None else None,
        branch,
        usual.hours,
        usual.most_shifts,
        usual.most_nights,
    )
    history: dict[PersonId, list[Step]] = {PersonId(row["id"]): [] for row in rows}
    for row in await tx.rows(STEPS, list(history)):
        history[PersonId(row["person"])].append(_step(row))
    return [_record(row, tuple(history[PersonId(row["id"])])) for row in rows]


async def lock(tx: Transaction, person: PersonId) -> None:
    """Let nobody else change what is kept of this person until the transaction ends."""
    await tx.row("select 1 from person where id = $1 for update", person)


async def save(tx: Transaction, who: Record) -> None:
    """Write what is kept of somebody, but for the steps."""
    agreed = who.agreed
    await tx.run(
        "insert into volunteer (person, branch, vog, intervision, hours_agreed, most_shifts,"
        " most_nights, home, no_computer, away_until, mentor, leaves)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        " on conflict (person) do update set branch = $2, vog = $3, intervision = $4,"
        " hours_agreed = $5, most_shifts = $6, most_nights = $7, home = $8, no_computer = $9,"
        " away_until = $10, mentor = $11, leaves = $12",
        who.person,
        who.branch,
        agreed.vog,
        agreed.intervision,
        agreed.hours,
        agreed.most_shifts,
        agreed.most_nights,
        agreed.home,
        agreed.no_computer,
        agreed.away_until,
        who.mentor,
        who.leaves,
    )


async def write_step(tx: Transaction, who: Record, step: Step) -> None:
    """Write a step down; one of the same day and channel gives way."""
    await tx.run(
        "insert into training (person, branch, channel, status, since)"
        " values ($1, $2, $3, $4, $5)"
        " on conflict (person, channel, since) do update set status = $4",
        who.person,
        who.branch,
        step.channel,
        step.status.value,
        step.since,
    )


async def due_steps(tx: Transaction, first: date, today: date) -> list[PersonId]:
    """Give who has a step that begins in these days."""
    rows = await tx.rows(
        "select distinct person from training where since between $1 and $2 order by person",
        first,
        today,
    )
    return [PersonId(row["person"]) for row in rows]


async def branches(tx: Transaction) -> list[tuple[BranchId, str, str]]:
    """Give id, short name and name of every branch, by name."""
    rows = await tx.rows("select id, slug, name from branch order by name")
    return [(BranchId(row["id"]), row["slug"], row["name"]) for row in rows]


async def taken_names(tx: Transaction, sign_ins: Sequence[str]) -> set[str]:
    """Give which of these sign-in names somebody has; only the line's scope sees all."""
    rows = await tx.rows(
        "select sign_in from person where sign_in = any($1::text[]) order by sign_in",
        list(sign_ins),
    )
    return {row["sign_in"] for row in rows}


async def note_intervision(tx: Transaction, people: Sequence[PersonId], day: date) -> None:
    """Note the day of the last intervision of those who came; a later one stays."""
    await tx.run(
        "insert into volunteer (person, branch, intervision)"
        " select id, branch, $2 from person where id = any($1::uuid[]) and branch is not null"
        " on conflict (person) do update"
        " set intervision = greatest(volunteer.intervision, excluded.intervision)",
        list(people),
        day,
    )


async def leaving(tx: Transaction, last: date) -> list[PersonId]:
    """Give whose last day was this one or an earlier one."""
    rows = await tx.rows("select person from volunteer where leaves <= $1 order by person", last)
    return [PersonId(row["person"]) for row in rows]


def _step(row: asyncpg.Record) -> Step:
    return Step(channel=row["channel"], status=Status(row["status"]), since=row["since"])


def _record(row: asyncpg.Record, history: tuple[Step, ...]) -> Record:
    return Record(
        person=PersonId(row["id"]),
        sign_in=row["sign_in"],
        name=row["name"],
        branch=BranchId(row["branch"]),
        branch_name=row["branch_name"],
        channels=tuple(row["channels"]),
        agreed=Agreed(
            vog=row["vog"],
            intervision=row["intervision"],
            hours=row["hours_agreed"],
            most_shifts=row["most_shifts"],
            most_nights=row["most_nights"],
            home=row["home"],
            no_computer=row["no_computer"],
            away_until=row["away_until"],
        ),
        mentor=PersonId(row["mentor"]) if row["mentor"] else None,
        leaves=row["leaves"],
        history=history,
    )
