"""The rows of duty and requests: who is rung in which order, and what is due."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.coaching import store
from luisterlijn.coaching.escalation import OnCall
from luisterlijn.kernel.scope import LINE, Role
from tests.support.coaching import coach, on_duty, somebody, stand_in

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def on_call(built: TestHouse) -> list[OnCall]:
    """Give who is on call."""
    async with built.house.database.transaction(LINE) as tx:
        return await store.on_call(tx)


async def test_coaches_are_rung_by_phone_order_and_who_stands_in_after_them(
    built: TestHouse,
) -> None:
    cora = await stand_in(built)
    ben = await coach(built, "ben", order=9, phone=True)
    ada = await coach(built, "ada", order=2)

    assert await on_call(built) == [
        OnCall(person=ada, stands_in=False, has_phone=False),
        OnCall(person=ben, stands_in=False, has_phone=True),
        OnCall(person=cora, stands_in=True, has_phone=True),
    ]


async def test_who_stands_in_must_still_be_somebody_who_may(built: TestHouse) -> None:
    cora = await stand_in(built)

    await built.owner.execute("update person set roles = '{volunteer}' where id = $1", cora)

    assert await on_call(built) == []


async def test_a_coach_may_stand_in(built: TestHouse) -> None:
    ada = await somebody(built, "ada", Role.COACH)
    await on_duty(built, ada, stands_in=True)

    assert [each.stands_in for each in await on_call(built)] == [True]


async def test_only_what_has_a_deadline_that_is_over_is_due(built: TestHouse) -> None:
    await built.time.freeze(await built.time.now())
    await coach(built)
    first = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=False)
    taken = await built.house.coaching.ask(await built.volunteer("bas"), None, urgent=False)
    await built.owner.execute(
        "update help_request set state = 'taken', deadline = null where id = $1", taken
    )
    found = []

    for seconds in (14.9, 0.1):
        await built.time.advance(seconds)
        async with built.house.database.transaction(LINE) as tx:
            found.append(await store.overdue(tx))

    assert found == [[], [first]]


async def test_what_is_written_is_read_back(built: TestHouse) -> None:
    await coach(built, phone=True)
    anja = await built.volunteer("anja")
    asked = await built.house.coaching.ask(anja, None, urgent=True)

    async with built.house.database.transaction(LINE) as tx:
        read = await store.request_for_update(tx, asked)
        assert read is not None
        await store.save_request(tx, read)
        again = await store.request_of_for_update(tx, anja)
        assert not await store.insert_request(tx, read)

    assert again == read
