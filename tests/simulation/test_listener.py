"""The simulated console does what a console does, against a real node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.simulation.record import Count
from tests.simulation.conftest import SOON_S

if TYPE_CHECKING:
    from tests.simulation.conftest import Scene


async def test_a_console_with_another_key_reads_every_line_again(scene: Scene) -> None:
    listener, visitor = await scene.listener("bea"), await scene.visitor()
    await scene.take(listener, visitor)
    await scene.both_wrote(listener, visitor)

    await listener.anew(0.0)

    record = listener.records[visitor.contact]
    assert await listener.changed.until(lambda: len(record.views) == 2, SOON_S)
    assert await scene.stage.settle(visitor.contact)
    assert scene.stage.outcome() == Count()
    assert [line.text for line in record.views[-1].lines] == ["een", "twee"]


async def test_a_successor_reads_what_was_said_to_who_vanished(scene: Scene) -> None:
    first, visitor = await scene.listener("bea"), await scene.visitor()
    await scene.take(first, visitor)
    await scene.both_wrote(first, visitor)

    await first.close()
    second = await scene.listener("cor")
    # The page stays awake meanwhile; only the console is silent for longer than its grace.
    await scene.built.owner.execute(
        "update presence set heard = heard - interval '31 s' where state = 'ready'"
        " and person in (select volunteer from contact)"
    )
    await scene.take(second, visitor)

    assert await scene.stage.settle(visitor.contact)
    assert scene.stage.outcome() == Count()
    texts = [line.text for line in second.talks[visitor.contact].conversation.view.lines]
    assert texts == ["een", "twee"]


async def test_who_declines_is_not_offered_the_same_chat_at_once(scene: Scene) -> None:
    listener, visitor = await scene.listener("bea"), await scene.visitor()
    assert await listener.changed.until(lambda: listener.offer is not None, SOON_S)
    assert listener.offer is not None
    offer = listener.offer

    assert await listener.decline(offer)

    assert await listener.changed.until(lambda: listener.offer is None, SOON_S)
    assert not await listener.accept(offer)
    assert visitor.waits


async def test_the_form_closes_the_chat(scene: Scene) -> None:
    listener, visitor = await scene.listener("bea"), await scene.visitor()
    await scene.take(listener, visitor)
    await listener.end(visitor.contact)

    await listener.wrap_up(visitor.contact, {"nature": "talk"}, "paused")

    assert await visitor.changed.until(lambda: visitor.over, SOON_S)
    assert await listener.changed.until(
        lambda: (
            listener.snapshot is not None
            and not listener.snapshot.contacts
            and listener.snapshot.presence.state == "paused"
        ),
        SOON_S,
    )
