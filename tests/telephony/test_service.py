"""Calls from the first ring to the last word, through signed webhooks of an exchange."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.dispatch.events import ContactAccepted
from luisterlijn.kernel.ids import ContactId, new_id
from tests.support.telephones import ANNA, BEA, together

if TYPE_CHECKING:
    from tests.support.telephones import Telephones


async def test_who_presses_nothing_reaches_a_person_in_the_browser(phones: Telephones) -> None:
    anna = await phones.volunteer("anna")
    await phones.open()
    caller = await phones.caller()
    await phones.go(15)
    [ringing] = phones.ringing()
    assert ringing.to.startswith("client:")

    contact = await phones.contact()
    row = await phones.built.contact(contact)
    assert row is not None
    await phones.built.house.hall.accept(anna, contact, row["epoch"])
    phones.exchange.answer(ringing)
    await phones.go(5)

    assert phones.talking() == [{"+31612345678", ringing.to}]
    assert phones.heard(caller)[0] == "welcome"
    assert phones.heard(caller)[-1] == "connecting"

    await phones.built.house.hall.end_by_volunteer(anna, contact, abuse=False)
    await phones.go(10)
    assert caller.over
    assert ringing.over
    assert phones.heard(caller)[-1] == "goodbye"


async def test_a_volunteer_on_an_own_phone_takes_a_call_with_a_key(phones: Telephones) -> None:
    _anna, contact, caller, leg = await together(phones)
    assert phones.heard(leg)[:2] == ["offer", "connected"]
    assert await phones.built.state(contact) == "active"
    assert phones.heard(caller)[-1] == "connecting"


async def test_not_now_on_an_own_phone_lets_the_next_volunteer_ring(phones: Telephones) -> None:
    await phones.volunteer("anna", own=ANNA)
    await phones.volunteer("bea", own=BEA)
    await phones.open()
    await phones.caller()
    [first] = phones.ringing()
    phones.exchange.answer(first)
    await phones.go(1)
    phones.exchange.press(first, "2")
    await phones.go(2)
    [second] = phones.ringing()
    assert second.to != first.to
    await phones.go(5)
    assert first.over


async def test_busy_no_answer_and_a_failed_call_let_the_next_volunteer_ring(
    phones: Telephones,
) -> None:
    for how in ("busy", "failed", "no-answer"):
        await phones.volunteer(how, own=ANNA)
    await phones.open()
    await phones.caller()
    for how in ("busy", "failed", "no-answer"):
        [leg] = phones.ringing()
        phones.exchange.refuse(leg, how)
        await phones.go(2)
    assert phones.ringing() == []
    assert await phones.built.state(await phones.contact()) == "queued"


async def test_an_answering_machine_takes_no_call(phones: Telephones) -> None:
    await phones.volunteer("anna", own=ANNA)
    await phones.open()
    caller = await phones.caller()
    [leg] = phones.ringing()
    phones.exchange.answer(leg)
    await phones.go(40)
    assert leg.over
    assert not caller.over
    assert phones.talking() == []


async def test_a_caller_hears_that_nobody_can_say_how_long_and_then_the_band_of_the_wait(
    phones: Telephones,
) -> None:
    anna = await phones.volunteer("anna")
    await phones.built.owner.execute(
        "update presence set rest_until = line_now() + interval '1 h' where person = $1", anna
    )
    await phones.open()
    caller = await phones.caller()
    await phones.open()
    line = phones.built.house.line
    await phones.go(100)
    before = phones.heard(caller)
    for each in range(9):
        line.accepted(
            ContactAccepted(
                contact=ContactId(new_id(phones.built.house.tokens)),
                channel="phone",
                by=anna,
                epoch=1,
                waited_s=240 + each * 30,
            )
        )
    await phones.built.owner.execute("update presence set heard = line_now()")
    await phones.open()

    await phones.go(100)

    assert "wait-unknown" in before
    assert {"place-1", "wait-3-8"} <= set(phones.heard(caller)[len(before) :])


async def test_who_hangs_up_while_waiting_leaves_nothing_behind(phones: Telephones) -> None:
    await phones.open()
    await phones.built.volunteer("anna", channels=("phone",))
    await phones.open()
    caller = await phones.caller()
    contact = await phones.contact()
    phones.exchange.hang_up(caller)
    await phones.go(2)
    assert await phones.built.state(contact) == "gone"
    rows = await phones.built.owner.fetch("select state, contact, person, sid from leg")
    assert [tuple(row) for row in rows] == [("over", None, None, None)]


async def test_who_hangs_up_while_a_volunteer_rings_stops_the_ringing(phones: Telephones) -> None:
    await phones.volunteer("anna", own=ANNA)
    await phones.open()
    caller = await phones.caller()
    [leg] = phones.ringing()
    phones.exchange.hang_up(caller)
    await phones.go(3)
    assert leg.over
    assert not phones.ringing()


async def test_who_hangs_up_while_a_volunteer_decides_lets_them_hear_so(
    phones: Telephones,
) -> None:
    await phones.volunteer("anna", own=ANNA)
    await phones.open()
    caller = await phones.caller()
    [leg] = phones.ringing()
    phones.exchange.answer(leg)
    await phones.go(1)
    phones.exchange.hang_up(caller)
    await phones.go(6)
    assert leg.over
    assert phones.heard(leg)[-1] == "offer-gone"


async def test_a_caller_who_ends_leaves_the_volunteer_with_a_wrap_up(phones: Telephones) -> None:
    _anna, contact, caller, leg = await together(phones)
    phones.exchange.hang_up(caller)
    await phones.go(6)
    row = await phones.built.contact(contact)
    assert row is not None
    assert (row["state"], row["reason"]) == ("wrapup", "ended_by_caller")
    assert leg.over
    assert phones.heard(leg)[-1] == "caller-gone"


async def test_a_volunteer_whose_line_drops_costs_the_caller_nothing(phones: Telephones) -> None:
    anna, contact, caller, leg = await together(phones)
    before = await phones.built.contact(contact)
    phones.exchange.hang_up(leg)
    await phones.go(4)
    after = await phones.built.contact(contact)
    assert before is not None
    assert after is not None
    assert after["enq"] == before["enq"]
    assert not caller.over
    assert "volunteer-away" in phones.heard(caller)
    # The same volunteer is asked first.
    assert after["volunteer"] == anna
    [again] = phones.ringing()
    assert again.to == ANNA


async def test_a_closed_line_says_so_and_when_it_opens(phones: Telephones) -> None:
    await phones.open()
    caller = await phones.caller()
    await phones.go(30)
    assert caller.over
    assert phones.heard(caller)[0] == "closed"
    assert phones.heard(caller)[-1] == "danger"


async def test_a_full_line_says_so_kindly(phones: Telephones) -> None:
    await phones.built.volunteer("anna", channels=("phone",))
    await phones.open()
    phones.built.house.hall._most_waiting = 1  # noqa: SLF001 - as the setting would say
    await phones.caller("+31612345601")
    second = await phones.caller("+31612345602")
    await phones.go(20)
    assert phones.heard(second) == ["full"]
    assert second.over


async def test_key_8_brings_somebody_who_speaks_english(phones: Telephones) -> None:
    await phones.built.volunteer("english", channels=("phone",), languages=("nl", "en"))
    await phones.open()
    caller = await phones.caller()
    await phones.go(22)
    phones.exchange.press(caller, "8")
    await phones.go(3)
    row = await phones.built.contact(await phones.contact())
    assert row is not None
    assert row["language"] == "en"
    assert any("/en/" in each for each in caller.heard)


async def test_key_8_pressed_while_the_welcome_is_said_is_heard(phones: Telephones) -> None:
    await phones.built.volunteer("english", channels=("phone",), languages=("nl", "en"))
    await phones.open()
    caller = await phones.caller()
    assert not caller.queued
    phones.exchange.press(caller, "8")
    await phones.go(30)
    row = await phones.built.contact(await phones.contact())
    assert row is not None
    assert row["language"] == "en"
    # Only the English welcome names 112 and 113 in English.
    assert caller.heard[1].endswith("/en/welcome.wav")
    assert caller.queued


async def test_any_other_key_during_the_welcome_leads_on_to_the_queue(phones: Telephones) -> None:
    await phones.built.volunteer("anna", channels=("phone",))
    await phones.open()
    callers = [await phones.caller(f"+3161234560{key}") for key in range(4)]
    for caller, key in zip(callers, "0579", strict=True):
        phones.exchange.press(caller, key)
    await phones.go(30)
    assert all(caller.queued for caller in callers)
    assert "about-chat" in phones.heard(callers[1])
    assert phones.heard(callers[3])[:2] == ["welcome", "welcome"]


async def test_a_key_at_the_moment_a_volunteer_takes_the_call_leads_to_them(
    phones: Telephones,
) -> None:
    anna = await phones.built.volunteer("anna", channels=("phone",))
    await phones.open()
    caller = await phones.caller()
    await phones.go(20)
    assert caller.queued
    await phones.built.ready(anna)
    await phones.go(2)
    contact = await phones.contact()
    row = await phones.built.contact(contact)
    assert row is not None
    await phones.built.house.hall.accept(anna, contact, row["epoch"])
    url = caller.wait_url.replace("/wait", "/keys")
    _status, body = await phones.exchange.deliver(
        url, phones.exchange.form(caller) | {"Digits": "9"}
    )
    # A conference cannot be entered from inside the waiting room.
    assert b"<Leave" in body
    assert b"<Dial" not in body


async def test_the_same_webhook_twice_is_one_call(phones: Telephones) -> None:
    await phones.built.volunteer("anna", channels=("phone",))
    await phones.open()
    await phones.caller()
    path, form, _status = phones.sent[0]
    base = phones.built.house.settings.public_url
    again = await phones.exchange.deliver(base + path, form)
    count = await phones.built.owner.fetchval("select count(*) from contact")
    assert again[0] == 200
    assert count == 1


async def test_a_replay_after_the_call_makes_no_new_one(phones: Telephones) -> None:
    await phones.built.volunteer("anna", channels=("phone",))
    await phones.open()
    caller = await phones.caller()
    path, form, _status = phones.sent[0]
    phones.exchange.hang_up(caller)
    await phones.go(2)
    base = phones.built.house.settings.public_url
    status, body = await phones.exchange.deliver(base + path, form)
    assert status == 200
    assert b"Hangup" in body
    assert await phones.built.owner.fetchval("select count(*) from contact") == 0
