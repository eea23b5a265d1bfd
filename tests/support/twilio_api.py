"""Twilio's API on this machine: checks every question against Twilio's description, and answers."""

from __future__ import annotations

import asyncio
import contextlib
import enum
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from aiohttp import web

from luisterlijn.privacy.redaction import Secret
from luisterlijn.settings import TwilioSettings
from luisterlijn.telephony.ports import Browser, CallId, Number, PhoneProvider, Ring, Voice
from luisterlijn.telephony.twilio import Patience, TwilioProvider
from tests.support.openapi import FILES, check_answer, check_question, described

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

ACCOUNT = "AC" + "1" * 32
KEY = "SK" + "2" * 32
NUMBER = "+31850000000"
BASE = "https://lijn.example"
FALLBACK = "https://elders.example/fallback.xml"
TOKEN = "e" * 32
CALL = CallId("CA" + "3" * 32)
CONFERENCE = "CF" + "4" * 32
LEG, ROOM = UUID(int=5), UUID(int=6)
CALM = Patience(asks_s=10, turn_s=10, all_s=20, pause_s=0.01)
QUICK = Patience(asks_s=1, turn_s=10, all_s=20, pause_s=0.01)
"""For a test of silence, that waits no longer than it must."""

Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Question:
    """One request as Twilio got it: the form, or the query."""

    method: str
    path: str
    form: dict[str, str]


class Trouble(enum.Enum):
    """What can go wrong with an answer, besides its status."""

    BREAKS_OFF = "the connection is cut"
    SILENCE = "nothing comes back"
    NOISE = "what comes back cannot be read"


@dataclass(slots=True)
class Api:
    """What was asked so far, and what is answered before the rest: `troubles`, in turn."""

    answer: Callable[[str, str, dict[str, str]], Answer]
    address: str = ""
    asked: list[Question] = field(default_factory=list)
    troubles: deque[Answer | Trouble] = field(default_factory=deque)
    over: asyncio.Event = field(default_factory=asyncio.Event)
    faults: list[Exception] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """Give what was asked in short, `POST /Calls.json`."""
        head = f"/2010-04-01/Accounts/{ACCOUNT}"
        return [f"{each.method} {each.path.removeprefix(head)}" for each in self.asked]

    async def meet(self, request: web.Request) -> web.Response:
        """Answer one request; a fault is kept, for the adapter would take it for an outage."""
        try:
            return await self._met(request)
        except Exception as fault:
            self.faults.append(fault)
            raise

    async def _met(self, request: web.Request) -> web.Response:
        raw = request.query if request.method == "GET" else await request.post()
        form = {key: " ".join(map(str, raw.getall(key))) for key in raw}
        self.asked.append(Question(request.method, request.path, form))
        check_question(request.method, request.path, form)
        trouble = self.troubles.popleft() if self.troubles else None
        match trouble:
            case Trouble.BREAKS_OFF:
                assert request.transport is not None
                request.transport.abort()
                return web.Response()
            case Trouble.SILENCE:
                await self.over.wait()
                return web.Response()
            case Trouble.NOISE:
                return web.Response(text="<html>", status=201 if request.method == "POST" else 200)
        found = trouble or self.answer(request.method, request.path, form)
        status, body = found
        if status < 600 and "type" not in body:
            check_answer(request.method, request.path, form, status, body)
        return web.json_response(body, status=status) if body else web.Response(status=status)


@contextlib.asynccontextmanager
async def twilio_api(
    answer: Callable[[str, str, dict[str, str]], Answer],
) -> AsyncIterator[Api]:
    """Serve Twilio's API; a question or answer that is none of it fails the test."""
    for file in FILES.values():
        described(file)  # takes seconds, that no question has
    made = Api(answer)
    app = web.Application()
    app.router.add_route("*", "/{path:.+}", made.meet)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    made.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
        assert not made.faults, made.faults
    finally:
        made.over.set()
        await runner.cleanup()


@contextlib.asynccontextmanager
async def asking(
    api: Api, patience: Patience = CALM, **changed: Any
) -> AsyncIterator[TwilioProvider]:
    """Give the adapter, asking this API."""
    provider = TwilioProvider(settings(**changed), BASE, api.address, patience=patience)
    try:
        yield provider
    finally:
        await provider.close()


def settings(**changed: Any) -> TwilioSettings:
    """Give the settings of the account that is answered for here."""
    values = {
        "account": ACCOUNT,
        "api_key": KEY,
        "api_secret": "s" * 32,
        "auth_token": TOKEN,
        "numbers": {NUMBER: "welcome"},
        "calls_per_s": 1000,
        "fallback_url": FALLBACK,
    }
    return TwilioSettings(**{**values, **changed})


def ring(to: Browser | Number | None = None, leg: UUID = LEG) -> Ring:
    """Give a leg to call."""
    return Ring(
        leg=leg, to=to or Number(Secret("+31612345678")), rings=timedelta(seconds=15), beside=None
    )


def error(status: int, code: int | None = None) -> Answer:
    """Give how Twilio says no."""
    more = f"https://www.twilio.com/docs/errors/{code}"
    body = {"code": code or status, "message": "no", "more_info": more, "status": status}
    return status, body


async def everything(provider: TwilioProvider) -> None:
    """Let the adapter do all that the port promises and that asks somebody outside."""
    said: dict[str, Callable[[], Awaitable[object]]] = {
        "place": lambda: provider.place(ring()),
        "find": lambda: provider.find(ring(Browser("abc"))),
        "refetch": lambda: provider.refetch(CALL, LEG),
        "end": lambda: provider.end(CALL),
        "hold": lambda: provider.hold(ROOM, CALL, on=True, music="/music.wav"),
        "voice": lambda: provider.voice(ROOM, CALL, Voice(muted=False, only_to=CALL)),
        "stay": lambda: provider.stay(ROOM, CALL),
        "announce": lambda: provider.announce(ROOM, "/sound.wav"),
        "is_over": lambda: provider.is_over(CALL),
        "erase": lambda: provider.erase(CALL),
        "findings": provider.findings,
    }
    assert set(said) | {"ticket", "is_signed", "written"} == {
        name for name in vars(PhoneProvider) if not name.startswith("_")
    }
    for each in said.values():
        await each()


class Account:
    """An account with nothing wrong; a test changes what it is about.

    `gone` are paths that are not found, `refused` those that the key may not ask.
    """

    def __init__(self) -> None:
        """Begin with all well."""
        self.lists: dict[str, list[dict[str, Any]]] = {
            "recordings": [],
            "transcriptions": [],
            "keys": [{"sid": KEY, "friendly_name": "luisterlijn"}],
            "incoming_phone_numbers": [self.number()],
            "usage_records": [{"category": "calls", "count": "12"}],
            "calls": [call()],
            "conferences": [{"sid": CONFERENCE, "friendly_name": ROOM.hex}],
        }
        self.sinks: list[dict[str, Any]] = []
        self.balance = "250.00"
        self.region = "ie1"
        self.status = "in-progress"
        self.refused: set[str] = set()

    @staticmethod
    def number(**changed: object) -> dict[str, Any]:
        """Give a number that is set as it must be."""
        return {
            "phone_number": NUMBER,
            "voice_url": f"{BASE}/phone/incoming",
            "voice_method": "POST",
            "voice_application_sid": None,
            "trunk_sid": None,
            "voice_fallback_url": FALLBACK,
            "voice_fallback_method": "GET",
            "status_callback": f"{BASE}/phone/status",
            "status_callback_method": "POST",
            **changed,
        }

    def __call__(self, method: str, path: str, _form: dict[str, str]) -> Answer:
        """Answer a question."""
        if any(each in path for each in self.refused):
            return error(401, 20003)
        if path.startswith("/v1/Sinks"):
            return 200, {"sinks": self.sinks, "meta": meta("sinks")}
        if path.startswith("/v2/PhoneNumbers/"):
            return 200, {"phone_number": NUMBER, "voice_region": self.region}
        match method, path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}/").split("/"):
            case "GET", [*_where, name] if "Calls" not in _where:
                return 200, self._look(name.removesuffix(".json"))
            case "POST", ["Calls.json"]:
                return 201, call("queued")
            case "DELETE", ["Calls", _call]:
                return 204, {}
            case "POST", ["Conferences", _sid, "Participants", _call]:
                return 200, {"call_sid": CALL, "conference_sid": CONFERENCE}
            case "POST", ["Conferences", _sid]:
                return 200, {"sid": CONFERENCE}
            case _, ["Calls", _call]:
                return 200, call(self.status)
        raise AssertionError((method, path))

    def _look(self, what: str) -> dict[str, Any]:
        if what == "Balance":
            return {"balance": self.balance, "currency": "EUR"}
        name = "usage_records" if what == "Today" else _snake(what)
        return {
            name: self.lists[name],
            "page": 0,
            "page_size": 50,
            "start": 0,
            "end": 0,
            "uri": "/2010-04-01/x.json",
            "first_page_uri": "/2010-04-01/x.json",
            "next_page_uri": None,
            "previous_page_uri": None,
        }


def call(status: str = "in-progress", sid: str = CALL) -> dict[str, Any]:
    """Give a call's record, as far as we read it."""
    return {"sid": sid, "status": status}


def meta(key: str) -> dict[str, Any]:
    """Give what a page of Twilio's newer APIs says of itself."""
    return {
        "key": key,
        "page": 0,
        "page_size": 50,
        "url": "https://events.twilio.com/v1/Sinks",
        "first_page_url": "https://events.twilio.com/v1/Sinks",
        "next_page_url": None,
        "previous_page_url": None,
    }


def _snake(name: str) -> str:
    return "".join(f"_{each.lower()}" if each.isupper() else each for each in name).lstrip("_")
