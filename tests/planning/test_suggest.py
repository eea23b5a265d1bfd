"""Who can take a shift, in which order, and why the others cannot."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luisterlijn.planning.instance import Assignment, Role
from luisterlijn.planning.objective import cost
from luisterlijn.planning.rules import Rule, broken
from luisterlijn.planning.suggest import SENTENCES, Reason, who_can
from tests.support.rosters import at, made, problem, scattered, somebody


def test_who_prefers_it_and_has_too_few_comes_first_and_each_says_why() -> None:
    can = ("111111",) * 7
    found = problem(
        somebody(0, wanted=0),
        somebody(1, availability=can),
        somebody(2),
        somebody(3, role=Role.TRAINEE),
        somebody(4, channels=("chat",)),
        somebody(5, availability=("000000",) * 7, max_shifts=0),
        somebody(6, role=Role.MENTOR, wanted=0),
        phone=1,
    )

    told = who_can(found, [at(6, 0, 23)], day=0, template=4, channel="phone")

    # The mentor covers the need, so that one more is 8 half hours too many.
    assert [(each.volunteer, each.rise) for each in told.can] == [(3, -12), (2, 4), (1, 5), (0, 16)]
    assert told.can[0].reasons == (
        *(Reason.PREFERS, Reason.BELOW_WANTED, Reason.FIRST_NIGHT, Reason.COVERS_NOBODY),
    )
    assert told.can[2].reasons == (Reason.CAN, Reason.BELOW_WANTED, Reason.FIRST_NIGHT)
    assert told.can[3].reasons == (Reason.PREFERS, Reason.AT_WANTED, Reason.FIRST_NIGHT)
    assert told.cannot == (
        (4, (Rule.NOT_TRAINED,)),
        (5, (Rule.NOT_AVAILABLE, Rule.TOO_MANY_SHIFTS)),
        (6, (Rule.OVERLAPS, Rule.TWO_SHIFTS_A_DAY)),
    )


def test_who_has_a_night_already_is_asked_later() -> None:
    found = problem(somebody(0), somebody(1), phone=1)

    told = who_can(found, [at(0, 0, 23), at(1, 0, 7)], day=3, template=5, channel="phone")

    assert [each.volunteer for each in told.can] == [1, 0]
    assert told.can[1].reasons[-1] is Reason.FURTHER_NIGHT


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 20))
def test_what_a_candidate_is_said_to_cost_is_what_it_costs(seed: int, count: int) -> None:
    instance = made(seed, most_needed=3)
    rows = scattered(instance, seed, count)
    day, template, channel = seed % 7, seed % 6, instance.channels[seed % 2]

    told = who_can(instance, rows, day, template, channel)

    names = [each.volunteer for each in told.can] + [who for who, _ in told.cannot]
    assert sorted(names) == [each.id for each in instance.volunteers]
    for each in told.can:
        more = [*rows, Assignment(each.volunteer, day, template, channel)]
        assert cost(instance, more).total - cost(instance, rows).total == each.rise
        assert len(broken(instance, more)) <= len(broken(instance, rows))
    assert all(rules for _, rules in told.cannot)


def test_who_works_on_from_the_night_before_is_counted() -> None:
    # Given a shift from 05:00 to 09:00 of the second day, and one from 07:00 on.
    found = problem(somebody(0), somebody(1, wanted=0), phone=1, starts=(7, 11, 15, 19, 23, 29))

    told = who_can(found, [at(0, 0, 27)], day=1, template=0, channel="phone")

    # Four half hours are covered already, four are not; 8 for a shift more than wanted.
    assert [(each.volunteer, each.rise) for each in told.can] == [(1, 4 * 1 - 4 * 10 + 8)]


@pytest.mark.parametrize("count", [0, 1])
def test_nobody_or_one_is_answered_too(count: int) -> None:
    found = problem(*(somebody(number) for number in range(count)))

    assert len(who_can(found, (), 0, 0, "phone").can) == count


def test_nobody_can_on_a_day_that_nobody_is_available() -> None:
    found = problem(replace(somebody(0), availability=("000000",) * 7))

    told = who_can(found, (), 0, 0, "phone")

    assert (told.can, told.cannot) == ((), ((0, (Rule.NOT_AVAILABLE,)),))


def test_each_reason_has_a_sentence_in_both_languages() -> None:
    assert set(SENTENCES) == set(Reason)
    assert all(each.nl and each.en for each in SENTENCES.values())
