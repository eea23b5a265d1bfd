"""The only SQL about who is in the room, its lines, and their boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.shiftroom.model import SEAT_LASTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    import asyncpg

    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.shiftroom.model import Here
    from luisterlijn.store.database import Transaction

MOST_LINES = 50
"""Given in one answer; a console asks on."""


async def present(tx: Transaction) -> list[asyncpg.Record]:
    """Give (person, alias, public_key) of who is present, by alias."""
    return await tx.rows(
        "select person, alias, public_key from presence"
        " where state <> 'away' and shift_ends > line_now() order by alias, person"
    )


async def seats(tx: Transaction) -> dict[PersonId, bytes]:
    """Give the public key of each console that somebody without a shift has open."""
    rows = await tx.rows(
        "select person, public_key from room_seat where heard > line_now() - $1::interval"
        " order by person",
        SEAT_LASTS,
    )
    return {row["person"]: bytes(row["public_key"]) for row in rows}


async def seat(tx: Transaction, person: PersonId, public_key: bytes) -> None:
    """Keep the public key of a console that somebody without a shift has open."""
    await tx.run(
        "insert into room_seat (person, public_key, heard) values ($1, $2, line_now())"
        " on conflict (person) do update set public_key = excluded.public_key, heard = line_now()",
        person,
        public_key,
    )


async def insert_line(
    tx: Transaction,
    line: UUID,
    writer: Here,
    member: bytes,
    sealed: bytes,
    until: datetime,
) -> int | None:
    """Write a line; gives its number, None when that id is taken."""
    number: int | None = await tx.value(
        "insert into room_line (id, person, member, coach, sealed, until)"
        " values ($1, $2, $3, $4, $5, $6) on conflict (id) do nothing returning number",
        line,
        writer.person,
        member,
        writer.is_coach,
        sealed,
        until,
    )
    return number


async def number_of(tx: Transaction, line: UUID, person: PersonId) -> int | None:
    """Give the number of a line that this person said before; None: it is not theirs."""
    number: int | None = await tx.value(
        "select number from room_line where id = $1 and person = $2", line, person
    )
    return number


async def insert_boxes(
    tx: Transaction, line: UUID, boxes: Mapping[bytes, bytes], members: Mapping[bytes, Here]
) -> None:
    """Write the boxes of a line, each for one of its members."""
    await tx.run_many(
        "insert into room_box (line, person, member, box) values ($1, $2, $3, $4)",
        [(line, members[member].person, member, box) for member, box in sorted(boxes.items())],
    )


async def lines(
    tx: Transaction, person: PersonId, member: bytes, after: int
) -> list[asyncpg.Record]:
    """Give the lines after a number that were sealed to this console, one more than the most."""
    return await tx.rows(
        "select l.id, l.number, l.person, l.member, l.coach, l.sealed, l.until, x.box, q.name,"
        " p.alias, b.name as branch_name,"
        " (select array_agg(o.member order by o.member) from room_box o where o.line = l.id)"
        " as members"
        " from room_box x join room_line l on l.id = x.line join person q on q.id = l.person"
        " left join presence p on p.person = l.person left join branch b on b.id = p.branch"
        " where x.person = $1 and x.member = $2 and l.number > $3 and l.until > line_now()"
        " order by l.number limit $4",
        person,
        member,
        after,
        MOST_LINES + 1,
    )


async def forget_old(tx: Transaction) -> None:
    """Remove every line of a shift that is over, with its boxes, and seats that nobody sits on."""
    await tx.run("delete from room_line where until <= line_now()")
    await tx.run("delete from room_seat where heard <= line_now() - $1::interval", SEAT_LASTS)
