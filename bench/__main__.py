"""Runs every benchmark and prints a table: figure, goal, measured."""

from __future__ import annotations

import asyncio
import sys

import uvloop

from bench import asking, board, calls, demand, page, planning, relay


async def _all(names: list[str]) -> None:
    print(f"{'figure':66} {'goal':>12} {'measured':>14}")
    for name, run in (
        ("relay", relay.run),
        ("calls", calls.run),
        ("help", asking.run),
        ("page", page.run),
        ("demand", demand.run),
        ("planning", planning.run),
        ("board", board.run),
    ):
        if names and name not in names:
            continue
        async for figure in run():
            print(f"{figure.name:66} {figure.goal:>12} {figure.measured:>14}", flush=True)


def main() -> None:
    """Run the benchmarks named on the command line, or all."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_all(sys.argv[1:]))


if __name__ == "__main__":
    main()
