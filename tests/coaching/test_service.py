"""Asking for help on the database: in the consoles at once, then phone by phone, then a card."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

from luisterlijn.coaching.events import HelpChanged, HelpRinging, HelpSettled
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.scope import LINE, Role
from tests.support.coaching import (
    coach,
    later,
    names,
    on_duty,
    overheard,
    refused,
    request,
    side,
    somebody,
    stand_in,
)
from tests.support.hours import stop_time

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse

NONE = UUID(int=0)


async def not_reached(built: TestHouse, request_id: UUID, person: PersonId) -> None:
    """Let a phone be busy, or not be answered."""
    async with built.house.database.transaction(LINE) as tx:
        await built.house.coaching.not_reached(tx, request_id, person)


# In the consoles.


async def test_a_request_is_told_at_once_to_who_asked_and_to_everybody_on_duty(
    built: TestHouse,
) -> None:
    anja = await built.volunteer("anja")
    ada, ben, cora = await coach(built), await coach(built, "ben"), await stand_in(built)
    await somebody(built, "dirk", Role.COACH)
    heard = overheard(built, HelpChanged)

    asked = await built.house.coaching.ask(anja, None, urgent=True)

    assert heard == [HelpChanged(request=asked, person=anja, told=tuple(sorted((ada, ben, cora))))]


async def test_who_is_on_duty_sees_one_list_urgent_first_and_nobody_else_sees_it(
    built: TestHouse,
) -> None:
    await stop_time(built)
    ada, cora = await coach(built), await stand_in(built)
    off, mentor = (
        await somebody(built, "dirk", Role.COACH),
        await somebody(built, "mo", Role.MENTOR),
    )
    asked = []
    for name, urgent in (("anja", False), ("bas", False), ("carla", True)):
        person = await built.volunteer(name)
        asked.append(await built.house.coaching.ask(person, None, urgent=urgent))
        await built.time.advance(1)

    for person in (ada, cora):
        shown = await side(built, person)
        assert shown.on_duty
        assert [(each.name, each.urgent, each.state) for each in shown.requests] == [
            ("Carla", True, "open"),
            ("Anja", False, "open"),
            ("Bas", False, "open"),
        ]
        assert shown.requests[0].branch_name == "Utrecht"
        assert not shown.requests[0].mine
    for person in (off, mentor):
        shown = await side(built, person)
        assert (shown.on_duty, shown.requests) == (False, [])


async def test_a_duty_begins_and_ends_by_the_lines_own_time(built: TestHouse) -> None:
    await stop_time(built)
    ada = await somebody(built, "ada", Role.COACH)
    await built.time.advance(3_600)
    await on_duty(built, ada, hours=1)
    await built.time.advance(-1)
    before = (await side(built, ada)).on_duty
    await built.time.advance(1)
    begun = (await side(built, ada)).on_duty
    await built.time.advance(3_599)
    last = (await side(built, ada)).on_duty
    await built.time.advance(1)
    over = (await side(built, ada)).on_duty

    assert (before, begun, last, over) == (False, True, True, False)


async def test_who_is_no_coach_any_more_is_not_on_duty_whatever_the_rota_says(
    built: TestHouse,
) -> None:
    ada = await coach(built)

    await built.owner.execute("update person set roles = '{volunteer}' where id = $1", ada)

    assert not (await side(built, ada)).on_duty
    asked = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=False)
    assert (await request(built, asked))["state"] == "nobody"


async def test_who_asks_sees_how_it_stands_and_who_comes(built: TestHouse) -> None:
    await stop_time(built)
    anja, ada = await built.volunteer("anja"), await coach(built, phone=True)
    before = (await side(built, anja)).help
    asked = await built.house.coaching.ask(anja, None, urgent=False)

    states = []
    for step in (
        None,
        later(built, 15),
        built.house.coaching.take(ada, asked),
        built.house.coaching.done(ada, asked),
    ):
        if step is not None:
            await step
        shown = (await side(built, anja)).help
        states.append((shown.state, shown.alias) if shown is not None else None)

    assert before is None
    assert states == [("open", None), ("calling", "Ada"), ("taken", "Ada"), None]


async def test_a_request_is_about_a_conversation_in_hand_or_being_written_up_or_about_none(
    built: TestHouse,
) -> None:
    anja, bas = await built.volunteer("anja"), await built.volunteer("bas")
    await built.ready(anja)
    contact = await built.talking(anja)
    ada = await coach(built)

    not_hers = await refused(built.house.coaching.ask(bas, contact, urgent=False))
    asked = await built.house.coaching.ask(anja, contact, urgent=False)
    [shown] = (await side(built, ada)).requests
    await built.house.coaching.withdraw(anja, asked)
    await built.house.hall.end_by_volunteer(anja, contact, abuse=False)
    again = await built.house.coaching.ask(anja, contact, urgent=False)
    await built.house.hall.wrap_up(anja, contact, {}, pause=True)
    gone = await refused(built.house.coaching.ask(anja, contact, urgent=False))

    assert not_hers is Code.NOT_YOUR_CONTACT
    assert (shown.contact, shown.channel) == (contact.hex, "chat")
    # The conversation is over; the request stays until somebody closes it.
    row = await request(built, again)
    assert (row["state"], row["contact"]) == ("open", None)
    assert gone is Code.NOT_YOUR_CONTACT


async def test_one_person_has_one_request_however_often_they_press(built: TestHouse) -> None:
    anja = await built.volunteer("anja")
    await coach(built)

    async with asyncio.TaskGroup() as group:
        for urgent in (False, True, False, False):
            group.create_task(built.house.coaching.ask(anja, None, urgent=urgent))

    rows = await built.owner.fetch("select urgent, state from help_request")
    assert [tuple(row) for row in rows] == [(True, "open")]


# Phone by phone (promise P28).


async def test_the_first_phone_is_rung_within_twenty_seconds(built: TestHouse) -> None:
    await stop_time(built)
    ada = await coach(built, phone=True)
    asked = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=False)
    heard = overheard(built, HelpRinging, HelpSettled)

    await later(built, 14)
    quiet = list(heard)
    await later(built, 2)

    assert quiet == []
    until = to_wire(await built.time.now()) + 25_000
    assert heard == [HelpRinging(request=asked, person=ada, until_at=until)]


async def test_phones_ring_in_the_order_of_the_rota_then_who_stands_in_then_it_is_said(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anja, cora = await built.volunteer("anja"), await stand_in(built)
    ben = await coach(built, "ben", order=2, phone=True)
    ada = await coach(built, "ada", order=1, phone=True)
    start = await built.time.now()
    asked = await built.house.coaching.ask(anja, None, urgent=False)
    heard = overheard(built, HelpRinging, HelpSettled)

    for _second in range(120):
        await later(built, 1)

    rung = [each.person for each in heard if isinstance(each, HelpRinging)]
    assert rung == [ada, ben, cora]
    assert names(heard) == [
        *("help.ringing", "help.settled", "help.ringing", "help.settled", "help.ringing"),
        "help.settled",
    ]
    shown = (await side(built, anja)).help
    assert shown is not None
    assert (shown.state, shown.alias) == ("nobody", None)
    assert (await request(built, asked))["asked"] == start


async def test_with_eight_who_do_not_answer_it_is_said_within_two_minutes(
    built: TestHouse,
) -> None:
    await stop_time(built)
    for number in range(8):
        await coach(built, f"coach{number}", order=1 + number, phone=True)
    asked = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=True)
    heard = overheard(built, HelpRinging)

    passed = 0
    while (await request(built, asked))["state"] != "nobody":
        await later(built, 1)
        passed += 1

    assert len(heard) == 8
    assert passed <= 120


async def test_a_phone_that_is_busy_or_not_answered_lets_the_next_ring_at_once(
    built: TestHouse,
) -> None:
    await stop_time(built)
    ada = await coach(built, phone=True)
    ben = await coach(built, "ben", order=2, phone=True)
    asked = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=False)
    await later(built, 15)
    heard = overheard(built, HelpRinging, HelpSettled)

    await not_reached(built, asked, ada)
    after = await request(built, asked)
    await not_reached(built, asked, ada)  # told twice
    await not_reached(built, asked, ben)
    last = await request(built, asked)
    await not_reached(built, NONE, ben)  # of a request that is over

    assert (after["calling"], after["state"]) == (ben, "calling")
    assert (last["calling"], last["state"]) == (None, "nobody")
    assert names(heard) == ["help.settled", "help.ringing", "help.settled"]


async def test_who_helps_somebody_already_is_rung_after_the_others(built: TestHouse) -> None:
    await stop_time(built)
    ada = await coach(built, phone=True)
    ben = await coach(built, "ben", order=2, phone=True)
    first = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=False)
    await built.house.coaching.take(ada, first)
    second = await built.house.coaching.ask(await built.volunteer("bas"), None, urgent=False)

    await later(built, 15)

    assert (await request(built, second))["calling"] == ben


async def test_without_anybody_on_duty_it_is_said_at_once_and_asking_again_begins_anew(
    built: TestHouse,
) -> None:
    anja = await built.volunteer("anja")
    asked = await built.house.coaching.ask(anja, None, urgent=False)
    at_once = (await request(built, asked))["state"]
    ada = await coach(built)

    again = await built.house.coaching.ask(anja, None, urgent=False)

    assert at_once == "nobody"
    assert again == asked
    assert (await request(built, asked))["state"] == "open"
    assert len((await side(built, ada)).requests) == 1


async def test_no_request_ends_by_time_and_a_late_one_can_still_be_taken(
    built: TestHouse,
) -> None:
    await stop_time(built)
    ada = await coach(built, phone=True)
    asked = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=True)
    for _minute in range(60):
        await later(built, 60)

    state = (await request(built, asked))["state"]
    await built.house.coaching.take(ada, asked)

    assert state == "nobody"
    assert (await request(built, asked))["taken_by"] == ada


async def test_two_nodes_that_look_at_once_ring_one_phone(built: TestHouse) -> None:
    await stop_time(built)
    ada = await coach(built, phone=True)
    await coach(built, "ben", order=2, phone=True)
    asked = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=False)
    heard = overheard(built, HelpRinging)
    await built.time.advance(15)

    async with asyncio.TaskGroup() as group:
        for _node in range(5):
            group.create_task(built.house.coaching.sweep())

    assert [each.person for each in heard if isinstance(each, HelpRinging)] == [ada]
    assert (await request(built, asked))["rung"] == [ada]


async def test_what_is_past_its_time_is_removed(built: TestHouse) -> None:
    await stop_time(built)
    await coach(built)
    await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=False)
    job = next(each for each in built.house.jobs.table if each.name == "coaching-gone")
    found = []

    for hours in (11, 2, 7 * 24 - 6, 2):
        await built.time.advance(hours * 3_600)
        assert await built.house.jobs.tick(job)
        found.append(
            tuple(
                await built.owner.fetchrow(
                    "select (select count(*) from help_request), (select count(*) from duty)"
                )
                or ()
            )
        )

    assert found == [(1, 1), (0, 1), (0, 1), (0, 0)]


async def test_the_node_goes_on_looking_after_the_database_was_away(built: TestHouse) -> None:
    ada = await coach(built, phone=True)
    asked = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=False)
    await built.owner.execute("alter table help_request rename to away")
    async with asyncio.TaskGroup() as group:
        task = group.create_task(built.house.coaching.run())
        await asyncio.sleep(0)
        await built.owner.execute("alter table away rename to help_request")
        await built.time.advance(15)
        async with asyncio.timeout(20):
            while (await request(built, asked))["calling"] != ada:  # noqa: ASYNC110 - only the row tells
                await asyncio.sleep(0.05)
        task.cancel()
