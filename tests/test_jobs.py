"""Timed work: each due moment once over all nodes, and no key gone too early."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg
import pytest

from luisterlijn.app import house
from luisterlijn.jobs import Job, until_ended
from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.ids import BranchId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy import retention
from luisterlijn.privacy.keyring import KeyGone
from luisterlijn.telephony.alarms import Alarms
from tests.support.clock import NOON, StandingClock
from tests.support.database import LineTime
from tests.support.house import TestHouse, free_port, settings_for
from tests.support.twilio_api import Account, asking, twilio_api

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from luisterlijn.house import House
    from luisterlijn.store.database import Transaction
    from luisterlijn.store.embedded import Cluster

MINUTE = timedelta(minutes=1)
AT_CLOSE = retention.RetentionClass.AT_CLOSE


class Two:
    """Two nodes on one database and one key folder, whose three clocks the test moves as one."""

    def __init__(self, built: TestHouse, other: House, clock: StandingClock) -> None:
        """See the fixture."""
        self.built = built
        self.nodes = (built.house, other)
        self.clock = clock

    async def pass_by(self, time: timedelta) -> None:
        """Let time pass for the database and both machines."""
        self.clock.moment += time
        await self.built.time.freeze(self.clock.moment)

    def job(self, name: str, node: int = 0) -> Job:
        """Give a job of the table."""
        return next(each for each in self.nodes[node].jobs.table if each.name == name)

    async def both(self, *jobs: Job) -> list[bool]:
        """Tick on both nodes at once; gives who did it, in no order."""
        first, second = jobs if len(jobs) == 2 else jobs * 2
        async with asyncio.TaskGroup() as group:
            one = group.create_task(self.nodes[0].jobs.tick(first))
            two = group.create_task(self.nodes[1].jobs.tick(second))
        return sorted([one.result(), two.result()])


@pytest.fixture
async def two(database: Cluster, tmp_path: Path) -> AsyncIterator[Two]:
    """Two nodes at rest."""
    clock = StandingClock()
    settings = settings_for(tmp_path, free_port())
    owner = await asyncpg.connect(database.root_url)
    try:
        async with (
            house(settings, database.app_url, clock=clock) as one,
            house(settings, database.app_url, clock=clock) as other,
        ):
            branch = BranchId(new_id(one.tokens))
            built = TestHouse(house=one, time=LineTime(owner), owner=owner, branch=branch)
            await built.time.freeze(clock.moment)
            async with one.database.transaction(LINE) as tx:
                await one.accounts.add_branch(tx, branch, "utrecht", "Utrecht")
            yield Two(built, other, clock)
    finally:
        await owner.close()


async def test_every_job_of_the_table_runs_on_a_node_with_nothing_in_it(two: Two) -> None:
    for job in two.nodes[0].jobs.table:
        assert await two.nodes[0].jobs.tick(job), job.name
    assert len({job.name for job in two.nodes[0].jobs.table}) == len(two.nodes[0].jobs.table)


async def test_each_due_moment_is_done_by_one_node(two: Two) -> None:
    done: list[int] = []

    async def work(_tx: Transaction) -> None:
        done.append(1)

    job = Job(name="work", every=5 * MINUTE, do=work, once=True)

    first = await two.both(job)
    again = await two.both(job)
    await two.pass_by(5 * MINUTE)
    later = await two.both(job)
    await two.pass_by(60 * MINUTE)
    after_a_pause = await two.both(job)

    assert (first, again, later, after_a_pause) == (
        *([False, True], [False, False]),
        *([False, True], [False, True]),
    )
    assert len(done) == 3


async def test_a_clock_that_goes_back_does_no_moment_twice(two: Two) -> None:
    async def work(_tx: Transaction) -> None:
        pass

    job = Job(name="work", every=5 * MINUTE, do=work, once=True)
    await two.nodes[0].jobs.tick(job)
    await two.pass_by(5 * MINUTE)
    await two.nodes[0].jobs.tick(job)

    await two.pass_by(-5 * MINUTE)

    assert not await two.nodes[0].jobs.tick(job)


@pytest.mark.parametrize("failure", [Outage("x"), ValueError("a word of somebody")])
async def test_a_job_that_fails_leaves_its_moment_to_the_next_try(
    two: Two, failure: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fail(_tx: Transaction) -> None:
        raise failure

    async def work(_tx: Transaction) -> None:
        pass

    failed = await two.nodes[0].jobs.tick(Job(name="work", every=MINUTE, do=fail, once=True))
    done = await two.nodes[1].jobs.tick(Job(name="work", every=MINUTE, do=work, once=True))

    assert (failed, done) == (False, True)
    assert "job_" in capsys.readouterr().out


async def test_what_asks_outside_is_asked_by_one_node_after_the_run_is_noted(two: Two) -> None:
    seen: list[tuple[int, int]] = []

    async def nothing(_tx: Transaction) -> None:
        pass

    async def ask() -> None:
        runs = await two.built.owner.fetchval("select count(*) from job_run where job = 'outside'")
        within = await two.built.owner.fetchval(
            "select count(*) from pg_stat_activity"
            " where usename = 'll_app' and datname = current_database() and xact_start is not null"
        )
        seen.append((runs, within))

    job = Job(name="outside", every=60 * MINUTE, do=nothing, once=True, then=ask)

    # One after the other: a transaction of the second would be seen from inside the first.
    assert [await node.jobs.tick(job) for node in two.nodes] == [True, False]
    assert seen == [(1, 0)]


async def test_somebody_outside_who_is_away_is_asked_again_at_the_next_moment(
    two: Two, capsys: pytest.CaptureFixture[str]
) -> None:
    async def nothing(_tx: Transaction) -> None:
        pass

    async def away() -> None:
        raise Outage

    job = Job(name="outside", every=MINUTE, do=nothing, once=True, then=away)
    first = await two.both(job)
    again = await two.both(job)
    await two.pass_by(MINUTE)
    later = await two.nodes[0].jobs.tick(job)

    assert (first, again, later) == ([False, False], [False, False], False)
    assert await two.built.owner.fetchval("select count(*) from job_run") == 2
    assert capsys.readouterr().out.count("job_waits") == 2


async def test_the_account_is_watched_each_hour_and_the_fallback_every_five_minutes(
    two: Two, capsys: pytest.CaptureFixture[str]
) -> None:
    account = Account()
    account.lists["recordings"] = [{"sid": "RE" + "1" * 32}]
    async with twilio_api(account) as api, asking(api) as provider:
        for node in two.nodes:
            node.jobs.watch(Alarms(provider, f"{api.address}/nothing", node.metrics.alarm))
        looked = await two.both(two.job("account", 0), two.job("account", 1))
        asked = len(api.asked)
        again = await two.both(two.job("account", 0), two.job("account", 1))
        await two.pass_by(60 * MINUTE)
        later = await two.both(two.job("account", 0), two.job("account", 1))
        looked_twice = len(api.asked)
        probed = await two.both(two.job("fallback", 0), two.job("fallback", 1))
        api.faults.clear()  # a fallback is no question of Twilio's API

    figures = b"".join(node.metrics.text() for node in two.nodes)
    assert (looked, again, later, probed) == (
        *([False, True], [False, False], [False, True]),
        [False, True],
    )
    assert looked_twice == 2 * asked
    assert (two.job("account").every, two.job("fallback").every) == (60 * MINUTE, 5 * MINUTE)
    assert capsys.readouterr().out.count("telephony_alarm") == 3
    assert b'luisterlijn_telephony_alarms_total{code="recordings"' in figures
    assert b'luisterlijn_telephony_alarms_total{code="fallback-away"' in figures


async def test_a_node_that_starts_looks_at_the_account_at_once(two: Two) -> None:
    looked = asyncio.Event()
    node = two.nodes[0]

    async def nothing(_tx: Transaction) -> None:
        pass

    async def look() -> None:
        looked.set()

    job = Job(name="account", every=60 * MINUTE, do=nothing, once=True, then=look)
    node.jobs.table += (job,)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(node.jobs.run())
        async with asyncio.timeout(20):
            await looked.wait()
        task.cancel()


async def test_counters_of_both_nodes_are_written_each_hour(two: Two) -> None:
    for node in two.nodes:
        node.reporting.count_one("chat", "attempts", "all")

    done = await two.both(two.job("counters", 0), two.job("counters", 1))

    assert done == [True, True]
    assert await two.built.owner.fetchval("select count from counter") == 2


async def test_the_operators_figures_advance_every_five_minutes(two: Two) -> None:
    metrics = two.nodes[0].metrics
    metrics.contact("chat", "limit")
    before = metrics.text()

    job = two.job("figures")
    await two.nodes[0].jobs.tick(job)

    assert job.every == 5 * MINUTE
    assert b'outcome="limit"' not in before
    assert b'outcome="limit"' in metrics.text()


async def test_keys_are_made_two_days_ahead_and_both_nodes_share_them(two: Two) -> None:
    await two.both(two.job("keys-ahead", 0), two.job("keys-ahead", 1))
    ahead = two.clock.moment + timedelta(hours=47)

    keys = {node.keyring.current(AT_CLOSE, ahead).id for node in two.nodes}

    assert len(keys) == 1


async def test_the_key_of_a_chat_that_goes_on_is_kept_and_goes_when_the_chat_is_over(
    two: Two,
) -> None:
    node, gone = two.nodes[0], two.job("keys-gone")
    await node.jobs.tick(gone)
    contact = await two.built.waiting()
    used = await two.built.owner.fetchval("select key_id from chat")
    await two.pass_by(timedelta(hours=3))

    await node.jobs.tick(gone)
    during = node.keyring.find(used)
    await node.chats.leave(contact)
    await two.built.settle()
    await node.jobs.tick(gone)

    assert during.id == used
    assert await two.built.owner.fetchval("select count(*) from chat") == 0
    with pytest.raises(KeyGone):
        node.keyring.find(used)


async def test_the_key_of_a_second_factor_outlives_its_period(two: Two) -> None:
    await two.built.volunteer("anja", hours=0)
    async with two.nodes[0].database.transaction(LINE) as tx:
        [used] = await two.nodes[0].accounts.keys_in_use(tx)
    await two.nodes[0].jobs.tick(two.job("keys-gone"))

    await two.pass_by(timedelta(days=65))
    await two.nodes[0].jobs.tick(two.job("keys-gone"))

    assert two.nodes[0].keyring.find(used).id == used


async def test_a_database_whose_time_leaps_destroys_no_key(
    two: Two, capsys: pytest.CaptureFixture[str]
) -> None:
    node = two.nodes[0]
    key = node.keyring.current(AT_CLOSE, two.clock.moment)
    await node.jobs.tick(two.job("keys-gone"))

    await two.built.time.freeze(two.clock.moment + timedelta(days=40))
    done = await node.jobs.tick(two.job("keys-gone"))

    assert not done
    assert node.keyring.find(key.id).id == key.id
    assert "clock_leap" in capsys.readouterr().out


async def test_sessions_that_are_over_go_and_others_stay(two: Two) -> None:
    node = two.nodes[0]
    person = await two.built.volunteer("anja", hours=0)
    await node.accounts.demo_session(person)
    await two.pass_by(timedelta(minutes=31))
    await node.accounts.demo_session(person)

    await node.jobs.tick(two.job("sessions"))

    assert await two.built.owner.fetchval("select count(*) from session") == 1


async def test_old_runs_are_forgotten_after_two_days(two: Two) -> None:
    await two.nodes[0].jobs.tick(two.job("sessions"))
    await two.pass_by(timedelta(days=3))

    await two.nodes[0].jobs.tick(two.job("old-runs"))

    assert await two.built.owner.fetchval("select array_agg(job) from job_run") == ["old-runs"]


async def test_a_node_that_starts_has_keys_and_ticks_until_it_is_told_to_stop(two: Two) -> None:
    node = two.nodes[0]
    async with asyncio.TaskGroup() as group:
        task = group.create_task(node.jobs.run())
        async with asyncio.timeout(20):
            while not node.keyring.living(AT_CLOSE, NOON + timedelta(hours=40)):  # noqa: ASYNC110 - only the folder tells
                await asyncio.sleep(0.01)
        task.cancel()

    assert task.cancelled()


async def test_what_breaks_while_all_ends_ends_nothing_more() -> None:
    ends = asyncio.Event()

    async def breaks() -> None:
        raise ValueError

    with pytest.raises(ValueError):  # noqa: PT011 - it has no words
        await until_ended(ends, breaks)
    ends.set()
    await until_ended(ends, breaks)
