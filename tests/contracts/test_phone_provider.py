"""What every phone provider promises, on each adapter; its questions held against Twilio's API."""

from __future__ import annotations

import contextlib
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import jwt
import pytest

from luisterlijn.kernel.errors import Outage
from luisterlijn.privacy.redaction import Secret
from luisterlijn.simulation.chance import Chance
from luisterlijn.simulation.exchange import Exchange
from luisterlijn.simulation.exchange_rest import answer
from luisterlijn.telephony.loopback import LoopbackProvider, signed
from luisterlijn.telephony.ports import (
    Browser,
    CallGone,
    CallId,
    NotErased,
    NotNow,
    NotPlaced,
    Number,
    PhoneProvider,
    Voice,
)
from luisterlijn.telephony.script import HangUp, Meet, Park, Play
from luisterlijn.telephony.twiml import twiml
from tests.support.openapi import check
from tests.support.twilio_api import (
    ACCOUNT,
    BASE,
    LEG,
    NUMBER,
    ROOM,
    TOKEN,
    Answer,
    Question,
    Trouble,
    asking,
    error,
    ring,
    twilio_api,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping


@dataclass(slots=True)
class World:
    """A provider, the exchange behind it, and every question that was put to it.

    `troubles` are answers to give instead of the exchange's, in turn.
    """

    provider: PhoneProvider
    exchange: Exchange
    asked: list[Question]
    troubles: deque[Answer | Trouble]


def exchange() -> Exchange:
    async def deliver(url: str, _form: dict[str, str]) -> tuple[int, bytes]:
        if "/leg/" in url and not url.endswith("status"):
            meet = Meet(room=ROOM, after="/after", statuses="/room", ends=True)
            return 200, twiml((Play("welcome", "nl"), meet, HangUp()), BASE)
        return 204, b""

    return Exchange(
        deliver,
        Chance(1, "exchange"),
        account=ACCOUNT,
        number=NUMBER,
        voice_url=f"{BASE}/phone/leg/{UUID(int=7).hex}",
    )


class Asked:
    """The loopback's desk, with an ear on it."""

    def __init__(self, made: Exchange) -> None:
        """Ask this exchange."""
        self.exchange = made
        self.asked: list[Question] = []
        self.troubles: deque[Answer | Trouble] = deque()

    async def request(
        self, method: str, path: str, form: Mapping[str, str], _beside: str | None
    ) -> Answer:
        """Answer at once, with what Twilio could have answered to a question it knows."""
        whole = f"/2010-04-01/Accounts/{ACCOUNT}{path}.json"
        self.asked.append(Question(method, whole, dict(form)))
        trouble = self.troubles.popleft() if self.troubles else None
        if isinstance(trouble, Trouble):
            raise Outage
        if trouble is not None:
            return trouble
        status, body = answer(self.exchange, method, path, form)
        check(method, whole, form, status, body)
        return status, body


@contextlib.asynccontextmanager
async def twilio() -> AsyncIterator[World]:
    """Twilio's own library, with its API answered by the exchange over HTTP."""
    made = exchange()

    def met(method: str, path: str, form: dict[str, str]) -> Answer:
        path = path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}").removesuffix(".json")
        return answer(made, method, path, form)

    async with twilio_api(met) as api, asking(api) as provider:
        yield World(provider, made, api.asked, api.troubles)


@contextlib.asynccontextmanager
async def loopback() -> AsyncIterator[World]:
    """The demo's adapter."""
    desk = Asked(exchange())
    provider = LoopbackProvider(desk, base=BASE, number=NUMBER, token=TOKEN.encode())
    yield World(provider, desk.exchange, desk.asked, desk.troubles)


@pytest.fixture(params=[twilio, loopback])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """Each adapter in turn."""
    async with request.param() as made:
        yield made


async def talking(world: World) -> CallId:
    """Let a call be placed, picked up, and in the conference."""
    call = await world.provider.place(ring())
    await world.exchange.run_until(1)
    world.exchange.answer(world.exchange.legs[call])
    await world.exchange.run_until(5)
    assert len(world.exchange.rooms) == 1
    return call


async def test_a_call_is_placed_with_our_number_and_our_address(world: World) -> None:
    call = await world.provider.place(ring(Browser("abc")))

    leg = world.exchange.legs[call]
    assert (leg.to, leg.sender) == ("client:abc", NUMBER)
    assert leg.url == f"{BASE}/phone/leg/{LEG.hex}"
    assert leg.callback == f"{BASE}/phone/leg/{LEG.hex}/status"


async def test_who_does_not_pick_up_in_time_is_rung_no_more(world: World) -> None:
    call = await world.provider.place(ring())
    await world.exchange.run_until(16)

    assert world.exchange.legs[call].status == "no-answer"
    assert await world.provider.is_over(call)


async def test_a_call_of_unknown_outcome_is_looked_for_and_never_placed_again(
    world: World,
) -> None:
    world.troubles.append(Trouble.BREAKS_OFF)
    with pytest.raises(Outage):
        await world.provider.place(ring())
    nothing = await world.provider.find(ring())
    placed = await world.provider.place(ring())

    assert nothing is None
    assert await world.provider.find(ring()) == placed
    assert sum(each.method == "POST" for each in world.asked) == 2


@pytest.mark.parametrize(
    ("status", "raised"), [(400, NotPlaced), (429, NotNow), (500, Outage), (503, Outage)]
)
async def test_each_refusal_to_place_says_whether_somebody_was_rung(
    world: World, status: int, raised: type[Exception]
) -> None:
    world.troubles.append(error(status))

    with pytest.raises(raised):
        await world.provider.place(ring())

    assert len(world.asked) == 1


async def test_a_leg_is_told_to_ask_again_unless_it_hung_up(world: World) -> None:
    call = await talking(world)
    await world.provider.refetch(call, LEG)
    await world.exchange.run_until(6)
    heard = len(world.exchange.legs[call].heard)
    world.exchange.hang_up(world.exchange.legs[call])

    assert heard == 2
    with pytest.raises(CallGone):
        await world.provider.refetch(call, LEG)


async def test_ending_a_leg_twice_is_fine(world: World) -> None:
    call = await talking(world)
    await world.provider.end(call)
    await world.provider.end(call)

    assert await world.provider.is_over(call)


async def test_hold_stay_and_announce_reach_the_conference(world: World) -> None:
    call = await talking(world)
    leg = world.exchange.legs[call]
    await world.provider.hold(ROOM, call, on=True, music="/music.wav")
    held = leg.hold
    await world.provider.hold(ROOM, call, on=False, music="/music.wav")
    await world.provider.stay(ROOM, call)
    await world.provider.announce(ROOM, "/phone/prompts/nl/volunteer-leaves.wav")

    assert (held, leg.hold, leg.ends_room) == (True, False, False)
    assert leg.heard[-1] == f"{BASE}/phone/prompts/nl/volunteer-leaves.wav"


async def test_a_voice_is_for_all_for_one_or_for_nobody(world: World) -> None:
    call = await talking(world)
    leg = world.exchange.legs[call]
    heard = []
    for voice in (Voice(muted=True), Voice(muted=False, only_to=call), Voice(muted=False)):
        await world.provider.voice(ROOM, call, voice)
        await world.provider.voice(ROOM, call, voice)
        heard.append((leg.muted, leg.coaches))

    assert heard == [(True, ""), (False, call), (False, "")]


async def test_a_conference_that_is_over_is_gone(world: World) -> None:
    call = await talking(world)
    world.exchange.hang_up(world.exchange.legs[call])

    with pytest.raises(CallGone):
        await world.provider.hold(ROOM, call, on=True, music="/music.wav")
    with pytest.raises(CallGone):
        await world.provider.announce(ROOM, "/x.wav")


async def test_a_call_is_erased_once_it_is_over_for_a_while(world: World) -> None:
    call = await talking(world)
    with pytest.raises(NotErased):
        await world.provider.erase(call)
    world.exchange.hang_up(world.exchange.legs[call])
    await world.exchange.run_until(200)
    await world.provider.erase(call)
    await world.provider.erase(call)

    assert call not in world.exchange.legs


async def test_a_signature_counts_for_one_address_and_one_form_only(world: World) -> None:
    path, form = "/phone/incoming", {"CallSid": "CA1", "From": "anonymous", "Empty": ""}
    good = signed(TOKEN.encode(), BASE + path, form)
    provider = world.provider

    assert provider.is_signed(path, form, good)
    assert not provider.is_signed(path, form, "")
    assert not provider.is_signed(path, form | {"CallSid": "CA2"}, good)
    assert not provider.is_signed("/phone/status", form, good)
    assert not provider.is_signed(path, form, signed(b"f" * 32, BASE + path, form))


def test_the_signature_is_that_of_the_providers_own_example() -> None:
    # From Twilio's documentation of webhooks security.
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    url = "https://mycompany.com/myapp.php?foo=1&bar=2"

    assert signed(b"12345", url, form) == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


async def test_a_ticket_takes_calls_and_can_make_none(world: World) -> None:
    ticket = world.provider.ticket("abc")

    assert ticket.identity == "abc"
    if ticket.kind == "twilio":
        grants = jwt.decode(ticket.token, options={"verify_signature": False})["grants"]
        assert grants == {"identity": "abc", "voice": {"incoming": {"allow": True}}}


async def test_findings_only_look(world: World) -> None:
    found = await world.provider.findings()

    assert found
    assert {each.method for each in world.asked} <= {"GET"}
    assert world.exchange.legs == {}


async def test_what_is_told_twice_is_done_once(world: World) -> None:
    call = await talking(world)
    leg = world.exchange.legs[call]
    for _each in range(2):
        await world.provider.hold(ROOM, call, on=True, music="/music.wav")
        await world.provider.stay(ROOM, call)

    assert (leg.hold, leg.ends_room, leg.status) == (True, False, "in-progress")


async def test_a_script_is_written_with_our_own_address(world: World) -> None:
    script = (Play("welcome", "nl"), Park(wait="/w", after="/a"))

    assert world.provider.written(script) == twiml(script, BASE)


async def test_somebody_who_is_rung_is_found_and_who_refused_is_not(world: World) -> None:
    number = Number(Secret("+31687654321"))
    call = await world.provider.place(ring(number))
    await world.exchange.run_until(1)
    ringing = await world.provider.find(ring(number))
    world.exchange.refuse(world.exchange.legs[call], "busy")

    assert ringing == call
    assert await world.provider.find(ring(number)) is None
    assert await world.provider.is_over(call)


async def test_ending_stops_what_still_rings(world: World) -> None:
    call = await world.provider.place(ring())
    await world.exchange.run_until(1)

    await world.provider.end(call)

    assert world.exchange.legs[call].over
