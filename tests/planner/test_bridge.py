"""Rows become a problem, and an engine's roster becomes proposals that the roster's rules allow."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from luisterlijn.kernel.clock import Interval, local_interval
from luisterlijn.planner.bridge import Problem, movable, problem, proposals
from luisterlijn.planning.builtin import Builtin
from luisterlijn.planning.instance import Assignment, Role, roster
from luisterlijn.planning.rules import NEVER, broken
from luisterlijn.rostering.rules import Book
from luisterlijn.volunteers.ports import Status
from tests.support.planner import MONDAY, at
from tests.support.rosters import SteppingClock
from tests.support.sheets import drafted, facts, on, row, sheet

if TYPE_CHECKING:
    from luisterlijn.planning.instance import Roster
    from luisterlijn.rostering.ports import Sheet

ALWAYS = "222222"


def made(of: Sheet, days: int = 7) -> Problem:
    found = problem(of, MONDAY, days)
    assert found is not None
    return found


def planned(found: Problem, seed: int = 1) -> Roster:
    plan = Builtin(SteppingClock()).solve(
        found.instance, seconds=0.3, seed=seed, pinned=found.pinned, begin=found.begin
    )
    return plan.roster


def test_hours_become_templates_and_what_is_wanted_becomes_need() -> None:
    shifts = [row(0, 7), row(0, 27, night=True), row(1, 7)]

    found = made(sheet([facts("anja")], shifts, levels={"anja": ALWAYS}))

    instance = found.instance
    assert [(each.start_hour, each.night) for each in instance.templates] == [
        (7, False),
        (27, True),
    ]
    # 27 of the first day is 03 on the second.
    needed = {slot for slot, count in enumerate(instance.need[0]) if count}
    assert needed == {*range(14, 22), *range(54, 62), *range(62, 70)}
    assert set(instance.need[0]) == {0, 2}
    assert found.left == ()


def test_the_last_night_of_a_period_is_planned_too() -> None:
    found = made(sheet([facts("anja")], [row(6, 27, night=True)], levels={"anja": ALWAYS}))

    assert [tuple(each[:3]) for each in planned(found)] == [(0, 6, 0)]


def test_a_shift_of_another_length_is_left_to_people() -> None:
    odd = row(0, 12, hours=3)
    ten_past = at(2, 7) + timedelta(minutes=10)
    late = row(2, 7, during=Interval(ten_past, ten_past + timedelta(hours=4)))
    shifts = [row(0, 7), row(1, 7), odd, late]

    found = made(sheet([facts("anja")], shifts, levels={"anja": ALWAYS}))

    assert found.left == (odd, late)
    assert len(found.shifts) == 2
    assert problem(sheet([], [late]), MONDAY, 7) is None
    assert problem(sheet([], [replace(row(0, 7), state="published")]), MONDAY, 7) is None


def test_who_would_rather_not_or_said_nothing_is_left_to_people() -> None:
    levels = {"kan": "111111", "graag": "222222", "liever niet": "rrrrrr", "niet": "000000"}
    people = [facts(name) for name in (*levels, "niets gezegd")]

    found = made(sheet(people, [row(0, 7)], levels=levels))

    said = [who.availability[0] for who in found.instance.volunteers]
    assert said == ["1", "2", "0", "0", "0"]


def test_leave_training_rest_and_what_stands_already_are_the_rosters_own_rules() -> None:
    away, untrained, tired, free = (facts(name) for name in ("weg", "niet opgeleid", "moe", "vrij"))
    untrained = replace(untrained, status={"mail": Status.INDEPENDENT})
    shifts = [row(0, 7), row(1, 7)]
    late = row(-1, 23, night=True, state="published")
    of = sheet(
        [away, untrained, tired, free],
        shifts,
        [on(late, tired, state="published")],
        levels=dict.fromkeys(("weg", "niet opgeleid", "moe", "vrij"), ALWAYS),
    )
    of = replace(of, leave={away.person: ((MONDAY, MONDAY),)})

    found = made(of)

    said = [[day[0] for day in who.availability[:2]] for who in found.instance.volunteers]
    assert said == [["0", "2"], ["0", "0"], ["0", "2"], ["2", "2"]]


def test_what_is_pinned_or_published_is_pinned_and_a_proposal_is_where_it_begins() -> None:
    people = [facts(name) for name in "abcd"]
    draft, there = row(0, 7), row(1, 7, state="published")
    places = [
        on(draft, people[0], pinned=True),
        on(draft, people[1]),
        on(there, people[2], state="published"),
        on(there, people[3], role="reserve", state="published"),
    ]
    of = sheet(people, [draft, there], places, levels=dict.fromkeys("abcd", ALWAYS))

    found = made(of)

    assert movable(of) == [places[1]]
    assert [tuple(each[:3]) for each in found.pinned] == [(0, 0, 0), (2, 1, 0)]
    assert set(found.begin) - set(found.pinned) == {Assignment(1, 0, 0, "phone")}
    # Two are wanted on the draft; who stands on the published one is needed there and no more.
    assert {found.instance.need[0][14], found.instance.need[0][62]} == {2, 1}


def test_pins_that_no_engine_could_keep_are_left_out_and_found_no_more() -> None:
    people = [replace(facts(name), home=False) for name in "abcdef"]
    draft = row(0, 7, wanted=6)
    places = [on(draft, each, pinned=True) for each in people]

    found = made(sheet(people, [draft], places, levels=dict.fromkeys("abcdef", ALWAYS)))

    assert len(found.pinned) < 6, "there are four desks"
    assert {each.rule for each in broken(found.instance, found.pinned)} & NEVER == set()
    assert set(found.instance.need[0]) == {0, len(found.pinned)}


def test_a_mentor_stays_beside_a_trainee_who_stays() -> None:
    mentor = facts("mentor", status={"phone": Status.MENTOR})
    trainee = facts("leert", status={"phone": Status.WALKING_ALONG})
    draft, other = row(0, 7), row(1, 7)
    beside = [
        on(draft, mentor, role="mentor"),
        on(draft, trainee, role="trainee", pinned=True),
        on(other, mentor, role="mentor"),
    ]

    assert movable(sheet([mentor, trainee], [draft, other], beside)) == [beside[2]]


def test_a_trainee_who_was_pinned_alone_does_not_stop_a_plan() -> None:
    trainee, other = facts("leert", status={"phone": Status.WALKING_ALONG}), facts("ander")
    draft = row(0, 7)
    of = sheet(
        [trainee, other],
        [draft],
        [on(draft, trainee, role="trainee", pinned=True)],
        levels={"ander": ALWAYS},
    )
    found = made(of)

    assert [each.person for each in proposals(found, planned(found), of)] == [other.person]


def test_a_plan_becomes_proposals_for_who_is_not_there_yet() -> None:
    people = [facts(name) for name in "abc"]
    draft = row(0, 7)
    of = sheet(
        people, [draft], [on(draft, people[0], pinned=True)], levels=dict.fromkeys("abc", ALWAYS)
    )
    found = made(of)

    wanted = proposals(found, planned(found), of)

    assert len(wanted) == 1
    assert wanted[0].shift == draft
    assert wanted[0].person in {people[1].person, people[2].person}


def test_no_shift_gets_more_than_are_wanted_and_a_trainee_takes_no_place() -> None:
    mentor = facts("mentor", status={"phone": Status.MENTOR})
    trainee = facts("leert", status={"phone": Status.WALKING_ALONG})
    people = [mentor, trainee, facts("c"), facts("d")]
    draft = row(0, 7, wanted=1)
    levels = dict.fromkeys(("mentor", "leert", "c", "d"), ALWAYS)
    of = sheet(people, [draft], levels=levels)
    found = made(of)
    everybody = roster((number, 0, 0, "phone") for number in range(4))

    wanted = proposals(found, everybody, of)

    assert [(each.person, each.role) for each in wanted] == [
        (mentor.person, "mentor"),
        (trainee.person, "trainee"),
    ]


def test_what_was_done_meanwhile_goes_before_the_plan() -> None:
    people = [facts(name) for name in "ab"]
    draft, other = row(0, 7, wanted=2), row(0, 11)
    before = sheet(people, [draft, other], levels=dict.fromkeys("ab", ALWAYS))
    found = made(before)
    rows = roster([(0, 0, 0, "phone"), (1, 0, 0, "phone")])
    # A coordinator pinned one of them on another shift of that day.
    now = replace(before, places=(on(other, people[0], pinned=True),))
    gone = replace(before, shifts=(replace(draft, state="published"), other))

    assert [each.person for each in proposals(found, rows, now)] == [people[1].person]
    assert proposals(found, rows, gone) == []


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_whatever_the_rows_are_a_plan_breaks_no_rule_of_the_roster(seed: int) -> None:
    of = drafted(seed)
    found = made(of, 14)

    wanted = proposals(found, planned(found, seed), of)

    drafts = [on(each.shift, of.people[each.person], role=each.role) for each in wanted]
    kept = [each for each in of.places if each not in movable(of)]
    book = Book(replace(of, places=(*kept, *drafts)))
    for each in drafts:
        shift = next(other for other in of.shifts if other.shift == each.shift)
        assert each.person is not None
        assert book.against(each.person, shift, role=each.role, without=(each.place,)) == ()
        assert book.missing(shift) >= 0 or each.role == "trainee"


def test_the_night_in_which_the_clock_jumps_is_a_shift_like_any_other() -> None:
    for saturday in (date(2026, 3, 28), date(2026, 10, 24)):
        night = row(0, 0, night=True, during=local_interval(saturday, time(23), time(3)))
        of = sheet([facts("anja")], [night], levels={"anja": ALWAYS}, first=saturday)

        found = problem(of, saturday, 2)

        assert found is not None
        assert [each.start_hour for each in found.instance.templates] == [23]
        assert found.instance.shift_slots == 8
        assert found.instance.volunteers[0].role is Role.VOLUNTEER
        assert found.instance.volunteers[0].availability[0] == "2"
