"""Rows of the room as a console is given them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.accounts.ports import first_name
from luisterlijn.edge.guard import b64
from luisterlijn.kernel.clock import to_wire
from luisterlijn.shiftroom.wire import RoomLine

if TYPE_CHECKING:
    import asyncpg

    from luisterlijn.kernel.ids import PersonId


def line(row: asyncpg.Record, person: PersonId) -> RoomLine:
    """Give a line for one of those it was sealed to: a coach by first name, others by alias."""
    return RoomLine(
        line=row["id"].hex,
        number=row["number"],
        by=row["member"].hex(),
        name=first_name(row["name"]) if row["coach"] else row["alias"] or "",
        branch_name=None if row["coach"] else row["branch_name"],
        is_coach=row["coach"],
        is_mine=row["person"] == person,
        sealed=b64(row["sealed"]),
        box=b64(row["box"]),
        members=[each.hex() for each in row["members"]],
        until_at=to_wire(row["until"]),
    )
