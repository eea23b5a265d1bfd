"""Who has a conversation can read it, who has it no more cannot, and nobody waits for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from luisterlijn.dispatch.events import ContactAccepted, ContactQueuedAgain
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy.endtoend import Vouched, verify_member
from tests.support.talk import (
    any_id,
    epoch,
    give_keys,
    keyed,
    members,
    sealed_box,
    sealed_line,
    visitor_says,
    volunteer_says,
)

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import ContactId, PersonId
    from tests.support.house import TestHouse


async def refused(built: TestHouse, contact: ContactId, *boxes: tuple[UUID, int]) -> Code:
    """Give the code with which the boxes of the period that is now are refused."""
    period = (await members(built, contact)).version
    with pytest.raises(Refusal) as refusal:
        await built.house.chats.periods.give_keys(
            contact, period, [(member, of_period, sealed_box()) for member, of_period in boxes]
        )
    return refusal.value.code


async def boxes(built: TestHouse, contact: ContactId, person: PersonId) -> list[int]:
    """Give the periods of which this person can fetch the secret."""
    try:
        found = await built.house.chats.periods.keys(contact, person)
    except Refusal as refusal:
        assert refusal.code is Code.NOT_YOUR_CONTACT  # noqa: PT017 - refusing is one of two rights
        return []
    return [box.period for box in found.boxes]


async def test_the_page_sees_a_member_that_the_line_vouches_for(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    console = await built.ready(person)
    contact = await built.talking(person)

    found = await members(built, contact)

    [member] = found.present
    assert found.version == 1
    assert member.public_key == console.public
    assert member.member != person.hex
    vouched = Vouched(
        contact=contact.hex,
        epoch=await epoch(built, contact),
        member=member.member,
        public_key=console.public,
        until_at=member.until_at,
    )
    assert verify_member(built.house.chats.signer, vouched, member.signature)
    assert member.until_at > to_wire(await built.time.now())


async def test_a_member_fetches_the_secret_that_the_page_sealed(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact = await built.talking(person)
    [member] = (await members(built, contact)).present
    box = sealed_box()

    await built.house.chats.periods.give_keys(contact, 1, [(UUID(hex=member.member), 1, box)])

    keys = await built.house.chats.periods.keys(contact, person)
    assert keys.version == 1
    assert [(each.period, each.box, each.members) for each in keys.boxes] == [
        (1, box, [member.member])
    ]


async def test_a_secret_given_twice_stays_as_it_was_first(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, _period = await keyed(built, person)
    before = await built.house.chats.periods.keys(contact, person)

    await give_keys(built, contact)

    assert await built.house.chats.periods.keys(contact, person) == before


async def test_boxes_are_taken_for_all_members_of_this_period_and_for_nobody_else(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact = await built.talking(person)
    [member] = (await members(built, contact)).present
    here, stranger = UUID(hex=member.member), any_id()

    assert await refused(built, contact) is Code.BAD_REQUEST
    assert await refused(built, contact, (stranger, 1)) is Code.BAD_REQUEST
    assert await refused(built, contact, (here, 1), (stranger, 1)) is Code.BAD_REQUEST
    assert await refused(built, contact, (here, 2)) is Code.BAD_REQUEST
    assert await refused(built, contact, (here, 1), (here, 2)) is Code.BAD_REQUEST
    assert await refused(built, contact, (here, 1), (here, 0)) is Code.BAD_REQUEST
    assert await built.owner.fetchval("select count(*) from box") == 0


async def test_boxes_of_a_period_that_passed_are_refused(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact = await built.talking(person)
    [member] = (await members(built, contact)).present
    await built.ready(person)  # the console is opened elsewhere, with another key
    await built.settle()

    with pytest.raises(Refusal) as refusal:
        await built.house.chats.periods.give_keys(
            contact, 1, [(UUID(hex=member.member), 1, sealed_box())]
        )

    assert refusal.value.code is Code.KEY_PERIOD_PASSED
    assert await built.owner.fetchval("select count(*) from box") == 0


async def test_another_console_of_the_volunteer_begins_a_new_period(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)

    second = await built.ready(person)
    await built.settle()

    found = await members(built, contact)
    assert found.version == period + 1
    assert [each.public_key for each in found.present] == [second.public]
    assert await boxes(built, contact, person) == []
    await give_keys(built, contact, period)
    keys = await built.house.chats.periods.keys(contact, person)
    assert [(each.period, len(each.members)) for each in keys.boxes] == [(1, 0), (2, 1)]


async def test_the_same_console_that_comes_back_changes_nothing(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    console = await built.ready(person)
    contact, period = await keyed(built, person)

    await built.house.consoles.opened(person, console.public)
    await built.settle()

    assert (await members(built, contact)).version == period
    assert await boxes(built, contact, person) == [period]


async def test_who_released_a_conversation_reads_nothing_any_more(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    assert await boxes(built, contact, person) == [period]

    await built.house.hall.release(person, contact)
    await built.settle()

    assert (await members(built, contact)).present == []
    assert await boxes(built, contact, person) == []
    assert await built.owner.fetchval("select count(*) from box") == 0
    with pytest.raises(Refusal) as refusal:
        await built.house.hall.check_has(person, contact)
    assert refusal.value.code is Code.NOT_YOUR_CONTACT


async def test_a_successor_gets_the_earlier_secrets_and_reads_from_the_first_line(
    built: TestHouse,
) -> None:
    person, next_one = await built.volunteer("anja"), await built.volunteer("bas")
    await built.ready(person)
    contact, period = await keyed(built, person)
    await visitor_says(built, contact, sealed_line(period))
    await built.ready(next_one)
    await built.house.hall.release(person, contact)
    await built.tick()
    await built.house.hall.accept(next_one, contact, await epoch(built, contact))
    await built.settle()

    fresh = await give_keys(built, contact, period)

    assert fresh == period + 2  # one left, one came
    assert await boxes(built, contact, next_one) == [period, fresh]
    assert await boxes(built, contact, person) == []
    assert [line.seq for line in (await built.house.chats.lines(contact, 0)).lines] == [1]
    assert await volunteer_says(built, contact, next_one, sealed_line(fresh)) == 2


async def test_a_page_that_is_there_and_gives_no_secret_costs_its_volunteer_not_its_place(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact = await built.talking(person)
    before = await built.contact(contact)

    await built.time.advance(29)
    await built.house.hall.heard(contact)
    await built.house.chats.sweep()
    assert await built.state(contact) == "active"
    await built.time.advance(1.5)
    await built.house.chats.sweep()
    await built.settle()

    after = await built.contact(contact)
    assert before is not None
    assert after is not None
    assert (after["state"], after["volunteer"]) == ("queued", None)
    assert after["enq"] == before["enq"]
    assert after["epoch"] == before["epoch"] + 1
    assert (await members(built, contact)).present == []
    assert await built.owner.fetchval("select load from presence") == 0


async def test_a_page_that_is_away_keeps_its_volunteer_while_the_secret_is_late(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact = await built.talking(person)

    await built.time.advance(31)
    await built.house.rounds.sweep()  # its heartbeats are missing: the page is away
    await built.house.chats.sweep()
    await built.settle()

    row = await built.contact(contact)
    assert row is not None
    assert row["volunteer"] == person
    assert row["caller_up"] is False
    assert len((await members(built, contact)).present) == 1
    assert await give_keys(built, contact) == 1


async def test_an_acceptance_heard_twice_opens_one_period(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    again = ContactAccepted(contact=contact, channel="chat", by=person, epoch=1, waited_s=0)

    async with built.house.database.transaction(LINE) as tx:
        await built.house.chats.periods.connect(tx, again)

    assert (await members(built, contact)).version == period
    assert await boxes(built, contact, person) == [period]


async def test_an_acceptance_heard_after_the_volunteer_lost_it_lets_nobody_in(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact = await built.waiting()
    await built.house.rounds.round()
    await built.house.hall.accept(person, contact, await epoch(built, contact))
    await built.house.hall.release(person, contact)  # before the relay told of the acceptance

    await built.settle()

    found = await members(built, contact)
    assert (found.version, found.present) == (0, [])
    assert await built.state(contact) == "queued"


async def test_a_loss_heard_late_does_not_shut_out_who_has_it_again(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    late = ContactQueuedAgain(contact=contact, channel="chat", lost=person, was_talking=False)

    async with built.house.database.transaction(LINE) as tx:
        await built.house.chats.periods.let_out(tx, late)

    assert (await members(built, contact)).version == period
    assert await boxes(built, contact, person) == [period]


async def test_events_of_a_conversation_that_is_over_do_no_harm(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, _period = await keyed(built, person)
    await built.house.hall.end_by_visitor(contact)
    await built.settle()

    async with built.house.database.transaction(LINE) as tx:
        periods = built.house.chats.periods
        accepted = ContactAccepted(contact=contact, channel="chat", by=person, epoch=1, waited_s=0)
        await periods.connect(tx, accepted)
        await periods.let_out(
            tx, ContactQueuedAgain(contact=contact, channel="chat", lost=person, was_talking=True)
        )

    assert await built.owner.fetchval("select count(*) from member") == 0
    assert await built.state(contact) == "wrapup"
