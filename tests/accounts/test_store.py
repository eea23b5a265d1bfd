"""What the statements about people, codes and sessions do when two come at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from luisterlijn.accounts import store
from luisterlijn.kernel.ids import BranchId, new_id
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from tests.accounts.conftest import Desk


async def test_of_many_who_use_one_code_at_once_one_gets_in(desk: Desk) -> None:
    async def use() -> bool:
        async with desk.built.house.database.transaction(LINE) as tx:
            return await store.code_used(tx, desk.anja, 1_000)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(use()) for _ in range(8)]

    assert sorted(task.result() for task in tasks) == [False] * 7 + [True]


async def test_an_older_code_does_not_count_after_a_newer_one(desk: Desk) -> None:
    async with desk.built.house.database.transaction(LINE) as tx:
        newer = await store.code_used(tx, desk.anja, 1_000)
        older = await store.code_used(tx, desk.anja, 999)

    assert (newer, older) == (True, False)


async def test_a_session_is_written_as_heard_at_most_once_a_minute(desk: Desk) -> None:
    token, _ = await desk.sign_in()

    async def heard() -> object:
        return await desk.built.owner.fetchval("select heard from session")

    first = await heard()
    await desk.accounts.acting(token)
    soon = await heard()
    await desk.built.time.advance(61)
    await desk.accounts.acting(token)
    later = await heard()

    assert first == soon
    assert later != first


async def test_names_of_people_and_branches_are_used_once(desk: Desk) -> None:
    database, tokens = desk.built.house.database, desk.built.house.tokens

    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.transaction(LINE) as tx:
            await store.insert_branch(tx, BranchId(new_id(tokens)), "utrecht", "Nog een")


async def test_a_database_says_whether_the_demo_made_it(desk: Desk) -> None:
    async with desk.built.house.database.transaction(LINE) as tx:
        before = (await store.is_empty(tx), await store.made_by_demo(tx))
        await tx.run("update person set demo = true")
        after = (await store.is_empty(tx), await store.made_by_demo(tx))

    assert (before, after) == ((False, False), (False, True))
