"""An honest word on waiting, and when the line is open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from luisterlijn.dispatch.waiting import (
    ENOUGH,
    RECENT,
    Band,
    Cover,
    Opening,
    Waited,
    band,
    expected,
    in_minutes,
    opening,
)
from tests.support.queueing import Evening, told_and_waited

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


# The band.


def waited(count: float, *, place: int = 1, serving: int = 1, ago: float = 0) -> Waited:
    """A wait of so many minutes, answered so many minutes ago."""
    return Waited(place=place, serving=serving, waited=minutes(count), at=NOW - minutes(ago))


def test_with_fewer_than_five_waits_or_nobody_serving_there_is_no_band() -> None:
    waits = [waited(3)] * ENOUGH

    assert band(waits[1:], 1, 1, NOW) is None
    assert band(waits, 1, 0, NOW) is None
    assert band(waits, 1, 1, NOW) is not None


def test_waits_of_another_part_of_the_day_are_forgotten() -> None:
    longest_ago = RECENT / minutes(1)

    assert band([waited(3, ago=longest_ago)] * ENOUGH, 1, 1, NOW) is not None
    assert band([waited(3, ago=longest_ago + 1)] * ENOUGH, 1, 1, NOW) is None


def test_few_waits_give_a_band_with_one_end_and_nine_give_two() -> None:
    few = band([waited(each) for each in (1, 2, 3, 4, 5)], 1, 1, NOW)
    many = band([waited(each) for each in range(1, 10)], 1, 1, NOW)

    assert few is not None
    assert (few.low, few.high) == (minutes(0), minutes(4.8))
    assert many is not None
    assert (many.low, many.high) == (minutes(1), minutes(9))


def test_the_band_moves_with_the_place_and_with_who_is_on_duty() -> None:
    waits = [waited(each, place=2, serving=4) for each in range(1, 10)]
    same = band(waits, 2, 4, NOW)
    assert same is not None

    twice_as_far = band(waits, 4, 4, NOW)
    half_as_many = band(waits, 2, 2, NOW)

    assert twice_as_far == half_as_many == Band(low=2 * same.low, high=2 * same.high)


def test_one_wait_beyond_all_measure_does_not_move_the_band_far() -> None:
    waits = [waited(each) for each in range(1, 20)]

    assert band([*waits, waited(600)], 1, 1, NOW) == Band(low=minutes(2.1), high=minutes(18.9))


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (0.1, 0.2, (0, 1)),
        (3.0, 3.0, (3, 4)),
        (3.9, 8.1, (3, 9)),
        (9.9, 10.1, (9, 15)),
        (13, 22, (10, 25)),
    ],
)
def test_a_band_is_told_in_whole_minutes_and_never_narrower_than_it_is(
    low: float, high: float, told: tuple[int, int]
) -> None:
    assert in_minutes(Band(low=minutes(low), high=minutes(high))) == told


@pytest.mark.parametrize(
    "evening",
    [
        pytest.param(Evening(load=0.5), id="quiet"),
        pytest.param(Evening(load=0.85, people=12), id="a full house"),
        pytest.param(Evening(load=1.1), id="more than they can answer"),
        pytest.param(Evening(load=0.8, swings=0.4, changes=True), id="a day with shifts"),
    ],
)
def test_four_in_five_of_those_who_are_answered_waited_within_their_band(
    evening: Evening,
) -> None:
    found = [each for seed in range(4) for each in told_and_waited(evening, seed)]

    within = sum(told.low <= wait <= told.high for told, wait in found)
    assert len(found) > 1_000
    assert 0.75 <= within / len(found) <= 0.85


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
