"""The hall that plays a year in memory and the one on the database decide the same."""
# ruff: noqa: D102 - each is named after what happens

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import ContactId, PersonId
from luisterlijn.kernel.scope import LINE
from luisterlijn.simulation.year import Player
from luisterlijn.simulation.year_hall import MemoryHall
from luisterlijn.simulation.year_plan import BEGIN, Caller, Plan, Turn, Year
from tests.support.house import TestHouse
from tests.support.mentoring import pair

if TYPE_CHECKING:
    from datetime import datetime

    from luisterlijn.dispatch.model import Reason
    from luisterlijn.dispatch.queue import Pair
    from luisterlijn.simulation.year_hall import Held

HOUR_S = 3600.0
BOTH, CALLS, CHATS = ("phone", "chat"), ("phone",), ("chat",)
PEOPLE = (BOTH, BOTH, BOTH, CALLS, CALLS, CALLS, CHATS, CHATS)
PAIRS = 2
"""So many trainees, each with a mentor beside them: two people, one server."""
ONLY_DUTCH = 3
"""Every so-manieth speaks no English."""
EARLY_S = 500.0
"""Some who come so early talk for over 45 minutes: a rest follows within the hour."""
SHORT_HOURS = 0.75
"""The first two go home within the hour: they take nothing in the last of it."""
MARGIN_S = 900.0
"""In memory each stays so long after the last contact; on the database the shift just ends then."""
PLAN = Plan(margin_min=MARGIN_S / 60, absent=0.12, declined=0.12, seed=3)


@dataclass
class Told(MemoryHall):
    """A hall in memory that writes down what it is told, and what it decides."""

    happened: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Begin with nobody there."""
        MemoryHall.__init__(self)

    def ready(self, person: PersonId) -> None:
        super().ready(person)
        self.happened.append(("ready", (person,)))

    def arrive(self, held: Held, now: datetime) -> None:
        super().arrive(held, now)
        facts = (held.contact.id, held.waiting.channel, held.waiting.language)
        self.happened.append(("arrive", (now, *facts)))

    def round(self, now: datetime) -> list[Pair]:
        made = super().round(now)
        offers = {(each.contact.id, each.volunteer.person) for each in made}
        self.happened.append(("round", (now, offers)))
        return made

    def accept(self, contact_id: ContactId, by: PersonId, epoch: int, now: datetime) -> None:
        super().accept(contact_id, by, epoch, now)
        self.happened.append(("accept", (now, by, contact_id, epoch)))

    def decline(self, contact_id: ContactId, by: PersonId, epoch: int, now: datetime) -> datetime:
        until = super().decline(contact_id, by, epoch, now)
        self.happened.append(("decline", (now, by, contact_id, epoch)))
        return until

    def lapse(self, contact_id: ContactId, now: datetime) -> None:
        super().lapse(contact_id, now)
        self.happened.append(("lapse", (now,)))

    def end(self, contact_id: ContactId, reason: Reason, now: datetime) -> None:
        super().end(contact_id, reason, now)
        self.happened.append(("end", (now, contact_id)))

    def wrap_up(self, contact_id: ContactId, by: PersonId, now: datetime) -> bool:
        rests = super().wrap_up(contact_id, by, now)
        self.happened.append(("wrap_up", (now, by, contact_id)))
        return rests


@dataclass
class Replay:
    """Does on the database what was done in memory, at the same moments."""

    built: TestHouse
    offers: list[set[tuple[ContactId, PersonId]]] = field(default_factory=list)

    async def at(self, now: datetime) -> None:
        """Go to a moment at which every page and console has just been heard."""
        await self.built.time.freeze(now)
        await self.built.owner.execute("update presence set heard = line_now()")
        await self.built.owner.execute("update contact set heard = line_now()")

    async def ready(self, person: PersonId) -> None:
        with contextlib.suppress(Refusal):  # the shift is over: nothing is offered any more
            await self.built.house.consoles.set_state(person, "ready")

    async def arrive(self, contact: ContactId, channel: str, language: str) -> None:
        hall = self.built.house.hall
        async with self.built.house.database.transaction(LINE) as tx:
            await hall.admit(tx, contact, channel=channel, language=language, enq=tx.now)
            await hall.open_contact_in(tx, contact)

    async def round(self, _said: set[tuple[ContactId, PersonId]]) -> None:
        before = await self._open()
        await self.built.house.rounds.round()
        self.offers.append(await self._open() - before)

    async def _open(self) -> set[tuple[ContactId, PersonId]]:
        rows = await self.built.owner.fetch(
            "select contact, volunteer, epoch from offer where state = 'open'"
        )
        return {(row["contact"], row["volunteer"]) for row in rows}

    async def accept(self, by: PersonId, contact: ContactId, epoch: int) -> None:
        await self.built.house.hall.accept(by, contact, epoch)

    async def decline(self, by: PersonId, contact: ContactId, epoch: int) -> None:
        await self.built.house.hall.decline(by, contact, epoch)

    async def lapse(self) -> None:
        await self.built.house.rounds.sweep()

    async def end(self, contact: ContactId) -> None:
        await self.built.house.hall.end_by_visitor(contact)

    async def wrap_up(self, by: PersonId, contact: ContactId) -> None:
        await self.built.house.hall.wrap_up(by, contact, {}, pause=False)


async def roster(built: TestHouse) -> list[Turn]:
    """Put people on a shift in the database; gives the same people as the year has them."""
    turns = []
    for number, channels in enumerate(PEOPLE):
        languages = ("nl",) if number % ONLY_DUTCH == 0 else ("nl", "en")
        hours = SHORT_HOURS if number in (0, 3) else 4
        person = await built.volunteer(
            f"p{number}", channels=channels, languages=languages, hours=hours
        )
        await built.ready(person)
        turns.append(
            Turn(
                person=person,
                starts_s=0.0,
                ends_s=hours * HOUR_S + MARGIN_S,
                channels=frozenset(channels),
                languages=frozenset(languages),
            )
        )
    for number in range(PAIRS):
        channel = "chat" if number % 2 else "phone"
        names = f"t{number} m{number}"
        trainee, mentor = await pair(built, channel=channel, names=names)
        for person, other in ((mentor, trainee), (trainee, mentor)):
            await built.ready(person)
            turns.append(
                Turn(
                    person=person,
                    starts_s=0.0,
                    ends_s=4 * HOUR_S + MARGIN_S,
                    channels=frozenset({channel}),
                    languages=frozenset({"nl", "en"}),
                    beside=other,
                    walks_along=person == trainee,
                )
            )
    return turns


def hour_of_callers(count: int) -> list[Caller]:
    """Give more than so few can answer: some give up, some talk so long that a rest follows."""
    chance = np.random.default_rng(8)
    found = []
    for at in np.sort(chance.uniform(5, HOUR_S, count)):
        long = at < EARLY_S and chance.random() < 0.3
        talks = 2_750.0 if long else float(chance.uniform(40, 400))
        found.append(
            Caller(
                at_s=round(float(at), 3),
                channel="chat" if chance.random() < 0.45 else "phone",
                language="en" if chance.random() < 0.15 else "nl",
                patience_s=(float(chance.uniform(20, 500)),),
                talks_s=talks,
                redial_s=(),
            )
        )
    return found


def in_pairs(year: Year, said: list[set[tuple[ContactId, PersonId]]]) -> int:
    """Give how many offers the pairs got, if each pair and some trainee got one."""
    pairs = {
        turn.person: frozenset({turn.person, turn.beside})
        for turn in year.turns
        if turn.beside is not None
    }
    trainees = {turn.person for turn in year.turns if turn.walks_along}
    found = [person for made in said for _contact, person in made if person in pairs]
    each = {pairs[person] for person in found} == set(pairs.values())
    return len(found) if each and trainees & set(found) else 0


async def test_an_hour_in_memory_and_on_the_database_brings_the_same_offers(
    built: TestHouse,
) -> None:
    await built.time.freeze(BEGIN)
    year = Year(
        plan=PLAN,
        callers=hour_of_callers(110),
        turns=await roster(built),
        rates={},
        people=np.zeros(0, dtype=np.int64),
    )
    hall = Told()
    tally = Player(year, hall).play()
    replay, end = Replay(built), BEGIN + timedelta(seconds=HOUR_S)

    said, back = [], []
    for name, facts in hall.happened:
        if name == "ready":
            back.append(facts[0])  # at the moment of the round that follows
            continue
        now, *rest = facts
        if now >= end:
            break
        await replay.at(now)
        for person in back:
            await replay.ready(person)
        back.clear()
        await getattr(replay, name)(*rest)
        if name == "round":
            said.append(rest[0])

    assert replay.offers == said
    assert sum(map(len, said)) > 80
    assert min(tally.lost, tally.missed) > 5, "queues and misses were among it"
    assert in_pairs(year, said) > 10
    assert {name for name, _facts in hall.happened} >= {"decline", "lapse", "wrap_up", "ready"}
