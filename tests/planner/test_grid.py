"""The hours of drafts as an engine's days and templates."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from luisterlijn.planner.grid import HOUR, Grid
from luisterlijn.planning.instance import Assignment
from tests.support.planner import MONDAY
from tests.support.sheets import facts, on, row


def test_the_length_that_most_drafts_have_is_planned_and_the_longer_of_two() -> None:
    four, three = row(0, 7), row(1, 7, hours=3)

    both = Grid.of([three, four], MONDAY, 7)
    most = Grid.of([three, four, row(2, 7, hours=3)], MONDAY, 7)

    assert both is not None
    assert most is not None
    assert (both.length, both.left) == (4 * HOUR, (three,))
    assert (most.length, most.left) == (3 * HOUR, (four,))
    assert Grid.of([], MONDAY, 7) is None
    assert Grid.of([row(9, 7)], MONDAY, 7) is None, "beyond the days"
    assert Grid.of([row(0, 7, hours=13)], MONDAY, 7) is None


def test_a_place_of_the_same_hours_is_on_the_grid_whoever_published_it() -> None:
    night = row(0, 27, night=True)
    grid = Grid.of([row(0, 7), night], MONDAY, 7)
    anja = facts("anja")
    assert grid is not None

    there = [
        grid.row({anja.person: 3}, on(replace(night, state="published"), anja)),
        grid.row({anja.person: 3}, on(row(0, 12), anja)),
        grid.row({}, on(night, anja)),
        grid.row({anja.person: 3}, on(night, anja, person=None)),
    ]

    assert there == [Assignment(3, 0, 1, "phone"), None, None, None]
    assert list(grid.slots((0, 1))) == list(range(54, 62))
    assert (grid.is_night(27), grid.is_night(7)) == (True, False)


def test_two_drafts_of_the_same_hours_stand_on_one_place() -> None:
    calls, chats = row(0, 7, channels=("phone",)), row(0, 7, channels=("chat",))

    grid = Grid.of([calls, chats], MONDAY, 7)

    assert grid is not None
    assert grid.shifts == {(0, 0): (calls, chats)}
    assert grid.place(calls.during) == (0, 0)
    shorter = replace(calls.during, end=calls.during.end - timedelta(hours=1))
    assert grid.place(shorter) is None
