"""The only SQL about a roster as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.rostering.model import STANDING

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    import asyncpg

    from luisterlijn.kernel.ids import PersonId, PlaceId
    from luisterlijn.store.database import Transaction


async def branches(tx: Transaction) -> list[asyncpg.Record]:
    """Give (id, slug) of each branch."""
    return await tx.rows("select id, slug from branch order by slug")


async def people(tx: Transaction, sign_ins: Collection[str]) -> list[asyncpg.Record]:
    """Give (id, sign_in, slug) of who has these sign-in names and a branch."""
    return await tx.rows(
        "select p.id, p.sign_in, b.slug from person p join branch b on b.id = p.branch"
        " where p.sign_in = any($1::text[]) and 'volunteer' = any(p.roles) order by p.sign_in",
        list(sign_ins),
    )


async def places(
    tx: Transaction, start: datetime, end: datetime, slug: str | None
) -> list[asyncpg.Record]:
    """Give each shift that starts in the stretch with each place that stands on it.

    `slug` None: of all branches. Without a person nobody stands there. No cancelled ones.
    """
    return await tx.rows(
        "select s.id as shift, b.slug, s.starts, s.ends, s.channels, s.state as shift_state,"
        " l.id as place, p.sign_in, l.role, l.state from shift s join branch b on b.id = s.branch"
        " left join place l on l.shift = s.id and l.state = any($4::text[])"
        " and l.person is not null"
        " left join person p on p.id = l.person"
        " where s.state <> 'cancelled' and s.starts >= $1 and s.starts < $2"
        " and ($3::text is null or b.slug = $3) order by s.starts, b.slug, s.id, p.sign_in",
        start,
        end,
        slug,
        list(STANDING),
    )


async def stands(
    tx: Transaction, people_ids: Collection[PersonId], start: datetime, end: datetime
) -> list[asyncpg.Record]:
    """Give where these people stand in the stretch, with the shift as a table tells it."""
    return await tx.rows(
        "select p.sign_in, b.slug, s.starts, s.ends, s.channels from place l"
        " join shift s on s.id = l.shift join branch b on b.id = s.branch"
        " join person p on p.id = l.person where l.person = any($1::uuid[])"
        " and l.state = any($4::text[]) and l.during && tstzrange($2, $3) order by s.starts, l.id",
        list(people_ids),
        start,
        end,
        list(STANDING),
    )


async def set_place(tx: Transaction, place: PlaceId, role: str, state: str) -> None:
    """Give a place another role or state."""
    await tx.run("update place set role = $2, state = $3 where id = $1", place, role, state)
