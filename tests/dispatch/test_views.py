"""What a screen shows of a call, a hand-over, and a rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.dispatch.handing import Handing
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy.redaction import Secret
from tests.support.hall import calling
from tests.support.hours import beat, stop_time

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_a_hand_over_shows_on_both_screens(built: TestHouse) -> None:
    await stop_time(built)
    anna = await built.volunteer("anna")
    await built.ready(anna)
    contact = await built.talking(anna)
    bea = await built.volunteer("bea")
    await built.ready(bea)
    await Handing(built.house.database, built.house.hall).hand_over(anna, contact, bea)

    asker = await built.house.consoles.snapshot(anna)
    asked = await built.house.consoles.snapshot(bea)
    assert asker.contacts[0].handing is not None
    assert asker.contacts[0].handing.alias == asked.alias
    assert asked.offer is not None
    assert asked.offer.from_alias == asker.alias


async def test_a_heavy_conversation_shows_a_rest_that_only_the_person_ends(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anna = await built.volunteer("anna")
    await built.ready(anna)
    contact = await built.talking(anna)
    await built.house.hall.end_by_volunteer(anna, contact, abuse=False)
    await built.house.hall.wrap_up(anna, contact, {"nature": ["talk"]}, heaviness=4, pause=False)
    rests = (await built.house.consoles.snapshot(anna)).presence
    await built.house.consoles.set_state(anna, "ready")
    back = (await built.house.consoles.snapshot(anna)).presence

    assert (rests.state, rests.care_until_at is not None) == ("after_care", True)
    assert (back.state, back.care_until_at) == ("ready", None)


async def test_a_conversation_of_45_minutes_shows_a_rest_however_light_it_was(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anna = await built.volunteer("anna", channels=("phone",))
    await built.ready(anna)
    for minutes, state in ((44, "ready"), (45, "after_care")):
        await beat(built, consoles=(anna,))
        contact = await calling(built)
        await built.house.rounds.round()
        await built.house.hall.accept(anna, contact, 1)
        await built.time.advance(minutes * 60)
        await built.house.hall.end_by_visitor(contact)
        await built.time.advance(120)
        await built.house.hall.wrap_up(anna, contact, {}, heaviness=1, pause=False)

        assert (await built.house.consoles.snapshot(anna)).presence.state == state


async def test_a_light_short_conversation_asks_for_no_rest(built: TestHouse) -> None:
    anna = await built.volunteer("anna")
    await built.ready(anna)
    contact = await built.talking(anna)
    await built.house.hall.end_by_volunteer(anna, contact, abuse=False)
    await built.house.hall.wrap_up(anna, contact, {"nature": ["talk"]}, heaviness=3, pause=False)

    assert (await built.house.consoles.snapshot(anna)).presence.state == "ready"


async def test_an_own_phone_is_said_to_be_there_and_its_number_never(built: TestHouse) -> None:
    anna = await built.volunteer("anna", channels=("phone",))
    await built.ready(anna)
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.set_phone(tx, anna, Secret("+3197010000001"))
    await built.house.consoles.take_calls(anna, "own")
    shown = await built.house.consoles.snapshot(anna)

    assert (shown.presence.has_own_phone, shown.presence.phone_at) == (True, "own")
    assert "97010000001" not in str(shown)
