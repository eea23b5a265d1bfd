"""A planner's screens on a full roster: 30 branches, 1,500 volunteers, four weeks of shifts."""

from __future__ import annotations

import contextlib
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from bench.figures import Figure, percentile
from luisterlijn import settings
from luisterlijn.accounts.service import NewPerson
from luisterlijn.app import house
from luisterlijn.edge.world import SystemTokens
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId, new_id
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.planner.model import begins
from luisterlijn.privacy.redaction import Secret
from luisterlijn.simulation.chance import Chance
from luisterlijn.store.embedded import cluster
from luisterlijn.store.migrate import migrate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from luisterlijn.house import House

BRANCHES = 30
PEOPLE = 50
DAYS = 28
WEEK = 7
HOURS = (7, 11, 15, 19, 23, 27)
NIGHT = 23
ASKED = 40
MONDAY = date(2031, 5, 5)
TAKEN = 0.7
"""Of the places; the others are open."""


async def run() -> AsyncIterator[Figure]:
    """Give the figures of boards."""
    with tempfile.TemporaryDirectory() as folder:
        async with _built(Path(folder)) as built:
            filled = await _Filled.made(built)
            async for figure in _figures(built, filled):
                yield figure


async def _figures(built: House, filled: _Filled) -> AsyncIterator[Figure]:
    room, scope = built.planner, filled.coordinator
    boards = room.boards
    national = Scope(person=filled.people[0], branch=None, roles=frozenset({Role.PLANNER}))

    async def board(number: int) -> object:
        del number
        return await boards.board(scope, None, MONDAY + timedelta(days=WEEK), WEEK)

    async def nation(number: int) -> object:
        del number
        return await boards.nation(national, MONDAY + timedelta(days=WEEK), WEEK)

    async def who(number: int) -> object:
        return await room.people.who(scope, filled.shifts[number])

    async def mend(number: int) -> object:
        return await room.mends.propose(scope, filled.places[number])

    async for figure in _measured(f"board of a week, {PEOPLE} volunteers", "<= 100", board):
        yield figure
    async for figure in _measured(f"the line's week, {BRANCHES} branches", "<= 500", nation):
        yield figure
    async for figure in _measured("who can take a shift", "<= 200", who):
        yield figure
    async for figure in _measured("a hole mended", "<= 2000", mend):
        yield figure


async def _measured(
    name: str, goal: str, ask: Callable[[int], Awaitable[object]]
) -> AsyncIterator[Figure]:
    """Ask so many times, the answer written as JSON each time; the first one apart."""
    took, worked = [], 0.0
    for number in range(ASKED + 1):
        began, worked_before = time.perf_counter(), time.process_time()
        msgspec.json.encode(await ask(number))
        took.append((time.perf_counter() - began) * 1000)
        worked += (time.process_time() - worked_before) * 1000 * (number > 0)
    yield Figure(f"{name}: the first one (ms)", "", f"{took[0]:.0f}")
    yield Figure(f"{name}: processor of the node (ms)", "", f"{worked / ASKED:.0f}")
    yield Figure(f"{name}: p50 of {ASKED} (ms)", "", f"{percentile(took[1:], 0.5):.0f}")
    yield Figure(f"{name}: p95 of {ASKED} (ms)", goal, f"{percentile(took[1:], 0.95):.0f}")


@contextlib.asynccontextmanager
async def _built(folder: Path) -> AsyncIterator[House]:
    """Build a node on a database of its own."""
    chosen = settings.read({"LUISTERLIJN_DEMO": "1", "LUISTERLIJN_DATA": str(folder)})
    async with cluster(folder / "postgres") as made:
        await migrate(made.owner_url)
        async with house(chosen, made.app_url) as built:
            yield built


class _Filled:
    """What the database was filled with; shifts and places are of the first branch."""

    def __init__(self) -> None:
        self.people: list[PersonId] = []
        self.shifts: list[ShiftId] = []
        self.places: list[PlaceId] = []
        self.coordinator: Scope

    @classmethod
    async def made(cls, built: House) -> _Filled:
        """Fill it: the same by each run, but for the ids."""
        filled, chance, tokens = cls(), Chance(5, "board"), SystemTokens()
        for number in range(BRANCHES):
            branch = BranchId(new_id(tokens))
            async with built.database.transaction(LINE) as tx:
                await built.accounts.add_branch(tx, branch, f"b{number}", f"Vestiging {number}")
                people = await built.accounts.add_people(
                    tx, [_person(number, place, branch) for place in range(PEOPLE)], Secret("x" * 9)
                )
            rows = _roster(branch, people, chance, tokens)
            async with built.database.transaction(LINE) as tx:
                period = new_id(tokens)
                await tx.run(
                    "insert into roster_period (id, branch, first, days, state)"
                    " values ($1, $2, $3, $4, 'concept')",
                    *(period, branch, MONDAY, DAYS),
                )
                await tx.run_many(
                    "insert into wish (period, person, branch, levels, wanted, most, nights)"
                    " values ($1, $2, $3, $4, 4, 8, 2)",
                    [(period, person, branch, _levels(chance)) for person in people],
                )
                await tx.run_many(
                    "insert into shift (id, branch, starts, ends, channels, least, wanted, state,"
                    " night) values ($1, $2, $3, $4, $5, 1, 2, $6, $7)",
                    rows[0],
                )
                await tx.run_many(
                    "insert into place (id, shift, branch, person, during, state)"
                    " values ($1, $2, $3, $4, tstzrange($5, $6), $7)",
                    rows[1],
                )
            if not filled.people:
                filled.people = people
                filled.shifts = [shift[0] for shift in rows[0]]
                filled.places = [place[0] for place in rows[1]]
                filled.coordinator = Scope(
                    person=people[0], branch=branch, roles=frozenset({Role.COORDINATOR})
                )
        await _expect(built)
        return filled


def _person(number: int, place: int, branch: BranchId) -> NewPerson:
    return NewPerson(
        sign_in=f"v{number}-{place}",
        name=f"Vrijwilliger {number} {place}",
        branch=branch,
        roles=frozenset({Role.VOLUNTEER}),
        channels=("chat", "phone") if place % 2 else ("phone",),
    )


def _levels(chance: Chance) -> list[str]:
    signs = ("0", "0", "1", "2", "2", "r")
    return ["".join(chance.pick(signs) for _hour in HOURS) for _day in range(DAYS)]


Rows = tuple[list[tuple[ShiftId, *tuple[object, ...]]], list[tuple[PlaceId, *tuple[object, ...]]]]


def _roster(branch: BranchId, people: list[PersonId], chance: Chance, tokens: SystemTokens) -> Rows:
    """Give shifts and places: the first fortnight is published, the second is concept."""
    shifts: list[tuple[ShiftId, *tuple[object, ...]]] = []
    places: list[tuple[PlaceId, *tuple[object, ...]]] = []
    turn = 0
    for day in range(DAYS):
        for hour in HOURS:
            starts = begins(MONDAY + timedelta(days=day)) + timedelta(hours=hour - 6)
            ends = starts + timedelta(hours=4)
            shift, drafted = ShiftId(new_id(tokens)), day >= DAYS // 2
            state = "concept" if drafted else "published"
            channels = ["chat", "phone"]
            shifts.append((shift, branch, starts, ends, channels, state, hour >= NIGHT))
            for _wanted in range(2):
                # In turn, so that nobody is in two places at once.
                turn += 1
                if chance.happens(TAKEN):
                    place = PlaceId(new_id(tokens))
                    how = "proposed" if drafted else "published"
                    person = people[turn % len(people)]
                    places.append((place, shift, branch, person, starts, ends, how))
    return shifts, places


async def _expect(built: House) -> None:
    """Freeze the example for these weeks."""
    # A server does not load numpy for it.
    from luisterlijn.demand.days import HALF_HOUR, days  # noqa: PLC0415 - as said
    from luisterlijn.demand.profile import CHANNELS, EFFORT, example_week  # noqa: PLC0415 - as said
    from luisterlijn.demand.staffing import required  # noqa: PLC0415 - as said

    start = begins(MONDAY).astimezone(UTC)
    run_of = days(start, (DAYS + WEEK) * 48)
    profile = new_id(SystemTokens())
    rows: list[tuple[object, datetime, str, float, float, int]] = []
    for channel in CHANNELS:
        means = example_week(channel)[run_of.weekday, run_of.slot]
        need = required(means, EFFORT[channel])
        rows += [
            (profile, start + n * HALF_HOUR, channel, float(mean), float(mean) * 1.5, int(need[n]))
            for n, mean in enumerate(means)
        ]
    async with built.database.transaction(LINE) as tx:
        await tx.run(
            "insert into demand_profile (id, state, source) values ($1, 'frozen', 'example')",
            profile,
        )
        await tx.run_many(
            "insert into demand_half_hour (profile, half_hour, channel, mean, high, required)"
            " values ($1, $2, $3, $4, $5, $6)",
            rows,
        )
