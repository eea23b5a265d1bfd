"""What a board says, out of values."""

from __future__ import annotations

from datetime import timedelta

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.ids import PlaceId, new_id
from luisterlijn.planner.boards import Asked, board, gap, nation, outlook, pool
from luisterlijn.planner.gaps import expected
from luisterlijn.planner.model import Kind, Standing
from tests.support.planner import MONDAY, at, known
from tests.support.sheets import TOKENS, planned

WEEK = 7 * 48
ASKED = Asked(first=MONDAY, days=1)
MORNING = Interval(at(0, 7), at(0, 11))
NOTHING = expected(at(0, 6), WEEK, [], [])


def test_rows_go_from_six_in_the_morning_round_the_clock() -> None:
    hours = ((23, 27), (27, 31), (7, 11), (19, 23))
    shifts = [planned(1, {}, during=Interval(at(0, first), at(0, last))) for first, last in hours]

    found = board(ASKED, (shifts[0].branch, "Utrecht"), shifts, [], pool(NOTHING, shifts))

    assert [row.starts for row in found.rows] == ["07:00", "19:00", "23:00", "03:00"]
    assert {shift.day for shift in found.shifts} == {MONDAY}


def test_a_cancelled_shift_is_shown_and_lacks_nobody() -> None:
    of = expected(at(0, 6), WEEK, known(at(0, 6), WEEK, phone=10.0), [])
    off = planned(3, {Kind.BOTH: 2}, during=MORNING, state="cancelled")

    found = board(ASKED, (off.branch, "Utrecht"), [off], [], pool(of, [off]))

    assert [(each.state, each.missing, each.gap) for each in found.shifts] == [
        ("cancelled", 0, None)
    ]
    assert pool(of, [off]).cover.everybody.sum() == 0


def test_a_shift_for_letters_alone_loses_no_caller() -> None:
    of = expected(at(0, 6), WEEK, known(at(0, 6), WEEK, phone=10.0), [])
    letters = planned(2, {}, during=MORNING, channels=("mail",))

    assert gap(pool(of, [letters]), letters) is None


def test_who_left_is_shown_without_a_name_of_theirs() -> None:
    shift = planned(1, {Kind.BOTH: 1}, during=MORNING)
    gone = Standing(
        place=PlaceId(new_id(TOKENS)),
        shift=shift.shift,
        person=None,
        name="vrijwilliger",
        role="listener",
        state="published",
        origin="self",
        pinned=False,
        on_behalf=False,
        allowed=None,
    )

    found = board(ASKED, (shift.branch, "Utrecht"), [shift], [gone], pool(NOTHING, [shift]))

    assert [(each.person, each.name) for each in found.shifts[0].places] == [(None, "vrijwilliger")]


def test_a_day_of_which_nothing_is_known_says_so_and_a_known_one_does_not() -> None:
    of = expected(at(0, 6), WEEK, known(at(0, 6), 48, phone=10.0), [])
    shift = planned(1, {Kind.PHONE: 1}, during=MORNING)
    line = pool(of, [shift])

    found = nation(Asked(first=MONDAY, days=2), [(shift.branch, "Utrecht")], [shift], line)

    first, second = found.totals
    assert first.expected == 480.0
    assert (second.expected, second.lost, second.answered) == (None, None, None)
    assert second.here_hours == 0
    assert [slot.expected for slot in found.slots[47:49]] == [10.0, None]
    assert [cell.gap for cell in found.cells] == [0.0, None]


def test_the_outlook_counts_what_is_published_and_what_is_proposed_apart() -> None:
    of = expected(at(0, 6), WEEK, known(at(0, 6), WEEK, phone=2.0), [])
    shift = planned(9, {Kind.PHONE: 9}, during=MORNING, published={Kind.PHONE: 1})

    found = outlook(ASKED, pool(of, [shift], published=True), pool(of, [shift]))

    assert found.now is not None
    assert found.draft is not None
    assert 0 < found.now.answered < found.draft.answered < 0.2
    empty = outlook(ASKED, pool(NOTHING, []), pool(NOTHING, []))
    assert (empty.now, empty.draft, empty.totals[0].now) == (None, None, None)
    assert ASKED.during == Interval(at(0, 6), at(0, 6) + timedelta(days=1))
