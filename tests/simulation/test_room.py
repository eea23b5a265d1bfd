"""One end's keys and lines, without a server: what goes in comes out once, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.chat.wire import KeyBox, Line, Lines, Member, Members
from luisterlijn.edge.world import SystemClock, SystemTokens
from luisterlijn.privacy.endtoend import LineBroken, MemberKeys, Side, new_member_keys
from luisterlijn.simulation.record import Count, Record, in_order
from luisterlijn.simulation.room import Conversation, KeyMissing, Room
from luisterlijn.simulation.wire import Refused

if TYPE_CHECKING:
    from luisterlijn.chat.wire import MemberRole
    from luisterlijn.privacy.endtoend import LineAddress

CONTACT, MEMBER = "c" * 32, "d" * 32


def room(side: Side = Side.VISITOR) -> Room:
    return Room(CONTACT, side, SystemTokens())


def conversation(side: Side = Side.VISITOR) -> Conversation:
    return Conversation(room(side), Record(), SystemTokens(), SystemClock())


def hand_over(
    page: Room,
    version: int,
    keys: MemberKeys,
    *,
    role: MemberRole = "volunteer",
    reads_from: int = 1,
) -> list[KeyBox]:
    """Give what a console gets after the page sealed for a list of one."""
    member = Member(
        member=MEMBER,
        role=role,
        reads_from=reads_from,
        epoch=1,
        public_key=keys.public,
        until_at=0,
        signature=b"",
    )
    boxes = page.boxes(Members(version=version, present=[member]))
    return [
        KeyBox(
            period=box["period"],  # type: ignore[arg-type] # an order's fields
            box=box["box"],  # type: ignore[arg-type]
            members=[MEMBER] if box["period"] == version else [],
        )
        for box in boxes
    ]


class Table:
    """Numbers lines as the server does; `period` is the only one it takes."""

    def __init__(self, by: Side, period: int) -> None:
        self.by = by
        self.period = period
        self.lines: list[Line] = []
        self.asked: list[tuple[LineAddress, bytes]] = []
        self.refuses_next = ""

    async def say(self, place: LineAddress, sealed: bytes) -> int:
        """Take a line, or refuse it."""
        self.asked.append((place, sealed))
        if self.refuses_next:
            code, self.refuses_next = self.refuses_next, ""
            raise Refused(code)
        if place.period != self.period:
            raise Refused("key-period-passed")
        known = [line.seq for line in self.lines if line.client_id == place.client_id]
        if not known:
            self.lines.append(
                Line(
                    client_id=place.client_id,
                    period=place.period,
                    stream=place.stream,
                    counter=place.counter,
                    sealed=sealed,
                    contact=CONTACT,
                    seq=len(self.lines) + 1,
                    by=self.by.value,
                )
            )
        return (known or [len(self.lines)])[0]

    async def after(self, seq: int) -> Lines:
        """Give the lines above a number."""
        return Lines(lines=self.lines[seq:], more=False)


async def test_a_member_reads_the_present_and_the_earlier_periods() -> None:
    page, table, keys = conversation(), Table(Side.VISITOR, 1), new_member_keys()
    page.room.begin(1)
    page.write("een")
    await page.flush(1, table.say)
    page.room.begin(2)
    table.period = 2
    page.write("twee")
    await page.flush(2, table.say)

    reader = conversation(Side.VOLUNTEER)
    reader.room.learn_from(hand_over(page.room, 2, keys), keys)
    await reader.resume(table.after)

    assert [line.text for line in reader.view.lines] == ["een", "twee"]


async def test_who_reads_along_gets_no_secret_of_before_they_came() -> None:
    page, keys = room(), new_member_keys()
    for period in (1, 2, 3):
        page.begin(period)

    boxes = hand_over(page, 3, keys, role="coach", reads_from=2)

    reader = room(Side.VOLUNTEER)
    reader.learn_from(boxes, keys)
    assert [reader.has(period) for period in (1, 2, 3)] == [False, True, True]


async def test_who_has_another_key_learns_nothing() -> None:
    page, table = conversation(), Table(Side.VISITOR, 1)
    page.room.begin(1)
    page.write("een")
    await page.flush(1, table.say)
    other = room(Side.VOLUNTEER)

    other.learn_from(hand_over(page.room, 1, new_member_keys()), new_member_keys())

    with pytest.raises(KeyMissing):
        other.open(table.lines[0])


async def test_a_line_under_another_secret_of_its_period_is_broken() -> None:
    page, table = conversation(), Table(Side.VISITOR, 1)
    page.room.begin(1)
    page.write("een")
    await page.flush(1, table.say)
    other = room()
    other.begin(1)

    with pytest.raises(LineBroken):
        other.open(table.lines[0])


async def test_a_line_that_was_refused_for_now_is_sent_again_byte_for_byte() -> None:
    page, table = conversation(), Table(Side.VISITOR, 1)
    page.room.begin(1)
    page.write("een")
    table.refuses_next = "try-again"
    with pytest.raises(Refused):
        await page.flush(1, table.say)

    await page.flush(1, table.say)

    assert table.asked[0] == table.asked[1]
    assert not page.unsent


async def test_a_line_of_a_passed_period_is_sealed_anew_under_its_client_id() -> None:
    page, table = conversation(), Table(Side.VISITOR, 2)
    page.room.begin(1)
    page.write("een")
    with pytest.raises(Refused):
        await page.flush(1, table.say)
    page.room.begin(2)

    await page.flush(2, table.say)

    places = [place for place, _sealed in table.asked]
    assert len({place.client_id for place in places}) == 1
    assert len({place.counter for place in places}) == 1
    assert [place.period for place in places] == [1, 1, 2]
    assert len({sealed for _place, sealed in table.asked}) == 2


async def test_an_own_line_whose_answer_was_lost_is_taken_in_once() -> None:
    page, table = conversation(), Table(Side.VISITOR, 1)
    page.room.begin(1)
    page.write("een")
    [line] = page.unsent
    line.place = page.room.place(line.client_id, 1)
    line.sealed = page.room.seal(line.place, line.text, line.at_ms)
    await table.say(line.place, line.sealed)

    await page.resume(table.after)
    await page.flush(1, table.say)

    assert [line.text for line in page.view.lines] == ["een"]
    assert len(page.record.sent) == 1
    assert in_order([page.record]) == Count()


async def test_a_line_after_a_hole_is_not_taken_in() -> None:
    page, table = conversation(), Table(Side.VISITOR, 1)
    page.room.begin(1)
    for text in ("een", "twee"):
        page.write(text)
    await page.flush(1, table.say)
    reader = conversation(Side.VOLUNTEER)

    assert not reader.hear(table.lines[1])
    assert reader.view.lines == []


async def test_a_line_is_read_when_its_key_comes_later() -> None:
    page, table, keys = conversation(), Table(Side.VISITOR, 1), new_member_keys()
    page.room.begin(1)
    page.write("een")
    await page.flush(1, table.say)
    reader = conversation(Side.VOLUNTEER)
    assert reader.hear(table.lines[0])
    assert reader.view.lines[0].text is None

    reader.room.learn_from(hand_over(page.room, 1, keys), keys)
    reader.open_waiting()

    assert reader.view.lines[0].text == "een"
