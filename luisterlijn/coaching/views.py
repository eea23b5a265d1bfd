"""Rows as the console shows them: the own request, the coach's list, who is beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.accounts.ports import first_name
from luisterlijn.dispatch.wire import (
    Beside,
    CoachSide,
    HelpView,
    JoinedView,
    RequestView,
    TalkView,
)
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.ids import ContactId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import asyncpg

    from luisterlijn.dispatch.ports import ChannelFacts
    from luisterlijn.kernel.ids import PersonId


def side(
    viewer: asyncpg.Record,
    person: PersonId,
    *,
    help_row: asyncpg.Record | None,
    joined: list[JoinedView],
    requests: Sequence[asyncpg.Record],
    talks: Sequence[asyncpg.Record],
    emergency: bool,
) -> CoachSide:
    """Give what help and coaching add to somebody's screen."""
    return CoachSide(
        on_duty=viewer["on_duty"],
        agrees_heavy=viewer["agrees"],
        emergency=emergency,
        help=_help(help_row),
        joined=joined,
        requests=[_request(row, person) for row in requests],
        talks=[
            TalkView(
                talk=row["id"].hex, name=row["name"], wanted=row["wanted"], at=to_wire(row["hour"])
            )
            for row in talks
        ],
    )


def joined_views(
    rows: Sequence[asyncpg.Record], facts: Mapping[ContactId, ChannelFacts]
) -> list[JoinedView]:
    """Give the conversations that somebody is beside."""
    views = []
    for row in rows:
        fact = facts.get(row["contact"])
        views.append(
            JoinedView(
                joining=row["id"].hex,
                state=row["state"],
                mode=row["mode"],
                contact=row["contact"].hex,
                channel=row["channel"],
                alias=row["alias"] or "",
                epoch=row["epoch"],
                seq=fact.seq if fact else 0,
                members_version=fact.members_version if fact else 0,
                language=row["language"],
                until_at=to_wire(row["until"]) if row["until"] else None,
            )
        )
    return views


def beside(rows: Sequence[asyncpg.Record]) -> dict[ContactId, list[Beside]]:
    """Give who is beside each conversation: a coach by first name, all others by alias."""
    found: dict[ContactId, list[Beside]] = {}
    for row in rows:
        coach = row["role"] == "coach" or row["alias"] is None
        found.setdefault(ContactId(row["contact"]), []).append(
            Beside(
                joining=row["id"].hex,
                alias=first_name(row["name"]) if coach else row["alias"],
                role=row["role"],
                mode=row["mode"],
                state=row["state"],
            )
        )
    return found


def _help(row: asyncpg.Record | None) -> HelpView | None:
    if row is None:
        return None
    return HelpView(
        request=row["id"].hex,
        urgent=row["urgent"],
        state=row["state"],
        alias=first_name(row["name"]) if row["name"] is not None else None,
    )


def _request(row: asyncpg.Record, person: PersonId) -> RequestView:
    return RequestView(
        request=row["id"].hex,
        urgent=row["urgent"],
        state=row["state"],
        mine=row["taken_by"] == person,
        name=row["name"],
        branch_name=row["branch_name"],
        channel=row["channel"],
        contact=row["contact"].hex if row["contact"] is not None else None,
        asked_at=to_wire(row["asked"]),
    )
