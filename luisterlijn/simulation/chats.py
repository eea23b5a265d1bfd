"""Plays chatters and volunteers against a running demo: real sockets, real encryption."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import uvloop

from luisterlijn.edge.world import SystemClock, SystemTokens
from luisterlijn.simulation.demo import SIMULATED, Simulated
from luisterlijn.simulation.listener import Listener
from luisterlijn.simulation.people import Chatter, Volunteer
from luisterlijn.simulation.stage import Stage
from luisterlijn.simulation.wire import Gone, Refused, browsers, post

if TYPE_CHECKING:
    import aiohttp

FAULTS = ("lost", "doubled", "reordered", "unreadable")
UNUSABLE = 2
LAST_FORMS_S = 5.0
"""When the last chatter has gone, volunteers may still hand in their forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to play."""

    public_url: str
    console_url: str
    chats: int
    volunteers: int
    speed: float
    seed: int
    calm: bool

    def faults(self) -> list[str]:
        """Name all that cannot be played."""
        found = []
        if self.chats < 1:
            found.append("N: at least one chat")
        if not 1 <= self.volunteers <= SIMULATED:
            found.append(f"--volunteers: 1 to {SIMULATED}, the demo has no more")
        if not self.speed > 0:
            found.append("--speed: more than 0")
        return found


def main(plan: Plan) -> int:
    """Play it, and print what came of it.

    Returns:
        0; 1 when anything was lost, doubled, reordered or unreadable; 2 when it cannot be played.
    """
    faults = plan.faults()
    if faults:
        print("\n".join(faults), file=sys.stderr)  # noqa: T201
        return UNUSABLE
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            report = runner.run(play(plan))
    except (Gone, Refused):
        print(f"no demo answers at {plan.console_url}: make run", file=sys.stderr)  # noqa: T201
        return UNUSABLE
    print(msgspec.json.format(msgspec.json.encode(report)).decode())  # noqa: T201 - its answer
    return int(any(report[fault] for fault in FAULTS))


async def play(plan: Plan) -> dict[str, float]:
    """Play it; gives what is printed.

    Raises:
        Gone: nothing listens there.
        Refused: it is no demo.
    """
    stage = Stage(
        speed=plan.speed,
        calm=plan.calm,
        seed=plan.seed,
        began_at=asyncio.get_running_loop().time(),
    )
    async with browsers() as http:
        sessions = await shift(http, plan.console_url, plan.volunteers)
        stage.listeners = [
            Listener(http, plan.console_url, session, SystemTokens(), SystemClock())
            for session in sessions
        ]
        async with asyncio.TaskGroup() as group:
            volunteers = [
                group.create_task(Volunteer(stage, listener, number).live(), name="volunteer")
                for number, listener in enumerate(stage.listeners)
            ]
            async with asyncio.TaskGroup() as chatters:
                for number in range(plan.chats):
                    life = Chatter(stage, http, plan.public_url, number).live()
                    chatters.create_task(life, name="chatter")
            await _forms(stage)
            for volunteer in volunteers:
                volunteer.cancel()
    return stage.report()


async def shift(http: aiohttp.ClientSession, console_url: str, count: int) -> list[str]:
    """Put simulated volunteers on a shift that runs now; gives their sessions."""
    given = await post(http, console_url, "/demo/volunteers", {"count": count}, Simulated)
    return given.sessions


async def _forms(stage: Stage) -> None:
    loop = asyncio.get_running_loop()
    until = loop.time() + LAST_FORMS_S
    for each in stage.listeners:
        await each.changed.until(
            partial(_wrote_up, each),
            max(0.0, until - loop.time()),
        )


def _wrote_up(listener: Listener) -> bool:
    return not listener.link.up or listener.snapshot is None or not listener.snapshot.contacts
