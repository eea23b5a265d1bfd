"""The demo's adapter: what the contract of all providers does not say."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from luisterlijn.kernel.errors import Outage
from luisterlijn.privacy.redaction import Secret
from luisterlijn.simulation.exchange_rest import answer
from luisterlijn.telephony.loopback import LoopbackProvider, signed
from luisterlijn.telephony.ports import Browser, CallGone, CallId, Number, Ring
from luisterlijn.telephony.script import HangUp, Play
from tests.support.switchboard import ANNA, BASE, JO, NUMBER, Line, exchange_to, meet

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from luisterlijn.simulation.exchange import Exchange

LEG, ROOM = UUID(int=5), UUID(int=6)
CALL = CallId("CA1")
TOKEN = b"t" * 16


class Beside:
    """A desk that keeps beside which call each question was asked; it fails when it is told to."""

    def __init__(self, exchange: Exchange, status: int = 0) -> None:
        """Ask this exchange; `status`: given instead of its answer."""
        self.exchange = exchange
        self.status = status
        self.asked: list[tuple[str, str | None]] = []

    async def request(
        self, method: str, path: str, form: Mapping[str, str], beside: str | None
    ) -> tuple[int, dict[str, Any]]:
        """Answer at once."""
        self.asked.append((f"{method} {path}", beside))
        if self.status:
            return self.status, {"code": self.status}
        return answer(self.exchange, method, path, form)


def provider_of(desk: Beside) -> LoopbackProvider:
    return LoopbackProvider(desk, base=BASE, number=NUMBER, token=TOKEN)


def ring(to: Browser | Number, beside: CallId | None = None) -> Ring:
    return Ring(leg=LEG, to=to, rings=timedelta(seconds=15), beside=beside)


@pytest.mark.parametrize(
    ("to", "rung"), [(Browser("abc"), "client:abc"), (Number(Secret(ANNA)), ANNA)]
)
async def test_a_browser_rings_by_its_name_and_an_own_phone_by_its_number(
    to: Browser | Number, rung: str
) -> None:
    desk = Beside(exchange_to(Line()))
    call = await provider_of(desk).place(ring(to))

    assert desk.exchange.legs[call].to == rung


async def test_a_call_is_placed_and_looked_for_in_the_exchange_of_the_caller() -> None:
    desk = Beside(exchange_to(Line()))
    caller = CallId(desk.exchange.call_in(JO).sid)
    asked = ring(Browser("abc"), beside=caller)
    await provider_of(desk).place(asked)
    await provider_of(desk).find(asked)

    assert desk.asked == [("POST /Calls", caller), ("GET /Calls", caller)]


async def test_everything_about_a_leg_is_asked_in_the_exchange_that_has_it() -> None:
    exchange = exchange_to(Line({"/incoming": meet(ROOM.hex)}))
    leg = exchange.call_in(JO)
    await exchange.run_until(1)
    desk, call = Beside(exchange), CallId(leg.sid)
    provider = provider_of(desk)
    await provider.hold(ROOM, call, on=True, music="/music.wav")
    await provider.stay(ROOM, call)
    await provider.is_over(call)
    await provider.refetch(call, LEG)
    await provider.end(call)
    with pytest.raises(CallGone):
        await provider.refetch(call, LEG)

    assert {beside for _asked, beside in desk.asked} == {call}


async def test_an_older_call_to_the_same_telephone_that_is_over_is_not_found() -> None:
    desk = Beside(exchange_to(Line()))
    provider, asked = provider_of(desk), ring(Browser("abc"))
    former = await provider.place(asked)
    desk.exchange.refuse(desk.exchange.legs[former], "busy")

    assert await provider.find(asked) is None


@pytest.mark.parametrize(
    "ask",
    [
        lambda provider: provider.find(ring(Browser("abc"))),
        lambda provider: provider.refetch(CALL, LEG),
        lambda provider: provider.end(CALL),
        lambda provider: provider.hold(ROOM, CALL, on=True, music="/m"),
        lambda provider: provider.stay(ROOM, CALL),
        lambda provider: provider.announce(ROOM, "/s"),
        lambda provider: provider.is_over(CALL),
        lambda provider: provider.erase(CALL),
    ],
)
async def test_an_exchange_that_fails_is_an_outage_and_no_answer(
    ask: Callable[[LoopbackProvider], Awaitable[object]],
) -> None:
    with pytest.raises(Outage):
        await ask(provider_of(Beside(exchange_to(Line()), 500)))


def test_only_the_exchange_can_sign() -> None:
    provider = provider_of(Beside(exchange_to(Line())))
    form = {"CallSid": "CA1", "Digits": "1"}

    assert provider.is_signed("/phone/x", form, signed(TOKEN, f"{BASE}/phone/x", form))
    assert not provider.is_signed("/phone/x", form, signed(b"u" * 16, f"{BASE}/phone/x", form))
    assert not provider.is_signed("/phone/x", form, "é")


def test_the_order_of_fields_changes_no_signature_and_each_value_does() -> None:
    form = {"B": "", "A": "2"}

    assert signed(TOKEN, BASE, form) == signed(TOKEN, BASE, dict(reversed(form.items())))
    assert signed(TOKEN, BASE, form) != signed(TOKEN, BASE, {**form, "A": "1"})


async def test_the_demo_says_that_nobody_outside_can_call() -> None:
    [found] = await provider_of(Beside(exchange_to(Line()))).findings()

    assert (found.code, found.grave) == ("demo", False)


def test_a_script_is_written_with_our_own_address() -> None:
    written = provider_of(Beside(exchange_to(Line()))).written((Play("welcome", "nl"), HangUp()))

    assert f"<Play>{BASE}/phone/prompts/nl/welcome.wav</Play><Hangup /></Response>" in (
        written.decode()
    )
