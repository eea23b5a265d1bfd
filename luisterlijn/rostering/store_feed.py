"""The only SQL about the calendars that volunteers' own apps read."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.ids import PersonId, PlaceId
from luisterlijn.rostering.calendar import Entry

if TYPE_CHECKING:
    from luisterlijn.store.database import Transaction

KEPT = timedelta(days=30)
"""So long an app is told that a place is gone, and a shift stays after its end."""


async def has(tx: Transaction, person: PersonId) -> bool:
    """Say whether the person has a link."""
    return bool(
        await tx.value("select exists (select from calendar_feed where person = $1)", person)
    )


async def keep(tx: Transaction, person: PersonId, token: bytes) -> None:
    """Keep the hash of a link; the one before opens nothing any more."""
    await tx.run(
        "insert into calendar_feed (person, token) values ($1, $2)"
        " on conflict (person) do update set token = excluded.token",
        person,
        token,
    )


async def drop(tx: Transaction, person: PersonId) -> None:
    """Forget the link."""
    await tx.run("delete from calendar_feed where person = $1", person)


async def owner(tx: Transaction, token: bytes) -> PersonId | None:
    """Give whose link this is; None: nobody's, or of an account that has ended."""
    person: PersonId | None = await tx.value(
        "select f.person from calendar_feed f join person p on p.id = f.person"
        " where f.token = $1 and (p.ends is null or p.ends > line_now())",
        token,
    )
    return person


async def entries(tx: Transaction, person: PersonId) -> list[Entry]:
    """Give the person's places that they were told of, by start; what is over or gone, a while."""
    rows = await tx.rows(
        "select l.id, lower(l.during) as starts, upper(l.during) as ends, l.sequence, l.changed,"
        " l.state in ('taken_off', 'cannot', 'handed_over') as cancelled"
        " from place l join shift s on s.id = l.shift"
        " where l.person = $1 and l.state <> 'proposed' and s.state <> 'concept'"
        " and case when l.state in ('taken_off', 'cannot', 'handed_over')"
        "  then l.changed else upper(l.during) end > line_now() - $2::interval"
        " order by lower(l.during), l.id",
        person,
        KEPT,
    )
    return [
        Entry(
            place=PlaceId(row["id"]),
            starts=row["starts"],
            ends=row["ends"],
            sequence=row["sequence"],
            changed=row["changed"],
            cancelled=row["cancelled"],
        )
        for row in rows
    ]
