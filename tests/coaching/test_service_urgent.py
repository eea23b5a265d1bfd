"""Asking for help as urgent: no time ends that conversation any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code
from tests.support.coaching import refused

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import ContactId, PersonId
    from tests.support.house import TestHouse


async def conversation(built: TestHouse, name: str = "anja") -> tuple[PersonId, ContactId]:
    person = await built.volunteer(name)
    await built.ready(person)
    return person, await built.talking(person)


async def is_urgent(built: TestHouse, contact: ContactId) -> bool:
    row = await built.contact(contact)
    assert row is not None
    return bool(row["urgent"])


async def test_only_an_urgent_request_about_it_makes_a_conversation_urgent(
    built: TestHouse,
) -> None:
    anja, contact = await conversation(built)
    coaching = built.house.coaching

    await coaching.ask(anja, contact, urgent=False)
    await coaching.ask(anja, None, urgent=True)
    before = await is_urgent(built, contact)
    await coaching.ask(anja, contact, urgent=True)

    assert (before, await is_urgent(built, contact)) == (False, True)


async def test_it_stays_urgent_when_the_request_is_taken_back_or_asked_again(
    built: TestHouse,
) -> None:
    anja, contact = await conversation(built)
    coaching = built.house.coaching

    asked = await coaching.ask(anja, contact, urgent=True)
    await coaching.withdraw(anja, asked)
    await coaching.ask(anja, contact, urgent=False)

    assert await is_urgent(built, contact)


async def test_nobody_makes_the_conversation_of_another_urgent(built: TestHouse) -> None:
    _anja, contact = await conversation(built)
    bas = await built.volunteer("bas")

    code = await refused(built.house.coaching.ask(bas, contact, urgent=True))

    assert code is Code.NOT_YOUR_CONTACT
    assert not await is_urgent(built, contact)
