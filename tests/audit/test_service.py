"""The audit trail on the database: one chain, whoever writes, and nothing that names a contact."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import pytest

from luisterlijn.audit.model import Fault, Wrong
from luisterlijn.edge.world import SystemTokens
from luisterlijn.kernel.ids import ContactId, PersonId
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy import retention, sealing
from luisterlijn.privacy.keyring import KeyGone, Keyring, Readings
from luisterlijn.simulation.chance import Chance

if TYPE_CHECKING:
    from datetime import datetime

    from luisterlijn.audit.service import Verdict
    from tests.support.house import TestHouse

ADA = PersonId(UUID(int=7))
CONTACT = ContactId(UUID(int=99))
COLUMNS = ("hour", "what", "person", "facts", "subject", "before", "hash")
MUTATIONS = 1_000


async def note(built: TestHouse, what: str = "joined", contact: ContactId | None = CONTACT) -> None:
    """Write an entry in a transaction of its own."""
    async with built.house.database.transaction(LINE) as tx:
        await built.house.audit.note(
            tx, what=what, person=ADA, facts={"mode": "read", "channel": "chat"}, contact=contact
        )


async def faults(built: TestHouse) -> tuple[Fault, ...]:
    """Give what a check of the trail names."""
    return (await built.house.audit.verify()).faults


async def test_entries_follow_each_other_and_say_what_who_and_the_hour(built: TestHouse) -> None:
    await built.time.freeze((await built.time.now()).replace(minute=17, second=3))
    for what in ("joined", "changed", "left"):
        await note(built, what)

    rows = await built.owner.fetch("select * from audit order by seq")
    verdict = await built.house.audit.verify()

    assert [(row["seq"], row["what"], row["person"]) for row in rows] == [
        (1, "joined", ADA),
        (2, "changed", ADA),
        (3, "left", ADA),
    ]
    assert {row["facts"] for row in rows} == {b'{"channel":"chat","mode":"read"}'}
    assert {(row["hour"].minute, row["hour"].second) for row in rows} == {(0, 0)}
    assert (verdict.faults, verdict.first, verdict.last) == ((), 1, 3)
    assert verdict.hash == rows[2]["hash"]


async def test_an_entry_leaves_with_its_transaction_and_not_without_it(built: TestHouse) -> None:
    async def fail() -> None:
        async with built.house.database.transaction(LINE) as tx:
            await built.house.audit.note(tx, what="joined", person=ADA, facts={})
            raise ZeroDivisionError

    await note(built)
    with pytest.raises(ZeroDivisionError):
        await fail()
    await note(built)

    assert await built.owner.fetchval("select array_agg(seq order by seq) from audit") == [1, 2]
    assert await faults(built) == ()


async def test_many_at_once_write_one_chain(built: TestHouse) -> None:
    async with asyncio.TaskGroup() as group:
        for _each in range(40):
            group.create_task(note(built))

    assert await built.owner.fetchval("select count(*) from audit") == 40
    assert await faults(built) == ()


# Promise P20.


class Tampering:
    """Somebody who has the database itself, and undoes what they did after each look."""

    def __init__(self, built: TestHouse, seed: int) -> None:
        """Work as the owner of the database, by chance that can be repeated."""
        self.built = built
        self.owner = built.owner
        self.chance = Chance(seed, "tampering")
        self.last = 0

    async def begin(self) -> None:
        """Remember the trail as it is."""
        self.last = await self.owner.fetchval("select max(seq) from audit")
        await self.owner.execute("create table kept as table audit")
        await self.owner.execute("create table kept_head as table audit_head")

    async def undo(self) -> None:
        """Put the trail back as it was."""
        await self.owner.execute(
            "truncate audit; insert into audit select * from kept;"
            " delete from audit_head; insert into audit_head select * from kept_head"
        )

    async def once(self) -> tuple[str, set[int]]:
        """Tamper once; gives what was done, and the numbers that must be named."""
        way = self.chance.pick(
            (self.changed, self.deleted, self.inserted, self.moved, self.swapped, self.cut)
        )
        return way.__name__, await way()

    def _any(self) -> int:
        return 1 + self.chance.below(self.last)

    async def changed(self) -> set[int]:
        """Write another value into one column."""
        seq, column = self._any(), self.chance.pick(COLUMNS)
        row = await self.owner.fetchrow("select * from audit where seq = $1", seq)
        assert row is not None
        before = row[column]
        value: object
        if column == "hour":
            value = before + timedelta(hours=self.chance.pick((-9, -1, 1, 2, 700)))
        elif column == "what":
            value = before + self.chance.pick("xyz")
        elif column == "person":
            value = self.chance.pick((None, UUID(bytes=self.chance.bytes(16))))
        elif before is None:
            value = self.chance.bytes(4)
        else:
            bits = bytearray(before)
            bits[self.chance.below(len(bits))] ^= 1 << self.chance.below(8)
            value = bytes(bits)
        await self.owner.execute(f"update audit set {column} = $2 where seq = $1", seq, value)  # noqa: S608 - our own columns
        return {seq}

    async def deleted(self) -> set[int]:
        """Remove one entry, or a few that follow each other."""
        first = self._any()
        last = min(self.last, first + self.chance.below(4))
        await self.owner.execute("delete from audit where seq between $1 and $2", first, last)
        return set(range(first, last + 1))

    async def inserted(self) -> set[int]:
        """Put an entry in behind all others, or before them."""
        seq = self.chance.pick((self.last + 1 + self.chance.below(5), -self.chance.below(6)))
        await self.owner.execute(
            "insert into audit select $1, hour, what, person, facts, subject, before, hash"
            " from audit where seq = $2",
            seq,
            self._any(),
        )
        return {seq}

    async def moved(self) -> set[int]:
        """Give an entry a number that is free."""
        seq, free = self._any(), self.last + 1 + self.chance.below(9)
        await self.owner.execute("update audit set seq = $2 where seq = $1", seq, free)
        return {seq, free}

    async def swapped(self) -> set[int]:
        """Let two entries change places."""
        one = self._any()
        other = self.chance.pick([seq for seq in range(1, self.last + 1) if seq != one])
        for seq, to in ((one, -1_000), (other, one), (-1_000, other)):
            await self.owner.execute("update audit set seq = $2 where seq = $1", seq, to)
        return {one, other}

    async def cut(self) -> set[int]:
        """Remove everything from an entry on."""
        first = self._any()
        await self.owner.execute("delete from audit where seq >= $1", first)
        return set(range(first, self.last + 1))


def named(found: tuple[Fault, ...]) -> set[int]:
    """Give every number that is named."""
    return {seq for each in found for seq in range(each.first, each.last + 1)}


async def test_a_thousand_random_changes_of_the_trail_are_each_named(built: TestHouse) -> None:
    for number in range(14):
        await note(built, contact=CONTACT if number % 2 else None)
    tampering = Tampering(built, seed=20)
    await tampering.begin()
    ways = dict.fromkeys(("changed", "deleted", "inserted", "moved", "swapped", "cut"), 0)

    for number in range(MUTATIONS):
        way, broken = await tampering.once()
        found = await faults(built)
        assert broken <= named(found), (number, way, broken, found)
        # Nobody else is accused.
        assert named(found) <= broken, (number, way, broken, found)
        await tampering.undo()
        ways[way] += 1

    assert await faults(built) == ()
    assert min(ways.values()) > 100


async def test_without_its_head_no_entry_is_trusted(built: TestHouse) -> None:
    for _each in range(3):
        await note(built)

    await built.owner.execute("delete from audit_head")

    assert named(await faults(built)) == {1, 2, 3}


async def test_a_trail_written_anew_with_its_head_is_found_by_what_was_written_down(
    built: TestHouse,
) -> None:
    for _each in range(3):
        await note(built)
    noted = await built.house.audit.verify()
    await built.owner.execute(
        "delete from audit; update audit_head set seq = gone_seq, hash = gone_hash"
    )
    for _each in range(4):
        await note(built, "left")

    unseen = await built.house.audit.verify()
    seen = await built.house.audit.verify((noted.last, noted.hash))

    assert unseen.faults == ()
    assert seen.faults == (Fault(3, 3, Wrong.CHANGED),)


async def test_the_applications_role_can_change_no_entry(built: TestHouse) -> None:
    await note(built)

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with built.house.database.transaction(LINE) as tx:
            await tx.run("update audit set what = 'left'")


# Time.


def at(moment: datetime, started: datetime) -> Readings:
    """Give three clocks that agree."""
    return Readings(database=moment, node=moment, monotonic=moment - started)


async def opened(built: TestHouse, ring: Keyring) -> bytes:
    """Give the contact that the first entry is about, with these keys."""
    sealed = await built.owner.fetchval("select subject from audit where seq = 1")
    return sealing.unseal_alone(ring, UUID(int=1), retention.AUDIT_SUBJECT, "1", sealed)


async def test_which_contact_it_was_can_be_told_for_seven_days_and_then_never_again(
    built: TestHouse,
) -> None:
    await note(built)
    now = await built.time.now()
    folder = built.house.settings.keys

    for passed, readable in ((timedelta(days=6, hours=23), True), (timedelta(days=8), False)):
        ring = Keyring(folder, SystemTokens())
        ring.destroy_expired(at(now, now), set())
        ring.destroy_expired(at(now + passed + timedelta(minutes=6), now), set())
        left = Keyring(folder, SystemTokens())
        if readable:
            assert await opened(built, left) == CONTACT.bytes
        else:
            with pytest.raises(KeyGone):
                await opened(built, left)

    assert await faults(built) == ()


async def test_entries_go_after_eighteen_months_and_what_is_left_is_whole(
    built: TestHouse,
) -> None:
    start = (await built.time.now()).replace(minute=30, second=0, microsecond=0)
    await built.time.freeze(start)
    for _each in range(3):
        await note(built)
        await built.time.advance(86_400)
    job = next(each for each in built.house.jobs.table if each.name == "audit-gone")

    found: list[Verdict] = []
    for days in (548, 549, 550, 552):
        await built.time.freeze(start + timedelta(days=days))
        assert await built.house.jobs.tick(job)
        found.append(await built.house.audit.verify())
    await note(built)
    after = await built.house.audit.verify()

    assert [(each.faults, each.first, each.last) for each in found] == [
        ((), 1, 3),
        ((), 2, 3),
        ((), 3, 3),
        ((), 4, 3),
    ]
    assert (after.faults, after.first, after.last) == ((), 4, 4)


async def test_an_entry_that_went_too_early_is_named_though_others_went_in_time(
    built: TestHouse,
) -> None:
    await note(built)
    await built.time.advance(600 * 86_400)
    for _each in range(2):
        await note(built)
    async with built.house.database.transaction(LINE) as tx:
        await built.house.audit.forget_old(tx)

    await built.owner.execute("delete from audit where seq = 2")

    assert await faults(built) == (Fault(2, 2, Wrong.MISSING),)


async def test_nothing_goes_behind_an_entry_that_is_still_kept(built: TestHouse) -> None:
    """A clock that leapt back once leaves an old hour in the middle of the trail."""
    now = await built.time.now()
    for moment in (now, now - timedelta(days=600), now):
        await built.time.freeze(moment)
        await note(built)

    async with built.house.database.transaction(LINE) as tx:
        await built.house.audit.forget_old(tx)

    assert await built.owner.fetchval("select count(*) from audit") == 3
    assert await faults(built) == ()
