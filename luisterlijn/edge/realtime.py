"""Real time: typed Socket.IO events in, hints out, and nobody who is stuck costs the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec
import socketio
import structlog

from luisterlijn.edge.ratelimits import Buckets
from luisterlijn.kernel.errors import Code, Outage, Refusal

if TYPE_CHECKING:
    from aiohttp import web

log = structlog.get_logger()

EVENTS_PER_S = 5
BURST = 10
"""A page that comes back sends what it kept in one go."""
BUFFER = 64 * 1024
"""Guards memory only; a line that is too long is refused by its own code."""
PING_S = 5
MOST_QUEUED = 500
"""Packets waiting for one socket; engine.io has no back-pressure, so past this we let go.

Two answers of 200 lines: each line is a packet of its own.
"""


LAST_WORD = "replaced"
"""Whoever hears this has nothing more to say: a newer socket sits in the same seat."""


_SILENT = logging.getLogger("luisterlijn.silent")
_SILENT.addHandler(logging.NullHandler())
_SILENT.propagate = False


@dataclass(frozen=True, slots=True)
class Seat:
    """One connected socket, and who sits there (a contact's or a person's own value)."""

    sid: str
    who: Any


Do = Callable[[Seat, Any], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One event that clients may send: its fields, what it does, whether it counts."""

    takes: type
    do: Do
    counted: bool = True


@dataclass(slots=True, kw_only=True)
class Room:
    """One namespace: who may sit down, what is heard, what happens on leaving."""

    namespace: str
    sit: Callable[[str, Any], Awaitable[Any]]
    leave: Callable[[Seat], Awaitable[None]]
    heard: dict[str, Heard]
    seats: dict[str, Seat] = field(default_factory=dict)


class Realtime:
    """The Socket.IO server. One per node."""

    def __init__(self, origins: list[str]) -> None:
        """Make the server; browsers of other origins are refused at the handshake."""
        self._server = socketio.AsyncServer(
            async_mode="aiohttp",
            transports=["websocket"],
            cors_allowed_origins=origins,
            max_http_buffer_size=BUFFER,
            ping_interval=PING_S,
            ping_timeout=PING_S,
            # One client's events are handled one after the other: its lines keep their order.
            async_handlers=False,
            # A refused guest hears a code; without this the client would see a bare disconnect.
            always_connect=False,
            http_compression=False,
            # `False` would still print errors: an origin, a packet's first sign, a traceback.
            logger=_SILENT,
            engineio_logger=_SILENT,
        )
        self._limits = Buckets(per_s=EVENTS_PER_S, burst=BURST)
        self._outgoing: asyncio.Queue[tuple[str, str, str, Any]] = asyncio.Queue()
        self._rooms: list[Room] = []

    def attach(self, app: web.Application) -> None:
        """Answer on `/socket.io` of the application."""
        self._server.attach(app)

    def open_room(self, room: Room) -> None:
        """Take a namespace into service."""
        self._rooms.append(room)

        async def connect(sid: str, *said: object) -> dict[str, Any] | None:
            if sid in room.seats:
                return _no(Code.BAD_REQUEST)  # an event of a guest, named like the library's own
            try:
                who = await room.sit(sid, said[1] if len(said) > 1 else None)
            except Refusal as refusal:
                raise socketio.exceptions.ConnectionRefusedError(refusal.code.value) from None
            except Outage:
                raise socketio.exceptions.ConnectionRefusedError(Code.TRY_AGAIN.value) from None
            except Exception as fault:  # noqa: BLE001 - the last wall
                log.error("connect_failed", fault=type(fault).__name__)  # noqa: TRY400 - no values
                raise socketio.exceptions.ConnectionRefusedError(Code.TRY_AGAIN.value) from None
            room.seats[sid] = Seat(sid, who)
            return None

        async def disconnect(sid: str, *reason: object) -> None:
            self._limits.forget(sid)
            if self._server.reason.PING_TIMEOUT in reason:
                self._cut(room.namespace, sid)  # who does not read does not read a goodbye
            seat = room.seats.pop(sid, None)
            if seat is not None:
                try:
                    await room.leave(seat)
                except Outage:
                    log.warning("leave_waits")  # the sweep sees the missing heartbeat

        async def anything(event: str, sid: object = None, *data: object) -> dict[str, Any]:
            # An event that is itself called "*" comes without its name.
            if not isinstance(sid, str):
                return _no(Code.BAD_REQUEST)
            return await self._hear(room, event, sid, data)

        namespace = room.namespace
        self._server.on("connect", connect, namespace=namespace)
        self._server.on("disconnect", disconnect, namespace=namespace)
        self._server.on("*", anything, namespace=namespace)

    async def _hear(
        self, room: Room, event: str, sid: str, data: tuple[object, ...]
    ) -> dict[str, Any]:
        heard, seat = room.heard.get(event), room.seats.get(sid)
        if heard is None or seat is None or len(data) > 1:
            return _no(Code.BAD_REQUEST)
        if self._stuck(room.namespace, sid):
            await self._let_go(room.namespace, sid)
            return _no(Code.TOO_FAST)
        if heard.counted and not self._limits.take(sid, asyncio.get_running_loop().time()):
            return _no(Code.TOO_FAST) | {"retry_ms": 1000}
        try:
            fields: Any = msgspec.convert(data[0] if data else {}, heard.takes)
            answer = await heard.do(seat, fields)
        except Refusal as refusal:
            return _no(refusal.code)
        except Outage:
            return _no(Code.TRY_AGAIN)
        except (msgspec.ValidationError, ValueError):
            return _no(Code.BAD_REQUEST)
        except Exception as fault:  # noqa: BLE001 - the last wall
            log.error("event_failed", route=event, fault=type(fault).__name__)  # noqa: TRY400 - no values
            return _no(Code.TRY_AGAIN)
        return {"ok": True} | (plain(answer) if answer is not None else {})

    def tell(self, namespace: str, sid: str, event: str, data: object) -> None:
        """Queue a hint for one socket. Never waits; may be lost."""
        self._outgoing.put_nowait((namespace, sid, event, plain(data)))

    def everyone(self, namespace: str) -> list[Seat]:
        """Give all who sit in a room."""
        return [
            seat
            for room in self._rooms
            if room.namespace == namespace
            for seat in room.seats.values()
        ]

    async def run(self) -> None:
        """Send queued hints until cancelled."""
        while True:
            namespace, sid, event, data = await self._outgoing.get()
            try:
                await self._send(namespace, sid, event, data)
            except Exception as fault:  # noqa: BLE001 - one broken socket may not silence the others
                log.error("hint_failed", route=event, fault=type(fault).__name__)  # noqa: TRY400

    async def _send(self, namespace: str, sid: str, event: str, data: object) -> None:
        if self._stuck(namespace, sid):
            await self._let_go(namespace, sid)
            return
        await self._server.emit(event, data, to=sid, namespace=namespace)
        if event == LAST_WORD:
            await self._server.disconnect(sid, namespace=namespace)

    def _stuck(self, namespace: str, sid: str) -> bool:
        # python-socketio offers no way to ask how much waits for a socket.
        eio_sid = self._server.manager.eio_sid_from_sid(sid, namespace)
        socket = self._server.eio.sockets.get(eio_sid)
        return socket is not None and socket.queue.qsize() > MOST_QUEUED

    async def _let_go(self, namespace: str, sid: str) -> None:
        """Disconnect a socket whose reader stands still; closing must not wait for it either."""
        self._cut(namespace, sid)
        await self._server.disconnect(sid, namespace=namespace)

    def _cut(self, namespace: str, sid: str) -> None:
        """Drop the connection and all that waits for it: a polite close would wait for a reader."""
        request = (self._server.get_environ(sid, namespace) or {}).get("aiohttp.request")
        if request is not None and request.transport is not None:
            request.transport.abort()


def plain(value: object) -> Any:
    """Give what Socket.IO can send: structs become dicts, bytes stay bytes, ids become hex."""
    return msgspec.to_builtins(value, builtin_types=(bytes,), enc_hook=_hook)


def _hook(value: object) -> object:
    raise TypeError(type(value).__name__)


def _no(code: Code) -> dict[str, Any]:
    return {"ok": False, "code": code.value}
