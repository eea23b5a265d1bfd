"""What planning costs and gives: the national instances, one branch, a suggestion, an absence."""

from __future__ import annotations

import asyncio
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bench.figures import KIB, Figure, percentile
from luisterlijn.edge.house import HOUSE
from luisterlijn.planning.instance import Instance, read_instance
from luisterlijn.planning.mending import Absence, mend
from luisterlijn.planning.objective import fairness
from luisterlijn.planning.rules import broken
from luisterlijn.planning.suggest import who_can
from luisterlijn.planning.wire import Order
from luisterlijn.planning.worker import work

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from luisterlijn.planning.instance import Roster
    from luisterlijn.planning.worker import Outcome

FOLDER = Path(
    os.environ.get("ROSTERS_NATIONAL", HOUSE.parent / "shared" / "data" / "rostering-national")
)
NATIONAL_S = 60.0
BRANCH_S = 20.0
BRANCHES = 30
ASKED = 60
BOUND = {"a": 4854, "b": 10146}
"""Below these no roster can come: the published bounds of a linear program."""


async def run() -> AsyncIterator[Figure]:
    """Give the figures of planning; none without the published instances."""
    instances = _instances()
    if not instances:
        yield Figure("planning: no instances; set ROSTERS_NATIONAL", "", "")
    for letter, instance in instances.items():
        outcome = await _planned(instance, NATIONAL_S)
        for figure in _national(letter, instance, outcome):
            yield figure
        if letter == "a":
            for figure in _asked(instance, outcome.plan.roster):
                yield figure
            branch = _branch(instance)
            outcome = await _planned(branch, BRANCH_S)
            name = f"one branch: cost {outcome.plan.cost.total}, rules broken"
            yield Figure(name, "0", f"{len(broken(branch, outcome.plan.roster))}")
            yield Figure("one branch: time (s)", "<= 20", f"{outcome.plan.seconds:.1f}")


def _instances() -> dict[str, Instance]:
    files = {letter: FOLDER / f"instance-{letter}.json.gz" for letter in BOUND}
    return {
        letter: read_instance(file.read_bytes()) for letter, file in files.items() if file.exists()
    }


async def _planned(instance: Instance, seconds: float) -> Outcome:
    order = Order(engine="builtin", instance=instance, seconds=seconds, seed=1)
    return await work(order, lambda *_step: None, asyncio.Event())


def _national(letter: str, instance: Instance, outcome: Outcome) -> Iterator[Figure]:
    plan, name = outcome.plan, f"national {letter}"
    fair = fairness(instance, plan.roster)
    goal = "<= 7000" if letter == "a" else ""
    yield Figure(f"{name}: cost after {plan.seconds:.0f} s", goal, f"{plan.cost.total}")
    yield Figure(f"{name}: times the bound", "", f"{plan.cost.total / BOUND[letter]:.3f}")
    yield Figure(f"{name}: rules broken", "0", f"{len(broken(instance, plan.roster))}")
    yield Figure(f"{name}: not covered (%)", "", f"{100 * fair.uncovered_share:.2f}")
    # The rest is promised where there are people enough.
    two, spread, liked, beside = ("<= 2", "<= 0.45", ">= 85", ">= 98") if goal else ("",) * 4
    yield Figure(f"{name}: nights of one person", two, f"{fair.nights_max}")
    yield Figure(f"{name}: nights, standard deviation", spread, f"{fair.nights_sd:.2f}")
    yield Figure(f"{name}: preferred (%)", liked, f"{100 * fair.preferred_share:.1f}")
    yield Figure(f"{name}: trainees beside a mentor (%)", beside, f"{100 * fair.trainee_share:.1f}")
    memory = (outcome.peak_bytes or 0) / KIB / KIB
    yield Figure(f"{name}: peak memory (MB)", "<= 200", f"{memory:.0f}")


def _asked(instance: Instance, roster: Roster) -> Iterator[Figure]:
    """Take people off one after another: who can stand in, and the roster mended."""
    suggested, mended, touched, wrong = [], [], [], 0
    for row in roster[:: len(roster) // ASKED]:
        others = [each for each in roster if each != row]
        began = time.perf_counter()
        who_can(instance, others, row.day, row.template, row.channel)
        suggested.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        found = mend(instance, roster, Absence(row.volunteer, row.day, row.day))
        mended.append(time.perf_counter() - began)
        touched.append(len(found.changes))
        wrong += len(broken(instance, found.roster))
    yield Figure("who can, of 1,500: p50 (ms)", "", f"{percentile(suggested, 0.5):.0f}")
    yield Figure("who can, of 1,500: p95 (ms)", "<= 200", f"{percentile(suggested, 0.95):.0f}")
    yield Figure(f"{ASKED} absences mended: p50 (s)", "", f"{percentile(mended, 0.5):.2f}")
    yield Figure(f"{ASKED} absences mended: worst (s)", "<= 2", f"{max(mended):.2f}")
    yield Figure(f"{ASKED} absences mended: most touched", "<= 3", f"{max(touched)}")
    yield Figure(f"{ASKED} absences mended: rules broken", "0", f"{wrong}")


def _branch(whole: Instance) -> Instance:
    """Give one branch with its share of the need."""
    people = tuple(each for each in whole.volunteers if each.branch == 0)
    share = tuple(tuple(round(each / BRANCHES) for each in row) for row in whole.need)
    return replace(whole, volunteers=people, need=share)
