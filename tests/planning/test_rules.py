"""The hard rules: each is named with person and shift, and the published checker agrees."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from luisterlijn.planning.board import Board, Grid
from luisterlijn.planning.instance import Assignment, Role, Template, read_instance
from luisterlijn.planning.rules import (
    SENTENCES,
    Book,
    Broken,
    Rule,
    Stint,
    alone,
    broken,
    most_at_once,
    told,
)
from tests.support.rosters import (
    DATA,
    at,
    made,
    national,
    other_checker,
    plain,
    problem,
    scattered,
    somebody,
)

PUBLISHED = {
    "not available": {Rule.NOT_AVAILABLE},
    "not trained": {Rule.NOT_TRAINED},
    "trainee without mentor": {Rule.TRAINEE_ALONE},
    "more than 4 desks": {Rule.DESKS_FULL},
    "less than 11 h rest": {Rule.TOO_LITTLE_REST, Rule.OVERLAPS},
    "two shifts in a day": {Rule.TWO_SHIFTS_A_DAY},
    "more than 2 a week": {Rule.TOO_MANY_A_WEEK},
    "more shifts than allowed": {Rule.TOO_MANY_SHIFTS},
    "more nights than allowed": {Rule.TOO_MANY_NIGHTS},
}
"""What the published checker says, and which of our rules say the same."""


def rules(*rows: tuple[int, int, int, str], **different: Any) -> set[Rule]:
    """Give the rules that one person breaks with these assignments."""
    found = problem(somebody(0, **different))
    return {each.rule for each in broken(found, [at(*row) for row in rows])}


@pytest.mark.parametrize(
    ("rows", "different", "expected"),
    [
        ([(0, 0, 7, "phone")], {}, set()),
        ([(0, 0, 7, "phone")], {"availability": ("022222",) * 7}, {Rule.NOT_AVAILABLE}),
        ([(0, 0, 7, "phone")], {"channels": ("chat",)}, {Rule.NOT_TRAINED}),
        (
            [(0, 0, 7, "phone"), (0, 0, 7, "chat")],
            {},
            {Rule.OVERLAPS, Rule.TWO_SHIFTS_A_DAY},
        ),
        (
            [(0, 0, 7, "phone"), (0, 0, 23, "phone")],
            {},
            {Rule.TWO_SHIFTS_A_DAY},
        ),
        ([(0, 0, 27, "phone"), (0, 1, 15, "phone")], {}, {Rule.TOO_LITTLE_REST}),
        ([(0, 0, 23, "phone"), (0, 1, 15, "phone")], {}, set()),
        ([(0, 0, 27, "phone"), (0, 1, 7, "phone")], {}, {Rule.TOO_LITTLE_REST}),
        ([(0, 0, 7, "phone"), (0, 2, 7, "phone"), (0, 4, 7, "phone")], {}, {Rule.TOO_MANY_A_WEEK}),
        ([(0, 0, 7, "phone"), (0, 2, 7, "phone")], {"max_shifts": 1}, {Rule.TOO_MANY_SHIFTS}),
        ([(0, 0, 23, "phone"), (0, 2, 27, "phone")], {"max_nights": 1}, {Rule.TOO_MANY_NIGHTS}),
        ([(0, 0, 7, "phone")], {"max_shifts": 0}, {Rule.TOO_MANY_SHIFTS}),
    ],
)
def test_each_rule_of_a_person_is_named(
    rows: list[tuple[int, int, int, str]], different: dict[str, Any], expected: set[Rule]
) -> None:
    assert rules(*rows, **different) == expected


def test_the_third_shift_of_a_week_is_named_and_not_the_first_two() -> None:
    found = problem(somebody(0))

    named = broken(found, [at(0, 4, 7), at(0, 0, 7), at(0, 2, 7)])

    assert named == (Broken(0, 4, 0, Rule.TOO_MANY_A_WEEK),)
    assert told(found, named[0]) == "volunteer 0, day 5, 07:00: has 2 shifts that week already"
    assert told(found, named[0], "nl").endswith("heeft die week al 2 diensten")


def test_eleven_hours_between_two_shifts_are_rest_and_ten_are_not() -> None:
    # Given an evening that ends at 23:00, and mornings that start at 9:00 and 10:00.
    evening, nine, ten = (
        Template(index, hour, night=False) for index, hour in enumerate((19, 9, 10))
    )
    found = replace(problem(somebody(0, availability=("222",) * 7)), templates=(evening, nine, ten))

    first = Assignment(0, 0, 0, "phone")
    assert broken(found, [first, Assignment(0, 1, 2, "phone")]) == ()
    assert broken(found, [first, Assignment(0, 1, 1, "phone")]) == (
        Broken(0, 1, 1, Rule.TOO_LITTLE_REST),
    )
    board = Board(Grid(found))
    board.put(0, board.grid.place(first))
    allowed = {board.grid.row(0, each)[1:3] for each in board.grid.options[0] if board.may(0, each)}
    assert (1, 2) in allowed
    assert (1, 1) not in allowed


def stint(start_h: float, hours: float, *, night: bool = False) -> Stint:
    """Give work by the hour since the first Monday; a day of service begins at six."""
    start = int(start_h * 60)
    return Stint(start, start + int(hours * 60), (start - 360) // 1440, night, ("chat",))


@pytest.mark.parametrize(
    ("own", "wanted", "expected"),
    [
        (stint(7, 12), stint(18.9, 1), {Rule.OVERLAPS, Rule.TWO_SHIFTS_A_DAY}),
        (stint(7, 12), stint(19, 1), {Rule.TOO_LITTLE_REST, Rule.TWO_SHIFTS_A_DAY}),
        (stint(19, 2), stint(32, 4), set()),
        (stint(19, 2), stint(31.9, 4), {Rule.TOO_LITTLE_REST}),
        # The night that an hour is missing in: three hours from 23:00 on, and eleven after them.
        (stint(23, 3), stint(37, 1), set()),
        (stint(23, 3), stint(36.9, 1), {Rule.TOO_LITTLE_REST}),
    ],
)
def test_stints_of_any_length_are_judged_by_the_minute(
    own: Stint, wanted: Stint, expected: set[Rule]
) -> None:
    assert set(alone(somebody(0), [own], wanted)) == expected


def test_the_most_of_a_period_leaves_out_what_lies_outside_it() -> None:
    own = [stint(24 * day + 23, 4, night=True) for day in (0, 9, 18)]
    wanted = stint(24 * 20 + 23, 4, night=True)
    limits = somebody(0, max_shifts=3, max_nights=2)

    assert set(alone(limits, own, wanted)) == {Rule.TOO_MANY_SHIFTS, Rule.TOO_MANY_NIGHTS}
    assert set(alone(limits, own, wanted, range(7, 28))) == {Rule.TOO_MANY_NIGHTS}
    assert set(alone(limits, own, wanted, range(14, 28))) == set()


def test_the_busiest_moment_is_counted_and_who_goes_makes_room_for_who_comes() -> None:
    others = [stint(7, 4), stint(9, 4), stint(11, 4), stint(15, 4)]

    assert most_at_once(others, stint(7, 2)) == 1
    assert most_at_once(others, stint(7, 8)) == 2
    assert most_at_once(others, stint(19, 2)) == 0


def test_a_new_week_begins_after_seven_days() -> None:
    found = problem(somebody(0, days=14), days=14)

    assert broken(found, [at(0, 4, 7), at(0, 6, 7), at(0, 7, 7), at(0, 9, 7)]) == ()


def test_a_trainee_stands_beside_a_mentor_of_the_own_branch_on_the_phone() -> None:
    trainee = somebody(0, role=Role.TRAINEE)
    own, elsewhere = somebody(1, role=Role.MENTOR), somebody(2, role=Role.MENTOR, branch=1)
    second = somebody(3, role=Role.TRAINEE)
    found = problem(trainee, own, elsewhere, second)
    alone = Rule.TRAINEE_ALONE

    assert broken(found, [at(0, 0, 7), at(1, 0, 7)]) == ()
    for rows in (
        [at(0, 0, 7)],
        [at(0, 0, 7), at(1, 0, 7, "chat")],
        [at(0, 0, 7), at(1, 0, 11)],
        [at(0, 0, 7), at(2, 0, 7)],
    ):
        assert broken(found, rows) == (Broken(0, 0, 0, alone),)
    assert broken(found, [at(0, 0, 7), at(1, 0, 7), at(3, 0, 7)]) == (Broken(3, 0, 0, alone),)


def test_a_branch_has_four_desks_for_those_who_cannot_work_from_home() -> None:
    people = [somebody(number, home=number > 4) for number in range(6)]
    found = problem(*people)
    four = [at(number, 0, 7) for number in range(4)]

    assert broken(found, [*four, at(5, 0, 7)]) == ()
    assert broken(found, [*four, at(4, 0, 11)]) == ()
    assert broken(found, [*four, at(4, 0, 7)]) == (Broken(4, 0, 0, Rule.DESKS_FULL),)
    elsewhere = problem(*people[:4], replace(people[4], branch=1))
    assert broken(elsewhere, [*four, at(4, 0, 7)]) == ()


def test_each_rule_has_a_sentence_in_both_languages() -> None:
    assert set(SENTENCES) == set(Rule)
    assert all(each.nl and each.en for each in SENTENCES.values())


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 25))
def test_one_more_assignment_is_refused_exactly_when_it_would_break_a_rule(
    seed: int, count: int
) -> None:
    # Given a roster that holds: of what was scattered, all that may stand.
    found, rows = made(seed), list[Assignment]()
    for row in scattered(found, seed, count):
        if not Book(found, rows).against(row):
            rows.append(row)
    assert broken(found, rows) == ()

    # When each assignment that there is joins it, then the book and the checker say the same.
    book = Book(found, rows)
    for row in set(scattered(found, seed + 1, 12)) - set(rows):
        assert bool(book.against(row)) == bool(broken(found, [*rows, row]))
    for row in rows:
        rest = [each for each in rows if each != row]
        assert book.holds_a_trainee(row) == bool(broken(found, rest))


def verdict(found: tuple[Broken, ...]) -> set[Rule]:
    return {each.rule for each in found}


def test_the_recorded_verdicts_of_the_published_checker_are_ours() -> None:
    instance = read_instance((DATA / "instance.json").read_bytes())
    recorded = json.loads((DATA / "verdicts.json").read_text(encoding="utf-8"))

    for each in recorded:
        named = verdict(broken(instance, scattered(instance, each["seed"], each["count"])))
        for said, ours in PUBLISHED.items():
            assert bool(named & ours) == (said in each["broken"]), (each["seed"], said)
    assert {said for each in recorded for said in each["broken"]} == set(PUBLISHED)


@pytest.mark.parametrize("seed", range(40))
def test_the_published_checker_breaks_the_same_rules_on_a_random_roster(seed: int) -> None:
    check, instance = other_checker(), made(seed, people=20)
    rows = scattered(instance, seed, 1 + seed)

    # It tells the first five only; one rule at a time is told by taking rows away.
    while rows:
        said = check(plain(instance), [list(row) for row in rows])
        named = broken(instance, rows)
        assert bool(said["broken"]) == bool(named)
        for kind, *_ in said["first_broken"]:
            assert verdict(named) & PUBLISHED[kind]
        rows = rows[:-1]


def test_a_roster_scattered_over_the_national_instance_is_judged_as_published() -> None:
    check = other_checker()
    data = national("instance-a.json.gz")
    instance = read_instance(data)

    rows = scattered(instance, 1, 3000)
    said = check(plain(instance), [list(row) for row in rows])

    assert said["broken"] > 0
    assert {kind for kind, *_ in said["first_broken"]} <= set(PUBLISHED)
    assert broken(instance, rows)
