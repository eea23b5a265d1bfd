"""A coach in a call, through signed webhooks: beside it, taking it over, and going again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import pytest

from luisterlijn.coaching.events import JoiningStarted
from luisterlijn.kernel.ids import ContactId, PersonId
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy.redaction import Secret
from luisterlijn.simulation.exchange_parts import Leg
from tests.support.coaching import KEY, coach, side, trail
from tests.support.telephones import ANNA, JO, Telephones, together


@dataclass(slots=True, kw_only=True)
class Scene:
    """Anna, on her own phone, talks with Jo; Ada, at her screen, took her request for help."""

    phones: Telephones
    anna: PersonId
    ada: PersonId
    contact: ContactId
    request: UUID
    jos: Leg
    annas: Leg

    async def joins(self, mode: str) -> Leg:
        """Let Ada join, and pick up in her browser."""
        await self.rings(mode)
        [leg] = self.phones.ringing()
        self.phones.exchange.answer(leg)
        await self.phones.go(5)
        return leg

    async def rings(self, mode: str) -> None:
        """Let Ada join; her browser rings."""
        await self.phones.built.house.coaching.join(self.ada, self.request, mode, KEY)
        await self.phones.go()

    async def takes_over(self) -> None:
        """Let Ada take the call over."""
        joinings = self.phones.built.house.coaching.joinings
        await joinings.take_over(self.ada, self.request, KEY)
        await self.phones.go(4)

    async def joining(self) -> UUID:
        """Give the one joining."""
        found: UUID = await self.phones.built.owner.fetchval("select id from joining")
        return found

    async def joinings(self) -> int:
        """Give how many are beside the call."""
        return int(await self.phones.built.owner.fetchval("select count(*) from joining"))


@pytest.fixture
async def scene(phones: Telephones) -> Scene:
    """Set it."""
    anna, contact, jos, annas = await together(phones)
    ada = await coach(phones.built)
    made = await phones.built.house.coaching.ask(anna, contact, urgent=False)
    await phones.built.house.coaching.take(ada, made, KEY)
    return Scene(
        phones=phones, anna=anna, ada=ada, contact=contact, request=made, jos=jos, annas=annas
    )


async def test_a_coach_listens_silently_and_both_know_it(scene: Scene) -> None:
    leg = await scene.joins("listen")

    assert leg.room is scene.jos.room
    assert leg.muted
    assert scene.phones.heard(scene.jos)[-1] == "coach-joins"
    console = await scene.phones.built.house.consoles.snapshot(scene.anna)
    [beside] = console.contacts[0].beside
    assert (beside.role, beside.mode, beside.alias) == ("coach", "listen", "Ada")
    assert await trail(scene.phones.built) == [("joined", scene.ada)]


async def test_a_whisper_is_heard_by_the_volunteer_alone(scene: Scene) -> None:
    leg = await scene.joins("whisper")

    assert (leg.muted, leg.coaches) == (False, scene.annas.sid)


async def test_a_talk_alone_holds_the_caller_and_gives_them_back(scene: Scene) -> None:
    leg = await scene.joins("alone")
    console = await scene.phones.built.house.consoles.snapshot(scene.anna)
    held = scene.jos.hold
    await scene.phones.console(scene.anna).hold(scene.contact, on=False)  # not while they speak
    await scene.phones.go()
    still = scene.jos.hold
    scene.phones.exchange.hang_up(leg)
    await scene.phones.go(2)

    assert console.contacts[0].call is not None
    assert console.contacts[0].call.state == "alone"
    assert (held, still, scene.jos.hold) == (True, True, False)
    assert await scene.joinings() == 0
    assert (await trail(scene.phones.built))[-1] == ("line-gone", scene.ada)


async def test_the_coach_goes_from_one_way_to_another(scene: Scene) -> None:
    leg = await scene.joins("listen")
    joinings = scene.phones.built.house.coaching.joinings
    seen = []
    for mode in ("alone", "whisper", "join", "listen"):
        await joinings.change(scene.ada, await scene.joining(), mode)
        await scene.phones.go(2)
        seen.append((scene.jos.hold, leg.muted, leg.coaches))

    assert seen == [
        (True, False, ""),
        (False, False, scene.annas.sid),
        (False, False, ""),
        (False, True, ""),
    ]


async def test_the_coach_leaves_and_the_caller_hears_so(scene: Scene) -> None:
    leg = await scene.joins("join")
    joinings = scene.phones.built.house.coaching.joinings
    await joinings.leave(scene.ada, await scene.joining())
    await scene.phones.go(3)

    assert leg.over
    assert scene.phones.heard(scene.jos)[-1] == "coach-left"
    assert scene.phones.talking() == [{JO, ANNA}]


async def test_a_coach_who_does_not_pick_up_is_beside_nothing(scene: Scene) -> None:
    await scene.rings("alone")
    await scene.phones.go(25)

    assert await scene.joinings() == 0
    assert not scene.jos.hold
    assert scene.phones.talking() == [{JO, ANNA}]


async def test_when_the_caller_hangs_up_the_coachs_line_ends_too(scene: Scene) -> None:
    leg = await scene.joins("listen")
    scene.phones.exchange.hang_up(scene.jos)
    await scene.phones.go(6)

    assert leg.over
    assert await scene.joinings() == 0


async def test_when_the_volunteers_line_drops_nobody_is_left_alone_with_the_music(
    scene: Scene,
) -> None:
    leg = await scene.joins("listen")
    scene.phones.exchange.hang_up(scene.annas)
    await scene.phones.go(8)

    assert leg.over
    assert not scene.jos.over
    assert "volunteer-away" in scene.phones.heard(scene.jos)
    assert await scene.joinings() == 0


async def test_who_listens_takes_over_without_a_word_lost(scene: Scene) -> None:
    leg = await scene.joins("listen")
    await scene.takes_over()

    assert scene.phones.talking() == [{JO, leg.to}]
    assert (leg.muted, leg.ends_room) == (False, True)
    assert scene.annas.over
    row = await scene.phones.built.contact(scene.contact)
    assert row is not None
    assert (row["state"], row["volunteer"]) == ("active", scene.ada)
    assert (await trail(scene.phones.built))[-1] == ("took-over", scene.ada)


async def test_who_spoke_alone_and_takes_over_has_the_caller_back(scene: Scene) -> None:
    leg = await scene.joins("alone")
    await scene.takes_over()

    assert scene.phones.talking() == [{JO, leg.to}]
    assert not scene.jos.hold


async def test_who_takes_over_while_it_rings_leaves_the_caller_with_the_volunteer_till_then(
    scene: Scene,
) -> None:
    await scene.rings("join")
    await scene.takes_over()
    before = scene.phones.talking()
    [leg] = scene.phones.ringing()
    scene.phones.exchange.answer(leg)
    await scene.phones.go(5)

    assert before == [{JO, ANNA}]
    assert scene.phones.talking() == [{JO, leg.to}]


async def test_who_takes_over_and_never_picks_up_gives_the_caller_back_to_the_queue(
    scene: Scene,
) -> None:
    await scene.rings("join")
    await scene.takes_over()
    await scene.phones.go(25)

    assert not scene.jos.over
    assert await scene.phones.built.state(scene.contact) in ("queued", "offered")


async def test_a_joining_that_is_heard_when_it_is_over_rings_nobody(scene: Scene) -> None:
    await scene.joins("listen")
    joining = await scene.joining()
    await scene.phones.built.house.coaching.joinings.leave(scene.ada, joining)
    await scene.phones.go(5)
    event = JoiningStarted(
        joining=joining,
        contact=scene.contact,
        channel="phone",
        person=scene.ada,
        role="coach",
        mode="listen",
    )
    async with scene.phones.built.house.database.transaction(LINE) as tx:
        await scene.phones.room.listening.joined(tx, event)
    await scene.phones.go(3)

    assert scene.phones.ringing() == []


async def test_a_coach_with_a_phone_of_their_own_says_with_a_key_that_they_are_there(
    scene: Scene,
) -> None:
    house = scene.phones.built.house
    async with house.database.transaction(LINE) as tx:
        await house.accounts.set_phone(tx, scene.ada, Secret("+3197010000011"))
    await house.consoles.take_calls(scene.ada, "own")
    leg = await scene.joins("join")
    before = leg.room
    scene.phones.exchange.press(leg, "1")
    await scene.phones.go(5)

    assert scene.phones.heard(leg)[0] == "comes-in"
    assert before is None
    assert leg.room is scene.jos.room


async def test_the_coachs_screen_shows_what_they_are_beside(scene: Scene) -> None:
    await scene.joins("whisper")

    [joined] = (await side(scene.phones.built, scene.ada)).joined
    assert (joined.channel, joined.mode, joined.state) == ("phone", "whisper", "present")
