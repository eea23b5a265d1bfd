"""What single statements promise on a real database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from luisterlijn.dispatch import store
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from tests.support.hours import pass_time, stop_time

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


async def row(built: TestHouse, contact: ContactId) -> asyncpg.Record:
    found = await built.contact(contact)
    assert found is not None
    return found


async def test_a_node_that_starts_gives_everybody_30_s(built: TestHouse) -> None:
    await stop_time(built)
    anja = await volunteer(built, "anja")
    talking = await built.talking(anja)
    bas = await volunteer(built, "bas", chats=1)
    away = await built.talking(bas)
    await pass_time(built, 13, consoles=[anja], pages=[talking])
    places = await row(built, away)
    await built.owner.execute("update chat set key_due = null")
    await built.time.advance(600)

    async with built.house.database.transaction(LINE) as tx:
        await store.give_everyone_time(tx)
    await pass_time(built, 29, pages=[talking])

    assert places["state"] == "volunteer_away"
    assert await built.state(away) == "volunteer_away"
    assert (await row(built, talking))["volunteer"] == anja
    assert (await presence(built, anja))["state"] == "ready"
    await pass_time(built, 1, consoles=[anja, bas], pages=[talking, away])
    assert (await row(built, away))["volunteer"] == bas
    assert await built.state(talking) == "active"


async def test_a_start_gives_no_clock_to_who_needs_none_and_no_more_than_is_due(
    built: TestHouse,
) -> None:
    await stop_time(built)
    silent, waiting = await built.waiting(), await built.waiting()
    await pass_time(built, 60, pages=[waiting])
    kept_until = (await row(built, silent))["deadline"]

    async with built.house.database.transaction(LINE) as tx:
        await store.give_everyone_time(tx)

    assert (await row(built, waiting))["deadline"] is None
    assert (await row(built, silent))["deadline"] == kept_until


async def heads(built: TestHouse) -> list[ContactId]:
    async with built.house.database.transaction(LINE) as tx:
        return [head.id for head in await store.heads(tx)]


async def test_a_long_queue_of_one_language_hides_nobody_of_another(built: TestHouse) -> None:
    await built.owner.executemany(
        "insert into contact (id, channel, language, state, arrived, enq, heard) values"
        " ($1, 'chat', 'nl', 'queued', line_now(), line_now(), line_now())",
        [(new_id(built.house.tokens),) for _each in range(store.HEADS + 20)],
    )
    english = await built.waiting("en")

    found = await heads(built)

    assert len(found) == store.HEADS + 1
    assert english in found


async def test_who_is_away_admitted_or_offered_is_nobody_to_pair(built: TestHouse) -> None:
    await stop_time(built)
    await built.waiting()
    await built.time.advance(12)
    await built.tick()
    await built.house.chats.begin("nl", None)
    here = await built.waiting()

    assert await heads(built) == [here]
    await volunteer(built)
    await built.tick()
    assert await heads(built) == []


async def test_a_seat_is_given_back_once(built: TestHouse) -> None:
    person = await volunteer(built)
    contact = await built.talking(person)
    await built.talking(person)

    async with built.house.database.transaction(LINE) as tx:
        await store.free_seat(tx, contact, person, "done")
        await store.free_seat(tx, contact, person, "done")

    assert (await presence(built, person))["load"] == 1


async def test_a_seat_given_back_leaves_the_offer_of_another_contact_open(
    built: TestHouse,
) -> None:
    person = await volunteer(built, chats=2)
    contact = await built.talking(person)
    await built.waiting()
    await built.tick()

    async with built.house.database.transaction(LINE) as tx:
        await store.free_seat(tx, contact, person, "done")

    assert (await presence(built, person))["offered"]
