"""Checking in, being ready, and hours that go on over a change of shifts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, new_id
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.privacy.endtoend import new_member_keys
from tests.support.hours import pass_time, plan, stop_time

if TYPE_CHECKING:
    import asyncpg

    from tests.support.house import TestHouse

KEY = new_member_keys().public


async def presence(built: TestHouse, person: PersonId) -> asyncpg.Record:
    found = await built.owner.fetchrow("select * from presence where person = $1", person)
    assert found is not None
    return found


async def taken(built: TestHouse) -> bool:
    """Say whether a chatter who begins now is offered to somebody."""
    contact = await built.waiting()
    await built.tick()
    offered = await built.state(contact) == "offered"
    await built.house.hall.end_by_visitor(contact)
    return offered


async def next_hours(built: TestHouse) -> None:
    """Do what the job does each minute."""
    async with built.house.database.transaction(LINE) as tx:
        await built.house.consoles.next_hours(tx)
    await built.settle()


# Checking in.


async def test_check_in_opens_15_minutes_before_the_shift(built: TestHouse) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=0)
    await plan(built, person, 15.1, 60)

    with pytest.raises(Refusal) as early:
        await built.house.consoles.set_state(person, "ready")
    await built.time.advance(6)
    await built.house.consoles.set_state(person, "ready")

    assert early.value.code is Code.NOT_ON_SHIFT
    assert (await presence(built, person))["state"] == "ready"
    assert await built.owner.fetchval("select state from place") == "checked_in"


async def test_who_has_no_shift_may_be_away_but_not_ready(built: TestHouse) -> None:
    person = await built.volunteer("anja", hours=0)

    await built.house.consoles.set_state(person, "away")
    with pytest.raises(Refusal) as refusal:
        await built.house.consoles.set_state(person, "ready")

    assert refusal.value.code is Code.NOT_ON_SHIFT
    snapshot = await built.house.consoles.snapshot(person)
    assert (snapshot.presence.state, snapshot.shift) == ("none", None)


async def test_a_console_that_opens_is_paused_until_its_volunteer_is_ready(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja")

    await built.house.consoles.opened(person, KEY)
    assert not await taken(built)
    await built.house.consoles.set_state(person, "ready")

    assert await taken(built)


async def test_a_console_opened_before_check_in_is_sealed_to_once_its_volunteer_is_ready(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=0)
    await plan(built, person, 20, 60)
    await built.house.consoles.opened(person, KEY)
    await built.time.advance(6 * 60)

    await built.house.consoles.set_state(person, "ready", KEY)

    async with built.house.database.transaction(LINE) as tx:
        console = await built.house.hall.console_of(tx, person)
    assert console is not None
    assert console.public_key == KEY


async def test_a_reload_keeps_state_limit_and_alias(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    await built.house.consoles.set_limit(person, 3)
    contact = await built.talking(person)
    before = await built.house.consoles.snapshot(person)

    await built.house.consoles.opened(person, KEY)

    after = await built.house.consoles.snapshot(person)
    assert after.alias == before.alias != ""
    assert (after.presence.state, after.presence.capacity, after.presence.load) == ("ready", 3, 1)
    assert [view.contact for view in after.contacts] == [contact.hex]


async def test_somebody_who_is_no_volunteer_does_not_check_in(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.owner.execute("update person set roles = '{coordinator}'")

    with pytest.raises(Refusal) as refusal:
        await built.house.consoles.set_state(person, "ready")

    assert refusal.value.code is Code.NOT_ON_SHIFT


# Hours.


async def test_nothing_new_is_offered_within_the_last_call_margin(built: TestHouse) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=1)
    await built.owner.execute("update person set margin_min = 10")
    await built.ready(person)

    await pass_time(built, 49 * 60 + 55, consoles=[person], each_s=600)
    before = await taken(built)
    await pass_time(built, 5, consoles=[person])

    assert before
    assert not await taken(built)


async def test_who_goes_on_into_the_next_shift_is_offered_contacts_over_the_boundary(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=1)
    await built.owner.execute("update person set margin_min = 20")
    await plan(built, person, 60, 60)
    await built.ready(person)

    offered = []
    for _each in range(9):
        await next_hours(built)
        offered.append(await taken(built))
        await pass_time(built, 12 * 60, consoles=[person], each_s=720)

    # Every 12 minutes from 0 to 96; from minute 100 on the margin of the second shift begins.
    assert offered == [True] * 9
    await pass_time(built, 0.1, consoles=[person])
    assert not await taken(built)
    assert await built.owner.fetchval("select count(*) from place where state = 'checked_in'") == 2


async def test_a_shift_put_behind_the_running_one_later_counts_at_once(built: TestHouse) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=1)
    await built.ready(person)
    await plan(built, person, 60, 60)

    ends = (await presence(built, person))["shift_ends"]

    assert (ends - await built.time.now()).total_seconds() == 2 * 3600


async def test_the_console_shows_the_running_shift_until_it_ends_and_the_next_beside_it(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=1)
    await plan(built, person, 60, 60)
    await built.ready(person)
    await pass_time(built, 50 * 60, consoles=[person], each_s=3000)

    snapshot = await built.house.consoles.snapshot(person)

    assert snapshot.shift is not None
    assert snapshot.next_shift is not None
    assert snapshot.shift.ends_at == snapshot.next_shift.starts_at
    assert snapshot.shift.starts_at < snapshot.now_at < snapshot.shift.ends_at


async def test_on_a_shift_for_calls_nobody_is_offered_a_chat(built: TestHouse) -> None:
    person = await built.volunteer("anja", channels=("chat", "phone"), hours=0)
    await plan(built, person, 0, 60, channels=("phone",))
    await built.ready(person)

    assert not await taken(built)


async def test_a_cancelled_shift_offers_nothing_new_and_the_conversation_goes_on(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja", hours=0)
    shift = await plan(built, person, 0, 60)
    await built.ready(person)
    contact = await built.talking(person)

    await built.house.roster.cancel(LINE, shift)
    await built.settle()

    assert not await taken(built)
    assert await built.state(contact) == "active"
    snapshot = await built.house.consoles.snapshot(person)
    assert (snapshot.shift, snapshot.presence.load) == (None, 1)
    assert snapshot.presence.state == "ready"


async def test_a_new_shift_gives_a_new_count_of_busy_minutes(built: TestHouse) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=1)
    await built.ready(person)
    await built.owner.execute("update presence set busy_s = 600")
    await plan(built, person, 120, 60)
    await pass_time(built, 121 * 60, each_s=3600)

    await built.ready(person)

    assert (await presence(built, person))["busy_s"] == 0


# What the screen shows.


async def test_the_screen_shows_the_offer_then_the_conversation_then_the_wrap_up(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja")
    await built.ready(person)
    contact = await built.waiting()
    await built.tick()

    offer = (await built.house.consoles.snapshot(person)).offer
    assert offer is not None
    assert (offer.contact, offer.epoch, offer.language) == (contact.hex, 1, "nl")
    await built.house.hall.accept(person, contact, 1)
    talking = await built.house.consoles.snapshot(person)
    await built.house.hall.end_by_visitor(contact)
    written = await built.house.consoles.snapshot(person)

    assert (talking.offer, [each.state for each in talking.contacts]) == (None, ["active"])
    assert offer.until_at - talking.now_at == 20_000
    assert [each.state for each in written.contacts] == ["wrapup"]


async def test_a_rest_is_shown_until_it_is_over(built: TestHouse) -> None:
    await stop_time(built)
    person = await built.volunteer("anja")
    await built.ready(person)
    contact = await built.waiting()
    await built.tick()
    await built.house.hall.decline(person, contact, 1)

    rests = (await built.house.consoles.snapshot(person)).presence.rest_until_at
    await pass_time(built, 60, consoles=[person])
    rested = await built.house.consoles.snapshot(person)

    assert rests == rested.now_at
    assert rested.presence.rest_until_at is None


async def test_a_coordinator_sees_who_is_present_in_the_own_branch_only(built: TestHouse) -> None:
    await built.ready(await built.volunteer("anja"))
    await built.house.consoles.set_state(await built.volunteer("bas"), "away")

    def coordinator(branch: BranchId) -> Scope:
        somebody = PersonId(new_id(built.house.tokens))
        return Scope(person=somebody, branch=branch, roles=frozenset({Role.COORDINATOR}))

    elsewhere = BranchId(new_id(built.house.tokens))
    here = await built.house.consoles.present(coordinator(built.branch))
    there = await built.house.consoles.present(coordinator(elsewhere))

    assert [(each.name, each.state) for each in here] == [("Anja", "ready")]
    assert there == []


# Without a shift.


async def seat(built: TestHouse, person: PersonId, key: bytes = KEY) -> None:
    async with built.house.database.transaction(LINE) as tx:
        await built.house.consoles.seat(tx, person, key)


async def is_there(built: TestHouse, person: PersonId) -> bool:
    async with built.house.database.transaction(LINE) as tx:
        return await built.house.consoles.is_there(tx, person)


async def test_who_is_seated_without_a_shift_is_there_with_a_key_and_is_offered_nothing(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja", hours=0)
    before = await is_there(built, person)

    await seat(built, person)

    row = await presence(built, person)
    assert not before
    assert await is_there(built, person)
    assert (row["state"], row["channels"], row["public_key"]) == ("paused", [], KEY)
    assert not await taken(built)


async def test_who_is_on_a_shift_is_seated_as_they_are(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    before = await presence(built, person)

    await seat(built, person)

    after = await presence(built, person)
    for kept in ("state", "channels", "capacity", "takes_until", "alias", "load"):
        assert after[kept] == before[kept]
    assert after["public_key"] == KEY
    assert await taken(built)


async def test_who_was_away_is_back_when_seated_and_a_silent_console_is_not_there(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=0)
    await seat(built, person)
    found = []

    for seconds in (10, 2, 30):
        await pass_time(built, seconds)
        found.append((await is_there(built, person), (await presence(built, person))["state"]))
    await seat(built, person)

    assert found == [(True, "paused"), (False, "paused"), (False, "away")]
    assert await is_there(built, person)


async def test_nobody_who_is_nobody_is_seated(built: TestHouse) -> None:
    with pytest.raises(Refusal) as refusal:
        await seat(built, PersonId(new_id(built.house.tokens)))

    assert refusal.value.code is Code.NOT_FOUND
