"""Who can take a shift, in which order, and why the others cannot."""

from __future__ import annotations

from dataclasses import replace

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId, new_id
from luisterlijn.planner.who import candidates
from luisterlijn.volunteers.ports import Status
from tests.support.sheets import TOKENS, facts, on, row, sheet


def test_who_likes_to_comes_first_and_each_says_why() -> None:
    names = ("kan", "liever niet", "niets gezegd", "graag", "nooit")
    people = [facts(name) for name in names]
    shift = row(0, 7)
    levels = dict(zip(names, ("111111", "r11111", "", "211111", "011111"), strict=True))
    del levels["niets gezegd"]

    can, cannot = candidates(sheet(people, [shift], levels=levels), shift)

    assert [(each.facts.name, each.reasons) for each in can] == [
        ("graag", ("prefers", "below-wanted")),
        ("kan", ("can", "below-wanted")),
        ("niets gezegd", ("no-wishes", "below-wanted")),
        ("liever niet", ("rather-not", "below-wanted")),
    ]
    assert [(each.facts.name, each.rules, each.never) for each in cannot] == [
        ("nooit", (Code.NOT_AVAILABLE,), False)
    ]


def test_fewest_turns_first_and_a_first_night_before_a_second() -> None:
    none, one, night = facts("z geen"), facts("b een"), facts("c nacht")
    before, late = row(-7, 7), row(-7, 23, night=True)
    shift = row(0, 23, night=True)
    places = [on(before, one), on(late, night)]

    can, _cannot = candidates(sheet([night, one, none], [shift], places), shift)

    assert [each.facts.name for each in can] == ["z geen", "b een", "c nacht"]
    assert [each.turns for each in can] == [0, 1, 1]
    assert [each.hours for each in can] == [0.0, 4.0, 4.0]
    assert [each.reasons[-1] for each in can] == ["first-night", "first-night", "further-night"]


def test_a_trainee_covers_nobody_and_comes_last() -> None:
    walks = {"phone": Status.WALKING_ALONG}
    trainee, other = facts("a leert", status=walks), facts("b kan")
    mentor = facts("mentor", status={"phone": Status.MENTOR})
    shift = row(0, 7)

    can, _cannot = candidates(
        sheet([trainee, other, mentor], [shift], [on(shift, mentor, role="mentor")]), shift
    )

    assert [(each.facts.name, each.role) for each in can] == [
        ("b kan", "listener"),
        ("a leert", "trainee"),
    ]
    assert can[-1].reasons[-1] == "covers-nobody"


def test_who_cannot_comes_nearest_to_a_yes_first_and_never_is_told_apart() -> None:
    day = facts("a die dag al")
    untrained = facts("b niet opgeleid", status={"mail": Status.INDEPENDENT})
    two = facts("c rust en dag")
    elsewhere = facts("d", branch=BranchId(new_id(TOKENS)))
    shift = row(0, 7)
    late, next_to_it = row(0, 23), row(0, 12)
    places = [on(late, day), on(next_to_it, two)]

    _can, cannot = candidates(
        sheet([untrained, two, day, elsewhere], [shift, late, next_to_it], places), shift
    )

    assert [(each.facts.name, each.rules, each.never) for each in cannot] == [
        ("a die dag al", (Code.TWO_SHIFTS_A_DAY,), False),
        ("c rust en dag", (Code.TWO_SHIFTS_A_DAY, Code.TOO_LITTLE_REST), False),
        ("b niet opgeleid", (Code.NOT_TRAINED,), True),
    ]


def test_who_stands_on_it_already_is_not_asked() -> None:
    there, other = facts("er al"), facts("nog niet")
    shift = row(0, 7)

    can, cannot = candidates(sheet([there, other], [shift], [on(shift, there)]), shift)

    assert [each.facts.name for each in can] == ["nog niet"]
    assert cannot == []
    assert replace(other, status={}) != other
    assert candidates(sheet([replace(other, status={})], [shift]), shift) == ([], [])
