"""Whether all arrived is asked of both ends before a chat ends, and told honestly."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from luisterlijn.simulation.record import Count

if TYPE_CHECKING:
    from luisterlijn.simulation.listener import Listener
    from luisterlijn.simulation.visitor import Visitor
    from tests.simulation.conftest import Scene


async def _talking(scene: Scene) -> tuple[Listener, Visitor]:
    listener, visitor = await scene.listener("bea"), await scene.visitor()
    await scene.take(listener, visitor)
    await scene.both_wrote(listener, visitor)
    assert await scene.stage.settle(visitor.contact)
    scene.stage.chats[visitor.contact].verdict = None
    return listener, visitor


async def test_a_line_that_the_volunteer_never_gets_is_lost(scene: Scene) -> None:
    listener, visitor = await _talking(scene)
    del listener.talks[visitor.contact].conversation.view.lines[0]

    assert await scene.stage.settle(visitor.contact, 0.2)

    assert scene.stage.outcome().lost == 1


async def test_a_line_that_the_page_cannot_read_is_unreadable(scene: Scene) -> None:
    _listener, visitor = await _talking(scene)
    lines = visitor.conversation.view.lines
    lines[-1] = replace(lines[-1], text=None)

    assert await scene.stage.settle(visitor.contact, 0.2)

    assert scene.stage.outcome() == Count(unreadable=1)


async def test_a_chat_that_nobody_ended_is_lost(scene: Scene) -> None:
    await scene.visitor()

    assert scene.stage.outcome() == Count(lost=1)


async def test_who_hung_up_while_waiting_lost_nothing(scene: Scene) -> None:
    visitor = await scene.visitor()
    scene.stage.chats[visitor.contact].abandoned = True

    assert scene.stage.outcome() == Count()
    assert scene.stage.report()["abandoned"] == 1


async def test_a_chat_ends_once(scene: Scene) -> None:
    _listener, visitor = await _talking(scene)

    assert await scene.stage.settle(visitor.contact)
    assert not await scene.stage.settle(visitor.contact)


async def test_the_report_counts_lines_and_offers(scene: Scene) -> None:
    await _talking(scene)

    report = scene.stage.report()

    assert report["started"] == 1
    assert report["messages"] == 2
    assert report["ack_p99_ms"] > 0
    assert len(scene.stage.offer_ms()) == 1
