"""A branch's board and the line's, out of real rows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.planner import wire
from tests.support.coaching import refused
from tests.support.planner import (
    MONDAY,
    another_branch,
    at,
    expect,
    listener,
    place,
    scope,
    shift,
)

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_the_board_says_who_stands_where_what_is_missing_and_what_that_costs(
    built: TestHouse,
) -> None:
    await expect(built)
    morning, night = await shift(built, at(0, 7)), await shift(built, at(0, 27), night=True)
    anja, bert = await listener(built, "anja"), await listener(built, "bert")
    await place(built, morning, anja, pinned=True, allowed="own-wish")
    await place(built, morning, bert, role="reserve", state="published")

    coordinator = scope(built, Role.COORDINATOR, branch=built.branch)
    board = await built.house.planner.boards.board(coordinator, None, MONDAY, 7)

    assert (board.branch_name, board.expectation, board.missing) == ("Utrecht", "frozen", 3)
    assert [(row.starts, row.ends, row.night) for row in board.rows] == [
        ("07:00", "11:00", False),
        ("03:00", "07:00", True),
    ]
    first, second = board.shifts
    assert (first.shift, second.shift) == (morning.hex, night.hex)
    assert first.day == second.day == MONDAY, "the small hours belong to the day before"
    # A reserve fills no place.
    assert (first.here, first.missing, first.short) == (1, 1, 0)
    assert (second.here, second.missing, second.short) == (0, 2, 1)
    assert [(each.name, each.role, each.pinned, each.allowed) for each in first.places] == [
        ("Anja", "listener", True, "own-wish"),
        ("Bert", "reserve", False, None),
    ]
    assert first.gap is not None
    assert second.gap is not None
    assert second.gap > first.gap > 0
    assert board.gap == pytest.approx(first.gap + second.gap)
    assert first.busy == "middle"


async def test_people_of_other_branches_answer_the_same_callers(built: TestHouse) -> None:
    await expect(built)
    await shift(built, at(0, 7), wanted=1)
    planner = scope(built, Role.PLANNER)
    boards = built.house.planner.boards
    alone = (await boards.board(planner, built.branch, MONDAY, 1)).shifts[0].gap
    other = await another_branch(built)
    there = await shift(built, at(0, 7), branch=other, wanted=40, state="published")
    for number in range(30):
        person = await listener(built, f"z{number}", branch=other)
        await place(built, there, person, state="published")

    board = await boards.board(planner, built.branch, MONDAY, 1)

    assert len(board.shifts) == 1
    assert board.shifts[0].gap is not None
    assert alone is not None
    assert board.shifts[0].gap < alone / 10


async def test_without_an_expectation_heads_are_counted_and_nothing_is_made_up(
    built: TestHouse,
) -> None:
    await shift(built, at(0, 7))

    board = await built.house.planner.boards.board(
        scope(built, Role.PLANNER), built.branch, MONDAY, 7
    )

    assert (board.expectation, board.missing, board.gap) == ("none", 2, None)
    assert (board.shifts[0].gap, board.shifts[0].busy) == (None, None)


async def test_what_is_frozen_goes_before_the_draft_which_fills_what_it_has_not(
    built: TestHouse,
) -> None:
    await expect(built, phone=4.0, days=1)
    await expect(built, phone=9.0, days=7, state="draft")
    boards = built.house.planner.boards

    nation = await boards.nation(scope(built, Role.PLANNER), MONDAY, 2)

    assert nation.expectation == "draft"
    assert [day.expected for day in nation.totals] == [48 * 6.0, 48 * 11.0]


async def test_the_line_is_told_by_branch_by_day_and_by_half_hour(built: TestHouse) -> None:
    await expect(built)
    other = await another_branch(built)
    mine = await shift(built, at(0, 7), wanted=1)
    await shift(built, at(1, 7), branch=other, wanted=3)
    await shift(built, at(1, 7), branch=other, wanted=3, state="cancelled")
    # It begins in the week before and reaches into this one.
    before = await shift(built, at(0, 3), state="published")
    await place(built, mine, await listener(built, "anja"))
    await place(
        built, before, await listener(built, "bert", channels=("phone",)), state="published"
    )

    nation = await built.house.planner.boards.nation(scope(built, Role.PLANNER), MONDAY, 2)

    assert [each.name for each in nation.branches] == ["Utrecht", "Zwolle"]
    cells = {(cell.branch, cell.day): (cell.wanted, cell.here) for cell in nation.cells}
    assert cells == {
        (built.branch.hex, MONDAY): (1, 1),
        (built.branch.hex, MONDAY + timedelta(days=1)): (0, 0),
        (other.hex, MONDAY): (0, 0),
        (other.hex, MONDAY + timedelta(days=1)): (3, 0),
    }
    assert len(nation.slots) == 96
    assert [slot.here for slot in nation.slots[:12]] == [1, 1, *(1,) * 8, 0, 0]
    assert nation.totals[0].here_hours == 5.0
    assert nation.totals[0].required_hours == 48 * 18 / 2
    assert nation.totals[0].answered is not None
    assert 0 < nation.totals[0].answered < 0.2
    lost = sum(slot.lost or 0 for slot in nation.slots[:48])
    assert lost == pytest.approx(nation.totals[0].lost or 0, abs=0.1)


async def test_the_outlook_is_better_with_the_concept_and_only_of_the_branch_asked(
    built: TestHouse,
) -> None:
    await expect(built)
    other = await another_branch(built)
    mine, theirs = await shift(built, at(0, 7)), await shift(built, at(0, 7), branch=other)
    await place(built, mine, await listener(built, "anja"))
    await place(built, theirs, await listener(built, "bert", branch=other))
    boards = built.house.planner.boards

    own = await boards.outlook(scope(built, Role.COORDINATOR, branch=built.branch), None, MONDAY, 1)
    whole = await boards.outlook(scope(built, Role.PLANNER), None, MONDAY, 1)

    assert own.now is not None
    assert own.draft is not None
    assert whole.draft is not None
    assert own.now.answered == 0
    assert 0 < own.draft.answered < whole.draft.answered
    assert own.draft.lost > whole.draft.lost
    assert own.totals[0].draft == own.draft


async def test_a_coordinator_sees_the_own_branch_and_a_planner_all(built: TestHouse) -> None:
    other = await another_branch(built)
    boards = built.house.planner.boards
    coordinator = scope(built, Role.COORDINATOR, branch=other)

    assert [name for _id, name in await boards.branches(coordinator)] == ["Zwolle"]
    assert len(await boards.branches(scope(built, Role.PLANNER))) == 2
    assert (await boards.branch(scope(built, Role.PLANNER), None))[1] == "Utrecht"
    asked = boards.board(coordinator, built.branch, MONDAY, 7)
    assert await refused(asked) is Code.NOT_FOUND


async def test_a_campaign_is_reckoned_with_until_it_is_removed(built: TestHouse) -> None:
    await expect(built)
    planner, boards = scope(built, Role.PLANNER), built.house.planner.boards
    new = wire.NewDemandEvent(
        name="Week tegen eenzaamheid", kind="campaign", first=MONDAY, last=MONDAY, factor=1.5
    )

    event = await boards.add_event(planner, new)
    with_it = await boards.nation(planner, MONDAY, 1)
    listed = await boards.events(planner)
    await boards.remove_event(planner, event.id)
    without = await boards.nation(planner, MONDAY, 1)

    assert [each.id for each in listed] == [event.id]
    # From six in the morning to midnight is 36 of the 48 half hours.
    assert (with_it.totals[0].expected, without.totals[0].expected) == (22 * (48 + 18), 22 * 48)
    assert await refused(boards.remove_event(planner, event.id)) is Code.NOT_FOUND


async def test_an_event_that_ends_before_it_begins_is_refused(built: TestHouse) -> None:
    new = wire.NewDemandEvent(
        name="x", kind="holiday", first=MONDAY, last=MONDAY - timedelta(days=1), factor=2
    )

    asked = built.house.planner.boards.add_event(scope(built, Role.PLANNER), new)

    assert await refused(asked) is Code.BAD_REQUEST


async def test_an_open_shift_is_needed_by_what_one_more_there_would_save(
    built: TestHouse,
) -> None:
    roster = built.house.roster
    morning = await shift(built, at(0, 7), state="published")
    night = await shift(built, at(0, 27), night=True, state="published")
    later = await shift(built, at(2, 7), state="published")
    anja, bert = await listener(built, "anja"), await listener(built, "bert")
    await place(built, morning, anja, state="published")
    drafted = await place(built, later, anja, state="proposed")
    mine = Scope(person=bert, branch=built.branch, roles=frozenset({Role.VOLUNTEER}))

    without = (await roster.own_views.open_shifts(mine, MONDAY, 7)).shifts
    await expect(built)
    async with built.house.database.transaction(LINE) as tx:
        asked = (await roster.sheet(tx, built.branch, MONDAY, 7)).shifts
        saved = await built.house.planner.boards.needs(tx, asked)
        nothing = await built.house.planner.boards.needs(tx, [])
    seen = (await roster.own_views.open_shifts(mine, MONDAY, 7)).shifts

    assert [each.shift for each in without] == [night.hex, later.hex, morning.hex]
    assert set(saved) == {morning, night, later}
    assert saved[later] == pytest.approx(saved[night]), "a draft is not there yet"
    assert saved[night] > saved[morning] > 0
    assert [each.shift for each in seen] == [night.hex, later.hex, morning.hex]
    assert nothing == {}
    assert drafted is not None
