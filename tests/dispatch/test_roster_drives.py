"""The roster drives the line: each change of a place is in the next round, whoever made it.

`RosterChanged` is heard, and who may be ready, for what, until when follows from what counts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.dispatch import store_claim
from luisterlijn.dispatch.waiting import Opening
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PlaceId, ShiftId, new_id
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.rostering.attending import Attending
from tests.support.hours import pass_time, plan, stop_time
from tests.support.mentoring import mentors, pair

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse


async def asked(built: TestHouse) -> set[PersonId]:
    """Give who the next round may ask."""
    await built.settle()
    async with built.house.database.transaction(LINE) as tx:
        return {each.person for each in await store_claim.free(tx) if each.channels}


async def opening(built: TestHouse, channel: str = "chat") -> Opening:
    await built.house.line.look()
    return built.house.line.opening_of(channel, "nl")


async def place(built: TestHouse, person: PersonId) -> PlaceId:
    found = await built.owner.fetchval(
        "select id from place where person = $1 and upper(during) > line_now()"
        " order by lower(during) limit 1",
        person,
    )
    return PlaceId(found)


async def shift(built: TestHouse, person: PersonId) -> ShiftId:
    found = await built.owner.fetchval("select shift from place where person = $1", person)
    return ShiftId(found)


async def state(built: TestHouse, person: PersonId) -> str:
    return str(await built.owner.fetchval("select state from place where person = $1", person))


async def next_hours(built: TestHouse) -> None:
    """Do what the job does each minute."""
    async with built.house.database.transaction(LINE) as tx:
        await built.house.consoles.next_hours(tx)
    await built.settle()


async def not_ready(built: TestHouse, person: PersonId) -> Code:
    with pytest.raises(Refusal) as refusal:
        await built.ready(person)
    return refusal.value.code


def themselves(built: TestHouse, person: PersonId) -> Scope:
    return Scope(person=person, branch=built.branch, roles=frozenset({Role.VOLUNTEER}))


def attending(built: TestHouse) -> Attending:
    return Attending(built.house.roster.placing)


@pytest.fixture
async def anja(built: TestHouse) -> PersonId:
    """Somebody on a running shift, ready."""
    await stop_time(built)
    person = await built.volunteer("anja")
    await built.ready(person)
    assert await asked(built) == {person}
    return person


async def test_who_is_taken_off_during_the_shift_is_asked_for_nothing_more(
    built: TestHouse, anja: PersonId
) -> None:
    contact = await built.talking(anja)

    await built.house.roster.assigning.take_off(LINE, await place(built, anja))

    assert await asked(built) == set()
    assert await opening(built) is Opening.CLOSED
    assert await built.state(contact) == "active"


async def test_who_says_that_they_cannot_is_asked_for_nothing_more(
    built: TestHouse, anja: PersonId
) -> None:
    await built.house.roster.assigning.cannot(LINE, await place(built, anja))

    assert await asked(built) == set()
    assert await not_ready(built, anja) is Code.NOT_ON_SHIFT


async def test_of_two_shifts_only_the_one_that_is_cancelled_ends(
    built: TestHouse, anja: PersonId
) -> None:
    bas = await built.volunteer("bas")
    await built.ready(bas)

    await built.house.roster.cancel(LINE, await shift(built, anja))

    assert await asked(built) == {bas}
    assert await opening(built) is Opening.OPEN


async def test_a_place_that_is_handed_over_goes_from_the_one_to_the_other(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anja, bas = await built.volunteer("anja", hours=0), await built.volunteer("bas", hours=0)
    await plan(built, anja, 24 * 60, 240)
    swap = await built.house.roster.swaps.offer(
        themselves(built, anja), await place(built, anja), asked=bas
    )
    assert swap is not None

    await built.house.roster.swaps.accept(themselves(built, bas), swap.swap)
    await built.time.advance(24 * 3600)

    assert await not_ready(built, anja) is Code.NOT_ON_SHIFT
    await built.ready(bas)
    assert await asked(built) == {bas}


async def test_a_proposal_is_nothing_to_the_line_until_it_is_published(built: TestHouse) -> None:
    anja = await built.volunteer("anja")
    await built.owner.execute("update place set state = 'proposed'")

    assert await not_ready(built, anja) is Code.NOT_ON_SHIFT
    assert await opening(built) is Opening.CLOSED
    await built.owner.execute("update place set state = 'published'")
    await built.ready(anja)
    assert await asked(built) == {anja}


async def test_who_was_missed_and_comes_late_is_asked_at_once(built: TestHouse) -> None:
    await stop_time(built)
    anja = await built.volunteer("anja")
    await built.time.advance(20 * 60)
    async with built.house.database.transaction(LINE) as tx:
        assert await attending(built).mark_missed(tx, await place(built, anja))
    before = await opening(built)

    await built.ready(anja)

    assert before is Opening.CLOSED
    assert await state(built, anja) == "checked_in"
    assert await asked(built) == {anja}
    assert await opening(built) is Opening.OPEN


async def test_a_reserve_may_be_ready_only_once_called_up(built: TestHouse) -> None:
    anja = await built.volunteer("anja")
    await built.owner.execute("update place set role = 'reserve'")
    before = await not_ready(built, anja), await opening(built)

    async with built.house.database.transaction(LINE) as tx:
        assert await attending(built).fill_from_reserve(tx, await shift(built, anja), anja)
    await built.settle()
    await built.ready(anja)

    assert before == (Code.NOT_ON_SHIFT, Opening.CLOSED)
    assert await asked(built) == {anja}


async def test_who_jumps_in_is_asked_at_once(built: TestHouse, anja: PersonId) -> None:
    bas = await built.volunteer("bas", hours=0)
    await built.house.consoles.opened(bas, b"k" * 65)
    async with built.house.database.transaction(LINE) as tx:
        locked = await attending(built).lock(tx, await shift(built, anja))
        assert locked is not None
        await attending(built).jump_in(tx, locked, bas)
    await built.settle()

    await built.ready(bas)

    assert await asked(built) == {anja, bas}


async def test_a_shift_that_joins_on_counts_for_both_and_the_next_one_is_come_to(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anja = await built.volunteer("anja", hours=1, channels=("chat", "phone"))
    await built.owner.execute("update person set margin_min = 20")
    await plan(built, anja, 60, 60, channels=("phone",))
    await built.ready(anja)

    found = []
    for _each in range(8):
        await next_hours(built)
        async with built.house.database.transaction(LINE) as tx:
            found += [sorted(each.channels) for each in await store_claim.free(tx)]
        await pass_time(built, 600, consoles=[anja], each_s=600)

    # Every ten minutes from 0 to 70: chats and calls in the first hour, only calls in the second.
    assert found == [["chat", "phone"]] * 6 + [["phone"]] * 2
    assert await built.owner.fetchval("select bool_and(state = 'checked_in') from place")


async def test_which_channels_are_open_follows_from_who_stands_where(
    built: TestHouse, anja: PersonId
) -> None:
    bas = await built.volunteer("bas", channels=("phone",), hours=0)
    before = await opening(built, "phone")
    calls = await plan(built, bas, 0, 60, channels=("phone",))
    during = await opening(built, "phone")

    await built.house.roster.cancel(LINE, calls)

    assert (before, during) == (Opening.CLOSED, Opening.OPEN)
    assert await opening(built, "phone") is Opening.CLOSED
    assert await opening(built) is Opening.OPEN
    assert await asked(built) == {anja}


async def test_training_that_ends_during_a_shift_is_followed_within_the_minute(
    built: TestHouse, anja: PersonId
) -> None:
    await built.owner.execute("update person set channels = '{}' where id = $1", anja)

    await next_hours(built)

    assert await asked(built) == set()
    assert await opening(built) is Opening.CLOSED


async def test_a_place_made_before_a_change_of_branch_is_not_taken(
    built: TestHouse, anja: PersonId
) -> None:
    elsewhere = BranchId(new_id(built.house.tokens))
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_branch(tx, elsewhere, "zwolle", "Zwolle")
    await built.owner.execute("update person set branch = $1", elsewhere)

    await next_hours(built)

    assert await asked(built) == set()
    assert await not_ready(built, anja) is Code.NOT_ON_SHIFT


async def test_nobody_who_is_not_changed_is_told_each_minute(
    built: TestHouse, anja: PersonId
) -> None:
    version = "select version from presence where person = $1"
    before = await built.owner.fetchval(version, anja)

    for _each in range(3):
        await next_hours(built)

    assert await built.owner.fetchval(version, anja) == before


async def test_who_has_no_shift_but_is_beside_a_conversation_stays_as_they_are(
    built: TestHouse, anja: PersonId
) -> None:
    coach = await built.volunteer("ada", hours=0)
    async with built.house.database.transaction(LINE) as tx:
        await built.house.consoles.seat(tx, coach, b"k" * 65)
        before = await tx.value("select shift_ends from presence where person = $1", coach)

    await next_hours(built)

    after = await built.owner.fetchval("select shift_ends from presence where person = $1", coach)
    assert after == before
    assert await asked(built) == {anja}


# Pairs.


async def test_a_mentor_who_is_taken_off_leaves_the_trainee_without_contacts(
    built: TestHouse,
) -> None:
    trainee, mentor = await pair(built)
    await built.ready(trainee)
    await built.ready(mentor)
    assert await asked(built) == {trainee, mentor}

    await built.house.roster.assigning.take_off(LINE, await place(built, mentor))

    assert await asked(built) == set()
    row = await built.owner.fetchrow("select * from presence where person = $1", trainee)
    assert row is not None
    assert row["beside"] is None


async def test_another_mentor_of_the_shift_takes_the_trainee_along(built: TestHouse) -> None:
    trainee, mentor = await pair(built)
    other = await built.volunteer("carla", hours=0)
    await built.house.roster.put_on(LINE, await shift(built, mentor), other)
    await mentors(built, other, "chat")
    for person in (trainee, mentor, other):
        await built.ready(person)

    await built.house.roster.assigning.take_off(LINE, await place(built, mentor))

    assert await asked(built) == {trainee, other}
    assert (
        await built.owner.fetchval("select beside from presence where person = $1", other)
        == trainee
    )


async def test_a_trainee_who_becomes_independent_takes_contacts_alone(built: TestHouse) -> None:
    await stop_time(built)
    trainee, mentor = await pair(built)
    await built.ready(trainee)
    before = await asked(built)
    await built.owner.execute("update training set status = 'independent'")
    await built.owner.execute("update person set channels = '{chat}' where id = $1", trainee)
    await built.owner.execute("update place set role = 'listener' where person = $1", trainee)

    await next_hours(built)

    assert before == set()
    assert await asked(built) == {trainee}
    assert mentor not in await asked(built)


async def test_the_last_call_margin_is_ones_own(built: TestHouse) -> None:
    await stop_time(built)
    anja, bas = await built.volunteer("anja", hours=1), await built.volunteer("bas", hours=1)
    await built.owner.execute("update person set margin_min = 20 where id = $1", anja)
    await built.ready(anja)
    await built.ready(bas)

    await pass_time(built, 41 * 60, consoles=[anja, bas], each_s=820)

    assert await asked(built) == {bas}
    ends = await built.owner.fetch("select takes_until, shift_ends, person from presence")
    assert {row["person"]: row["shift_ends"] - row["takes_until"] for row in ends} == {
        anja: timedelta(minutes=20),
        bas: timedelta(),
    }
