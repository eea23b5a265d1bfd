"""The rows of who is beside a conversation: once each, and found when their time is over."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from luisterlijn.coaching import store_joining
from luisterlijn.coaching.store_joining import Joining
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import ContactId, PersonId
    from tests.support.house import TestHouse


async def joining(built: TestHouse, contact: ContactId, person: PersonId) -> Joining:
    """Write somebody who reads along; gives what was written."""
    made = Joining(
        id=new_id(built.house.tokens),
        contact=contact,
        channel="chat",
        person=person,
        role="colleague",
        mode="read",
        asked=False,
    )
    async with built.house.database.transaction(LINE) as tx:
        assert await store_joining.insert(tx, made)
    return made


async def test_somebody_is_beside_a_conversation_once(built: TestHouse) -> None:
    person, contact = await built.volunteer("anja"), await built.waiting()
    made = await joining(built, contact, person)

    async with built.house.database.transaction(LINE) as tx:
        again = await store_joining.insert(tx, replace(made, id=new_id(built.house.tokens)))
        found = await store_joining.of_contact(tx, contact)

    assert not again
    assert found == [made]


async def test_a_joining_outlives_the_rows_of_its_contact_until_its_end_was_noted(
    built: TestHouse,
) -> None:
    person, contact = await built.volunteer("anja"), await built.waiting()
    made = await joining(built, contact, person)

    await built.owner.execute("delete from contact where id = $1", contact)

    async with built.house.database.transaction(LINE) as tx:
        assert await store_joining.for_update(tx, made.id) == made
        assert await store_joining.joined(tx, person) == []


async def test_who_reads_along_without_being_present_is_due_and_who_listens_is_not(
    built: TestHouse,
) -> None:
    anja, bas = await built.volunteer("anja"), await built.volunteer("bas")
    contact = await built.waiting()
    reads, listens = await joining(built, contact, anja), await joining(built, contact, bas)

    async with built.house.database.transaction(LINE) as tx:
        await store_joining.set_present(tx, listens.id, "listen")
        due = await store_joining.overdue(tx)
        away = await store_joining.is_away(tx, anja)
    await built.ready(anja)
    async with built.house.database.transaction(LINE) as tx:
        later = await store_joining.overdue(tx)

    assert (due, away, later) == ([reads.id], True, [])
