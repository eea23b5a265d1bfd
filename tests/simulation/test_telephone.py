"""The demo's telephone: a caller's page, a console's own phone, and an exchange from outside."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.edge.guard import Nothing
from luisterlijn.edge.realtime import Seat
from luisterlijn.edge.world import SystemTokens
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PersonId, new_id
from luisterlijn.simulation.exchange import FAULT
from luisterlijn.simulation.exchange_desk import outside_app
from luisterlijn.simulation.telephone import CALLER, MOST_CALLS, NUMBER, DemoTelephone, PhoneOn
from luisterlijn.telephony import prompts as telephony_prompts
from tests.support.house import settings_for
from tests.support.switchboard import BASE, Line, exchange_to, listening, meet
from tests.support.telephones import ANNA, telephones

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from luisterlijn.simulation.exchange_parts import Leg
    from tests.support.house import TestHouse
    from tests.support.telephones import Telephones

MINE = "a" * 32
PLACE = {"To": ANNA, "From": NUMBER, "Url": f"{BASE}/placed"}


class Desk:
    """A demo's telephone of which nothing runs by itself, and a console at it.

    `hints` is what the console was told.
    """

    def __init__(self, folder: Path) -> None:
        """Begin with a line of one script, and what is kept in this folder."""
        tokens = SystemTokens()
        self.line = Line({"/placed": meet()})
        self.hints: list[tuple[PersonId, str]] = []
        self.telephone = DemoTelephone(
            settings_for(folder, 1),
            tokens,
            telephony_prompts.load(),
            lambda person, hint, _body: self.hints.append((person, hint)),
        )
        self.exchange = self.telephone.exchange
        self.exchange.deliver = self.line.deliver
        self.person = PersonId(new_id(tokens))
        self.other = PersonId(new_id(tokens))

    async def order(self, event: str, body: Any = None, *, person: PersonId | None = None) -> None:
        """Give one order as a console does."""
        seat = Seat("console", SimpleNamespace(person=person or self.person))
        await self.telephone.orders()[event].do(seat, body or Nothing())

    async def rings(self, identity: str = MINE) -> Leg:
        """Let the account call a console."""
        leg = self.exchange.place(f"client:{identity}", NUMBER, f"{BASE}/placed", "", 20)
        await self.exchange.run_until(self.exchange.now + 1)
        return leg


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


# The console's own phone.


async def test_a_call_rings_the_console_that_is_signed_on_under_its_name(desk: Desk) -> None:
    await desk.order("phone-on", PhoneOn(MINE))
    await desk.order("phone-on", PhoneOn("b" * 32), person=desk.other)
    leg = await desk.rings()
    await desk.order("phone-answer")
    await desk.exchange.run_until(desk.exchange.now + 1)

    assert desk.hints == [(desk.person, "phone-ring")]
    assert leg.room is not None


async def test_a_call_to_a_name_that_nobody_has_rings_nobody(desk: Desk) -> None:
    await desk.order("phone-on", PhoneOn("b" * 32))
    leg = await desk.rings()

    assert desk.hints == []
    assert leg.status == "ringing"


async def test_who_is_signed_on_anew_is_not_rung_under_the_old_name(desk: Desk) -> None:
    await desk.order("phone-on", PhoneOn(MINE))
    await desk.order("phone-on", PhoneOn("b" * 32))
    await desk.rings()
    assert desk.hints == []


async def test_a_page_that_is_loaded_anew_while_its_phone_rings_rings_again(desk: Desk) -> None:
    await desk.order("phone-on", PhoneOn(MINE))
    await desk.rings()
    await desk.order("phone-on", PhoneOn(MINE))

    assert desk.hints == [(desk.person, "phone-ring")] * 2


async def test_hanging_up_ends_the_leg_and_the_console_is_told(desk: Desk) -> None:
    await desk.order("phone-on", PhoneOn(MINE))
    leg = await desk.rings()
    await desk.order("phone-answer")
    await desk.exchange.run_until(desk.exchange.now + 1)
    await desk.order("phone-hang-up")
    await desk.order("phone-hang-up")

    assert leg.status == "completed"
    assert desk.hints == [(desk.person, "phone-ring"), (desk.person, "phone-over")]


async def test_a_phone_that_does_not_ring_any_more_cannot_be_answered(desk: Desk) -> None:
    await desk.order("phone-on", PhoneOn(MINE))
    await desk.rings()
    await desk.exchange.run_until(desk.exchange.now + 30)

    with pytest.raises(Refusal) as refused:
        await desk.order("phone-answer")
    assert refused.value.code is Code.OFFER_GONE
    assert desk.hints[-1] == (desk.person, "phone-over")


async def test_nobody_answers_the_phone_of_somebody_else(desk: Desk) -> None:
    await desk.order("phone-on", PhoneOn(MINE))
    leg = await desk.rings()

    with pytest.raises(Refusal):
        await desk.order("phone-answer", person=desk.other)
    assert leg.status == "ringing"


def test_a_sound_of_ours_lasts_as_long_as_it_is(desk: Desk) -> None:
    welcome = telephony_prompts.load().get("nl", "welcome")
    assert welcome is not None
    lasts = desk.telephone.seconds

    assert lasts(f"{BASE}/phone/prompts/nl/welcome.wav") == welcome.seconds
    assert lasts("iets gesproken") == lasts("") == 1.0


def test_a_server_that_starts_again_signs_as_before(tmp_path: Path) -> None:
    assert Desk(tmp_path).telephone.token == Desk(tmp_path).telephone.token


# The caller's page, and an exchange from outside.


@pytest.fixture
async def phones(built: TestHouse) -> AsyncIterator[Telephones]:
    async with telephones(built) as made:
        yield made


async def ask(
    phones: Telephones, method: str, path: str, json: object = None
) -> tuple[int, dict[str, Any]]:
    """Ask something as a page of the console's host does."""
    url = phones.built.house.settings.console_url + path
    async with phones.client.request(method, url, json=json) as answer:
        return answer.status, await answer.json() if answer.content_length else {}


async def seen(phones: Telephones, call: dict[str, Any]) -> tuple[str, list[str]]:
    """Look at a call as its page does."""
    status, found = await ask(phones, "GET", f"/demo/call/{call['call']}")
    assert status == 200, found
    return found["state"], found["prompts"]


def text(name: str) -> str:
    found = telephony_prompts.load().get("nl", name)
    assert found is not None
    return found.text


async def test_a_caller_reads_what_is_played_presses_keys_and_hangs_up(
    phones: Telephones,
) -> None:
    await phones.volunteer("anna", own=ANNA)
    await phones.open()
    status, call = await ask(phones, "POST", "/demo/call")
    before = await seen(phones, call)
    await phones.go(1)
    welcomed = await seen(phones, call)
    await phones.go(25)
    waiting = await seen(phones, call)
    await ask(phones, "POST", f"/demo/call/{call['call']}/key", {"key": "5"})
    await phones.go(1)
    told = await seen(phones, call)
    _status, ended = await ask(phones, "POST", f"/demo/call/{call['call']}/end")

    assert (status, before) == (201, ("ringing", []))
    assert welcomed == ("hearing", [text("welcome")])
    assert waiting[0] == "waiting"
    assert told[1][-1] == text("about-chat")
    assert ended["state"] == "over"


async def test_a_caller_reads_that_the_line_is_closed(phones: Telephones) -> None:
    await phones.open()
    _status, call = await ask(phones, "POST", "/demo/call")
    await phones.go(1)

    assert (await seen(phones, call))[1][0] == text("closed")


async def test_a_caller_sees_that_somebody_talks_with_them_or_holds_the_line(
    phones: Telephones,
) -> None:
    await phones.volunteer("anna", own=ANNA)
    await phones.open()
    _status, call = await ask(phones, "POST", "/demo/call")
    await phones.go()
    [leg] = phones.ringing()
    phones.exchange.answer(leg)
    await phones.go(1)
    phones.exchange.press(leg, "1")
    await phones.go(6)
    talking = await seen(phones, call)
    phones.exchange.legs["CA" + call["call"]].hold = True

    assert talking == ("talking", [text("welcome"), text("connecting")])
    assert (await seen(phones, call))[0] == "held"


async def test_what_is_no_prompt_of_ours_is_not_shown(phones: Telephones) -> None:
    _status, call = await ask(phones, "POST", "/demo/call")
    phones.exchange.legs["CA" + call["call"]].heard = [FAULT, "", "/phone/prompts/nl/music.wav"]

    assert (await seen(phones, call))[1] == []


async def test_only_a_key_of_a_telephone_can_be_pressed(phones: Telephones) -> None:
    _status, call = await ask(phones, "POST", "/demo/call")

    for key in ("", "11", "a", "٣"):
        status, _said = await ask(phones, "POST", f"/demo/call/{call['call']}/key", {"key": key})
        assert status == 400, key


async def test_a_leg_that_we_placed_is_no_callers(phones: Telephones) -> None:
    leg = phones.exchange.place(ANNA, NUMBER, "", "", 20)

    for path in (leg.sid[2:], "f" * 32):
        status, _said = await ask(phones, "POST", f"/demo/call/{path}/end")
        assert status == 404
    assert not leg.over


async def test_no_more_calls_are_made_at_once_than_the_demo_can_bear(phones: Telephones) -> None:
    legs = [phones.exchange.call_in(CALLER) for _each in range(MOST_CALLS)]
    full, _said = await ask(phones, "POST", "/demo/call")
    phones.exchange.hang_up(legs[0])
    status, _call = await ask(phones, "POST", "/demo/call")

    assert (full, status) == (429, 201)


async def test_calls_go_to_no_other_machine(phones: Telephones) -> None:
    for url in ("http://10.0.0.1:80", "http://127.0.0.1:80/x", "https://127.0.0.1:80"):
        status, _said = await ask(phones, "POST", "/demo/phone", {"url": url})
        assert status == 400, url


async def test_an_exchange_outside_is_given_what_it_signs_with_and_gets_the_calls_from_then_on(
    phones: Telephones,
) -> None:
    demo = phones.built.house.demo_telephone
    assert demo is not None
    other = exchange_to(Line())
    async with listening(outside_app(other)) as url:
        status, given = await ask(phones, "POST", "/demo/phone", {"url": url})
        await demo.desk.request("POST", "/Calls", PLACE, None)
        detached, _nothing = await ask(phones, "DELETE", "/demo/phone")
        await demo.desk.request("POST", "/Calls", PLACE, None)
    await demo.desk.close()

    assert (status, detached) == (200, 204)
    assert given == {"token": demo.token.hex(), "number": NUMBER}
    assert (len(other.legs), len(demo.exchange.legs)) == (1, 1)
