"""A life in danger: the decision of who has the request, noted once, with nothing beside it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from luisterlijn.audit.model import whole_hour
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy import retention, sealing
from tests.support.coaching import coach, refused, side, trail

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import ContactId, PersonId
    from tests.support.house import TestHouse

WAITING = "select count(*) from pg_locks where not granted"
CALLED, NOT_CALLED = "emergency-called", "emergency-not-called"


class Scene:
    """Anja talks with a chatter and asked for help; Ada, on duty, took it."""

    def __init__(self, built: TestHouse) -> None:
        """Only `made` fills it."""
        self.built = built
        self.contact: ContactId
        self.anja: PersonId
        self.ada: PersonId
        self.request: UUID

    @classmethod
    async def made(cls, built: TestHouse, *, is_on: bool = True) -> Scene:
        """Make it."""
        scene = cls(built)
        built.house.coaching.emergency.is_on = is_on
        scene.anja = await built.volunteer("anja")
        scene.ada = await coach(built)
        await built.ready(scene.anja)
        scene.contact = await built.talking(scene.anja)
        scene.request = await built.house.coaching.ask(scene.anja, scene.contact, urgent=True)
        await built.house.coaching.take(scene.ada, scene.request)
        return scene

    async def decide(self, *, called: bool, person: PersonId | None = None) -> None:
        """Let somebody say what they decided; Ada unless another is named."""
        emergency = self.built.house.coaching.emergency
        await emergency.decided(person or self.ada, self.request, called=called)


@pytest.fixture
async def scene(built: TestHouse) -> Scene:
    """A line on which the decision is noted."""
    return await Scene.made(built)


async def test_by_default_nothing_is_noted_and_no_screen_offers_it(built: TestHouse) -> None:
    assert not built.house.coaching.emergency.is_on
    scene = await Scene.made(built, is_on=False)

    assert await refused(scene.decide(called=True)) is Code.EMERGENCY_OFF
    assert await trail(built) == []
    assert not (await side(built, scene.ada)).emergency


async def test_the_screen_offers_it_where_the_line_agreed_on_it(scene: Scene) -> None:
    assert (await side(scene.built, scene.ada)).emergency


@pytest.mark.parametrize(("called", "what"), [(True, CALLED), (False, NOT_CALLED)])
async def test_yes_or_no_the_hour_and_who_decided_are_kept(
    scene: Scene, *, called: bool, what: str
) -> None:
    house = scene.built.house

    await scene.decide(called=called)

    [entry] = await scene.built.owner.fetch("select * from audit")
    assert (entry["what"], entry["person"], entry["facts"]) == (what, scene.ada, b"{}")
    assert entry["hour"] == whole_hour(await scene.built.time.now())
    opened = sealing.unseal_alone(
        house.keyring,
        UUID(int=entry["seq"]),
        retention.AUDIT_SUBJECT,
        str(entry["seq"]),
        entry["subject"],
    )
    assert opened == scene.contact.bytes
    assert await trail(scene.built) == [(what, scene.ada)]


async def test_the_same_told_twice_is_one_entry_and_a_change_of_mind_another(
    scene: Scene,
) -> None:
    for called in (False, False, True, True):
        await scene.decide(called=called)

    assert [what for what, _person in await trail(scene.built)] == [NOT_CALLED, CALLED]


async def test_told_twice_at_the_same_moment_it_is_one_entry(scene: Scene) -> None:
    async with asyncio.TaskGroup() as group:
        for _each in range(6):
            group.create_task(scene.decide(called=True))

    assert await trail(scene.built) == [(CALLED, scene.ada)]


async def test_only_who_has_the_request_decides(scene: Scene) -> None:
    ben = await coach(scene.built, "ben", order=2)

    for person in (scene.anja, ben):
        assert await refused(scene.decide(called=True, person=person)) is Code.REQUEST_GONE
    await scene.built.house.coaching.done(scene.ada, scene.request)
    assert await refused(scene.decide(called=True)) is Code.REQUEST_GONE
    assert await trail(scene.built) == []


async def test_a_request_that_nobody_took_is_nobodys_to_decide_on(built: TestHouse) -> None:
    built.house.coaching.emergency.is_on = True
    ada = await coach(built)
    asked = await built.house.coaching.ask(await built.volunteer("anja"), None, urgent=True)
    emergency = built.house.coaching.emergency

    assert await refused(emergency.decided(ada, asked, called=True)) is Code.REQUEST_GONE


async def test_a_request_about_another_conversation_is_decided_on_anew(scene: Scene) -> None:
    await scene.decide(called=True)
    other = await scene.built.talking(scene.anja)

    await scene.built.house.coaching.ask(scene.anja, other, urgent=True)
    await scene.built.house.coaching.take(scene.ada, scene.request)
    await scene.decide(called=True)

    assert await trail(scene.built) == [(CALLED, scene.ada)] * 2


async def test_after_the_conversation_the_decision_can_still_be_noted(scene: Scene) -> None:
    house = scene.built.house
    await house.hall.end_by_visitor(scene.contact)
    await house.hall.wrap_up(scene.anja, scene.contact, {}, pause=False)

    await scene.decide(called=True)

    assert await scene.built.owner.fetchval("select subject is null from audit")


async def test_it_waits_for_the_conversation_before_it_takes_the_request(scene: Scene) -> None:
    built = scene.built
    async with asyncio.TaskGroup() as group, built.house.database.transaction(LINE) as tx:
        await built.house.hall.standing(tx, scene.contact)
        decision = group.create_task(scene.decide(called=True))
        while not (decision.done() or await built.owner.fetchval(WAITING)):  # noqa: ASYNC110
            await asyncio.sleep(0)
        waited = not decision.done()
        free = await built.owner.fetchval(
            "select id from help_request where id = $1 for update nowait", scene.request
        )

    assert waited
    assert free == scene.request
