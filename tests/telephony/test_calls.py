"""A call's rows: one lock, one decision, and what must be told leaves with the commit."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from luisterlijn.kernel.scope import LINE
from luisterlijn.telephony.happenings import Held
from luisterlijn.telephony.ports import CallId
from tests.support.telephones import together

if TYPE_CHECKING:
    from tests.support.telephones import Telephones


async def test_the_same_happening_from_four_sides_at_once_is_told_once(
    phones: Telephones,
) -> None:
    _anna, contact, _caller, _leg = await together(phones)

    async def hold() -> None:
        async with phones.built.house.database.transaction(LINE) as tx:
            await phones.room.book.apply(tx, contact, Held(on=True))

    async with asyncio.TaskGroup() as group:
        for _each in range(4):
            group.create_task(hold())

    orders = await phones.built.owner.fetch("select what from provider_order")
    assert [row["what"] for row in orders] == ["hold"]


async def test_what_is_undone_tells_nobody_anything(phones: Telephones) -> None:
    _anna, contact, _caller, _leg = await together(phones)

    async def undone() -> None:
        async with phones.built.house.database.transaction(LINE) as tx:
            await phones.room.book.apply(tx, contact, Held(on=True))
            await tx.run("select 1 / 0")

    with pytest.raises(asyncpg.PostgresError):
        await undone()

    assert await phones.built.owner.fetchval("select count(*) from provider_order") == 0
    assert not await phones.built.owner.fetchval("select held from call")


async def test_a_call_whose_contact_is_gone_still_says_goodbye(phones: Telephones) -> None:
    await phones.built.volunteer("anna", channels=("phone",))
    await phones.open()
    caller = await phones.caller()
    contact = await phones.contact()
    await phones.built.owner.execute("delete from contact")
    async with phones.built.house.database.transaction(LINE) as tx:
        await phones.room.book.close(tx, contact, "goodbye")
    await phones.go(8)

    assert caller.over
    assert phones.heard(caller)[-1] == "goodbye"


async def test_who_joins_a_call_that_ended_a_moment_ago_is_not_left_alone_in_it(
    phones: Telephones,
) -> None:
    _anna, contact, _caller, leg = await together(phones)
    owner = phones.built.owner
    await owner.execute("update leg set state = 'joining' where kind = 'volunteer'")
    async with phones.built.house.database.transaction(LINE) as tx:
        await phones.built.house.hall.end_by_visitor_in(tx, contact)

    # The news of the join is quicker than that of the end.
    await phones.room.calls.met(CallId(leg.sid))
    await phones.built.settle()

    assert await owner.fetchval("select state from leg where kind = 'volunteer'") == "leaving"
