"""A request for help is taken by one, by console or by phone, and closed by who may."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

from luisterlijn.coaching.events import HelpChanged, HelpRinging, HelpSettled
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE, Role
from tests.support.coaching import coach, later, overheard, refused, request, side, somebody
from tests.support.hours import stop_time

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse

NONE = UUID(int=0)
WAITING = "select count(*) from pg_locks where not granted"


async def by_phone(built: TestHouse, person: PersonId, request_id: UUID) -> None:
    """Let somebody press the key on their own phone."""
    async with built.house.database.transaction(LINE) as tx:
        await built.house.coaching.take_by_phone(tx, person, request_id)


# Taking.


async def test_two_coaches_who_take_at_once_one_has_it(built: TestHouse) -> None:
    people = [await coach(built, f"coach{number}") for number in range(8)]
    asked = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=False)
    refusals: list[Code] = []

    async def take(person: PersonId) -> None:
        try:
            await built.house.coaching.take(person, asked)
        except Refusal as refusal:
            refusals.append(refusal.code)

    async with asyncio.TaskGroup() as group:
        for person in people:
            group.create_task(take(person))

    assert refusals == [Code.REQUEST_GONE] * 7
    assert (await request(built, asked))["taken_by"] in people


async def test_who_takes_while_another_is_taking_waits_and_is_too_late(built: TestHouse) -> None:
    ada, ben = await coach(built, phone=True), await coach(built, "ben", order=2)
    asked = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=False)
    await later(built, 15)

    async with asyncio.TaskGroup() as group, built.house.database.transaction(LINE) as tx:
        await built.house.coaching.take_by_phone(tx, ada, asked)
        second = group.create_task(refused(built.house.coaching.take(ben, asked)))
        while not await built.owner.fetchval(WAITING):  # noqa: ASYNC110 - only PostgreSQL tells
            await asyncio.sleep(0)

    assert second.result() is Code.REQUEST_GONE
    assert (await request(built, asked))["taken_by"] == ada


async def test_taking_in_the_console_stops_the_phones_and_notes_the_help(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anja, ada = await built.volunteer("anja"), await coach(built, phone=True)
    await built.ready(anja)
    contact = await built.talking(anja)
    asked = await built.house.coaching.ask(anja, contact, urgent=False)
    await later(built, 15)
    heard = overheard(built, HelpSettled)

    await built.house.coaching.take(ada, asked)
    await built.house.coaching.take(ada, asked)
    await later(built, 60)

    row = await request(built, asked)
    assert (row["state"], row["calling"], row["deadline"]) == ("taken", None, None)
    assert heard == [HelpSettled(request=asked)]
    helped = await built.contact(contact)
    assert helped is not None
    assert helped["helped"]


async def test_who_was_rung_may_take_it_by_phone_also_when_the_next_rings_already(
    built: TestHouse,
) -> None:
    await stop_time(built)
    ada = await coach(built, phone=True)
    ben = await coach(built, "ben", order=2, phone=True)
    carl = await coach(built, "carl", order=3, phone=True)
    asked = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=False)
    await later(built, 15)
    await later(built, 25)
    async with built.house.database.transaction(LINE) as tx:
        ringing = await built.house.coaching.calling(tx, asked)

    stranger = await refused(by_phone(built, carl, asked))
    await by_phone(built, ada, asked)
    too_late = await refused(by_phone(built, ben, asked))

    async with built.house.database.transaction(LINE) as tx:
        taken_by = await built.house.coaching.taken_by(tx, asked)
        nobodys = await built.house.coaching.calling(tx, asked)
        of_none = await built.house.coaching.taken_by(tx, NONE)
    assert (ringing, taken_by, nobodys, of_none) == (ben, ada, None, None)
    assert stranger is Code.NOT_ON_DUTY
    assert too_late is Code.REQUEST_GONE


async def test_who_may_not_take_is_told_why(built: TestHouse) -> None:
    anja = await built.volunteer("anja")
    ada, off = await coach(built), await somebody(built, "dirk", Role.COACH)
    asked = await built.house.coaching.ask(ada, None, urgent=False)

    assert await refused(built.house.coaching.take(anja, asked)) is Code.NOT_ON_DUTY
    assert await refused(built.house.coaching.take(off, asked)) is Code.NOT_ON_DUTY
    assert await refused(built.house.coaching.take(ada, NONE)) is Code.REQUEST_GONE
    assert await refused(built.house.coaching.take(ada, asked)) is Code.REQUEST_GONE  # her own


# Closing.


async def test_who_asked_takes_it_back_and_who_took_it_closes_it_and_nobody_else(
    built: TestHouse,
) -> None:
    anja, bas = await built.volunteer("anja"), await built.volunteer("bas")
    ada, ben = await coach(built), await coach(built, "ben")
    asked = await built.house.coaching.ask(anja, None, urgent=False)
    coaching = built.house.coaching

    codes = [
        await refused(coaching.withdraw(bas, asked)),
        await refused(coaching.withdraw(ada, asked)),
        await refused(coaching.done(ada, asked)),
    ]
    await coaching.take(ada, asked)
    codes += [await refused(coaching.done(ben, asked)), await refused(coaching.done(anja, asked))]
    await coaching.done(ada, asked)
    codes.append(await refused(coaching.done(ada, asked)))

    assert set(codes) == {Code.REQUEST_GONE}
    assert await built.owner.fetchval("select count(*) from help_request") == 0


async def test_taking_it_back_stops_the_phones(built: TestHouse) -> None:
    await stop_time(built)
    anja, ada = await built.volunteer("anja"), await coach(built, phone=True)
    asked = await built.house.coaching.ask(anja, None, urgent=False)
    await later(built, 15)
    heard = overheard(built, HelpSettled, HelpRinging, HelpChanged)

    await built.house.coaching.withdraw(anja, asked)
    await later(built, 60)

    assert heard == [
        HelpSettled(request=asked),
        HelpChanged(request=asked, person=anja, told=(ada,)),
    ]


async def test_who_took_a_request_keeps_seeing_it_after_the_duty_is_over(
    built: TestHouse,
) -> None:
    await stop_time(built)
    ada = await coach(built)
    asked = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=False)
    await built.house.coaching.take(ada, asked)

    await built.time.advance(9 * 3_600)
    shown = await side(built, ada)

    assert (shown.on_duty, [each.mine for each in shown.requests]) == (False, [True])
