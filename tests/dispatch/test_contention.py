"""Many workers on two nodes at once: one volunteer per contact, and nobody over the own limit."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from luisterlijn.app import house
from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.scope import LINE
from tests.support.house import settings_for

if TYPE_CHECKING:
    from pathlib import Path

    import asyncpg

    from luisterlijn.app import House
    from luisterlijn.kernel.ids import ContactId, PersonId
    from luisterlijn.store.embedded import Cluster
    from tests.support.house import TestHouse

WORKERS = 16
CONTACTS = 480
VOLUNTEERS = 24
AUDIT = """
select (select count(*) from (select contact from offer where state in ('open', 'accepted')
         group by contact having count(*) > 1) twice) as doubled,
       (select count(*) from presence p where load <> (select coalesce(sum(weight), 0) from offer o
         where o.volunteer = p.person and o.state in ('open', 'accepted'))) as wrong_loads,
       (select count(*) from presence p where offered <> exists (select from offer o
         where o.volunteer = p.person and o.state = 'open')) as wrong_flags,
       (select count(*) from presence where load > capacity) as overloaded,
       (select count(*) from contact c where state in ('offered', 'active', 'wrapup')
         and not exists (select from offer o where o.contact = c.id and o.volunteer = c.volunteer
         and o.state in ('open', 'accepted'))) as unseated
"""


def chance(*words: object) -> float:
    """Give a number from 0 to 1 that is always the same for the same words."""
    digest = hashlib.sha256(repr(words).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


async def test_sixteen_workers_on_two_nodes_never_give_a_contact_to_two_volunteers(
    built: TestHouse, database: Cluster, tmp_path: Path
) -> None:
    people = [
        await built.volunteer(f"v{number}", chats=1 + number % 3, hours=4)
        for number in range(VOLUNTEERS)
    ]
    for person in people:
        await built.ready(person)
    contacts = [await built.waiting() for _ in range(CONTACTS)]

    async with AsyncExitStack() as stack:
        # A second node has connections and memory of its own, and shares the database alone.
        other = await stack.enter_async_context(house(settings_for(tmp_path, 1), database.app_url))
        audits: list[asyncpg.Record | None] = []
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            workers = [
                group.create_task(_work((built.house, other)[number % 2], number))
                for number in range(WORKERS)
            ]
            while not all(worker.done() for worker in workers):
                # Nobody grows old while the machine is slow: this is about claims, not about time.
                await built.owner.execute("update contact set heard = line_now()")
                await built.owner.execute("update presence set heard = line_now()")
                audits.append(await built.owner.fetchrow(AUDIT))
                await asyncio.wait(workers, timeout=0.1)

    assert len(audits) > 1
    assert {tuple(audit.values()) for audit in audits if audit is not None} == {(0, 0, 0, 0, 0)}
    assert {await built.state(contact) for contact in contacts} == {"gone"}
    assert await built.owner.fetchval("select sum(load) from presence") == 0


async def _work(node: House, worker: int) -> None:
    """Be this worker's share of the volunteers, until nobody waits or talks any more."""
    for turn in range(10_000):
        await node.rounds.round()
        rows = await node.database.line_rows(
            "select id, volunteer, epoch, state from contact where state <> 'closed'"
            " order by md5(id::text || $1) limit 12",
            f"{worker}/{turn}",
        )
        if not rows:
            return
        for row in rows:
            try:
                await _act(node, row, worker)
            except Refusal:
                continue  # another worker was quicker: that is what this is about


async def _act(node: House, row: asyncpg.Record, worker: int) -> None:
    contact: ContactId = row["id"]
    person: PersonId = row["volunteer"]
    luck = chance(contact.hex, row["epoch"], worker)
    match row["state"]:
        case "offered" if luck < 0.15:
            await node.hall.decline(person, contact, row["epoch"])
            async with node.database.transaction(LINE) as tx:
                # A decline rests for a minute; here time does not pass.
                await tx.run("update presence set rest_until = null where person = $1", person)
                await tx.run("delete from exclusion where contact = $1", contact)
        case "offered":
            await node.hall.accept(person, contact, row["epoch"])
        case "active" if luck < 0.1:
            await node.hall.release(person, contact)
        case "active" if luck < 0.5:
            await node.hall.end_by_visitor(contact)
        case "active":
            await node.hall.end_by_volunteer(person, contact, abuse=False)
        case "wrapup":
            await node.hall.wrap_up(person, contact, {"nature": ["talk"]}, pause=False)
        case _:
            return
