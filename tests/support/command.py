"""The command line as an operator runs it: a process of its own, with an environment of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from luisterlijn.edge.house import HOUSE

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Mapping

ENDS_S = 60.0
OPEN = b"luisterlijn is open."


@dataclass(frozen=True, slots=True)
class Ended:
    """What a command left behind."""

    code: int
    out: str
    err: str


async def start(environment: Mapping[str, str], *arguments: str, reads: bool = False) -> Process:
    """Start `luisterlijn` with these settings and no others."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "luisterlijn", *arguments),
        env={**kept, **environment},
        cwd=HOUSE,
        stdin=asyncio.subprocess.PIPE if reads else asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process: Process, typed: bytes | None = None) -> Ended:
    """Wait for the end, and read what was said."""
    try:
        async with asyncio.timeout(ENDS_S):
            out, err = await process.communicate(typed)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
    return Ended(process.returncode or 0, out.decode(), err.decode())


async def run(environment: Mapping[str, str], *arguments: str, typed: str = "") -> Ended:
    """Run a command to its end; `typed` is what it may read."""
    return await ended(await start(environment, *arguments, reads=True), typed.encode())


@contextlib.asynccontextmanager
async def running(environment: Mapping[str, str]) -> AsyncIterator[Process]:
    """Run the line until it says it is open; a test that ends it otherwise must wait for it."""
    process = await start(environment, "run")
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        async with asyncio.timeout(ENDS_S):
            said = b""
            while OPEN not in said:
                line = await process.stdout.readline()
                assert line, await process.stderr.read()
                said += line
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        await ended(process)


def processes_on(folder: Path) -> list[str]:
    """Give every living process that works in the folder or names it."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        if each.name == str(os.getpid()):
            continue
        with contextlib.suppress(OSError):
            words = (each / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            works_in = str((each / "cwd").readlink())
            if words and (str(folder) in words or works_in.startswith(str(folder))):
                found.append(words)
    return found


async def appears(path: Path) -> None:
    """Wait until another process has made the file."""
    async with asyncio.timeout(ENDS_S):
        while not path.exists():  # noqa: ASYNC110, ASYNC240 - another's file: nothing wakes us
            await asyncio.sleep(0.01)
