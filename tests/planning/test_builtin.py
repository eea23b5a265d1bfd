"""The built-in engine: keeps the rules, keeps what is pinned, and stops when told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luisterlijn.planning import builtin
from luisterlijn.planning.builtin import Builtin
from luisterlijn.planning.engine import BadBegin, BadPins
from luisterlijn.planning.instance import Role, read_instance, roster
from luisterlijn.planning.objective import cost, fairness
from luisterlijn.planning.rules import Rule, broken
from tests.support.rosters import SteppingClock, at, made, national, problem, somebody

if TYPE_CHECKING:
    from luisterlijn.planning.engine import Plan, Step
    from luisterlijn.planning.instance import Assignment, Instance


def solved(
    instance: Instance,
    *,
    pinned: tuple[Assignment, ...] = (),
    begin: tuple[Assignment, ...] = (),
    seed: int = 1,
    seconds: float = 0.3,
) -> Plan:
    """Let the engine look at the clock six times."""
    engine = Builtin(SteppingClock())
    return engine.solve(instance, seconds=seconds, seed=seed, pinned=pinned, begin=begin)


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), people=st.integers(0, 12), days=st.integers(1, 9))
def test_a_plan_breaks_no_rule_and_says_what_it_costs(seed: int, people: int, days: int) -> None:
    instance = made(seed, people=people, days=days)

    plan = solved(instance)

    assert broken(instance, plan.roster) == ()
    assert plan.cost == cost(instance, plan.roster)
    assert plan.cost.total <= cost(instance, ()).total


def test_the_same_seed_gives_the_same_roster_and_another_another() -> None:
    instance = made(2, people=30)

    assert solved(instance).roster == solved(instance).roster
    assert solved(instance).roster != solved(instance, seed=2).roster


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.integers(1, 4))
def test_what_is_pinned_never_moves(seed: int, share: int) -> None:
    instance = made(seed)
    first = solved(instance)
    pinned = first.roster[::share]

    again = solved(instance, pinned=pinned, begin=first.roster, seed=2)

    assert set(pinned) <= set(again.roster)
    assert again.cost.total <= first.cost.total


def test_what_a_coordinator_allowed_stays_and_nothing_is_added_to_it() -> None:
    found = problem(somebody(0), phone=1)
    pinned = roster([at(0, 0, 7), at(0, 2, 7), at(0, 4, 7)])

    plan = solved(found, pinned=pinned)

    assert plan.roster == pinned
    assert [each.rule for each in broken(found, plan.roster)] == [Rule.TOO_MANY_A_WEEK]


def test_bad_pins_and_bad_beginnings_are_refused() -> None:
    found = problem(somebody(0, channels=("chat",)))

    with pytest.raises(BadPins):
        solved(found, pinned=(at(0, 0, 7),))
    with pytest.raises(BadBegin):
        solved(found, begin=(at(0, 0, 7),))


def test_where_nobody_is_needed_nobody_is_planned() -> None:
    by_day = ("222200",) * 7
    found = problem(*(somebody(number, availability=by_day) for number in range(2)))

    # A shift costs 8 half hours too many and saves 4: nobody is planned.
    assert solved(found).roster == ()


def test_with_nobody_or_nobody_available_the_roster_is_empty() -> None:
    away = somebody(0, availability=("000000",) * 7)

    for found in (problem(phone=1), problem(away, phone=1)):
        plan = solved(found)
        assert plan.roster == ()
        assert plan.cost.missing == 336 * 10


def test_one_volunteer_gets_what_the_rules_allow() -> None:
    found = problem(somebody(0, wanted=4), phone=1)

    assert len(solved(found).roster) == 2


def test_a_template_over_midnight_counts_for_rest_and_for_the_last_day() -> None:
    nights = somebody(0, days=2, availability=("000001", "222200"), wanted=2)
    found = problem(nights, days=2, phone=1)

    plan = solved(found)

    # 03:00 to 07:00 of the second day, then eleven hours: 19:00 at the earliest.
    assert [(row.day, row.template) for row in plan.roster] == [(0, 5), (1, 3)]


def test_a_trainee_has_a_mentor_beside() -> None:
    found = problem(
        somebody(0, role=Role.TRAINEE, wanted=2), somebody(1, role=Role.MENTOR), phone=1
    )

    assert fairness(found, solved(found).roster).trainee_share == 1


def test_progress_only_gets_better_and_its_last_word_is_the_plan() -> None:
    instance, told = made(2, people=30), list["Step"]()
    clock = SteppingClock(timedelta(seconds=1))

    plan = Builtin(clock).solve(instance, seconds=20, seed=1, progress=told.append)

    costs = [step.cost for step in told]
    assert costs == sorted(costs, reverse=True)
    assert len(told) > 10
    assert (told[-1].cost, told[-1].roster) == (plan.cost.total, plan.roster)
    assert all(cost(instance, step.roster).total == step.cost for step in told)
    assert all(broken(instance, step.roster) == () for step in told)


def test_who_cancels_gets_the_best_so_far_at_once() -> None:
    instance, asked = made(2), list[bool]()

    def cancelled() -> bool:
        asked.append(True)
        return len(asked) > 2

    plan = Builtin(SteppingClock()).solve(instance, seconds=1e9, seed=1, cancelled=cancelled)

    assert len(asked) == 3
    assert broken(instance, plan.roster) == ()


def test_a_small_problem_is_done_before_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtin, "TRIES_A_PERSON", 500)

    assert solved(made(2), seconds=1e9).seconds < 100


def test_no_time_gives_the_beginning() -> None:
    instance = made(2)

    assert solved(instance, seconds=0).cost.total <= cost(instance, ()).total


def test_a_branch_of_the_national_instance_is_planned_without_a_broken_rule() -> None:
    whole = read_instance(national("instance-a.json.gz"))
    branch = tuple(each for each in whole.volunteers if each.branch == 0)
    instance = replace(
        whole, volunteers=branch, need=tuple(tuple(n // 30 for n in row) for row in whole.need)
    )

    plan = solved(instance)

    assert broken(instance, plan.roster) == ()
    assert plan.cost.total < cost(instance, ()).total
