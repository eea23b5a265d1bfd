"""The rows of the audit trail: one end, read together with its entries."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.audit import model, store
from luisterlijn.audit.model import Head
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from tests.support.house import TestHouse

WAITING = "select count(*) from pg_locks where not granted"


async def test_an_empty_trail_begins_and_ends_with_nothing(built: TestHouse) -> None:
    async with built.house.database.transaction(LINE) as tx:
        entries, head = await store.chain(tx)

    assert entries == []
    assert head == Head(seq=0, hash=model.NOTHING)


async def test_who_writes_holds_the_end_until_the_commit(built: TestHouse) -> None:
    order: list[str] = []

    async def second() -> None:
        async with built.house.database.transaction(LINE) as tx:
            head = await store.head_for_update(tx)
            order.append(f"second sees {head.seq}")

    async with asyncio.TaskGroup() as group, built.house.database.transaction(LINE) as tx:
        await store.head_for_update(tx)
        group.create_task(second())
        while not await built.owner.fetchval(WAITING):  # noqa: ASYNC110 - only PostgreSQL tells
            await asyncio.sleep(0)
        await built.house.audit.note(tx, what="joined", person=None, facts={})
        order.append("first writes")

    assert order == ["first writes", "second sees 1"]


async def test_what_is_kept_to_the_end_of_its_time_is_not_removed(built: TestHouse) -> None:
    async with built.house.database.transaction(LINE) as tx:
        await built.house.audit.note(tx, what="joined", person=None, facts={})
        hour = model.whole_hour(tx.now)

    for before, left in ((hour - timedelta(seconds=1), 1), (hour, 0)):
        async with built.house.database.transaction(LINE) as tx:
            await store.forget(tx, before)
        assert await built.owner.fetchval("select count(*) from audit") == left


async def test_forgetting_in_an_empty_trail_moves_nothing(built: TestHouse) -> None:
    async with built.house.database.transaction(LINE) as tx:
        await store.forget(tx, tx.now)
        _entries, head = await store.chain(tx)

    assert head == Head(seq=0, hash=model.NOTHING)
