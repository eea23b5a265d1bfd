"""The only SQL about profiles of demand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from luisterlijn.store.database import Transaction

Expected = tuple[datetime, str, float, float, int]
"""Half hour, channel, mean, P90, volunteers required."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A profile as it lies there. `counted_from` None: it is an example."""

    id: UUID
    state: str
    made: datetime
    source: str
    counted_from: datetime | None
    counted_until: datetime | None


async def replace_draft(tx: Transaction, draft: Stored, expected: Sequence[Expected]) -> None:
    """Write a draft in the place of the one that is there."""
    await tx.run("delete from demand_profile where state = 'draft'")
    await tx.run(
        "insert into demand_profile (id, state, source, counted_from, counted_until)"
        " values ($1, 'draft', $2, $3, $4)",
        draft.id,
        draft.source,
        draft.counted_from,
        draft.counted_until,
    )
    await tx.run_many(
        "insert into demand_half_hour (profile, half_hour, channel, mean, high, required)"
        " values ($1, $2, $3, $4, $5, $6)",
        [(draft.id, *each) for each in expected],
    )


async def freeze(tx: Transaction) -> bool:
    """Freeze the draft; False: there is none."""
    return bool(await tx.run("update demand_profile set state = 'frozen' where state = 'draft'"))


async def newest(tx: Transaction, state: str | None = None) -> Stored | None:
    """Give the profile made last, of this state or any; None: there is none."""
    row = await tx.row(
        "select id, state, made, source, counted_from, counted_until from demand_profile"
        " where $1::text is null or state = $1 order by made desc, id limit 1",
        state,
    )
    return Stored(**dict(row)) if row is not None else None


async def half_hours(
    tx: Transaction, profile: UUID, since: datetime, until: datetime
) -> list[asyncpg.Record]:
    """Give the half hours of a profile from `since` up to `until`, in order, by channel."""
    return await tx.rows(
        "select half_hour, channel, mean, high, required from demand_half_hour"
        " where profile = $1 and half_hour >= $2 and half_hour < $3 order by half_hour, channel",
        profile,
        since,
        until,
    )


async def between(tx: Transaction, since: datetime, until: datetime) -> list[asyncpg.Record]:
    """Give the half hours of a stretch, each from the newest frozen profile that has it.

    Where none has, from the draft. In order, by channel, with state and source of the profile.
    """
    return await tx.rows(
        "select distinct on (h.half_hour, h.channel)"
        " h.half_hour, h.channel, h.mean, h.high, h.required, p.state, p.source"
        " from demand_profile p cross join lateral ("
        "   select half_hour, channel, mean, high, required from demand_half_hour"
        "   where profile = p.id and half_hour >= $1 and half_hour < $2) h"
        # "frozen" comes after "draft" in the alphabet.
        " order by h.half_hour, h.channel, p.state desc, p.made desc, p.id",
        since,
        until,
    )


async def has_draft(tx: Transaction) -> bool:
    """Say whether a draft waits to be frozen."""
    return bool(await tx.value("select exists (select from demand_profile where state = 'draft')"))
