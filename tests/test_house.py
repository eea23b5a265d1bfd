"""A node as one thing: where its faces are, and that it rests when it has ended."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from luisterlijn.edge.guard import Face
from luisterlijn.kernel.ids import ContactId, new_id

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_each_face_has_an_origin_of_its_own(built: TestHouse) -> None:
    origins, settings = built.house.origins, built.house.settings

    assert origins == {Face.PUBLIC: settings.public_url, Face.CONSOLE: settings.console_url}
    assert origins[Face.PUBLIC] != origins[Face.CONSOLE]


async def test_a_sign_of_life_of_a_page_whose_contact_is_gone_is_no_fault(
    built: TestHouse,
) -> None:
    await built.house.back(ContactId(new_id(built.house.tokens)))


async def test_nothing_runs_on_when_the_work_has_ended(built: TestHouse) -> None:
    before = asyncio.all_tasks()

    async with built.house.at_work():
        at_work = asyncio.all_tasks() - before
        assert len(at_work) > 5

    assert all(task.done() for task in at_work)
