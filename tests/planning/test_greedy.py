"""Where an engine begins: with what is pinned, the mentors that needs, and wishes in turn."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luisterlijn.planning.engine import BadPins
from luisterlijn.planning.greedy import beginning
from luisterlijn.planning.instance import Role, roster
from luisterlijn.planning.objective import cost
from luisterlijn.planning.rules import Rule, broken
from tests.support.rosters import at, made, problem, somebody


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_beginning_breaks_no_rule_and_is_better_than_nobody(seed: int) -> None:
    instance = made(seed)

    board = beginning(instance, (), ())

    assert broken(instance, board.rows()) == ()
    assert board.cost == cost(instance, board.rows()).total <= cost(instance, ()).total


def test_everybody_gets_a_shift_where_somebody_is_missing() -> None:
    found = problem(somebody(0, wanted=1), somebody(1, wanted=1), phone=1)

    rows = beginning(found, (), ()).rows()

    assert [row.volunteer for row in rows] == [0, 1]
    assert len({(row.day, row.template) for row in rows}) == 2


def test_a_pinned_trainee_gets_a_mentor_of_the_branch() -> None:
    found = problem(
        somebody(0, role=Role.TRAINEE, wanted=0),
        somebody(1, role=Role.MENTOR, wanted=0, branch=1),
        somebody(2, role=Role.MENTOR, wanted=0),
    )
    pinned = roster([at(0, 0, 7)])

    board = beginning(found, pinned, ())

    assert board.rows() == (at(0, 0, 7), at(2, 0, 7))


@pytest.mark.parametrize("different", [{"branch": 1}, {"max_shifts": 0}, {"channels": ("chat",)}])
def test_a_pinned_trainee_without_any_mentor_is_refused(different: dict[str, Any]) -> None:
    found = problem(somebody(0, role=Role.TRAINEE), somebody(1, role=Role.MENTOR, **different))

    with pytest.raises(BadPins) as refused:
        beginning(found, roster([at(0, 0, 7)]), ())

    assert [each.rule for each in refused.value.broken] == [Rule.TRAINEE_ALONE]


def test_a_roster_to_begin_with_is_taken_as_it_is() -> None:
    found = problem(somebody(0), phone=1)
    begin = roster([at(0, 3, 7)])

    board = beginning(found, begin, begin)

    assert board.rows() == begin
    assert board.is_held(0, board.grid.place(begin[0]))
