"""Calls in a volunteer's browser: the provider's own library, behind our phone, in Chromium."""

from __future__ import annotations

import asyncio
import json
import re
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from luisterlijn.edge.assets import Assets
from luisterlijn.edge.guard import Face
from luisterlijn.edge.headers import Policies, console_policy, middleware
from luisterlijn.edge.house import BUILT
from tests.support.browser import Seen, chromium, on_port
from tests.support.browser_phone import (
    CALLS,
    NO_MICROPHONE,
    REFUSED,
    SEES_CONNECTIONS,
    Phone,
    Sheet,
    build_phone,
)
from tests.support.house import free_port
from tests.support.voice_edge import LOUD, PATIENCE_S, voice_edge

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from playwright.async_api import Browser

    from tests.support.voice_edge import FarEnd, VoiceEdge

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
async def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our phone with the library in it, built as the console is built."""
    folder = tmp_path_factory.mktemp("bundle")
    await build_phone(folder)
    return folder


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium whose microphone beeps."""
    async with chromium(*CALLS) as made:
        yield made


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[VoiceEdge]:
    """The provider's door."""
    async with voice_edge(tmp_path) as made:
        yield made


@pytest.fixture
async def sheet(
    request: pytest.FixtureRequest, browser: Browser, bundle: Path, edge: VoiceEdge
) -> AsyncIterator[Sheet]:
    """A page of the console, or of the face that the test names."""
    port = free_port()
    face = getattr(request, "param", Face.CONSOLE)
    origins = {Face.CONSOLE: f"http://localhost:{port}", Face.PUBLIC: f"http://127.0.0.1:{port}"}
    policy = console_policy(edge.host)
    policies = Policies(public=policy, console=policy, https=False)
    app = web.Application(middlewares=[middleware(policies, origins, lambda _code: None)])
    app.router.add_get("/", _blank)
    app.router.add_get("/favicon.ico", _blank)
    app.router.add_get("/assets/{name}", Assets(bundle).give)
    context = await browser.new_context()
    seen = Seen()
    seen.watch(context)
    page = await context.new_page()
    await page.add_init_script(SEES_CONNECTIONS)
    async with on_port(app, port):
        await page.goto(origins[face])
        yield Sheet(page, seen, origins[face])
        await context.close()


@pytest.fixture
async def phone(sheet: Sheet, edge: VoiceEdge) -> AsyncIterator[Phone]:
    """Our phone in a page; it asks nothing of any other host, and complains of nothing."""
    told = asyncio.Queue[str]()
    await sheet.page.expose_function("told", told.put_nowait)
    yield Phone(sheet.page, edge, told)
    assert await sheet.page.evaluate("window.refused") == []
    assert [each for each in sheet.seen.complaints if NO_MICROPHONE not in each] == []
    assert sheet.seen.foreign(sheet.origin) == []


async def _blank(_request: web.Request) -> web.Response:
    return web.Response(text="<!doctype html><title>Telefoon</title>", content_type="text/html")


async def test_a_call_is_picked_up_heard_on_both_sides_and_ended_by_the_far_end(
    phone: Phone, edge: VoiceEdge
) -> None:
    await phone.sign_on("first")
    assert (await edge.heard("listen"))["token"] == "first"
    await phone.tells("signing_on", "ready")

    end = await edge.ring()
    await phone.tells("ringing")
    assert edge.waiting("answer") == 0

    await phone.does("accept()")
    await edge.answered(end)
    await phone.tells("in_call")
    await phone.hears_tone()
    await end.hears()

    await edge.say("hangup", callsid=end.sid)
    await phone.tells("ready")
    assert edge.waiting("hangup") == 0


async def test_a_muted_microphone_sends_silence_and_the_volunteer_can_hang_up(
    phone: Phone, edge: VoiceEdge
) -> None:
    end = await talking(phone, edge)
    await end.hears()
    assert await end.loudest() > LOUD

    await phone.does("mute(true)")
    await end.hears_nothing()
    await phone.does("mute(false)")
    await end.hears()

    await phone.does("hangUp()")
    assert await edge.heard("hangup") == {"callsid": end.sid}
    await phone.tells("ready")


async def test_a_ring_that_comes_after_aannemen_is_picked_up_and_one_that_stops_is_not(
    phone: Phone, edge: VoiceEdge
) -> None:
    await signed_on(phone)

    stopped = await edge.ring()
    await phone.tells("ringing")
    await edge.say("cancel", callsid=stopped.sid)
    await phone.tells("ready")

    await phone.does("accept()")
    end = await edge.ring()
    await phone.tells("ringing")
    await edge.answered(end)
    await phone.tells("in_call")


async def test_the_newest_ring_is_the_one_that_is_picked_up(phone: Phone, edge: VoiceEdge) -> None:
    await signed_on(phone)
    old = await edge.ring()
    await phone.tells("ringing")

    end = await edge.ring()
    assert await edge.heard("reject") == {"callsid": old.sid}
    await phone.tells("ringing")
    await phone.does("accept()")

    await edge.answered(end)
    await phone.tells("in_call")


async def test_whoever_is_in_a_call_is_not_rung(phone: Phone, edge: VoiceEdge) -> None:
    end = await talking(phone, edge)

    second = await edge.ring()
    await edge.say("hangup", callsid=second.sid)
    await end.hears()
    await phone.does("accept()")
    await phone.does("hangUp()")

    assert await edge.heard("hangup") == {"callsid": end.sid}
    await phone.tells("ready")
    assert edge.waiting("answer") == 0


async def test_a_ticket_is_renewed_before_it_ends_also_in_a_call(
    phone: Phone, edge: VoiceEdge
) -> None:
    end = await talking(phone, edge)
    edge.ttl_s = 10
    await phone.renew("second")
    assert (await edge.heard("listen"))["token"] == "second"
    await phone.tells("in_call", "ticket ends")

    edge.ttl_s = 3_600
    await phone.renew("third")
    assert (await edge.heard("listen"))["token"] == "third"
    await phone.tells("in_call")
    await end.hears()
    await edge.say("hangup", callsid=end.sid)
    await phone.tells("ready")


@pytest.mark.parametrize("code", [31204, 31205, 20104, 20101])
async def test_a_refused_ticket_is_named_and_an_expired_one_replaced_once(
    phone: Phone, edge: VoiceEdge, code: int
) -> None:
    edge.refuses = code
    expired = code in (31205, 20104)
    await phone.sign_on("old")
    await phone.tells("signing_on", "failed: ticket", *(["ticket ends"] if expired else []))
    await edge.heard("listen")

    await phone.renew("older")
    await phone.tells("signing_on", "failed: ticket")
    await edge.heard("listen")
    edge.refuses = None
    await phone.renew("new")

    assert (await edge.heard("listen"))["token"] == "new"
    await phone.tells("signing_on", "ready")


async def test_a_line_that_breaks_is_named_and_comes_back_by_itself(
    phone: Phone, edge: VoiceEdge
) -> None:
    await signed_on(phone)
    await edge.ring()
    await phone.tells("ringing")

    edge.cut()

    told = await phone.told_until("ready")
    assert "failed: network" in told
    assert set(told) <= {"ringing", "failed: network", "ready"}


async def test_a_conversation_goes_on_while_the_line_beside_it_breaks(
    phone: Phone, edge: VoiceEdge
) -> None:
    end = await talking(phone, edge)

    edge.cut()

    told = await phone.told_until("quality good")
    assert "quality bad" in told
    assert set(told) <= {"in_call", "quality bad", "quality good"}
    await end.hears()
    await phone.hears_tone()
    await phone.does("hangUp()")
    assert (await edge.heard("hangup"))["callsid"] == end.sid


@pytest.mark.parametrize("sheet", [Face.PUBLIC], indirect=True)
async def test_only_the_console_lends_the_microphone_and_a_phone_without_one_says_so(
    phone: Phone, edge: VoiceEdge
) -> None:
    await signed_on(phone)
    await edge.ring()
    await phone.tells("ringing")

    await phone.does("accept()")

    await phone.tells("ready", "failed: microphone")
    await phone.renew("again")
    await phone.tells("ready")


async def test_signing_off_hangs_up_and_leaves_the_door(phone: Phone, edge: VoiceEdge) -> None:
    end = await talking(phone, edge)

    await phone.does("signOff()")

    await phone.tells("off")
    assert await edge.heard("hangup") == {"callsid": end.sid}


@pytest.mark.parametrize(
    ("way", "url"),
    [
        ("request", "https://eventgw.twilio.com/v4/EndpointEvents"),
        ("request", "https://eventgw.ie1.twilio.com/v4/EndpointEvents"),
        ("request", "https://sdk.twilio.com/js/client/sounds/releases/1.0.0/incoming.mp3"),
        ("socket", "wss://voice-js.roaming.twilio.com/signal"),
    ],
)
async def test_the_policy_opens_no_other_door_of_the_provider(
    sheet: Sheet, way: str, url: str
) -> None:
    async with asyncio.timeout(PATIENCE_S):
        assert await sheet.page.evaluate(REFUSED, {"open": way, "url": url}) == url


def test_the_console_loads_the_library_only_when_calls_are_taken_in_this_browser() -> None:
    first = (BUILT / "console" / "index.html").read_text(encoding="utf-8")
    entry = json.loads((BUILT / "manifest.json").read_text(encoding="utf-8"))["console"]
    [library] = (BUILT / "assets").glob("phone-twilio-*.js")

    loaded = {entry, *re.findall(r'(?:src|href)="([^"]+)"', first)}
    texts = [(BUILT / each.lstrip("/")).read_text() for each in loaded if each.endswith(".js")]
    assert f"/assets/{library.name}" not in loaded
    assert not [text for text in texts if "PStream" in text or 'from"./phone-' in text]
    assert "PStream" in library.read_text(encoding="utf-8")


async def signed_on(phone: Phone) -> None:
    await phone.sign_on("first")
    await phone.edge.heard("listen")
    await phone.tells("signing_on", "ready")


async def talking(phone: Phone, edge: VoiceEdge) -> FarEnd:
    await signed_on(phone)
    end = await edge.ring()
    await phone.tells("ringing")
    await phone.does("accept()")
    await edge.answered(end)
    await phone.tells("in_call")
    return end
