"""Somebody is needed on a shift: own phones ring, one key fills the place, silence says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.attendance.events import CallUpRinging
from luisterlijn.kernel.scope import LINE
from tests.support.attending import (
    agrees,
    asked,
    call_up,
    call_ups,
    pass_by,
    person,
    shift,
    stands,
)

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId, ShiftId
    from luisterlijn.simulation.exchange_parts import Leg
    from tests.support.telephones import Telephones

BAS, COR = "+3197010000021", "+3197010000022"


@pytest.fixture(autouse=True)
async def still(phones: Telephones) -> None:
    """Let the line's time pass only where a test says so."""
    await phones.built.time.freeze(await phones.built.time.now())


async def missing(phones: Telephones, **numbers: str) -> tuple[ShiftId, dict[str, PersonId]]:
    """Let Wim not come; the own phones of who agreed ring by now."""
    built = phones.built
    on = await shift(built)
    await stands(built, await person(built, "wim"), on)
    people = {}
    for name, number in numbers.items():
        people[name] = await person(built, name, phone=number)
        await agrees(built, people[name])
    for minutes in (10, 5, 2):
        await pass_by(built, minutes)
    await phones.go()
    return on, people


async def picks_up(phones: Telephones, number: str) -> Leg:
    """Let somebody whose phone rings pick up and listen."""
    [leg] = [each for each in phones.ringing() if each.to == number]
    phones.exchange.answer(leg)
    await phones.go(1)
    return leg


async def test_a_key_fills_the_place_and_who_pressed_hears_so(phones: Telephones) -> None:
    on, people = await missing(phones, bas=BAS)
    leg = await picks_up(phones, BAS)
    phones.exchange.press(leg, "1")
    await phones.go(10)

    place = await phones.built.owner.fetchrow(
        "select state, role from place where person = $1 and shift = $2", people["bas"], on
    )
    assert place is not None
    assert tuple(place) == ("confirmed", "listener")
    assert await call_ups(phones.built) == [("no_show", "filled")]
    assert phones.heard(leg) == ["call-up", "call-up-yes"]
    assert leg.over


async def test_the_first_yes_counts_and_the_other_hears_that_there_is_somebody(
    phones: Telephones,
) -> None:
    on, _people = await missing(phones, bas=BAS, cor=COR)
    first, second = await picks_up(phones, BAS), await picks_up(phones, COR)
    phones.exchange.press(first, "1")
    phones.exchange.press(second, "1")
    await phones.go(8)

    came = await phones.built.owner.fetchval(
        "select count(*) from place where shift = $1 and state = 'confirmed'", on
    )
    heard = sorted(phones.heard(leg)[-1] for leg in (first, second))
    assert came == 1
    assert heard == ["call-up-over", "call-up-yes"]
    assert first.over
    assert second.over


async def test_who_still_rings_is_let_go_when_somebody_comes(phones: Telephones) -> None:
    _on, people = await missing(phones, bas=BAS, cor=COR)
    attendance = phones.built.house.attendance.attendance
    await attendance.answers(people["bas"], await call_up(phones.built), yes=True)
    await phones.go()

    assert phones.ringing() == []


@pytest.mark.parametrize("how", ["busy", "no-answer", "failed"])
async def test_a_phone_that_is_not_answered_says_nothing(phones: Telephones, how: str) -> None:
    await missing(phones, bas=BAS)
    [leg] = phones.ringing()
    phones.exchange.refuse(leg, how)
    await phones.go()

    assert await asked(phones.built) == {"Bas": "silent"}
    assert await call_ups(phones.built) == [("no_show", "open")]


async def test_a_machine_that_answers_and_another_key_say_nothing(phones: Telephones) -> None:
    await missing(phones, bas=BAS)
    leg = await picks_up(phones, BAS)
    phones.exchange.press(leg, "5")
    await phones.go(40)

    assert leg.over
    assert await asked(phones.built) == {"Bas": "silent"}
    assert await call_ups(phones.built) == [("no_show", "open")]


async def test_who_may_not_jump_in_any_more_hears_goodbye_and_the_place_stays_open(
    phones: Telephones,
) -> None:
    _on, people = await missing(phones, bas=BAS)
    leg = await picks_up(phones, BAS)
    elsewhere = await shift(phones.built, starts_in=60)
    await stands(phones.built, people["bas"], elsewhere, state="confirmed")
    phones.exchange.press(leg, "1")
    await phones.go(6)

    assert phones.heard(leg)[-1] == "call-up-over"
    assert await call_ups(phones.built) == [("no_show", "open")]


async def test_news_told_twice_rings_once_and_old_news_nobody(phones: Telephones) -> None:
    _on, people = await missing(phones, bas=BAS)
    news = CallUpRinging(call_up=await call_up(phones.built), person=people["bas"])
    for _time in range(2):
        async with phones.built.house.database.transaction(LINE) as tx:
            await phones.room.helping.call_ups.ringing(tx, news)
    await phones.go()
    once = len(phones.ringing())
    phones.exchange.refuse(phones.ringing()[0], "busy")
    await phones.go()
    async with phones.built.house.database.transaction(LINE) as tx:
        await phones.room.helping.call_ups.ringing(tx, news)
    await phones.go()

    assert once == 1
    assert phones.ringing() == []


async def test_a_number_is_told_to_the_provider_and_written_nowhere(phones: Telephones) -> None:
    await missing(phones, bas=BAS)
    leg = await picks_up(phones, BAS)

    rows = await phones.built.owner.fetch("select * from leg")
    orders = await phones.built.owner.fetch("select * from provider_order")
    assert leg.to == BAS
    assert BAS not in repr(rows) + repr(orders)
    assert BAS[1:].encode() not in b"".join(row["sid"] or b"" for row in rows)
