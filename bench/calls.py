"""What a call costs: the answer to a webhook, memory of who waits, how soon somebody is rung."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import aiohttp

from bench.figures import KIB, Figure, memory_bytes, percentile
from bench.served import ours
from luisterlijn.simulation.calls import CallPlan, attached, play

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable

    from bench.served import Served
    from luisterlijn.simulation.callers import CallStage

WAITING = 200
PER_S = 20
SECONDS = 15
PLAYED = 80
VOLUNTEERS = 12
SPEED = 8.0
IN_S = 60.0


async def run() -> AsyncIterator[Figure]:
    """Give the figures of calls."""
    async with ours() as served:
        report = await play(_plan(served, PLAYED))
        yield Figure(f"{PLAYED} calls played: lost + doubled", "0", _sum(report))
        name = "volunteer free, many wait, to offer call placed"
        yield Figure(f"{name}, p50 (ms)", "", f"{report['offer_p50_ms']:.0f}")
        yield Figure(f"{name}, p99 (ms)", "<= 500", f"{report['offer_p99_ms']:.0f}")
    async with ours() as served, aiohttp.ClientSession() as http:
        async for figure in _waiting(served, http):
            yield figure


async def _waiting(served: Served, http: aiohttp.ClientSession) -> AsyncIterator[Figure]:
    before = memory_bytes(served.pid)
    async with attached(_plan(served, WAITING), http) as stage:
        for number in range(WAITING):
            stage.exchange.call_in(f"+316{20_000_000 + number}")
            await asyncio.sleep(1 / PER_S)
        async with asyncio.timeout(IN_S):
            while sum(leg.queued for leg in stage.exchange.legs.values()) < WAITING:  # noqa: ASYNC110 - another process
                await asyncio.sleep(0.1)
        memory = (memory_bytes(served.pid) - before) / KIB / KIB
        yield Figure(f"memory of {WAITING} waiting calls above idle (MB)", "<= 50", f"{memory:.1f}")
        waits = await _webhooks(stage)
        yield Figure(f"webhook at {PER_S}/s, p50 (ms)", "", f"{percentile(waits, 0.5):.1f}")
        yield Figure(f"webhook at {PER_S}/s, p99 (ms)", "<= 100", f"{percentile(waits, 0.99):.1f}")


async def _webhooks(stage: CallStage) -> list[float]:
    """Ask the waiting room for one caller after the other, beside what the exchange asks itself."""
    legs = [leg for leg in stage.exchange.legs.values() if leg.queued]
    stage.webhook_ms.clear()
    async with asyncio.TaskGroup() as group:
        for number in range(PER_S * SECONDS):
            leg = legs[number % len(legs)]
            ask = stage.exchange.deliver(leg.wait_url, stage.exchange.form(leg))
            group.create_task(_answered(ask))
            await asyncio.sleep(1 / PER_S)
    return list(stage.webhook_ms)


async def _answered(ask: Awaitable[tuple[int, bytes]]) -> None:
    await ask


def _plan(served: Served, calls: int) -> CallPlan:
    return CallPlan(
        public_url=served.public,
        console_url=served.console,
        calls=calls,
        volunteers=VOLUNTEERS,
        speed=SPEED,
        seed=5,
        erased=False,
    )


def _sum(report: dict[str, float]) -> str:
    return f"{report['lost'] + report['doubled']:.0f}"
