"""What follows from a change of a contact: who is told, who has room, who is not asked again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.scope import LINE
from tests.support.hall import calling, told
from tests.support.hours import stop_time

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import ContactId, PersonId
    from tests.support.house import TestHouse


async def offered(built: TestHouse) -> tuple[PersonId, ContactId]:
    await stop_time(built)
    person = await built.volunteer("anna", channels=("chat", "phone"))
    await built.ready(person)
    contact = await calling(built)
    await built.house.rounds.round()
    assert await built.state(contact) == "offered"
    return person, contact


async def test_a_call_takes_the_whole_of_a_volunteer_and_gives_it_back(built: TestHouse) -> None:
    person, contact = await offered(built)
    taken = await built.owner.fetchval("select load = capacity and load > 1 from presence")
    await built.house.hall.decline(person, contact, 1)

    assert taken
    assert await built.owner.fetchval("select load from presence") == 0
    assert [each["epoch"] for each in await told(built, "offer.over")] == [1]


async def test_who_had_abuse_from_this_telephone_is_not_asked_for_its_next_call(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anna = await built.volunteer("anna", channels=("phone",))
    await built.ready(anna)
    contact = await calling(built, not_to=frozenset({anna}))
    await built.house.rounds.round()
    assert await built.state(contact) == "queued"
    bea = await built.volunteer("bea", channels=("phone",))
    await built.ready(bea)
    await built.house.rounds.round()

    row = await built.contact(contact)
    assert row is not None
    assert row["volunteer"] == bea


async def test_a_call_taken_twice_is_taken_once_and_told_once(built: TestHouse) -> None:
    person, contact = await offered(built)
    await built.house.hall.accept(person, contact, 1)
    await built.house.hall.accept(person, contact, 1)

    assert len(await told(built, "contact.accepted")) == 1
    with pytest.raises(Refusal, match="offer-gone"):
        await built.house.hall.accept(person, contact, 0)


async def test_who_asks_for_english_is_taken_back_from_who_does_not_speak_it(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anna = await built.volunteer("anna", languages=("nl",), channels=("phone",))
    await built.ready(anna)
    contact = await calling(built)
    await built.house.rounds.round()
    async with built.house.database.transaction(LINE) as tx:
        await built.house.hall.speak(tx, contact, "en")
    seen = await built.owner.fetchrow("select state, load, offered, rest_until from presence")
    both = await built.volunteer("bea", channels=("phone",))
    await built.ready(both)
    await built.house.rounds.round()

    assert seen is not None
    assert tuple(seen) == ("ready", 0, False, None)
    row = await built.contact(contact)
    assert row is not None
    assert (row["language"], row["missed"], row["volunteer"]) == ("en", 0, both)


async def test_who_asks_for_english_stays_before_who_speaks_it(built: TestHouse) -> None:
    person, contact = await offered(built)
    async with built.house.database.transaction(LINE) as tx:
        await built.house.hall.speak(tx, contact, "en")
    await built.house.hall.accept(person, contact, 1)

    assert await built.state(contact) == "active"


async def test_raising_the_own_limit_during_a_call_makes_no_room_for_a_chat(
    built: TestHouse,
) -> None:
    person, contact = await offered(built)
    await built.house.hall.accept(person, contact, 1)
    await built.house.consoles.set_limit(person, 3)
    chat = await built.waiting()
    await built.tick()

    assert await built.state(chat) == "queued"


async def test_a_caller_is_never_taken_for_silent(built: TestHouse) -> None:
    person, contact = await offered(built)
    await built.house.hall.accept(person, contact, 1)
    await built.time.advance(600)
    await built.house.rounds.sweep()

    assert await built.state(contact) == "active"


async def test_after_a_dropped_line_the_same_volunteer_is_asked_first_and_not_excluded(
    built: TestHouse,
) -> None:
    person, contact = await offered(built)
    await built.house.hall.accept(person, contact, 1)
    other = await built.volunteer("bea", channels=("phone",))
    await built.ready(other)
    async with built.house.database.transaction(LINE) as tx:
        await built.house.hall.line_dropped(tx, contact, person)
    await built.house.rounds.round()

    row = await built.contact(contact)
    assert row is not None
    assert (row["state"], row["volunteer"]) == ("offered", person)
    assert await built.owner.fetchval("select count(*) from exclusion") == 0


async def test_who_waits_is_offered_by_waiting_time_whatever_the_channel(
    built: TestHouse,
) -> None:
    await stop_time(built)
    chat = await built.waiting()
    await built.time.advance(1)
    call = await calling(built)
    person = await built.volunteer("anna", channels=("chat", "phone"))
    await built.ready(person)
    await built.house.hall.heard(chat)
    await built.house.rounds.round()

    assert await built.state(chat) == "offered"
    assert await built.state(call) == "queued"
