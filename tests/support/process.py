"""The server as a process of its own, so that a test can kill it."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from luisterlijn.store.embedded import Cluster
from tests.support.house import free_port

STARTS_S = 30.0
OPEN = b"luisterlijn is open."


@dataclass(slots=True)
class ServerProcess:
    """`luisterlijn run` in demo mode, on a database that outlives it."""

    database: Cluster
    folder: Path
    port: int
    process: asyncio.subprocess.Process | None = None

    @property
    def public_url(self) -> str:
        """Give the origin of the public page."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def console_url(self) -> str:
        """Give the origin of the console."""
        return f"http://localhost:{self.port}"

    async def start(self) -> None:
        """Start it, and wait until it says that it is open."""
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "luisterlijn",
            "run",
            env={
                **{k: v for k, v in os.environ.items() if not k.startswith("LUISTERLIJN_")},
                "LUISTERLIJN_DEMO": "1",
                "LUISTERLIJN_PORT": str(self.port),
                "LUISTERLIJN_OPS_PORT": str(free_port()),
                "LUISTERLIJN_DATA": str(self.folder),
                "DATABASE_URL": self.database.app_url,
                "DATABASE_OWNER_URL": self.database.owner_url,
            },
            stdout=asyncio.subprocess.PIPE,
        )
        assert self.process.stdout is not None
        async with asyncio.timeout(STARTS_S):
            while OPEN not in (said := await self.process.stdout.readline()):
                assert said, "the server ended before it was open"

    async def kill(self) -> None:
        """End it as kill -9 does; nothing when it does not run."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            # Reads what it still said, so that its pipe is closed.
            await self.process.communicate()
