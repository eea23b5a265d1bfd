"""An engine in a process of its own: watched, stopped, killed, and never left behind."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from luisterlijn.kernel.errors import Outage
from luisterlijn.planning import worker
from luisterlijn.planning.instance import Role, roster
from luisterlijn.planning.rules import Rule, broken
from luisterlijn.planning.wire import Order
from luisterlijn.planning.worker import End, EngineRefused, work
from tests.support.rosters import at, made, problem, somebody

CROWD = made(2, people=1500, most_needed=60)
LONG_S = 3600.0
SOON_S = 30.0


def order(**different: object) -> Order:
    """Order a plan of a small instance, but for what is told."""
    ordinary: dict[str, object] = {
        "engine": "builtin",
        # So many that an hour's planning is not done by itself within a test.
        "instance": CROWD,
        "seconds": 0.5,
        "seed": 1,
    }
    return Order(**(ordinary | different))  # type: ignore[arg-type] # named as the fields are


def workers() -> set[int]:
    """Give the worker processes that this process has."""
    found = set()
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            fields = (each / "stat").read_text().rpartition(")")[2].split()
            words = (each / "cmdline").read_bytes()
            if int(fields[1]) == os.getpid() and b"luisterlijn.planning" in words:
                found.add(int(each.name))
    return found


async def test_a_worker_plans_tells_how_far_it_is_and_is_gone() -> None:
    told: list[tuple[float, int]] = []

    outcome = await work(order(), lambda *step: told.append(step), asyncio.Event())

    assert outcome.end is End.DONE
    assert broken(order().instance, outcome.plan.roster) == ()
    assert told[-1] == (outcome.plan.seconds, outcome.plan.cost.total)
    assert outcome.peak_bytes is not None
    assert 10_000_000 < outcome.peak_bytes < 200_000_000
    assert workers() == set()


async def test_who_stops_a_worker_gets_the_best_so_far() -> None:
    stop = asyncio.Event()

    async with asyncio.timeout(SOON_S):
        outcome = await work(order(seconds=LONG_S), lambda *_step: stop.set(), stop)

    # It handed its best over by itself, and was not killed.
    assert (outcome.end, outcome.peak_bytes is None) == (End.STOPPED, False)
    assert broken(order().instance, outcome.plan.roster) == ()
    assert workers() == set()


async def test_a_worker_that_does_not_stop_is_killed_and_its_best_is_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "STOPS_S", 0.2)
    stop = asyncio.Event()

    def freeze(*_step: float) -> None:
        for each in workers():
            os.kill(each, signal.SIGSTOP)
        stop.set()

    async with asyncio.timeout(SOON_S):
        outcome = await work(order(seconds=LONG_S), freeze, stop)

    assert (outcome.end, outcome.peak_bytes) == (End.STOPPED, None)
    assert outcome.plan.roster
    assert workers() == set()


async def test_a_worker_that_dies_leaves_its_best() -> None:
    def kill(*_step: float) -> None:
        for each in workers():
            os.kill(each, signal.SIGKILL)

    async with asyncio.timeout(SOON_S):
        outcome = await work(order(seconds=LONG_S), kill, asyncio.Event())

    assert outcome.end is End.LOST
    assert broken(order().instance, outcome.plan.roster) == ()


async def test_a_worker_that_takes_far_too_long_and_told_nothing_is_an_outage(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "OVERTIME_S", -LONG_S)

    with pytest.raises(Outage):
        await work(order(seconds=LONG_S), lambda *_step: None, asyncio.Event())

    assert workers() == set()


async def test_who_is_cancelled_leaves_no_worker_behind() -> None:
    started = asyncio.Event()

    async with asyncio.timeout(SOON_S), asyncio.TaskGroup() as group:
        ordered = work(order(seconds=LONG_S), lambda *_step: started.set(), asyncio.Event())
        task = group.create_task(ordered)
        await started.wait()
        assert len(workers()) == 1
        task.cancel()

    assert task.cancelled()
    assert workers() == set()


async def test_a_worker_ends_when_who_ordered_it_is_gone() -> None:
    process = await asyncio.create_subprocess_exec(
        *worker.PROGRAM, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(worker.line(order(seconds=LONG_S)))

    process.stdin.close()

    async with asyncio.timeout(SOON_S):
        out, _err = await process.communicate()
    assert out.count(b"\n") > 1
    assert process.returncode == 0


async def test_a_refusal_crosses_over_with_its_code() -> None:
    found = problem(somebody(0, role=Role.TRAINEE))

    for different, code, rules in (
        ({"pinned": roster([at(0, 0, 7)])}, "bad-pins", [Rule.TRAINEE_ALONE]),
        ({"begin": roster([at(0, 0, 7)])}, "bad-begin", []),
    ):
        with pytest.raises(EngineRefused) as refused:
            await work(order(instance=found, **different), lambda *_step: None, asyncio.Event())
        assert refused.value.code == code
        assert [each.rule for each in refused.value.broken] == rules


async def test_a_worker_knows_no_setting_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")
    seen: list[bytes] = []

    def look(*_step: float) -> None:
        seen.extend(Path(f"/proc/{each}/environ").read_bytes() for each in workers())

    await work(order(), look, asyncio.Event())

    assert seen
    assert not any(b"DATABASE_URL" in each for each in seen)
