"""A demo of ours and the yardstick, each in a process of its own, and raw ends to load them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import sys
import tempfile
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import socketio

from luisterlijn.privacy.endtoend import new_member_keys

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

START_S = 40.0
ANSWER_S = 20.0
MOST_WAITING = 5_000
PORT = 18_080


@dataclass(frozen=True, slots=True)
class Served:
    """A server process: where it answers."""

    pid: int
    public: str
    console: str


@contextlib.asynccontextmanager
async def ours() -> AsyncIterator[Served]:
    """Run a demo on a folder of its own, without a limit on who waits."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "LUISTERLIJN_DEMO": "1",
            "LUISTERLIJN_DATA": folder,
            "LUISTERLIJN_PORT": str(PORT),
            "LUISTERLIJN_OPS_PORT": str(PORT + 2),
            "LUISTERLIJN_MOST_WAITING": str(MOST_WAITING),
        }
        served = Served(0, f"http://127.0.0.1:{PORT}", f"http://localhost:{PORT}")
        async with _process(["-m", "luisterlijn", "run"], environment, served) as found:
            yield found


@contextlib.asynccontextmanager
async def bare() -> AsyncIterator[Served]:
    """Run the yardstick."""
    port = PORT + 1
    served = Served(0, f"http://127.0.0.1:{port}", "")
    async with _process(["-m", "bench.bare", str(port)], dict(os.environ), served) as found:
        yield found


@contextlib.asynccontextmanager
async def _process(
    arguments: list[str], environment: dict[str, str], served: Served
) -> AsyncIterator[Served]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env=environment,
        cwd=Path(__file__).parent.parent,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(START_S):
            while not await _answers(served.public):  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.2)
        yield Served(process.pid, served.public, served.console)
    finally:
        process.terminate()
        await process.wait()


async def _answers(origin: str) -> bool:
    try:
        async with aiohttp.ClientSession() as http, http.get(f"{origin}/healthz"):
            return True
    except aiohttp.ClientError:
        return False


class End:
    """One raw socket: orders with answers, hints counted."""

    def __init__(self, namespace: str, http: aiohttp.ClientSession) -> None:
        """Make a socket of this namespace; `open` connects it."""
        self._namespace = namespace
        self._client = socketio.AsyncClient(
            reconnection=False, http_session=http, handle_sigint=False
        )
        self.lines = 0
        self.changed = asyncio.Event()
        self._client.on("*", self._hear, namespace=namespace)

    async def open(self, origin: str, auth: dict[str, Any] | None = None) -> None:
        """Connect as a page of this origin."""
        await self._client.connect(
            origin,
            headers={"Origin": origin},
            auth=auth,
            transports=["websocket"],
            namespaces=[self._namespace],
            wait_timeout=int(ANSWER_S),
        )

    async def ask(self, event: str, data: object) -> dict[str, Any]:
        """Send an order; gives its answer."""
        answer: dict[str, Any] = await self._client.call(
            event, data, namespace=self._namespace, timeout=int(ANSWER_S)
        )
        return answer

    async def close(self) -> None:
        """Leave."""
        await self._client.disconnect()

    async def _hear(self, event: str, *_data: object) -> None:
        if event == "line":
            self.lines += 1
        elif event == "prove":
            await self._client.emit("here", {}, namespace=self._namespace)
        self.changed.set()


async def visitor(http: aiohttp.ClientSession, served: Served) -> End:
    """Begin a chat and wait."""
    body = {"language": "nl", "ticket": None}
    while True:
        async with http.post(f"{served.public}/chat", json=body) as answer:
            begun = await answer.json()
            if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
                break
        await asyncio.sleep(0.5)
    end = End("/visitor", http)
    await end.open(served.public, {"token": begun["token"]})
    await end.ask("open", {})
    return end


async def volunteers(http: aiohttp.ClientSession, served: Served, count: int) -> list[End]:
    """Open so many consoles that take three chats each, and make them ready."""
    async with http.post(f"{served.console}/demo/volunteers", json={"count": count}) as answer:
        sessions = (await answer.json())["sessions"]
    ends = []
    for session in sessions:
        cookie = {"Cookie": f"__Host-session={session}", "Origin": served.console}
        async with http.post(f"{served.console}/session/ticket", json={}, headers=cookie) as answer:
            ticket = (await answer.json())["ticket"]
        key = urlsafe_b64encode(new_member_keys().public).rstrip(b"=").decode()
        end = End("/console", http)
        await end.open(served.console, {"ticket": ticket, "public_key": key})
        await end.ask("capacity", {"chats": 3})
        await end.ask("presence", {"to": "ready"})
        ends.append(end)
    return ends


def line() -> dict[str, Any]:
    """Give a line as the pages send it: ciphertext of the smallest size."""
    return {
        "client_id": secrets.token_hex(16),
        "period": 1,
        "stream": secrets.token_hex(16),
        "counter": 0,
        "sealed": secrets.token_bytes(272),
    }
