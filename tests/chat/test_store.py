"""The one statement that numbers a line keeps what it was told under pressure of others."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
import pytest

from luisterlijn.chat import store
from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.scope import LINE
from tests.support.talk import any_id, keyed, sealed_line, visitor_says, volunteer_says

if TYPE_CHECKING:
    from tests.support.house import TestHouse


WAITING = (
    "select count(*) from pg_stat_activity"
    " where wait_event_type = 'Lock' and datname = current_database()"
)


async def test_a_line_that_waits_for_a_lock_is_fenced_by_what_is_true_afterwards(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    taken_away = built.owner.transaction()
    await taken_away.start()
    await built.owner.execute(
        "update contact set epoch = epoch + 1, state = 'queued', volunteer = null where id = $1",
        contact,
    )

    async with asyncio.TaskGroup() as group:
        late = group.create_task(
            store.say(
                built.house.database,
                (contact, any_id(), "volunteer", period, any_id(), 0, b"x", person, 1),
            )
        )
        async with asyncio.timeout(2):
            while await built.owner.fetchval(WAITING) == 0:  # noqa: ASYNC110 - no event tells it
                await asyncio.sleep(0)
        await taken_away.commit()

    row = late.result()
    assert row is not None
    assert (row["seq"], row["known"], row["state"]) == (None, None, "queued")
    assert await built.owner.fetchval("select count(*) from line") == 0
    assert await built.owner.fetchval("select seq from chat") == 0


async def test_the_end_and_a_line_at_the_same_instant_leave_no_line_behind(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    outcomes: list[object] = []

    async def says() -> None:
        try:
            outcomes.append(await visitor_says(built, contact, sealed_line(period)))
        except Refusal as refusal:
            outcomes.append(refusal.code)

    async with asyncio.TaskGroup() as group:
        for _ in range(8):
            group.create_task(says())
        group.create_task(built.house.hall.end_by_volunteer(person, contact, abuse=False))
    await built.settle()

    assert len(outcomes) == 8
    assert {str(each) for each in outcomes if not isinstance(each, int)} <= {"contact-gone"}
    assert await built.owner.fetchval("select count(*) from line") == 0
    assert await built.owner.fetchval("select count(*) from chat") == 0


async def test_a_client_id_belongs_to_one_chat_only(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    first, period = await keyed(built, person)
    second, other_period = await keyed(built, person)
    line = sealed_line(period)
    twin = sealed_line(other_period)
    twin["client_id"] = line["client_id"]

    assert await visitor_says(built, first, line) == 1
    assert await volunteer_says(built, second, person, sealed_line(other_period)) == 1
    assert await visitor_says(built, second, twin) == 2


async def test_the_database_itself_refuses_a_second_line_with_the_same_number(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    await visitor_says(built, contact, sealed_line(period))

    with pytest.raises(asyncpg.UniqueViolationError):
        await built.owner.execute(
            "insert into line select (l).* from (select line as l from line) q"
        )


async def test_a_person_without_the_lines_scope_sees_no_chat(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    await visitor_says(built, contact, sealed_line(period))
    async with built.house.database.transaction(LINE) as tx:
        account = await built.house.accounts.person(tx, person)
    assert account is not None

    async with built.house.database.transaction(account.scope) as tx:
        for table in ("contact", "chat", "member", "box", "line", "offer"):
            assert await tx.value(f"select count(*) from {table}") == 0, table  # noqa: S608 - listed above
