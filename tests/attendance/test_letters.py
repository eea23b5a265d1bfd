"""A reminder by mail: once, to who wants it, and a link that works once and dies with the shift."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.attendance import letters
from luisterlijn.edge.guard import hashed, read_b64
from luisterlijn.edge.postman import Letter, Returned
from luisterlijn.kernel.errors import Code, Outage
from tests.support.attending import agrees, notices, pass_by, person, shift, stands, state
from tests.support.coaching import refused

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from luisterlijn.attendance.letters import Letters
    from tests.support.house import TestHouse

MAIL = "wim@vrijwilliger.example"


class Bag:
    """A postman who keeps what he gets; `fails`: what he raises, one after another."""

    def __init__(self, *fails: Exception) -> None:
        """Begin with an empty bag."""
        self.letters: list[Letter] = []
        self.fails = list(fails)

    async def bring(self, letter: Letter, _now: datetime) -> None:
        """Take a letter, or fail."""
        if self.fails:
            raise self.fails.pop(0)
        self.letters.append(letter)


def post(built: TestHouse, postman: Bag | None) -> Letters:
    """Give the house's letters with another postman."""
    room, house = built.house.attendance, built.house
    made = letters.Letters(
        house.database,
        room.letters._attending,  # noqa: SLF001 - the same hands
        room.reach,
        postman,
        house.settings.console_url,
        house.tokens,
    )
    assert made.works is (postman is not None)
    return made


async def reminded(built: TestHouse) -> UUID:
    """Give the place of Wim, whose shift begins in an hour, once he is to be reminded."""
    wim = await person(built, "wim")
    await agrees(built, wim, mail=MAIL)
    place = await stands(built, wim, await shift(built, starts_in=60))
    await pass_by(built, 0)
    return place


async def link(built: TestHouse) -> tuple[UUID, str]:
    """Let the reminder arrive; gives the place, and the token in its link."""
    place, bag = await reminded(built), Bag()
    await post(built, bag).one()
    [letter] = bag.letters
    [address] = [word for word in letter.text.split() if word.startswith("http")]
    return place, address.rsplit("/", 1)[1]


@pytest.fixture(autouse=True)
async def still(built: TestHouse) -> None:
    """Let time pass only where a test says so."""
    await built.time.freeze(await built.time.now())


async def test_a_reminder_goes_out_once_and_names_nobody(built: TestHouse) -> None:
    await reminded(built)
    bag = Bag()
    sends = post(built, bag)
    async with asyncio.TaskGroup() as nodes:
        for _node in range(3):
            nodes.create_task(sends.one())

    assert not await sends.one()
    [letter] = bag.letters
    assert letter.to.reveal() == MAIL
    assert letter.subject == "Over je rooster"
    assert "Over een uur heb je dienst." in letter.text
    assert built.house.settings.console_url + "/dienst/" in letter.text
    assert not {"Wim", "Utrecht", "luister", "chat"} & set(letter.text.split())


async def test_who_wants_no_mail_gets_none(built: TestHouse) -> None:
    on = await shift(built, starts_in=60)
    place = await stands(built, await person(built, "wim"), on)
    await pass_by(built, 0)
    bag = Bag()

    while await post(built, bag).one():
        pass

    assert bag.letters == []
    assert await notices(built, place) == ["hour_before"]


async def test_a_mail_that_could_not_be_sent_is_tried_again_later_and_later(
    built: TestHouse,
) -> None:
    await reminded(built)
    bag = Bag(Outage(), Outage())
    sends, tried = post(built, bag), []
    for _minute in range(4):
        tried.append(await sends.one())
        await built.time.advance(60)

    assert tried == [True, True, False, True]
    assert len(bag.letters) == 1
    assert not await sends.one()


async def test_a_mail_that_is_returned_is_tried_no_more(built: TestHouse) -> None:
    await reminded(built)
    sends = post(built, Bag(Returned()))
    await sends.one()
    await built.time.advance(600)

    assert not await sends.one()


def test_a_mail_is_given_up_after_half_an_hour() -> None:
    waits = [letters.back_off(tries) for tries in range(1, 7)]

    assert waits[:5] == [timedelta(minutes=each) for each in (1, 2, 4, 8, 16)]
    assert waits[5] is None


async def test_what_is_about_a_place_that_stands_no_more_is_not_sent(built: TestHouse) -> None:
    place = await reminded(built)
    await built.owner.execute("update place set state = 'cannot' where id = $1", place)

    assert not await post(built, Bag()).one()


async def test_looking_changes_nothing_and_the_first_press_counts(built: TestHouse) -> None:
    place, token = await link(built)
    room = built.house.attendance.letters
    for _look in range(3):
        await room.behind(token)
    before = await state(built, place)
    await room.answered(token, comes=True)

    assert before == "published"
    assert await state(built, place) == "confirmed"
    assert await refused(room.answered(token, comes=False)) is Code.TOKEN_USED
    assert await refused(room.behind(token)) is Code.TOKEN_USED
    assert await state(built, place) == "confirmed"


async def test_of_two_presses_at_once_one_counts(built: TestHouse) -> None:
    place, token = await link(built)
    room = built.house.attendance.letters
    told: list[bool] = []

    async def press(*, comes: bool) -> None:
        try:
            await room.answered(token, comes=comes)
            told.append(comes)
        except Exception as no:  # noqa: BLE001 - looked at below
            assert getattr(no, "code", None) is Code.TOKEN_USED  # noqa: PT017 - of either task

    async with asyncio.TaskGroup() as both:
        both.create_task(press(comes=True))
        both.create_task(press(comes=False))

    assert len(told) == 1
    assert await state(built, place) == ("confirmed" if told[0] else "cannot")


async def test_who_cannot_come_is_off_and_others_are_asked(built: TestHouse) -> None:
    place, token = await link(built)
    bas = await person(built, "bas")
    await agrees(built, bas)
    await built.house.attendance.letters.answered(token, comes=False)
    await pass_by(built, 0)

    assert await state(built, place) == "cannot"
    assert len((await built.house.consoles.snapshot(bas)).attendance.call_ups) == 1


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "é", "AAAA", "%00"])
async def test_a_link_that_never_was_answers_like_one_that_was_used(
    built: TestHouse, token: str
) -> None:
    room = built.house.attendance.letters

    assert await refused(room.behind(token)) is Code.TOKEN_USED
    assert await refused(room.answered(token, comes=True)) is Code.TOKEN_USED


async def test_a_link_dies_with_the_shift(built: TestHouse) -> None:
    _place, token = await link(built)
    await built.time.advance(5 * 3_600)

    assert await refused(built.house.attendance.letters.behind(token)) is Code.TOKEN_USED


async def test_the_token_itself_is_stored_nowhere(built: TestHouse) -> None:
    _place, token = await link(built)

    row = await built.owner.fetchrow("select token from notice where token is not null")
    assert row is not None
    assert row["token"] not in (token.encode(), read_b64(token))
    assert row["token"] == hashed(read_b64(token))
