"""The only SQL about gatherings and who comes to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.volunteers.model import Gathering

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    import asyncpg

    from luisterlijn.store.database import Transaction


async def insert(
    tx: Transaction,
    gathering: UUID,
    *,
    branch: BranchId | None,
    kind: str,
    title: str,
    starts: datetime,
    ends: datetime,
    seats: int,
) -> None:
    """Write a gathering."""
    await tx.run(
        "insert into gathering (id, branch, kind, title, starts, ends, seats)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        gathering,
        branch,
        kind,
        title,
        starts,
        ends,
        seats,
    )


async def for_update(tx: Transaction, gathering: UUID) -> tuple[Gathering, str] | None:
    """Lock a gathering and give it with its kind; None: there is none that the scope sees.

    `taken` is right in the line's scope only: others see the seats of their own people.
    """
    row = await tx.row(
        "select branch, kind, starts, ends, seats, state from gathering where id = $1 for update",
        gathering,
    )
    if row is None:
        return None
    # Counted after the lock, by a statement of its own: who waited sees what the other took.
    taken = await tx.value("select count(*) from gathering_seat where gathering = $1", gathering)
    found = Gathering(
        branch=BranchId(row["branch"]) if row["branch"] else None,
        starts=row["starts"],
        ends=row["ends"],
        seats=row["seats"],
        taken=taken,
        cancelled=row["state"] == "cancelled",
    )
    return found, row["kind"]


async def listed(tx: Transaction, branch: BranchId | None, since: datetime) -> list[asyncpg.Record]:
    """Give gatherings that end after a moment, of a branch (None: of all) and of the line.

    By start.
    """
    return await tx.rows(
        "select id, branch, kind, title, starts, ends, seats, state from gathering"
        " where ends >= $2 and ($1::uuid is null or branch is null or branch = $1)"
        " order by starts, id",
        branch,
        since,
    )


async def seats(tx: Transaction, gatherings: Sequence[UUID]) -> list[asyncpg.Record]:
    """Give every seat of these that is taken, by name."""
    return await tx.rows(
        "select s.gathering, s.person, s.branch, s.came, s.on_behalf, p.name"
        " from gathering_seat s join person p on p.id = s.person"
        " where s.gathering = any($1::uuid[]) order by p.name, p.id",
        list(gatherings),
    )


async def cancel(tx: Transaction, gathering: UUID) -> None:
    """Call a gathering off; who signed up stays on the list, to be told."""
    await tx.run("update gathering set state = 'cancelled' where id = $1", gathering)


async def has_seat(tx: Transaction, gathering: UUID, person: PersonId) -> bool:
    """Say whether somebody has a seat."""
    return bool(
        await tx.value(
            "select exists (select from gathering_seat where gathering = $1 and person = $2)",
            gathering,
            person,
        )
    )


async def take_seat(
    tx: Transaction, gathering: UUID, person: PersonId, branch: BranchId, *, on_behalf: bool
) -> None:
    """Give somebody a seat."""
    await tx.run(
        "insert into gathering_seat (gathering, person, branch, on_behalf) values ($1, $2, $3, $4)",
        gathering,
        person,
        branch,
        on_behalf,
    )


async def give_up_seat(tx: Transaction, gathering: UUID, person: PersonId) -> None:
    """Give a seat free."""
    await tx.run(
        "delete from gathering_seat where gathering = $1 and person = $2", gathering, person
    )


async def note_came(
    tx: Transaction, gathering: UUID, branch: BranchId | None, people: Sequence[PersonId]
) -> None:
    """Note who of a branch (None: of all) came; who is not named did not."""
    await tx.run(
        "update gathering_seat set came = person = any($3::uuid[])"
        " where gathering = $1 and ($2::uuid is null or branch = $2)",
        gathering,
        branch,
        list(people),
    )


async def who_came(tx: Transaction, gathering: UUID) -> list[PersonId]:
    """Give who came, by id."""
    rows = await tx.rows(
        "select person from gathering_seat where gathering = $1 and came order by person",
        gathering,
    )
    return [PersonId(row["person"]) for row in rows]


async def own_seats(tx: Transaction, person: PersonId) -> list[asyncpg.Record]:
    """Give the gatherings that somebody signed up for, by start."""
    return await tx.rows(
        "select g.kind, g.title, g.starts, g.ends, g.state, s.came, s.on_behalf"
        " from gathering_seat s join gathering g on g.id = s.gathering where s.person = $1"
        " order by g.starts, g.id",
        person,
    )


async def delete_old(tx: Transaction, moment: datetime) -> None:
    """Remove gatherings that ended before a moment, and who was there."""
    await tx.run("delete from gathering where ends <= $1", moment)
