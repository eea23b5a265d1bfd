"""What the hall says happened, heard late, twice, or about a call that is gone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.dispatch.events import ContactGone, ContactQueuedAgain, ConversationEnded
from luisterlijn.kernel.scope import LINE
from luisterlijn.telephony.limits import Caller
from tests.support.telephones import JO, together

if TYPE_CHECKING:
    from tests.support.telephones import Telephones


async def test_a_queueing_again_that_is_heard_late_cuts_nobody_off(phones: Telephones) -> None:
    anna, contact, caller, leg = await together(phones)
    late = ContactQueuedAgain(contact=contact, channel="phone", lost=anna, was_talking=True)
    async with phones.built.house.database.transaction(LINE) as tx:
        await phones.room.listening.queued_again(tx, late)
    await phones.go(3)

    assert caller.room is not None
    assert leg.room is caller.room


async def test_an_end_heard_twice_is_one_goodbye_and_one_conversation(phones: Telephones) -> None:
    anna, contact, caller, _leg = await together(phones)
    await phones.built.time.advance(300)
    await phones.built.house.hall.end_by_volunteer(anna, contact, abuse=False)
    event = ConversationEnded(
        contact=contact, channel="phone", volunteer=anna, reason="ended_by_volunteer"
    )
    async with phones.built.house.database.transaction(LINE) as tx:
        await phones.room.listening.ended(tx, event)
    await phones.go(10)

    house = phones.built.house
    now = house.clock.now()
    assert phones.heard(caller).count("goodbye") == 1
    assert phones.room.limits.had(Caller(house.pseudonyms.of(JO, now), None), now) == 1


async def test_the_third_conversation_of_a_day_hears_that_one_is_left(phones: Telephones) -> None:
    house = phones.built.house
    anna, contact, caller, _leg = await together(phones)
    now = house.clock.now()
    me = Caller(house.pseudonyms.of(JO, now), None)
    for _earlier in (1, 2):
        phones.room.limits.began(contact, me, now)
        phones.room.limits.ended(contact, timedelta(minutes=5), now)
        phones.room.limits.closed(contact)
    phones.room.limits.began(contact, me, now)
    await phones.built.time.advance(300)
    await house.hall.end_by_volunteer(anna, contact, abuse=False)
    await phones.go(12)

    assert phones.heard(caller)[-2:] == ["third-conversation", "goodbye"]


async def test_who_abused_somebody_is_not_given_to_them_within_the_hour(
    phones: Telephones,
) -> None:
    anna, contact, caller, _leg = await together(phones)
    await phones.built.house.hall.end_by_volunteer(anna, contact, abuse=True)
    await phones.go(12)
    assert caller.over
    await phones.built.house.hall.wrap_up(anna, contact, {"nature": ["abuse"]}, pause=False)
    await phones.built.house.consoles.set_state(anna, "ready")
    await phones.caller(JO)
    await phones.caller("+31687654321")
    await phones.go(3)

    offered = await phones.built.owner.fetch(
        "select c.state, e.volunteer from contact c left join exclusion e on e.contact = c.id"
    )
    assert sorted((row["state"], row["volunteer"]) for row in offered) == [
        ("offered", None),
        ("queued", anna),
    ]


async def test_a_silent_call_is_taken_out_of_the_count(phones: Telephones) -> None:
    _anna, contact, _caller, _leg = await together(phones)
    house = phones.built.house
    now = house.clock.now()
    me = Caller(house.pseudonyms.of(JO, now), None)
    phones.room.limits.ended(contact, timedelta(minutes=5), now)
    phones.room.listening.gone(ContactGone(contact=contact, channel="phone", nature="silent"))

    assert phones.room.limits.had(me, now) == 0
