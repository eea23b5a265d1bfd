"""What the provider is told: in turn, again when it may be, and a call placed once only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.scope import LINE
from luisterlijn.telephony import store_orders
from luisterlijn.telephony.ports import NotNow

if TYPE_CHECKING:
    from tests.support.telephones import Telephones

ANNA = "+3197010000001"


class Broken:
    """A desk in front of the exchange that fails so often, before or after it heard."""

    def __init__(self, desk: Any, times: int, *, heard: bool) -> None:
        """Fail `times` times; `heard`: the exchange did what was asked all the same."""
        self._desk = desk
        self._left = times
        self._heard = heard

    async def request(self, method: str, path: str, form: Any, beside: str | None) -> Any:
        """Ask, or fail."""
        if method == "POST" and path == "/Calls" and self._left:
            self._left -= 1
            if self._heard:
                await self._desk.request(method, path, form, beside)
            raise Outage
        return await self._desk.request(method, path, form, beside)


def break_desk(phones: Telephones, times: int, *, heard: bool) -> None:
    provider: Any = phones.room.provider
    provider._desk = Broken(provider._desk, times, heard=heard)  # noqa: SLF001 - a network between


async def orders_due(phones: Telephones) -> None:
    """Let the pause of every order be over."""
    await phones.built.owner.execute("update provider_order set due = line_now()")


async def test_a_call_whose_placing_timed_out_is_found_and_not_placed_again(
    phones: Telephones,
) -> None:
    await phones.volunteer("anna", own=ANNA)
    await phones.open()
    break_desk(phones, 1, heard=True)
    await phones.caller()
    for _each in range(3):
        await orders_due(phones)
        await phones.go(1)

    assert [leg.to for leg in phones.exchange.legs.values() if leg.to == ANNA] == [ANNA]
    [leg] = phones.ringing()
    phones.exchange.answer(leg)
    await phones.go(1)
    phones.exchange.press(leg, "1")
    await phones.go(5)
    assert len(phones.talking()) == 1


async def test_a_call_that_was_never_placed_lets_the_next_volunteer_ring(
    phones: Telephones,
) -> None:
    await phones.volunteer("anna", own=ANNA)
    await phones.volunteer("bea", own="+3197010000002")
    await phones.open()
    break_desk(phones, 1, heard=False)
    caller = await phones.caller()
    for _each in range(4):
        await orders_due(phones)
        await phones.go(1)

    assert len(phones.ringing()) == 1
    assert not caller.over


async def test_too_many_at_once_is_placed_a_second_later(phones: Telephones) -> None:
    await phones.volunteer("anna", own=ANNA)
    await phones.open()
    provider: Any = phones.room.provider
    refused: list[Any] = []
    place = provider.place

    async def busy(ring: Any) -> Any:
        if not refused:
            refused.append(ring)
            raise NotNow
        return await place(ring)

    provider.place = busy
    await phones.caller()
    before = phones.ringing()
    await orders_due(phones)
    await phones.go(1)

    assert before == []
    assert [leg.to for leg in phones.ringing()] == [ANNA]


async def test_a_leg_that_is_taken_back_while_it_is_placed_rings_no_more(
    phones: Telephones,
) -> None:
    await phones.volunteer("anna", own=ANNA)
    await phones.open()
    break_desk(phones, 1, heard=True)
    caller = await phones.caller()
    phones.exchange.hang_up(caller)
    for _each in range(4):
        await phones.go(1)
        await orders_due(phones)
    await phones.go(2)

    assert phones.ringing() == []
    assert await phones.built.owner.fetchval("select count(*) from provider_order") == 0


@pytest.mark.parametrize("count", [2])
async def test_orders_of_one_leg_are_done_in_turn(phones: Telephones, count: int) -> None:
    await phones.built.volunteer("anna", channels=("phone",))
    await phones.open()
    await phones.caller()
    leg = await phones.built.owner.fetchval("select id from leg")
    database = phones.built.house.database
    async with database.transaction(LINE) as tx:
        for what in ("hold", "unhold")[:count]:
            await store_orders.order(tx, leg, what, None, None)
    async with database.transaction(LINE) as tx:
        first = await store_orders.take_order(tx, phones.lease)
        second = await store_orders.take_order(tx, phones.lease)

    assert first is not None
    assert first.what == "hold"
    assert second is None
