"""What a message costs the server, beside python-socketio alone doing the same relaying."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from typing import TYPE_CHECKING, Any

import aiohttp

from bench.figures import KIB, Figure, cpu_s, memory_bytes, percentile
from bench.served import End, Served, bare, line, ours, visitor, volunteers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

PAIRS = 24
ROUNDS = 50
PACE_S = 0.25
"""Four messages a second from each end: below the five that a page may send."""
IDLE = 1_000
PER_NETWORK = 10
STEADY_PAIRS = 10
STEADY_ROUNDS = 60
STEADY_PACE_S = 0.4
"""Ten pairs, both ends, one message each 0.4 s: 50 messages a second."""
BEAT_S = 5.0
"""As the pages do."""

Pair = tuple[End, End, dict[str, Any]]


async def run() -> AsyncIterator[Figure]:
    """Give the figures of the relay."""
    async with _http() as http, bare() as yardstick:
        pairs = await _bare_pairs(http, yardstick, PAIRS)
        bare_us = await _cost(yardstick, pairs, ROUNDS, PACE_S)
    async with _http() as http, ours() as served:
        consoles = await volunteers(http, served, -(-PAIRS // 3))
        our_pairs = await _our_pairs(http, served, consoles, PAIRS)
        our_us = await _cost(served, our_pairs, ROUNDS, PACE_S)
        yield Figure("bare python-socketio, server CPU per message (µs)", "", f"{bare_us:.0f}")
        yield Figure("ours with a durable row, server CPU per message (µs)", "", f"{our_us:.0f}")
        yield Figure("ratio", "<= 3", f"{our_us / bare_us:.2f}")
        await _close_all([end for pair in our_pairs for end in pair[:2]])
    async for figure in _with_idle():
        yield figure


async def _with_idle() -> AsyncIterator[Figure]:
    async with contextlib.AsyncExitStack() as stack:
        served = await stack.enter_async_context(ours())
        http = await stack.enter_async_context(_http())
        consoles = await volunteers(http, served, -(-STEADY_PAIRS // 3))
        pairs = await _our_pairs(http, served, consoles, STEADY_PAIRS)
        # Nobody is free any more: whoever comes now only waits.
        for console in consoles:
            await console.ask("presence", {"to": "paused"})
        before = memory_bytes(served.pid)
        idle = await _waiting(stack, served, IDLE)
        per_socket = (memory_bytes(served.pid) - before) / IDLE
        beating = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            beats = group.create_task(_beat(idle, beating))
            waits = await _talk(pairs, STEADY_ROUNDS, STEADY_PACE_S)
            beats.cancel()
        p50, p99 = percentile(waits, 0.5) * 1000, percentile(waits, 0.99) * 1000
        name = f"ack at 50 messages/s with {IDLE} waiting pages that beat"
        yield Figure(f"{name}, p50 (ms)", "", f"{p50:.1f}")
        yield Figure(f"{name}, p99 (ms)", "<= 50", f"{p99:.1f}")
        yield Figure("memory per waiting page (kB)", "<= 60", f"{per_socket / KIB:.1f}")
        await _close_all([*idle, *(end for pair in pairs for end in pair[:2])])


def _http(network: int = 0) -> aiohttp.ClientSession:
    """Give a client of one network of this machine's own: visitors of one are not hurried."""
    source = (f"127.{1 + network}.0.1", 0)
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, local_addr=source))


async def _waiting(stack: contextlib.AsyncExitStack, served: Served, count: int) -> list[End]:
    """Let so many visitors wait, who come from many networks."""
    pages: list[End] = []
    while len(pages) < count:
        http = await stack.enter_async_context(_http(1 + len(pages) // PER_NETWORK))
        pages += [await visitor(http, served) for _ in range(min(PER_NETWORK, count - len(pages)))]
    return pages


async def _bare_pairs(http: aiohttp.ClientSession, served: Served, count: int) -> list[Pair]:
    pairs: list[Pair] = []
    for _ in range(count):
        name = secrets.token_hex(8)
        ends = [End("/", http), End("/", http)]
        for end in ends:
            await end.open(served.public)
            await end.ask("pair", name)
        pairs.append((ends[0], ends[1], {}))
    return pairs


async def _our_pairs(
    http: aiohttp.ClientSession, served: Served, consoles: list[End], count: int
) -> list[Pair]:
    pairs: list[Pair] = []
    for _ in range(count):
        page = await visitor(http, served)
        console, offer = await _offered(consoles)
        await console.ask("accept", {"contact": offer["contact"], "epoch": offer["epoch"]})
        await _give_keys(page)
        pairs.append((page, console, {"contact": offer["contact"], "epoch": offer["epoch"]}))
    return pairs


async def _offered(consoles: list[End]) -> tuple[End, dict[str, Any]]:
    for _ in range(200):
        for console in consoles:
            snapshot = (await console.ask("snapshot", {}))["snapshot"]
            if snapshot["offer"] is not None:
                return console, snapshot["offer"]
        await asyncio.sleep(0.02)
    raise TimeoutError("nobody was offered the contact")


async def _give_keys(page: End) -> None:
    for _ in range(200):
        members = (await page.ask("open", {})).get("snapshot", {}).get("members", {})
        if members.get("list"):
            sealed = [
                {"member": each["member"], "period": 1, "box": secrets.token_bytes(113)}
                for each in members["list"]
            ]
            answer = await page.ask("keys", {"period": members["version"], "sealed": sealed})
            if answer["ok"]:
                return
        await asyncio.sleep(0.2)
    raise TimeoutError("no member came")


async def _cost(served: Served, pairs: list[Pair], rounds: int, pace_s: float) -> float:
    """Give the server's processor time per message, in µs, less what it uses in silence."""
    await _talk(pairs, 4, pace_s)
    started, before = time.monotonic(), cpu_s(served.pid)
    await asyncio.sleep(rounds * pace_s / 2)
    silent_per_s = (cpu_s(served.pid) - before) / (time.monotonic() - started)
    started, before = time.monotonic(), cpu_s(served.pid)
    sent = len(await _talk(pairs, rounds, pace_s))
    used = cpu_s(served.pid) - before - silent_per_s * (time.monotonic() - started)
    return used / sent * 1_000_000


async def _talk(pairs: list[Pair], rounds: int, pace_s: float) -> list[float]:
    """Let both ends of each pair say a line each round; gives how long each ack took (s)."""
    waits: list[float] = []
    async with asyncio.TaskGroup() as group:
        for number, (page, console, fence) in enumerate(pairs):
            offset = pace_s * number / len(pairs)
            group.create_task(_say(page, {}, rounds, pace_s, offset, waits))
            group.create_task(_say(console, fence, rounds, pace_s, offset + pace_s / 2, waits))
    return waits


async def _say(
    end: End, fence: dict[str, Any], rounds: int, pace_s: float, offset_s: float, waits: list[float]
) -> None:
    loop = asyncio.get_running_loop()
    begin = loop.time() + offset_s
    for number in range(rounds):
        await asyncio.sleep(max(0.0, begin + number * pace_s - loop.time()))
        started = time.perf_counter()
        answer = await end.ask("say", line() | fence)
        if answer["ok"]:
            waits.append(time.perf_counter() - started)


async def _beat(idle: list[End], _stop: asyncio.Event) -> None:
    while True:
        for end in idle:
            await end.ask("beat", {})
            await asyncio.sleep(BEAT_S / len(idle) / 2)


async def _close_all(ends: list[End]) -> None:
    for end in set(ends):
        await end.close()
