"""The order `luisterlijn roster solve`: a file in, a file out."""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Outage
from luisterlijn.planning.engines import BUILTIN, NAMES
from luisterlijn.planning.instance import BadFile, read_instance, write_roster
from luisterlijn.planning.objective import fairness
from luisterlijn.planning.rules import broken, told
from luisterlijn.planning.wire import Order
from luisterlijn.planning.worker import EngineRefused, work

if TYPE_CHECKING:
    import argparse

    from luisterlijn.planning.instance import Instance
    from luisterlijn.planning.worker import Outcome

REFUSED = 1
SECONDS = 60.0
LONGEST_S = 24 * 60 * 60.0
MEGABYTE = 1024 * 1024


def parsers(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    """Add the orders about rosters to the command line; gives them, for who knows more of them."""
    roster = commands.add_parser("roster", help="make a roster out of wishes, demand and rules")
    orders = roster.add_subparsers(required=True, metavar="ORDER")
    solve = orders.add_parser("solve", help="reads a file, writes a file; needs no running line")
    solve.add_argument("instance", type=Path, metavar="INSTANCE.json.gz")
    solve.add_argument("-o", "--output", type=Path, required=True, metavar="ROSTER.json")
    solve.add_argument("--engine", choices=NAMES, default=BUILTIN)
    solve.add_argument("--seconds", type=float, default=SECONDS, help="Ctrl-C: enough, write it")
    solve.add_argument("--seed", type=int, default=1)
    solve.set_defaults(do=_solve)
    return orders


def _solve(arguments: argparse.Namespace) -> int:
    """Plan, tell how far it is, and write the roster; a refusal is told in a word."""
    try:
        if not 0 < arguments.seconds <= LONGEST_S:
            return _refused("seconds")
        if not arguments.output.parent.is_dir() or arguments.output.is_dir():
            # Said before the planning, not after it.
            return _refused("output")
        instance = read_instance(arguments.instance.read_bytes())
        order = Order(
            engine=arguments.engine,
            instance=instance,
            seconds=arguments.seconds,
            seed=arguments.seed,
        )
        outcome = asyncio.run(_watched(order))
        arguments.output.write_bytes(write_roster(outcome.plan.roster))
    except BadFile as bad:
        return _refused("bad-file", *(f"{where}: {why}" for where, why in bad.faults))
    except EngineRefused as refusal:
        return _refused(refusal.code)
    except (OSError, Outage) as fault:
        return _refused(str(fault))
    return _summary(instance, outcome)


async def _watched(order: Order) -> Outcome:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, stop.set)
    return await work(order, _progress, stop)


def _progress(seconds: float, cost: int) -> None:
    _say(f"{seconds:7.1f} s  cost {cost}")


def _summary(instance: Instance, outcome: Outcome) -> int:
    """Tell what was made; the rules are counted once more, on what was written."""
    plan, found = outcome.plan, broken(instance, outcome.plan.roster)
    cost, fair = plan.cost, fairness(instance, plan.roster)
    _say(
        f"\n{outcome.end.value}\n"
        f"cost            {cost.total} = missing {cost.missing} + surplus {cost.surplus}"
        f" + not preferred {cost.not_preferred} + wanted {cost.wanted} + nights {cost.nights}\n"
        f"broken rules    {len(found)}\n"
        f"shifts          {len(plan.roster)}, preferred {fair.preferred_share:.1%}\n"
        f"not covered     {fair.uncovered_share:.2%}\n"
        f"nights          at most {fair.nights_max}, spread {fair.nights_sd:.2f}\n"
        f"trainees        {fair.trainee_share:.1%} of the shifts they want\n"
        f"seconds         {plan.seconds:.1f}"
    )
    if outcome.peak_bytes is not None:
        _say(f"peak memory     {outcome.peak_bytes / MEGABYTE:.0f} MB")
    for each in found:
        _say(told(instance, each))
    return REFUSED if found else 0


def _refused(code: str, *lines: str) -> int:
    print(f"refused: {code}", *lines, sep="\n  ", file=sys.stderr)  # noqa: T201 - the command line
    return REFUSED


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is the command line
