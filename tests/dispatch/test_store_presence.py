"""Presence on a real database: seats, rests, and who is on duty."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.dispatch import store, store_claim, store_presence
from luisterlijn.kernel.scope import LINE
from tests.support.hall import calling, waits_for_a_lock
from tests.support.hours import beat, pass_time, stop_time

if TYPE_CHECKING:
    import asyncpg

    from luisterlijn.kernel.ids import ContactId, PersonId
    from tests.support.house import TestHouse


async def volunteer(built: TestHouse, name: str = "anja", **fields: Any) -> PersonId:
    person = await built.volunteer(name, **fields)
    await built.ready(person)
    return person


async def presence(built: TestHouse, person: PersonId) -> asyncpg.Record:
    found = await built.owner.fetchrow("select * from presence where person = $1", person)
    assert found is not None
    return found


async def test_who_pauses_after_a_wrap_up_is_asked_nothing(built: TestHouse) -> None:
    person = await volunteer(built)
    contact = await built.talking(person)
    await built.house.hall.end_by_volunteer(person, contact, abuse=False)

    await built.house.hall.wrap_up(person, contact, {}, pause=True)
    waiting = await built.waiting()
    await built.tick()

    assert (await presence(built, person))["state"] == "paused"
    assert await built.state(waiting) == "queued"


async def test_who_says_ready_after_a_wrap_up_is_ready_though_they_were_away(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await built.talking(person)
    await built.house.hall.end_by_visitor(contact)
    await pass_time(built, 40)
    assert (await presence(built, person))["state"] == "away"

    await built.house.hall.wrap_up(person, contact, {}, pause=False)
    waiting = await built.waiting()
    await built.tick()

    assert await built.state(waiting) == "offered"


async def test_a_wrap_up_after_the_shift_makes_nobody_ready(built: TestHouse) -> None:
    await stop_time(built)
    person = await volunteer(built, hours=1)
    contact = await built.talking(person)
    await built.house.consoles.set_state(person, "paused")
    await built.house.hall.end_by_volunteer(person, contact, abuse=False)
    await built.time.advance(3600)

    await built.house.hall.wrap_up(person, contact, {}, pause=False)

    assert (await presence(built, person))["state"] == "paused"


async def test_a_busy_shift_is_counted_in_minutes_of_talking_and_writing_up(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await built.talking(person)
    await built.owner.execute("update chat set key_due = null")
    await pass_time(built, 60, consoles=[person], pages=[contact])
    await built.house.hall.end_by_volunteer(person, contact, abuse=False)
    await pass_time(built, 30, consoles=[person])

    await built.house.hall.wrap_up(person, contact, {}, pause=False)

    assert (await presence(built, person))["busy_s"] == 90


async def test_who_lowers_the_limit_keeps_what_is_in_hand_and_gets_no_more(
    built: TestHouse,
) -> None:
    person = await volunteer(built, chats=2)
    first = await built.talking(person)
    await built.talking(person)

    await built.house.consoles.set_limit(person, 1)
    await built.house.hall.end_by_volunteer(person, first, abuse=False)
    await built.house.hall.wrap_up(person, first, {}, pause=False)
    waiting = await built.waiting()
    await built.tick()

    found = await presence(built, person)
    assert (found["load"], found["capacity"]) == (1, 1)
    assert await built.state(waiting) == "queued"


async def test_a_longer_rest_is_not_cut_short_by_a_shorter_one(built: TestHouse) -> None:
    await stop_time(built)
    person = await volunteer(built)
    five = await built.time.now() + timedelta(minutes=5)

    async with built.house.database.transaction(LINE) as tx:
        await store_presence.rest(tx, person, five)
        await store_presence.rest(tx, person, five - timedelta(minutes=4))

    assert (await presence(built, person))["rest_until"] == five


async def test_who_is_silent_for_30_s_is_away_until_they_say_ready(built: TestHouse) -> None:
    await stop_time(built)
    person = await volunteer(built)
    await pass_time(built, 29)
    still = (await presence(built, person))["state"]
    await pass_time(built, 1)

    await beat(built, consoles=[person])
    await built.tick()

    assert (still, (await presence(built, person))["state"]) == ("ready", "away")


async def test_on_duty_is_who_is_ready_or_has_a_contact_in_hand(built: TestHouse) -> None:
    people = {
        name: await volunteer(built, name, chats=1) for name in ("ready", "paused", "writes_up")
    }
    await built.house.consoles.set_state(people["ready"], "away")
    await built.house.consoles.set_state(people["paused"], "away")
    contact = await built.talking(people["writes_up"])
    await built.house.hall.end_by_visitor(contact)
    await built.house.consoles.set_state(people["writes_up"], "paused")
    await built.house.consoles.set_state(people["ready"], "ready")
    await built.house.consoles.set_state(people["paused"], "paused")

    on_duty, returned = await store_presence.consoles_heard(
        built.house.database, list(people.values())
    )

    assert on_duty == {people["ready"], people["writes_up"]}
    assert returned == []
    assert await store_presence.consoles_heard(built.house.database, []) == (set(), [])


async def heavy_beside_another(built: TestHouse) -> tuple[PersonId, ContactId]:
    """Give a volunteer in after-care, and the chat they have in hand still."""
    await stop_time(built)
    person = await volunteer(built)
    heavy, light = await built.talking(person), await built.talking(person)
    await built.house.hall.end_by_visitor(heavy)
    await built.house.hall.wrap_up(person, heavy, {}, heaviness=5, pause=True)
    assert (await presence(built, person))["state"] == "after_care"
    await built.house.hall.end_by_visitor(light)
    return person, light


@pytest.mark.parametrize("pause", [True, False])
async def test_the_next_wrap_up_ends_no_after_care(built: TestHouse, *, pause: bool) -> None:
    person, light = await heavy_beside_another(built)
    await built.house.hall.wrap_up(person, light, {}, heaviness=1, pause=pause)
    waiting = await built.waiting()
    await built.tick()

    assert (await presence(built, person))["state"] == "after_care"
    assert (await presence(built, person))["care_until"] is not None
    assert await built.state(waiting) == "queued"


async def test_who_is_away_is_in_no_after_care_any_more_and_comes_back_by_ready(
    built: TestHouse,
) -> None:
    person, _light = await heavy_beside_another(built)
    await pass_time(built, 35)
    gone = await presence(built, person)
    await built.house.consoles.set_state(person, "ready")

    assert (gone["state"], gone["care_until"]) == ("away", None)
    assert (await presence(built, person))["state"] == "ready"


async def test_a_limit_raised_while_a_call_is_being_offered_makes_no_room_beside_it(
    built: TestHouse,
) -> None:
    person = await volunteer(built, channels=("chat", "phone"))
    call = await calling(built)
    database = built.house.database
    async with asyncio.TaskGroup() as both:
        async with database.transaction(LINE) as tx:
            [head] = await store.heads(tx)
            assert await store_claim.claim(tx, head, person) is not None
            raising = both.create_task(built.house.consoles.set_limit(person, 3))
            async with asyncio.timeout(2):
                while not await waits_for_a_lock(built):  # noqa: ASYNC110 - nothing wakes us
                    await asyncio.sleep(0)
        await raising
    seen = await presence(built, person)

    assert await built.state(call) == "offered"
    assert (seen["own_limit"], seen["load"], seen["capacity"]) == (3, 2, 2)
