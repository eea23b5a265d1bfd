"""What every engine promises: what it may begin with, and what it may hand over."""

from __future__ import annotations

import pytest

from luisterlijn.planning.engine import (
    BadBegin,
    BadPins,
    check_beginning,
    confirmed,
    finished,
    never,
)
from luisterlijn.planning.instance import Role, roster
from luisterlijn.planning.rules import Rule
from tests.support.rosters import at, problem, somebody

BUSY_WEEK = roster([at(0, 0, 7), at(0, 2, 7), at(0, 4, 7)])
"""One shift more than a week holds: only with the volunteer's yes."""


def test_pins_that_nobody_can_allow_are_refused_with_what_they_break() -> None:
    found = problem(somebody(0, channels=("chat",)))

    with pytest.raises(BadPins) as refused:
        check_beginning(found, roster([at(0, 0, 7)]), ())

    assert [each.rule for each in refused.value.broken] == [Rule.NOT_TRAINED]


def test_what_a_coordinator_allowed_may_be_pinned_and_nothing_is_added_to_it() -> None:
    found = problem(somebody(0))

    check_beginning(found, BUSY_WEEK, ())
    check_beginning(found, BUSY_WEEK, BUSY_WEEK)

    assert confirmed(found, BUSY_WEEK, BUSY_WEEK)
    assert not confirmed(found, BUSY_WEEK, BUSY_WEEK[:2])
    assert not confirmed(found, [*BUSY_WEEK, at(0, 6, 7)], BUSY_WEEK)


def test_a_roster_without_what_is_pinned_or_with_a_broken_rule_is_no_beginning() -> None:
    found = problem(somebody(0))

    for begin in (BUSY_WEEK, roster([at(0, 0, 11)])):
        with pytest.raises(BadBegin):
            check_beginning(found, BUSY_WEEK[:1], begin)


def test_a_pinned_trainee_may_begin_alone_but_not_end_alone() -> None:
    found = problem(somebody(0, role=Role.TRAINEE))
    pinned = roster([at(0, 0, 7)])

    check_beginning(found, pinned, ())

    assert not confirmed(found, pinned, pinned)


def test_a_plan_that_breaks_a_rule_is_our_mistake_and_never_handed_over() -> None:
    found = problem(somebody(0))

    plan = finished(found, BUSY_WEEK[:2], (), 1.0)

    assert (plan.cost.surplus, plan.seconds) == (16, 1.0)
    with pytest.raises(RuntimeError):
        finished(found, BUSY_WEEK, (), 1.0)
    with pytest.raises(RuntimeError):
        finished(found, BUSY_WEEK[:1], BUSY_WEEK[:2], 1.0)


def test_never_is_never() -> None:
    assert never() is False
