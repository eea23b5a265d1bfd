"""Who calls is taken in, or hears kindly why not, and how to go on all the same."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.ids import ContactId, new_id
from luisterlijn.telephony.limits import Caller
from tests.support.telephones import together

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.simulation.exchange_parts import Leg
    from tests.support.telephones import Telephones

JO = "+31612345678"


async def worn_out(phones: Telephones, number: str = JO, times: int = 4) -> None:
    """Let this number have had so many conversations today."""
    house = phones.built.house
    now = house.clock.now()
    caller = Caller(house.pseudonyms.of(number, now), None)
    for _each in range(times):
        contact = ContactId(new_id(house.tokens))
        phones.room.limits.began(contact, caller, now)
        phones.room.limits.ended(contact, timedelta(minutes=20), now)
        phones.room.limits.closed(contact)


async def calls(phones: Telephones, number: str = JO) -> Leg:
    """Let somebody call a line that is open, with nobody free."""
    await phones.built.volunteer("anna", channels=("phone",))
    await phones.open()
    return await phones.caller(number)


async def waiting(phones: Telephones) -> int:
    return int(await phones.built.owner.fetchval("select count(*) from contact"))


async def test_the_fifth_call_of_a_day_hears_kind_words_and_waits_for_nobody(
    phones: Telephones,
) -> None:
    await worn_out(phones)
    caller = await calls(phones)
    await phones.go(40)

    assert phones.heard(caller) == ["limit", "danger", "limit-key", "limit-code", "goodbye"]
    assert caller.over
    assert await waiting(phones) == 0


async def test_a_key_leads_past_the_limit_behind_the_others(phones: Telephones) -> None:
    await worn_out(phones)
    first = await calls(phones)
    phones.exchange.press(first, "1")
    await phones.go(12)
    await phones.caller("+31612345679")

    rows = await phones.built.owner.fetch("select enq > line_now() as behind from contact")
    assert sorted(row["behind"] for row in rows) == [False, True]
    assert first.queued


async def test_without_that_setting_the_key_leads_nowhere(phones: Telephones) -> None:
    phones.room.calls._arrivals._past_limit = False  # noqa: SLF001 - as the setting would say
    await worn_out(phones)
    caller = await calls(phones)
    phones.exchange.press(caller, "1")
    await phones.go(60)

    assert caller.over
    assert await waiting(phones) == 0


async def test_a_code_leads_past_the_limit_once_and_not_behind(phones: Telephones) -> None:
    await worn_out(phones)
    phones.room.limits.give("12345678", phones.built.house.clock.now())
    caller = await calls(phones)
    phones.exchange.press(caller, "12345678")
    await phones.go(2)
    again = await phones.caller()
    phones.exchange.press(again, "12345678")
    await phones.go(2)

    assert caller.queued
    assert not again.queued
    assert "code-wrong" in phones.heard(again)
    assert not await phones.built.owner.fetchval("select enq > line_now() from contact")


async def test_codes_cannot_be_found_by_trying(phones: Telephones) -> None:
    await worn_out(phones)
    caller = await calls(phones)
    for code in ("11111111", "22222222", "33333333"):
        phones.exchange.press(caller, code)
        await phones.go(12)
    await phones.go(20)

    assert caller.over
    assert await waiting(phones) == 0


@pytest.mark.parametrize("sender", ["anonymous", "Restricted", "", "+266696687", "sip:a@b"])
async def test_a_withheld_number_is_never_counted(phones: Telephones, sender: str) -> None:
    await worn_out(phones, sender, times=9)
    caller = await calls(phones, sender)
    await phones.go(25)

    assert caller.queued
    assert await waiting(phones) == 1


async def test_no_number_reaches_a_row(phones: Telephones) -> None:
    await calls(phones)
    tables = await phones.built.owner.fetch(
        "select table_name from information_schema.tables where table_schema = 'public'"
    )
    for row in tables:
        name = row["table_name"]
        rows = await phones.built.owner.fetch(f'select to_jsonb(t)::text as said from "{name}" t')  # noqa: S608 - our own catalogue
        assert not any("612345678" in each["said"] for each in rows), name


async def not_to(phones: Telephones) -> list[PersonId]:
    """Give who is not asked for the call that waits."""
    rows = await phones.built.owner.fetch(
        "select e.volunteer from contact c join exclusion e on e.contact = c.id"
        " where c.state = 'queued'"
    )
    return [row["volunteer"] for row in rows]


async def test_who_abused_somebody_is_not_given_to_them_past_the_limit_either(
    phones: Telephones,
) -> None:
    phones.room.limits.a_day = 1
    anna, contact, _caller, _leg = await together(phones)
    await phones.built.time.advance(300)
    await phones.built.house.hall.end_by_volunteer(anna, contact, abuse=True)
    await phones.go(12)
    await phones.built.house.hall.wrap_up(anna, contact, {"nature": ["abuse"]}, pause=False)

    again = await phones.caller(JO)
    phones.exchange.press(again, "1")
    await phones.go(12)

    assert "limit" in phones.heard(again)
    assert await not_to(phones) == [anna]


async def test_who_knows_the_caller_is_not_asked_when_they_call_again_this_shift(
    phones: Telephones,
) -> None:
    anna, contact, caller, _leg = await together(phones)
    await phones.built.house.hall.release(anna, contact)
    await phones.go(2)
    phones.exchange.hang_up(caller)
    await phones.go(2)

    await phones.caller(JO)
    stranger = await phones.caller("+31687654321")
    await phones.go(2)

    assert await not_to(phones) == [anna]
    states = await phones.built.owner.fetch("select state from contact order by enq")
    assert [row["state"] for row in states] == ["queued", "offered"]
    assert not stranger.over
