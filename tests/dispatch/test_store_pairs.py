"""A trainee and a mentor on the database: one server, whoever claims at the same moment."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from luisterlijn.dispatch import store, store_claim, store_pairs
from luisterlijn.dispatch.events import PresenceChanged
from luisterlijn.dispatch.handing import Handing
from luisterlijn.dispatch.rounds import Rounds
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE
from luisterlijn.store.database import open_database
from luisterlijn.store.outbox import Outbox
from tests.support.coaching import overheard
from tests.support.hall import calling, waits_for_a_lock
from tests.support.hours import pass_time, stop_time
from tests.support.mentoring import pair

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.store.embedded import Cluster
    from tests.support.house import TestHouse


async def free(built: TestHouse) -> set[PersonId]:
    async with built.house.database.transaction(LINE) as tx:
        return {each.person for each in await store_claim.free(tx)}


async def offered_to(built: TestHouse) -> list[PersonId]:
    rows = await built.owner.fetch(
        "select volunteer from offer where state in ('open', 'accepted') order by epoch, contact"
    )
    return [row["volunteer"] for row in rows]


async def test_a_trainee_is_offered_nothing_until_their_mentor_is_ready(
    built: TestHouse,
) -> None:
    await stop_time(built)
    trainee, mentor = await pair(built)
    await built.ready(trainee)
    contact = await built.waiting()

    await built.tick()
    alone = await built.state(contact)
    await built.house.consoles.opened(mentor, b"k" * 65)
    await built.tick()
    only_there = await built.state(contact)
    await built.house.consoles.set_state(mentor, "ready")
    await built.tick()

    assert (alone, only_there) == ("queued", "queued")
    assert await built.state(contact) == "offered"


async def test_the_two_are_asked_for_one_contact_between_them(built: TestHouse) -> None:
    trainee, mentor = await pair(built)
    await built.ready(trainee)
    await built.ready(mentor)
    assert await free(built) == {trainee, mentor}
    contacts = [await built.waiting() for _each in range(3)]

    await built.tick()
    await built.tick()

    assert len(await offered_to(built)) == 1
    assert sorted([await built.state(each) for each in contacts]) == [
        "offered",
        "queued",
        "queued",
    ]
    assert await free(built) == set()


async def test_while_the_mentor_talks_the_trainee_waits_and_the_other_way_round(
    built: TestHouse,
) -> None:
    trainee, mentor = await pair(built)
    for person, other in ((mentor, trainee), (trainee, mentor)):
        await built.ready(mentor)
        await built.ready(trainee)
        await built.owner.execute(
            "update presence set own_limit = 1, capacity = 1,"
            " rest_until = case when person = $1 then line_now() + interval '1 h' end",
            other,
        )
        contact = await built.talking(person)
        await built.owner.execute("update presence set rest_until = null")
        later = await built.waiting()

        await built.tick()

        assert await built.state(later) == "queued"
        await built.house.hall.end_by_visitor(later)
        await built.house.hall.end_by_visitor(contact)
        await built.tick()
        assert other not in await free(built), "writing up is not over"
        await built.house.hall.wrap_up(person, contact, {}, pause=False)
        assert await free(built) == {trainee, mentor}


async def test_who_talks_in_a_pair_may_take_a_second_chat(built: TestHouse) -> None:
    trainee, mentor = await pair(built)
    await built.ready(mentor)
    await built.ready(trainee)
    first = await built.waiting()
    await built.tick()
    [person] = await offered_to(built)
    row = await built.contact(first)
    assert row is not None
    await built.house.hall.accept(person, first, row["epoch"])
    await built.waiting()

    await built.tick()

    assert set(await offered_to(built)) == {person}
    assert len(await offered_to(built)) == 2


async def test_an_offer_to_a_trainee_whose_mentor_goes_away_is_taken_back(
    built: TestHouse,
) -> None:
    await stop_time(built)
    trainee, mentor = await pair(built)
    await built.ready(mentor)
    await built.ready(trainee)
    await built.owner.execute(
        "update presence set rest_until = line_now() + interval '1 s' where person = $1", mentor
    )
    contact = await built.waiting()
    await built.tick()
    assert await offered_to(built) == [trainee]

    await built.house.consoles.set_state(mentor, "paused")
    await built.tick()

    assert await offered_to(built) == []
    row = await built.contact(contact)
    assert row is not None
    assert (row["state"], row["missed"]) == ("queued", 0)
    seen = await built.owner.fetchrow("select * from presence where person = $1", trainee)
    assert seen is not None
    assert (seen["state"], seen["load"], seen["offered"]) == ("ready", 0, False)


async def test_a_mentor_who_is_silent_is_not_ready(built: TestHouse) -> None:
    await stop_time(built)
    trainee, mentor = await pair(built)
    await built.ready(mentor)
    await built.ready(trainee)

    await pass_time(built, 15, consoles=[trainee])

    assert await free(built) == set()


async def test_a_trainee_reads_that_the_mentor_is_not_ready_yet_and_then_no_more(
    built: TestHouse,
) -> None:
    trainee, mentor = await pair(built)
    await built.ready(trainee)
    alone = (await built.house.consoles.snapshot(trainee)).cover
    told = overheard(built, PresenceChanged)

    await built.ready(mentor)

    assert alone == "no_mentor"
    assert PresenceChanged(person=trainee) in told
    assert (await built.house.consoles.snapshot(trainee)).cover == "good"
    assert (await built.house.consoles.snapshot(mentor)).cover == "good"


async def test_a_mentor_alone_takes_contacts_as_everybody_does(built: TestHouse) -> None:
    _trainee, mentor = await pair(built)
    await built.ready(mentor)
    await built.talking(mentor)


async def test_a_conversation_may_go_from_the_one_to_the_other(built: TestHouse) -> None:
    trainee, mentor = await pair(built)
    await built.ready(mentor)
    await built.ready(trainee)
    contact = await built.waiting()
    await built.tick()
    [person] = await offered_to(built)
    other = ({trainee, mentor} - {person}).pop()
    row = await built.contact(contact)
    assert row is not None
    await built.house.hall.accept(person, contact, row["epoch"])

    await Handing(built.house.database, built.house.hall).hand_over(person, contact, other)
    await built.house.hall.accept(other, contact, row["epoch"] + 1)

    held = await built.contact(contact)
    assert held is not None
    assert held["volunteer"] == other
    assert person not in await free(built)


async def test_a_colleague_cannot_hand_a_conversation_to_who_is_beside_somebody_that_talks(
    built: TestHouse,
) -> None:
    trainee, mentor = await pair(built)
    await built.ready(mentor)
    await built.ready(trainee)
    await built.waiting()
    await built.tick()
    [person] = await offered_to(built)
    other = ({trainee, mentor} - {person}).pop()
    colleague = await built.volunteer("zoe")
    await built.ready(colleague)
    contact = await built.talking(colleague)

    with pytest.raises(Refusal) as refusal:
        await Handing(built.house.database, built.house.hall).hand_over(colleague, contact, other)

    assert refusal.value.code is Code.NOBODY_FREE


async def test_a_trainee_takes_calls_too_beside_a_mentor(built: TestHouse) -> None:
    trainee, mentor = await pair(built, channel="phone")
    await built.ready(trainee)
    await built.ready(mentor)
    await built.house.consoles.set_state(mentor, "paused")
    call = await calling(built)
    await built.tick()
    assert await built.state(call) == "queued"

    await built.house.consoles.set_state(mentor, "ready")
    await built.owner.execute(
        "update presence set rest_until = line_now() + interval '1 h' where person = $1", mentor
    )
    await built.tick()

    assert await offered_to(built) == [trainee]


async def test_who_is_beside_whom_is_written_on_both_rows_and_on_no_third(
    built: TestHouse,
) -> None:
    trainee, mentor = await pair(built)
    other = await built.volunteer("zoe")
    for person in (trainee, mentor, other):
        await built.ready(person)

    async with built.house.database.transaction(LINE) as tx:
        same = await store_pairs.bind(tx, {trainee, mentor}, {trainee: mentor})
        changed = await store_pairs.bind(tx, {trainee, other}, {trainee: other})

    assert same == []
    assert set(changed) == {trainee, mentor, other}
    rows = await built.owner.fetch("select person, beside, walks_along from presence")
    assert {row["person"]: (row["beside"], row["walks_along"]) for row in rows} == {
        trainee: (other, True),
        other: (trainee, False),
        mentor: (None, False),
    }


@dataclass
class Tries:
    """What many claims at once came to."""

    made: int = 0


@pytest.mark.parametrize("again", range(5))
async def test_of_two_claims_at_the_same_moment_for_the_two_of_a_pair_one_is_made(
    built: TestHouse, database: Cluster, again: int
) -> None:
    trainee, mentor = await pair(built)
    await built.ready(mentor)
    await built.ready(trainee)
    for _each in range(4 + again):
        await built.waiting()
    async with built.house.database.transaction(LINE) as tx:
        heads = await store.heads(tx)
        people = await store_claim.free(tx)
    tries = Tries()

    async def claims(rounds: Rounds, number: int) -> None:
        for turn, head in enumerate(heads):
            who = people[(number + turn) % 2]
            made = await rounds.claim(head, who.person, who.beside)
            tries.made += made

    async with (
        open_database(database.app_url, Outbox()) as one,
        open_database(database.app_url, Outbox()) as two,
        asyncio.TaskGroup() as group,
    ):
        for number, each in enumerate([one, two] * 4):
            group.create_task(claims(Rounds(each, built.house.hall, {}), number))

    assert tries.made == 1
    assert len(await offered_to(built)) == 1


async def test_who_claims_the_one_waits_for_who_claims_the_other(built: TestHouse) -> None:
    trainee, mentor = await pair(built)
    await built.ready(mentor)
    await built.ready(trainee)
    contacts = {await built.waiting(), await built.waiting()}
    database = built.house.database
    async with asyncio.TaskGroup() as group, database.transaction(LINE) as tx:
        first, second = await store.heads(tx)
        assert await store_claim.claim(tx, first, mentor, trainee) is not None
        claims = group.create_task(built.house.rounds.claim(second, trainee, mentor))
        async with asyncio.timeout(2):
            while not await waits_for_a_lock(built):  # noqa: ASYNC110 - nothing wakes us
                await asyncio.sleep(0)

    assert not claims.result()
    assert {first.id, second.id} == contacts
    assert await offered_to(built) == [mentor]


async def test_a_claim_for_somebody_who_got_a_trainee_meanwhile_is_not_made(
    built: TestHouse,
) -> None:
    trainee, mentor = await pair(built)
    await built.ready(mentor)
    await built.ready(trainee)
    await built.waiting()
    async with built.house.database.transaction(LINE) as tx:
        [head] = await store.heads(tx)

    before = await built.house.rounds.claim(head, mentor, None)
    now = await built.house.rounds.claim(head, mentor, trainee)

    assert (before, now) == (False, True)
