"""Rounds and timers on a real database, with a clock that the test moves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from luisterlijn.dispatch import rounds
from luisterlijn.dispatch.model import Contact, State
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import ContactId, PersonId
from tests.support.hours import beat, pass_time, stop_time

if TYPE_CHECKING:
    import asyncpg

    from tests.support.house import TestHouse

NIGHT = datetime(2026, 3, 14, 3, tzinfo=UTC)


async def volunteer(built: TestHouse, name: str = "anja", **fields: Any) -> PersonId:
    person = await built.volunteer(name, **fields)
    await built.ready(person)
    return person


async def row(built: TestHouse, contact: ContactId) -> asyncpg.Record:
    found = await built.contact(contact)
    assert found is not None
    return found


async def presence(built: TestHouse, person: PersonId) -> asyncpg.Record:
    found = await built.owner.fetchrow("select * from presence where person = $1", person)
    assert found is not None
    return found


# Offers.


async def test_who_waits_is_offered_to_who_is_free_in_the_next_round(built: TestHouse) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await built.waiting()

    await built.tick()

    found = await row(built, contact)
    assert (found["state"], found["volunteer"], found["epoch"]) == ("offered", person, 1)
    assert (found["deadline"] - await built.time.now()).total_seconds() == 20
    assert (await presence(built, person))["load"] == 1


async def test_an_offer_nobody_answers_lapses_after_20_s_and_costs_the_chatter_no_place(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await built.waiting()
    await built.tick()
    number = (await row(built, contact))["enq"]

    await pass_time(built, 19, consoles=[person], pages=[contact])
    assert (await row(built, contact))["state"] == "offered"
    await pass_time(built, 1, consoles=[person], pages=[contact])

    found = await row(built, contact)
    assert (found["state"], found["enq"], found["epoch"]) == ("queued", number, 2)
    gone = await presence(built, person)
    assert (gone["state"], gone["load"], gone["offered"]) == ("away", 0, False)


async def test_who_missed_an_offer_is_not_asked_for_that_contact_again_but_for_others(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await volunteer(built)
    missed = await built.waiting()
    await built.tick()
    await pass_time(built, 20, consoles=[person], pages=[missed])

    await built.house.consoles.set_state(person, "ready")
    await pass_time(built, 120, consoles=[person], pages=[missed])
    assert await built.state(missed) == "queued"
    other = await built.waiting()
    await built.tick()

    assert (await row(built, other))["volunteer"] == person


async def test_who_missed_an_offer_costs_nobody_else_a_turn(built: TestHouse) -> None:
    await stop_time(built)
    await volunteer(built, "anja")
    contact = await built.waiting()
    await built.tick()
    bas = await volunteer(built, "bas")

    await pass_time(built, 20, consoles=[bas], pages=[contact])

    assert (await row(built, contact))["volunteer"] == bas


async def test_an_offer_that_lapsed_cannot_be_taken_any_more(built: TestHouse) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await built.waiting()
    await built.tick()

    await built.time.advance(20)
    with pytest.raises(Refusal) as late:
        await built.house.hall.accept(person, contact, 1)
    await built.tick()
    with pytest.raises(Refusal) as later:
        await built.house.hall.accept(person, contact, 1)

    assert (late.value.code, later.value.code) == (Code.OFFER_GONE, Code.OFFER_GONE)


async def test_a_volunteer_is_asked_for_one_contact_at_a_time_up_to_the_own_limit(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await volunteer(built, chats=2)
    contacts = []
    for _each in range(3):
        contacts.append(await built.waiting())
        await built.time.advance(0.1)

    for taken in contacts[:2]:
        await built.tick()
        assert await built.owner.fetchval("select count(*) from offer where state = 'open'") == 1
        await built.house.hall.accept(person, taken, (await row(built, taken))["epoch"])
    await built.tick()

    assert await built.state(contacts[2]) == "queued"


async def test_nobody_is_offered_what_they_do_not_speak(built: TestHouse) -> None:
    await stop_time(built)
    await volunteer(built, languages=("nl",))
    contact = await built.waiting("en")

    await built.tick()

    assert await built.state(contact) == "queued"


# Proof before an offer.


async def test_a_page_not_heard_for_3_s_proves_within_3_s_that_it_is_there_before_an_offer(
    built: TestHouse,
) -> None:
    await stop_time(built)
    contact = await built.waiting()
    await built.time.advance(4)
    person = await volunteer(built)

    await built.tick()
    asked = await row(built, contact)
    assert (asked["state"], asked["probe_until"] is not None) == ("queued", True)
    await built.house.hall.heard(contact)
    await built.tick()

    found = await row(built, contact)
    assert (found["volunteer"], found["probe_until"]) == (person, None)


async def test_a_page_that_does_not_prove_itself_is_passed_over_and_keeps_its_place(
    built: TestHouse,
) -> None:
    await stop_time(built)
    silent = await built.waiting()
    await built.time.advance(4)
    later = await built.waiting()
    person = await volunteer(built)

    await built.tick()
    assert await built.state(later) == "queued"
    await pass_time(built, 3, consoles=[person], pages=[later])

    assert (await row(built, later))["volunteer"] == person
    kept = await row(built, silent)
    assert (kept["state"], kept["caller_up"]) == ("queued", False)


async def test_a_silent_page_that_comes_back_within_15_minutes_is_first_again(
    built: TestHouse,
) -> None:
    await stop_time(built)
    silent = await built.waiting()
    await pass_time(built, 60)
    others = [await built.waiting() for _each in range(2)]
    await pass_time(built, 12 * 60, pages=others)
    assert (await row(built, silent))["state"] == "queued"

    await beat(built, pages=[silent, *others])
    person = await volunteer(built)
    await built.tick()

    assert (await row(built, silent))["volunteer"] == person


async def test_a_waiting_page_silent_for_15_minutes_is_given_up(built: TestHouse) -> None:
    await stop_time(built)
    silent = await built.waiting()

    await pass_time(built, 15 * 60 - 1)
    assert await built.state(silent) == "queued"
    await pass_time(built, 1)

    assert await built.state(silent) == "gone"


# A volunteer who vanishes.


async def test_a_volunteer_who_vanishes_costs_32_s_at_most_and_not_the_place(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anja = await volunteer(built, "anja")
    contact = await built.talking(anja)
    number = (await row(built, contact))["enq"]
    bas = await volunteer(built, "bas")
    later = await built.waiting()
    await built.tick()
    await built.house.hall.accept(bas, later, 1)
    await built.house.consoles.set_limit(bas, 2)

    for _each in range(11):
        await pass_time(built, 1, consoles=[bas], pages=[contact, later])
    told = await row(built, contact)
    for _each in range(20):
        await pass_time(built, 1, consoles=[bas], pages=[contact, later])

    assert (told["state"], told["volunteer"]) == ("volunteer_away", anja)
    found = await row(built, contact)
    assert (found["state"], found["volunteer"], found["enq"]) == ("offered", bas, number)
    assert found["epoch"] > told["epoch"]
    gone = await presence(built, anja)
    assert (gone["state"], gone["load"]) == ("away", 0)


async def test_a_volunteer_back_within_30_s_goes_on_with_the_same_conversation(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await built.talking(person)

    await pass_time(built, 25, pages=[contact])
    away = await row(built, contact)
    await pass_time(built, 1, consoles=[person], pages=[contact])

    found = await row(built, contact)
    assert away["state"] == "volunteer_away"
    assert (found["state"], found["volunteer"]) == ("active", person)
    assert (found["epoch"], found["deadline"]) == (away["epoch"], None)


async def test_the_only_volunteer_who_comes_back_too_late_may_be_asked_again(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await built.talking(person)
    await pass_time(built, 40, pages=[contact])
    assert await built.state(contact) == "queued"

    await built.house.consoles.set_state(person, "ready")
    await beat(built, pages=[contact])
    await built.tick()

    found = await row(built, contact)
    assert (found["state"], found["volunteer"]) == ("offered", person)


def test_a_silence_seen_of_one_volunteer_is_not_held_against_who_has_the_contact_by_now() -> None:
    anja, bas = PersonId(UUID(int=1)), PersonId(UUID(int=2))
    contact = Contact(
        id=ContactId(UUID(int=9)),
        channel="chat",
        state=State.ACTIVE,
        epoch=3,
        enq=NIGHT,
        heard=NIGHT,
        volunteer=bas,
    )

    # What the sweep hands to the hall, which asks it under the contact's lock.
    of_anja = rounds._console_silent(anja, NIGHT)  # noqa: SLF001
    of_bas = rounds._console_silent(bas, NIGHT)  # noqa: SLF001

    assert of_anja(contact, NIGHT) == contact
    assert of_bas(contact, NIGHT).state is State.VOLUNTEER_AWAY


# A visitor who vanishes.


async def test_after_120_s_the_volunteer_is_asked_and_keeps_the_place_for_15_minutes(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await built.talking(person)
    await pass_time(built, 119, consoles=[person])
    early = await row(built, contact)
    await pass_time(built, 1, consoles=[person])
    asked = await row(built, contact)

    await built.house.hall.keep(person, contact)
    await pass_time(built, 12 * 60, consoles=[person])
    await pass_time(built, 5, consoles=[person], pages=[contact])

    assert (early["state"], early["asked"]) == ("caller_away", False)
    assert (asked["state"], asked["asked"]) == ("caller_away", True)
    back = await row(built, contact)
    assert (back["state"], back["volunteer"], back["epoch"]) == ("active", person, asked["epoch"])
    assert not back["kept"]


async def test_a_visitor_who_never_comes_back_is_given_up_after_15_minutes(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await built.talking(person)
    await pass_time(built, 121, consoles=[person])
    await built.house.hall.keep(person, contact)

    await pass_time(built, 15 * 60 - 121, consoles=[person])

    found = await row(built, contact)
    assert (found["state"], found["reason"]) == ("wrapup", "caller_gone")


async def test_who_was_away_when_the_offer_was_taken_is_waited_for_and_not_for_ever(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await volunteer(built)
    contact = await built.waiting()
    await built.tick()
    await pass_time(built, 12, consoles=[person])

    await built.house.hall.accept(person, contact, 1)
    await pass_time(built, 110, consoles=[person])

    found = await row(built, contact)
    assert (found["state"], found["asked"]) == ("caller_away", True)


# The node itself.


async def test_a_page_that_never_opened_is_given_up_after_a_minute(built: TestHouse) -> None:
    await stop_time(built)
    contact, _token = await built.house.chats.begin("nl", None)

    await pass_time(built, 60)

    assert await built.state(contact) == "gone"


async def test_one_contact_that_cannot_be_closed_holds_up_nobody_elses_time(
    built: TestHouse,
) -> None:
    await stop_time(built)
    broken = await built.waiting()
    await built.time.advance(1)
    other = await built.waiting()
    await built.owner.execute(
        "create function stuck() returns trigger language plpgsql as"
        " $$ begin raise exception 'stuck'; end $$"
    )
    await built.owner.execute(
        "create trigger stuck before delete on contact for each row"
        f" when (old.id = '{broken}') execute function stuck()"
    )

    await pass_time(built, 15 * 60)

    assert await built.state(broken) == "queued"
    assert await built.state(other) == "gone"
