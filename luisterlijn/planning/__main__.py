"""The worker's own process: one order comes in, and what it makes goes out, line by line."""

from __future__ import annotations

import math
import os
import sys
import threading
from pathlib import Path
from typing import BinaryIO

import msgspec

from luisterlijn.edge.world import SystemClock
from luisterlijn.planning.engine import BadBegin, BadPins, EngineMissing, Step
from luisterlijn.planning.engines import engine
from luisterlijn.planning.wire import Made, Order, Refused, Sofar, Told

KIB = 1024
NICENESS = 5
"""Who talks with callers on the same machine goes first."""


def main(ordered: BinaryIO, told: BinaryIO) -> None:
    """Carry out one order. Another line, or the end of the input, says: stop, that will do.

    The input ends with the process that ordered, so that no worker goes on alone.
    """
    order = msgspec.json.decode(ordered.readline(), type=Order)
    stop = threading.Event()

    def listen() -> None:
        ordered.readline()
        stop.set()

    # A daemon: nobody waits for a line that may never come.
    threading.Thread(target=listen, daemon=True).start()
    _tell(told, _made(order, stop, told))


def _made(order: Order, stop: threading.Event, told: BinaryIO) -> Made | Refused:
    least = math.inf

    def progress(step: Step) -> None:
        nonlocal least
        better, least = step.cost < least, min(least, step.cost)
        _tell(told, Sofar(step.seconds, step.cost, step.roster if better else None))

    try:
        plan = engine(order.engine, SystemClock()).solve(
            order.instance,
            seconds=order.seconds,
            seed=order.seed,
            pinned=order.pinned,
            begin=order.begin,
            progress=progress,
            cancelled=stop.is_set,
        )
    except BadPins as refusal:
        return Refused(refusal.code, refusal.broken)
    except (BadBegin, EngineMissing) as refusal:
        return Refused(refusal.code)
    return Made(plan.roster, plan.cost, plan.seconds, peak_bytes())


def peak_bytes() -> int:
    """Give the most memory that this process held (not what it was forked from)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) * KIB
    raise OSError("this kernel does not say")


def _tell(told: BinaryIO, what: Told) -> None:
    told.write(msgspec.json.encode(what) + b"\n")
    told.flush()


if __name__ == "__main__":
    os.nice(NICENESS)
    main(sys.stdin.buffer, sys.stdout.buffer)
