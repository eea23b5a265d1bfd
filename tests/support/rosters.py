"""Small problems to plan, made by a seed, and rosters thrown over them."""

from __future__ import annotations

import importlib.util
import json
import os
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from luisterlijn.edge.house import HOUSE
from luisterlijn.planning.instance import (
    CHANNELS,
    PHONE,
    Assignment,
    Instance,
    Role,
    Roster,
    Template,
    Volunteer,
    roster,
)
from luisterlijn.simulation.chance import Chance

if TYPE_CHECKING:
    from collections.abc import Callable

NATIONAL = Path(
    os.environ.get("ROSTERS_NATIONAL", HOUSE.parent / "shared" / "data" / "rostering-national")
)
"""Published instances with a checker that knows nothing of ours."""
DATA = HOUSE / "tests" / "data" / "planning"
STARTS = (7, 11, 15, 19, 23, 27)
OVERLAPPING = (7, 9, 14, 19, 23, 26)
"""What an instance by chance has: shifts of a day overlap, and rest is short by all amounts."""
NIGHT = 23
ANY_DAY = "2" * len(STARTS)
DAY_SLOTS = 48


def somebody(number: int, days: int = 7, **different: Any) -> Volunteer:
    """Give a volunteer who can always and is trained for all, but for what is told."""
    ordinary = Volunteer(
        id=number,
        branch=0,
        role=Role.VOLUNTEER,
        channels=CHANNELS,
        home=True,
        wanted=2,
        max_shifts=6,
        max_nights=2,
        availability=(ANY_DAY,) * days,
    )
    return replace(ordinary, **different)


def problem(
    *volunteers: Volunteer,
    days: int = 7,
    phone: int = 0,
    chat: int = 0,
    starts: tuple[int, ...] = STARTS,
) -> Instance:
    """Give an instance with six templates a day, two of them at night, the same need all day."""
    return Instance(
        days=days,
        slot_minutes=30,
        first_counted_slot=0,
        shift_slots=8,
        templates=tuple(Template(index, hour, hour >= NIGHT) for index, hour in enumerate(starts)),
        channels=CHANNELS,
        need=((phone,) * (days * DAY_SLOTS), (chat,) * (days * DAY_SLOTS)),
        volunteers=volunteers,
    )


def made(seed: int, people: int = 12, days: int = 7, most_needed: int = 2) -> Instance:
    """Give an instance by chance: three branches, all roles, some without a home set-up."""
    chance = Chance(seed, "instance")
    volunteers = []
    for number in range(people):
        role = chance.pick((Role.VOLUNTEER, Role.VOLUNTEER, Role.MENTOR, Role.TRAINEE))
        trained = chance.pick((CHANNELS, (PHONE,), ("chat",)))
        volunteers.append(
            Volunteer(
                id=100 + number,
                branch=chance.below(3),
                role=role,
                channels=trained if role is Role.VOLUNTEER else (PHONE,),
                home=chance.happens(0.6),
                wanted=chance.below(5),
                max_shifts=chance.below(7),
                max_nights=chance.below(3),
                availability=tuple(
                    "".join(chance.pick("0112") for _ in STARTS) for _ in range(days)
                ),
            )
        )
    bare = problem(*volunteers, days=days, starts=OVERLAPPING)
    need = tuple(
        tuple(chance.below(most_needed + 1) for _ in range(days * DAY_SLOTS)) for _ in CHANNELS
    )
    return replace(bare, need=need, first_counted_slot=17)


def scattered(instance: Instance, seed: int, count: int) -> Roster:
    """Throw assignments over an instance, with no regard to any rule."""
    chance = Chance(seed, "scattered")
    rows = {
        (
            chance.pick(instance.volunteers).id,
            chance.below(instance.days),
            chance.below(len(instance.templates)),
            chance.pick(instance.channels),
        )
        for _ in range(count)
        if instance.volunteers
    }
    return roster(rows)


def at(volunteer: int, day: int, hour: int, channel: str = PHONE) -> Assignment:
    """Give an assignment by the hour at which it starts; 27 is 03:00 of the next day."""
    return Assignment(volunteer, day, STARTS.index(hour), channel)


def national(name: str) -> bytes:
    """Give a published instance, or skip the test when they are not there."""
    path = NATIONAL / name
    if not path.exists():
        pytest.skip(f"no published instance: set ROSTERS_NATIONAL (looked for {path})")
    return path.read_bytes()


def other_checker() -> Callable[[dict[str, Any], list[list[object]]], dict[str, Any]]:
    """Give the published checker, or skip the test when it is not there."""
    path = NATIONAL / "check.py"
    if not path.exists():
        pytest.skip(f"no published checker: set ROSTERS_NATIONAL (looked for {path})")
    spec = importlib.util.spec_from_file_location("published_checker", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    check: Callable[[dict[str, Any], list[list[object]]], dict[str, Any]] = module.check
    return check


def plain(instance: Instance) -> dict[str, Any]:
    """Give an instance as the published checker reads it."""
    found: dict[str, Any] = json.loads(msgspec.json.encode(instance))
    return found


@dataclass(slots=True)
class SteppingClock:
    """A clock on which each look takes a little while, so that an engine ends by itself."""

    step: timedelta = timedelta(milliseconds=50)
    passed: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        """Give a moment, one step later each time."""
        return datetime(2026, 11, 24, tzinfo=UTC) + self.uptime()

    def uptime(self) -> timedelta:
        """Give the time since it began, one step more each time."""
        self.passed += self.step
        return self.passed
