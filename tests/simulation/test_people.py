"""Simulated people play whole chats against a real node, and nothing goes wrong."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from luisterlijn.simulation.chance import Chance
from luisterlijn.simulation.people import Chatter, Volunteer, sentence
from luisterlijn.simulation.record import Count

if TYPE_CHECKING:
    from tests.simulation.conftest import Scene


async def test_chatters_and_a_volunteer_play_to_the_end(scene: Scene) -> None:
    listener = await scene.person("bea")
    scene.stage.speed = 200.0
    volunteer = scene.group.create_task(Volunteer(scene.stage, listener, 0).live())
    scene.tasks.append(volunteer)

    async with asyncio.TaskGroup() as chatters:
        for number in range(3):
            chatter = Chatter(
                scene.stage, scene.http, scene.built.house.settings.public_url, number
            )
            chatters.create_task(chatter.live())

    report = scene.stage.report()
    assert scene.stage.outcome() == Count()
    assert report["started"] == 3
    assert report["answered"] + report["abandoned"] == 3
    assert report["messages"] > 0


def test_nobody_writes_the_same_words_twice() -> None:
    chance = Chance(1, "c1")

    assert len({sentence(chance, "c1", number) for number in range(300)}) == 300


def test_no_sentence_is_longer_than_a_line_may_be() -> None:
    chance = Chance(1, "c1")

    assert all(len(sentence(chance, "c1", number)) <= 4000 for number in range(300))
