"""A hand-over is an offer that can be refused; until a yes, nothing changes for the other end."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.dispatch.handing import Handing
from luisterlijn.kernel.errors import Refusal
from tests.support.hall import calling, told
from tests.support.hours import pass_time, stop_time

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import ContactId, PersonId
    from tests.support.house import TestHouse


def handing(built: TestHouse) -> Handing:
    return Handing(built.house.database, built.house.hall)


async def two(built: TestHouse) -> tuple[PersonId, PersonId, ContactId]:
    """Give who has a chat, a colleague who is ready, and the chat."""
    await stop_time(built)
    anna = await built.volunteer("anna")
    await built.ready(anna)
    contact = await built.talking(anna)
    bea = await built.volunteer("bea")
    await built.ready(bea)
    return anna, bea, contact


async def loads(built: TestHouse) -> dict[PersonId, tuple[int, bool]]:
    rows = await built.owner.fetch("select person, load, offered from presence")
    return {row["person"]: (row["load"], row["offered"]) for row in rows}


async def test_a_colleague_who_says_yes_has_the_conversation_and_the_other_has_room(
    built: TestHouse,
) -> None:
    anna, bea, contact = await two(built)
    await handing(built).hand_over(anna, contact, bea)
    asked = await built.contact(contact)
    await built.house.hall.accept(bea, contact, 2)
    after = await built.contact(contact)

    assert asked is not None
    assert after is not None
    assert (asked["state"], asked["volunteer"], asked["epoch"]) == ("active", anna, 1)
    assert (after["state"], after["volunteer"], after["epoch"]) == ("active", bea, 2)
    assert after["enq"] == asked["enq"]
    assert await loads(built) == {anna: (0, False), bea: (1, False)}


@pytest.mark.parametrize("how", ["refused", "too late"])
async def test_a_no_or_silence_leaves_the_conversation_where_it_is(
    built: TestHouse, how: str
) -> None:
    anna, bea, contact = await two(built)
    await handing(built).hand_over(anna, contact, bea)
    if how == "refused":
        await built.house.hall.decline(bea, contact, 2)
    else:
        await built.time.advance(21)
        await built.owner.execute("update contact set heard = line_now()")
        await built.owner.execute("update presence set heard = line_now()")
        await built.house.rounds.sweep()
    after = await built.contact(contact)

    assert after is not None
    assert (after["state"], after["volunteer"], after["epoch"]) == ("active", anna, 1)
    assert after["handing_to"] is None
    assert await loads(built) == {anna: (1, False), bea: (0, False)}
    with pytest.raises(Refusal, match="offer-gone"):
        await built.house.hall.accept(bea, contact, 2)


async def test_an_end_meanwhile_takes_the_question_back(built: TestHouse) -> None:
    anna, bea, contact = await two(built)
    await handing(built).hand_over(anna, contact, bea)
    await built.house.hall.end_by_visitor(contact)

    assert await built.state(contact) == "wrapup"
    assert (await loads(built))[bea] == (0, False)
    with pytest.raises(Refusal, match="offer-gone"):
        await built.house.hall.accept(bea, contact, 2)


async def test_a_volunteer_who_vanishes_meanwhile_gives_it_to_the_queue_not_to_nobody(
    built: TestHouse,
) -> None:
    anna, bea, contact = await two(built)
    await handing(built).hand_over(anna, contact, bea)
    await built.house.hall.release(anna, contact)

    assert await built.state(contact) == "queued"
    assert await loads(built) == {anna: (0, False), bea: (0, False)}


async def test_only_who_has_it_hands_over_and_only_to_who_has_room(built: TestHouse) -> None:
    anna, bea, contact = await two(built)
    away = await built.volunteer("cas")
    hand = handing(built).hand_over

    with pytest.raises(Refusal, match="nobody-free"):
        await hand(anna, contact, away)
    with pytest.raises(Refusal, match="not-your-contact"):
        await hand(bea, contact, bea)
    with pytest.raises(Refusal, match="nobody-free"):
        await hand(anna, contact, anna)
    assert await loads(built) == {anna: (1, False), bea: (0, False)}


async def test_who_knows_the_person_is_not_asked_by_a_colleague_either(built: TestHouse) -> None:
    anna, bea, contact = await two(built)
    await built.house.hall.release(anna, contact)
    await built.house.hall.heard(contact)
    await built.house.rounds.round()
    await built.house.hall.accept(bea, contact, 3)
    seen = (await handing(built).colleagues(bea, contact)).people

    assert [(each.person, each.free) for each in seen] == [(anna.hex, False)]
    with pytest.raises(Refusal, match="nobody-free"):
        await handing(built).hand_over(bea, contact, anna)
    assert await loads(built) == {anna: (0, False), bea: (1, False)}


async def test_who_does_not_answer_rests_a_minute_and_who_says_no_does_not(
    built: TestHouse,
) -> None:
    anna, bea, contact = await two(built)
    hand = handing(built).hand_over
    await hand(anna, contact, bea)
    await built.house.hall.decline(bea, contact, 2)
    await hand(anna, contact, bea)
    await pass_time(built, 20, consoles=(anna, bea))
    rests = await built.owner.fetchrow(
        "select state, rest_until - line_now() as rests from presence where person = $1", bea
    )

    assert rests is not None
    assert (rests["state"], rests["rests"]) == ("ready", timedelta(seconds=60))
    said = await built.owner.fetch("select state from offer where volunteer = $1", bea)
    assert sorted(row["state"] for row in said) == ["declined", "lapsed"]


async def test_two_who_give_each_other_a_conversation_at_once_do_not_wait_for_each_other(
    built: TestHouse,
) -> None:
    anna, bea, one = await two(built)
    await built.house.consoles.set_state(anna, "paused")
    other = await built.talking(bea)
    await built.house.consoles.set_state(anna, "ready")
    for _each in range(20):
        await handing(built).hand_over(anna, one, bea)
        await handing(built).hand_over(bea, other, anna)
        first, second = await built.contact(one), await built.contact(other)
        assert first is not None
        assert second is not None
        async with asyncio.TaskGroup() as both:
            both.create_task(built.house.hall.accept(bea, one, first["epoch"] + 1))
            both.create_task(built.house.hall.accept(anna, other, second["epoch"] + 1))
        one, other = other, one

    assert await loads(built) == {anna: (1, False), bea: (1, False)}


async def test_a_call_goes_to_who_has_nothing_in_hand_and_an_own_phone_gets_35_s(
    built: TestHouse,
) -> None:
    await stop_time(built)
    both = ("chat", "phone")
    anna = await built.volunteer("anna", channels=both)
    await built.ready(anna)
    call = await calling(built)
    await built.house.rounds.round()
    await built.house.hall.accept(anna, call, 1)
    bea = await built.volunteer("bea", channels=both)
    await built.ready(bea)
    await built.talking(bea)
    cas = await built.volunteer("cas", channels=both)
    await built.ready(cas)
    await built.owner.execute("update presence set phone_at = 'own' where person = $1", cas)

    with pytest.raises(Refusal, match="nobody-free"):
        await handing(built).hand_over(anna, call, bea)
    await handing(built).hand_over(anna, call, cas)
    asked = await built.contact(call)
    assert asked is not None
    assert asked["handing_until"] - await built.time.now() == timedelta(seconds=35)
    assert (await loads(built))[cas] == (2, True)
    await built.house.hall.accept(cas, call, 2)
    assert await loads(built) == {anna: (0, False), bea: (1, False), cas: (2, False)}
    [said] = await told(built, "contact.handed_over")
    assert (said["contact"], said["channel"], said["epoch"]) == (str(call), "phone", 2)
    assert (said["lost"], said["by"]) == (str(anna), str(cas))


async def test_after_a_hand_over_only_the_new_one_ends_and_writes_up(built: TestHouse) -> None:
    anna, bea, contact = await two(built)
    await handing(built).hand_over(anna, contact, bea)
    await built.house.hall.accept(bea, contact, 2)

    with pytest.raises(Refusal, match="not-your-contact"):
        await built.house.hall.end_by_volunteer(anna, contact, abuse=False)
    await built.house.hall.end_by_volunteer(bea, contact, abuse=False)
    with pytest.raises(Refusal, match="not-your-contact"):
        await built.house.hall.wrap_up(anna, contact, {}, pause=False)
    await built.house.hall.wrap_up(bea, contact, {}, pause=False)

    assert await built.state(contact) == "gone"
    assert await loads(built) == {anna: (0, False), bea: (0, False)}


async def test_one_colleague_at_a_time_is_asked(built: TestHouse) -> None:
    anna, bea, contact = await two(built)
    cas = await built.volunteer("cas")
    await built.ready(cas)
    await handing(built).hand_over(anna, contact, bea)

    with pytest.raises(Refusal, match="nobody-free"):
        await handing(built).hand_over(anna, contact, cas)
    assert (await loads(built))[cas] == (0, False)


async def test_colleagues_are_named_by_alias_free_ones_first(built: TestHouse) -> None:
    anna, bea, contact = await two(built)
    cas = await built.volunteer("cas", languages=("en",))
    await built.ready(cas)
    found = (await handing(built).colleagues(anna, contact)).people

    assert [(each.person, each.free) for each in found] == [(bea.hex, True), (cas.hex, False)]
    assert all(each.alias for each in found)
    with pytest.raises(Refusal, match="not-your-contact"):
        await handing(built).colleagues(bea, contact)


async def test_a_coach_among_colleagues_goes_by_the_first_name(built: TestHouse) -> None:
    anna, bea, contact = await two(built)
    await built.owner.execute(
        "update person set roles = '{volunteer,coach}', name = 'Bea de Vries' where id = $1", bea
    )

    [found] = (await handing(built).colleagues(anna, contact)).people

    assert (found.alias, found.role) == ("Bea", "coach")
