"""Who reads along reads from the moment they came in to the moment they leave, and is seen."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from luisterlijn.coaching.events import JoiningEnded, JoiningStarted
from luisterlijn.dispatch.events import ContactHandedOver
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy.endtoend import Vouched, new_member_keys, verify_member
from tests.support.beside import Scene
from tests.support.coaching import KEY, trail
from tests.support.talk import (
    epoch,
    give_keys,
    members,
    sealed_box,
    sealed_line,
    visitor_says,
    volunteer_says,
)

if TYPE_CHECKING:
    from luisterlijn.chat.wire import Member
    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse


class Chat(Scene):
    """The scene, with the short ways to what its people may read."""

    async def keyed(self, *earlier: int) -> int:
        """Let the page give its secret; gives the period."""
        await self.built.settle()
        return await give_keys(self.built, self.contact, *earlier)

    async def member(self, role: str) -> Member:
        """Give the one member with this role, as the page sees it."""
        found = await members(self.built, self.contact)
        [member] = [each for each in found.present if each.role == role]
        return member

    async def roles(self) -> list[str]:
        """Give as what the members are on the list."""
        await self.built.settle()
        return sorted(each.role for each in (await members(self.built, self.contact)).present)

    async def said(self, period: int) -> int:
        """Let the visitor say something in this period; gives the line's number."""
        return await visitor_says(self.built, self.contact, sealed_line(period))

    async def seen_by(self, person: PersonId) -> tuple[list[int], list[int]]:
        """Give the numbers of the lines and the periods of the secrets that somebody can fetch."""
        chats = self.built.house.chats
        keys = await chats.periods.keys(self.contact, person)
        after = await chats.periods.reads_after(self.contact, person)
        assert keys.after == after
        lines = await chats.lines(self.contact, after)
        return [line.seq for line in lines.lines], [box.period for box in keys.boxes]

    async def shut_out(self, person: PersonId) -> bool:
        """Say whether somebody can fetch nothing at all."""
        for asked in (
            self.built.house.chats.periods.keys(self.contact, person),
            self.built.house.chats.periods.reads_after(self.contact, person),
        ):
            try:
                await asked
            except Refusal as refusal:
                assert refusal.code is Code.NOT_YOUR_CONTACT  # noqa: PT017 - either may be
            else:
                return False
        return True


async def talking(built: TestHouse) -> tuple[Chat, int]:
    """Let Anja and the chatter talk: one line is said."""
    chat = await Chat.made(built)
    period = await chat.keyed()
    await chat.said(period)
    return chat, period


async def test_who_reads_along_is_let_in_by_a_new_period_and_the_line_vouches_for_that(
    built: TestHouse,
) -> None:
    chat, period = await talking(built)

    await chat.joined()
    await built.settle()

    found = await members(built, chat.contact)
    coach = await chat.member("coach")
    assert (found.version, coach.reads_from) == (period + 1, period + 1)
    assert coach.public_key == KEY
    vouched = Vouched(
        contact=chat.contact.hex,
        epoch=coach.epoch,
        member=coach.member,
        public_key=KEY,
        until_at=coach.until_at,
        role="coach",
        reads_from=period + 1,
    )
    assert verify_member(built.house.chats.signer, vouched, coach.signature)
    unseen = Vouched(
        contact=chat.contact.hex,
        epoch=coach.epoch,
        member=coach.member,
        public_key=KEY,
        until_at=coach.until_at,
    )
    assert not verify_member(built.house.chats.signer, unseen, coach.signature)


async def test_who_reads_along_gets_lines_and_secrets_from_then_on_and_none_of_before(
    built: TestHouse,
) -> None:
    chat, period = await talking(built)
    await chat.joined()

    fresh = await chat.keyed(period)
    await chat.said(fresh)

    assert await chat.seen_by(chat.ada) == ([2], [fresh])
    assert await chat.seen_by(chat.anja) == ([1, 2], [period, fresh])


async def test_a_box_of_before_for_who_reads_along_is_refused(built: TestHouse) -> None:
    chat, period = await talking(built)
    await chat.joined()
    await built.settle()
    coach, anja = await chat.member("coach"), await chat.member("volunteer")
    boxes = [
        (UUID(hex=anja.member), period + 1, sealed_box()),
        (UUID(hex=coach.member), period + 1, sealed_box()),
        (UUID(hex=coach.member), period, sealed_box()),
    ]

    with pytest.raises(Refusal) as refusal:
        await built.house.chats.periods.give_keys(chat.contact, period + 1, boxes)

    assert refusal.value.code is Code.BAD_REQUEST
    assert await built.owner.fetchval("select count(*) from box where period > $1", period) == 0


async def test_who_reads_along_writes_nothing(built: TestHouse) -> None:
    chat, _period = await talking(built)
    await chat.joined()
    fresh = await chat.keyed()

    with pytest.raises(Refusal) as refusal:
        await volunteer_says(built, chat.contact, chat.ada, sealed_line(fresh))

    assert refusal.value.code is Code.NOT_YOUR_CONTACT
    assert await built.owner.fetchval("select count(*) from line") == 1


async def test_a_new_line_is_told_to_who_reads_along_and_to_nobody_else(built: TestHouse) -> None:
    chat, _period = await talking(built)
    await chat.joined()
    fresh = await chat.keyed()
    chats, now = built.house.chats, await epoch(built, chat.contact)

    _seq, told = await chats.say(chat.contact, by="visitor", **sealed_line(fresh))
    _seq, answered = await chats.say(
        chat.contact, by="volunteer", volunteer=chat.anja, epoch=now, **sealed_line(fresh)
    )

    assert told == answered == (chat.anja, chat.ada)


async def test_who_stopped_reads_nothing_from_that_moment_on(built: TestHouse) -> None:
    chat, _period = await talking(built)
    joining = await chat.joined()
    fresh = await chat.keyed()

    await chat.joinings.leave(chat.ada, joining)

    # Before the list of members follows: the page still seals to them, the server gives nothing.
    assert await chat.shut_out(chat.ada)
    _seq, told = await built.house.chats.say(chat.contact, by="visitor", **sealed_line(fresh))
    assert told == (chat.anja,)
    assert await chat.roles() == ["volunteer"]
    assert await chat.keyed(fresh) == fresh + 1
    assert await built.owner.fetchval("select count(*) from box") == 3


async def test_who_comes_back_after_leaving_reads_nothing_of_meanwhile(built: TestHouse) -> None:
    chat, _period = await talking(built)
    joining = await chat.joined()
    fresh = await chat.keyed()
    await chat.said(fresh)
    await chat.joinings.leave(chat.ada, joining)
    alone = await chat.keyed()
    await chat.said(alone)

    await chat.joined()
    again = await chat.keyed(fresh, alone)
    await chat.said(again)

    assert await chat.seen_by(chat.ada) == ([4], [again])


async def test_who_reads_along_on_another_console_goes_on_where_they_came_in(
    built: TestHouse,
) -> None:
    chat, period = await talking(built)
    await chat.joined()
    fresh = await chat.keyed()
    await chat.said(fresh)

    await built.house.consoles.opened(chat.ada, new_member_keys().public)
    again = await chat.keyed(period, fresh)
    await chat.said(again)

    coach = await chat.member("coach")
    assert (again, coach.reads_from) == (fresh + 1, fresh)
    assert await chat.seen_by(chat.ada) == ([2, 3], [fresh, again])


async def test_a_box_says_under_which_list_it_was_sealed_and_a_late_one_under_none(
    built: TestHouse,
) -> None:
    chat, period = await talking(built)
    await built.ready(chat.anja)  # another console: the page hears of it only below
    await built.settle()
    skipped = (await members(built, chat.contact)).version
    await chat.joined()
    fresh = await chat.keyed(period, skipped)

    keys = await built.house.chats.periods.keys(chat.contact, chat.anja)
    now = sorted(each.member for each in (await members(built, chat.contact)).present)

    # The period that was skipped is one that Anja was a member of, but its secret came later.
    assert [(box.period, sorted(box.members)) for box in keys.boxes] == [
        (period, []),
        (skipped, []),
        (fresh, now),
    ]


async def test_who_read_along_and_takes_over_reads_all_of_it(built: TestHouse) -> None:
    chat, period = await talking(built)
    await chat.joined()
    fresh = await chat.keyed()
    await chat.said(fresh)

    await chat.joinings.take_over(chat.ada, chat.request, KEY)
    taken = await chat.keyed(period, fresh)

    assert await chat.roles() == ["volunteer"]
    assert await chat.seen_by(chat.ada) == ([1, 2], [period, fresh, taken])
    assert await chat.shut_out(chat.anja)
    assert await volunteer_says(built, chat.contact, chat.ada, sealed_line(taken)) == 3


async def test_a_colleague_who_reads_along_stays_when_the_coach_takes_over(
    built: TestHouse,
) -> None:
    chat, period = await talking(built)
    await chat.reading()
    fresh = await chat.keyed()
    await built.house.coaching.join(chat.ada, chat.request, "read", KEY)
    await chat.keyed(fresh)

    await chat.joinings.take_over(chat.ada, chat.request, KEY)

    assert await chat.roles() == ["colleague", "volunteer"]
    taken = await chat.keyed(period, fresh)
    await chat.said(taken)
    assert (await chat.seen_by(chat.bas))[0] == [2]


async def test_a_conversation_that_is_over_leaves_no_reader_behind(built: TestHouse) -> None:
    chat, _period = await talking(built)
    await chat.joined()
    await chat.keyed()

    await built.house.hall.end_by_visitor(chat.contact)

    assert await chat.shut_out(chat.ada)
    await built.settle()
    assert await built.owner.fetchval("select count(*) from member") == 0


async def test_a_page_that_gives_no_secret_costs_the_reader_and_not_the_volunteer(
    built: TestHouse,
) -> None:
    chat, _period = await talking(built)
    await chat.joined()
    await built.settle()

    await built.time.advance(30.5)
    await built.house.hall.heard(chat.contact)
    await built.house.chats.sweep()

    assert await chat.roles() == ["volunteer"]
    assert await built.state(chat.contact) == "active"
    assert await chat.seen() == []
    assert (await trail(built))[-1] == ("no-key", chat.ada)
    await chat.keyed()
    await built.time.advance(30.5)
    await built.house.hall.heard(chat.contact)
    await built.house.chats.sweep()
    assert await built.state(chat.contact) == "active"


async def test_hearing_twice_or_late_of_a_joining_changes_nothing(built: TestHouse) -> None:
    chat, _period = await talking(built)
    joining = await chat.joined()
    fresh = await chat.keyed()
    came = JoiningStarted(
        joining=joining,
        contact=chat.contact,
        channel="chat",
        person=chat.ada,
        role="coach",
        mode="read",
    )
    gone, other = (
        JoiningEnded(joining=each, contact=chat.contact, channel="chat", person=chat.ada)
        for each in (joining, UUID(int=7))
    )
    periods = built.house.chats.periods

    async with built.house.database.transaction(LINE) as tx:
        await periods.reader_in(tx, came)
        await periods.reader_out(tx, other)
    assert (await members(built, chat.contact)).version == fresh
    await chat.joinings.leave(chat.ada, joining)
    await built.settle()
    async with built.house.database.transaction(LINE) as tx:
        await periods.reader_in(tx, came)
        await periods.reader_out(tx, gone)

    assert (await members(built, chat.contact)).version == fresh + 1
    assert await chat.roles() == ["volunteer"]


async def test_a_hand_over_heard_late_does_not_shut_out_who_has_it_again(built: TestHouse) -> None:
    chat, period = await talking(built)
    late = ContactHandedOver(
        contact=chat.contact, channel="chat", lost=chat.anja, by=chat.bas, epoch=1
    )

    async with built.house.database.transaction(LINE) as tx:
        await built.house.chats.periods.hand_over(tx, late)

    assert (await members(built, chat.contact)).version == period
    assert (await chat.seen_by(chat.anja))[1] == [period]


async def test_a_coach_who_only_telephones_with_the_volunteer_reads_nothing(
    built: TestHouse,
) -> None:
    chat, period = await talking(built)

    await chat.joined("alone")

    assert await chat.roles() == ["volunteer"]
    assert (await members(built, chat.contact)).version == period
    assert await chat.shut_out(chat.ada)
