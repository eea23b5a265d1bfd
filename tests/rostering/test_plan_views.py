"""The inbox of a coordinator, and who wishes what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.ids import BranchId, new_id
from luisterlijn.rostering.model import Wish
from tests.support.roster import MONDAY, acting, begin, coordinator, people, put, shift

if TYPE_CHECKING:
    from tests.support.house import TestHouse

NEXT = MONDAY + timedelta(days=7)


@pytest.fixture(autouse=True)
async def _still(built: TestHouse) -> None:
    await begin(built)


async def test_the_inbox_tells_what_waits_with_names_hours_and_what_it_would_open(
    built: TestHouse,
) -> None:
    anja, bert = await people(built, "anja", "bert")
    roster, cora = built.house.roster, coordinator(built)
    hers = await put(built, await shift(built, 8), anja)
    wanted = await shift(built, 9)
    await put(built, wanted, bert)
    await roster.swaps.offer(acting(built, anja), hers.place, wants=[wanted], asked=bert)
    await roster.leaves.ask(acting(built, bert), NEXT, NEXT + timedelta(days=3))
    before = await roster.leaves.ask(acting(built, anja), MONDAY, MONDAY)
    await roster.leaves.grant(cora, before.leave)

    seen = await roster.plan_views.inbox(cora, built.branch)
    nothing = await roster.plan_views.inbox(
        coordinator(built, BranchId(new_id(built.house.tokens))), built.branch
    )

    [swap], [leave], [granted] = seen.swaps, seen.leave, seen.granted
    assert (swap.name, swap.asked_name, swap.place) == ("Anja", "Bert", hers.place.hex)
    assert [each.shift for each in swap.wants] == [wanted.hex]
    assert (leave.name, leave.first, leave.last) == ("Bert", "2026-03-09", "2026-03-12")
    assert [each.shift for each in leave.releases] == [wanted.hex]
    assert (granted.name, granted.state) == ("Anja", "granted")
    assert (nothing.swaps, nothing.leave, nothing.granted) == ([], [], [])


async def test_leave_put_in_for_somebody_shows_what_it_touches(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    roster, cora = built.house.roster, coordinator(built)
    place = await put(built, await shift(built, 7), anja)
    leave = await roster.leaves.ask_for(cora, anja, NEXT, NEXT)

    shown = await roster.plan_views.leave(cora, leave)

    assert (shown.name, shown.on_behalf) == ("Anja", True)
    assert [each.place for each in shown.releases] == [place.place.hex]


async def test_a_place_of_who_has_left_has_no_name(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    place = await put(built, await shift(built, 7), anja)
    views = built.house.roster.plan_views

    [shown] = await views.places(coordinator(built), [place])
    gone = replace(place, person=None)
    [left] = await views.places(coordinator(built), [gone])

    assert (shown.name, shown.person) == ("Anja", anja.hex)
    assert (left.name, left.person) == ("", None)


async def test_everybody_of_the_branch_is_in_the_list_of_wishes(built: TestHouse) -> None:
    anja, _bert = await people(built, "anja", "bert")
    roster, cora = built.house.roster, coordinator(built)
    period = await roster.periods.open(cora, built.branch, NEXT, 7)
    wish = Wish(levels=("01r2r0",) * 7, wanted=1, most=2, nights=1)
    await roster.wishes.write(acting(built, anja), period.period, wish)

    seen = (await roster.plan_views.wishes(cora, period.period)).people

    assert [(each.name, each.given, each.wanted) for each in seen] == [
        ("Anja", True, 1),
        ("Bert", False, 4),
    ]
