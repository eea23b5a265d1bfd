"""Statements of the calendar's link: one per person, and gone with the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering import store_feed

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_a_person_has_one_link_at_most_and_none_once_they_are_gone(built: TestHouse) -> None:
    anja = await built.volunteer("anja", hours=0)
    async with built.house.database.transaction(LINE) as tx:
        await store_feed.keep(tx, anja, b"one")
        await store_feed.keep(tx, anja, b"two")

        assert await store_feed.owner(tx, b"one") is None
        assert await store_feed.owner(tx, b"two") == anja
    assert await built.owner.fetchval("select count(*) from calendar_feed") == 1
    await built.owner.execute("delete from person where id = $1", anja)
    assert await built.owner.fetchval("select count(*) from calendar_feed") == 0


async def test_places_come_in_the_order_of_their_start(built: TestHouse) -> None:
    anja = await built.volunteer("anja", hours=1)
    await built.time.advance(7_200)
    await built.house.database.line_row(
        "insert into place (id, shift, branch, person, during, state)"
        " select gen_random_uuid(), id, branch, $1,"
        " tstzrange(line_now(), line_now() + interval '1 h'), 'confirmed' from shift",
        anja,
    )
    async with built.house.database.transaction(LINE) as tx:
        found = await store_feed.entries(tx, anja)

    assert [each.starts for each in found] == sorted(each.starts for each in found)
    assert len(found) == 2
