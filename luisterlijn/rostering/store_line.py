"""The only SQL with which the line asks the roster who is on, and who comes.

*Counts for the line* is said once, in `COUNTS`: what is only proposed, given up, missed or held in
reserve is no cover, whoever stands there.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.ids import BranchId, PersonId, ShiftId
from luisterlijn.rostering.model import CHECK_IN_OPENS, LOOKED_AHEAD
from luisterlijn.rostering.ports import OnShift, Rostered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import asyncpg

    from luisterlijn.store.database import Transaction

_ON_IT = (
    "l.role <> 'reserve' and s.state = 'published'"
    # Who went to another branch, or left, stands on no shift of the old one any more.
    " and s.branch = (select q.branch from person q where q.id = l.person)"
)
COUNTS = f"l.state in ('published', 'confirmed', 'checked_in') and {_ON_IT}"
MAY_COME = f"l.state in ('published', 'confirmed', 'checked_in', 'no_show') and {_ON_IT}"
"""Who was missed may still come: the place is theirs again once they do."""
PLACES = (
    "select l.person, s.id, s.starts, s.ends, s.branch, s.channels, b.name, l.role from place l"
    " join shift s on s.id = l.shift join branch b on b.id = s.branch"
)
ON = f"{PLACES} where l.person = $1"
NOW = f"{MAY_COME} and s.starts - $2::interval <= line_now() and s.ends > line_now()"


def _on_shift(row: asyncpg.Record) -> OnShift:
    return OnShift(
        shift=ShiftId(row["id"]),
        starts=row["starts"],
        ends=row["ends"],
        branch=BranchId(row["branch"]),
        branch_name=row["name"],
        channels=tuple(row["channels"]),
        role=row["role"],
    )


async def current(tx: Transaction, person: PersonId) -> OnShift | None:
    """Give the shift that runs, else the one whose check-in is open."""
    row = await tx.row(f"{ON} and {NOW} order by s.starts limit 1", person, CHECK_IN_OPENS)
    return _on_shift(row) if row is not None else None


async def current_of(tx: Transaction, people: Sequence[PersonId]) -> dict[PersonId, OnShift]:
    """Give the same for each of several people who has one, in one question."""
    rows = await tx.rows(
        f"select distinct on (person) c.* from ({PLACES} where l.person = any($1::uuid[])"  # noqa: S608
        f" and {NOW}) c order by person, starts",
        list(people),
        CHECK_IN_OPENS,
    )
    return {PersonId(row["person"]): _on_shift(row) for row in rows}


async def upcoming(tx: Transaction, person: PersonId) -> OnShift | None:
    """Give the person's first shift that has not begun."""
    row = await tx.row(
        f"{ON} and {COUNTS} and s.starts > line_now() order by s.starts limit 1", person
    )
    return _on_shift(row) if row is not None else None


async def mark_checked_in(tx: Transaction, person: PersonId) -> None:
    """Note that the person came, also who was thought not to."""
    await tx.run(
        f"update place l set state = 'checked_in' from shift s where s.id = l.shift and {MAY_COME}"  # noqa: S608
        " and l.person = $1 and l.state <> 'checked_in'"
        " and s.starts - $2::interval <= line_now() and s.ends > line_now()",
        person,
        CHECK_IN_OPENS,
    )


async def mark_goes_on(tx: Transaction, person: PersonId) -> None:
    """Note that somebody came to what joins on to a shift that they came to."""
    await tx.run(
        f"update place l set state = 'checked_in' from shift s where s.id = l.shift and {MAY_COME}"  # noqa: S608
        " and l.person = $1 and l.state <> 'checked_in'"
        " and s.starts - $2::interval <= line_now() and s.ends > line_now()"
        " and exists (select from place e where e.person = l.person and e.state = 'checked_in'"
        "  and e.during -|- l.during)",
        person,
        CHECK_IN_OPENS,
    )


async def companions(tx: Transaction, shift: ShiftId) -> list[tuple[PersonId, str]]:
    """Give who counts on a shift, with the role of their place; by person."""
    rows = await tx.rows(
        "select l.person, l.role from place l join shift s on s.id = l.shift"  # noqa: S608
        f" where l.shift = $1 and l.person is not null and {COUNTS} order by l.person",
        shift,
    )
    return [(PersonId(row["person"]), row["role"]) for row in rows]


async def cover(tx: Transaction, channel: str, language: str) -> list[Rostered]:
    """Give every place that runs or starts within the hour, of somebody trained for both."""
    rows = await tx.rows(
        "select l.person, s.starts, s.ends, p.margin_min from place l"  # noqa: S608
        f" join shift s on s.id = l.shift join person p on p.id = l.person where {COUNTS}"
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
        "select min(s.starts) from place l join shift s on s.id = l.shift"  # noqa: S608
        f" join person p on p.id = l.person where {COUNTS} and s.starts > line_now()"
        " and s.starts < line_now() + interval '14 days'"
        " and $1 = any(s.channels) and $1 = any(p.channels)",
        channel,
    )
    return start
