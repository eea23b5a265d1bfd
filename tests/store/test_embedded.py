"""Our own PostgreSQL keeps what was acknowledged, lets nobody else in, and leaves no process."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

from luisterlijn.store.embedded import (
    Cluster,
    EmbeddedFault,
    Postgres,
    cluster,
    create_database,
    drop_database,
    installed,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

CHECKOUT = Path(__file__).parents[2]
WAIT_S = 30.0
KEEPER = """
import asyncio, sys
from pathlib import Path
from luisterlijn.store.embedded import cluster

async def keep(folder: Path) -> None:
    async with cluster(folder, fast=True) as ours:
        print(ours.owner_url, flush=True)
        await asyncio.Event().wait()

asyncio.run(keep(Path(sys.argv[1])))
"""


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url, timeout=WAIT_S)
    try:
        yield connection
    finally:
        await connection.close()


async def ask(url: str, sql: str) -> Any:
    async with connected(url) as connection:
        return await connection.fetchval(sql)


async def write_a_row(ours: Cluster) -> None:
    async with connected(ours.owner_url) as owner:
        await owner.execute("CREATE TABLE line (word text)")
        await owner.execute("INSERT INTO line VALUES ('kept')")


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def readable_by_others(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.stat().st_mode & 0o077]


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}/cwd").exists()


async def families() -> dict[str, Postgres]:
    """Give Debian's PostgreSQL and the wheel's, as far as they are here."""
    known = await installed()
    return {"wheel" if "pgserver" in str(p.programs) else "debian": p for p in reversed(known)}


@pytest.mark.parametrize("family", ["debian", "wheel"])
async def test_a_second_start_keeps_what_the_first_wrote(tmp_path: Path, family: str) -> None:
    among = (await families()).get(family)
    if among is None:
        pytest.skip(f"no PostgreSQL of {family} here")

    async with cluster(tmp_path, among=[among]) as ours:
        await write_a_row(ours)
        version = await ask(ours.app_url, "SHOW server_version")

    async with cluster(tmp_path, among=[among]) as again:
        assert await ask(again.owner_url, "SELECT word FROM line") == "kept"
    assert version.startswith(str(among.major))
    assert not (tmp_path / "data" / "postmaster.pid").exists()


async def test_data_is_never_opened_with_another_version(tmp_path: Path) -> None:
    known = await installed()
    older, newer = known[-1], known[0]
    if older.major == newer.major:
        pytest.skip("one version of PostgreSQL here")
    async with cluster(tmp_path, fast=True, among=[older]) as ours:
        await write_a_row(ours)

    async with cluster(tmp_path, fast=True, among=[newer, older]) as again:
        assert await ask(again.owner_url, "SELECT word FROM line") == "kept"
    with pytest.raises(EmbeddedFault, match=rf"PostgreSQL {older.major}.*pg_dumpall"):
        async with cluster(tmp_path, fast=True, among=[newer]):
            pass


async def test_the_application_is_no_superuser_and_owns_nothing(tmp_path: Path) -> None:
    async with cluster(tmp_path, fast=True) as ours, connected(ours.app_url) as app:
        rights = await app.fetchrow(
            "SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        )
        owned = await app.fetchval(
            "SELECT count(*) FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid"
            " WHERE d.deptype = 'o' AND r.rolname = current_user"
        )
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("CREATE TABLE mine ()")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await app.execute("CREATE TEMP TABLE mine ()")

    assert rights is not None
    assert not any(rights.values())
    assert owned == 0


async def test_nobody_comes_in_without_a_password(tmp_path: Path) -> None:
    async with cluster(tmp_path, fast=True) as ours:
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(ours.root_url, password="", timeout=WAIT_S)
        sockets = await ask(ours.root_url, "SHOW unix_socket_directories")
        addresses = await ask(ours.root_url, "SHOW listen_addresses")

    assert (sockets, addresses) == ("", "127.0.0.1")
    assert readable_by_others(tmp_path) == []
    assert "ll_" not in repr(ours)


async def test_a_row_that_breaks_a_rule_reaches_no_log(tmp_path: Path) -> None:
    async with cluster(tmp_path, fast=True) as ours, connected(ours.owner_url) as owner:
        await owner.execute("CREATE TABLE once (word text PRIMARY KEY)")
        await owner.execute("INSERT INTO once VALUES ('kanarie')")

        with pytest.raises(asyncpg.UniqueViolationError):
            await owner.execute("INSERT INTO once VALUES ('kanarie')")
        with pytest.raises(asyncpg.InvalidTextRepresentationError):
            await owner.execute("SELECT 'kanarie'::int")

    assert "kanarie" not in (tmp_path / "postgres.log").read_text()


async def test_after_a_kill_the_next_start_stops_the_orphan_and_keeps_the_data(
    tmp_path: Path,
) -> None:
    keeper = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KEEPER, str(tmp_path), stdout=PIPE, cwd=CHECKOUT
    )
    assert keeper.stdout is not None
    async with asyncio.timeout(WAIT_S):
        owner_url = (await keeper.stdout.readline()).decode().strip()
    async with connected(owner_url) as owner:
        await owner.execute("CREATE TABLE line AS SELECT 'kept' AS word")
    orphan = postmaster(tmp_path)

    keeper.kill()
    await keeper.wait()
    still_serves = await ask(owner_url, "SELECT word FROM line")
    async with cluster(tmp_path, fast=True) as ours:
        kept = await ask(ours.owner_url, "SELECT word FROM line")
        ours_now = postmaster(tmp_path)

    assert (still_serves, kept) == ("kept", "kept")
    assert ours_now != orphan
    assert not lives(orphan)


async def test_two_at_once_each_have_their_own_folder_and_port(tmp_path: Path) -> None:
    async with (
        cluster(tmp_path / "a", fast=True) as one,
        cluster(tmp_path / "b", fast=True) as other,
    ):
        ports = [await ask(c.root_url, "SHOW port") for c in (one, other)]

    assert ports[0] != ports[1]


async def test_a_second_one_on_the_same_folder_is_refused(tmp_path: Path) -> None:
    async with cluster(tmp_path, fast=True) as ours:
        with pytest.raises(EmbeddedFault, match="Another luisterlijn runs"):
            async with cluster(tmp_path, fast=True):
                pass

        assert await ask(ours.app_url, "SELECT 1") == 1


async def test_a_port_that_was_taken_meanwhile_is_chosen_anew(tmp_path: Path) -> None:
    async with cluster(tmp_path, fast=True) as ours:
        port = int(await ask(ours.root_url, "SHOW port"))

    with socket.create_server(("127.0.0.1", port)):
        async with cluster(tmp_path, fast=True) as again:
            other = int(await ask(again.root_url, "SHOW port"))
    async with cluster(tmp_path, fast=True) as third:
        kept = int(await ask(third.root_url, "SHOW port"))

    assert other != port
    assert kept == other


async def test_ctrl_c_in_the_terminal_is_for_us_and_not_for_postgres(tmp_path: Path) -> None:
    async with cluster(tmp_path, fast=True):
        assert os.getsid(postmaster(tmp_path)) != os.getsid(0)


async def test_a_postgres_that_dies_is_started_again_on_the_same_port(tmp_path: Path) -> None:
    async with cluster(tmp_path) as ours, asyncio.TaskGroup() as group:
        watch = group.create_task(ours.server.watch(), name="postgres")
        await write_a_row(ours)
        os.kill(postmaster(tmp_path), signal.SIGKILL)

        async with asyncio.timeout(WAIT_S):
            word = None
            while word is None:
                try:
                    word = await ask(ours.owner_url, "SELECT word FROM line")
                except (OSError, asyncpg.PostgresError):
                    await asyncio.sleep(0)

        assert word == "kept"
        watch.cancel()


async def test_a_fresh_database_is_copied_from_a_template(tmp_path: Path) -> None:
    async with cluster(tmp_path, fast=True, database="mould") as mould:
        await write_a_row(mould)

        copy = await create_database(mould, "copy", template="mould")
        word = await ask(copy.owner_url, "SELECT word FROM line")
        await drop_database(mould, "copy")

        assert word == "kept"
        with pytest.raises(asyncpg.InvalidCatalogNameError):
            await ask(copy.owner_url, "SELECT 1")


async def test_a_name_that_is_no_word_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedFault, match="no name for a database"):
        async with cluster(tmp_path, fast=True, database='x"; DROP ROLE ll_app; --'):
            pass

    assert not (tmp_path / "data" / "postmaster.pid").exists()
