"""A claim takes contact and volunteer both, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.dispatch import store, store_claim
from luisterlijn.kernel.scope import LINE
from tests.support.hours import stop_time

if TYPE_CHECKING:
    import asyncpg

    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse


async def volunteer(built: TestHouse, chats: int = 2) -> PersonId:
    person = await built.volunteer("anja", chats=chats)
    await built.ready(person)
    return person


async def presence(built: TestHouse, person: PersonId) -> asyncpg.Record:
    found = await built.owner.fetchrow("select * from presence where person = $1", person)
    assert found is not None
    return found


async def test_a_claim_takes_both_or_nothing(built: TestHouse) -> None:
    person = await volunteer(built, chats=1)
    first, second = await built.waiting(), await built.waiting()
    async with built.house.database.transaction(LINE) as tx:
        waiting = {head.id: head for head in await store.heads(tx)}
    rounds = built.house.rounds

    claims = [
        await rounds.claim(waiting[first], person),
        await rounds.claim(waiting[first], person),
        await rounds.claim(waiting[second], person),
    ]

    assert claims == [True, False, False]
    assert await built.state(second) == "queued"
    assert (await presence(built, person))["load"] == 1
    assert await built.owner.fetchval("select count(*) from offer") == 1


@pytest.mark.parametrize(
    "change",
    [
        "update presence set state = 'paused'",
        "update presence set offered = true",
        "update presence set load = capacity",
        "update presence set takes_until = line_now()",
        "update presence set heard = line_now() - interval '11 s'",
        "update presence set rest_until = line_now() + interval '1 s'",
        "update contact set state = 'closed'",
        "update contact set epoch = epoch + 1",
        "update contact set caller_up = false",
        "update contact set heard = line_now() - interval '3 s'",
    ],
)
async def test_a_claim_sees_what_changed_since_the_round_was_read(
    built: TestHouse, change: str
) -> None:
    person = await volunteer(built)
    await built.waiting()
    async with built.house.database.transaction(LINE) as tx:
        [waiting] = await store.heads(tx)
    await stop_time(built)
    await built.owner.execute("update contact set heard = line_now()")
    await built.owner.execute(change)
    load = (await presence(built, person))["load"]

    assert not await built.house.rounds.claim(waiting, person)
    assert (await presence(built, person))["load"] == load
    assert await built.owner.fetchval("select count(*) from offer") == 0


async def test_who_may_be_asked_is_read_with_what_decides_the_order(built: TestHouse) -> None:
    person = await volunteer(built, chats=3)
    await built.talking(person)

    async with built.house.database.transaction(LINE) as tx:
        [free] = await store_claim.free(tx)

    assert (free.person, free.branch, free.load, free.beside) == (person, built.branch, 1, None)
    assert free.channels == {"chat"}
    assert free.languages == {"nl", "en"}
