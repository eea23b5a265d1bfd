"""An urgent conversation on a real database: no time-out, shift or roster ends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.scope import LINE
from tests.support.hours import pass_time, stop_time

if TYPE_CHECKING:
    import asyncpg

    from luisterlijn.kernel.ids import ContactId, PersonId
    from tests.support.house import TestHouse

HOUR = 3_600
STEP_S = 300.0


async def in_danger(
    built: TestHouse, name: str = "anja", *, hours: float = 4
) -> tuple[PersonId, ContactId]:
    """Let a chatter in danger talk with a volunteer who has a shift of so many hours."""
    await stop_time(built)
    person = await built.volunteer(name, hours=hours)
    await built.ready(person)
    contact = await built.talking(person)
    async with built.house.database.transaction(LINE) as tx:
        await built.house.hall.urgent(tx, contact)
    await built.settle()
    return person, contact


async def row(built: TestHouse, contact: ContactId) -> asyncpg.Record:
    found = await built.contact(contact)
    assert found is not None
    return found


async def line_looks(built: TestHouse) -> None:
    """Let the line do what it does each second."""
    await built.house.line.look()
    await built.settle()


async def test_a_page_that_was_away_for_five_hours_finds_the_same_volunteer_past_the_shifts_end(
    built: TestHouse,
) -> None:
    person, contact = await in_danger(built, hours=1)
    await pass_time(built, 5 * HOUR, consoles=[person], each_s=STEP_S)
    await line_looks(built)
    away = await row(built, contact)
    shown = (await built.house.consoles.snapshot(person)).contacts

    await pass_time(built, 5, consoles=[person], pages=[contact])

    assert (away["state"], away["volunteer"], away["deadline"]) == ("caller_away", person, None)
    assert [(each.state, each.visitor_up) for each in shown] == [("caller_away", False)]
    back = await row(built, contact)
    assert (back["state"], back["volunteer"], back["epoch"]) == ("active", person, away["epoch"])


async def test_the_volunteer_may_end_it_while_the_page_is_away(built: TestHouse) -> None:
    person, contact = await in_danger(built)
    await pass_time(built, HOUR, consoles=[person], each_s=STEP_S)

    await built.house.hall.end_by_volunteer(person, contact, abuse=False)

    found = await row(built, contact)
    assert (found["state"], found["reason"]) == ("wrapup", "caller_gone")


async def test_a_shift_that_is_cancelled_ends_nothing(built: TestHouse) -> None:
    person, contact = await in_danger(built)
    shift = await built.owner.fetchval("select id from shift")

    await built.house.roster.cancel(LINE, shift)
    await built.settle()
    await line_looks(built)
    await pass_time(built, HOUR, consoles=[person], each_s=STEP_S)

    found = await row(built, contact)
    assert (found["state"], found["volunteer"]) == ("caller_away", person)


async def test_who_lost_the_volunteer_after_the_last_shift_waits_on(built: TestHouse) -> None:
    person, contact = await in_danger(built, hours=1)
    await pass_time(built, HOUR, consoles=[person], pages=[contact], each_s=10)
    other = await built.waiting()

    await pass_time(built, 45, pages=[contact, other])
    await line_looks(built)

    assert await built.state(other) == "gone"
    assert await built.state(contact) == "queued"


async def test_who_is_away_with_nobody_at_the_other_end_is_not_counted_before_others(
    built: TestHouse,
) -> None:
    _person, contact = await in_danger(built)
    await pass_time(built, 60)
    other = await built.waiting()
    await line_looks(built)
    counted = dict(built.house.line.places)

    await pass_time(built, 5, pages=[contact, other])
    await line_looks(built)

    assert counted == {other: 1}
    assert built.house.line.places == {contact: 1, other: 2}
