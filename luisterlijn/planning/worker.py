"""An engine in a process of its own: it can be watched, stopped and killed."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING

import msgspec

from luisterlijn.kernel.errors import Outage
from luisterlijn.planning.engine import Plan, finished
from luisterlijn.planning.instance import roster
from luisterlijn.planning.wire import Made, Order, Refused, Sofar, Told

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import AsyncIterator, Callable

    from luisterlijn.planning.instance import Roster
    from luisterlijn.planning.rules import Broken

STOPS_S = 5.0
"""So long a worker that was told to stop may take to hand over its best; then it is killed."""
OVERTIME_S = 30.0
"""So much longer than its seconds a worker may live: reading the order, checking the roster."""
LONGEST_LINE = 64 * 1024 * 1024
PROGRAM = (sys.executable, "-m", "luisterlijn.planning")
KEPT = ("PATH", "HOME", "LANG", "PYTHONPATH")
"""What the worker may know of our settings: none of them."""


class EngineRefused(Exception):
    """The engine cannot, for a reason with a stable code; `broken` says which pins clash."""

    def __init__(self, code: str, broken: tuple[Broken, ...]) -> None:
        """Keep the code and what is broken."""
        super().__init__(code)
        self.code = code
        self.broken = broken


@unique
class End(StrEnum):
    """How a worker ended."""

    DONE = "done"
    STOPPED = "stopped"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a worker made.

    Args:
        plan: confirmed by the checker here, whoever made it.
        end: lost: the process died or took too long, and this is the best that it told before.
        peak_bytes: the most memory that it held; None when it was lost.
    """

    plan: Plan
    end: End
    peak_bytes: int | None


async def work(
    order: Order, progress: Callable[[float, int], None], stop: asyncio.Event
) -> Outcome:
    """Run an engine in a process of its own, which is gone when this returns or is cancelled.

    Args:
        order: what to make.
        progress: told about once a second: seconds since it began, and the best cost so far.
        stop: once set, the best roster so far is the outcome.

    Raises:
        EngineRefused: it cannot.
        Outage: the process ended before it told of any roster.
    """
    best = _Best(order, progress)
    async with _process() as process, asyncio.TaskGroup() as group:
        stopping = group.create_task(_stop(process, stop), name="stop")
        end: Made | Refused | None = None
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(order.seconds + OVERTIME_S):
                end = await _heard(process, order, best)
        stopping.cancel()
    return best.outcome(end, stopped=stop.is_set())


def line(order: Order) -> bytes:
    """Give an order as the worker reads it."""
    return msgspec.json.encode(order) + b"\n"


async def _heard(process: Process, order: Order, best: _Best) -> Made | Refused | None:
    """Give the order and listen; None: the process ended without a last word."""
    if process.stdin is None or process.stdout is None:
        return None
    process.stdin.write(line(order))
    await process.stdin.drain()
    while said := await process.stdout.readline():
        told: Told = msgspec.json.decode(said, type=Told)
        if not isinstance(told, Sofar):
            return told
        best.hear(told)
    return None


async def _stop(process: Process, stop: asyncio.Event) -> None:
    """Tell the worker to stop, and kill it when it does not."""
    await stop.wait()
    if process.stdin is not None:
        process.stdin.close()
    await asyncio.sleep(STOPS_S)
    with contextlib.suppress(ProcessLookupError):
        process.kill()


@contextlib.asynccontextmanager
async def _process() -> AsyncIterator[Process]:
    # A session of its own: Ctrl-C is for us, and we tell the worker.
    process = await asyncio.create_subprocess_exec(
        *PROGRAM,
        env={name: os.environ[name] for name in KEPT if name in os.environ},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        # Reads what it still said, so that its pipes are closed.
        await process.communicate()


class _Best:
    """The best roster that a worker told, and what comes of it."""

    def __init__(self, order: Order, progress: Callable[[float, int], None]) -> None:
        self._order = order
        self._progress = progress
        self._sofar: Sofar | None = None

    def hear(self, told: Sofar) -> None:
        """Keep a better roster, and say how far it is."""
        if told.roster is not None:
            self._sofar = told
        self._progress(told.seconds, told.cost)

    def outcome(self, end: Made | Refused | None, *, stopped: bool) -> Outcome:
        """Give what came of it."""
        if isinstance(end, Refused):
            raise EngineRefused(end.code, end.broken)
        if end is not None:
            how = End.STOPPED if stopped else End.DONE
            return Outcome(self._plan(end.roster, end.seconds), how, end.peak_bytes)
        if self._sofar is None or self._sofar.roster is None:
            raise Outage("the worker ended before it had a roster")
        how = End.STOPPED if stopped else End.LOST
        return Outcome(self._plan(self._sofar.roster, self._sofar.seconds), how, None)

    def _plan(self, rows: Roster, seconds: float) -> Plan:
        return finished(self._order.instance, roster(rows), self._order.pinned, seconds)
