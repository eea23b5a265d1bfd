"""An exchange in real time: its webhooks go out signed, and two exchanges are kept apart."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web

from luisterlijn.kernel.errors import Outage
from luisterlijn.simulation.exchange_desk import (
    FALLBACK,
    DemoDesk,
    Here,
    by_http,
    drive,
    outside_app,
)
from luisterlijn.telephony.loopback import signed
from tests.support.house import free_port
from tests.support.switchboard import (
    ACCOUNT,
    ANNA,
    BASE,
    JO,
    NUMBER,
    Line,
    exchange_to,
    heard,
    listening,
    play,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from luisterlijn.simulation.exchange import Exchange

TOKEN = b"t" * 16
SOON_S = 5.0
PLACE = {"To": ANNA, "From": NUMBER, "Url": f"{BASE}/placed"}


@contextlib.asynccontextmanager
async def desk(tmp_path: Path, here: Exchange) -> AsyncIterator[DemoDesk]:
    """Give a demo's desk, beside its own exchange."""
    made = DemoDesk(Here(here), tmp_path / "url")
    try:
        yield made
    finally:
        await made.close()


def left_in(folder: Path) -> list[Path]:
    """Give what is still kept."""
    return list(folder.iterdir())


async def until(holds: Any) -> None:
    """Wait until it holds."""
    async with asyncio.timeout(SOON_S):
        while not holds():  # noqa: ASYNC110 - it happens in other tasks
            await asyncio.sleep(0.005)


# Out.


async def test_each_webhook_is_signed_over_its_address_and_every_field() -> None:
    came: list[tuple[str, dict[str, str]]] = []

    async def hook(request: web.Request) -> web.Response:
        form = {key: str(value) for key, value in (await request.post()).items()}
        came.append((request.headers["X-Twilio-Signature"], form))
        return web.Response(text="<Response/>")

    app = web.Application()
    app.router.add_post("/hook", hook)
    form = {"CallSid": "CA1", "Digits": "*#", "Empty": "", "Name": "Zoë"}
    async with listening(app) as url, aiohttp.ClientSession() as session:
        answer = await by_http(session, TOKEN)(f"{url}/hook?a=1", form)

    assert answer == (200, b"<Response/>")
    assert came == [(signed(TOKEN, f"{url}/hook?a=1", form), form)]


async def test_a_line_that_is_away_is_a_fault_of_the_network() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(OSError, match="Client"):
            await by_http(session, TOKEN)(f"http://127.0.0.1:{free_port()}/", {})


async def test_a_line_that_does_not_answer_is_given_up_in_all_tries_together() -> None:
    tries = []

    async def deliver(url: str, _form: dict[str, str]) -> tuple[int, bytes]:
        tries.append(url)
        await asyncio.Event().wait()
        return 200, b""

    exchange = exchange_to(Line())
    exchange.deliver, exchange.patience_s = deliver, 0.05

    assert await exchange.asked("/x", {}) == (503, b"")
    assert tries == ["/x"]


async def test_time_passes_by_itself_and_one_slow_answer_holds_up_nobody_else() -> None:
    line = Line({"/incoming": play("a")})
    release = asyncio.Event()

    async def deliver(url: str, form: dict[str, str]) -> tuple[int, bytes]:
        if form["From"] == ANNA:
            await release.wait()
        return await line.deliver(url, form)

    exchange = exchange_to(line)
    exchange.deliver = deliver
    async with asyncio.TaskGroup() as group:
        driver = group.create_task(drive(exchange, speed=50))
        slow, quick = exchange.call_in(ANNA), exchange.call_in(JO)
        await until(lambda: quick.over)
        before = heard(slow)
        release.set()
        await until(lambda: slow.over)
        driver.cancel()

    assert (before, heard(slow), heard(quick)) == ([], ["/a"], ["/a"])


async def test_a_fault_of_the_exchange_itself_stops_no_other_call() -> None:
    exchange = exchange_to(Line({"/incoming": play("a")}))

    async def broken() -> None:
        raise ValueError

    async with asyncio.TaskGroup() as group:
        driver = group.create_task(drive(exchange, speed=50))
        exchange.later(0, broken)
        leg = exchange.call_in(JO)
        await until(lambda: leg.over)
        driver.cancel()

    assert heard(leg) == ["/a"]


# In.


async def test_the_demos_own_exchange_answers_until_another_is_attached(tmp_path: Path) -> None:
    own, other = exchange_to(Line()), exchange_to(Line())
    async with listening(outside_app(other)) as url, desk(tmp_path, own) as demo:
        await demo.request("POST", "/Calls", PLACE, None)
        demo.attach(url)
        status, body = await demo.request("POST", "/Calls", PLACE, None)
        demo.detach()
        demo.detach()
        await demo.request("POST", "/Calls", PLACE, None)

    assert (len(own.legs), list(other.legs)) == (2, [body["sid"]])
    assert status == 201


async def test_calls_of_the_demos_own_exchange_stay_there(tmp_path: Path) -> None:
    own, other = exchange_to(Line()), exchange_to(Line())
    caller = own.call_in(JO)
    async with listening(outside_app(other)) as url, desk(tmp_path, own) as demo:
        demo.attach(url)
        await demo.request("POST", "/Calls", PLACE, caller.sid)

    assert (len(own.legs), len(other.legs)) == (2, 0)


async def test_a_server_that_was_killed_goes_on_with_the_same_exchange(tmp_path: Path) -> None:
    other = exchange_to(Line())
    async with listening(outside_app(other)) as url:
        async with desk(tmp_path, exchange_to(Line())) as before:
            before.attach(url)
        async with desk(tmp_path, exchange_to(Line())) as after:
            await after.request("POST", "/Calls", PLACE, None)

    assert len(other.legs) == 1


async def test_an_exchange_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    own = exchange_to(Line())
    async with desk(tmp_path, own) as demo:
        demo.attach(f"http://127.0.0.1:{free_port()}")
        gone = await demo.request("DELETE", "/Calls/CA1", {}, "CA1")
        await demo.request("POST", "/Calls", PLACE, None)

    assert gone[0] == 404
    assert len(own.legs) == 1
    assert left_in(tmp_path) == []


async def test_an_exchange_that_answers_nonsense_is_an_outage(tmp_path: Path) -> None:
    async with listening(web.Application()) as url, desk(tmp_path, exchange_to(Line())) as demo:
        demo.attach(url)
        with pytest.raises(Outage):
            await demo.request("POST", "/Calls", PLACE, None)


async def test_an_exchange_outside_answers_at_the_providers_own_addresses_too() -> None:
    exchange = exchange_to(Line())
    leg = exchange.call_in(JO)
    async with (
        listening(outside_app(exchange)) as url,
        aiohttp.ClientSession(f"{url}/2010-04-01/Accounts/{ACCOUNT}/") as session,
    ):
        async with session.post("Calls.json", data=PLACE) as placed:
            made = (placed.status, (await placed.json())["to"])
        async with session.get("Calls.json", params={"To": NUMBER}) as listed:
            found = [each["sid"] for each in (await listed.json())["calls"]]
        exchange.hang_up(leg)
        await exchange.run_until(200)
        async with session.delete(f"Calls/{leg.sid}.json") as deleted:
            gone = (deleted.status, await deleted.read())

    assert (made, found, gone) == ((201, ANNA), [leg.sid], (204, b""))


async def test_while_the_line_is_away_a_call_is_kept_and_calls_in_anew() -> None:
    line = Line({"/incoming": play("a")}, faults={"/incoming": 4})
    exchange = exchange_to(line)
    async with listening(outside_app(exchange)) as url, aiohttp.ClientSession() as session:
        elsewhere = by_http(session, TOKEN)

        async def deliver(address: str, form: dict[str, str]) -> tuple[int, bytes]:
            send = elsewhere if address.startswith(url) else line.deliver
            return await send(address, form)

        exchange.deliver, exchange.fallback_url = deliver, url + FALLBACK
        leg = exchange.call_in(JO)
        await exchange.run_until(15)
        before = heard(leg)
        await exchange.run_until(21)

    assert (before, heard(leg)) == ([], ["/a"])
    assert line.told("/incoming", "CallSid") == [leg.sid] * 5
