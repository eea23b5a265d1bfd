"""Being beside a conversation: by whose word, in which way, each start and change on record."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from luisterlijn.coaching.events import JoiningChanged, JoiningEnded, JoiningStarted, TalkAsked
from luisterlijn.dispatch.events import PresenceChanged
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import ContactId
from luisterlijn.kernel.scope import LINE, Role
from tests.support.beside import Scene
from tests.support.coaching import (
    KEY,
    as_call,
    coach,
    names,
    overheard,
    refused,
    side,
    somebody,
    trail,
)
from tests.support.hours import pass_time, stop_time

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse

JOININGS = (JoiningStarted, JoiningChanged, JoiningEnded)
NONE = UUID(int=0)


# By invitation.


async def test_who_is_asked_sees_that_and_nothing_starts_before_their_yes(scene: Scene) -> None:
    heard = overheard(scene.built, *JOININGS)
    joining = await scene.invited()

    [asked] = (await side(scene.built, scene.bas)).joined
    [shown] = await scene.seen()
    before = list(heard)
    await scene.joinings.answer(scene.bas, joining, yes=True)
    [reads] = (await side(scene.built, scene.bas)).joined

    assert (asked.joining, asked.state, asked.mode) == (joining.hex, "asked", "read")
    assert asked.until_at is not None
    assert (shown.state, shown.role) == ("asked", "colleague")
    assert before == []
    assert (reads.state, reads.until_at, reads.contact) == ("present", None, scene.contact.hex)
    assert heard == [
        JoiningStarted(
            joining=joining,
            contact=scene.contact,
            channel="chat",
            person=scene.bas,
            role="colleague",
            mode="read",
        )
    ]
    assert await trail(scene.built) == [("joined", scene.bas)]


@pytest.mark.parametrize(
    ("also", "role"),
    [
        (frozenset(), "colleague"),
        (frozenset({Role.COORDINATOR}), "colleague"),
        (frozenset({Role.MENTOR}), "mentor"),
        (frozenset({Role.MENTOR, Role.COACH}), "coach"),
    ],
)
async def test_somebody_reads_along_as_the_most_experienced_that_they_are(
    built: TestHouse, also: frozenset[Role], role: str
) -> None:
    scene = await Scene.made(built, bas=also)
    await scene.reading()

    [shown] = await scene.seen()
    alias = await built.owner.fetchval("select alias from presence where person = $1", scene.bas)

    assert shown.role == role
    # A coach goes by the first name; whoever else by the alias of the shift.
    assert shown.alias == ("Bas" if role == "coach" else alias)


async def test_a_no_and_no_answer_leave_nothing_behind(scene: Scene) -> None:
    await stop_time(scene.built)
    heard = overheard(scene.built, *JOININGS)
    await scene.joinings.answer(scene.bas, await scene.invited(), yes=False)
    after_no = await scene.rows()

    late = await scene.invited()
    await pass_time(scene.built, 19, consoles=(scene.bas, scene.anja), pages=(scene.contact,))
    still = await scene.rows()
    await pass_time(scene.built, 2, consoles=(scene.bas, scene.anja), pages=(scene.contact,))

    assert after_no == []
    assert [row["id"] for row in still] == [late]
    assert await scene.rows() == []
    assert await refused(scene.joinings.answer(scene.bas, late, yes=True)) is Code.JOINING_GONE
    assert heard == []
    assert await trail(scene.built) == []


async def test_an_answer_after_twenty_seconds_is_too_late_also_before_anybody_looked(
    scene: Scene,
) -> None:
    joining = await scene.invited()
    await scene.built.time.advance(20)

    assert await refused(scene.joinings.answer(scene.bas, joining, yes=True)) is Code.JOINING_GONE


async def test_only_who_has_the_conversation_asks_and_only_who_was_asked_answers(
    scene: Scene,
) -> None:
    joinings, anja, bas = scene.joinings, scene.anja, scene.bas

    assert await refused(joinings.invite(bas, scene.contact, anja)) is Code.NOT_YOUR_CONTACT
    assert await refused(joinings.invite(anja, ContactId(NONE), bas)) is Code.NOT_YOUR_CONTACT
    joining = await scene.invited()
    assert await refused(joinings.answer(anja, joining, yes=True)) is Code.JOINING_GONE
    assert await refused(joinings.answer(scene.ada, joining, yes=True)) is Code.JOINING_GONE
    assert await refused(joinings.answer(bas, NONE, yes=True)) is Code.JOINING_GONE
    await joinings.answer(bas, joining, yes=True)
    assert await refused(joinings.answer(bas, joining, yes=True)) is Code.JOINING_GONE
    assert await refused(joinings.invite(anja, scene.contact, bas)) is Code.NOBODY_FREE


async def test_who_is_not_there_or_rests_or_is_oneself_is_not_asked(scene: Scene) -> None:
    built, ask = scene.built, scene.joinings.invite
    carla = await built.volunteer("carla")
    codes = [
        await refused(ask(scene.anja, scene.contact, scene.anja)),
        await refused(ask(scene.anja, scene.contact, carla)),
        await refused(ask(scene.anja, scene.contact, scene.anja)),
    ]
    for state in ("away", "after_care"):
        await built.owner.execute(
            "update presence set state = $2 where person = $1", scene.bas, state
        )
        codes.append(await refused(ask(scene.anja, scene.contact, scene.bas)))
    await built.owner.execute(
        "update presence set state = 'paused', heard = heard - interval '12 s' where person = $1",
        scene.bas,
    )
    codes.append(await refused(ask(scene.anja, scene.contact, scene.bas)))

    assert set(codes) == {Code.NOBODY_FREE}
    assert await scene.rows() == []


async def test_a_call_cannot_be_read(scene: Scene) -> None:
    await as_call(scene.built, scene.contact)

    code = await refused(scene.joinings.invite(scene.anja, scene.contact, scene.bas))

    assert code is Code.BAD_REQUEST


async def test_asked_twice_at_once_somebody_is_asked_once(scene: Scene) -> None:
    codes: list[Code] = []

    async def ask() -> None:
        try:
            await scene.joinings.invite(scene.anja, scene.contact, scene.bas)
        except Refusal as refusal:
            codes.append(refusal.code)

    async with asyncio.TaskGroup() as group:
        for _each in range(4):
            group.create_task(ask())

    assert codes == [Code.NOBODY_FREE] * 3
    assert len(await scene.rows()) == 1


# A coach.


async def test_who_took_a_request_reads_its_chat_along_by_name_without_being_asked_in(
    scene: Scene,
) -> None:
    heard = overheard(scene.built, *JOININGS)

    joining = await scene.joined()
    await scene.built.house.coaching.join(scene.ada, scene.request, "read", KEY)  # pressed twice

    [shown] = await scene.seen()
    assert (shown.alias, shown.role, shown.mode, shown.state) == ("Ada", "coach", "read", "present")
    [mine] = (await side(scene.built, scene.ada)).joined
    assert (mine.joining, mine.channel, mine.language) == (joining.hex, "chat", "nl")
    assert names(heard) == ["joining.started"]
    assert await trail(scene.built) == [("joined", scene.ada)]


async def test_a_coach_who_reads_along_has_a_key_in_the_hall_and_is_offered_nothing(
    scene: Scene,
) -> None:
    await scene.joined()

    async with scene.built.house.database.transaction(LINE) as tx:
        console = await scene.built.house.hall.console_of(tx, scene.ada)
    row = await scene.built.owner.fetchrow(
        "select state, load, channels from presence where person = $1", scene.ada
    )
    assert console is not None
    assert console.public_key == KEY
    assert row is not None
    assert tuple(row) == ("paused", 0, [])
    await scene.built.waiting()
    await scene.built.house.rounds.round()
    assert (
        await scene.built.owner.fetchval(
            "select offered from presence where person = $1", scene.ada
        )
        is False
    )


async def test_in_a_call_a_coach_changes_how_they_take_part_and_each_is_on_record(
    scene: Scene,
) -> None:
    await as_call(scene.built, scene.contact)
    heard = overheard(scene.built, *JOININGS)
    joining = await scene.joined("listen")

    await scene.joinings.change(scene.ada, joining, "whisper")
    await scene.joinings.change(scene.ada, joining, "whisper")
    await scene.built.house.coaching.join(scene.ada, scene.request, "join", KEY)
    await scene.joinings.leave(scene.ada, joining)

    assert names(heard) == [
        *("joining.started", "joining.changed", "joining.changed", "joining.ended"),
    ]
    assert [each.mode for each in heard if isinstance(each, JoiningChanged)] == ["whisper", "join"]
    assert await trail(scene.built) == [
        (what, scene.ada) for what in ("joined", "changed", "changed", "left")
    ]


async def test_in_a_chat_reading_and_a_word_alone_are_two_things(scene: Scene) -> None:
    joining = await scene.joined("alone")
    heard = overheard(scene.built, *JOININGS)

    codes = [
        await refused(scene.joinings.change(scene.ada, joining, "read")),
        await refused(scene.built.house.coaching.join(scene.ada, scene.request, "read", KEY)),
        await refused(scene.built.house.coaching.join(scene.ada, scene.request, "listen", KEY)),
    ]
    await scene.joinings.leave(scene.ada, joining)
    await scene.joined("read")

    assert set(codes) == {Code.NOT_A_CALL}
    assert names(heard) == ["joining.ended", "joining.started"]


async def test_an_invitation_to_a_coach_becomes_a_joining_when_they_join_by_themselves(
    built: TestHouse,
) -> None:
    scene = await Scene.made(built, bas=frozenset({Role.COACH}))
    invited = await scene.invited()
    await built.owner.execute("update help_request set taken_by = $1", scene.bas)

    await scene.built.house.coaching.join(scene.bas, scene.request, "read", KEY)

    [row] = await scene.rows()
    assert (row["id"], row["state"], row["until"]) == (invited, "present", None)
    assert await trail(built) == [("joined", scene.bas)]


async def test_only_who_took_the_request_joins_and_only_while_the_conversation_goes_on(
    scene: Scene,
) -> None:
    built, join = scene.built, scene.built.house.coaching.join
    ben = await coach(built, "ben")

    assert await refused(join(ben, scene.request, "read", KEY)) is Code.REQUEST_GONE
    assert await refused(join(scene.anja, scene.request, "read", KEY)) is Code.REQUEST_GONE
    assert await refused(join(scene.ada, NONE, "read", KEY)) is Code.REQUEST_GONE
    await built.house.hall.end_by_volunteer(scene.anja, scene.contact, abuse=False)
    assert await refused(join(scene.ada, scene.request, "read", KEY)) is Code.CONTACT_GONE
    await built.house.hall.wrap_up(scene.anja, scene.contact, {}, pause=True)
    assert await refused(join(scene.ada, scene.request, "read", KEY)) is Code.CONTACT_GONE


async def test_who_asks_outside_a_conversation_can_only_be_spoken_with(
    built: TestHouse,
) -> None:
    anja, ada = await built.volunteer("anja"), await coach(built)
    asked = await built.house.coaching.ask(anja, None, urgent=False)
    await built.house.coaching.take(ada, asked)

    heard = overheard(built, TalkAsked)
    code = await refused(built.house.coaching.join(ada, asked, "listen", KEY))
    await built.house.coaching.join(ada, asked, "alone", KEY)
    await built.settle()

    assert code is Code.CONTACT_GONE
    assert heard == [TalkAsked(request=asked, coach=ada, person=anja)]
    assert await built.owner.fetchval("select count(*) from joining") == 0


async def test_both_ends_are_told_to_look_again_at_each_start_change_and_end(
    scene: Scene,
) -> None:
    heard = overheard(scene.built, PresenceChanged)
    told: list[set[PersonId]] = []

    async def after(doing: Awaitable[object]) -> None:
        heard.clear()
        await doing
        told.append({each.person for each in heard if isinstance(each, PresenceChanged)})

    await after(scene.joinings.invite(scene.anja, scene.contact, scene.bas))
    joining = await scene.only()
    await after(scene.joinings.answer(scene.bas, joining, yes=True))
    await after(scene.joinings.stop(scene.anja, joining))

    assert told == [{scene.anja, scene.bas}] * 3


async def test_an_entry_of_the_trail_names_the_conversation_to_nobody(scene: Scene) -> None:
    await scene.reading()

    row = await scene.built.owner.fetchrow("select to_jsonb(a)::text as said, facts from audit a")

    assert row is not None
    assert scene.contact.hex not in row["said"].replace("-", "")
    assert scene.contact.bytes.hex() not in row["said"]
    assert scene.contact.hex.encode() not in row["facts"]


async def test_a_node_that_does_not_know_somebody_asks_nobody(scene: Scene) -> None:
    stranger = await somebody(scene.built, "carla", Role.VOLUNTEER)

    code = await refused(scene.joinings.invite(scene.anja, scene.contact, stranger))

    assert code is Code.NOBODY_FREE
