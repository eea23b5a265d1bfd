"""The use cases of one contact on a real database: what each means for both ends."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PersonId, new_id
from tests.support.hours import beat, pass_time, stop_time

if TYPE_CHECKING:
    import asyncpg

    from luisterlijn.kernel.ids import ContactId
    from tests.support.house import TestHouse


async def volunteer(built: TestHouse, name: str = "anja", **fields: Any) -> PersonId:
    person = await built.volunteer(name, **fields)
    await built.ready(person)
    return person


async def offered(built: TestHouse, person: PersonId) -> ContactId:
    contact = await built.waiting()
    await built.tick()
    found = await built.contact(contact)
    assert found is not None
    assert found["volunteer"] == person
    return contact


async def presence(built: TestHouse, person: PersonId) -> asyncpg.Record:
    found = await built.owner.fetchrow("select * from presence where person = $1", person)
    assert found is not None
    return found


async def refused(order: Any) -> Code:
    with pytest.raises(Refusal) as refusal:
        await order
    return refusal.value.code


# Accept and decline.


async def test_who_declines_rests_60_s_and_the_chatter_keeps_the_place(built: TestHouse) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await offered(built, person)

    await built.house.hall.decline(person, contact, 1)
    await pass_time(built, 59, consoles=[person], pages=[contact])

    row = await built.contact(contact)
    assert row is not None
    assert (row["state"], row["epoch"], row["missed"]) == ("queued", 2, 1)
    rests = await presence(built, person)
    assert (rests["state"], rests["load"], rests["offered"]) == ("ready", 0, False)


async def test_who_declined_may_be_asked_again_after_60_s(built: TestHouse) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await offered(built, person)

    await built.house.hall.decline(person, contact, 1)
    await pass_time(built, 60, consoles=[person], pages=[contact])

    assert await built.state(contact) == "offered"


async def test_who_declined_and_says_ready_is_asked_for_others_at_once(built: TestHouse) -> None:
    await stop_time(built)
    person = await volunteer(built)
    declined = await offered(built, person)
    await built.house.hall.decline(person, declined, 1)

    await built.house.consoles.set_state(person, "ready")
    other = await built.waiting()
    await built.tick()

    assert await built.state(declined) == "queued"
    assert await built.state(other) == "offered"


async def test_an_offer_taken_twice_at_the_same_moment_is_taken_once(built: TestHouse) -> None:
    person = await volunteer(built)
    contact = await offered(built, person)
    answers: list[str] = []

    async def take() -> None:
        try:
            await built.house.hall.accept(person, contact, 1)
            answers.append("taken")
        except Refusal as refusal:
            answers.append(refusal.code)

    async with asyncio.TaskGroup() as group:
        for _each in range(4):
            group.create_task(take())

    # Told twice, it is taken once: a console that got no answer may tell it again.
    assert answers == ["taken"] * 4
    taken = (
        "select count(*) from outbox where event = 'contact.accepted' and listener like '%chat%'"
    )
    assert await built.owner.fetchval(taken) == 1


async def test_nobody_takes_the_offer_of_another_or_of_nobody(built: TestHouse) -> None:
    person, other = await volunteer(built, "anja"), await volunteer(built, "bas", chats=1)
    await built.talking(person if person.int < other.int else other)
    contact = await built.waiting()
    await built.tick()
    row = await built.contact(contact)
    assert row is not None
    stranger = ({person, other} - {row["volunteer"]}).pop()
    hall, nothing = built.house.hall, new_id(built.house.tokens)

    assert await refused(hall.accept(stranger, contact, 1)) is Code.OFFER_GONE
    assert await refused(hall.accept(row["volunteer"], contact, 0)) is Code.OFFER_GONE
    assert await refused(hall.decline(stranger, contact, 1)) is Code.OFFER_GONE
    assert await refused(hall.accept(person, nothing, 1)) is Code.OFFER_GONE  # type: ignore[arg-type] # any id
    assert await built.state(contact) == "offered"


async def test_how_long_somebody_waited_is_counted_from_their_arrival(built: TestHouse) -> None:
    await stop_time(built)
    contact = await built.waiting()
    await pass_time(built, 90, pages=[contact])
    person = await volunteer(built)
    await built.tick()

    await built.house.hall.accept(person, contact, 1)

    row = await built.contact(contact)
    assert row is not None
    assert row["waited_s"] == 90


# In conversation.


async def test_who_knows_the_person_gives_the_contact_back_and_is_never_asked_for_it_again(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await built.talking(person)
    before = await built.contact(contact)

    await built.house.hall.release(person, contact)
    await pass_time(built, 300, consoles=[person], pages=[contact])

    after = await built.contact(contact)
    assert before is not None
    assert after is not None
    assert (after["state"], after["enq"]) == ("queued", before["enq"])
    assert (await presence(built, person))["load"] == 0
    other = await volunteer(built, "bas")
    await beat(built, pages=[contact])
    await built.tick()
    found = await built.contact(contact)
    assert found is not None
    assert found["volunteer"] == other


async def test_after_abuse_nothing_is_offered_until_the_volunteer_is_there_again(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await built.talking(person)

    await built.house.hall.end_by_volunteer(person, contact, abuse=True)
    await built.settle()
    await built.house.hall.wrap_up(person, contact, {"nature": ["abuse"]}, pause=False)
    await built.settle()
    waiting = await built.waiting()
    await pass_time(built, 1200, consoles=[person], pages=[waiting])
    rested = await built.state(waiting)
    await built.house.consoles.set_state(person, "ready")
    await built.tick()

    assert rested == "queued"
    assert await built.state(waiting) == "offered"


async def test_only_who_has_the_conversation_ends_keeps_or_gives_it_back(
    built: TestHouse,
) -> None:
    person, stranger = await volunteer(built), await built.volunteer("bas")
    contact = await built.talking(person)
    hall = built.house.hall

    for order in (
        hall.end_by_volunteer(stranger, contact, abuse=True),
        hall.keep(stranger, contact),
        hall.release(stranger, contact),
        hall.wrap_up(stranger, contact, {}, pause=False),
        hall.check_has(stranger, contact),
    ):
        assert await refused(order) is Code.NOT_YOUR_CONTACT
    assert await built.state(contact) == "active"
    assert await built.owner.fetchval("select count(rest_until) from presence") == 0


async def test_a_conversation_that_ended_leaves_its_seat_taken_until_it_is_written_up(
    built: TestHouse,
) -> None:
    person = await volunteer(built, chats=1)
    contact = await built.talking(person)
    await built.house.hall.end_by_visitor(contact)
    await built.settle()
    waiting = await built.waiting()

    await built.tick()
    held = await built.state(waiting)
    await built.house.hall.wrap_up(person, contact, {}, pause=False)
    await built.tick()

    assert held == "queued"
    assert await built.state(waiting) == "offered"


# Leaving.


async def test_who_leaves_by_snel_weg_while_waiting_is_out_of_the_queue_at_once(
    built: TestHouse,
) -> None:
    person = await volunteer(built)
    contact = await offered(built, person)

    await built.house.hall.leave(contact)

    assert await built.state(contact) == "gone"
    assert (await presence(built, person))["load"] == 0
    assert not (await presence(built, person))["offered"]


async def test_who_leaves_by_snel_weg_while_talking_freezes_the_conversation_and_is_waited_for(
    built: TestHouse,
) -> None:
    person = await volunteer(built)
    contact = await built.talking(person)

    await built.house.hall.leave(contact)

    row = await built.contact(contact)
    assert row is not None
    assert (row["state"], row["frozen"], row["volunteer"]) == ("caller_away", True, person)


async def test_a_withdrawn_offer_is_not_counted_against_the_volunteer(built: TestHouse) -> None:
    person = await volunteer(built)
    contact = await offered(built, person)

    await built.house.hall.end_by_visitor(contact)
    other = await built.waiting()
    await built.tick()

    assert (await presence(built, person))["state"] == "ready"
    assert await built.state(other) == "offered"


async def test_what_is_closed_is_gone_for_every_order(built: TestHouse) -> None:
    contact = await built.waiting()
    await built.house.hall.end_by_visitor(contact)
    hall, somebody = built.house.hall, PersonId(new_id(built.house.tokens))

    for order in (
        hall.open_contact(contact),
        hall.heard(contact),
        hall.freeze(contact),
        hall.leave(contact),
        hall.end_by_visitor(contact),
        hall.wrap_up(somebody, contact, {}, pause=False),
    ):
        assert await refused(order) is Code.CONTACT_GONE


# Coming in.


async def test_when_the_line_is_full_a_new_one_is_told_so_and_those_who_wait_stay(
    built: TestHouse,
) -> None:
    most = built.house.settings.most_waiting
    await built.owner.executemany(
        "insert into contact (id, channel, language, state, arrived, enq, heard) values"
        " ($1, 'chat', 'nl', 'queued', line_now(), line_now(), line_now())",
        [(new_id(built.house.tokens),) for _each in range(most)],
    )

    assert await refused(built.house.chats.begin("nl", None)) is Code.LINE_FULL
    assert await built.owner.fetchval("select count(*) from contact") == most


async def test_an_old_queue_number_is_honoured(built: TestHouse) -> None:
    await built.waiting()
    early = await built.time.now() - timedelta(minutes=30)

    contact, _token = await built.house.chats.begin("nl", early)
    await built.house.hall.open_contact(contact)
    await volunteer(built)
    await built.tick()

    assert await built.state(contact) == "offered"


async def test_a_page_that_opens_twice_waits_once_at_its_first_number(built: TestHouse) -> None:
    contact = await built.waiting()
    first = await built.contact(contact)

    await built.house.hall.open_contact(contact)

    again = await built.contact(contact)
    assert first is not None
    assert again is not None
    assert (again["state"], again["enq"]) == ("queued", first["enq"])
    assert await built.owner.fetchval("select count(*) from contact") == 1


async def test_each_end_is_counted_and_kept_sealed_once(built: TestHouse) -> None:
    person = await volunteer(built)
    contact = await built.talking(person)
    await built.house.hall.end_by_visitor(contact)
    await built.house.hall.wrap_up(person, contact, {"nature": ["talk"]}, pause=False)
    with pytest.raises(Refusal):
        await built.house.hall.wrap_up(person, contact, {"nature": ["talk"]}, pause=False)
    await built.settle()

    assert await built.owner.fetchval("select count(*) from session_record") == 1
    await built.house.reporting.flush()
    counted = await built.owner.fetchval("select count from counter where kind = 'nature'")
    assert counted == 1
