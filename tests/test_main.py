"""Starting, stopping, and saying at once all that is wrong: as an operator meets it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import aiohttp
import asyncpg
import pytest

from luisterlijn.accounts.service import NewPerson
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy.redaction import Secret
from luisterlijn.store import embedded
from tests.support.command import Ended, appears, ended, processes_on, run, running, start
from tests.support.house import free_port

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from luisterlijn.store.embedded import Cluster
    from tests.support.house import TestHouse


def demo(folder: Path, **more: str) -> dict[str, str]:
    """Give the settings of a demo with everything below one folder."""
    return {
        "LUISTERLIJN_DEMO": "1",
        "LUISTERLIJN_PORT": str(free_port()),
        "LUISTERLIJN_OPS_PORT": str(free_port()),
        "LUISTERLIJN_DATA": str(folder / "data"),
        "LUISTERLIJN_KEYS": str(folder / "keys"),
        **more,
    }


def real(folder: Path, database: Cluster, **more: str) -> dict[str, str]:
    """Give the settings of a line that may take real callers."""
    return {
        **demo(folder),
        "LUISTERLIJN_DEMO": "0",
        "LUISTERLIJN_PUBLIC_URL": "https://lijn.example",
        "LUISTERLIJN_CONSOLE_URL": "https://werk.lijn.example",
        "DATABASE_URL": database.app_url,
        "DATABASE_OWNER_URL": database.owner_url,
        **more,
    }


def complaints(found: Ended) -> list[str]:
    """Give the lines of the one message of a start that was refused."""
    assert found.code == 2, found
    assert found.out == ""
    first, *lines = found.err.splitlines()
    assert first == "luisterlijn cannot start:", found.err
    assert all(line.startswith("  ") for line in lines), found.err
    return [line.strip() for line in lines]


def named(found: Ended) -> list[str]:
    """Give the settings that the message names."""
    return [line.partition(":")[0] for line in complaints(found)]


async def test_every_wrong_setting_is_named_in_one_message() -> None:
    found = await run(
        {"LUISTERLIJN_PORT": "x", "LUISTERLIJN_COLOUR": "red", "LUISTERLIJN_BIND": "nowhere"}, "run"
    )

    assert set(named(found)) == {
        "LUISTERLIJN_COLOUR",
        "LUISTERLIJN_PORT",
        "LUISTERLIJN_BIND",
        "LUISTERLIJN_PUBLIC_URL",
        "LUISTERLIJN_CONSOLE_URL",
        "LUISTERLIJN_KEYS",
        "DATABASE_URL",
    }


async def test_a_database_that_does_not_answer_is_named_both_ways_without_its_password(
    tmp_path: Path,
) -> None:
    nobody = f"postgresql://ll_app:verysecret@127.0.0.1:{free_port()}/x"

    found = await run(demo(tmp_path, DATABASE_URL=nobody, DATABASE_OWNER_URL=nobody), "run")

    assert named(found) == ["DATABASE_URL", "DATABASE_OWNER_URL"]
    assert "verysecret" not in found.err


async def test_a_wrong_password_or_database_name_is_named(
    tmp_path: Path, database: Cluster
) -> None:
    role, _, place = database.app_url.partition("@")
    nameless = database.owner_url.rpartition("/")[0] + "/no_such_database"

    found = await run(
        demo(tmp_path, DATABASE_URL=f"{role}wrong@{place}", DATABASE_OWNER_URL=nameless), "run"
    )

    assert named(found) == ["DATABASE_URL", "DATABASE_OWNER_URL"]


async def test_a_role_above_row_level_security_is_refused(
    tmp_path: Path, database: Cluster
) -> None:
    for url in (database.root_url, database.owner_url):
        found = await run(real(tmp_path, database, DATABASE_URL=url), "run")

        [line] = complaints(found)
        assert line.startswith("DATABASE_URL: that role is above row-level security")


async def test_an_owner_that_may_not_change_the_database_is_named(
    tmp_path: Path, server: Cluster
) -> None:
    bare = await embedded.create_database(server, "bare")
    try:
        found = await run(demo(tmp_path, **urls(bare, owner=bare.app_url)), "run")
    finally:
        await embedded.drop_database(server, "bare")

    assert named(found) == ["DATABASE_OWNER_URL"]


def urls(database: Cluster, owner: str = "") -> dict[str, str]:
    """Give both addresses of a database."""
    return {
        "DATABASE_URL": database.app_url,
        "DATABASE_OWNER_URL": owner or database.owner_url,
    }


async def test_a_database_that_the_demo_made_takes_no_real_callers(
    tmp_path: Path, built: TestHouse, database: Cluster
) -> None:
    person = NewPerson(
        sign_in="vrijwilliger",
        name="Vera",
        branch=built.branch,
        roles=frozenset({Role.VOLUNTEER}),
        demo=True,
    )
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_people(tx, [person], Secret("x"))

    found = await run(real(tmp_path / "other", database), "run")

    assert named(found) == ["LUISTERLIJN_DEMO"]


async def test_the_demo_does_not_touch_a_database_that_it_did_not_make(
    tmp_path: Path, built: TestHouse, database: Cluster
) -> None:
    await built.volunteer("anja")

    found = await run(demo(tmp_path / "other", **urls(database)), "run")

    assert named(found) == ["LUISTERLIJN_DEMO"]
    assert await built.owner.fetchval("select count(*) from person") == 1


@pytest.mark.parametrize("name", ["LUISTERLIJN_PORT", "LUISTERLIJN_OPS_PORT"])
async def test_a_port_that_is_taken_is_named(tmp_path: Path, database: Cluster, name: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        found = await run(demo(tmp_path, **urls(database), **{name: port}), "run")

    assert complaints(found) == [f"{name}: cannot listen on port {port}: address already in use"]


async def test_a_key_that_does_not_open_is_named_by_its_file(
    tmp_path: Path, built: TestHouse, database: Cluster
) -> None:
    built.house.keyring.make_ahead(await built.time.now(), hours=1)
    for key in (tmp_path / "keys").glob("period.*.key"):
        key.write_bytes(b"broken")

    found = await run(real(tmp_path, database), "run")

    [line] = complaints(found)
    assert line.startswith("LUISTERLIJN_KEYS: period.")


async def test_a_real_line_starts_serves_and_ends_on_a_given_database(
    tmp_path: Path, database: Cluster
) -> None:
    settings = real(tmp_path, database)

    async with running(settings) as line:
        async with aiohttp.ClientSession() as client:
            public = await told(client, settings, "/line", "lijn.example")
            simulated = await told(client, settings, "/demo/people", "werk.lijn.example")
            ops = f"http://127.0.0.1:{settings['LUISTERLIJN_OPS_PORT']}/metrics"
            async with client.get(ops) as answer:
                figures = await answer.text()
        line.send_signal(signal.SIGTERM)
        found = await ended(line)

    assert (public, simulated) == (200, 404)
    assert "process_cpu_seconds_total" in figures
    assert found.code == 0
    assert found.err == ""


async def told(
    client: aiohttp.ClientSession, settings: Mapping[str, str], path: str, host: str
) -> int:
    """Ask a running line; give the status."""
    url = f"http://127.0.0.1:{settings['LUISTERLIJN_PORT']}{path}"
    async with client.get(url, headers={"Host": host}) as answer:
        return answer.status


async def people_of(folder: Path) -> set[object]:
    """Give the ids of everybody in the running demo's own database."""
    ours = embedded.running(folder / "data" / "postgres")
    assert ours is not None
    owner = await asyncpg.connect(ours.owner_url)
    try:
        return {row["id"] for row in await owner.fetch("select id from person")}
    finally:
        await owner.close()


async def test_a_demo_keeps_its_data_through_every_way_of_ending_and_leaves_nothing_running(
    tmp_path: Path,
) -> None:
    settings = demo(tmp_path)
    console = f"localhost:{settings['LUISTERLIJN_PORT']}"

    # The first start, ended as a service manager does, while a page is connected.
    async with running(settings) as line, aiohttp.ClientSession() as client:
        assert await told(client, settings, "/readyz", console) == 200
        people = await people_of(tmp_path)
        second = await run(settings, "run")
        socket_url = f"http://{console}/socket.io/?EIO=4&transport=websocket"
        async with client.ws_connect(socket_url):
            began = time.monotonic()
            line.send_signal(signal.SIGTERM)
            first = await ended(line)
        lasted_s = time.monotonic() - began
    assert len(people) > 300
    [line_of_second] = complaints(second)
    assert line_of_second.startswith(f"Another luisterlijn runs on {tmp_path}")
    assert (first.code, first.err) == (0, "")
    assert lasted_s < 15
    assert processes_on(tmp_path) == []

    # A port that is taken, with our own PostgreSQL already started.
    with socket.create_server(("127.0.0.1", int(settings["LUISTERLIJN_PORT"]))):
        assert named(await run(settings, "run")) == ["LUISTERLIJN_PORT"]
    assert processes_on(tmp_path) == []

    # Killed: PostgreSQL stays behind, and the next start takes over.
    began = time.monotonic()
    async with running(settings) as line:
        again_s = time.monotonic() - began
        assert await people_of(tmp_path) == people
        line.kill()
        await ended(line)
    assert again_s < 10

    # Ended by Ctrl-C.
    async with running(settings) as line:
        assert await people_of(tmp_path) == people
        line.send_signal(signal.SIGINT)
        last = await ended(line)
    assert (last.code, last.err) == (0, "")
    assert processes_on(tmp_path) == []


async def test_a_stop_that_comes_during_the_start_ends_it_too(tmp_path: Path) -> None:
    line = await start(demo(tmp_path), "run")
    await appears(tmp_path / "data" / "postgres" / "lock")
    line.send_signal(signal.SIGTERM)

    await ended(line)

    assert processes_on(tmp_path) == []


async def test_the_contract_in_the_repository_is_fresh() -> None:
    found = await run({}, "contract", "--check")

    assert (found.code, found.err) == (0, "")


def test_a_server_starts_without_the_arithmetic_of_forecasts() -> None:
    looked = "import sys, luisterlijn.__main__; print('numpy' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", looked], capture_output=True, check=True, text=True)  # noqa: S603 - our own words

    assert ran.stdout == "False\n"
