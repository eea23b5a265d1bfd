"""Whom a volunteer can ask, what there is instead, and what is asked of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Code
from tests.support.roster import MONDAY, acting, begin, known, people, put, refusal, shift

if TYPE_CHECKING:
    from luisterlijn.rostering.wire_own import AskedSwap
    from tests.support.house import TestHouse


@pytest.fixture(autouse=True)
async def _still(built: TestHouse) -> None:
    await begin(built)


async def test_choices_are_who_may_come_and_what_may_be_had_by_first_name(
    built: TestHouse,
) -> None:
    anja, bert, carla, dirk = await people(built, "anja", "bert", "carla", "dirk")
    await built.owner.execute("update person set name = 'Carla Bos' where id = $1", carla)
    await known(built, dirk, leaves=MONDAY)
    mine = await put(built, await shift(built, 7), anja)
    theirs = await shift(built, 9)
    same_day = await shift(built, 7, 15)
    await put(built, theirs, bert)
    await put(built, same_day, bert)
    await shift(built, 10)  # nobody stands there: that is an open shift, no swap

    seen = await built.house.roster.swap_views.choices(acting(built, anja), mine.place)

    assert [each.name for each in seen.colleagues] == ["Carla"], "Bert is busy, Dirk has left"
    assert [each.shift for each in seen.shifts] == [same_day.hex, theirs.hex]
    assert (
        await refusal(built.house.roster.swap_views.choices(acting(built, bert), mine.place))
        is Code.NOT_FOUND
    )


async def asked(built: TestHouse, person: object) -> list[AskedSwap]:
    me = acting(built, person)  # type: ignore[arg-type] # one of the people
    return (await built.house.roster.own_views.roster(me, MONDAY, 28)).asked


async def test_a_swap_is_shown_to_whom_it_can_be_done_with_and_to_the_one_asked(
    built: TestHouse,
) -> None:
    anja, bert, carla, dirk = await people(built, "anja", "bert", "carla", "dirk")
    roster = built.house.roster
    hers = await put(built, await shift(built, 7), anja)
    wanted = await shift(built, 9)
    his = await put(built, wanted, bert)
    busy = await put(built, await shift(built, 7, 9), dirk)
    swap = await roster.swaps.offer(acting(built, anja), hers.place, wants=[wanted])
    assert swap is not None

    [for_bert] = await asked(built, bert)
    assert (for_bert.name, for_bert.mine, for_bert.to_me) == ("Anja", [his.place.hex], False)
    assert await asked(built, carla) == []
    assert await asked(built, anja) == []

    # Given away instead, to all: who is busy is not asked. To the one who is busy: that one is.
    await roster.swaps.offer(acting(built, anja), hers.place)
    assert [each.mine for each in await asked(built, carla)] == [[]]
    assert await asked(built, dirk) == []
    await roster.swaps.offer(acting(built, anja), hers.place, asked=dirk)
    assert [each.to_me for each in await asked(built, dirk)] == [True]
    assert await asked(built, carla) == []
    assert busy.person == dirk


async def test_a_shift_that_has_begun_has_no_choices(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    mine = await put(built, await shift(built, 1), anja)
    await built.time.freeze(mine.during.start)

    order = built.house.roster.swap_views.choices(acting(built, anja), mine.place)

    assert await refusal(order) is Code.TOO_LATE
