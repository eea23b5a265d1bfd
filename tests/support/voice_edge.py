"""A stand-in for the provider's door: a browser's phone signs on, is rung, and talks through it.

It speaks the signalling of the provider's own browser library, and aiortc is the far end of a call.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import ipaddress
import ssl
from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from math import pi, sin
from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import WSMsgType, web
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.house import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from aiortc.mediastreams import MediaStreamTrack
    from av import AudioFrame

PATIENCE_S = 10
"""Longer than anything here takes; what does not come fails the test."""
HERTZ = 400
"""The tone of the far end: a whole number of waves in each of its packets."""
WINDOW = 60
"""Packets of 20 ms; the browser's pretended microphone beeps each 500 ms."""
SILENT = 50
"""A peak below this, of 32,767, is nothing that anybody hears."""
LOUD = 1_000


class Tone(AudioStreamTrack):
    """A tone that does not end, in packets of 20 ms."""

    async def recv(self) -> AudioFrame:
        """Give the next packet when it is due."""
        frame: Any = await super().recv()
        rate, many = frame.sample_rate, frame.samples
        wave = array("h", (int(12_000 * sin(2 * pi * HERTZ * n / rate)) for n in range(many)))
        frame.planes[0].update(wave.tobytes())
        return frame  # type: ignore[no-any-return] # the parent's type is wider


class FarEnd:
    """Who calls this browser."""

    def __init__(self, sid: str) -> None:
        """Have a tone to send."""
        self.sid = sid
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.peer.addTrack(Tone())
        self.peer.on("track", self._heard)
        self._track: asyncio.Future[MediaStreamTrack] = asyncio.get_running_loop().create_future()
        self._peaks: asyncio.Queue[int] = asyncio.Queue()

    async def offer(self) -> str:
        """Say how it can be reached."""
        await self.peer.setLocalDescription(await self.peer.createOffer())
        return self.peer.localDescription.sdp

    async def picked_up(self, sdp: str) -> None:
        """Take the browser's answer; sound flows from now on."""
        await self.peer.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    def _heard(self, track: MediaStreamTrack) -> None:
        self._track.set_result(track)

    async def listen(self) -> None:
        """Note how loud each packet is, until the call is over."""
        track = await self._track
        with contextlib.suppress(MediaStreamError):
            while True:
                frame: Any = await track.recv()
                sound = array("h", bytes(frame.planes[0]))
                self._peaks.put_nowait(max(map(abs, sound)))

    async def loudest(self) -> int:
        """Give the highest peak in a window of what arrives from now on."""
        while not self._peaks.empty():
            self._peaks.get_nowait()
        async with asyncio.timeout(PATIENCE_S):
            return max([await self._peaks.get() for _ in range(WINDOW)])

    async def hears(self) -> None:
        """Wait for the browser's microphone."""
        async with asyncio.timeout(PATIENCE_S):
            while await self._peaks.get() < LOUD:
                pass

    async def hears_nothing(self) -> None:
        """Wait until a whole window is silent."""
        silent = 0
        async with asyncio.timeout(PATIENCE_S):
            while silent < WINDOW:
                silent = silent + 1 if await self._peaks.get() < SILENT else 0


@dataclass
class VoiceEdge:
    """The door. `ttl_s`: how long it says that a token is still good."""

    port: int
    group: asyncio.TaskGroup
    ttl_s: int = 3_600
    refuses: int | None = None
    identity: str = "volunteer"
    ends: list[FarEnd] = field(default_factory=list)
    _listening: list[asyncio.Task[None]] = field(default_factory=list)
    _socket: web.WebSocketResponse | None = None
    _heard: dict[str, asyncio.Queue[dict[str, Any]]] = field(
        default_factory=lambda: defaultdict(asyncio.Queue)
    )

    @property
    def host(self) -> str:
        """Give what the library connects to."""
        return f"127.0.0.1:{self.port}"

    async def heard(self, kind: str) -> dict[str, Any]:
        """Give the next message of this kind that the browser sent."""
        async with asyncio.timeout(PATIENCE_S):
            return await self._heard[kind].get()

    def waiting(self, kind: str) -> int:
        """Give how many messages of this kind nobody asked for yet."""
        return self._heard[kind].qsize()

    async def say(self, kind: str, **payload: Any) -> None:
        """Tell the browser something."""
        assert self._socket is not None
        message = {"type": kind, "version": "1.6", "payload": payload}
        await self._socket.send_str(msgspec.json.encode(message).decode())

    async def ring(self) -> FarEnd:
        """Call the browser."""
        end = FarEnd(f"CA{len(self.ends):032x}")
        self.ends.append(end)
        self._listening.append(self.group.create_task(end.listen(), name=end.sid))
        await self.say(
            "invite",
            callsid=end.sid,
            sdp=await end.offer(),
            reconnect=f"again-{end.sid}",
            parameters={"CallSid": end.sid, "From": "client:anonymous"},
        )
        return end

    async def answered(self, end: FarEnd) -> None:
        """Wait until the browser picks this call up."""
        answer = await self.heard("answer")
        assert answer["callsid"] == end.sid
        await end.picked_up(answer["sdp"])

    def cut(self) -> None:
        """Break the line to the browser, as a network does."""
        assert self._socket is not None
        writer = self._socket._writer  # noqa: SLF001 # no other way to its transport
        assert writer is not None
        writer.transport.abort()

    async def signal(self, request: web.Request) -> web.WebSocketResponse:
        """Hold one browser's line."""
        self._socket = socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                break
            if message.data == "\n":
                continue
            said = msgspec.json.decode(message.data)
            kind, payload = said["type"], said["payload"]
            self._heard[kind].put_nowait(payload)
            if kind == "listen" and self.refuses is not None:
                await self.say("error", error={"code": self.refuses, "message": "no"})
            elif kind == "listen":
                about = {"identity": self.identity, "ttl": self.ttl_s}
                place = {"region": "EU_IRELAND", "edge": "dublin", "home": "ie1"}
                await self.say("connected", token=about, **place)
            elif kind == "register":
                await self.say("ready")
            elif kind == "invite" and "reconnect" in payload:
                await self.say("answer", callsid=payload["callsid"])
        return socket

    async def close(self) -> None:
        """End every call."""
        for task in self._listening:
            task.cancel()  # who was never picked up has nothing to hear
        async with asyncio.timeout(PATIENCE_S):
            for end in self.ends:
                await end.peer.close()


@contextlib.asynccontextmanager
async def voice_edge(folder: Path) -> AsyncIterator[VoiceEdge]:
    """Open the door on a port of its own; nobody called out through it."""
    app, port = web.Application(), free_port()
    async with asyncio.TaskGroup() as group:
        edge = VoiceEdge(port, group)
        app.router.add_get("/signal", edge.signal)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port, ssl_context=_lock(folder)).start()
            yield edge
            while edge.waiting("invite"):
                assert "reconnect" in await edge.heard("invite")
        finally:
            await edge.close()
            await runner.cleanup()


def _lock(folder: Path) -> ssl.SSLContext:
    """Give a certificate that only this test's browser trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    since = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(since)
        .not_valid_after(since + dt.timedelta(days=36_500))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "edge.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
