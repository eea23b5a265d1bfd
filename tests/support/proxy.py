"""A wire to the database that a test can cut, or make silent as a black hole is."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PIECE = 65_536
SETTLES_S = 0.05


class Proxy:
    """Passes bytes on between its own port and the database."""

    def __init__(self, target: str) -> None:
        """Know the real address; `url` is the way through here."""
        parts = urlsplit(target)
        self._parts = parts
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self._open = asyncio.Event()
        self._open.set()
        self.port = 0

    @property
    def url(self) -> str:
        """Give the address that goes through the proxy."""
        port = str(self._parts.port)
        return self._parts.geturl().replace(f":{port}/", f":{self.port}/")

    def silence(self) -> None:
        """Accept, and pass nothing on: neither words nor goodbyes."""
        self._open.clear()

    def speak(self) -> None:
        """Pass on again."""
        self._open.set()

    async def listen(self) -> None:
        """Take connections, on the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Refuse new connections and drop all that are."""
        # asyncio loses a connection that is accepted in the very turn in which the door closes.
        await asyncio.sleep(SETTLES_S)
        if self._server is not None:
            self._server.close()
        serving = tuple(self._serving)
        for each in serving:
            each.cancel()
        if serving:
            await asyncio.wait(serving)
        await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        back: asyncio.StreamWriter | None = None
        try:
            there, back = await asyncio.open_connection(self._parts.hostname, self._parts.port)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass(reader, back))
                group.create_task(self._pass(there, writer))
        except (OSError, ExceptionGroup, asyncio.CancelledError):
            pass  # one of the two is gone, or the wire is cut: so is the other
        finally:
            self._serving.discard(task)
            writer.transport.abort()
            if back is not None:
                back.transport.abort()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(PIECE):
            await self._open.wait()
            writer.write(piece)
            await writer.drain()
        raise ConnectionError


@contextlib.asynccontextmanager
async def proxied(url: str) -> AsyncIterator[Proxy]:
    """Give a wire to this database."""
    proxy = Proxy(url)
    await proxy.listen()
    try:
        yield proxy
    finally:
        await proxy.cut()
