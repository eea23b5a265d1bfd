"""A node in a process of its own, and visitors whose every mark is unique."""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import sys
from asyncio.subprocess import PIPE
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp

from tests.support.canaries import hashed_forms, readable_forms
from tests.support.house import free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

STARTS_S = 60.0
STOPS_S = 30.0


@dataclass
class Marks:
    """Everything that is unique to the people of this run."""

    word: str = field(default_factory=lambda: "kanarie" + secrets.token_hex(8))
    net: str = field(default_factory=lambda: f"127.{secrets.randbelow(99) + 101}.")
    used: dict[str, bytes] = field(default_factory=dict)
    secret: dict[str, bytes] = field(default_factory=dict)
    numbers: int = 0

    def mark(self, what: str) -> str:
        """Give a fresh text that names what it marks."""
        self.numbers += 1
        text = f"{self.word}{self.numbers:03d}{what}"
        self.used[what + str(self.numbers)] = text.encode()
        return text

    def address(self) -> str:
        """Give a fresh address of this machine."""
        self.numbers += 1
        found = f"{self.net}{self.numbers}.{secrets.randbelow(99) + 101}"
        self.used[f"address{self.numbers}"] = found.encode()
        return found

    def forms(self) -> dict[tuple[str, str], bytes]:
        """Give all that is searched for.

        Every text begins with one word and every address with one network, so those two find
        each of them, cut off too. A hash is of a whole value. The token's own hash is what the
        database knows it by, on purpose: it is a hash of 128 random bits.
        """
        found = {("word", name): form for name, form in readable_forms(self.word.encode()).items()}
        found |= {("net", name): form for name, form in readable_forms(self.net.encode()).items()}
        for what, value in self.used.items():
            found |= {(what, name): form for name, form in hashed_forms(value).items()}
        for what, value in self.secret.items():
            found |= {(what, name): form for name, form in readable_forms(value).items()}
            if not what.startswith("token"):
                found |= {(what, name): form for name, form in hashed_forms(value).items()}
        return found


@dataclass(frozen=True, slots=True)
class Remote:
    """A node that runs in a process of its own."""

    public: str
    console: str
    port: int
    folder: Path
    marks: Marks

    @contextlib.asynccontextmanager
    async def visitor(self) -> AsyncIterator[aiohttp.ClientSession]:
        """Give the browser of somebody new: an address and marks of its own."""
        marks = self.marks
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(local_addr=(marks.address(), 0), force_close=True),
            headers={
                "User-Agent": marks.mark("agent"),
                "X-Forwarded-For": marks.address(),
                "Forwarded": f"for={marks.address()}",
                "X-Real-IP": marks.address(),
                "Referer": f"http://{marks.mark('referer')}.example/",
                "Accept-Language": marks.mark("language"),
            },
            cookies={"name": marks.mark("cookie")},
            timeout=aiohttp.ClientTimeout(total=20),
        ) as http:
            yield http

    async def raw(self, *pieces: bytes, reads: bool = True) -> None:
        """Send bytes as no browser would, from an address of its own."""
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self.port, local_addr=(self.marks.address(), 0)
        )
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if reads:
            with contextlib.suppress(TimeoutError, OSError):
                async with asyncio.timeout(0.5):
                    await reader.read(200)
        writer.transport.abort()


@contextlib.asynccontextmanager
async def node(folder: Path, marks: Marks) -> AsyncIterator[Remote]:
    """Run a demo until the block ends; all it writes is below the folder."""
    port = free_port()
    environment = {
        **{name: each for name, each in os.environ.items() if not name.startswith("LUISTERLIJN")},
        "LUISTERLIJN_DEMO": "1",
        "LUISTERLIJN_PORT": str(port),
        "LUISTERLIJN_OPS_PORT": str(free_port()),
        "LUISTERLIJN_DATA": str(folder / "data"),
        "LUISTERLIJN_KEYS": str(folder / "keys"),
        "PYTHONUNBUFFERED": "1",
        "TMPDIR": str(folder / "tmp"),
    }
    (folder / "tmp").mkdir()
    with (folder / "errors.log").open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "luisterlijn", "run"),
            env=environment,
            stdout=PIPE,
            stderr=errors,
            cwd=folder,
        )
    assert process.stdout is not None
    output = b""
    try:
        async with asyncio.timeout(STARTS_S):
            while b"luisterlijn is open" not in output:
                line = await process.stdout.readline()
                assert line, (folder / "errors.log").read_text()
                output += line
        yield Remote(f"127.0.0.1:{port}", f"localhost:{port}", port, folder, marks)
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOPS_S):
            output += await process.stdout.read()
            await process.wait()
        assert process.returncode == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        (folder / "output.log").write_bytes(output)
