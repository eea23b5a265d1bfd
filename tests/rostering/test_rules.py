"""The rules over rows, without a database: each by its code, and planning says the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId
from luisterlijn.planning.rules import NEVER, Rule
from luisterlijn.rostering.ports import PeriodRow, PlaceRow, Sheet, ShiftRow, WishRow
from luisterlijn.rostering.rules import (
    WITH_YES,
    Book,
    period_of,
    role_of,
    stint,
    touches,
    wished,
)
from luisterlijn.volunteers.ports import Facts, Status

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = BranchId(UUID(int=1))
ANJA, MO, TIM = (PersonId(UUID(int=each)) for each in (11, 12, 13))
MONDAY = date(2026, 3, 9)


def at(day: int, hour: float, hours: float = 4) -> Interval:
    """Give hours on the wall of a winter week: 23 and more is the night after the day."""
    start = datetime(2026, 3, 9, tzinfo=UTC) + timedelta(days=day, hours=hour - 1)
    return Interval(start, start + timedelta(hours=hours))


def row(number: int, during: Interval, **changed: Any) -> ShiftRow:
    """Give a published shift that wants two on chat."""
    made = ShiftRow(
        shift=ShiftId(UUID(int=number)),
        branch=HERE,
        during=during,
        channels=("chat",),
        least=1,
        wanted=2,
        night=False,
        state="published",
        template=None,
    )
    return replace(made, **changed)


def on(number: int, shift: ShiftRow, person: PersonId | None, **changed: Any) -> PlaceRow:
    """Give somebody's published place."""
    made = PlaceRow(
        place=PlaceId(UUID(int=number)),
        shift=shift.shift,
        branch=shift.branch,
        person=person,
        during=shift.during,
        role="listener",
        state="published",
        origin="self",
        pinned=False,
        allowed=None,
        on_behalf=False,
        night=shift.night,
    )
    return replace(made, **changed)


def facts(person: PersonId, **changed: Any) -> Facts:
    """Give somebody who answers chats from home."""
    made = Facts(
        person=person,
        branch=HERE,
        name="Iemand",
        status={"chat": Status.INDEPENDENT},
        home=True,
    )
    return replace(made, **changed)


def sheet(places: Sequence[PlaceRow] = (), *people: Facts, **more: Any) -> Sheet:
    """Give a sheet of these."""
    known = {each.person: each for each in people or (facts(ANJA),)}
    return replace(
        Sheet(shifts=(), places=tuple(places), people=known, wishes={}, leave={}), **more
    )


EARLY = row(1, at(0, 7))


@pytest.mark.parametrize(
    ("taken", "wanted", "code"),
    [
        (at(0, 7), at(0, 10), Code.OVERLAPS),
        (at(0, 7), at(0, 19), Code.TWO_SHIFTS_A_DAY),
        (at(0, 19), at(1, 9.9), Code.TOO_LITTLE_REST),
        (at(0, 19), at(1, 10), None),
        (at(0, 27), at(1, 17), Code.TOO_LITTLE_REST),
        (at(0, 27), at(1, 18), None),
    ],
)
def test_what_somebody_does_already_stands_in_the_way_by_its_code(
    taken: Interval, wanted: Interval, code: Code | None
) -> None:
    book = Book(sheet([on(5, row(1, taken), ANJA)]))

    found = book.against(ANJA, row(2, wanted))

    assert (code in found) if code is not None else found == ()


def test_what_would_be_gone_stands_in_nobodys_way() -> None:
    place = on(5, EARLY, ANJA)
    book = Book(sheet([place]))

    assert book.against(ANJA, row(2, at(0, 9)), without=[place.place]) == ()


def test_a_week_has_two_shifts_from_monday_to_sunday() -> None:
    own = [on(each, row(each, at(day, 7)), ANJA) for each, day in ((1, 4), (2, 6))]
    book = Book(sheet(own))

    assert book.against(ANJA, row(3, at(2, 7))) == (Code.TOO_MANY_A_WEEK,)
    assert book.against(ANJA, row(3, at(8, 7))) == ()


def test_the_most_of_a_period_counts_within_that_period_and_wishes_may_be_less() -> None:
    # Given a period of one week with one shift in it, and one in the week before.
    week = PeriodRow(period=UUID(int=3), branch=HERE, first=MONDAY, days=7, state="concept")
    own = [on(1, EARLY, ANJA), on(2, row(2, at(-3, 7)), ANJA)]
    wish = WishRow(person=ANJA, first=MONDAY, levels=("111111",) * 7, wanted=1, most=1, nights=0)
    plain = sheet(own, facts(ANJA, most_shifts=2), periods=(week,))
    asked = replace(plain, wishes={ANJA: (wish,)})
    wanted, night = row(3, at(3, 7)), row(4, at(3, 23), night=True)

    assert Book(plain).against(ANJA, wanted) == ()
    assert Book(asked).against(ANJA, wanted) == (Code.TOO_MANY_SHIFTS,)
    assert Book(asked).against_own(ANJA, wanted) == ()
    assert Code.TOO_MANY_NIGHTS in Book(asked).against(ANJA, night)
    four_weeks = replace(plain, periods=())
    assert Book(four_weeks).against(ANJA, wanted) == (Code.TOO_MANY_SHIFTS,)


def test_a_sign_of_the_wishes_stands_in_the_way_of_others_but_not_of_the_person() -> None:
    wish = WishRow(person=ANJA, first=MONDAY, levels=("01r2r0",) * 7, wanted=1, most=4, nights=2)
    book = Book(sheet(wishes={ANJA: (wish,)}))
    found = {
        hour: (book.against(ANJA, row(1, at(0, hour))), book.against_own(ANJA, row(1, at(0, hour))))
        for hour in (7, 11, 15, 27)
    }

    assert {hour for hour, (told, _own) in found.items() if Code.NOT_AVAILABLE in told} == {7, 27}
    assert all(own == () for _told, own in found.values())


@pytest.mark.parametrize(
    ("during", "signs"),
    [
        (at(0, 7), "a"),
        (at(0, 9), "ab"),
        (at(0, 6), "a"),
        (at(0, 23), "e"),
        (at(0, 27), "f"),
        (at(0, 29, 6), "f"),
        (at(0, 7, 12), "abc"),
        (at(7, 7), ""),
        (at(-1, 27), ""),
    ],
)
def test_a_shift_lies_in_the_day_parts_that_it_touches(during: Interval, signs: str) -> None:
    wish = WishRow(person=ANJA, first=MONDAY, levels=("abcdef",) * 7, wanted=1, most=1, nights=1)

    assert wished(wish, during) == signs


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ({"chat": Status.INDEPENDENT}, None),
        ({"chat": Status.MENTOR}, None),
        ({"phone": Status.INDEPENDENT}, Code.NOT_TRAINED),
        ({"chat": Status.IN_TRAINING}, Code.NOT_TRAINED),
        ({"chat": Status.WALKING_ALONG}, Code.TRAINEE_ALONE),
        ({"chat": Status.STOPPED}, Code.ACCOUNT_ENDED),
        ({"chat": Status.PAUSED, "phone": Status.INDEPENDENT}, Code.ACCOUNT_ENDED),
        ({}, Code.NOT_TRAINED),
    ],
)
def test_how_far_somebody_is_with_the_channel_decides(
    status: dict[str, Status], code: Code | None
) -> None:
    book = Book(sheet((), facts(ANJA, status=status)))

    assert book.against(ANJA, EARLY) == (() if code is None else (code,))


def test_leave_and_the_last_day_count_by_what_the_shift_touches() -> None:
    away = sheet(leave={ANJA: ((MONDAY, MONDAY),)})
    night_before, night_of, after = row(1, at(-1, 23)), row(2, at(0, 23)), row(3, at(1, 7))
    ended = sheet((), facts(ANJA, leaves=MONDAY))

    assert [Book(away).against(ANJA, each) for each in (night_before, night_of, after)] == [
        (Code.ON_LEAVE,),
        (Code.ON_LEAVE,),
        (),
    ]
    assert Book(ended).against(ANJA, night_of) == ()
    assert Book(ended).against(ANJA, after) == (Code.ACCOUNT_ENDED,)
    assert not touches(at(-1, 20, 4), MONDAY, MONDAY), "what ends at midnight is over"


def test_a_mentor_has_one_trainee_beside_and_who_has_an_own_mentor_needs_that_one() -> None:
    mentor = facts(MO, status={"chat": Status.MENTOR})
    trainee = facts(TIM, status={"chat": Status.WALKING_ALONG})
    walks = facts(ANJA, status={"chat": Status.WALKING_ALONG})
    beside = on(1, EARLY, MO, role="mentor")
    along = on(2, EARLY, TIM, role="trainee")

    alone = sheet((), mentor, trainee, walks)
    one = sheet([beside], mentor, trainee, walks)
    two = sheet([beside, along], mentor, trainee, walks)
    others = sheet([beside], mentor, replace(trainee, mentor=ANJA), walks)
    missed = sheet([replace(beside, state="no_show")], mentor, trainee, walks)

    assert Book(alone).against(TIM, EARLY) == (Code.TRAINEE_ALONE,)
    assert Book(one).against(TIM, EARLY) == ()
    assert Book(two).against(ANJA, EARLY) == (Code.TRAINEE_ALONE,)
    assert Book(others).against(TIM, EARLY) == (Code.TRAINEE_ALONE,)
    assert Book(missed).against(TIM, EARLY) == (Code.TRAINEE_ALONE,)
    assert Book(two).left_alone(EARLY.shift) == ()
    assert Book(two).left_alone(EARLY.shift, [beside.place]) == (along,)


def test_four_desks_are_counted_at_the_busiest_moment() -> None:
    sitting = [
        on(each, row(each, during), None)
        for each, during in enumerate((at(0, 7), at(0, 7), at(0, 9), at(0, 11), at(0, 12)))
    ]
    book = Book(sheet(sitting, facts(ANJA, home=False)))
    reserve = Book(sheet([replace(each, role="reserve") for each in sitting]))

    # From 9 to 11 three, from 12 to 13 three: never four at once.
    assert book.against(ANJA, row(20, at(0, 7, 6))) == ()
    more = [*sitting, on(9, row(9, at(0, 12, 2)), None)]
    full = Book(sheet(more, facts(ANJA, home=False)))
    assert full.against(ANJA, row(20, at(0, 7, 6))) == (Code.DESKS_FULL,)
    assert full.against(ANJA, row(20, at(0, 7, 5))) == ()
    assert full.against(ANJA, row(20, at(0, 7, 6)), role="reserve") == ()
    assert reserve.against(ANJA, row(20, at(0, 7, 6))) == ()


def test_a_full_shift_is_full_for_who_fills_a_seat_only() -> None:
    others = [on(1, EARLY, MO), on(2, EARLY, TIM)]
    book = Book(sheet(others, facts(ANJA), facts(MO), facts(TIM)))
    missed = Book(
        sheet([others[0], replace(others[1], state="no_show")], facts(ANJA), facts(MO), facts(TIM))
    )

    assert book.against_own(ANJA, EARLY) == (Code.SHIFT_FULL,)
    assert book.against_own(ANJA, EARLY, role="reserve") == ()
    assert book.against_own(ANJA, EARLY, without=[others[0].place]) == ()
    assert book.against(ANJA, EARLY) == ()
    assert (book.missing(EARLY), missed.missing(EARLY)) == (0, 1)


def test_who_is_unknown_or_of_another_branch_is_not_found() -> None:
    elsewhere = replace(EARLY, branch=BranchId(UUID(int=2)))
    off = replace(EARLY, state="cancelled")

    assert Book(sheet()).against(MO, EARLY) == (Code.NOT_FOUND,)
    assert Book(sheet()).against(ANJA, elsewhere) == (Code.NOT_FOUND,)
    assert Book(sheet()).against(ANJA, off) == (Code.SHIFT_CANCELLED,)


def test_every_rule_of_planning_is_a_code_and_what_nobody_may_is_not_set_aside() -> None:
    assert {Code(each.value) for each in Rule}
    assert {Code(each.value) for each in Rule if each not in NEVER} <= WITH_YES
    assert not {Code(each.value) for each in NEVER} & WITH_YES


@pytest.mark.parametrize(
    ("status", "role"),
    [
        ({"chat": Status.MENTOR}, "mentor"),
        ({"chat": Status.INDEPENDENT}, "listener"),
        ({"chat": Status.WALKING_ALONG}, "trainee"),
        ({"chat": Status.WALKING_ALONG, "phone": Status.MENTOR}, "trainee"),
    ],
)
def test_as_what_somebody_stands_follows_from_the_channel(
    status: dict[str, Status], role: str
) -> None:
    assert role_of(facts(ANJA, status=status), ("chat",)) == role


@given(minutes=st.integers(0, 3 * 365 * 24 * 60), hours=st.integers(1, 12))
def test_a_stint_is_as_long_as_its_hours_and_its_weeks_begin_on_monday(
    minutes: int, hours: int
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    found = stint(Interval(start, start + timedelta(hours=hours)), ("chat",), night=False)

    assert found.end - found.start == hours * 60
    assert date.fromordinal(found.day // 7 * 7 + 1).weekday() == 0
    weeks = period_of((), date.fromordinal(found.day + 1))
    assert found.day in weeks
    assert (len(weeks), weeks.start % 7) == (28, 0)
