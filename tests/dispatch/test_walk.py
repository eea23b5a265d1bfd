"""One chat from the queue to the wrap-up, on a real database."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_a_chatter_reaches_a_ready_volunteer_and_nothing_is_left_after_the_wrap_up(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact = await built.talking(person)

    assert await built.state(contact) == "active"
    await built.house.hall.end_by_volunteer(person, contact, abuse=False)
    await built.settle()
    assert await built.state(contact) == "wrapup"
    assert await built.owner.fetchval("select count(*) from chat") == 0

    await built.house.hall.wrap_up(person, contact, {"nature": ["talk"]}, pause=False)
    await built.settle()

    assert await built.state(contact) == "gone"
    assert await built.owner.fetchval("select load from presence") == 0
    assert await built.owner.fetchval("select count(*) from offer") == 0
    assert await built.owner.fetchval("select count(*) from session_record") == 1


async def test_a_wrap_up_that_nobody_writes_closes_after_two_hours_and_frees_the_seat(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja", hours=8)
    await built.ready(person)
    contact = await built.talking(person)
    await built.house.hall.end_by_volunteer(person, contact, abuse=False)

    await built.time.advance(2 * 3600 - 60)
    await built.tick()
    assert await built.state(contact) == "wrapup"

    await built.time.advance(61)
    await built.tick()
    assert await built.state(contact) == "gone"
    assert await built.owner.fetchval("select load from presence") == 0
