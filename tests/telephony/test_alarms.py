"""What is wrong at the provider is told to the log and the figures, in words for people."""

from __future__ import annotations

import contextlib
import inspect
import re
from typing import TYPE_CHECKING

import pytest
from aiohttp import web

from luisterlijn import settings
from luisterlijn.settings import SettingsFault
from luisterlijn.telephony import alarms as alarms_module
from luisterlijn.telephony import watch
from luisterlijn.telephony.alarms import NEEDED, SENTENCES, Alarms, fallback_findings
from tests.support.house import free_port
from tests.support.twilio_api import Account, asking, twilio_api

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SPEAKS = b'<?xml version="1.0"?><Response><Play>nl.wav</Play><Play>/en.wav</Play></Response>'


@contextlib.asynccontextmanager
async def fallback(
    body: bytes = SPEAKS, *, status: int = 200, sounds: tuple[str, ...] = ("nl.wav", "en.wav")
) -> AsyncIterator[str]:
    """Serve a fallback as files; gives its address."""

    async def script(_request: web.Request) -> web.Response:
        return web.Response(body=body, status=status, content_type="application/xml")

    async def sound(_request: web.Request) -> web.Response:
        return web.Response(body=b"RIFF", content_type="audio/wav")

    app = web.Application()
    app.router.add_get("/fallback.xml", script)
    for each in sounds:
        app.router.add_get(f"/{each}", sound)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/fallback.xml"
    finally:
        await runner.cleanup()


async def test_a_fallback_that_speaks_is_no_finding() -> None:
    async with fallback() as url:
        assert await fallback_findings(url) == []
    async with fallback(b"<Response><Say>Bel 113.</Say></Response>") as url:
        assert await fallback_findings(url) == []


@pytest.mark.parametrize(
    ("body", "status", "sounds", "code"),
    [
        (SPEAKS, 500, ("nl.wav", "en.wav"), "fallback-away"),
        (SPEAKS, 404, ("nl.wav", "en.wav"), "fallback-away"),
        (SPEAKS, 200, ("nl.wav",), "fallback-broken"),
        (b"<html>", 200, (), "fallback-broken"),
        (b"<html></html>", 200, (), "fallback-broken"),
        (b"<Response/>", 200, (), "fallback-broken"),
        (b"", 200, (), "fallback-broken"),
    ],
)
async def test_a_fallback_that_would_leave_a_caller_in_silence_is_a_grave_finding(
    body: bytes, status: int, sounds: tuple[str, ...], code: str
) -> None:
    async with fallback(body, status=status, sounds=sounds) as url:
        [found] = await fallback_findings(url)

    assert (found.code, found.grave) == (code, True)


async def test_a_fallback_that_is_not_there_is_a_grave_finding() -> None:
    for url in (f"http://127.0.0.1:{free_port()}/fallback.xml", "", "nonsense"):
        [found] = await fallback_findings(url)

        assert (found.code, found.grave) == ("fallback-away", True)


async def test_what_is_found_raises_an_alarm_and_a_figure_and_no_value_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counted: list[str] = []
    account = Account()
    account.lists["recordings"] = [{"sid": "RE" + "1" * 32}]
    account.balance = "10"
    async with twilio_api(account) as api, asking(api) as provider, fallback(b"") as url:
        alarms = Alarms(provider, url, counted.append)
        await alarms.look()
        await alarms.probe()

    told = capsys.readouterr().out
    assert counted == ["low-balance", "recordings", "fallback-broken"]
    assert re.findall(r"telephony_alarm|telephony_note", told) == [
        *("telephony_note", "telephony_alarm", "telephony_alarm")
    ]
    assert "RE111" not in told


async def test_nothing_wrong_raises_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    counted: list[str] = []
    async with twilio_api(Account()) as api, asking(api) as provider, fallback() as url:
        alarms = Alarms(provider, url, counted.append)
        await alarms.look()
        await alarms.probe()

    assert (counted, capsys.readouterr().out) == ([], "")


def test_every_code_has_a_sentence_in_both_languages_and_no_other_has() -> None:
    sources = inspect.getsource(watch) + inspect.getsource(alarms_module)
    said = {f"unseen-{each}" for each in watch.LOOKS} | set(watch.USED)
    for code in SENTENCES:
        if code not in said | {"demo", "not-set-up"}:
            assert f'"{code}"' in sources, code
    for sentence in SENTENCES.values():
        assert sentence.nl != sentence.en
        assert all(len(each) > 10 and each[-1] in ".?" for each in sentence)
    assert said | watch.MILD <= set(SENTENCES)


def test_the_settings_named_as_needed_are_those_that_a_start_asks_for() -> None:
    with pytest.raises(SettingsFault) as refused:
        settings.read({"LUISTERLIJN_DEMO": "1", "TWILIO_REGION": "ie1"})

    assert {fault.partition(":")[0] for fault in refused.value.faults} == set(NEEDED.split(", "))
