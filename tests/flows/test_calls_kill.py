"""The server dies three times in an evening of calls: nobody is lost, nobody is called twice."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

import pytest

from luisterlijn.simulation.calls import CallPlan, play
from tests.support.house import free_port
from tests.support.process import ServerProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from luisterlijn.simulation.callers import CallStage
    from luisterlijn.store.embedded import Cluster

CALLS = 200
VOLUNTEERS = 60
KILLS = 3
SPEED = 20.0
SOON_S = 60.0


@pytest.fixture
async def running(database: Cluster, tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server that a test may kill; the exchange is not in it."""
    made = ServerProcess(database, tmp_path, free_port())
    try:
        await made.start()
        yield made
    finally:
        await made.kill()


async def _kill_again_and_again(
    server: ServerProcess, seen: list[tuple[int, int, int]], stage: CallStage
) -> None:
    """Kill the server each time that another quarter has called, in the middle of everything."""
    for time in range(1, KILLS + 1):
        async with asyncio.timeout(SOON_S):
            while not _in_the_middle(stage, time * CALLS // (KILLS + 1)):  # noqa: ASYNC110 - others' work
                await asyncio.sleep(0.01)
        await server.kill()
        seen.append(_now(stage))
        await server.start()


def _now(stage: CallStage) -> tuple[int, int, int]:
    """Give how many talk, how many wait, and how many telephones ring."""
    legs = [each for each in stage.exchange.legs.values() if not each.over]
    return (
        sum(each.room is not None and each.direction == "inbound" for each in legs),
        sum(each.queued for each in legs),
        sum(each.status == "ringing" and each.direction == "outbound-api" for each in legs),
    )


def _in_the_middle(stage: CallStage, called: int) -> bool:
    return len(stage.callers) >= called and min(_now(stage)) > 0


async def test_no_call_is_lost_or_doubled_when_the_server_is_killed_three_times(
    running: ServerProcess,
) -> None:
    seen: list[tuple[int, int, int]] = []
    plan = CallPlan(
        public_url=running.public_url,
        console_url=running.console_url,
        calls=CALLS,
        volunteers=VOLUNTEERS,
        speed=SPEED,
        seed=1,
        erased=False,
    )

    report = await play(plan, partial(_kill_again_and_again, running, seen))

    assert len(seen) == KILLS
    assert (report["started"], report["lost"], report["doubled"]) == (CALLS, 0, 0)
    assert report["webhooks_refused"] == 0
    assert report["answered"] + report["abandoned"] + report["limited"] == CALLS
    assert report["answered"] > CALLS / 2
