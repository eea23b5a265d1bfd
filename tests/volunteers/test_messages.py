"""Messages reach those they are for, can be read by nobody else, and go after 30 days."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.edge.world import SystemTokens
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import ShiftId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy import retention, sealing
from luisterlijn.privacy.keyring import KeyGone, Keyring, Readings
from luisterlijn.volunteers.ports import Audience, Status
from tests.support.coaching import refused

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId

    from .conftest import Branch

DAY_S = 86_400.0


async def texts(branch: Branch, person: PersonId) -> list[str]:
    """Give what somebody was sent, the newest first."""
    return [each.text for each in await branch.room.messages.inbox(branch.of(person))]


async def send(branch: Branch, text: str, audience: Audience = Audience.BRANCH) -> int:
    """Write to a group of the branch, as its coordinator."""
    return await branch.room.messages.send(branch.cora, audience, text, branch=branch.built.branch)


async def test_a_message_reaches_the_group_it_is_for_and_nobody_else(branch: Branch) -> None:
    await branch.step(branch.bert, Status.MENTOR)

    to_all = await send(branch, "Voor iedereen")
    await branch.built.time.advance(60)
    to_mentors = await send(branch, "Voor mentoren", Audience.MENTORS)

    assert (to_all, to_mentors) == (2, 1)
    assert await texts(branch, branch.anja) == ["Voor iedereen"]
    assert await texts(branch, branch.bert) == ["Voor mentoren", "Voor iedereen"]
    assert await texts(branch, branch.zoe) == []


async def test_a_message_to_a_shift_reaches_who_stands_on_it(branch: Branch) -> None:
    await branch.stands(branch.anja, 1)
    shift = ShiftId(await branch.built.owner.fetchval("select id from shift"))

    told = await branch.room.messages.send(
        branch.cora, Audience.SHIFT, "Neem de sleutel mee", shift=shift
    )
    [message] = await branch.room.messages.inbox(branch.of(branch.anja))

    assert told == 1
    assert message.shift is not None
    assert message.shift[1] - message.shift[0] == timedelta(hours=4)
    assert (message.writer, message.is_read) == ("Cora Smit", False)
    assert await texts(branch, branch.bert) == []


async def test_a_message_to_nobody_is_refused(branch: Branch) -> None:
    messages = branch.room.messages
    nothing = ShiftId(new_id(branch.built.house.tokens))

    assert await refused(send(branch, "Hallo", Audience.TRAINEES)) is Code.NOBODY_THERE
    for doing, code in (
        (messages.send(branch.cora, Audience.SHIFT, "Hallo", shift=nothing), Code.NOT_FOUND),
        (messages.send(branch.cora, Audience.SHIFT, "Hallo"), Code.BAD_REQUEST),
        (messages.send(branch.planner, Audience.BRANCH, "Hallo"), Code.BAD_REQUEST),
    ):
        assert await refused(doing) is code


async def test_a_coordinator_writes_to_the_own_branch_only(branch: Branch) -> None:
    doing = branch.room.messages.send(branch.cora, Audience.BRANCH, "Hallo", branch=branch.other)

    assert await refused(doing) is Code.NOBODY_THERE
    assert await branch.built.owner.fetchval("select count(*) from message") == 0


async def test_read_is_noted_for_who_read_it_and_counted_for_who_wrote_it(
    branch: Branch,
) -> None:
    messages = branch.room.messages
    await send(branch, "Voor iedereen")
    [message] = await messages.inbox(branch.of(branch.anja))
    before = await messages.unread(branch.of(branch.anja))

    await messages.read(branch.of(branch.anja), message.message)

    assert (before, await messages.unread(branch.of(branch.anja))) == (1, 0)
    assert await messages.unread(branch.of(branch.bert)) == 1
    [sent] = await messages.sent(branch.cora, branch.built.branch)
    assert (sent.people, sent.readers, sent.text) == (2, 1, "Voor iedereen")
    assert await refused(messages.read(branch.of(branch.zoe), message.message)) is Code.NOT_FOUND


async def test_the_text_is_sealed_to_one_of_three_lengths(branch: Branch) -> None:
    for text in ("Kort", "Lang " * 200, "€" * 2_000):
        await send(branch, text)

    rows = await branch.built.owner.fetch("select body from message")

    assert {len(row["body"]) for row in rows} == sealing.stored_lengths(retention.MESSAGE_BODY)
    assert not any(b"Kort" in row["body"] for row in rows)


async def test_a_message_goes_after_thirty_days_and_its_key_a_day_later(branch: Branch) -> None:
    house = branch.built.house
    await send(branch, "Voor iedereen")
    row = await branch.built.owner.fetchrow("select id, body from message")
    assert row is not None
    left = []
    for days in (29, 1.1):
        await branch.built.time.advance(days * DAY_S)
        async with house.database.transaction(LINE) as tx:
            await branch.room.hourly(tx)
        left.append(await branch.built.owner.fetchval("select count(*) from message"))
    now = await branch.built.time.now()
    ring = Keyring(house.settings.keys, SystemTokens())
    start = Readings(database=now, node=now, monotonic=timedelta())
    later = now + timedelta(days=1, minutes=6)
    ring.destroy_expired(start, set())
    gone = ring.destroy_expired(Readings(database=later, node=later, monotonic=later - now), set())

    assert left == [1, 0]
    assert sealing.kek_id_of(row["body"]) in gone or not ring_has(ring, row["body"])


def ring_has(ring: Keyring, body: bytes) -> bool:
    """Say whether the key of a sealed value is still there."""
    try:
        ring.find(sealing.kek_id_of(body))
    except KeyGone:
        return False
    return True
