"""Wishes: proposed, given, changed until the period is a draft."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering.model import Wish
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
)

if TYPE_CHECKING:
    from tests.support.house import TestHouse

NEXT = MONDAY + timedelta(days=7)
WEEK = ("0000r2",) + ("111111",) * 6
GIVEN = Wish(levels=WEEK, wanted=2, most=3, nights=1)


@pytest.fixture(autouse=True)
async def _still(built: TestHouse) -> None:
    await begin(built)


async def test_wishes_are_proposed_from_what_was_agreed_then_from_the_period_before(
    built: TestHouse,
) -> None:
    [anja] = await people(built, "anja")
    await known(built, anja, hours_agreed=12, most_shifts=5, most_nights=1)
    roster, me = built.house.roster, acting(built, anja)
    one = await roster.periods.open(coordinator(built), built.branch, NEXT, 7)
    await roster.periods.open(coordinator(built), built.branch, NEXT + timedelta(days=7), 14)

    before = await roster.wishes.of(me)
    await roster.wishes.write(me, one.period, GIVEN)
    after = await roster.wishes.of(me)

    assert [each.given for each in before] == [False, False]
    first = before[0].wish
    assert (first.wanted, first.most, first.nights, set(first.levels)) == (3, 5, 1, {"111111"})
    assert [each.given for each in after] == [True, False]
    assert after[0].wish == GIVEN
    assert after[1].wish == replace(GIVEN, levels=WEEK * 2)


async def test_wishes_are_refused_once_the_period_is_a_draft_or_when_they_do_not_fit(
    built: TestHouse,
) -> None:
    [anja] = await people(built, "anja")
    roster, me = built.house.roster, acting(built, anja)
    period = (await roster.periods.open(coordinator(built), built.branch, NEXT, 7)).period

    for wrong in (replace(GIVEN, levels=WEEK[1:]), replace(GIVEN, most=1)):
        assert await refusal(roster.wishes.write(me, period, wrong)) is Code.BAD_REQUEST
    nowhere = new_id(built.house.tokens)
    assert await refusal(roster.wishes.write(me, nowhere, GIVEN)) is Code.NOT_FOUND
    await roster.periods.lay_out(coordinator(built), period)

    assert await refusal(roster.wishes.write(me, period, GIVEN)) is Code.TOO_LATE


async def test_a_wish_is_for_the_own_branch_and_may_be_put_in_by_its_coordinator(
    built: TestHouse,
) -> None:
    [anja] = await people(built, "anja")
    roster = built.house.roster
    other = BranchId(new_id(built.house.tokens))
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_branch(tx, other, "zwolle", "Zwolle")
    theirs = await roster.periods.open(LINE, other, NEXT, 7)
    ours = await roster.periods.open(LINE, built.branch, NEXT, 7)

    order = roster.wishes.write(acting(built, anja), theirs.period, GIVEN)
    assert await refusal(order) is Code.NOT_FOUND
    await roster.wishes.write_for(coordinator(built), ours.period, anja, GIVEN)

    [shown] = (await roster.plan_views.wishes(coordinator(built), ours.period)).people
    assert (shown.name, shown.given, shown.on_behalf, shown.wanted) == ("Anja", True, True, 2)


async def test_who_wished_never_then_is_put_on_only_with_a_yes_but_signs_up_freely(
    built: TestHouse,
) -> None:
    [anja] = await people(built, "anja")
    roster, me = built.house.roster, acting(built, anja)
    period = (await roster.periods.open(coordinator(built), built.branch, NEXT, 7)).period
    await roster.wishes.write(me, period, GIVEN)
    morning, night = await shift(built, 7, 7), await shift(built, 7, 27)

    assert await refusal(put(built, morning, anja)) is Code.NOT_AVAILABLE
    assert await refusal(put(built, night, anja)) is None
    with_a_yes = await put(built, await shift(built, 7, 11), anja, allowed="own-wish")
    assert with_a_yes.allowed == "own-wish"
    assert await refusal(roster.own.sign_up(me, await shift(built, 14))) is None
