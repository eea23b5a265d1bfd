"""Sums are added to in the database itself, so that two nodes lose nothing."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import half_hour
from luisterlijn.kernel.scope import LINE
from luisterlijn.reporting import store
from tests.support.clock import NOON

if TYPE_CHECKING:
    from tests.support.house import TestHouse

MOMENT = half_hour(NOON)


async def test_many_who_add_at_once_lose_nothing(built: TestHouse) -> None:
    async def add() -> None:
        async with built.house.database.transaction(LINE) as tx:
            await store.add(tx, [(MOMENT, "chat", "closed", "limit", 3)])

    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(add())

    assert await built.owner.fetchval("select count from counter") == 24


async def test_only_records_whose_key_no_longer_lives_are_deleted(built: TestHouse) -> None:
    tokens = built.house.tokens
    async with built.house.database.transaction(LINE) as tx:
        for key in (b"old", b"young"):
            record = await tx.value("select gen_random_uuid()")
            await store.insert_record(tx, record, key, tokens.bytes(8), tokens.bytes(8))
        deleted = await store.delete_records(tx, [b"young", b"next"])

    assert deleted == 1
    assert await built.owner.fetchval("select key_id from session_record") == b"young"
