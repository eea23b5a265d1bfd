"""A hand-over is an offer that can be refused; until a yes, nothing changes for the other end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.dispatch.handing import Handing
from luisterlijn.kernel.errors import Refusal
from tests.support.hours import stop_time

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
