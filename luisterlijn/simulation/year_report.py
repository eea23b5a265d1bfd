"""Tells what a simulated year came to, beside what would have been possible."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from luisterlijn.demand.chain import course
from luisterlijn.demand.profile import EFFORT, SOURCE
from luisterlijn.simulation.year import Player, Tally
from luisterlijn.simulation.year_plan import BLOCK, Plan, Year, year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from luisterlijn.demand.staffing import Service

UNUSABLE = 2
MOST_DAYS = 365
ABSENT, NO_SHOW = 0.05, 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the report; `goal` empty: there is none."""

    name: str
    goal: str
    measured: str


def played(plan: Plan) -> Tally:
    """Draw a year and play it."""
    return Player(year(plan)).play()


def exact(plan: Plan) -> Plan:
    """Give the same year as a chain of chances can follow it."""
    return replace(plan, exact=True, offers=False, declined=0.0, margin_min=0.0)


def by_chain(drawn: Year) -> Service:
    """Give what the exact chain says of a year in which all change shifts at once."""
    ends = np.arange(len(drawn.people)) % BLOCK == BLOCK - 1
    leaving = np.where(ends, drawn.people, 0)
    return course(drawn.rates["phone"], drawn.people, EFFORT["phone"], leaving=leaving).service


def ordinary(told: Tally) -> Iterator[Row]:
    """Tell the year itself."""
    yield Row(name="attempts", goal="", measured=f"{told.attempts:,}")
    yield Row(name="volunteers' hours", goal="", measured=f"{told.hours:,.0f}")
    yield Row(name="answered within 60 s (%)", goal="", measured=percent(told.share(told.within)))
    yield Row(name="gave up (%)", goal="", measured=percent(told.share(told.lost)))
    waits = np.quantile(told.waits, (0.5, 0.9)) if told.waits else (0.0, 0.0)
    yield Row(
        name="wait of who was answered, median / P90 (s)",
        goal="",
        measured=f"{waits[0]:.0f} / {waits[1]:.0f}",
    )
    yield Row(
        name="people answered in the end (%)", goal="", measured=percent(told.served / told.callers)
    )
    yield Row(
        name="busy minutes within a shift, deviation / mean",
        goal="",
        measured=f"{told.unequal:.2f}",
    )
    yield Row(name="overtaken in a queue", goal="0", measured=str(told.overtaken))


def beside(plan: Plan, told: Tally) -> Iterator[Row]:
    """Tell the same people under other rules and in worse luck."""
    quick = replace(plan, offers=False, declined=0.0)
    at_once, tight = played(quick), played(replace(quick, packed=True))
    best = played(replace(quick, packed=True, pooled=True))
    within = best.share(best.within)
    yield Row(name="the ideal queue: within 60 s (%)", goal="", measured=percent(within))
    name = "routing against the ideal queue"
    quality = at_once.share(at_once.within) / within
    yield Row(name=f"{name}, taken at once", goal=">= 0.985", measured=f"{quality:.3f}")
    quality = tight.share(tight.within) / within
    yield Row(name="  if a second chat went to who has one", goal="", measured=f"{quality:.3f}")
    quality = told.share(told.within) / within
    yield Row(name=f"{name}, with offers", goal=">= 0.95", measured=f"{quality:.3f}")
    for name, worse, goal in (
        (f"{ABSENT:.0%} of offers missed", replace(plan, absent=ABSENT), 4),
        (f"{NO_SHOW:.0%} do not come, some stand in", replace(plan, no_show=NO_SHOW), 3),
        ("the same, nobody stands in", replace(plan, no_show=NO_SHOW, stand_by=False), None),
    ):
        other = played(worse)
        points = 100 * (other.share(other.lost) - told.share(told.lost))
        bound = f"<= {goal}" if goal is not None else ""
        yield Row(name=f"{name}: gave up, more (points)", goal=bound, measured=f"{points:.1f}")


def against_chain(plan: Plan) -> Iterator[Row]:
    """Tell calls alone, beside what is exact."""
    drawn = year(exact(plan))
    told, said = Player(drawn).play(), by_chain(drawn)
    within = 100 * (told.share(told.within) - said.within)
    lost = 100 * (told.share(told.lost) - said.lost)
    name = "calls alone: within 60 s, by the chain (%)"
    yield Row(name=name, goal="", measured=percent(said.within))
    yield Row(name="  played, from that (points)", goal="+- 0.5", measured=f"{within:+.2f}")
    yield Row(name="calls alone: gave up, by the chain (%)", goal="", measured=percent(said.lost))
    yield Row(name="  played, from that (points)", goal="+- 0.3", measured=f"{lost:+.2f}")


def percent(share: float) -> str:
    """Give a share in percent."""
    return f"{100 * share:.2f}"


def main(plan: Plan, *, more: bool) -> int:
    """Play and tell; `more`: beside the ideal queue, worse luck and the chain."""
    faults = []
    if plan.contacts < 1:
        faults.append("--contacts: at least one")
    if not 1 <= plan.days <= MOST_DAYS:
        faults.append(f"--days: 1 to {MOST_DAYS}")
    if faults:
        print("cannot play this year:", *faults, sep="\n  ", file=sys.stderr)  # noqa: T201
        return UNUSABLE
    _say(f"what comes: {SOURCE}")
    told = played(plan)
    rows = [ordinary(told)]
    if more:
        rows += [beside(plan, told), against_chain(plan)]
    for each in rows:
        for row in each:
            _say(f"{row.name:62} {row.goal:>10} {row.measured:>16}")
    return 0


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this is what the command prints
