"""Whatever is done to a roster, in whatever order: no hard rule is broken, no pin moves."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from luisterlijn.planning.builtin import Builtin
from luisterlijn.planning.engine import BadPins
from luisterlijn.planning.instance import Assignment, Instance, Roster, roster
from luisterlijn.planning.mending import MOST_TOUCHED, Absence, mend
from luisterlijn.planning.objective import cost
from luisterlijn.planning.rules import Rule, broken
from luisterlijn.planning.suggest import who_can
from luisterlijn.simulation.chance import Chance
from tests.support.rosters import SteppingClock, made

ANYBODY = st.integers(0, 99)


def only_alone(refusal: BadPins) -> None:
    """See that pins are refused for one reason only."""
    assert {each.rule for each in refusal.broken} == {Rule.TRAINEE_ALONE}


class Planner(RuleBasedStateMachine):
    """A planner who plans, pins, lets go, takes suggestions and hears of absences."""

    instance: Instance
    rows: Roster
    pinned: set[Assignment]

    @initialize(
        seed=st.integers(0, 10_000),
        people=st.integers(0, 16),
        days=st.integers(1, 9),
        needed=st.integers(0, 3),
    )
    def begin(self, seed: int, people: int, days: int, needed: int) -> None:
        """Begin with an empty roster."""
        self.instance = made(seed, people=people, days=days, most_needed=needed)
        self.rows, self.pinned = (), set()

    @rule(seed=st.integers(0, 5))
    def plan_further(self, seed: int) -> None:
        """Make the roster better; it never gets worse."""
        plan = Builtin(SteppingClock()).solve(
            self.instance, seconds=0.15, seed=seed, pinned=self.pinned, begin=self.rows
        )
        if self.rows:
            assert plan.cost.total <= cost(self.instance, self.rows).total
        self.rows = plan.roster

    @rule(seed=st.integers(0, 5))
    def plan_anew(self, seed: int) -> None:
        """Plan around the pinned alone; a pinned trainee may then miss a mentor."""
        try:
            plan = Builtin(SteppingClock()).solve(
                self.instance, seconds=0.15, seed=seed, pinned=self.pinned
            )
        except BadPins as refusal:
            only_alone(refusal)
        else:
            self.rows = plan.roster

    @precondition(lambda self: self.rows)
    @rule(seed=ANYBODY)
    def pin_some(self, seed: int) -> None:
        """Pin a third of the roster."""
        chance = Chance(seed, "pins")
        self.pinned |= {row for row in self.rows if chance.happens(1 / 3)}

    @rule()
    def let_go(self) -> None:
        """Pin nothing any more."""
        self.pinned = set()

    @precondition(lambda self: self.instance.volunteers)
    @rule(who=ANYBODY, first=st.integers(0, 8), length=st.integers(0, 3))
    def hear_of_an_absence(self, who: int, first: int, length: int) -> None:
        """Somebody is not there for some days."""
        away = self.instance.volunteers[who % len(self.instance.volunteers)].id
        try:
            found = mend(
                self.instance, self.rows, Absence(away, first, first + length), self.pinned
            )
        except BadPins as refusal:
            only_alone(refusal)
            return
        forced = sum(change.new is None for change in found.changes)
        assert len(found.changes) <= MOST_TOUCHED + forced
        self.pinned -= set(found.lost)
        self.rows = found.roster

    @rule(day=st.integers(0, 8), template=st.integers(0, 5), channel=st.integers(0, 1), who=ANYBODY)
    def take_a_suggestion(self, day: int, template: int, channel: int, who: int) -> None:
        """Put one of those who can on a shift."""
        name = self.instance.channels[channel]
        told = who_can(self.instance, self.rows, day % self.instance.days, template, name)
        if told.can:
            taken = told.can[who % len(told.can)].volunteer
            row = Assignment(taken, day % self.instance.days, template, name)
            self.rows = roster([*self.rows, row])

    @invariant()
    def no_rule_is_broken_and_no_pin_has_moved(self) -> None:
        """Hold at every moment."""
        assert broken(self.instance, self.rows) == ()
        assert self.pinned <= set(self.rows)


def test_no_sequence_of_what_a_planner_does_breaks_a_rule_or_moves_a_pin() -> None:
    run_state_machine_as_test(
        Planner, settings=settings(max_examples=40, stateful_step_count=15, deadline=None)
    )


def test_the_law_is_broken_by_an_engine_that_breaks_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("luisterlijn.planning.board.Board.may", lambda *_arguments: True)

    with pytest.raises(RuntimeError, match="an engine broke a rule"):
        Builtin(SteppingClock()).solve(made(2), seconds=0.3, seed=1)
