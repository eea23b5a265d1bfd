"""Being beside a conversation ends: by a word, with a line, with the conversation; on record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.coaching.events import JoiningChanged, JoiningEnded, JoiningStarted
from luisterlijn.dispatch.events import ContactHandedOver, ContactQueuedAgain, ConversationEnded
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.scope import LINE
from tests.support.coaching import KEY, as_call, names, overheard, refused, trail
from tests.support.hours import pass_time, stop_time
from tests.support.talk import give_keys

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId
    from tests.support.beside import Scene

JOININGS = (JoiningStarted, JoiningChanged, JoiningEnded)


# Going away.


async def test_one_goes_away_by_oneself_and_is_sent_away_by_who_talks(scene: Scene) -> None:
    heard = overheard(scene.built, *JOININGS)
    first = await scene.reading()

    by_others = [
        await refused(scene.joinings.leave(scene.anja, first)),
        await refused(scene.joinings.stop(scene.bas, first)),
        await refused(scene.joinings.stop(scene.ada, first)),
    ]
    await scene.joinings.leave(scene.bas, first)
    second = await scene.reading()
    await scene.joinings.stop(scene.anja, second)
    over = [
        await refused(scene.joinings.stop(scene.anja, second)),
        await refused(scene.joinings.leave(scene.bas, second)),
    ]

    assert by_others == [Code.JOINING_GONE, Code.NOT_YOUR_CONTACT, Code.NOT_YOUR_CONTACT]
    assert over == [Code.JOINING_GONE, Code.JOINING_GONE]
    assert names(heard) == ["joining.started", "joining.ended"] * 2
    assert await trail(scene.built) == [
        (what, scene.bas) for what in ("joined", "left", "joined", "stopped")
    ]


async def test_a_coach_is_not_sent_away_but_an_invitation_can_be_taken_back(
    scene: Scene,
) -> None:
    joining = await scene.joined()

    code = await refused(scene.joinings.stop(scene.anja, joining))
    await scene.joinings.leave(scene.ada, joining)
    await scene.joinings.stop(scene.anja, await scene.invited())

    assert code is Code.NOT_ON_DUTY
    assert await scene.rows() == []
    assert await trail(scene.built) == [("joined", scene.ada), ("left", scene.ada)]


async def test_a_coach_whose_line_is_gone_is_beside_the_call_no_more(scene: Scene) -> None:
    await as_call(scene.built, scene.contact)
    await scene.joined("join")
    heard = overheard(scene.built, JoiningEnded)

    for _told_twice in range(2):
        async with scene.built.house.database.transaction(LINE) as tx:
            await scene.built.house.coaching.line_gone(tx, scene.contact, scene.ada)

    assert len(heard) == 1
    assert (await trail(scene.built))[-1] == ("line-gone", scene.ada)
    assert await scene.rows() == []


async def test_a_gone_line_ends_no_reading(scene: Scene) -> None:
    await scene.joined("read")

    async with scene.built.house.database.transaction(LINE) as tx:
        await scene.built.house.coaching.line_gone(tx, scene.contact, scene.ada)

    assert len(await scene.rows()) == 1


async def test_who_reads_along_and_whose_console_falls_silent_reads_along_no_more(
    scene: Scene,
) -> None:
    await stop_time(scene.built)
    await scene.reading()
    await scene.built.settle()
    await give_keys(scene.built, scene.contact)
    there = (scene.anja, scene.bas)
    await pass_time(scene.built, 60, consoles=there, pages=(scene.contact,))
    still = len(await scene.rows())

    await pass_time(scene.built, 35, consoles=(scene.anja,), pages=(scene.contact,))

    assert still == 1
    assert await scene.rows() == []
    assert (await trail(scene.built))[-1] == ("away", scene.bas)


async def test_somebody_who_was_away_joins_again(scene: Scene) -> None:
    await stop_time(scene.built)
    await scene.joined()
    await give_keys(scene.built, scene.contact)
    await pass_time(scene.built, 35, consoles=(scene.anja,), pages=(scene.contact,))
    gone = await scene.rows()

    await scene.joined()
    await pass_time(scene.built, 5, consoles=(scene.anja, scene.ada), pages=(scene.contact,))

    assert gone == []
    assert len(await scene.rows()) == 1


# The conversation ends, breaks off, goes to another.


@pytest.mark.parametrize("written_up", [False, True])
async def test_with_the_conversation_ends_being_beside_it_and_that_is_on_record(
    scene: Scene, *, written_up: bool
) -> None:
    await scene.reading()
    await scene.built.house.coaching.join(scene.ada, scene.request, "read", KEY)
    heard = overheard(scene.built, JoiningEnded)

    await scene.built.house.hall.end_by_volunteer(scene.anja, scene.contact, abuse=False)
    if written_up:  # its rows are gone before anybody heard that it is over
        await scene.built.house.hall.wrap_up(scene.anja, scene.contact, {}, pause=True)
    await scene.built.settle()

    assert await scene.rows() == []
    assert {each.person for each in heard if isinstance(each, JoiningEnded)} == {
        scene.bas,
        scene.ada,
    }
    assert sorted((await trail(scene.built))[2:]) == sorted(
        [("ended", scene.bas), ("ended", scene.ada)]
    )


async def test_an_invitation_is_over_with_the_conversation_and_on_no_record(
    scene: Scene,
) -> None:
    joining = await scene.invited()

    await scene.built.house.hall.end_by_volunteer(scene.anja, scene.contact, abuse=False)
    late = await refused(scene.joinings.answer(scene.bas, joining, yes=True))
    await scene.built.settle()

    assert late is Code.JOINING_GONE
    assert await scene.rows() == []
    assert await trail(scene.built) == []


async def test_told_twice_that_it_is_over_it_is_on_record_once(scene: Scene) -> None:
    await scene.reading()
    await scene.built.house.hall.end_by_volunteer(scene.anja, scene.contact, abuse=False)
    event = ConversationEnded(
        contact=scene.contact, channel="chat", volunteer=scene.anja, reason="ended_by_volunteer"
    )

    for _each in range(2):
        async with scene.built.house.database.transaction(LINE) as tx:
            await scene.joinings.conversation_ended(tx, event)
    await scene.built.settle()

    assert [what for what, _who in await trail(scene.built)] == ["joined", "ended"]


async def test_a_conversation_that_breaks_off_keeps_nobody_beside_it(scene: Scene) -> None:
    await scene.reading()

    await scene.built.house.hall.release(scene.anja, scene.contact)
    await scene.built.settle()

    assert await scene.rows() == []
    assert (await trail(scene.built))[-1] == ("ended", scene.bas)


async def test_old_news_that_it_broke_off_ends_nothing_in_a_conversation_that_goes_on(
    scene: Scene,
) -> None:
    await scene.reading()
    event = ContactQueuedAgain(
        contact=scene.contact, channel="chat", lost=scene.anja, was_talking=True
    )

    async with scene.built.house.database.transaction(LINE) as tx:
        await scene.joinings.queued_again(tx, event)

    assert len(await scene.rows()) == 1


async def hand_over(scene: Scene, to: PersonId) -> None:
    """Let Anja hand the conversation over, and the other say yes."""
    house = scene.built.house
    await scene.built.ready(to)
    await scene.handing.hand_over(scene.anja, scene.contact, to)
    row = await scene.built.contact(scene.contact)
    assert row is not None
    await house.hall.accept(to, scene.contact, row["epoch"] + 1)
    await scene.built.settle()


async def test_when_the_conversation_goes_to_a_colleague_who_is_beside_it_stays(
    scene: Scene,
) -> None:
    await scene.joined()
    heard = overheard(scene.built, *JOININGS)

    await hand_over(scene, scene.bas)

    assert heard == []
    assert len(await scene.rows()) == 1
    snapshot = await scene.built.house.consoles.snapshot(scene.bas)
    assert [each.alias for each in snapshot.contacts[0].beside] == ["Ada"]


async def test_who_read_along_and_takes_the_conversation_is_not_beside_it_any_more(
    scene: Scene,
) -> None:
    await scene.reading()
    heard = overheard(scene.built, JoiningEnded)

    await hand_over(scene, scene.bas)

    assert await scene.rows() == []
    # Their seat goes on: the channels hear that it was handed over, and nothing else.
    assert heard == []
    assert (await trail(scene.built))[-1] == ("took-over", scene.bas)


async def test_old_news_of_a_hand_over_changes_nothing(scene: Scene) -> None:
    await scene.reading()
    event = ContactHandedOver(
        contact=scene.contact, channel="chat", lost=scene.anja, by=scene.bas, epoch=2
    )

    async with scene.built.house.database.transaction(LINE) as tx:
        await scene.joinings.handed_over(tx, event)

    assert len(await scene.rows()) == 1
