"""The whole telephone while news is lost, comes twice, late, and out of order."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import PersonId
from luisterlijn.simulation.chance import Chance
from luisterlijn.simulation.exchange_parts import Deliver, Leg
from tests.support.telephones import Telephones

CALLERS, VOLUNTEERS = 14, 4
LOST, TWICE, LATE = 0.12, 0.2, 0.3
LATEST_S = 6.0
AT_MOST_S = 420


@dataclass(slots=True)
class Muddle:
    """Carries webhooks badly; scripts, for which somebody waits, come at once but perhaps twice."""

    deliver: Deliver
    phones: Telephones
    chance: Chance
    did: dict[str, int] = field(default_factory=lambda: {"lost": 0, "twice": 0, "late": 0})

    async def carry(self, url: str, form: dict[str, str]) -> tuple[int, bytes]:
        """Carry one form."""
        if not url.endswith("/status"):
            if self.chance.happens(TWICE):
                self.did["twice"] += 1
                await self.deliver(url, form)
            return await self.deliver(url, form)
        if self.chance.happens(LOST):
            self.did["lost"] += 1
            return 204, b""
        if self.chance.happens(TWICE):
            self.did["twice"] += 1
            self._later(url, form)
        if self.chance.happens(LATE):
            self.did["late"] += 1
            self._later(url, form)
            return 204, b""
        return await self.deliver(url, form)

    def _later(self, url: str, form: dict[str, str]) -> None:
        async def again() -> None:
            await self.deliver(url, form)

        self.phones.exchange.later(self.chance.between(0.2, LATEST_S), again)


@dataclass(slots=True)
class People:
    """Who calls and who answers. `doubled`: two callers, or one volunteer twice, in conference."""

    phones: Telephones
    chance: Chance
    volunteers: list[PersonId] = field(default_factory=list)
    callers: list[Leg] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    doubled: int = 0
    hung_up: set[str] = field(default_factory=set)

    async def step(self) -> None:
        """Let half a second of their lives pass."""
        exchange = self.phones.exchange
        if len(self.callers) < CALLERS and self.chance.happens(0.3):
            self.callers.append(exchange.call_in(f"+3161000{len(self.callers):04}"))
        for leg in self.phones.ringing():
            if leg.direction == "outbound-api" and self.chance.happens(0.3):
                self._ring(leg)
        for leg in list(exchange.legs.values()):
            placed = leg.direction == "outbound-api"
            if placed and leg.status == "in-progress" and leg.gather is not None:
                exchange.press(leg, self.chance.pick("1111112"))
        for leg in self.callers:
            talks = leg.room is not None and len(leg.room.legs) > 1
            if talks:
                self.answered.add(leg.sid)
            if not leg.over and self.chance.happens(0.05 if talks else 0.002):
                self.hung_up.add(leg.sid)
                exchange.hang_up(leg)
        self._look()

    def _ring(self, leg: Leg) -> None:
        if self.chance.happens(0.8):
            self.phones.exchange.answer(leg)
        else:
            self.phones.exchange.refuse(leg, self.chance.pick(("busy", "no-answer", "failed")))

    def _look(self) -> None:
        for room in self.phones.exchange.rooms.values():
            inbound = [each for each in room.legs if each.direction == "inbound"]
            self.doubled += len(inbound) > 1
        placed = [
            each.to
            for each in self.phones.exchange.legs.values()
            if each.room is not None and each.direction == "outbound-api"
        ]
        self.doubled += len(placed) != len(set(placed))

    async def are_done(self) -> bool:
        """Say whether everybody called and hung up, and the line knows it."""
        if len(self.callers) < CALLERS or any(not each.over for each in self.callers):
            return False
        return not await self.phones.built.owner.fetchval("select count(*) from contact")

    async def write_up(self) -> None:
        """Hand in every form, and be there again after a rest."""
        house, owner = self.phones.built.house, self.phones.built.owner
        for row in await owner.fetch("select id, volunteer from contact where state = 'wrapup'"):
            await house.hall.wrap_up(row["volunteer"], row["id"], {}, pause=False)
        for person in self.volunteers:
            try:
                await house.consoles.set_state(person, "ready")
            except Refusal:
                continue  # in a conversation


@pytest.mark.parametrize("seed", range(1, 6))
async def test_nobody_is_lost_or_with_two_however_badly_news_travels(
    phones: Telephones, seed: int
) -> None:
    chance = Chance(seed, "muddle")
    muddle = Muddle(phones.exchange.deliver, phones, chance)
    phones.exchange.deliver = muddle.carry
    people = People(phones, chance)
    for number in range(VOLUNTEERS):
        own = f"+319701000000{number}"
        people.volunteers.append(await phones.volunteer(f"v{number}", own=own))
    await phones.open()

    for turn in range(AT_MOST_S * 2):
        await phones.go(0.5)
        await phones.built.time.advance(0.5)
        await people.step()
        if turn % 4 == 0:
            await phones.room.upkeep.sweep()
            await people.write_up()
        if await people.are_done():
            break

    left = await phones.built.owner.fetch("select id from contact")
    assert people.doubled == 0
    assert [phones.heard(each) for each in people.callers if not each.over] == []
    assert left == []
    assert len(people.answered) > CALLERS / 2
    for each in people.callers:  # nobody's line went dead without a word
        assert each.sid in people.hung_up or phones.heard(each)[-1:] == ["goodbye"]
    assert min(muddle.did.values()) > 5, muddle.did
