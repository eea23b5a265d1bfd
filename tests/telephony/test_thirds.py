"""Whom a volunteer may call in, and what happens when they answer, refuse, or are not there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, get_type_hints
from uuid import UUID

import msgspec
import pytest

from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import PersonId
from luisterlijn.telephony.thirds import AN_HOUR, Thirds, dialled, from_texts
from tests.support.routes import declared
from tests.support.telephones import JO, together

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import ContactId
    from luisterlijn.simulation.exchange_parts import Leg
    from tests.support.telephones import Telephones

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUSE = "+31301234567"


def entry(number: str, **more: object) -> dict[str, Any]:
    return {"id": "buurthuis", "number": number, "callable": True, **more}


@pytest.mark.parametrize(
    "number",
    ["112", "113", "0800-0113", "0900-1234", "084-1234567", "087-1234567", "+32 2 123 45 67", "x"],
)
def test_emergency_pay_personal_and_foreign_numbers_are_never_dialled(number: str) -> None:
    assert Thirds([entry(number)]).number("buurthuis") is None or number.startswith("0800")


def test_only_what_is_marked_callable_is() -> None:
    thirds = Thirds([entry("030-1234567"), entry("030-7654321", id="other", callable=False)])
    number = thirds.number("buurthuis")

    assert number is not None
    assert number.reveal() == HOUSE
    assert thirds.number("other") is None
    assert dialled("030 - 123 45 67") == HOUSE


def test_none_of_our_own_examples_is_callable() -> None:
    assert not from_texts()._numbers  # noqa: SLF001 - there is no other way to list them


def test_six_an_hour_and_no_more() -> None:
    thirds, anna = Thirds([]), PersonId(UUID(int=1))

    assert all(thirds.may_call(anna, NOON) for _each in range(AN_HOUR))
    assert not thirds.may_call(anna, NOON + timedelta(minutes=59))
    assert thirds.may_call(anna, NOON + timedelta(minutes=60))


async def rung(phones: Telephones) -> tuple[PersonId, ContactId, Leg, Leg]:
    """Let a volunteer call somebody in; gives caller and third party."""
    anna, contact, caller, _leg = await together(phones)
    thirds = Thirds([entry("030-1234567")])
    phones.room.console._thirds = thirds  # noqa: SLF001 - as the setting and the texts would say
    phones.room.orders._third = thirds.number  # noqa: SLF001 - as above
    await phones.console(anna).third(contact, "buurthuis")
    await phones.go(2)
    assert caller.hold
    [third] = phones.ringing()
    assert (third.to, third.sender) == (HOUSE, phones.exchange.number)
    return anna, contact, caller, third


async def test_who_answers_and_says_yes_is_in_the_conversation(phones: Telephones) -> None:
    _anna, _contact, caller, third = await rung(phones)
    phones.exchange.answer(third)
    await phones.go(1)
    phones.exchange.press(third, "1")
    await phones.go(3)

    assert not caller.hold
    assert [len(each) for each in phones.talking()] == [3]


@pytest.mark.parametrize("how", ["no answer", "no"])
async def test_who_is_not_there_or_says_nothing_gives_the_caller_back(
    phones: Telephones, how: str
) -> None:
    _anna, _contact, caller, third = await rung(phones)
    if how == "no answer":
        phones.exchange.refuse(third, "no-answer")
    else:
        phones.exchange.answer(third)
    await phones.go(25)

    assert third.over
    assert not caller.hold
    assert [len(each) for each in phones.talking()] == [2]


async def test_the_volunteer_leaves_and_the_two_go_on_and_end_together(
    phones: Telephones,
) -> None:
    anna, contact, caller, third = await rung(phones)
    phones.exchange.answer(third)
    await phones.go(1)
    phones.exchange.press(third, "1")
    await phones.go(3)
    await phones.console(anna).leave(contact)
    await phones.go(6)

    assert phones.talking() == [{JO, HOUSE}]
    assert "volunteer-leaves" in phones.heard(caller)
    row = await phones.built.contact(contact)
    assert row is not None
    assert row["state"] == "wrapup"
    phones.exchange.hang_up(third)
    await phones.go(8)
    assert caller.over
    assert phones.heard(caller)[-1] == "goodbye"


async def test_without_consent_setting_or_entry_nobody_is_called(phones: Telephones) -> None:
    anna, contact, _caller, _leg = await together(phones)
    console = phones.console(anna)
    with pytest.raises(Refusal, match="third-parties-off"):
        await console.third(contact, "buurthuis")
    phones.room.console._thirds = Thirds([])  # noqa: SLF001 - as the setting would say
    with pytest.raises(Refusal, match="no-consent"):
        await console.third(contact, "buurthuis", consent=False)
    with pytest.raises(Refusal, match="not-callable"):
        await console.third(contact, "0612345678")
    await phones.go(2)
    assert phones.ringing() == []


def test_no_route_or_event_takes_a_number_to_dial(phones: Telephones) -> None:
    house = phones.built.house
    bodies = [route.takes for route in declared(house) if route.takes is not None]
    events = [each.takes for each in house.console_room.room.heard.values()]
    events += [each.takes for each in house.chat_room.room.heard.values()]
    dials = ("phone_number", "tel", "telephone", "dial", "msisdn", "to_number")
    for struct in {*bodies, *events}:
        for name, hint in get_type_hints(struct, include_extras=True).items():
            assert name not in dials, struct
            if name == "number":
                told = str(msgspec.json.schema(struct))
                assert "^[a-z0-9-]{1,40}$" in told, (struct, hint)  # an entry's id
