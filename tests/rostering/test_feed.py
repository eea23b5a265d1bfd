"""The link to one's own calendar: who can make it, what it opens, and when it is dead."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.scope import Role, Scope
from tests.support.coaching import refused

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse

DAY_S = 86_400


def scope(built: TestHouse, person: PersonId) -> Scope:
    """Give what a volunteer acts as."""
    return Scope(person=person, branch=built.branch, roles=frozenset({Role.VOLUNTEER}))


async def linked(built: TestHouse, name: str = "anja", hours: float = 4) -> tuple[PersonId, str]:
    """Give a volunteer with one place from now on, and the link that they made."""
    person = await built.volunteer(name, hours=hours)
    return person, await built.house.calendar_feed.make(scope(built, person))


async def events(built: TestHouse, token: str) -> list[tuple[str, str, int]]:
    """Give (uid, status, sequence) of each event behind a link."""
    feed = await built.house.calendar_feed.read(token)
    return [
        (str(each["UID"]), str(each["STATUS"]), int(str(each["SEQUENCE"])))
        for each in Calendar.from_ical(feed.body).walk("VEVENT")
    ]


async def place(built: TestHouse) -> str:
    """Give the only place."""
    found = await built.owner.fetchval("select id from place")
    return str(found.hex)


async def set_state(built: TestHouse, state: str) -> None:
    """Set all places to this."""
    await built.owner.execute("update place set state = $1", state)


async def test_a_link_opens_the_own_places_and_nobody_elses(built: TestHouse) -> None:
    _anja, token = await linked(built)
    mine = await place(built)
    _bas, other = await linked(built, "bas")

    assert await events(built, token) == [(mine, "CONFIRMED", 0)]
    assert {each[0] for each in await events(built, other)} & {mine} == set()


async def test_the_number_rises_with_every_change_and_what_is_gone_says_so(
    built: TestHouse,
) -> None:
    _anja, token = await linked(built)
    seen = [await events(built, token)]
    for state in ("confirmed", "checked_in", "cannot"):
        await set_state(built, state)
        seen.append(await events(built, token))

    [one] = {each[0] for [each] in seen}
    assert one == await place(built)
    assert [(each[1], each[2]) for [each] in seen] == [
        ("CONFIRMED", 0),
        ("CONFIRMED", 1),
        ("CONFIRMED", 2),
        ("CANCELLED", 3),
    ]


@pytest.mark.parametrize("exit_", ["taken_off", "cannot", "handed_over"])
async def test_a_place_that_is_gone_is_told_for_thirty_days(built: TestHouse, exit_: str) -> None:
    _anja, token = await linked(built, hours=24 * 60)  # else the end of the shift would hide it
    await set_state(built, exit_)

    await built.time.advance(30 * DAY_S - 60)
    assert [each[1] for each in await events(built, token)] == ["CANCELLED"]
    await built.time.advance(120)

    assert await events(built, token) == []


async def test_a_shift_that_is_over_stays_thirty_days(built: TestHouse) -> None:
    _anja, token = await linked(built)
    await built.time.advance(30 * DAY_S)

    assert len(await events(built, token)) == 1
    await built.time.advance(5 * 3_600)
    assert await events(built, token) == []


async def test_what_is_only_proposed_or_in_a_concept_is_not_in_it(built: TestHouse) -> None:
    _anja, token = await linked(built)
    await set_state(built, "proposed")
    assert await events(built, token) == []

    await set_state(built, "published")
    await built.owner.execute("update shift set state = 'concept'")

    assert await events(built, token) == []


async def test_a_cancelled_shift_is_a_cancelled_event(built: TestHouse) -> None:
    _anja, token = await linked(built)
    await built.owner.execute("update shift set state = 'cancelled'")
    await set_state(built, "taken_off")

    assert [each[1] for each in await events(built, token)] == ["CANCELLED"]


async def test_a_new_link_ends_the_old_one_and_a_revoked_one_opens_nothing(
    built: TestHouse,
) -> None:
    feed = built.house.calendar_feed
    anja, old = await linked(built)
    acting = scope(built, anja)
    new = await feed.make(acting)

    assert old != new
    assert await refused(feed.read(old)) is Code.NOT_FOUND
    assert len(await events(built, new)) == 1
    assert await feed.has(acting)
    await feed.revoke(acting)
    await feed.revoke(acting)

    assert not await feed.has(acting)
    assert await refused(feed.read(new)) is Code.NOT_FOUND


@pytest.mark.parametrize("token", ["", "0" * 32, "f" * 31, "F" * 32, "../etc/passwd", "€" * 32])
async def test_what_is_no_link_is_not_found(built: TestHouse, token: str) -> None:
    await linked(built)

    assert await refused(built.house.calendar_feed.read(token)) is Code.NOT_FOUND


async def test_the_link_dies_with_the_account(built: TestHouse) -> None:
    anja, token = await linked(built)
    now = await built.time.now()
    await built.owner.execute(
        "update person set ends = $2 where id = $1", anja, now + timedelta(hours=1)
    )
    assert len(await events(built, token)) == 1

    await built.time.advance(3_601)

    assert await refused(built.house.calendar_feed.read(token)) is Code.NOT_FOUND


async def test_the_database_holds_no_link_that_somebody_could_use(built: TestHouse) -> None:
    _anja, token = await linked(built)

    held = await built.owner.fetchval("select token from calendar_feed")

    assert len(bytes.fromhex(token)) == 16
    assert len(held) == 32
    assert bytes.fromhex(token) not in held
    assert await refused(built.house.calendar_feed.read(held.hex()[:32])) is Code.NOT_FOUND


async def test_nobody_makes_or_ends_a_link_of_somebody_else(built: TestHouse) -> None:
    _anja, token = await linked(built)
    bas = await built.volunteer("bas")

    assert not await built.house.calendar_feed.has(scope(built, bas))
    await built.house.calendar_feed.revoke(scope(built, bas))

    assert len(await events(built, token)) == 1


async def test_reading_changes_nothing(built: TestHouse) -> None:
    _anja, token = await linked(built)
    rows = await built.owner.fetch("select * from calendar_feed")
    places = await built.owner.fetch("select * from place")

    first = await built.house.calendar_feed.read(token)
    again = await built.house.calendar_feed.read(token)

    assert first == again
    assert await built.owner.fetch("select * from calendar_feed") == rows
    assert await built.owner.fetch("select * from place") == places
