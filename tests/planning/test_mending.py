"""After an absence: the hole is mended, few others are touched, no rule is broken."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luisterlijn.planning.builtin import Builtin
from luisterlijn.planning.engine import BadBegin, BadPins
from luisterlijn.planning.instance import Role, Roster, roster
from luisterlijn.planning.mending import MOST_TOUCHED, Absence, Change, mend
from luisterlijn.planning.objective import cost
from luisterlijn.planning.rules import Rule, broken
from tests.support.rosters import SteppingClock, at, made, problem, somebody

NEVER = ("000000",) * 7


def applied(before: Roster, lost: Roster, changes: tuple[Change, ...]) -> Roster:
    """Give the roster that the changes make of the one before."""
    rows = set(before) - set(lost)
    for old, new in changes:
        rows -= {old} if old else set()
        rows |= {new} if new else set()
    return roster(rows)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), share=st.integers(2, 9), days=st.integers(1, 7))
def test_an_absence_touches_three_others_at_most_and_breaks_no_rule(
    seed: int, share: int, days: int
) -> None:
    instance = made(seed, people=16)
    before = Builtin(SteppingClock()).solve(instance, seconds=0.3, seed=1).roster
    away = instance.volunteers[seed % 16].id
    trainees = {each.id for each in instance.volunteers if each.role is Role.TRAINEE}
    pinned = [row for row in before[::share] if row.volunteer not in trainees | {away}]

    mended = mend(instance, before, Absence(away, 0, days - 1), pinned)

    assert broken(instance, mended.roster) == ()
    assert mended.roster == applied(before, mended.lost, mended.changes)
    assert mended.lost == roster(r for r in before if r.volunteer == away and r.day < days)
    assert set(pinned) <= set(mended.roster)
    forced = sum(change.new is None for change in mended.changes)
    assert len(mended.changes) <= MOST_TOUCHED + forced
    without = [row for row in before if row not in mended.lost]
    alone = len(broken(instance, without))
    if not alone:
        assert cost(instance, mended.roster).total <= cost(instance, without).total


def test_who_can_stands_in_and_nobody_else_is_touched() -> None:
    found = problem(somebody(0), somebody(1), somebody(2, availability=NEVER), phone=1)

    mended = mend(found, [at(0, 0, 7)], Absence(0, 0, 0))

    assert mended.lost == (at(0, 0, 7),)
    assert mended.changes == ((None, at(1, 0, 7)),)
    assert mended.roster == (at(1, 0, 7),)


def test_one_moves_up_and_another_fills_what_that_leaves() -> None:
    early, late = ("200000",) * 7, ("000200",) * 7
    both = ("200200",) * 7
    found = problem(
        somebody(0, availability=early),
        somebody(1, availability=both, max_shifts=1),
        somebody(2, availability=late),
        phone=1,
    )

    mended = mend(found, [at(0, 0, 7), at(1, 0, 19)], Absence(0, 0, 0))

    assert set(mended.changes) == {(at(1, 0, 19), at(1, 0, 7)), (None, at(2, 0, 19))}
    for most in (0, 1):
        fewer = mend(found, [at(0, 0, 7), at(1, 0, 19)], Absence(0, 0, 0), most=most)
        assert len(fewer.changes) <= most


def test_nobody_is_touched_where_nobody_is_missing() -> None:
    found = problem(somebody(0), somebody(1, wanted=0))

    assert mend(found, [at(0, 0, 7)], Absence(0, 0, 6)).changes == ()


def test_who_is_absent_longer_is_not_asked_for_those_days() -> None:
    found = problem(somebody(0), phone=1)

    assert mend(found, [at(0, 0, 7), at(0, 3, 7)], Absence(0, 0, 2)).roster == (at(0, 3, 7),)


def test_nobody_is_asked_twice() -> None:
    found = problem(somebody(0), somebody(1), somebody(2, wanted=0), phone=1)

    mended = mend(found, [at(0, 0, 7), at(0, 2, 7)], Absence(0, 0, 6))

    assert {change.new.volunteer for change in mended.changes if change.new} == {1, 2}


def test_another_mentor_comes_for_a_trainee_who_would_be_alone() -> None:
    found = problem(
        somebody(0, role=Role.MENTOR),
        somebody(1, role=Role.TRAINEE, wanted=1),
        somebody(2),
        somebody(3, role=Role.MENTOR),
        phone=1,
    )

    mended = mend(found, [at(0, 0, 7), at(1, 0, 7)], Absence(0, 0, 0))

    assert mended.roster == (at(1, 0, 7), at(3, 0, 7))


def test_a_trainee_goes_home_when_no_mentor_can_come() -> None:
    found = problem(
        somebody(0, role=Role.MENTOR), somebody(1, role=Role.TRAINEE), somebody(2), phone=1
    )

    mended = mend(found, [at(0, 0, 7), at(1, 0, 7)], Absence(0, 0, 0))

    assert set(mended.changes) == {(at(1, 0, 7), None), (None, at(2, 0, 7))}


def test_a_trainee_goes_home_even_when_nobody_may_be_touched() -> None:
    found = problem(somebody(0, role=Role.MENTOR), somebody(1, role=Role.TRAINEE), phone=1)

    mended = mend(found, [at(0, 0, 7), at(1, 0, 7)], Absence(0, 0, 0), most=0)

    assert mended.roster == ()


def test_a_pinned_trainee_whom_no_mentor_can_join_is_for_the_planner_to_decide() -> None:
    found = problem(somebody(0, role=Role.MENTOR), somebody(1, role=Role.TRAINEE), phone=1)
    rows = roster([at(0, 0, 7), at(1, 0, 7)])

    with pytest.raises(BadPins) as refused:
        mend(found, rows, Absence(0, 0, 0), pinned=rows[1:])

    assert [each.rule for each in refused.value.broken] == [Rule.TRAINEE_ALONE]


def test_an_absent_trainee_leaves_no_hole() -> None:
    found = problem(somebody(0, role=Role.MENTOR), somebody(1, role=Role.TRAINEE), somebody(2))

    mended = mend(found, [at(0, 0, 7), at(1, 0, 7)], Absence(1, 0, 0))

    assert (mended.changes, mended.roster) == ((), (at(0, 0, 7),))


def test_who_is_absent_loses_a_pinned_shift_too() -> None:
    found = problem(somebody(0), somebody(1), phone=1)
    rows = roster([at(0, 0, 7)])

    assert mend(found, rows, Absence(0, 0, 0), pinned=rows).roster == (at(1, 0, 7),)


def test_a_roster_with_a_broken_rule_is_refused() -> None:
    found = problem(somebody(0, channels=("chat",)))

    with pytest.raises(BadBegin):
        mend(found, [at(0, 0, 7)], Absence(0, 0, 0))
