"""What a volunteer's console may do with a call, and nobody else's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Refusal
from tests.support.telephones import together

if TYPE_CHECKING:
    from tests.support.telephones import Telephones


async def test_a_caller_on_hold_hears_music_and_is_taken_back(phones: Telephones) -> None:
    anna, contact, caller, _leg = await together(phones)
    console = phones.console(anna)
    await console.hold(contact, on=True)
    await phones.go(2)
    assert caller.hold
    assert phones.heard(caller)[-1] == "music"
    await console.hold(contact, on=False)
    await phones.go(2)
    assert not caller.hold


async def test_only_who_has_the_call_may_hold_it_or_give_a_code(phones: Telephones) -> None:
    _anna, contact, _caller, _leg = await together(phones)
    other = phones.console(await phones.built.volunteer("bea"))

    with pytest.raises(Refusal, match="not-your-contact"):
        await other.hold(contact, on=True)
    with pytest.raises(Refusal, match="not-your-contact"):
        await other.code(contact)


async def test_a_chat_is_no_call(phones: Telephones) -> None:
    person = await phones.built.volunteer("chat")
    await phones.built.ready(person)
    contact = await phones.built.talking(person)

    with pytest.raises(Refusal, match="not-a-call"):
        await phones.console(person).hold(contact, on=True)


async def test_one_code_is_given_in_a_call_and_it_is_eight_digits(phones: Telephones) -> None:
    anna, contact, _caller, _leg = await together(phones)
    console = phones.console(anna)
    code = await console.code(contact)

    assert len(code) == 8
    assert code.isdigit()
    with pytest.raises(Refusal, match="code-given"):
        await console.code(contact)
    assert phones.room.limits.use(code, phones.built.house.clock.now())
