"""A request for help by telephone: whose phone rings, what keys do, a talk without a caller."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from luisterlijn.coaching.events import HelpRinging, HelpSettled, TalkAsked
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy.redaction import Secret
from luisterlijn.telephony import store
from luisterlijn.telephony.legs import Kind, LegState
from tests.support.coaching import KEY, coach, later, request, stand_in, trail
from tests.support.telephones import ANNA, JO, together

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.simulation.exchange_parts import Leg
    from tests.support.telephones import Telephones

ADA, CORA = "+3197010000011", "+3197010000012"


async def own_phone(phones: Telephones, person: PersonId, number: str) -> PersonId:
    """Give somebody a number of their own."""
    house = phones.built.house
    async with house.database.transaction(LINE) as tx:
        await house.accounts.set_phone(tx, person, Secret(number))
    return person


async def ada(
    phones: Telephones, *, order: int = 1, name: str = "ada", number: str = ADA
) -> PersonId:
    """Give a coach at home, on duty."""
    return await own_phone(phones, await coach(phones.built, name, order=order), number)


async def waits(phones: Telephones, seconds: float) -> None:
    """Let the line's time pass, and all that comes of it."""
    await later(phones.built, seconds)
    await phones.go()


async def asked(phones: Telephones, *, urgent: bool = False) -> UUID:
    """Let Anna, in a call, ask for help; it rings the first phone."""
    anna, contact, _caller, _leg = await together(phones)
    made = await phones.built.house.coaching.ask(anna, contact, urgent=urgent)
    await waits(phones, 15)
    return made


async def picks_up(phones: Telephones, number: str) -> Leg:
    """Let somebody whose phone rings pick up and listen for a moment."""
    [leg] = [each for each in phones.ringing() if each.to == number]
    phones.exchange.answer(leg)
    await phones.go(1)
    return leg


async def press(phones: Telephones, leg: Leg, *keys: str) -> None:
    """Press keys one after another, and hear what they bring."""
    for key in keys:
        phones.exchange.press(leg, key)
        await phones.go(3)


# Who is rung.


async def test_nobody_took_it_in_the_consoles_so_a_phone_rings_and_a_key_takes_it(
    phones: Telephones,
) -> None:
    person = await ada(phones)
    made = await asked(phones)
    leg = await picks_up(phones, ADA)
    before = (await request(phones.built, made))["state"]
    await press(phones, leg, "1")

    row = await request(phones.built, made)
    assert before == "calling"
    assert (row["state"], row["taken_by"]) == ("taken", person)
    assert phones.heard(leg)[:2] == ["help", "help-ways"]


async def test_an_urgent_request_is_said_to_be_urgent(phones: Telephones) -> None:
    await ada(phones)
    await asked(phones, urgent=True)

    assert phones.heard(await picks_up(phones, ADA)) == ["help-urgent"]


@pytest.mark.parametrize("how", ["busy", "no-answer", "failed"])
async def test_a_phone_that_is_not_answered_lets_the_next_one_ring_at_once(
    phones: Telephones, how: str
) -> None:
    await ada(phones)
    await ada(phones, order=2, name="ben", number=CORA)
    await asked(phones)
    [first] = phones.ringing()
    phones.exchange.refuse(first, how)
    await phones.go()

    assert first.to == ADA
    assert [each.to for each in phones.ringing()] == [CORA]


async def test_a_machine_that_answers_takes_nothing_and_the_next_one_rings(
    phones: Telephones,
) -> None:
    await ada(phones)
    await own_phone(phones, await stand_in(phones.built), CORA)
    made = await asked(phones)
    await picks_up(phones, ADA)
    await phones.go(20)

    assert (await request(phones.built, made))["state"] == "calling"
    assert [each.to for each in phones.ringing()] == [CORA]


async def test_after_the_last_phone_nobody_rings_and_it_is_said(phones: Telephones) -> None:
    await ada(phones)
    made = await asked(phones)
    await waits(phones, 26)

    assert (await request(phones.built, made))["state"] == "nobody"
    assert phones.ringing() == []


async def test_a_request_that_is_taken_in_a_console_rings_no_more(phones: Telephones) -> None:
    await ada(phones)
    ben = await coach(phones.built, "ben", order=2)
    made = await asked(phones)
    [ringing] = phones.ringing()
    await phones.built.house.coaching.take(ben, made)
    await phones.go()

    assert ringing.over


async def test_who_picked_up_and_decides_hears_that_somebody_was_quicker(
    phones: Telephones,
) -> None:
    await ada(phones)
    ben = await coach(phones.built, "ben", order=2)
    made = await asked(phones)
    leg = await picks_up(phones, ADA)
    await phones.built.house.coaching.take(ben, made)
    await phones.go(10)

    assert phones.heard(leg)[-1] == "help-over"
    assert leg.over


async def test_a_key_that_comes_too_late_takes_nothing(phones: Telephones) -> None:
    await ada(phones)
    ben = await coach(phones.built, "ben", order=2)
    made = await asked(phones)
    leg = await picks_up(phones, ADA)
    await phones.built.house.coaching.take(ben, made)
    phones.exchange.press(leg, "1")
    await phones.go(6)

    assert (await request(phones.built, made))["taken_by"] == ben
    assert phones.heard(leg)[-1] == "help-over"


async def test_a_request_that_is_taken_back_lets_go_who_chooses(phones: Telephones) -> None:
    await ada(phones)
    made = await asked(phones)
    leg = await picks_up(phones, ADA)
    await press(phones, leg, "1")
    anna = (await request(phones.built, made))["person"]
    await phones.built.house.coaching.withdraw(anna, made)
    await phones.go(8)

    assert phones.heard(leg)[-1] == "help-over"
    assert leg.over


async def test_news_that_is_old_or_told_twice_rings_nobody(phones: Telephones) -> None:
    person = await ada(phones)
    made = await asked(phones)
    helping = phones.room.helping
    async with phones.built.house.database.transaction(LINE) as tx:
        await helping.ringing(tx, HelpRinging(request=made, person=person, until_at=0))
    await phones.go()
    twice = len(phones.ringing())
    async with phones.built.house.database.transaction(LINE) as tx:
        await helping.settled(tx, HelpSettled(request=made))  # of an earlier phone
    await phones.go()
    spared = len(phones.ringing())
    await waits(phones, 26)
    async with phones.built.house.database.transaction(LINE) as tx:
        await helping.ringing(tx, HelpRinging(request=made, person=person, until_at=0))
    await phones.go()

    assert (twice, spared, len(phones.ringing())) == (1, 1, 0)


async def test_who_took_it_and_presses_nothing_is_asked_again_and_stays(
    phones: Telephones,
) -> None:
    await ada(phones)
    await asked(phones)
    leg = await picks_up(phones, ADA)
    await press(phones, leg, "1")
    await phones.go(60)
    await press(phones, leg, "7")

    assert phones.heard(leg).count("help-ways") > 2
    assert not leg.over


# Into the call.


@pytest.mark.parametrize(
    ("key", "mode", "muted", "whispers", "held"),
    [
        ("1", "alone", False, False, True),
        ("2", "listen", True, False, False),
        ("3", "whisper", False, True, False),
        ("4", "join", False, False, False),
    ],
)
async def test_a_second_key_says_how_to_help(
    phones: Telephones, key: str, mode: str, *, muted: bool, whispers: bool, held: bool
) -> None:
    await ada(phones)
    await asked(phones)
    [caller] = [each for each in phones.exchange.legs.values() if each.sender == JO]
    [anna] = [each for each in phones.exchange.legs.values() if each.to == ANNA]
    leg = await picks_up(phones, ADA)
    await press(phones, leg, "1", key)
    await phones.go(4)

    assert phones.talking() == [{JO, ANNA, ADA}]
    assert (leg.muted, leg.coaches) == (muted, anna.sid if whispers else "")
    assert caller.hold is held
    assert ("coach-joins" in phones.heard(caller)) is not held
    [row] = await phones.built.owner.fetch("select mode, role from joining")
    assert tuple(row) == (mode, "coach")


# A talk without a caller.


async def chats(phones: Telephones) -> tuple[PersonId, UUID]:
    """Let Bea, who has a chat and a phone of her own, ask for help; it rings Ada's phone."""
    bea = await own_phone(phones, await phones.built.volunteer("bea"), ANNA)
    await phones.built.ready(bea)
    await phones.built.house.consoles.take_calls(bea, "own")
    contact = await phones.built.talking(bea)
    made = await phones.built.house.coaching.ask(bea, contact, urgent=False)
    await waits(phones, 15)
    return bea, made


async def test_beside_a_chat_a_key_brings_coach_and_volunteer_together(phones: Telephones) -> None:
    person = await ada(phones)
    await chats(phones)
    leg = await picks_up(phones, ADA)
    await press(phones, leg, "1")
    heard = phones.heard(leg)[-1]
    await press(phones, leg, "2", "1")
    other = await picks_up(phones, ANNA)
    await press(phones, other, "1")

    assert heard == "help-alone"
    assert phones.heard(other)[:1] == ["comes-in"]
    assert phones.talking() == [{ANNA, ADA}]
    assert ("joined", person) in await trail(phones.built)


async def test_when_one_of_two_hangs_up_the_talk_is_over_for_both(phones: Telephones) -> None:
    person = await ada(phones)
    await chats(phones)
    leg = await picks_up(phones, ADA)
    await press(phones, leg, "1", "1")
    other = await picks_up(phones, ANNA)
    await press(phones, other, "1")
    phones.exchange.hang_up(other)
    await phones.go(3)

    assert leg.over
    assert await phones.built.owner.fetchval("select count(*) from joining") == 0
    assert (await trail(phones.built))[-1] == ("line-gone", person)


async def test_a_talk_in_which_the_other_does_not_pick_up_is_over(phones: Telephones) -> None:
    await ada(phones)
    await chats(phones)
    leg = await picks_up(phones, ADA)
    await press(phones, leg, "1", "1")
    await phones.go(20)

    assert leg.over
    assert await phones.built.owner.fetchval("select count(*) from joining") == 0


async def test_who_leaves_a_talk_in_the_console_ends_it(phones: Telephones) -> None:
    person = await ada(phones)
    await chats(phones)
    leg = await picks_up(phones, ADA)
    await press(phones, leg, "1", "1")
    joining = await phones.built.owner.fetchval("select id from joining")
    await phones.built.house.coaching.joinings.leave(person, joining)
    await phones.go(3)

    assert leg.over


async def test_who_asked_outside_a_conversation_can_be_spoken_with(phones: Telephones) -> None:
    person = await ada(phones)
    bea = await own_phone(phones, await phones.built.volunteer("bea"), ANNA)
    await phones.built.ready(bea)
    await phones.built.house.consoles.take_calls(bea, "own")
    made = await phones.built.house.coaching.ask(bea, None, urgent=False)
    await waits(phones, 15)
    leg = await picks_up(phones, ADA)
    await press(phones, leg, "1", "1")
    other = await picks_up(phones, ANNA)
    await press(phones, other, "1")
    together_then = phones.talking()
    async with phones.built.house.database.transaction(LINE) as tx:
        again = TalkAsked(request=made, coach=person, person=bea)
        await phones.room.helping.talk(tx, made, again.coach, again.person)
    await phones.go(3)

    assert together_then == [{ANNA, ADA}]
    assert phones.ringing() == []
    phones.exchange.hang_up(leg)
    await phones.go(3)
    assert other.over


async def test_a_coach_at_a_screen_is_rung_there(phones: Telephones) -> None:
    person = await coach(phones.built, "ada")
    _bea, made = await chats(phones)
    await phones.built.house.coaching.take(person, made, KEY)
    await phones.built.house.coaching.join(person, made, "alone", KEY)
    await phones.go()

    assert sorted(each.to[:7] for each in phones.ringing()) == [ANNA[:7], "client:"]


async def test_a_key_or_end_that_is_told_late_takes_nobody_out_of_the_call_again(
    phones: Telephones,
) -> None:
    await ada(phones)
    await asked(phones)
    leg = await picks_up(phones, ADA)
    await press(phones, leg, "1")
    before = await phones.built.owner.fetchval("select id from leg where kind = 'helper'")
    await press(phones, leg, "2")
    await phones.go(4)
    async with phones.built.house.database.transaction(LINE) as tx:
        stored = await store.leg(tx, before)
        assert stored is not None
        late = replace(
            stored,
            contact=None,
            leg=replace(stored.leg, kind=Kind.HELPER, state=LegState.WAITING, mode=None),
        )
        await phones.room.helping.pressed(tx, late, "2")
        apart = await phones.room.helping.hung_up(tx, late)
    await phones.go(4)

    assert not apart

    assert phones.talking() == [{JO, ANNA, ADA}]
    [row] = await phones.built.owner.fetch("select kind, contact from leg where id = $1", before)
    assert (row["kind"], row["contact"]) == ("coach", await phones.contact())
