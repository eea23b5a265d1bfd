"""Two nodes and sixteen workers on one queue: nobody is offered twice, nobody gets too much."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from luisterlijn.accounts.service import NewPerson
from luisterlijn.dispatch.handing import Handing
from luisterlijn.dispatch.rounds import Rounds
from luisterlijn.dispatch.service import Hall
from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import ContactId, PersonId, new_id
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy.redaction import Secret
from luisterlijn.store.database import Database, open_database
from luisterlijn.store.outbox import Outbox
from tests.support.house import PASSWORD

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    import asyncpg

    from luisterlijn.store.embedded import Cluster
    from tests.support.house import TestHouse

CONTACTS = 600
VOLUNTEERS = 40
PAIRS = 8
"""So many of them are trainees, with another of them beside each."""
OFTEN = 10
"""Each thing that only happens when workers and people meet so is seen more often than this."""
EVENINGS = 5
"""One nearly always shows all of it; how often who meets is chance, so there may be more."""
WORKERS_PER_NODE = 8

# One statement, so one moment: whatever is wrong here was wrong for everybody.
WRONG = """
with held as (
  select volunteer, sum(weight) as load, bool_or(state = 'open') as offered
    from offer where state in ('open', 'accepted') group by volunteer)
select 'load of a volunteer' as wrong, p.person as who
  from presence p left join held h on h.volunteer = p.person
 where p.load <> coalesce(h.load, 0) or p.load > p.capacity
    or p.offered <> coalesce(h.offered, false)
union all
select 'two offers of a contact', contact from offer where state in ('open', 'accepted')
 group by contact having count(*) > 1
    and not bool_or(kind = 'hand_over' and state = 'open') -- asked, while another has it
union all
select 'a contact without its offer', c.id from contact c
 where c.state in ('offered', 'active', 'volunteer_away', 'caller_away', 'wrapup')
   and not exists (select from offer o where o.contact = c.id and o.volunteer = c.volunteer
     and o.epoch = c.epoch and o.state = case c.state when 'offered' then 'open'
     else 'accepted' end)
union all
select 'an offer without its contact', o.contact from offer o join contact c on c.id = o.contact
 where o.state in ('open', 'accepted') and c.volunteer is distinct from o.volunteer
   and (c.handing_to is distinct from o.volunteer or o.epoch <> c.epoch + 1 or o.state <> 'open')
union all
select 'asked without an offer', c.id from contact c where c.handing_to is not null
   and (c.state not in ('active', 'volunteer_away', 'caller_away') or not exists (
     select from offer o where o.contact = c.id and o.volunteer = c.handing_to and o.state = 'open'
       and o.kind = 'hand_over'))
union all
select 'both of a pair', p.person from presence p join presence o on o.person = p.beside
 where p.walks_along and (p.load > 0 or p.offered) and (o.load > 0 or o.offered)
   and not exists (select from contact c -- the one gives theirs to the other
     where (c.volunteer, c.handing_to) in ((p.person, o.person), (o.person, p.person)))
"""


@dataclass(slots=True)
class Records:
    """Keeps how each contact ended: the archive of this test."""

    ended: list[tuple[str, str]] = field(default_factory=list)

    async def keep(self, _tx: Any, facts: dict[str, Any]) -> None:
        """Keep the end; a transaction that is undone leaves a second entry, which would show."""
        self.ended.append((facts["contact"], facts["reason"]))


@dataclass(slots=True, kw_only=True)
class Node:
    """A node's part of the hall, with a pool of its own."""

    hall: Hall
    rounds: Rounds
    handing: Handing
    database: Database
    did: Counter[str]

    async def work(self, owner: asyncpg.Connection, number: int) -> None:
        """Play rounds and people until nobody is left."""
        while await self._living(owner, number):
            if number % 4 == 0:  # else everybody is asked at once, and no colleague is ever free
                await self.rounds.round()
            for contact, person, epoch, state in await self._held(owner, number):
                with contextlib.suppress(Refusal):  # another worker was quicker
                    await self._act(contact, person, epoch, state)

    async def _act(self, contact: ContactId, person: PersonId, epoch: int, state: str) -> None:
        """Do what this person does with this contact; mostly the same whichever worker plays it."""
        whim = (contact.int + epoch * 7) % 20
        self.did["turns"] += 1
        turn = self.did["turns"]
        match state:
            case "asked" if turn % 3 == 0:
                await self.hall.decline(person, contact, epoch)
                self.did["refused"] += 1
            case "asked":
                await self.hall.accept(person, contact, epoch)
                self.did["handed over"] += 1
            case "active" if 6 <= whim < 12 and turn % 40:
                present = (await self.handing.colleagues(person, contact)).people
                for first in present[:1]:  # nobody, when another worker ended this meanwhile
                    await self.handing.hand_over(person, contact, PersonId(UUID(first.person)))
            case "active" if whim in (12, 13):
                async with self.database.transaction(LINE) as tx:
                    await self.hall.line_dropped(tx, contact, person)
                self.did["dropped"] += 1
            case "offered" if whim < 3:
                await self.hall.decline(person, contact, epoch)
            case "offered" if whim == 4:
                await self.hall.end_by_visitor(contact)
            case "offered":
                await self.hall.accept(person, contact, epoch)
            case "active" if whim == 5:
                await self.hall.release(person, contact)
            case "active" if whim % 2:
                await self.hall.end_by_visitor(contact)
            case "active":
                await self.hall.end_by_volunteer(person, contact, abuse=False)
            case _:
                await self.hall.wrap_up(person, contact, {}, pause=False)

    @staticmethod
    async def _living(owner: asyncpg.Connection, _number: int) -> bool:
        async with LOCK:
            # Who declined says "ready" again: time stands still, so a rest would last for ever.
            await owner.execute(
                "update presence set rest_until = null where rest_until is not null"
            )
            return bool(await owner.fetchval("select exists (select from contact)"))

    @staticmethod
    async def _held(
        owner: asyncpg.Connection, number: int
    ) -> list[tuple[ContactId, PersonId, int, str]]:
        async with LOCK:
            rows = await owner.fetch(
                "with held as ("
                "  select id, volunteer, epoch, state from contact where volunteer is not null"
                "  union all select id, handing_to, epoch + 1, 'asked' from contact"
                "  where handing_to is not null)"
                " select * from held order by md5(id::text || $1), state limit 20",
                str(number % 4),  # four workers at a time see the same order, and meet
            )
        return [(each["id"], each["volunteer"], each["epoch"], each["state"]) for each in rows]


LOCK = asyncio.Lock()
"""The owner's one connection is asked by one at a time; the workers' own pools are not."""


@contextlib.asynccontextmanager
async def node(url: str, records: Records, did: Counter[str]) -> AsyncIterator[Node]:
    """Give a node of the line."""
    async with open_database(url, Outbox()) as database:
        hall = Hall(database, records, CONTACTS + 1)
        yield Node(
            hall=hall,
            rounds=Rounds(database, hall, {}),
            handing=Handing(database, hall),
            database=database,
            did=did,
        )


async def make_ready(built: TestHouse) -> None:
    """Let the volunteers be ready, in a time that stands still."""
    await built.time.freeze(await built.time.now())
    house = built.house
    async with house.database.transaction(LINE) as tx:
        people = await house.accounts.add_people(
            tx,
            [
                NewPerson(
                    sign_in=f"v{each}",
                    name=f"V{each}",
                    branch=built.branch,
                    roles=frozenset({Role.VOLUNTEER}),
                    channels=("chat", "phone"),
                )
                for each in range(VOLUNTEERS)
            ],
            Secret(PASSWORD),
        )
    await built.owner.executemany(
        "insert into presence (person, branch, state, since, heard, alias, channels, languages,"
        " own_limit, capacity, takes_until, shift_ends) values ($1, $2, 'ready', line_now(),"
        " line_now(), '', '{chat,phone}', '{nl}', $3, $3, $4, $4)",
        [
            (person, built.branch, 1 + each % 3, await built.time.now() + timedelta(hours=4))
            for each, person in enumerate(people)
        ],
    )

    # The last are beside the first.
    await built.owner.executemany(
        "update presence set beside = $2, walks_along = $3 where person = $1",
        [
            (person, other, walks_along)
            for one, two in zip(people[:PAIRS], people[-PAIRS:], strict=True)
            for person, other, walks_along in ((one, two, False), (two, one, True))
        ],
    )


async def arrive(built: TestHouse) -> set[str]:
    """Let the contacts of one evening wait; gives their names."""
    contacts = [new_id(built.house.tokens) for _ in range(CONTACTS)]
    async with LOCK:
        await built.owner.executemany(
            "insert into contact (id, channel, language, state, arrived, enq, heard) values"
            " ($1, $3, 'nl', 'queued', line_now(), line_now() - $2 * interval '1 s', line_now())",
            [
                (contact, each, "phone" if each % 3 else "chat")
                for each, contact in enumerate(contacts)
            ],
        )
    return {contact.hex for contact in contacts}


def seldom(did: Counter[str]) -> int:
    """Give how often the rarest of what matters most was done."""
    return min(did[each] for each in ("handed over", "refused", "dropped"))


async def audit(owner: asyncpg.Connection, until: asyncio.Event, did: Counter[str]) -> int:
    """Look again and again; gives how often everything was right."""
    looks = 0
    while not until.is_set():
        async with LOCK:
            assert await owner.fetch(WRONG) == []
            did["in a pair"] += await owner.fetchval(
                "select count(*) from presence where beside is not null and load > 0"
            )
        looks += 1
        await asyncio.sleep(0.05)
    return looks


async def test_nobody_is_offered_to_two_and_no_volunteer_gets_more_than_they_can(
    built: TestHouse, database: Cluster
) -> None:
    await make_ready(built)
    names = set[str]()
    records = Records()
    done = asyncio.Event()
    did = Counter[str]()

    async with (
        node(database.app_url, records, did) as first,
        node(database.app_url, records, did) as second,
        asyncio.TaskGroup() as watch,
    ):
        looks = watch.create_task(audit(built.owner, done, did))
        for _evening in range(EVENINGS):
            names |= await arrive(built)
            async with asyncio.TaskGroup() as work:
                for number in range(WORKERS_PER_NODE):
                    work.create_task(first.work(built.owner, number))
                    work.create_task(second.work(built.owner, number))
            if seldom(did) > OFTEN:
                break
        done.set()

    assert looks.result() > 20, did
    assert did["in a pair"] > 10 * OFTEN, did
    assert seldom(did) > OFTEN, did
    assert await built.owner.fetch(WRONG) == []
    assert sorted(contact for contact, _reason in records.ended) == sorted(names)
    assert {reason for _contact, reason in records.ended} == {
        "abandoned",
        "ended_by_caller",
        "ended_by_volunteer",
    }
    assert await built.owner.fetchval("select sum(load) from presence") == 0
    assert await built.owner.fetchval("select count(*) from offer") == 0
    assert not await built.owner.fetchval("select bool_or(offered) from presence")
