"""No sequence of what people do with a roster breaks a rule that protects them.

A machine plays volunteers and a coordinator on a real database; after each step the rows themselves
are judged, by code that knows nothing of the rules in use.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from luisterlijn.kernel.ids import PlaceId, ShiftId
from luisterlijn.rostering.rules import Book
from tests.support.roster import (
    MONDAY,
    acting,
    begin,
    coordinator,
    known,
    people,
    put,
    refusal,
    shift,
    trained,
)
from tests.support.roster_laws import broken

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import date
    from uuid import UUID

    from luisterlijn.kernel.errors import Code
    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse

SETTINGS = settings(
    max_examples=60,
    stateful_step_count=40,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
STANDING = "from place l join person n on n.id = l.person"
SAME = "order by lower(l.during), n.name, l.changed"
"""Ids are chance: by these the machine does the same each time."""
NAMES = ("anja", "bert", "carla", "dirk", "els", "mo", "tim")
HOURS = (7, 9, 15, 19, 23, 27)
DAYS = range(7, 21)
FEW = 3
ANY = st.integers(0, 1_000)
FIRST = {MONDAY + timedelta(days=7): 0, MONDAY + timedelta(days=14): 1}


def periods() -> dict[date, int]:
    """Give the two weeks that the machine plans, each a period of its own."""
    return {
        first + timedelta(days=number): period
        for first, period in FIRST.items()
        for number in range(7)
    }


class Branch:
    """A branch with seven people, and two weeks of which the second is still a draft."""

    def __init__(self, built: TestHouse, loop: asyncio.AbstractEventLoop) -> None:
        """Only `opened` fills it."""
        self.built = built
        self._loop = loop
        self.people: list[PersonId] = []
        self.shifts: list[ShiftId] = []
        self.periods: list[UUID] = []
        self.done: Counter[str] = Counter()

    async def opened(self) -> None:
        """Begin anew: the same people, nobody anywhere."""
        built = self.built
        for table in ("swap", "place", "shift", "wish", "leave", "roster_period"):
            await built.owner.execute(f"delete from {table}")  # noqa: S608 - our own names
        if not self.people:
            await begin(built)
            self.people = await people(built, *NAMES)
            for person in self.people[:5]:
                await known(built, person, home=False)
            await known(built, self.people[0], most_shifts=2, most_nights=1)
            for name, status in (("mo", "mentor"), ("els", "mentor"), ("tim", "walking_along")):
                await trained(built, self.people[NAMES.index(name)], status)
        cora = coordinator(built)
        self.periods = [
            (await built.house.roster.periods.open(cora, built.branch, first, 7)).period
            for first in FIRST
        ]
        await built.house.roster.periods.publish(cora, self.periods[0])
        self.shifts = [
            await shift(
                *(built, day, hour),
                wanted=5 if hour == 15 else 2,
                state="published" if day < 14 else "concept",
            )
            for day in DAYS
            for hour in HOURS
            if (day + hour) % 3 == 0
        ]

    def run(self, order: Coroutine[Any, Any, Any]) -> Any:
        """Carry something out in the loop that the node lives in."""
        return asyncio.run_coroutine_threadsafe(order, self._loop).result(30)

    def tried(self, order: Any) -> Code | None:
        """Carry an order out or hear why not."""
        code: Code | None = self.run(refusal(order))
        if code is None:
            self.done[order.__qualname__] += 1
        return code

    def rows(self, sql: str) -> list[Any]:
        """Ask the database's owner."""
        found: list[Any] = self.run(self.built.owner.fetch(sql))
        return found


class Life(RuleBasedStateMachine):
    """Volunteers and a coordinator, in whatever order."""

    branch: Branch

    @initialize()
    def begin(self) -> None:
        """Begin with nobody anywhere."""
        self.branch.run(self.branch.opened())

    @property
    def roster(self) -> Any:
        """Give the roster in use."""
        return self.branch.built.house.roster

    def person(self, number: int) -> PersonId:
        """Give one of the people."""
        return self.branch.people[number % len(self.branch.people)]

    def shift(self, number: int) -> ShiftId:
        """Give one of the shifts."""
        return self.branch.shifts[number % len(self.branch.shifts)]

    def standing(self, number: int) -> tuple[PlaceId, PersonId] | None:
        """Give one of the places that are seen, with whose it is."""
        rows = self.branch.rows(
            f"select l.id, l.person {STANDING} where l.state in ('published', 'confirmed') {SAME}"
        )
        return (
            (rows[number % len(rows)]["id"], rows[number % len(rows)]["person"]) if rows else None
        )

    @rule(who=ANY, where=ANY, more=ANY)
    def two_sign_up(self, who: int, where: int, more: int) -> None:
        """Take a place on an open shift; a colleague takes one too."""
        for number, place in ((who, where), (more, where), (more, where + 1)):
            me = acting(self.branch.built, self.person(number))
            self.branch.tried(self.roster.own.sign_up(me, self.shift(place)))

    @rule(which=ANY)
    def somebody_cannot(self, which: int) -> None:
        """Leave a place open."""
        if found := self.standing(which):
            me = acting(self.branch.built, found[1])
            self.branch.tried(self.roster.own.leave_open(me, found[0]))

    @rule(which=ANY, wanted=st.lists(ANY, max_size=3), at_once=st.booleans())
    def somebody_offers_a_place(self, which: int, wanted: list[int], *, at_once: bool) -> None:
        """Give it away, or swap it for one of the places of others; some are taken at once."""
        if found := self.standing(which):
            others = self.branch.rows(
                "select l.shift from place l where l.state = 'published'"
                " group by l.shift, lower(l.during) order by lower(l.during)"
            )
            wants = [ShiftId(others[each % len(others)]["shift"]) for each in wanted if others]
            me = acting(self.branch.built, found[1])
            self.branch.tried(self.roster.swaps.offer(me, found[0], wants=wants))
            if at_once:
                self.somebody_takes_a_swap(which)

    @rule(which=ANY)
    def somebody_takes_a_swap(self, which: int) -> None:
        """Take what is offered: everybody in turn, with a place that is wanted for it, if any."""
        swaps = self.branch.rows(
            "select w.id, w.wants from swap w join place l on l.id = w.place"  # noqa: S608 - as above
            f" join person n on n.id = l.person where w.state = 'open' {SAME}"
        )
        if not swaps:
            return
        swap = swaps[which % len(swaps)]
        for person in self.branch.people:
            mine = self.branch.run(
                self.branch.built.owner.fetchval(
                    "select id from place where person = $1 and shift = any($2)"
                    " and state in ('published', 'confirmed') order by lower(during) limit 1",
                    person,
                    swap["wants"],
                )
            )
            me = acting(self.branch.built, person)
            self.branch.tried(self.roster.swaps.accept(me, swap["id"], mine))

    @rule(who=ANY, where=ANY, allowed=st.sampled_from((None, None, "own-wish")))
    def a_coordinator_puts_on(self, who: int, where: int, allowed: str | None) -> None:
        """Put somebody on a shift, now and then with a yes."""
        self.branch.tried(
            put(self.branch.built, self.shift(where), self.person(who), allowed=allowed)
        )

    @rule(which=ANY)
    def a_coordinator_takes_off(self, which: int) -> None:
        """Take somebody off, seen or not."""
        rows = self.branch.rows(
            f"select l.id {STANDING} where l.state in ('proposed', 'published') {SAME}"
        )
        if rows:
            place = rows[which % len(rows)]["id"]
            cora = coordinator(self.branch.built)
            self.branch.tried(self.roster.assigning.take_off(cora, place))

    @rule(who=ANY, first=st.integers(7, 20), days=st.integers(0, 1), grant=st.booleans())
    def leave_is_asked(self, who: int, first: int, days: int, *, grant: bool) -> None:
        """Ask leave; it is granted, or taken back."""
        me = acting(self.branch.built, self.person(who))
        start = MONDAY + timedelta(days=first)
        leave = self.branch.run(self.roster.leaves.ask(me, start, start + timedelta(days=days)))
        if grant:
            cora = coordinator(self.branch.built)
            self.branch.tried(self.roster.leaves.grant(cora, leave.leave))
        else:
            self.branch.tried(self.roster.leaves.withdraw(me, leave.leave))

    @rule(people=st.booleans())
    def a_week_is_copied(self, *, people: bool) -> None:
        """Copy the first week over the second."""
        first, second = FIRST
        self.branch.tried(
            self.roster.periods.copy_week(
                *(coordinator(self.branch.built), self.branch.built.branch, first, second),
                people=people,
            )
        )

    @rule(which=st.integers(0, 3))
    def a_period_is_published(self, which: int) -> None:
        """Publish a period; seldom, so that drafts grow."""
        if which == 0:
            cora = coordinator(self.branch.built)
            self.branch.tried(self.roster.periods.publish(cora, self.branch.periods[1]))

    @invariant()
    def the_roster_holds(self) -> None:
        """Hold after each step."""
        assert self.branch.run(broken(self.branch.built.owner, periods())) == []


async def test_no_sequence_of_sign_ups_swaps_leave_and_plans_breaks_a_rule(
    built: TestHouse,
) -> None:
    branch = Branch(built, asyncio.get_running_loop())
    machine = type("Played", (Life,), {"branch": branch})

    await asyncio.to_thread(run_state_machine_as_test, machine, settings=SETTINGS)

    assert set(branch.done) == {
        *("Own.sign_up", "Own.leave_open", "Swaps.offer", "Swaps.accept", "put"),
        *("Assigning.take_off", "Leaves.grant", "Leaves.withdraw"),
        *("Periods.copy_week", "Periods.publish"),
    }
    assert min(branch.done.values()) > FEW, branch.done


async def test_the_law_is_broken_by_a_roster_that_asks_no_rule(
    built: TestHouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Book, "against_own", lambda *_asked, **_more: ())
    branch = Branch(built, asyncio.get_running_loop())
    machine = type("Careless", (Life,), {"branch": branch})

    with pytest.raises(AssertionError):
        await asyncio.to_thread(run_state_machine_as_test, machine, settings=SETTINGS)
