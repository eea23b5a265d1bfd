"""An honest word on waiting, and when the line is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from luisterlijn.dispatch.waiting import Cover, Opening, expected, opening

NOW = datetime(2026, 3, 14, 22, tzinfo=UTC)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def place(
    starts: float = -120, ends: float = 120, *, margin: float = 10, seen: float | None = None
) -> Cover:
    """A place, in minutes from now."""
    return Cover(
        starts=NOW + minutes(starts),
        ends=NOW + minutes(ends),
        margin=minutes(margin),
        seen=NOW + minutes(seen) if seen is not None else None,
    )


def test_with_fewer_than_five_waits_we_say_that_we_do_not_know() -> None:
    assert expected([]) is None
    assert expected([minutes(3)] * 4) is None
    assert expected([minutes(3)] * 5) == minutes(3)


def test_the_wait_told_is_what_most_had_and_one_long_one_changes_nothing() -> None:
    assert expected([minutes(each) for each in (1, 2, 3, 4, 180)]) == minutes(3)


def test_only_the_last_20_waits_count() -> None:
    assert expected([minutes(90)] * 30 + [minutes(2)] * 20) == minutes(2)
    assert expected([minutes(2)] * 30 + [minutes(90)] * 11) == minutes(90)


def test_without_anybody_on_a_shift_the_line_is_closed() -> None:
    assert opening([], None, NOW) is Opening.CLOSED


def test_a_running_place_whose_volunteer_is_there_opens_the_line() -> None:
    assert opening([place(seen=-0.1)], None, NOW) is Opening.OPEN


@pytest.mark.parametrize("seen", [None, -5, -60])
def test_a_running_place_whose_volunteer_is_not_there_admits_but_says_so(
    seen: float | None,
) -> None:
    assert opening([place(seen=seen)], None, NOW) is Opening.NOBODY_YET


def test_a_shift_that_just_began_has_five_minutes_before_anything_is_said() -> None:
    assert opening([place(starts=-4.9)], None, NOW) is Opening.OPEN
    assert opening([place(starts=-5)], None, NOW) is Opening.NOBODY_YET


def test_a_first_shift_opens_the_line_when_it_starts_not_when_its_volunteer_checks_in() -> None:
    assert opening([place(starts=0.1, seen=-0.1)], None, NOW) is Opening.CLOSED
    assert opening([place(starts=0, seen=-0.1)], None, NOW) is Opening.OPEN


def test_the_last_call_margin_closes_the_line_before_the_shift_ends() -> None:
    assert opening([place(ends=10.1, seen=0)], None, NOW) is Opening.OPEN
    assert opening([place(ends=10, seen=0)], None, NOW) is Opening.CLOSED


def test_the_expected_wait_closes_the_line_before_somebody_would_wait_for_nothing() -> None:
    assert opening([place(ends=30.1, seen=0)], minutes(20), NOW) is Opening.OPEN
    assert opening([place(ends=30, seen=0)], minutes(20), NOW) is Opening.CLOSED


def test_the_change_of_shifts_closes_nothing() -> None:
    leaving, coming = place(ends=8, seen=0), place(starts=8, ends=240)

    assert opening([leaving, coming], minutes(5), NOW) is Opening.OPEN
    assert opening([coming], None, NOW) is Opening.CLOSED
    assert opening([leaving, place(starts=9, ends=240)], minutes(5), NOW) is Opening.CLOSED


def test_shifts_that_join_on_in_a_row_are_one() -> None:
    row = [place(starts=20, ends=60), place(starts=5, ends=20), place(ends=5, seen=0)]

    assert opening(row, minutes(10), NOW) is Opening.OPEN


def test_the_volunteer_with_the_shortest_margin_keeps_the_line_open() -> None:
    cover = [place(ends=12, margin=20, seen=0), place(ends=12, margin=0, seen=0)]

    assert opening(cover, None, NOW) is Opening.OPEN
