"""The simulated page does what a page does, against a real node."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from luisterlijn.simulation.record import Count
from tests.simulation.conftest import SOON_S

if TYPE_CHECKING:
    from luisterlijn.simulation.visitor import Visitor
    from tests.simulation.conftest import Scene


def _all_sent(visitor: Visitor) -> bool:
    return not visitor.conversation.unsent


async def test_lines_typed_while_waiting_are_read_by_who_takes_the_chat(scene: Scene) -> None:
    listener, visitor = await scene.listener("bea"), await scene.visitor()
    visitor.say("het is zo stil")

    await scene.take(listener, visitor)

    assert await visitor.changed.until(partial(_all_sent, visitor), SOON_S)
    assert await scene.stage.settle(visitor.contact)
    view = listener.talks[visitor.contact].conversation.view
    assert [line.text for line in view.lines] == ["het is zo stil"]


async def test_a_page_loaded_again_reads_all_and_writes_in_a_new_stream(scene: Scene) -> None:
    listener, visitor = await scene.listener("bea"), await scene.visitor()
    await scene.take(listener, visitor)
    listener.say(visitor.contact, "vertel maar")
    visitor.say("voor het laden")
    assert await visitor.changed.until(lambda: len(visitor.conversation.view.lines) == 2, SOON_S)

    await visitor.reload()
    visitor.say("na het laden")

    assert await visitor.changed.until(lambda: len(visitor.record.views) == 2, SOON_S)
    assert await visitor.changed.until(partial(_all_sent, visitor), SOON_S)
    assert await scene.stage.settle(visitor.contact)
    assert scene.stage.outcome() == Count()
    own = [line for line in visitor.conversation.view.lines if line.by == "visitor"]
    assert [line.text for line in own] == ["voor het laden", "na het laden"]
    assert [line.counter for line in own] == [0, 0]
    assert own[0].stream != own[1].stream


async def test_a_page_that_was_away_sends_what_waited(scene: Scene) -> None:
    listener, visitor = await scene.listener("bea"), await scene.visitor()
    await scene.take(listener, visitor)

    await visitor.link.drop(0.3)
    visitor.say("in de lift")
    listener.say(visitor.contact, "ik ben er nog")

    assert await visitor.changed.until(partial(_all_sent, visitor), SOON_S)
    assert await scene.stage.settle(visitor.contact)
    assert scene.stage.outcome() == Count()


async def test_who_stops_may_say_once_whether_it_helped(scene: Scene) -> None:
    listener, visitor = await scene.listener("bea"), await scene.visitor()
    await scene.take(listener, visitor)

    await visitor.end()

    assert visitor.over
    assert await visitor.opinion("yes")


async def test_who_leaves_the_queue_is_gone(scene: Scene) -> None:
    visitor = await scene.visitor()

    await visitor.end()

    assert visitor.over
    assert await scene.built.owner.fetchval("select count(*) from chat") == 0
