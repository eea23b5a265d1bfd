"""What time alone brings: legs nobody heard of, records the provider must forget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.scope import LINE
from luisterlijn.telephony.ports import CallId
from luisterlijn.telephony.sids import Sids
from tests.support.telephones import ANNA, JO, together

if TYPE_CHECKING:
    import asyncpg

    from tests.support.telephones import Telephones


async def test_what_the_provider_still_knows_is_erased_two_sweeps_later(
    phones: Telephones,
) -> None:
    _anna, _contact, caller, leg = await together(phones)
    phones.exchange.hang_up(caller)
    await phones.go(10)
    assert leg.over
    assert await phones.room.upkeep.erase() == 2
    await phones.go(70)
    assert await phones.room.upkeep.erase() == 0
    assert phones.exchange.legs == {}


async def test_however_many_calls_ended_one_sweep_lets_all_be_forgotten_that_an_earlier_saw(
    phones: Telephones,
) -> None:
    house = phones.built.house
    sids = Sids(house.keyring, house.tokens)
    async with house.database.transaction(LINE) as tx:
        for number in range(450):
            await sids.forget(tx, CallId(f"CA{number:032x}"))

    seen = await phones.room.upkeep.erase()
    left = await phones.room.upkeep.erase()

    assert (seen, left) == (450, 0)


async def test_a_leg_whose_end_nobody_told_is_found(phones: Telephones) -> None:
    _anna, contact, caller, _leg = await together(phones)
    caller.status = "completed"  # the provider's news of it was lost
    await phones.built.time.advance(121)
    await phones.room.upkeep.sweep()
    await phones.go(2)
    row = await phones.built.contact(contact)
    assert row is not None
    assert row["state"] == "wrapup"


async def test_a_volunteer_who_accepted_and_never_came_costs_the_caller_seconds(
    phones: Telephones,
) -> None:
    anna = await phones.volunteer("anna")
    await phones.open()
    await phones.caller()
    contact = await phones.contact()
    row = await phones.built.contact(contact)
    assert row is not None
    await phones.built.house.hall.accept(anna, contact, row["epoch"])
    await phones.go(1)

    await phones.built.time.advance(13)
    await phones.room.upkeep.sweep()
    await phones.go(2)

    after = await phones.built.contact(contact)
    assert after is not None
    assert after["state"] in ("queued", "offered")
    assert after["epoch"] > row["epoch"]
    assert after["enq"] == row["enq"]


async def test_a_day_later_not_even_the_index_of_a_call_is_left(phones: Telephones) -> None:
    _anna, contact, caller, _leg = await together(phones)
    phones.exchange.hang_up(caller)
    await phones.go(10)
    house = phones.built.house
    await house.hall.wrap_up(_anna, contact, {"nature": ["talk"]}, pause=False)
    kept = await phones.built.owner.fetchval("select count(*) from leg")
    await phones.built.time.advance(26 * 3600)
    async with house.database.transaction(LINE) as tx:
        await phones.room.upkeep.forget(tx)

    assert kept == 2
    assert await phones.built.owner.fetchval("select count(*) from leg") == 0


async def test_what_the_provider_refuses_to_forget_is_asked_again_an_hour_later(
    phones: Telephones,
) -> None:
    _anna, _contact, caller, _leg = await together(phones)
    phones.exchange.hang_up(caller)
    await phones.go(6)
    await phones.room.upkeep.erase()
    left = await phones.room.upkeep.erase()  # too early: "not completed for long enough"
    hours = await phones.built.owner.fetch("select hour from erasure")

    assert left == 2
    assert all(row["hour"] is not None and row["hour"].minute == 0 for row in hours)


async def test_a_caller_whose_way_into_the_conference_was_lost_is_shown_it_again(
    phones: Telephones,
) -> None:
    await phones.volunteer("anna", own=ANNA)
    await phones.open()
    caller = await phones.caller(JO)
    [leg] = phones.ringing()
    phones.exchange.answer(leg)
    await phones.go(1)
    phones.exchange.press(leg, "1")
    await phones.exchange.run_until(phones.now)
    lost = "delete from provider_order where what = 'refetch' returning leg"
    assert len(await phones.built.owner.fetch(lost)) == 1  # only the caller's
    await phones.go(60)
    assert caller.queued
    assert phones.talking() == []

    left: list[asyncpg.Record] = []
    for _each in range(2):  # and once more, when that was lost too
        await phones.built.time.advance(13)
        await phones.room.upkeep.sweep()
        left = await phones.built.owner.fetch(lost)
    assert len(left) == 1
    await phones.built.time.advance(13)
    await phones.room.upkeep.sweep()
    await phones.go(6)

    assert phones.talking() == [{JO, ANNA}]
