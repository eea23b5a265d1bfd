"""A node as a whole: what is wired to what, how it serves, and how it ends."""

from __future__ import annotations

import asyncio
import inspect
from typing import TYPE_CHECKING

import aiohttp
import asyncpg
import pytest

from luisterlijn import app
from luisterlijn.doors import serving, tables
from luisterlijn.edge.pages import Pages
from luisterlijn.kernel.events import Event
from luisterlijn.telephony.twilio import TwilioProvider
from tests.support.ends import begin, close
from tests.support.house import free_port, settings_for
from tests.support.raw import ask_raw
from tests.support.served import Served, served
from tests.support.twilio_api import BASE
from tests.support.twilio_api import settings as twilio_settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from luisterlijn.store.embedded import Cluster
    from tests.support.house import TestHouse


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    """A served node."""
    async with served(built) as made:
        yield made


def test_every_event_that_is_told_has_a_listener(built: TestHouse) -> None:
    heard = {*app._work(built.house), *app._hints(built.house)}  # noqa: SLF001 - the one table

    # By name: a dataclass with slots is made twice.
    named = {kind.name for kind in Event.__subclasses__() if kind.__module__.startswith("luister")}

    assert named == {kind.name for kind in heard}


def test_a_work_listener_waits_and_a_hint_listener_does_not(built: TestHouse) -> None:
    work, hints = app._work(built.house), app._hints(built.house)  # noqa: SLF001 - as above

    assert all(inspect.iscoroutinefunction(each) for listed in work.values() for each in listed)
    assert not any(
        inspect.iscoroutinefunction(each) for listed in hints.values() for each in listed
    )


async def test_a_process_that_lives_says_so_and_one_without_database_takes_no_contacts(
    node: Served, server: Cluster
) -> None:
    both = [(await node.ask("GET", path)).status for path in ("/healthz", "/readyz")]

    name = await node.built.owner.fetchval("select current_database()")
    root = await asyncpg.connect(server.root_url)
    await root.execute(f"alter database {name} allow_connections false")
    await root.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where usename = 'll_app' and datname = $1",
        name,
    )
    away = [await node.ask("GET", path) for path in ("/healthz", "/readyz")]
    await root.execute(f"alter database {name} allow_connections true")
    await root.close()
    back = await node.ask("GET", "/readyz")

    assert both == [200, 200]
    assert [answer.status for answer in away] == [200, 503]
    assert away[1].code == "try-again"
    assert back.status == 200


async def test_pages_are_told_to_move_before_the_door_closes(built: TestHouse) -> None:
    await built.volunteer("anja")
    async with (
        built.house.at_work(),
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as client,
    ):
        async with serving(built.house):
            page = await begin(Served(built, client))
            await page.open()
        moved = await page.wire.hears("moved")
        await page.wire.down.wait()
        await close(page)

    assert moved == {}
    with pytest.raises(ConnectionError):
        await ask_raw(built.house.settings.port, b"GET /healthz HTTP/1.1", "x")


async def test_ending_the_work_leaves_no_task_behind_and_writes_what_was_counted(
    built: TestHouse,
) -> None:
    before = asyncio.all_tasks()

    async with built.house.at_work():
        during = asyncio.all_tasks() - before
        built.house.reporting.count_one("chat", "attempts", "all")

    assert {"outbox", "rounds", "line", "hints", "pages", "heartbeats", "keys", "jobs"} <= {
        task.get_name() for task in during
    }
    left = asyncio.all_tasks() - before
    if left:  # what was cancelled has a turn of its own to end in
        _ended, left = await asyncio.wait(left, timeout=5)
    assert left == set()
    assert await built.owner.fetchval("select count from counter") == 1


async def test_a_line_with_an_account_answers_webhooks_and_watches_and_is_no_demo(
    database: Cluster, tmp_path: Path
) -> None:
    chosen = settings_for(
        tmp_path,
        free_port(),
        demo=False,
        public_url=BASE,
        console_url="https://werk.lijn.example",
        twilio=twilio_settings(),
    )

    async with app.house(chosen, database.app_url) as built:
        pages = Pages(neutral_url=chosen.neutral_url, demo=False)
        paths = {route.path for table in tables(built, pages) for route in table}
        jobs = {job.name for job in built.jobs.table}
        telephone = built.telephone

    assert telephone is not None
    assert isinstance(telephone.provider, TwilioProvider)
    assert telephone.provider.is_open is False
    assert {"account", "fallback"} <= jobs
    assert "/phone/incoming" in paths
    assert not [path for path in paths if path.startswith("/demo")]


async def test_a_part_that_breaks_ends_the_node_rather_than_leaving_it_half_alive(
    built: TestHouse,
) -> None:
    async def work() -> None:
        async with built.house.at_work():
            await built.owner.execute("drop table exclusion, offer, contact cascade")
            await asyncio.Event().wait()

    with pytest.raises(BaseExceptionGroup) as ended:
        await work()

    assert ended.group_contains(asyncpg.UndefinedTableError)
