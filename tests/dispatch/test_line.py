"""The line as a whole: open, nobody yet, closed; and those who wait when it closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.dispatch.events import ContactAccepted
from luisterlijn.dispatch.waiting import Opening
from luisterlijn.dispatch.wire import Wait
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.ids import ContactId, PersonId, new_id
from luisterlijn.kernel.scope import LINE
from tests.support.hall import calling
from tests.support.hours import beat, pass_time, plan, stop_time

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def opening(built: TestHouse, language: str = "nl") -> Opening:
    await built.house.line.look()
    return built.house.line.opening_of("chat", language)


async def ended(built: TestHouse) -> list[str]:
    """Give how closed contacts ended, from the events that still wait for their listeners."""
    rows = await built.owner.fetch("select body from outbox where event = 'contact.closed'")
    return [bytes(row["body"]).decode() for row in rows]


def answered(built: TestHouse, waited_s: int) -> ContactAccepted:
    return ContactAccepted(
        contact=ContactId(new_id(built.house.tokens)),
        channel="chat",
        by=PersonId(new_id(built.house.tokens)),
        epoch=1,
        waited_s=waited_s,
    )


async def test_without_a_shift_the_line_is_closed_and_says_when_it_opens(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=0)
    await plan(built, person, 90, 60)

    assert await opening(built) is Opening.CLOSED
    status = built.house.line.status("nl")
    assert status.next_opening_at == to_wire(await built.time.now()) + 90 * 60_000
    await built.time.advance(90 * 60)
    assert await opening(built) is Opening.OPEN
    assert built.house.line.status("nl").next_opening_at is None


async def test_rostered_and_nobody_there_for_five_minutes_is_said_and_still_admits(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja")

    assert await opening(built) is Opening.OPEN
    await pass_time(built, 300, each_s=300)
    assert await opening(built) is Opening.NOBODY_YET
    await built.ready(person)
    assert await opening(built) is Opening.OPEN


async def test_the_line_is_open_in_the_languages_of_who_is_on_a_shift(built: TestHouse) -> None:
    await built.volunteer("anja", languages=("nl",))

    assert await opening(built, "nl") is Opening.OPEN
    assert await opening(built, "en") is Opening.CLOSED


async def test_when_the_last_shift_is_cancelled_those_who_wait_hear_it_and_are_closed(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja", hours=0)
    shift = await plan(built, person, 0, 60)
    await built.ready(person)
    talking = await built.talking(person)
    await built.house.consoles.set_state(person, "paused")
    waiting = await built.waiting()
    assert await opening(built) is Opening.OPEN
    told: list[bool] = []
    built.house.line.on_change.append(lambda: told.append(True))

    await built.house.roster.cancel(LINE, shift)
    await built.settle()
    assert await opening(built) is Opening.CLOSED

    assert told == [True]
    assert await built.state(waiting) == "gone"
    assert any('"line_closed"' in each for each in await ended(built))
    assert await built.state(talking) == "active"


async def test_those_who_wait_stay_until_the_last_volunteer_takes_nobody_any_more(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=1)
    await built.ready(person)
    await built.house.consoles.set_state(person, "paused")
    waiting = await built.waiting()
    await built.house.line.look()
    for _each in range(5):
        built.house.line.accepted(answered(built, 20 * 60))

    await pass_time(built, 45 * 60, consoles=[person], pages=[waiting], each_s=900)
    assert await opening(built) is Opening.CLOSED
    stays = await built.state(waiting)
    await pass_time(built, 15 * 60, consoles=[person], pages=[waiting], each_s=900)
    await built.house.line.look()

    assert stays == "queued"
    assert await built.state(waiting) == "gone"


async def test_a_volunteer_of_another_language_keeps_nobody_waiting_for_nothing(
    built: TestHouse,
) -> None:
    bilingual = await built.volunteer("anja", hours=0)
    shift = await plan(built, bilingual, 0, 60)
    await built.volunteer("bas", languages=("nl",))
    dutch, english = await built.waiting("nl"), await built.waiting("en")

    await built.house.roster.cancel(LINE, shift)
    await built.settle()
    await built.house.line.look()

    assert await built.state(english) == "gone"
    assert await built.state(dutch) == "queued"


async def test_the_change_of_shifts_does_not_close_the_line(built: TestHouse) -> None:
    await stop_time(built)
    leaving = await built.volunteer("anja", hours=0)
    coming = await built.volunteer("bas", hours=0)
    await built.owner.execute("update person set margin_min = 20")
    await plan(built, leaving, 0, 60)
    await plan(built, coming, 60, 60)
    await built.ready(leaving)

    for _minutes in range(0, 60, 5):
        assert await opening(built) is Opening.OPEN
        await pass_time(built, 300, consoles=[leaving], each_s=300)
    assert await opening(built) is Opening.OPEN


async def test_the_place_in_the_queue_is_told_and_changes_when_somebody_leaves(
    built: TestHouse,
) -> None:
    await built.volunteer("anja")
    first, second = await built.waiting(), await built.waiting()
    await built.house.line.look()
    assert built.house.line.places == {first: 1, second: 2}
    told: list[bool] = []
    built.house.line.on_change.append(lambda: told.append(True))

    await built.house.line.look()
    await built.house.hall.end_by_visitor(first)
    await built.house.line.look()

    assert built.house.line.places == {second: 1}
    assert told == [True]


async def test_a_page_that_is_away_keeps_its_place_before_those_behind_it(
    built: TestHouse,
) -> None:
    await stop_time(built)
    await built.volunteer("anja")
    away = await built.waiting()
    await pass_time(built, 20)
    later = await built.waiting()

    await built.house.line.look()

    assert built.house.line.places == {away: 1, later: 2}
    await beat(built, pages=[away])
    assert await built.state(away) == "queued"


async def test_the_wait_is_told_once_five_people_were_answered_and_before_that_nobody_guesses(
    built: TestHouse,
) -> None:
    await built.ready(await built.volunteer("anja"))
    line = built.house.line
    await line.look()

    for waited_s in (60, 120, 180, 240, 4000):
        assert line.wait_of("chat") == Wait(low=None, high=None)
        line.accepted(answered(built, waited_s))

    assert line.wait_of("chat") == Wait(low=0, high=55)
    assert line.status("nl").wait == line.wait_of("chat", 1)


async def test_the_wait_told_grows_with_the_place_and_falls_with_who_is_on_duty(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anja = await built.volunteer("anja")
    await built.ready(anja)
    line = built.house.line
    await line.look()
    for minutes in range(1, 10):
        line.accepted(answered(built, minutes * 60))

    alone = [line.wait_of("chat", place) for place in (1, 2)]
    bas = await built.volunteer("bas")
    await built.ready(bas)
    await line.look()
    with_two = line.wait_of("chat", 2)
    for person in (anja, bas):
        await built.house.consoles.set_state(person, "paused")
    await line.look()

    assert alone == [Wait(low=1, high=9), Wait(low=2, high=20)]
    assert with_two == alone[0]
    assert line.wait_of("chat", 1) == Wait(low=None, high=None)


async def test_what_is_learned_of_a_wait_counts_from_the_place_it_began_at(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anja = await built.volunteer("anja", chats=1)
    await built.ready(anja)
    line = built.house.line
    for _each in range(9):
        await built.waiting()
    await line.look()

    for contact, place in line.places.items():
        line.accepted(replace(answered(built, place * 120), contact=contact))
    await line.look()

    # Two minutes a place for each, whoever came first: now it would be the tenth's turn to wait.
    assert line.wait_of("chat", 1) == Wait(low=2, high=3)
    assert line.wait_of("chat") == Wait(low=20, high=20 + 5)


async def test_a_line_for_chats_only_lets_no_caller_in_and_says_when_it_does(
    built: TestHouse,
) -> None:
    await stop_time(built)
    chats = await built.volunteer("anja")
    await built.ready(chats)
    calls = await built.volunteer("bea", channels=("phone",), hours=0)
    await plan(built, calls, 60, 60, channels=("phone",))
    await built.house.line.look()
    line = built.house.line

    assert (line.status("nl").chat, line.status("nl").phone) == ("open", "closed")
    assert line.opens_at("phone") == await built.time.now() + timedelta(minutes=60)
    assert line.opens_at("chat") is None


async def test_callers_and_chatters_have_places_and_waits_of_their_own(built: TestHouse) -> None:
    await stop_time(built)
    await built.ready(await built.volunteer("anja", channels=("chat", "phone")))
    chat, first = await built.waiting(), await calling(built)
    await built.time.advance(1)
    second = await calling(built)
    line = built.house.line
    await line.look()
    for _each in range(5):
        line.accepted(replace(answered(built, 600), channel="phone"))

    assert [line.places[each] for each in (chat, first, second)] == [1, 1, 2]
    assert (line.last_place("chat"), line.last_place("phone")) == (2, 3)
    assert line.wait_of("phone", 1) == Wait(low=0, high=10)
    assert line.wait_of("chat", 1) == Wait(low=None, high=None)


async def test_when_nobody_takes_calls_any_more_only_callers_are_closed(built: TestHouse) -> None:
    await stop_time(built)
    anja = await built.volunteer("anja")
    await built.ready(anja)
    await built.house.consoles.set_state(anja, "paused")
    chat, call = await built.waiting(), await calling(built)
    await built.house.line.look()

    assert await built.state(chat) == "queued"
    assert await built.state(call) == "gone"
    assert any('"line_closed"' in each and '"phone"' in each for each in await ended(built))
