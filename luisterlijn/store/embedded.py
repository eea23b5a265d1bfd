"""Our own PostgreSQL: made, started and stopped by us, for a machine that has none running.

Only one process may hold the folder; a PostgreSQL whose parent was killed is stopped by the next.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final

import asyncpg

from luisterlijn.store.embedded_folder import Account, EmbeddedFault, Folder
from luisterlijn.store.embedded_programs import (
    Postgres,
    account_for,
    fitting,
    installed,
    launch,
    run,
)

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Callable, Sequence
    from pathlib import Path

__all__ = [
    "Cluster",
    "EmbeddedFault",
    "Postgres",
    "Server",
    "cluster",
    "create_database",
    "drop_database",
    "installed",
    "running",
]

ASK_LASTS_S: Final = 20.0
"""Making a database takes 0.1 s; more only on a disk that is very busy."""
START_LASTS_S: Final = 60.0
"""Long enough to replay the log after a crash."""
STARTS: Final = 5
"""Times we try: a port may be taken between asking and binding, a dying process may hold memory."""
PAUSE_S: Final = 0.3
"""Longer at each try."""
POLL_S: Final = 0.02
GENTLY: Final = ((signal.SIGINT, 20.0), (signal.SIGQUIT, 10.0))
"""How to stop, and how long each may take (s): PostgreSQL's `fast`, then `immediate`."""
BY_FORCE: Final = (signal.SIGKILL, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A running PostgreSQL and the ways into one of its databases; addresses hold passwords."""

    owner_url: str = field(repr=False)
    """Role ll_owner, owns the database: migrations only."""
    app_url: str = field(repr=False)
    """Role ll_app: no superuser, bound by row-level security, owns nothing."""
    root_url: str = field(repr=False)
    """The superuser: makes and drops databases."""
    server: Server = field(repr=False, compare=False)
    """Give `server.watch()` to a TaskGroup, and a PostgreSQL that dies is started again."""


@contextlib.asynccontextmanager
async def cluster(
    folder: Path,
    *,
    database: str = "luisterlijn",
    fast: bool = False,
    among: Sequence[Postgres] | None = None,
) -> AsyncIterator[Cluster]:
    """Run PostgreSQL on this folder, with the database and both roles in it, until the block ends.

    Args:
        folder: made when it is missing; what was in it is kept.
        database: its name, a lower-case word.
        fast: never wait for the disk; a crash of the machine may lose everything (tests).
        among: the PostgreSQLs to choose from; None looks for them.

    Raises:
        EmbeddedFault: none installed, folder in use, or the version that made the data is gone.
    """
    ours = Folder(folder)
    with ours.held():
        known = await installed() if among is None else among
        server = Server(ours, fitting(ours, known), fast=fast)
        try:
            await server.start()
            yield await create_database(server.cluster("postgres"), database)
        finally:
            await server.stop()


def running(folder: Path, *, database: str = "luisterlijn") -> Cluster | None:
    """Give the ways into a PostgreSQL that another process of ours runs here; None: none does."""
    ours = Folder(folder)
    pid = ours.orphan()
    if pid is None or not ours.works_here(pid) or not ours.ready(pid):
        return None
    return Server.reached(ours).cluster(database)


async def create_database(within: Cluster, name: str, *, template: str = "template1") -> Cluster:
    """Make a database owned by ll_owner, unless it is there, and give the ways into it.

    Args:
        within: any database of the server.
        name: a lower-case word.
        template: the database to copy; nobody may be connected to it.
    """
    for word in (name, template):
        _check_name(word)
    async with _root(within) as root:
        if not await root.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
            await root.execute(f"CREATE DATABASE {name} OWNER ll_owner TEMPLATE {template}")
        # At every start: a kill between two statements must not leave a door open.
        await root.execute(f"REVOKE ALL ON DATABASE {name} FROM PUBLIC")
        await root.execute(f"GRANT CONNECT ON DATABASE {name} TO ll_app")
    return within.server.cluster(name)


async def drop_database(within: Cluster, name: str) -> None:
    """Remove a database, and cut off whoever is connected to it."""
    _check_name(name)
    async with _root(within.server.cluster("postgres")) as root:
        await root.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _check_name(word: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,62}", word):
        raise EmbeddedFault(f"'{word}' is no name for a database: use a lower-case word.")


@contextlib.asynccontextmanager
async def _root(within: Cluster) -> AsyncIterator[asyncpg.Connection]:
    root = await asyncpg.connect(within.root_url, timeout=ASK_LASTS_S, command_timeout=ASK_LASTS_S)
    try:
        yield root
    finally:
        await root.close(timeout=ASK_LASTS_S)


class Server:
    """One PostgreSQL as our child, on a folder that we hold."""

    def __init__(self, folder: Folder, postgres: Postgres, *, fast: bool) -> None:
        """Read or make the passwords; nothing runs yet."""
        self._folder = folder
        self._postgres = postgres
        self._fast = fast
        self._passwords = folder.passwords()
        self._account = Account(command=(), uid=os.geteuid(), gid=os.getegid())
        self._process: Process | None = None
        self._port = 0

    @classmethod
    def reached(cls, folder: Folder) -> Server:
        """Give a server that somebody else started; only its addresses are of use."""
        server = cls(folder, Postgres(major=0, programs=folder.path), fast=False)
        server._port = folder.kept_port()
        return server

    def cluster(self, database: str) -> Cluster:
        """Give the ways into one database of this server, whether it exists or not."""
        secret, end = self._passwords, f"@127.0.0.1:{self._port}/{database}"
        return Cluster(
            owner_url=f"postgresql://ll_owner:{secret.ll_owner}{end}",
            app_url=f"postgresql://ll_app:{secret.ll_app}{end}",
            root_url=f"postgresql://ll_root:{secret.ll_root}{end}",
            server=self,
        )

    async def start(self) -> None:
        """Stop an orphan, make the data when there is none, start, and make the two roles."""
        await self._stop_orphan()
        self._account = await account_for(self._folder, self._postgres)
        if self._folder.major() is None:
            await self._initdb()
        self._folder.new_log()
        await self._launch(self._folder.free_port)
        await self._make_roles()

    async def watch(self) -> None:
        """Start PostgreSQL again, on the same port, each time it dies; returns after `stop`."""
        while self._process is not None:
            await self._process.wait()
            if self._process is not None:
                await self._launch(lambda: self._port)

    async def stop(self) -> None:
        """Stop gently, and by force what does not listen."""
        process, self._process = self._process, None
        if process is not None:
            await _end(process)

    async def _stop_orphan(self) -> None:
        """Stop the PostgreSQL that a killed parent left on our data; clear a stale pid file."""
        pid = self._folder.orphan()
        if pid is None:
            return
        for how, lasts_s in GENTLY:
            if self._folder.works_here(pid):
                os.kill(pid, how)
            if await _comes_true(lambda: not self._folder.works_here(pid), lasts_s):
                self._folder.forget_orphan()
                return
        raise EmbeddedFault(f"PostgreSQL (process {pid}) does not stop: end it, then start again.")

    async def _initdb(self) -> None:
        folder, root = self._folder, self._passwords.ll_root
        with folder.before_initdb(root, self._account) as secret:
            arguments = (
                *(f"--pgdata={folder.part}", "--username=ll_root", f"--pwfile={secret}"),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--data-checksums"),
                *(("--no-sync",) if self._fast else ()),
            )
            initdb = self._postgres.programs / "initdb"
            code, words = await run(*self._account.command, initdb, *arguments)
        if code != 0:
            raise EmbeddedFault(f"initdb of PostgreSQL {self._postgres.major} failed:\n{words}")
        folder.accept_data()

    async def _launch(self, choose_port: Callable[[], int]) -> None:
        """Start the server and wait until it takes connections; try again when it dies early."""
        program = self._postgres.programs / "postgres"
        for attempt in range(STARTS):
            await asyncio.sleep(attempt * PAUSE_S)
            self._port = choose_port()
            self._folder.configure(self._port, durable=not self._fast, account=self._account)
            with self._folder.appending() as log:
                process = self._process = await launch(
                    *self._account.command, program, "-D", self._folder.data, says=log
                )
            await _comes_true(partial(self._settled, process), START_LASTS_S)
            if process.returncode is None and self._folder.ready(process.pid):
                return
            await _end(process)
        raise EmbeddedFault(
            f"PostgreSQL {self._postgres.major} does not start; {self._folder.log} says why."
        )

    def _settled(self, process: Process) -> bool:
        return process.returncode is not None or self._folder.ready(process.pid)

    async def _make_roles(self) -> None:
        async with _root(self.cluster("postgres")) as root:
            for role in ("ll_owner", "ll_app"):
                if await root.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
                    continue
                secret = getattr(self._passwords, role)
                await root.execute(
                    f"CREATE ROLE {role} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE "
                    f"NOREPLICATION PASSWORD '{secret}'"
                )


async def _end(process: Process) -> None:
    for how, lasts_s in (*GENTLY, BY_FORCE):
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(how)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(lasts_s):
                await process.wait()
            return


async def _comes_true(asked: Callable[[], bool], lasts_s: float) -> bool:
    """Look again and again; False when it did not come true in time."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(lasts_s):
            while not asked():  # noqa: ASYNC110 - another process's file: nothing wakes us
                await asyncio.sleep(POLL_S)
            return True
    return False
