"""A hole in the roster is filled by asking few others, and nobody for what a rule forbids."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from luisterlijn.kernel.clock import Interval
from luisterlijn.planner.bridge import Proposal, draft, unwritten
from luisterlijn.planner.holes import Hole, Move, filled, first_day
from luisterlijn.rostering.rules import Book, role_of
from luisterlijn.volunteers.ports import Facts, Status
from tests.support.planner import MONDAY, at
from tests.support.sheets import drafted, facts, on, row, sheet

if TYPE_CHECKING:
    from luisterlijn.rostering.ports import ShiftRow

CAN = "111111"


def hole(shift: ShiftRow, who: Facts | None = None, role: str = "listener") -> Hole:
    return Hole(person=who.person if who else None, shift=shift, role=role)


def test_somebody_who_is_free_is_asked_and_nobody_else_is_touched() -> None:
    away, free = facts("weg"), facts("vrij")
    shift = row(0, 7, wanted=1, state="published")
    of = sheet([away, free], [shift], [on(shift, away, state="published")], {"vrij": CAN})

    assert filled(of, hole(shift, away)) == [Move(free.person, None, shift)]


def test_a_hole_that_was_left_already_is_filled_the_same_way() -> None:
    away, free = facts("weg"), facts("vrij")
    shift = row(0, 7, wanted=1, state="published")
    of = sheet([away, free], [shift], [], {"vrij": CAN})

    assert filled(of, hole(shift, away)) == [Move(free.person, None, shift)]
    assert filled(of, hole(shift)) in (
        [Move(free.person, None, shift)],
        [Move(away.person, None, shift)],
    )


def test_who_cannot_take_the_hole_takes_the_place_of_who_can() -> None:
    # Bert can on Monday only by leaving Tuesday, on which Cor, who cannot on Monday, is free.
    away, bert, cor = facts("weg"), facts("bert"), facts("cor", most_shifts=1)
    monday, tuesday = row(0, 7, wanted=1), row(1, 7, wanted=1)
    bert = replace(bert, most_shifts=1)
    of = sheet(
        [away, bert, cor], [monday, tuesday], [on(monday, away), on(tuesday, bert)], {"bert": CAN}
    )
    cors = sheet([cor], [], levels={"cor": CAN}).wishes[cor.person][0]
    cors = replace(cors, levels=("000000", *cors.levels[1:]))
    of = replace(of, wishes={**of.wishes, cor.person: (cors,)})

    moves = filled(of, hole(monday, away))

    assert set(moves) == {Move(bert.person, tuesday, monday), Move(cor.person, None, tuesday)}


def test_a_trainees_or_a_reserves_place_leaves_no_hole() -> None:
    away, free = facts("weg"), facts("vrij")
    shift = row(0, 7)
    of = sheet([away, free], [shift], [], {"vrij": CAN})

    assert filled(of, hole(shift, away, "trainee")) == []
    assert filled(of, hole(shift, away, "reserve")) == []


def test_hours_that_no_engine_knows_are_filled_by_the_first_who_can() -> None:
    away, free = facts("weg"), facts("vrij")
    start = at(0, 7) + timedelta(minutes=20)
    odd = row(0, 7, during=Interval(start, start + timedelta(hours=2)))
    of = sheet([away, free], [odd], [on(odd, away)])

    assert filled(of, hole(odd, away)) == [Move(free.person, None, odd)]


def test_what_only_the_roster_knows_stands_in_the_way_all_the_same() -> None:
    # Of a shift of three hours the engine knows nothing; with it Bert has two this week.
    away, bert = facts("weg"), facts("bert")
    shift, odd, friday = row(0, 7, wanted=1), row(2, 7, hours=3), row(4, 7)
    of = sheet(
        [away, bert],
        [shift, odd, friday],
        [on(shift, away), on(odd, bert), on(friday, bert, pinned=True)],
        {"bert": CAN},
    )

    assert filled(of, hole(shift, away)) == []


def test_when_nobody_can_the_hole_stays() -> None:
    away = facts("weg")
    untrained = facts("niet opgeleid", status={"mail": Status.INDEPENDENT})
    shift = row(0, 7)

    assert filled(sheet([away, untrained], [shift], [on(shift, away)]), hole(shift, away)) == []


def test_the_weeks_around_begin_on_a_monday_as_the_roster_counts_weeks() -> None:
    assert first_day(row(9, 27)) == MONDAY


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_whoever_falls_out_no_rule_is_broken_by_what_is_proposed(seed: int) -> None:
    of = drafted(seed)
    if not of.places:
        return
    gone = of.places[seed % len(of.places)]
    shift = next(each for each in of.shifts if each.shift == gone.shift)
    empty = Hole(person=gone.person, shift=shift, role="listener")

    moves = filled(of, empty)

    assert len(moves) <= 3
    after = replace(of, places=tuple(each for each in of.places if each != gone))
    for move in moves:
        assert move.person != gone.person
        if move.old is not None:
            stood = [
                r for r in after.places if (r.person, r.shift) == (move.person, move.old.shift)
            ]
            assert [each.pinned for each in stood] == [False]
            after = replace(after, places=tuple(set(after.places) - set(stood)))
    for number, move in enumerate(moves):
        if move.new is not None:
            role = role_of(after.people[move.person], move.new.channels)
            assert Book(after).against(move.person, move.new, role=role) == ()
            place = draft(unwritten(number), Proposal(move.person, move.new, role))
            after = replace(after, places=(*after.places, place))
