"""A room of our own on a real socket: nothing a guest sends, and no fault of ours, breaks it."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import aiohttp
import msgspec
import pytest
from aiohttp import web

from luisterlijn.edge.guard import Nothing
from luisterlijn.edge.realtime import BUFFER, BURST, Heard, Realtime, Room, Seat, plain
from luisterlijn.kernel.errors import Code, Outage, Refusal
from tests.support.ends import Wire
from tests.support.house import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

NAMESPACE = "/test"
ORIGIN = "http://own.example"
TRY_AGAIN = {"ok": False, "code": "try-again"}
BAD = {"ok": False, "code": "bad-request"}


class Word(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One event's fields."""

    word: str
    raw: bytes = b""


@dataclass(slots=True)
class Hall:
    """The room, and what happened in it."""

    realtime: Realtime
    url: str
    sat: list[object] = field(default_factory=list)
    left: list[Seat] = field(default_factory=list)

    async def sit(self, _sid: str, auth: object) -> object:
        """Let in whom `auth` names; fail as it says."""
        match auth:
            case "refuse":
                raise Refusal(Code.CONTACT_GONE)
            case "outage":
                raise Outage("database")
            case "fault":
                raise ZeroDivisionError("a word of somebody")
        self.sat.append(auth)
        return auth

    async def leave(self, seat: Seat) -> None:
        """Remember who left; the world fails meanwhile."""
        self.left.append(seat)
        raise Outage("database")

    async def say(self, seat: Seat, word: Word) -> Word:
        """Give back what was said, or fail as it says."""
        match word.word:
            case "refuse":
                raise Refusal(Code.FROZEN)
            case "outage":
                raise Outage("database")
            case "fault":
                raise ZeroDivisionError("a word of somebody")
            case "value":
                raise ValueError("a word of somebody")
            case "hint":
                self.realtime.tell(NAMESPACE, seat.sid, "hinted", word)
        return word

    async def beat(self, _seat: Seat, _nothing: Nothing) -> None:
        """Do nothing."""

    async def wire(self, auth: object = "guest", *, origin: str = "") -> Wire:
        """Knock."""
        return await Wire(NAMESPACE).connect(self.url, auth, origin)


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    """A served room."""
    realtime, port = Realtime([ORIGIN]), free_port()
    made = Hall(realtime, f"http://127.0.0.1:{port}")
    heard = {
        "say": Heard(takes=Word, do=made.say),
        "beat": Heard(takes=Nothing, do=made.beat, counted=False),
    }
    realtime.open_room(Room(namespace=NAMESPACE, sit=made.sit, leave=made.leave, heard=heard))
    app = web.Application()
    realtime.attach(app)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    async with asyncio.TaskGroup() as group:
        hints = group.create_task(realtime.run())
        try:
            yield made
        finally:
            hints.cancel()
            await runner.cleanup()


@pytest.mark.parametrize(
    ("auth", "code"),
    [("refuse", "contact-gone"), ("outage", "try-again"), ("fault", "try-again")],
)
async def test_whoever_is_not_let_in_hears_a_stable_code(hall: Hall, auth: str, code: str) -> None:
    wire = await hall.wire(auth)

    assert wire.refusal == code
    assert hall.realtime.everyone(NAMESPACE) == []
    await wire.close()


@pytest.mark.parametrize("auth", [None, {}, [], "guest", {"token": None}, ["x"] * 99])
async def test_whatever_is_brought_along_reaches_the_door_as_it_is(
    hall: Hall, auth: object
) -> None:
    wire = await hall.wire(auth)

    assert wire.refusal == ""
    assert hall.sat in ([auth], [auth or None])
    await wire.close()


async def test_a_browser_of_another_site_is_refused_and_a_client_that_is_none_is_not(
    hall: Hall,
) -> None:
    own, none = await hall.wire(origin=ORIGIN), await hall.wire()
    others = [
        await hall.wire(origin=each)
        for each in (
            "https://evil.example",
            "null",
            "http://own.example.evil",
            "HTTP://OWN.EXAMPLE",
        )
    ]

    assert own.client.connected
    assert none.client.connected
    assert not any(wire.client.connected for wire in others)
    for wire in (own, none, *others):
        await wire.close()


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        ({"word": "hello"}, {"ok": True, "word": "hello", "raw": b""}),
        ({"word": "é", "raw": b"\0\xff"}, {"ok": True, "word": "é", "raw": b"\0\xff"}),
        ({"word": "refuse"}, {"ok": False, "code": "frozen"}),
        ({"word": "outage"}, TRY_AGAIN),
        ({"word": "fault"}, TRY_AGAIN),
        ({"word": "value"}, BAD),
        ({"word": 1}, BAD),
        ({"word": "x", "raw": "no base64"}, BAD),
        ({"word": "x", "more": 1}, BAD),
        ({}, BAD),
        ([], BAD),
        ("x", BAD),
        (b"x", BAD),
        (7, BAD),
        (None, BAD),
        (({"word": "x"}, {"word": "x"}), BAD),
    ],
)
async def test_every_event_is_answered_by_what_it_gives_or_by_a_stable_code(
    hall: Hall, data: object, answer: dict[str, Any]
) -> None:
    wire = await hall.wire()

    assert await wire.ask("say", data) == answer
    assert await wire.ask("beat") == {"ok": True}
    await wire.close()


@pytest.mark.parametrize(
    "event", ["unknown", "connect", "message", "*", "__class__", "", "x" * 999]
)
async def test_an_event_that_nobody_hears_is_a_bad_request(hall: Hall, event: str) -> None:
    wire = await hall.wire()

    assert await wire.ask(event, {}) == BAD
    assert await wire.ask("beat") == {"ok": True}
    await wire.close()


async def test_who_sends_too_fast_waits_and_heartbeats_never_do(hall: Hall) -> None:
    fast, calm = await hall.wire(), await hall.wire()

    async with asyncio.TaskGroup() as group:
        asked = [group.create_task(fast.ask("say", {"word": "x"})) for _ in range(4 * BURST)]

    answers = [each.result() for each in asked]
    assert all(each["ok"] for each in answers[:BURST])
    assert {"ok": False, "code": "too-fast", "retry_ms": 1000} in answers[BURST:]
    assert [await fast.ask("beat") for _ in range(30)] == [{"ok": True}] * 30
    assert (await calm.ask("say", {"word": "x"}))["ok"]
    await fast.close()
    await calm.close()


async def test_a_hint_reaches_the_one_it_is_for_and_a_gone_socket_stops_no_other(
    hall: Hall,
) -> None:
    one, other = await hall.wire(), await hall.wire()
    hall.realtime.tell(NAMESPACE, "nobody", "hinted", {})
    hall.realtime.tell("/nowhere", "nobody", "hinted", {})

    await one.ask("say", {"word": "hint", "raw": b"\1"})

    assert await one.hears("hinted") == {"word": "hint", "raw": b"\1"}
    assert other.unheard("hinted") == 0
    await one.close()
    await other.close()


async def test_who_leaves_leaves_once_even_when_the_world_fails_meanwhile(hall: Hall) -> None:
    wire = await hall.wire("guest")
    [seat] = hall.realtime.everyone(NAMESPACE)

    await wire.close()
    async with asyncio.timeout(10):
        while not hall.left:  # noqa: ASYNC110 - the server's side of a socket tells nobody
            await asyncio.sleep(0.01)

    assert hall.left == [seat]
    assert hall.realtime.everyone(NAMESPACE) == []


@pytest.mark.parametrize(
    "packets",
    [
        ["x"],
        [""],
        ["9"],
        ["40/test,{"],
        ["40/nowhere,{}"],
        ["40/test,{}", "42/test,{"],
        ["40/test,{}", '42/test,["say"'],
        ["40/test,{}", '42/test,"say"'],
        ["40/test,{}", "42/test,[]"],
        ["40/test,{}", "42/test,[1]"],
        ["40/test,{}", '42/test,[{"a":1}]'],
        ["40/test,{}", "43/test,99[]"],
        ["40/test,{}", '451-/test,["say",{"_placeholder":true,"num":5}]', b"x"],
        ["40/test,{}", '45999999999-/test,["say"]'],
        ["40/test,{}", '42/test,["disconnect"]'],
        ['42/test,["say",{}]'],
        ["40/test,{}", b"\xff" * 99],
        ["40/test,{}", "4" + "2" * 5_000],
        ["40/test,{}", "42/test,[" + "[" * 20_000],
        ["40/test," + '{"a":' * 5_000],
        ["2probe", "5", "6", "1"],
        ["x" * (BUFFER + 1)],
    ],
)
async def test_a_socket_that_speaks_nonsense_harms_only_itself(
    hall: Hall, packets: list[str | bytes]
) -> None:
    calm = await hall.wire()

    async with aiohttp.ClientSession() as client:
        url = f"{hall.url}/socket.io/?EIO=4&transport=websocket"
        async with client.ws_connect(url) as raw:
            with contextlib.suppress(ConnectionError, aiohttp.ClientError):
                for packet in packets:
                    if isinstance(packet, bytes):
                        await raw.send_bytes(packet)
                    else:
                        await raw.send_str(packet)

    assert await calm.ask("say", {"word": "still here"}) == {
        "ok": True,
        "word": "still here",
        "raw": b"",
    }
    await calm.close()


def test_only_what_a_socket_can_carry_is_sent() -> None:
    assert plain(Word(word="x", raw=b"\1")) == {"word": "x", "raw": b"\1"}
    with pytest.raises(TypeError):
        plain(object())
