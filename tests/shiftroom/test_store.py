"""Statements of the room: what goes, and what goes with it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.shiftroom import store
from luisterlijn.shiftroom.model import SEAT_LASTS, Here
from tests.support.coaching import KEY

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_lines_and_seats_go_with_the_account(built: TestHouse) -> None:
    anja = await built.volunteer("anja")
    bas = await built.volunteer("bas")
    now = await built.time.now()
    writer = Here(person=anja, name="Els", branch_name="Utrecht", public_key=KEY, ends=now)
    other = Here(person=bas, name="Bas", branch_name="Utrecht", public_key=KEY, ends=now)
    line = new_id(built.house.tokens)
    async with built.house.database.transaction(LINE) as tx:
        await store.seat(tx, anja, KEY)
        await store.insert_line(tx, line, writer, b"a", b"sealed", now + timedelta(hours=1))
        await store.insert_boxes(tx, line, {b"b": b"box"}, {b"b": other})

    await built.owner.execute("delete from presence")
    await built.owner.execute("delete from place")
    await built.owner.execute("delete from person where id = $1", anja)

    for table in ("room_seat", "room_line", "room_box"):
        assert await built.owner.fetchval(f"select count(*) from {table}") == 0  # noqa: S608


async def test_a_seat_on_which_nobody_sits_any_more_is_removed(built: TestHouse) -> None:
    anja = await built.volunteer("anja")
    async with built.house.database.transaction(LINE) as tx:
        await store.seat(tx, anja, KEY)
        assert await store.seats(tx) == {anja: KEY}

    await built.time.advance(SEAT_LASTS.total_seconds() + 1)
    async with built.house.database.transaction(LINE) as tx:
        assert await store.seats(tx) == {}
        await store.forget_old(tx)

    assert await built.owner.fetchval("select count(*) from room_seat") == 0
