"""Who is on now, who may read what, and that nothing outlives the shift."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy.endtoend import new_member_keys
from luisterlijn.shiftroom import model
from luisterlijn.shiftroom.events import RoomLineSaid, RoomMemberCame
from tests.support.coaching import coach, overheard, refused, stand_in

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.shiftroom.wire import ShiftRoomView
    from tests.support.house import TestHouse

KEYS = {name: new_member_keys().public for name in ("anja", "bas", "ada", "cora", "els")}
BOX = bytes(model.BOX_BYTES)
LINE_BYTES = bytes(model.SEALED_SIZES[0])
HOUR_S = 3_600


async def on_shift(built: TestHouse, name: str, hours: float = 4) -> PersonId:
    """Let a volunteer come to a shift and open a console."""
    person = await built.volunteer(name, hours=hours)
    await built.house.consoles.opened(person, KEYS[name])
    return person


async def ask(built: TestHouse, person: PersonId, name: str, after: int = 0) -> ShiftRoomView:
    """Ask for the room as this console does."""
    return await built.house.shift_room.shown(person, KEYS[name], after)


async def say(built: TestHouse, person: PersonId, *to: str, line: UUID | None = None) -> int:
    """Say something to these."""
    boxes = {model.member_of(KEYS[name]): BOX for name in to}
    line = line or new_id(built.house.tokens)
    return await built.house.shift_room.say(person, line, LINE_BYTES, boxes)


async def forget(built: TestHouse) -> None:
    """Do the timed work."""
    async with built.house.database.transaction(LINE) as tx:
        await built.house.shift_room.forget_old(tx)


async def rows(built: TestHouse) -> tuple[int, int]:
    """Give how many lines and boxes there are."""
    found = await built.owner.fetchrow(
        "select (select count(*) from room_line), (select count(*) from room_box)"
    )
    assert found is not None
    return found[0], found[1]


async def test_everybody_on_duty_is_shown_by_alias_and_branch_and_a_coach_by_first_name(
    built: TestHouse,
) -> None:
    anja = await on_shift(built, "anja")
    await on_shift(built, "bas")
    await coach(built)

    shown = await ask(built, anja, "anja")

    aliases = [row["alias"] for row in await built.owner.fetch("select alias from presence")]
    [ada, *others] = shown.people
    assert (ada.name, ada.branch_name, ada.is_coach) == ("Ada", None, True)
    assert sorted(each.name for each in others) == sorted(aliases)
    assert {each.branch_name for each in others} == {"Utrecht"}
    assert [each.is_me for each in others].count(True) == 1


async def test_who_stands_in_is_on_call_like_a_coach(built: TestHouse) -> None:
    anja = await on_shift(built, "anja")
    await stand_in(built)

    assert (await ask(built, anja, "anja")).people[0].name == "Cora"


async def test_who_is_no_more_there_is_not_shown(built: TestHouse) -> None:
    anja, bas = await on_shift(built, "anja"), await on_shift(built, "bas")
    await built.house.consoles.set_state(bas, "away")

    assert len((await ask(built, anja, "anja")).people) == 1


async def test_who_is_not_on_duty_sees_nobody_and_may_say_nothing(built: TestHouse) -> None:
    await on_shift(built, "anja")
    els = await built.volunteer("els", hours=0)
    await built.house.consoles.opened(els, KEYS["els"])

    shown = await ask(built, els, "els")

    assert (shown.me, shown.people, shown.members, shown.lines) == (None, [], [], [])
    assert await refused(say(built, els, "anja", "els")) is Code.NOT_ON_SHIFT


async def test_somebody_beside_a_conversation_without_a_shift_is_not_in_the_room(
    built: TestHouse,
) -> None:
    anja = await on_shift(built, "anja")
    els = await built.volunteer("els", hours=0)
    async with built.house.database.transaction(LINE) as tx:
        await built.house.consoles.seat(tx, els, KEYS["els"])

    assert len((await ask(built, anja, "anja")).members) == 1


async def test_a_coach_is_in_the_room_from_the_first_time_their_console_asks(
    built: TestHouse,
) -> None:
    anja, ada = await on_shift(built, "anja"), await coach(built)
    heard = overheard(built, RoomMemberCame)
    before = await ask(built, anja, "anja")

    mine = await ask(built, ada, "ada")
    await ask(built, ada, "ada")

    assert len(before.members) == 1
    assert {each.member for each in mine.members} == {
        model.member_of(KEYS[name]).hex() for name in ("anja", "ada")
    }
    assert [each.name for each in heard] == ["shiftroom.came"]


async def test_a_coach_whose_console_is_silent_is_no_member_but_still_on_call(
    built: TestHouse,
) -> None:
    anja, ada = await on_shift(built, "anja"), await coach(built)
    await ask(built, ada, "ada")
    await built.time.advance(model.SEAT_LASTS.total_seconds() + 1)

    shown = await ask(built, anja, "anja")

    assert len(shown.members) == 1
    assert shown.people[0].name == "Ada"


async def test_a_line_reaches_who_was_there_and_nobody_who_comes_later(built: TestHouse) -> None:
    anja, bas = await on_shift(built, "anja"), await on_shift(built, "bas")
    heard = overheard(built, RoomLineSaid)
    number = await say(built, anja, "anja", "bas")
    els = await on_shift(built, "els")

    assert [each.number for each in (await ask(built, bas, "bas")).lines] == [number]
    assert [each.is_mine for each in (await ask(built, anja, "anja")).lines] == [True]
    assert (await ask(built, els, "els")).lines == []
    [event] = heard
    assert isinstance(event, RoomLineSaid)
    assert sorted(event.told) == sorted((anja, bas))


async def test_who_left_is_given_nothing_more_not_even_what_they_had(built: TestHouse) -> None:
    anja, bas = await on_shift(built, "anja"), await on_shift(built, "bas")
    await say(built, anja, "anja", "bas")
    await built.house.consoles.set_state(bas, "away")
    await say(built, anja, "anja")

    assert (await ask(built, bas, "bas")).lines == []
    assert await refused(say(built, bas, "anja")) is Code.NOT_ON_SHIFT


@pytest.mark.parametrize("to", [("anja",), ("anja", "bas", "els"), ("bas",)])
async def test_a_line_must_be_sealed_to_exactly_who_is_there(
    built: TestHouse, to: tuple[str, ...]
) -> None:
    anja = await on_shift(built, "anja")
    await on_shift(built, "bas")

    assert await refused(say(built, anja, *to)) is Code.ROOM_CHANGED
    assert await rows(built) == (0, 0)


async def test_a_line_that_comes_again_is_one_line_and_an_id_is_nobody_elses(
    built: TestHouse,
) -> None:
    anja, bas = await on_shift(built, "anja"), await on_shift(built, "bas")
    line = new_id(built.house.tokens)

    first = await say(built, anja, "anja", "bas", line=line)
    again = await say(built, anja, "anja", "bas", line=line)

    assert first == again
    assert await refused(say(built, bas, "anja", "bas", line=line)) is Code.BAD_REQUEST
    assert await rows(built) == (1, 2)


async def test_another_console_of_the_same_person_is_given_nothing_it_cannot_open(
    built: TestHouse,
) -> None:
    anja = await on_shift(built, "anja")
    await say(built, anja, "anja")
    await built.house.consoles.opened(anja, KEYS["els"])

    assert (await ask(built, anja, "els")).lines == []


async def test_lines_go_when_the_shift_ends_in_which_they_were_said(built: TestHouse) -> None:
    anja, bas = await on_shift(built, "anja", hours=1), await on_shift(built, "bas", hours=4)
    await say(built, anja, "anja", "bas")
    await say(built, bas, "anja", "bas")
    await built.time.advance(HOUR_S + 1)

    left = (await ask(built, bas, "bas")).lines
    await forget(built)

    assert [each.is_mine for each in left] == [True]
    assert await rows(built) == (1, 2)
    await built.time.advance(3 * HOUR_S)
    await forget(built)
    assert await rows(built) == (0, 0)
    assert (await ask(built, bas, "bas")).me is None


async def test_a_coach_alone_has_nobody_to_talk_with(built: TestHouse) -> None:
    ada = await coach(built)

    shown = await ask(built, ada, "ada")

    assert (shown.me is not None, shown.has_room) == (True, False)
    assert await refused(say(built, ada, "ada")) is Code.NOT_ON_SHIFT


async def test_many_lines_come_in_parts_in_order(built: TestHouse) -> None:
    anja = await on_shift(built, "anja")
    numbers = [await say(built, anja, "anja") for _each in range(53)]

    first = await ask(built, anja, "anja")
    rest = await ask(built, anja, "anja", after=first.lines[-1].number)

    assert (len(first.lines), first.more, rest.more) == (50, True, False)
    assert [each.number for each in (*first.lines, *rest.lines)] == numbers
