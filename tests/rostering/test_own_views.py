"""What a volunteer sees of the roster: the own places, what is open by need, the balance."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import PlaceId, new_id
from luisterlijn.kernel.scope import LINE
from tests.support.roster import (
    MONDAY,
    acting,
    begin,
    coordinator,
    known,
    people,
    put,
    refusal,
    shift,
    trained,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from luisterlijn.kernel.ids import ShiftId
    from luisterlijn.rostering.ports import ShiftRow
    from luisterlijn.store.database import Transaction
    from tests.support.house import TestHouse


@pytest.fixture(autouse=True)
async def _still(built: TestHouse) -> None:
    await begin(built)


async def test_the_own_places_say_what_can_be_pressed_and_nobody_elses_are_there(
    built: TestHouse,
) -> None:
    anja, bert = await people(built, "anja", "bert")
    roster, me = built.house.roster, acting(built, anja)
    planned = await put(built, await shift(built, 7, wanted=2), anja)
    own = await roster.own.sign_up(me, await shift(built, 9))
    await put(built, await shift(built, 8), bert)
    await put(built, await shift(built, 10, state="concept"), anja, allowed="own-wish")
    await roster.swaps.offer(me, planned.place, asked=bert)

    seen = await roster.own_views.roster(me, MONDAY, 28)

    first, second = seen.places
    assert (first.place, second.place) == (planned.place.hex, own.place.hex)
    assert (first.may_confirm, first.may_give_up, first.may_swap) == (True, True, True)
    assert first.undo_until_at is None
    assert second.undo_until_at is not None
    assert first.swap is not None
    assert (first.swap.asked_name, second.swap) == ("Bert", None)
    assert (seen.balance.shifts, seen.balance.hours) == (2, 8.0)


async def test_open_shifts_are_those_that_one_may_take_the_most_needed_first(
    built: TestHouse,
) -> None:
    anja, bert = await people(built, "anja", "bert")
    roster, me = built.house.roster, acting(built, anja)
    half, empty, full = (
        await shift(built, 7, wanted=3),
        await shift(built, 8),
        await shift(built, 9),
    )
    for each in (half, full):
        await put(built, each, bert)
    for _hidden in (
        await shift(built, 10, state="concept"),
        await shift(built, 10, state="cancelled"),
        await shift(built, 10, channels=("phone",)),
        await shift(built, 0, 11),
    ):
        pass

    seen = (await roster.own_views.open_shifts(me, MONDAY, 28)).shifts

    assert [(each.shift, each.need, each.missing) for each in seen] == [
        (empty.hex, "urgent", 1),
        (half.hex, "needed", 2),
    ]


async def test_what_the_planner_reckons_decides_among_shifts_of_equal_need(
    built: TestHouse,
) -> None:
    [anja] = await people(built, "anja")
    shifts = [await shift(built, each) for each in (7, 8, 9)]

    async def costs(_tx: Transaction, asked: Sequence[ShiftRow]) -> Mapping[ShiftId, float]:
        return {each.shift: float(shifts.index(each.shift)) for each in asked}

    views = built.house.roster.own_views
    before = (await views.open_shifts(acting(built, anja), MONDAY, 28)).shifts
    views.needs = costs
    after = (await views.open_shifts(acting(built, anja), MONDAY, 28)).shifts

    assert [each.shift for each in before] == [each.hex for each in shifts]
    assert [each.shift for each in after] == [each.hex for each in reversed(shifts)]


async def test_a_trainee_and_a_mentor_see_each_other_by_first_name(built: TestHouse) -> None:
    mo, tim, anja = await people(built, "mo", "tim", "anja")
    await built.owner.execute("update person set name = 'Mo de Vries' where id = $1", mo)
    await trained(built, mo, "mentor")
    await trained(built, tim, "walking_along")
    monday = await shift(built, 7, wanted=2)
    for each in (mo, tim, anja):
        await put(built, monday, each)
    views = built.house.roster.own_views

    beside = [
        (await views.roster(acting(built, each), MONDAY, 28)).places[0].beside
        for each in (tim, mo, anja)
    ]

    assert beside == [["Mo"], ["Tim"], []]


async def test_the_branchs_median_is_told_from_five_people_on(built: TestHouse) -> None:
    few = await people(built, "a", "b", "c", "d")
    views = built.house.roster.own_views
    before = (await views.roster(acting(built, few[0]), MONDAY, 7)).balance
    [last] = await people(built, "e")
    await known(built, last, hours_agreed=12)

    after = (await views.roster(acting(built, last), MONDAY, 7)).balance

    assert (before.nights_branch, before.weekends_branch) == (None, None)
    assert (after.nights_branch, after.feasts_branch, after.hours_agreed) == (0.0, 0.0, 12)


async def test_leave_and_open_wishes_are_told_and_another_has_no_roster(
    built: TestHouse,
) -> None:
    anja, bert = await people(built, "anja", "bert")
    roster, me = built.house.roster, acting(built, anja)
    await roster.leaves.ask(me, MONDAY + timedelta(days=7), MONDAY + timedelta(days=8))
    gone = await roster.leaves.ask(me, MONDAY, MONDAY)
    await roster.leaves.withdraw(me, gone.leave)
    await roster.periods.open(coordinator(built), built.branch, MONDAY + timedelta(days=7), 28)
    place = await put(built, await shift(built, 3), bert)

    seen = await roster.own_views.roster(me, MONDAY, 7)

    assert [(each.first, each.state) for each in seen.leave] == [("2026-03-09", "asked")]
    assert seen.wishes_open
    assert await refusal(roster.own_views.place(me, place.place)) is Code.NOT_FOUND
    nobody = PlaceId(new_id(built.house.tokens))
    assert await refusal(roster.own_views.place(me, nobody)) is Code.NOT_FOUND
    await built.owner.execute("update person set branch = null where id = $1", anja)
    assert await refusal(roster.own_views.roster(me, MONDAY, 7)) is Code.NOT_FOUND
    async with built.house.database.transaction(LINE) as tx:
        assert await roster.current(tx, anja) is None
