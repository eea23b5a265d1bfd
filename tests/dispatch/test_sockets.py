"""The console's socket: who may sit, whose word counts, and signs of life that are not lost."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.dispatch.wire import HandOver, OfContact, TakeCalls
from luisterlijn.edge.guard import Nothing, b64
from luisterlijn.edge.realtime import Seat
from luisterlijn.kernel.errors import Code, Outage, Refusal
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy.endtoend import new_member_keys
from luisterlijn.privacy.redaction import Secret
from tests.support.coaching import coach, somebody
from tests.support.ends import console as opened
from tests.support.hours import pass_time, stop_time
from tests.support.served import served

if TYPE_CHECKING:
    import asyncpg

    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse

KEY = new_member_keys().public


async def sit(built: TestHouse, person: PersonId, sid: str = "one") -> tuple[Seat, bytes]:
    """Sit down in the console room; gives the seat and the session."""
    session = await built.house.accounts.demo_session(person)
    now_s = asyncio.get_running_loop().time()
    ticket = built.house.accounts.socket_ticket(session, now_s)
    room = built.house.console_room.room
    who = await room.sit(sid, {"ticket": ticket, "public_key": b64(KEY)})
    return Seat(sid, who), session


async def beat(built: TestHouse, seat: Seat) -> None:
    await built.house.console_room.room.heard["beat"].do(seat, Nothing())


async def flush(built: TestHouse) -> None:
    await built.house.console_room.flush(built.house.back)


async def presence(built: TestHouse, person: PersonId) -> asyncpg.Record:
    found = await built.owner.fetchrow("select * from presence where person = $1", person)
    assert found is not None
    return found


# Signs of life.


async def test_a_console_that_beats_is_there(built: TestHouse) -> None:
    await stop_time(built)
    person = await built.volunteer("anja")
    seat, _session = await sit(built, person)
    await built.time.advance(9)

    await beat(built, seat)
    await flush(built)

    assert (await presence(built, person))["heard"] == await built.time.now()


async def test_a_page_is_heard_at_each_beat_not_only_at_its_first(built: TestHouse) -> None:
    await stop_time(built)
    contact = await built.waiting()
    heard = []

    for _each in range(3):
        await built.time.advance(5)
        built.house.chat_room.beats.add(contact)
        await flush(built)
        row = await built.contact(contact)
        assert row is not None
        heard.append(row["heard"] == await built.time.now())

    assert heard == [True, True, True]


async def test_signs_of_life_that_could_not_be_written_are_written_later(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja")
    seat, _session = await sit(built, person)
    contact = await built.waiting()
    await built.time.advance(9)
    await beat(built, seat)
    built.house.chat_room.beats.add(contact)

    async with built.owner.transaction():
        await built.owner.execute("lock table contact in access exclusive mode")
        with pytest.raises(Outage):
            await flush(built)
    await flush(built)

    row = await built.contact(contact)
    assert row is not None
    assert row["heard"] == await built.time.now()
    assert (await presence(built, person))["heard"] == await built.time.now()


async def test_a_page_and_a_console_that_were_away_are_back_with_their_first_beat(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja")
    seat, _session = await sit(built, person)
    await built.house.consoles.set_state(person, "ready")
    contact = await built.talking(person)
    await pass_time(built, 12)
    assert await built.state(contact) == "volunteer_away"

    await beat(built, seat)
    built.house.chat_room.beats.add(contact)
    await flush(built)

    row = await built.contact(contact)
    assert row is not None
    assert (row["state"], row["caller_up"]) == ("active", True)


# A session is never idle on duty, and only then.


async def goes_on(built: TestHouse, seat: Seat, minutes: int) -> None:
    """Let a console beat for so long, once in five minutes."""
    for _each in range(minutes // 5):
        await built.time.advance(300)
        await beat(built, seat)
        await flush(built)


async def test_a_volunteer_who_is_ready_is_not_signed_out_while_nobody_comes(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja")
    seat, session = await sit(built, person)
    await built.house.consoles.set_state(person, "ready")

    await goes_on(built, seat, 60)

    assert await built.house.accounts.acting(session) is not None


async def test_a_coach_on_duty_is_not_signed_out_while_nobody_asks_and_one_off_duty_is(
    built: TestHouse,
) -> None:
    await stop_time(built)
    for person, stays in (
        (await coach(built), True),
        (await somebody(built, "dirk", Role.COACH), False),
    ):
        seat, session = await sit(built, person)

        await goes_on(built, seat, 60)

        assert (await built.house.accounts.acting(session) is not None) == stays


async def test_a_volunteer_who_talks_or_writes_up_is_not_signed_out_though_paused(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja")
    seat, session = await sit(built, person)
    await built.house.consoles.set_state(person, "ready")
    contact = await built.talking(person)
    await built.house.consoles.set_state(person, "paused")

    await goes_on(built, seat, 40)
    await built.house.hall.end_by_visitor(contact)
    await goes_on(built, seat, 40)

    assert await built.house.accounts.acting(session) is not None


@pytest.mark.parametrize("state", ["paused", "away"])
async def test_a_volunteer_who_is_not_on_duty_is_signed_out_after_half_an_hour(
    built: TestHouse, state: str
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja")
    seat, session = await sit(built, person)
    await built.house.consoles.set_state(person, state)

    await goes_on(built, seat, 35)

    assert await built.house.accounts.acting(session) is None


async def test_a_console_left_ready_after_its_shift_is_signed_out(built: TestHouse) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=1)
    seat, session = await sit(built, person)
    await built.house.consoles.set_state(person, "ready")

    await goes_on(built, seat, 95)

    assert await built.house.accounts.acting(session) is None


# Who may sit.


async def test_a_ticket_seats_one_console_once(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    session = await built.house.accounts.demo_session(person)
    ticket = built.house.accounts.socket_ticket(session, asyncio.get_running_loop().time())
    room = built.house.console_room.room
    knock = {"ticket": ticket, "public_key": b64(KEY)}

    await room.sit("one", knock)
    with pytest.raises(Refusal) as again:
        await room.sit("two", knock)

    assert again.value.code is Code.SIGNED_OUT


@pytest.mark.parametrize(
    "knock",
    [
        None,
        "ticket",
        {},
        {"ticket": "00"},
        {"ticket": "00", "public_key": b64(KEY[:-1])},
        {"ticket": "00", "public_key": b64(bytes(65))},
        {"ticket": "00", "public_key": "\u00e9"},
        {"ticket": 1, "public_key": b64(KEY)},
        {"ticket": "00", "public_key": b64(KEY), "person": "00"},
    ],
)
async def test_a_knock_that_is_none_is_refused_before_anything_is_looked_up(
    built: TestHouse, knock: object
) -> None:
    with pytest.raises(Refusal) as refusal:
        await built.house.console_room.room.sit("one", knock)

    assert refusal.value.code is Code.BAD_REQUEST


async def test_the_newest_console_of_a_person_is_the_one_that_counts(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    older, _session = await sit(built, person, "one")
    newer, _session = await sit(built, person, "two")
    heard = built.house.console_room.room.heard

    for event, order in (("snapshot", Nothing()), ("beat", Nothing())):
        with pytest.raises(Refusal) as refusal:
            await heard[event].do(older, order)
        assert refusal.value.code is Code.NOT_YOUR_CONTACT
        await heard[event].do(newer, order)

    await built.house.console_room.room.leave(older)
    await heard["beat"].do(newer, Nothing())


# On a real socket.


async def test_orders_that_make_no_sense_are_refused_by_a_code_and_the_console_goes_on(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    nobody = "0" * 32
    orders: list[tuple[str, Any, str]] = [
        ("presence", {"to": "asleep"}, "bad-request"),
        ("presence", None, "bad-request"),
        ("accept", {"contact": nobody, "epoch": 1}, "offer-gone"),
        ("decline", {"contact": nobody, "epoch": -(2**40)}, "offer-gone"),
        ("end", {"contact": nobody, "reason": "ended"}, "contact-gone"),
        ("wrapup", {"contact": nobody, "form": {"nature": "talk"}}, "contact-gone"),
        ("capacity", {"chats": 99}, "bad-request"),
        ("listen-in", {}, "bad-request"),
    ]

    async with served(built) as node:
        console = await opened(node, person)
        for event, order, code in orders:
            answer = await console.wire.ask(event, order)
            assert (answer["ok"], answer["code"]) == (False, code), event
        assert (await console.wire.ask("presence", {"to": "ready"})) == {"ok": True}
        snapshot = (await console.wire.ask("snapshot"))["snapshot"]
        assert snapshot["presence"]["state"] == "ready"
        await console.wire.close()


async def test_an_older_console_hears_that_it_was_replaced(built: TestHouse) -> None:
    person = await built.volunteer("anja")

    async with served(built) as node:
        older, newer = await opened(node, person), await opened(node, person)

        await older.wire.hears("replaced")
        answer = await newer.wire.ask("beat")

        assert answer == {"ok": True}
        await older.wire.close()
        await newer.wire.close()


async def test_a_console_names_colleagues_and_hands_over_by_what_it_was_told(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anja = await built.volunteer("anja")
    seat, _session = await sit(built, anja)
    orders = built.house.console_room.room.heard
    await built.house.consoles.set_state(anja, "ready")
    contact = await built.talking(anja)
    bea = await built.volunteer("bea")
    await built.ready(bea)

    found = await orders["colleagues"].do(seat, OfContact(contact.hex))
    [colleague] = found.people
    await orders["hand-over"].do(seat, HandOver(contact.hex, colleague.person))
    asked = await built.contact(contact)

    assert asked is not None
    assert asked["handing_to"] == bea
    with pytest.raises(Refusal) as refusal:
        await orders["hand-over"].do(seat, HandOver(contact.hex, "0"))
    assert refusal.value.code is Code.BAD_REQUEST


async def test_calls_are_taken_on_an_own_phone_only_when_a_number_is_on_record(
    built: TestHouse,
) -> None:
    anja = await built.volunteer("anja", channels=("phone",))
    seat, _session = await sit(built, anja)
    take = built.house.console_room.room.heard["take-calls"]
    with pytest.raises(Refusal) as refusal:
        await take.do(seat, TakeCalls("own"))
    refused_at = (await presence(built, anja))["phone_at"]
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.set_phone(tx, anja, Secret("+3197010000001"))
    await take.do(seat, TakeCalls("own"))

    assert refusal.value.code is Code.NO_OWN_PHONE
    assert (refused_at, (await presence(built, anja))["phone_at"]) == ("browser", "own")
    await take.do(seat, TakeCalls("browser"))
    assert (await presence(built, anja))["phone_at"] == "browser"


async def test_a_console_without_a_shift_opens_and_shows_that_there_is_none(
    built: TestHouse,
) -> None:
    ada = await built.volunteer("ada", hours=0)
    seat, _session = await sit(built, ada)
    answer = await built.house.console_room.room.heard["snapshot"].do(seat, Nothing())

    assert answer.snapshot.presence.state == "none"
    assert (answer.snapshot.offer, answer.snapshot.contacts) == (None, [])
