"""The socket helper: an answer, a refusal, or a lost connection, and never a wait without end."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from luisterlijn.chat.wire import ChatBegun
from luisterlijn.simulation.visitor import NAMESPACE
from luisterlijn.simulation.wire import Gone, Pulse, Refused, Wire, browsers, post
from tests.support.house import free_port

if TYPE_CHECKING:
    from tests.simulation.conftest import Scene


async def _begun(scene: Scene) -> Wire:
    url = scene.built.house.settings.public_url
    begun = await post(scene.http, url, "/chat", {}, ChatBegun)
    return await Wire.connected(scene.http, url, NAMESPACE, {"token": begun.token})


async def test_the_room_refuses_a_stranger_by_its_code(scene: Scene) -> None:
    url = scene.built.house.settings.public_url

    with pytest.raises(Refused, match="contact-gone"):
        await Wire.connected(scene.http, url, NAMESPACE, {"token": "AAAAAAAAAAAAAAAAAAAAAA"})


async def test_where_nobody_listens_it_is_gone() -> None:
    async with browsers() as http:
        with pytest.raises(Gone):
            await Wire.connected(http, f"http://127.0.0.1:{free_port()}", NAMESPACE, {})


async def test_a_refused_order_gives_its_code(scene: Scene) -> None:
    wire = await _begun(scene)

    with pytest.raises(Refused, match="bad-request"):
        await wire.ask("say", {"nothing": 1})
    await wire.abort()


async def test_who_asks_when_the_connection_goes_hears_so(scene: Scene) -> None:
    wire = await _begun(scene)
    await wire.ask("open", {})

    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(_gone(wire))
        await wire.abort()

    assert waiting.result()
    with pytest.raises(Gone):
        await wire.ask("beat", {})


async def _gone(wire: Wire) -> bool:
    try:
        while True:
            await wire.next()
    except Gone:
        return True


async def test_an_order_given_too_fast_is_given_again(scene: Scene) -> None:
    wire = await _begun(scene)
    await wire.ask("open", {})

    answers = [await wire.insist("resume", {"after": 0}) for _ in range(14)]

    assert all(answer["lines"] == [] for answer in answers)
    await wire.abort()


async def test_a_pulse_ends_at_its_time() -> None:
    assert not await Pulse().until(lambda: False, 0.01)
