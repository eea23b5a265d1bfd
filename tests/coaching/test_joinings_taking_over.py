"""A coach takes a conversation over: no queue in between, every seat as it should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.coaching.events import JoiningEnded
from luisterlijn.dispatch.events import ContactHandedOver, ContactQueuedAgain
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.scope import Role
from tests.support.beside import Scene
from tests.support.coaching import KEY, as_call, names, overheard, refused, trail

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def load_fits_the_offers(built: TestHouse) -> bool:
    """Say whether everybody's load is what their offers weigh."""
    return bool(
        await built.owner.fetchval(
            "select bool_and(load = (select coalesce(sum(weight), 0) from offer o"
            " where o.volunteer = p.person and o.state in ('open', 'accepted'))) from presence p"
        )
    )


@pytest.mark.parametrize("channel", ["chat", "phone"])
async def test_a_coach_takes_over_and_the_conversation_goes_on_without_the_queue(
    scene: Scene, channel: str
) -> None:
    if channel == "phone":
        await as_call(scene.built, scene.contact)
    await scene.joined("read" if channel == "chat" else "join")
    heard = overheard(scene.built, JoiningEnded, ContactHandedOver, ContactQueuedAgain)
    before = await scene.built.contact(scene.contact)

    await scene.joinings.take_over(scene.ada, scene.request, KEY)
    await scene.built.settle()

    row = await scene.built.contact(scene.contact)
    assert before is not None
    assert row is not None
    assert (row["state"], row["volunteer"]) == ("active", scene.ada)
    assert row["epoch"] == before["epoch"] + 1
    assert names(heard) == ["contact.handed_over"]
    assert await scene.rows() == []
    assert (await trail(scene.built))[-1] == ("took-over", scene.ada)
    assert await load_fits_the_offers(scene.built)
    snapshot = await scene.built.house.consoles.snapshot(scene.ada)
    assert [each.contact for each in snapshot.contacts] == [scene.contact.hex]
    # Who was helped is offered nothing until they say so.
    assert (await scene.built.house.consoles.snapshot(scene.anja)).presence.state == "after_care"


async def test_a_coach_on_a_shift_who_takes_a_call_over_gets_nothing_else(built: TestHouse) -> None:
    scene = await Scene.made(built, bas=frozenset({Role.COACH}))
    await built.owner.execute("update help_request set taken_by = $1", scene.bas)
    await as_call(built, scene.contact)
    await scene.built.house.coaching.join(scene.bas, scene.request, "join", KEY)
    waits = await built.waiting()

    await scene.joinings.take_over(scene.bas, scene.request, KEY)
    await built.house.rounds.round()

    row = await built.owner.fetchrow(
        "select state, load, capacity from presence where person = $1", scene.bas
    )
    assert row is not None
    assert tuple(row) == ("ready", 2, 2)
    assert await load_fits_the_offers(built)
    assert await built.state(waits) == "queued"


async def test_a_coach_who_took_over_ends_and_writes_up_like_anybody(scene: Scene) -> None:
    await scene.joined()
    await scene.joinings.take_over(scene.ada, scene.request, KEY)
    hall = scene.built.house.hall

    await hall.end_by_volunteer(scene.ada, scene.contact, abuse=False)
    await hall.wrap_up(scene.ada, scene.contact, {}, pause=False)
    await scene.built.settle()

    assert await scene.built.state(scene.contact) == "gone"
    assert await load_fits_the_offers(scene.built)


async def test_taking_over_ends_a_hand_over_that_waits_for_its_answer(scene: Scene) -> None:
    await scene.joined()
    await scene.handing.hand_over(scene.anja, scene.contact, scene.bas)

    await scene.joinings.take_over(scene.ada, scene.request, KEY)
    await scene.built.settle()

    row = await scene.built.contact(scene.contact)
    assert row is not None
    assert (row["volunteer"], row["handing_to"]) == (scene.ada, None)
    assert await load_fits_the_offers(scene.built)


async def test_only_who_has_joined_takes_over_and_not_twice(scene: Scene) -> None:
    take_over = scene.joinings.take_over
    assert await refused(take_over(scene.ada, scene.request, KEY)) is Code.JOINING_GONE
    assert await refused(take_over(scene.bas, scene.request, KEY)) is Code.REQUEST_GONE
    await scene.joined()

    await take_over(scene.ada, scene.request, KEY)

    assert await refused(take_over(scene.ada, scene.request, KEY)) is Code.JOINING_GONE
    join = scene.built.house.coaching.join(scene.ada, scene.request, "read", KEY)
    assert await refused(join) is Code.BAD_REQUEST


async def test_a_coach_with_three_conversations_in_hand_takes_over_no_fourth(
    scene: Scene,
) -> None:
    await scene.joined()
    await scene.built.owner.execute(
        "update presence set load = 3, capacity = 3 where person = $1", scene.ada
    )

    code = await refused(scene.joinings.take_over(scene.ada, scene.request, KEY))

    row = await scene.built.contact(scene.contact)
    assert row is not None
    assert (code, row["volunteer"]) == (Code.NOBODY_FREE, scene.anja)
    assert len(await scene.rows()) == 1
