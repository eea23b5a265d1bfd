"""Lines are numbered once and without a hole, and nobody writes who may not."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Code, Refusal
from tests.support.talk import (
    any_id,
    epoch,
    give_keys,
    keyed,
    sealed_line,
    visitor_says,
    volunteer_says,
)

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import ContactId
    from tests.support.house import TestHouse


async def stored(built: TestHouse, contact: ContactId) -> list[int]:
    rows = await built.owner.fetch("select seq from line where contact = $1 order by seq", contact)
    return [row["seq"] for row in rows]


async def test_a_line_that_is_sent_again_keeps_its_number(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    first, second = sealed_line(period), sealed_line(period)

    numbers = [await visitor_says(built, contact, each) for each in (first, second, first, second)]

    assert numbers == [1, 2, 1, 2]
    assert await stored(built, contact) == [1, 2]


async def test_the_same_line_on_two_connections_at_once_is_one_line(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)

    for number in range(1, 21):
        line = sealed_line(period)
        async with asyncio.TaskGroup() as group:
            twins = [group.create_task(visitor_says(built, contact, line)) for _ in range(2)]
        assert [twin.result() for twin in twins] == [number, number]

    assert await stored(built, contact) == list(range(1, 21))


async def test_sixteen_writers_at_once_leave_no_hole_and_no_double(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)

    async with asyncio.TaskGroup() as group:
        said = [
            group.create_task(
                visitor_says(built, contact, sealed_line(period))
                if writer % 2
                else volunteer_says(built, contact, person, sealed_line(period))
            )
            for writer in range(16)
            for _line in range(5)
        ]

    assert sorted(each.result() for each in said) == list(range(1, 81))
    assert await stored(built, contact) == list(range(1, 81))


async def test_an_answer_with_a_stale_epoch_is_refused_and_not_stored(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    stale = await epoch(built, contact) - 1

    with pytest.raises(Refusal) as refusal:
        await volunteer_says(built, contact, person, sealed_line(period), epoch=stale)

    assert refusal.value.code is Code.STALE_EPOCH
    assert await stored(built, contact) == []


async def test_another_volunteer_cannot_write_in_the_conversation(built: TestHouse) -> None:
    person, other = await built.volunteer("anja"), await built.volunteer("bas")
    await built.ready(person)
    contact, period = await keyed(built, person)

    with pytest.raises(Refusal) as refusal:
        await volunteer_says(built, contact, other, sealed_line(period))

    assert refusal.value.code is Code.NOT_YOUR_CONTACT
    assert await stored(built, contact) == []


async def test_a_frozen_chat_takes_no_answer_until_the_visitor_writes(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    await built.house.hall.freeze(contact)

    with pytest.raises(Refusal) as refusal:
        await volunteer_says(built, contact, person, sealed_line(period))
    assert refusal.value.code is Code.FROZEN

    assert await visitor_says(built, contact, sealed_line(period)) == 1
    assert await volunteer_says(built, contact, person, sealed_line(period)) == 2
    assert await stored(built, contact) == [1, 2]


async def test_a_line_of_a_period_that_passed_is_not_stored_and_keeps_no_number(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    line = sealed_line(period)
    await built.ready(person)  # another console: another key
    await built.settle()

    with pytest.raises(Refusal) as refusal:
        await visitor_says(built, contact, line)
    assert refusal.value.code is Code.KEY_PERIOD_PASSED
    assert await stored(built, contact) == []

    fresh = await give_keys(built, contact)
    again = sealed_line(fresh)
    again["client_id"] = line["client_id"]
    assert await visitor_says(built, contact, again) == 1


async def test_while_the_chat_waits_again_a_line_stays_with_the_page(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    await built.house.hall.release(person, contact)

    with pytest.raises(Refusal) as refusal:
        await visitor_says(built, contact, sealed_line(period))

    assert refusal.value.code is Code.KEY_PERIOD_PASSED
    assert await stored(built, contact) == []


async def test_after_the_end_nobody_writes_or_reads_and_the_token_opens_nothing(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, token = await built.house.chats.begin("nl", None)
    await built.house.hall.open_contact(contact)
    await built.house.rounds.round()
    await built.house.hall.accept(person, contact, await epoch(built, contact))
    await built.settle()
    period = await give_keys(built, contact)
    assert await built.house.chats.of_token(token) == contact

    await built.house.hall.end_by_visitor(contact)
    with pytest.raises(Refusal) as early:  # the end is committed, the lines are not yet deleted
        await visitor_says(built, contact, sealed_line(period))
    await built.settle()

    for late in (
        visitor_says(built, contact, sealed_line(period)),
        volunteer_says(built, contact, person, sealed_line(period)),
        built.house.chats.lines(contact, 0),
        built.house.chats.of_token(token),
    ):
        with pytest.raises(Refusal) as refusal:
            await late
        assert refusal.value.code is Code.CONTACT_GONE
    with pytest.raises(Refusal) as keyless:
        await built.house.chats.periods.keys(contact, person)
    assert keyless.value.code is Code.NOT_YOUR_CONTACT
    assert early.value.code is Code.CONTACT_GONE


async def test_lines_are_gone_after_the_chat(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    await visitor_says(built, contact, sealed_line(period))
    await volunteer_says(built, contact, person, sealed_line(period))
    tables = ("chat", "member", "box", "line")
    for table in tables:
        assert await built.owner.fetchval(f"select count(*) from {table}") > 0  # noqa: S608 - listed above

    await built.house.hall.end_by_volunteer(person, contact, abuse=False)
    await built.settle()

    assert await built.state(contact) == "wrapup"
    for table in tables:
        assert await built.owner.fetchval(f"select count(*) from {table}") == 0  # noqa: S608 - listed above


async def test_the_key_of_a_chat_that_is_over_leaves_memory_too(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    await visitor_says(built, contact, sealed_line(period))
    await built.house.hall.end_by_volunteer(person, contact, abuse=False)
    # Asked between the end and the deletion: the key is taken into memory once more.
    await built.house.chats.lines(contact, 0)
    await built.owner.execute("delete from chat where contact = $1", contact)  # as another node
    assert await built.house.chats.lines(contact, 0) is not None

    await built.house.chats.sweep()

    with pytest.raises(Refusal):
        await built.house.chats.lines(contact, 0)


async def test_a_long_conversation_is_read_in_pages_of_two_hundred(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    said = [sealed_line(period, counter=number) for number in range(401)]
    for each in said:
        await visitor_says(built, contact, each)

    pages = [await built.house.chats.lines(contact, after) for after in (0, 200, 400, 401)]

    assert [(len(page.lines), page.more) for page in pages] == [
        (200, True),
        (200, True),
        (1, False),
        (0, False),
    ]
    found = [line for page in pages for line in page.lines]
    assert [line.seq for line in found] == list(range(1, 402))
    assert [line.sealed for line in found] == [each["sealed"] for each in said]
    assert [line.counter for line in found] == list(range(401))


async def test_exactly_two_hundred_lines_are_one_page_without_more(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    for _ in range(200):
        await visitor_says(built, contact, sealed_line(period))

    page = await built.house.chats.lines(contact, 0)

    assert (len(page.lines), page.more) == (200, False)


async def test_quick_exit_destroys_the_half_at_once_and_freezes_the_conversation(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact, period = await keyed(built, person)
    [before] = await built.house.chats.pages([contact])
    assert before.half is not None
    assert len(before.half) == 32

    await built.house.chats.leave(contact)

    assert await built.owner.fetchval("select half from chat where contact = $1", contact) is None
    [page] = await built.house.chats.pages([contact])
    assert (page.half, page.state, page.frozen) == (None, "caller_away", True)
    with pytest.raises(Refusal) as refusal:
        await volunteer_says(built, contact, person, sealed_line(period))
    assert refusal.value.code is Code.FROZEN


async def test_quick_exit_while_waiting_leaves_nothing(built: TestHouse) -> None:
    contact = await built.waiting()

    await built.house.chats.leave(contact)
    await built.settle()

    assert await built.state(contact) == "gone"
    assert await built.owner.fetchval("select count(*) from chat") == 0


async def test_an_old_number_goes_before_who_came_in_between(built: TestHouse) -> None:
    first = await built.waiting()
    row = await built.contact(first)
    assert row is not None
    old = row["enq"]
    await built.house.hall.end_by_visitor(first)
    await built.time.advance(30)
    between = await built.waiting()

    back, _token = await built.house.chats.begin("nl", old)
    await built.house.hall.open_contact(back)

    order = await built.owner.fetch("select id from contact order by enq, id")
    assert [row["id"] for row in order] == [back, between]


async def test_a_line_for_a_contact_that_never_was_is_refused(built: TestHouse) -> None:
    with pytest.raises(Refusal) as refusal:
        await visitor_says(built, any_id(), sealed_line(1))  # type: ignore[arg-type] # of nobody

    assert refusal.value.code is Code.CONTACT_GONE
