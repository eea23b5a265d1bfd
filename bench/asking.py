"""How soon somebody who asks for help is seen, rung for, and told that nobody was reached."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any

from bench.figures import Figure, percentile
from bench.served import ours
from luisterlijn.edge.world import SystemClock, SystemTokens
from luisterlijn.simulation.calls import CallPlan, attached
from luisterlijn.simulation.demo import PASSWORD, Simulated
from luisterlijn.simulation.listener import Listener
from luisterlijn.simulation.wire import browsers, post

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    import aiohttp

    from bench.served import Served
    from luisterlijn.dispatch.wire import CoachSide

COACH = "achterwacht"
ASKED = 20
PATIENCE_S = 150.0
LOOK_S = 0.01


async def run() -> AsyncIterator[Figure]:
    """Give the figures of help."""
    async with ours() as served, browsers() as http:
        plan = CallPlan(
            public_url=served.public,
            console_url=served.console,
            calls=0,
            volunteers=1,
            speed=1.0,
            seed=3,
            erased=False,
        )
        async with attached(plan, http) as stage, _consoles(served, http) as (coach, volunteer):
            seen = [await _seen(volunteer, coach) for _each in range(ASKED)]
            name = f"help asked to coach's console, of {ASKED}"
            yield Figure(f"{name}, p50 (s)", "", f"{percentile(seen, 0.5):.2f}")
            yield Figure(f"{name}, slowest (s)", "<= 2", f"{max(seen):.2f}")
            rung: list[float] = []
            began = time.monotonic()
            stage.exchange.rings = lambda _leg: rung.append(time.monotonic() - began)
            await volunteer.link.ask("help", {"contact": None, "urgent": False})
            # Nobody picks up: each phone rings in its turn, until the volunteer is told.
            await _until(volunteer, lambda side: side.help is not None and _is_over(side))
            told = time.monotonic() - began
            yield Figure("help asked to first phone rings (s)", "<= 20", f"{min(rung):.1f}")
            name = f"nobody answers ({len(rung)} phones rung) to volunteer told (s)"
            yield Figure(name, "<= 120", f"{told:.1f}")


def _is_over(side: CoachSide) -> bool:
    return side.help is not None and side.help.state == "nobody"


async def _seen(volunteer: Listener, coach: Listener) -> float:
    """Ask for help, and take it back once the coach saw it; gives how long that took, in s."""
    began = time.monotonic()
    await volunteer.link.ask("help", {"contact": None, "urgent": False})
    await _until(coach, lambda side: bool(side.requests))
    took = time.monotonic() - began
    await _until(volunteer, lambda side: side.help is not None)
    side = _side(volunteer)
    if side is not None and side.help is not None:
        await volunteer.link.ask("help-withdraw", {"request": side.help.request})
    await _until(coach, lambda side: not side.requests)
    await _until(volunteer, lambda side: side.help is None)
    return took


def _side(console: Listener) -> CoachSide | None:
    return console.snapshot.coaching if console.snapshot is not None else None


async def _until(console: Listener, is_so: Callable[[CoachSide], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while (side := _side(console)) is None or not is_so(side):
            await console.changed.next(LOOK_S)


@contextlib.asynccontextmanager
async def _consoles(
    served: Served, http: aiohttp.ClientSession
) -> AsyncIterator[tuple[Listener, Listener]]:
    """Open the console of the coach on duty, and of one volunteer."""
    wanted = {"count": 1, "channel": "phone"}
    shift = await post(http, served.console, "/demo/volunteers", wanted, Simulated)
    sessions = [await _coach_session(served, http), shift.sessions[0]]
    consoles = [
        Listener(http, served.console, each, SystemTokens(), SystemClock()) for each in sessions
    ]
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each.run()) for each in consoles]
        for each in consoles:
            await _until(each, lambda _side: True)
        await consoles[1].presence("ready")
        yield consoles[0], consoles[1]
        for task in tasks:
            task.cancel()


async def _coach_session(served: Served, http: aiohttp.ClientSession) -> str:
    """Sign the demo's coach in; gives the session's token (hex)."""
    async with http.get(f"{served.console}/demo/people") as answer:
        people: list[dict[str, Any]] = (await answer.json())["people"]
    code = next(each["code"] for each in people if each["name"] == COACH)
    form = {"name": COACH, "password": PASSWORD, "code": code}
    headers = {"Origin": served.console}
    async with http.post(f"{served.console}/session", json=form, headers=headers) as answer:
        answer.raise_for_status()
        return answer.cookies["__Host-session"].value
