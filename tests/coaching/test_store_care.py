"""The rows of after-care: counted for one shift, told once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.coaching import store_care
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_the_coaches_are_to_be_told_once_when_it_was_heavy_and_agreed(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    told = []

    async with built.house.database.transaction(LINE) as tx:
        ends = tx.now + timedelta(hours=4)
        for _each in range(3):
            await store_care.count_heavy(tx, person, ends)
        told.append(await store_care.to_be_told(tx, person, 3))
        await store_care.agree(tx, person, ends, agrees=True)
        told.append(await store_care.to_be_told(tx, person, 4))
        told.append(await store_care.to_be_told(tx, person, 3))
        told.append(await store_care.to_be_told(tx, person, 3))

    assert told == [False, False, True, False]


async def test_after_the_shift_nothing_of_it_counts(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.time.freeze(await built.time.now())
    async with built.house.database.transaction(LINE) as tx:
        ends = tx.now + timedelta(hours=1)
        await store_care.agree(tx, person, ends, agrees=True)
        for _each in range(3):
            await store_care.count_heavy(tx, person, ends)
    await built.time.advance(3_600)

    async with built.house.database.transaction(LINE) as tx:
        over = await store_care.to_be_told(tx, person, 3)
        await store_care.agree(tx, person, tx.now + timedelta(hours=1), agrees=True)
        row = await tx.row("select heavy, told from care")

    assert not over
    assert row is not None
    assert tuple(row) == (0, False)


async def test_a_branch_that_is_none_has_no_coordinator(built: TestHouse) -> None:
    async with built.house.database.transaction(LINE) as tx:
        assert await store_care.coordinators(tx, None) == []
