"""The command line: everything an operator types."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import asyncpg
import structlog
import uvloop
from sqlalchemy.exc import SQLAlchemyError

from luisterlijn import commands as orders
from luisterlijn import contract, logs, settings
from luisterlijn.app import house
from luisterlijn.doors import serving
from luisterlijn.edge.house import HOUSE
from luisterlijn.edge.pages import NotBuilt
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy.keyring import KeyStoreBroken
from luisterlijn.privacy.redaction import Secret
from luisterlijn.simulation import calls as simulated_calls
from luisterlijn.simulation import chats as simulated_chats
from luisterlijn.simulation import demo, demo_attendance, demo_planner, demo_roster, demo_volunteers
from luisterlijn.store.database import is_above_the_rules
from luisterlijn.store.embedded import EmbeddedFault, cluster
from luisterlijn.store.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from luisterlijn.house import House
    from luisterlijn.settings import Settings

log = structlog.get_logger()

CONTRACT = HOUSE / "web" / "src" / "shared" / "contract.gen.ts"
REACHED_S = 10.0
MIGRATED_S = 60.0
UNUSABLE = 2
"""The exit code when settings or database cannot be used."""
REFUSED = 1


class Unusable(Exception):
    """What we need to start is not there; each line says one thing that is wrong."""


def main() -> None:
    """Run the command line."""
    logs.configure()
    arguments = _parser().parse_args()
    try:
        sys.exit(arguments.do(arguments) or 0)
    except Exception as fault:
        lines = _told(fault)
        if not lines:
            raise
        print("luisterlijn cannot start:", *lines, sep="\n  ", file=sys.stderr)
        sys.exit(UNUSABLE)


def _told(fault: BaseException) -> list[str]:
    """Give what a person reads of a start that failed; nothing of a fault of ours."""
    match fault:
        case BaseExceptionGroup():
            # A task group that runs meanwhile wraps what its block raised.
            parts = [_told(each) for each in fault.exceptions]
            return [line for part in parts for line in part] if all(parts) else []
        case settings.SettingsFault():
            return fault.faults
        case NotBuilt():
            return ["The pages are not built. Run: make build"]
        case KeyStoreBroken():
            return [f"LUISTERLIJN_KEYS: {fault}"]
        case Unusable() | EmbeddedFault() | orders.NotRunning():
            return str(fault).splitlines()
        case _:
            return []


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="luisterlijn", description="An open listening line.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="serve the line")
    run.set_defaults(do=lambda _arguments: _with_loop(_run))

    migrated = commands.add_parser("migrate", help="bring the database to the newest shape")
    migrated.set_defaults(do=lambda _arguments: _with_loop(_migrate))

    written = commands.add_parser("contract", help="write the contract between server and pages")
    written.add_argument("--check", action="store_true", help="only say whether it is fresh")
    written.set_defaults(do=_contract)

    orders.parsers(commands)
    orders.forecast_parsers(commands)

    simulate = commands.add_parser("simulate-chats", help="play chats against a running demo")
    simulate.add_argument("count", type=int, metavar="N")
    simulate.add_argument("--volunteers", type=int, default=10, metavar="M")
    simulate.add_argument("--speed", type=float, default=20.0, help="people act so much faster")
    simulate.add_argument("--seed", type=int, default=1)
    simulate.add_argument("--calm", action="store_true", help="no reloads, drops or vanishing")
    simulate.set_defaults(do=_simulate)

    calls = commands.add_parser("simulate-calls", help="play calls against a running demo")
    calls.add_argument("count", type=int, metavar="N")
    calls.add_argument("--volunteers", type=int, default=20, metavar="M")
    calls.add_argument("--speed", type=float, default=10.0, help="people act so much faster")
    calls.add_argument("--seed", type=int, default=1)
    calls.set_defaults(do=_simulate_calls)

    years = commands.add_parser("simulate-year", help="play a year of contacts in memory")
    years.add_argument("--contacts", type=int, default=280_000, metavar="N", help="a year")
    years.add_argument("--days", type=int, default=365, help="play only the first so many")
    years.add_argument("--seed", type=int, default=1)
    years.add_argument("--more", action="store_true", help="other rules and worse luck beside it")
    years.set_defaults(do=_simulate_year)
    parser.set_defaults(do=lambda arguments: asyncio.run(orders.give(arguments.order, arguments)))
    return parser


def _with_loop(do: Callable[..., Awaitable[int]], *arguments: object) -> int:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(do(settings.read(os.environ), *arguments))  # type: ignore[arg-type] # a coroutine function


async def _run(chosen: Settings) -> int:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    async with contextlib.AsyncExitStack() as stack:
        app_url, owner_url = await stack.enter_async_context(_databases(chosen))
        await _reached(app_url, owner_url)
        await _migrated(owner_url)
        await _reached(app_url, owner_url)
        built = await stack.enter_async_context(house(chosen, app_url))
        await _check_demo(built)
        await stack.enter_async_context(built.at_work())
        for name, port, door in (
            ("LUISTERLIJN_OPS_PORT", chosen.ops_port, built.metrics.serving(chosen.ops_port)),
            ("LUISTERLIJN_PORT", chosen.port, serving(built)),
        ):
            try:
                await stack.enter_async_context(door)
            except OSError as refused:
                why = os.strerror(refused.errno or 0).lower()
                raise Unusable(f"{name}: cannot listen on port {port}: {why}") from refused
        _greet(chosen)
        await stop.wait()
        print("\nluisterlijn stops.", flush=True)
    return 0


@contextlib.asynccontextmanager
async def _databases(chosen: Settings) -> AsyncIterator[tuple[str, str]]:
    """Give the application's and the owner's address; start our own PostgreSQL when none is set."""
    if chosen.database_url is not None and chosen.database_owner_url is not None:
        yield chosen.database_url, chosen.database_owner_url
        return
    async with cluster(chosen.data / "postgres") as ours, asyncio.TaskGroup() as group:
        watch = group.create_task(ours.server.watch(), name="postgres")
        try:
            yield ours.app_url, ours.owner_url
        finally:
            watch.cancel()


async def _reached(app_url: str, owner_url: str) -> None:
    """Look at both ways into the database before anything is done.

    Raises:
        Unusable: one line for each that is wrong.
    """
    faults = []
    for name, url in (("DATABASE_URL", app_url), ("DATABASE_OWNER_URL", owner_url)):
        try:
            async with asyncio.timeout(REACHED_S):
                above = await is_above_the_rules(url)
        except (OSError, TimeoutError, ValueError, asyncpg.PostgresError) as fault:
            # Its text may hold the address, and that holds a password.
            faults.append(f"{name}: no database answers there ({type(fault).__name__})")
            continue
        if above and url is app_url:
            faults.append(f"{name}: that role is above row-level security; use ll_app")
    if faults:
        raise Unusable("\n".join(faults))


async def _migrated(owner_url: str) -> None:
    try:
        async with asyncio.timeout(MIGRATED_S):
            await migrate(owner_url)
    except (OSError, TimeoutError, SQLAlchemyError) as fault:
        raise Unusable(
            f"DATABASE_OWNER_URL: the database takes no change ({type(fault).__name__});"
            " that role must own it, and the role ll_app must be there"
        ) from None


async def _check_demo(built: House) -> None:
    """Fill the demo; refuse its data outside the demo, and other data inside it."""
    async with built.database.transaction(LINE) as tx:
        empty = await built.accounts.is_empty(tx)
        made_by_demo = await built.accounts.made_by_demo(tx)
    if built.settings.demo:
        if not empty and not made_by_demo:
            raise Unusable("LUISTERLIJN_DEMO: the demo did not make this database")
        await demo.fill(built.database, built.accounts, built.roster, built.tokens)
        await demo.put_on_duty(built.database, built.accounts, built.coaching.rota)
        await demo_planner.expect(built.planner)
        await demo_volunteers.know(
            built.database, built.accounts, built.people, Secret(demo.PASSWORD)
        )
        await demo_attendance.agree(built.database, built.accounts, built.attendance)
        await demo_roster.lay_out(
            *(built.database, built.accounts, built.roster, built.tokens),
            demo.TEMPLATES,
            demo.HOME,
        )
    elif made_by_demo:
        raise Unusable("LUISTERLIJN_DEMO: the demo made this database; it takes no real callers")


def _greet(chosen: Settings) -> None:
    print(
        f"""
luisterlijn is open.

  For who wants to talk     {chosen.public_url}/
  For volunteers            {chosen.console_url}/
  For coordinators          {chosen.console_url}/   (the same sign-in)
""",
        flush=True,
    )
    if chosen.demo:
        print(
            f"""  The sign-in page lists the demo's people; one press fills in name and code.
  Names: vrijwilliger, vrijwilliger2, coordinator, planner, achterwacht
  Password: {demo.PASSWORD}        Code of now: .venv/bin/luisterlijn demo

  Ctrl-C stops everything.
""",
            flush=True,
        )


async def _migrate(chosen: Settings) -> int:
    async with _databases(chosen) as (app_url, owner_url):
        await _reached(app_url, owner_url)
        await _migrated(owner_url)
    print("The database has the newest shape.")
    return 0


def _simulate(arguments: argparse.Namespace) -> int:
    chosen = settings.read({**os.environ, "LUISTERLIJN_DEMO": "1"})
    plan = simulated_chats.Plan(
        public_url=chosen.public_url,
        console_url=chosen.console_url,
        chats=arguments.count,
        volunteers=arguments.volunteers,
        speed=arguments.speed,
        seed=arguments.seed,
        calm=arguments.calm,
    )
    return simulated_chats.main(plan)


def _simulate_calls(arguments: argparse.Namespace) -> int:
    chosen = settings.read({**os.environ, "LUISTERLIJN_DEMO": "1"})
    return simulated_calls.main(
        simulated_calls.CallPlan(
            public_url=chosen.public_url,
            console_url=chosen.console_url,
            calls=arguments.count,
            volunteers=arguments.volunteers,
            speed=arguments.speed,
            seed=arguments.seed,
        )
    )


def _simulate_year(arguments: argparse.Namespace) -> int:
    # A server does not load numpy for it.
    from luisterlijn.simulation import year_report  # noqa: PLC0415 - as said
    from luisterlijn.simulation.year_plan import Plan  # noqa: PLC0415 - as said

    plan = Plan(contacts=arguments.contacts, days=arguments.days, seed=arguments.seed)
    return year_report.main(plan, more=arguments.more)


def _contract(arguments: argparse.Namespace) -> int:
    fresh = contract.typescript()
    written = CONTRACT.read_text(encoding="utf-8") if CONTRACT.exists() else ""
    if arguments.check:
        if fresh != written:
            print("the contract is stale: run luisterlijn contract", file=sys.stderr)
        return int(fresh != written)
    Path(CONTRACT).write_text(fresh, encoding="utf-8")
    return 0


if __name__ == "__main__":
    main()
