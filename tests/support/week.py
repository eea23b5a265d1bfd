"""A week of a line on a held clock: the real hall, real rows, people who come, talk and go."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import ContactId, PersonId, PlaceId, ShiftId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy.endtoend import new_member_keys
from luisterlijn.rostering.attending import Attending
from luisterlijn.rostering.ports import NewShift
from tests.support.mentoring import mentors

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.support.house import TestHouse

BEGIN = datetime(2026, 3, 24, 6, tzinfo=UTC)
"""A Tuesday: the night to Sunday the 29th is one hour shorter."""
DAYS, SHIFT_H = 7, 4
MARGIN_MIN = 10
TALKS_S, PATIENCE_S = 1_200.0, 900.0
KEY = new_member_keys().public
BOTH, CALLS, CHATS = ("phone", "chat"), ("phone",), ("chat",)

MAY_TAKE = """
select p.channels || case when l.role = 'trainee' then s.channels else '{}' end as trained,
       p.languages, s.channels, upper(l.during) as ends, lower(l.during) as starts, l.role, l.state
  from place l join shift s on s.id = l.shift join person p on p.id = l.person
 where l.person = $1 and s.state = 'published' and l.role <> 'reserve'
   and l.state in ('published', 'confirmed', 'checked_in')
   and s.branch = p.branch and lower(l.during) - interval '15 min' <= line_now()
   and upper(l.during) > line_now()
"""
OVERTAKEN = """
select count(*) from contact c join contact e on e.channel = c.channel and e.language = c.language
 where c.id = $1 and e.state = 'queued' and e.caller_up and (e.enq, e.id) < (c.enq, c.id)
   and not exists (select from exclusion x where x.contact = e.id and x.volunteer = c.volunteer
     and x.until > line_now())
"""
BOTH_OF_A_PAIR = """
select count(*) from presence p join presence o on o.person = p.beside
 where p.walks_along and (p.load > 0 or p.offered) and (o.load > 0 or o.offered)
"""


@dataclass
class Tally:
    """What the week came to; `wrong`: each thing that may never be, in words."""

    arrived: int = 0
    answered: int = 0
    abandoned: int = 0
    declined: int = 0
    offers: dict[PersonId, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


class Week:
    """Moves time from happening to happening; after each the line does what it does by itself."""

    def __init__(self, built: TestHouse, seed: int) -> None:
        """Begin on an empty line."""
        self._built = built
        self._attending = Attending(built.house.roster.placing)
        self._chance = np.random.default_rng(seed)
        self._happens: list[tuple[datetime, int, Callable[[], Awaitable[None]]]] = []
        self._late: set[tuple[PersonId, datetime]] = set()
        self._number = 0
        self._asked: set[tuple[ContactId, int]] = set()
        self.people: dict[str, PersonId] = {}
        self.tally = Tally()

    async def play(self) -> Tally:
        """Play to the end, until nobody talks any more."""
        while self._happens:
            now, _number, do = heapq.heappop(self._happens)
            await self._built.time.freeze(now)
            # Every console and page that is open has just been heard.
            await self._built.owner.execute(
                "update presence set heard = line_now() where state <> 'away'"
            )
            await self._built.owner.execute("update contact set heard = line_now()")
            await do()
            await self._line(now)
        return self.tally

    def at(self, moment: datetime, do: Callable[[], Awaitable[None]]) -> None:
        """Let something happen at a moment."""
        self._number += 1
        heapq.heappush(self._happens, (moment, self._number, do))

    async def _line(self, now: datetime) -> None:
        await self._built.settle()
        await self._built.house.rounds.sweep()
        await self._built.house.rounds.round()
        await self._built.settle()
        rows = await self._built.owner.fetch(
            "select c.id, c.channel, c.language, c.epoch, c.volunteer, c.deadline from contact c"
            " where c.state = 'offered'"
        )
        for row in rows:
            if (row["id"], row["epoch"]) not in self._asked:
                self._asked.add((row["id"], row["epoch"]))
                await self._check(row["id"], row["channel"], row["language"], row["volunteer"], now)
                self._answer(row["id"], row["volunteer"], row["epoch"], now)
        if await self._built.owner.fetchval(BOTH_OF_A_PAIR):
            self.tally.wrong.append("both of a pair")

    async def _check(
        self, contact: ContactId, channel: str, language: str, person: PersonId, now: datetime
    ) -> None:
        """Look in the roster itself, not in what the line made of it."""
        tally = self.tally
        tally.offers[person] = tally.offers.get(person, 0) + 1
        places = sorted(
            await self._built.owner.fetch(MAY_TAKE, person), key=lambda each: each["starts"]
        )
        if not places:
            tally.wrong.append("off shift")
            return
        if channel not in places[0]["trained"] or channel not in places[0]["channels"]:
            tally.wrong.append("untrained")
        if language not in places[0]["languages"]:
            tally.wrong.append("another language")
        if places[-1]["ends"] - timedelta(minutes=MARGIN_MIN) <= now:
            tally.wrong.append("in the margin")
        if await self._built.owner.fetchval(OVERTAKEN, contact):
            tally.wrong.append("overtaken")

    # Contacts.

    def arrive(self, moment: datetime, channel: str, language: str) -> None:
        """Let somebody come, wait, and give up when it takes too long."""
        contact = ContactId(new_id(self._built.house.tokens))
        hall = self._built.house.hall

        async def comes() -> None:
            self.tally.arrived += 1
            async with self._built.house.database.transaction(LINE) as tx:
                await hall.admit(tx, contact, channel=channel, language=language, enq=tx.now)
                await hall.open_contact_in(tx, contact)

        async def gives_up() -> None:
            if await self._built.state(contact) in ("queued", "offered"):
                await hall.end_by_visitor(contact)
                self.tally.abandoned += 1

        self.at(moment, comes)
        patience = timedelta(seconds=float(self._chance.exponential(PATIENCE_S)))
        self.at(moment + patience, gives_up)

    def _answer(self, contact: ContactId, person: PersonId, epoch: int, now: datetime) -> None:
        luck = self._chance.random()
        seconds = float(self._chance.uniform(2, 9))
        hall = self._built.house.hall

        async def accepts() -> None:
            try:
                await hall.accept(person, contact, epoch)
            except Refusal:
                return  # they gave up meanwhile
            self.tally.answered += 1
            talks = timedelta(seconds=float(self._chance.exponential(TALKS_S)))
            moment = await self._built.time.now()
            self.at(moment + talks, lambda: hall.end_by_visitor(contact))
            self.at(moment + talks + timedelta(seconds=60), writes_up)

        async def writes_up() -> None:
            await hall.wrap_up(person, contact, {}, pause=False)
            self.at(
                await self._built.time.now() + timedelta(minutes=10),
                lambda: self._ready(person),
            )

        async def declines() -> None:
            try:
                await hall.decline(person, contact, epoch)
            except Refusal:
                return
            self.tally.declined += 1
            self.at(await self._built.time.now() + timedelta(seconds=61), _nothing)

        self.at(now + timedelta(seconds=seconds), declines if luck < 0.08 else accepts)

    async def _ready(self, person: PersonId) -> None:
        """Say "beschikbaar", if there is a shift to be ready on."""
        try:
            await self._built.house.consoles.set_state(person, "ready", KEY)
        except Refusal:
            return

    # The roster.

    async def roster(self, people: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]) -> None:
        """Put people on three places of every shift of the week, in turn, and let them come.

        Args:
            people: name → channels, languages.
        """
        for name, (channels, languages) in people.items():
            self.people[name] = await self._built.volunteer(
                name, channels=channels, languages=languages, hours=0
            )
        await self._built.owner.execute("update person set margin_min = $1", MARGIN_MIN)
        everybody = list(self.people.values())
        for number in range(DAYS * 24 // SHIFT_H):
            start = BEGIN + timedelta(hours=number * SHIFT_H)
            on = tuple(everybody[(number * 3 + each) % len(everybody)] for each in range(3))
            during = Interval(start, start + timedelta(hours=SHIFT_H))
            async with self._built.house.database.transaction(LINE) as tx:
                await self._built.house.roster.plan(
                    tx,
                    [
                        NewShift(
                            branch=self._built.branch,
                            during=during,
                            channels=BOTH,
                            wanted=3,
                            people=on,
                        )
                    ],
                )
            for person in on:
                self.comes(person, start - timedelta(minutes=3))
                self.goes(person, during.end)

    def comes(self, person: PersonId, moment: datetime) -> None:
        """Let somebody open the console and be ready, if they have a shift then."""

        async def does() -> None:
            if (person, moment) in self._late:
                return
            await self._built.house.consoles.opened(person, KEY)
            await self._ready(person)

        self.at(moment, does)

    def goes(self, person: PersonId, moment: datetime) -> None:
        """Let somebody go home after their shift, once nothing is in hand."""

        async def does() -> None:
            async with self._built.house.database.transaction(LINE) as tx:
                await self._built.house.consoles.next_hours(tx)
            row = await self._built.owner.fetchrow(
                "select load, shift_ends > line_now() as stays from presence where person = $1",
                person,
            )
            if row is None or row["stays"]:
                return
            if row["load"]:
                self.goes(person, await self._built.time.now() + timedelta(minutes=5))
                return
            await self._built.house.consoles.set_state(person, "away")

        self.at(moment, does)

    async def shift_at(self, hours: float) -> tuple[ShiftId, datetime, list[PersonId]]:
        """Give the shift that begins so many hours after the week does, and who is on it."""
        moment = BEGIN + timedelta(hours=hours)
        rows = await self._built.owner.fetch(
            "select l.shift, l.person from place l join shift s on s.id = l.shift"
            " join person p on p.id = l.person where s.starts = $1 order by p.name",
            moment,
        )
        people = [PersonId(row["person"]) for row in rows]
        return ShiftId(rows[0]["shift"]), moment, people

    async def with_trainee(self, hours: float, trainee: PersonId, mentor: PersonId) -> None:
        """Put a trainee on a shift, beside a mentor who has it already."""
        shift, moment, people = await self.shift_at(hours)
        assert mentor in people
        await self._built.owner.execute(
            "insert into place (id, shift, branch, person, during, state, role)"
            " select $3, shift, branch, $1, during, 'published', 'trainee' from place"
            " where shift = $2 limit 1",
            trainee,
            shift,
            new_id(self._built.house.tokens),
        )
        await self._built.owner.execute(
            "update place set role = 'mentor' where shift = $1 and person = $2", shift, mentor
        )
        self.comes(trainee, moment)
        self.goes(trainee, moment + timedelta(hours=SHIFT_H))

    async def trains(self, trainee: PersonId, mentor: PersonId) -> None:
        """Say how far the two are."""
        await self._built.owner.executemany(
            "insert into training (person, branch, channel, status, since)"
            " values ($1, $2, $3, 'walking_along', '2026-01-01')",
            [(trainee, self._built.branch, channel) for channel in BOTH],
        )
        await mentors(self._built, mentor, "chat")
        await self._built.owner.execute(
            "update place set role = 'listener' where person = $1", mentor
        )

    async def missed(self, hours: float, reserve: PersonId, jumps_in: PersonId) -> PersonId:
        """Let one of a shift not come: the reserve is called up, and somebody jumps in.

        Gives who did not come in time; they come after all, an hour late.
        """
        shift, start, people = await self.shift_at(hours)
        absent = people[0]
        await self._built.owner.execute(
            "insert into place (id, shift, branch, person, during, state, role)"
            " select $3, shift, branch, $1, during, 'published', 'reserve' from place"
            " where shift = $2 limit 1",
            reserve,
            shift,
            new_id(self._built.house.tokens),
        )
        self._late.add((absent, start - timedelta(minutes=3)))
        place = await self._built.owner.fetchval(
            "select id from place where shift = $1 and person = $2", shift, absent
        )

        async def notices() -> None:
            async with self._built.house.database.transaction(LINE) as tx:
                assert await self._attending.mark_missed(tx, PlaceId(place))

        async def calls_up() -> None:
            async with self._built.house.database.transaction(LINE) as tx:
                assert await self._attending.fill_from_reserve(tx, shift, reserve)

        async def is_there() -> None:
            async with self._built.house.database.transaction(LINE) as tx:
                locked = await self._attending.lock(tx, shift)
                assert locked is not None
                await self._attending.jump_in(tx, locked, jumps_in)

        self.comes(reserve, start)  # in vain: a reserve is asked for nothing yet
        self.at(start + timedelta(minutes=10), notices)
        self.at(start + timedelta(minutes=15), calls_up)
        self.comes(reserve, start + timedelta(minutes=16))
        self.at(start + timedelta(minutes=20), is_there)
        self.comes(jumps_in, start + timedelta(minutes=21))
        self.comes(absent, start + timedelta(minutes=60))
        for person in (reserve, jumps_in):
            self.goes(person, start + timedelta(hours=SHIFT_H))
        return absent


async def _nothing() -> None:
    """Only look again."""
