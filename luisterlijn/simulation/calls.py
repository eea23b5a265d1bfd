"""Plays callers and volunteers on telephones against a running demo, by signed webhooks."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
import msgspec
import uvloop
from aiohttp import web

from luisterlijn.edge.world import SystemClock, SystemTokens
from luisterlijn.simulation.callers import CallStage, PhonePerson, caller
from luisterlijn.simulation.chance import Chance
from luisterlijn.simulation.demo import SIMULATED, Simulated
from luisterlijn.simulation.exchange import Exchange
from luisterlijn.simulation.exchange_desk import FALLBACK, by_http, drive, outside_app
from luisterlijn.simulation.listener import Listener
from luisterlijn.simulation.telephone import ACCOUNT, Attached, prompt_at
from luisterlijn.simulation.wire import Gone, Refused, browsers, post
from luisterlijn.telephony.prompts import load

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

FAULTS = ("lost", "doubled")
UNUSABLE = 2
FORMS_S = 10.0
ERASED_WITHIN_S = 300.0


Beside = Callable[[CallStage], Coroutine[None, None, None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallPlan:
    """What to play. `erased`: wait at the end until the provider has forgotten every call."""

    public_url: str
    console_url: str
    calls: int
    volunteers: int
    speed: float
    seed: int
    erased: bool = True

    def faults(self) -> list[str]:
        """Name all that cannot be played."""
        found = []
        if self.calls < 1:
            found.append("N: at least one call")
        if not 1 <= self.volunteers <= SIMULATED:
            found.append(f"--volunteers: 1 to {SIMULATED}, the demo has no more")
        if not self.speed > 0:
            found.append("--speed: more than 0")
        return found


def main(plan: CallPlan) -> int:
    """Play it, and print what came of it.

    Returns:
        0; 1 when anybody was lost or doubled; 2 when it cannot be played.
    """
    faults = plan.faults()
    if faults:
        print("\n".join(faults), file=sys.stderr)  # noqa: T201
        return UNUSABLE
    report: dict[str, float] = {}
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            report = runner.run(play(plan))
    except* (Gone, Refused):  # alone, or out of a group
        pass
    if not report:
        print(f"no demo answers at {plan.console_url}: make run", file=sys.stderr)  # noqa: T201
        return UNUSABLE
    print(msgspec.json.format(msgspec.json.encode(report)).decode())  # noqa: T201 - its answer
    return int(any(report[fault] for fault in FAULTS))


async def play(plan: CallPlan, beside: Beside | None = None) -> dict[str, float]:
    """Play it; gives what is printed. `beside` is done meanwhile.

    Raises:
        Gone: nothing listens there.
        Refused: it is no demo.
    """
    async with browsers() as http, attached(plan, http) as stage:
        wanted = {"count": plan.volunteers, "channel": "phone"}
        shift = await post(http, plan.console_url, "/demo/volunteers", wanted, Simulated)
        stage.people = [
            PhonePerson(
                stage,
                Listener(http, plan.console_url, session, SystemTokens(), SystemClock()),
                number,
                Chance(plan.seed, f"v{at}"),
            )
            for at, (session, number) in enumerate(zip(shift.sessions, shift.numbers, strict=True))
        ]
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(each.live(), name="volunteer") for each in stage.people]
            async with asyncio.TaskGroup() as callers:
                if beside is not None:
                    callers.create_task(beside(stage), name="beside")
                for number in range(plan.calls):
                    callers.create_task(caller(stage, number), name="caller")
            await stage.until_written_up(FORMS_S)
            if plan.erased:
                await stage.until_erased(ERASED_WITHIN_S)
            for task in tasks:
                task.cancel()
        return stage.report()


@contextlib.asynccontextmanager
async def attached(plan: CallPlan, http: aiohttp.ClientSession) -> AsyncIterator[CallStage]:
    """Run an exchange beside the server, which outlives it, and let calls go by it."""
    prompts = load()

    def seconds(url: str) -> float:
        found = prompt_at(prompts, url)
        return found.seconds if found is not None else 1.0

    async def nobody(_url: str, _form: dict[str, str]) -> tuple[int, bytes]:
        return 503, b""

    exchange = Exchange(
        nobody,
        Chance(plan.seed, f"exchange {SystemTokens().bytes(8).hex()}"),
        account=ACCOUNT,
        number="",
        voice_url=f"{plan.public_url}/phone/incoming",
        status_url=f"{plan.public_url}/phone/status",
        seconds=seconds,
    )
    async with _listening(outside_app(exchange)) as url, aiohttp.ClientSession() as session:
        given = await post(http, plan.console_url, "/demo/phone", {"url": url}, Attached)
        exchange.number = given.number
        exchange.fallback_url = url + FALLBACK
        stage = CallStage(exchange, speed=plan.speed, seed=plan.seed)
        exchange.deliver = stage.measured(by_http(session, bytes.fromhex(given.token)))
        async with asyncio.TaskGroup() as group:
            driver = group.create_task(drive(exchange, plan.speed), name="exchange")
            try:
                yield stage
            finally:
                driver.cancel()
                with contextlib.suppress(aiohttp.ClientError, OSError):
                    async with http.delete(f"{plan.console_url}/demo/phone"):
                        pass


@contextlib.asynccontextmanager
async def _listening(app: web.Application) -> AsyncIterator[str]:
    """Serve to this machine alone; gives the address."""
    runner = web.AppRunner(app, access_log=None)
    try:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
