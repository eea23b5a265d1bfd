"""What the statements about shifts promise on a real database."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering import store
from tests.support.hours import plan, stop_time

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_the_database_itself_lets_nobody_stand_in_two_places(built: TestHouse) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=0)
    await plan(built, person, 60, 60)

    with pytest.raises(asyncpg.ExclusionViolationError):
        await built.owner.execute(
            "insert into place (id, shift, branch, person, during, state)"
            " select $1, shift, branch, person, during, 'published' from place",
            new_id(built.house.tokens),
        )


async def test_who_is_being_put_on_a_shift_is_not_put_on_another_meanwhile(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person, other = await built.volunteer("anja", hours=0), await built.volunteer("bas", hours=0)
    house = built.house
    async with asyncio.TaskGroup() as group:
        async with house.database.transaction(LINE) as tx:
            await store.lock_person(tx, person)

            await plan(built, other, 60, 60)
            same = group.create_task(plan(built, person, 60, 60))
            _done, waits = await asyncio.wait({same}, timeout=0.3)

            assert waits == {same}
        shift = await same

    assert await built.owner.fetchval("select shift from place where person = $1", person) == shift
