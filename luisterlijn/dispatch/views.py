"""Rows as the console shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.dispatch.wire import ContactView, Handing, OfferView, Presence, ShiftHours
from luisterlijn.kernel.clock import to_wire

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import asyncpg

    from luisterlijn.dispatch.ports import ChannelFacts
    from luisterlijn.dispatch.wire import Beside
    from luisterlijn.kernel.ids import ContactId
    from luisterlijn.rostering.ports import OnShift


def hours(shift: OnShift | None) -> ShiftHours | None:
    """Give a shift for the header; None: none."""
    if shift is None:
        return None
    return ShiftHours(
        starts_at=to_wire(shift.starts),
        ends_at=to_wire(shift.ends),
        branch_name=shift.branch_name,
    )


def presence(
    row: asyncpg.Record | None, now: datetime, *, on_shift: bool, has_phone: bool
) -> Presence:
    """Give the own presence, also of somebody without a row."""
    if row is None:
        return Presence(
            state="none",
            since_at=to_wire(now),
            capacity=1,
            load=0,
            rest_until_at=None,
            care_until_at=None,
            takes_calls=False,
            phone_at="browser",
            has_own_phone=has_phone,
        )
    resting = row["rest_until"] is not None and row["rest_until"] > now
    return Presence(
        state=row["state"] if on_shift or row["load"] else "none",
        since_at=to_wire(row["since"]),
        capacity=row["own_limit"],
        load=row["load"],
        rest_until_at=to_wire(row["rest_until"]) if resting else None,
        care_until_at=to_wire(row["care_until"]) if row["care_until"] else None,
        takes_calls="phone" in row["channels"],
        phone_at=row["phone_at"],
        has_own_phone=has_phone,
    )


def offer(row: asyncpg.Record | None) -> OfferView | None:
    """Give the offer that waits; None: none."""
    if row is None:
        return None
    return OfferView(
        contact=row["contact"].hex,
        epoch=row["epoch"],
        channel=row["channel"],
        language=row["language"],
        until_at=to_wire(row["until"]),
        from_alias=row["from_alias"],
    )


def contacts(
    rows: Sequence[asyncpg.Record],
    facts: dict[ContactId, ChannelFacts],
    beside: dict[ContactId, list[Beside]],
) -> list[ContactView]:
    """Give what is in hand, oldest first."""
    views = []
    for number, row in enumerate(rows, start=1):
        fact = facts.get(row["id"])
        views.append(
            ContactView(
                contact=row["id"].hex,
                channel=row["channel"],
                number=number,
                epoch=row["epoch"],
                state=row["state"],
                language=row["language"],
                seq=fact.seq if fact else 0,
                members_version=fact.members_version if fact else 0,
                visitor_up=row["caller_up"],
                away_asked=row["asked"],
                kept=row["kept"],
                frozen=row["frozen"],
                until_at=to_wire(row["deadline"]) if row["deadline"] else None,
                started_at=to_wire(row["accepted"]),
                handing=_handing(row),
                beside=beside.get(row["id"], []),
                call=fact.call if fact else None,
            )
        )
    return views


def _handing(row: asyncpg.Record) -> Handing | None:
    if row["handing_until"] is None:
        return None
    return Handing(alias=row["handing_alias"] or "", until_at=to_wire(row["handing_until"]))
