"""Real time: typed Socket.IO events in, hints out, and nobody who is stuck costs the others."""

from __future__ import annotations

import asyncio
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
MOST_QUEUED = 200
"""Packets waiting for one socket; engine.io has no back-pressure, so past this we let go."""


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event without fields."""


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
            logger=False,
            engineio_logger=False,
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

        async def connect(sid: str, _environment: object, auth: object = None) -> None:
            try:
                who = await room.sit(sid, auth)
            except Refusal as refusal:
                raise socketio.exceptions.ConnectionRefusedError(refusal.code.value) from None
            except Outage:
                raise socketio.exceptions.ConnectionRefusedError(Code.TRY_AGAIN.value) from None
            except Exception as fault:  # noqa: BLE001 - the last wall
                log.error("connect_failed", fault=type(fault).__name__)  # noqa: TRY400 - no values
                raise socketio.exceptions.ConnectionRefusedError(Code.TRY_AGAIN.value) from None
            room.seats[sid] = Seat(sid, who)

        async def disconnect(sid: str, *_reason: object) -> None:
            self._limits.forget(sid)
            seat = room.seats.pop(sid, None)
            if seat is not None:
                try:
                    await room.leave(seat)
                except Outage:
                    log.warning("leave_waits")  # the sweep sees the missing heartbeat

        async def anything(event: str, sid: str, *data: object) -> dict[str, Any]:
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
            if self._stuck(namespace, sid):
                await self.let_go(namespace, sid)
                continue
            await self._server.emit(event, data, to=sid, namespace=namespace)

    async def let_go(self, namespace: str, sid: str) -> None:
        """Disconnect one socket."""
        await self._server.disconnect(sid, namespace=namespace)

    def _stuck(self, namespace: str, sid: str) -> bool:
        # python-socketio offers no way to ask how much waits for a socket.
        eio_sid = self._server.manager.eio_sid_from_sid(sid, namespace)
        socket = self._server.eio.sockets.get(eio_sid)
        return socket is not None and socket.queue.qsize() > MOST_QUEUED


def plain(value: object) -> Any:
    """Give what Socket.IO can send: structs become dicts, bytes stay bytes, ids become hex."""
    return msgspec.to_builtins(value, builtin_types=(bytes,), enc_hook=_hook)


def _hook(value: object) -> object:
    raise TypeError(type(value).__name__)


def _no(code: Code) -> dict[str, Any]:
    return {"ok": False, "code": code.value}
