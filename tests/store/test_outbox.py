"""What happened is heard at least once by everybody who listens, and failing stops nobody else."""

from __future__ import annotations

import asyncio
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

import asyncpg
import pytest

from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.events import Event
from luisterlijn.kernel.scope import LINE
from luisterlijn.store.database import Database, Transaction, open_database
from luisterlijn.store.outbox import Outbox
from tests.support.database import LineTime

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from luisterlijn.kernel.events import Hint, Listener
    from luisterlijn.store.embedded import Cluster

INSERT = "insert into branch (id, slug, name) values ($1, $2, $2)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened(Event):
    """Something happened."""

    name: ClassVar[str] = "test.happened"
    number: int


class Node:
    """One node's relay on the database."""

    def __init__(self, outbox: Outbox, database: Database) -> None:
        """Nobody listens yet."""
        self.outbox = outbox
        self.database = database

    def listen(self, *work: Listener, hints: tuple[Hint, ...] = ()) -> None:
        """Let these hear what happened."""
        self.outbox.listen({Happened: list(work)}, {Happened: list(hints)})

    async def happen(self, *numbers: int) -> None:
        """Let it happen, all in one transaction."""
        async with self.database.transaction(LINE) as tx:
            for number in numbers:
                tx.publish_on_commit(Happened(number=number))

    async def relay(self) -> int:
        """Relay until nothing is due; gives how many rows were handed over."""
        rows = 0
        while await self.outbox.relay_one(self.database):
            rows += 1
        return rows

    async def rows(self) -> int:
        """Give how many rows wait."""
        row = await self.database.line_row("select count(*) as n from outbox")
        assert row is not None
        return int(row["n"])


@pytest.fixture
async def nodes(database: Cluster) -> AsyncIterator[tuple[Node, Node]]:
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(2):
            outbox = Outbox()
            opened = open_database(database.app_url, outbox, people=1, line=4)
            made.append(Node(outbox, await stack.enter_async_context(opened)))
        yield made[0], made[1]


@pytest.fixture
def node(nodes: tuple[Node, Node]) -> Node:
    return nodes[0]


@pytest.fixture
async def time(database: Cluster) -> AsyncIterator[LineTime]:
    owner = await asyncpg.connect(database.root_url)
    yield LineTime(owner)
    await owner.close()


async def test_each_listener_hears_what_was_committed_and_nothing_that_was_not(
    node: Node,
) -> None:
    heard: list[tuple[str, int]] = []

    async def first(_tx: Transaction, event: Happened) -> None:
        heard.append(("first", event.number))

    async def second(_tx: Transaction, event: Happened) -> None:
        heard.append(("second", event.number))

    async def fails() -> None:
        async with node.database.transaction(LINE) as tx:
            tx.publish_on_commit(Happened(number=2))
            raise ZeroDivisionError

    node.listen(first, second)
    await node.happen(1)
    with pytest.raises(ZeroDivisionError):
        await fails()

    assert await node.relay() == 2
    assert sorted(heard) == [("first", 1), ("second", 1)]


async def test_a_row_is_gone_once_it_was_heard(node: Node) -> None:
    async def listener(_tx: Transaction, _event: Happened) -> None:
        return

    node.listen(listener)
    await node.happen(1, 2, 3)
    assert await node.rows() == 3

    await node.relay()

    assert await node.rows() == 0


async def test_a_relay_that_dies_halfway_leaves_the_row_for_the_next(
    nodes: tuple[Node, Node],
) -> None:
    dying, living = nodes
    heard: list[int] = []

    async def dies(tx: Transaction, event: Happened) -> None:
        await tx.run(INSERT, UUID(int=event.number), "half")
        raise asyncio.CancelledError

    async def listener(tx: Transaction, event: Happened) -> None:
        await tx.run(INSERT, UUID(int=event.number), "whole")
        heard.append(event.number)

    listener.__module__, listener.__qualname__ = dies.__module__, dies.__qualname__
    dying.listen(dies)
    living.listen(listener)
    await dying.happen(7)

    with pytest.raises(asyncio.CancelledError):
        await dying.relay()
    assert await living.relay() == 1

    assert heard == [7]
    row = await living.database.line_row("select slug from branch")
    assert row is not None
    assert row["slug"] == "whole"


async def test_a_listener_that_fails_is_asked_later_and_later_and_stops_no_other(
    node: Node, time: LineTime
) -> None:
    tries = 0
    heard: list[int] = []

    async def broken(tx: Transaction, event: Happened) -> None:
        nonlocal tries
        tries += 1
        await tx.run(INSERT, UUID(int=tries), f"try-{tries}")
        tx.publish_on_commit(Happened(number=event.number + 100))
        raise ValueError("each time")

    async def working(_tx: Transaction, event: Happened) -> None:
        heard.append(event.number)

    node.listen(broken, working)
    await time.freeze(await time.now())
    await node.happen(1)
    await node.relay()
    assert (tries, heard) == (1, [1])

    for pause_s, expected in ((0.9, 1), (0.2, 2), (1.8, 2), (0.3, 3), (3.8, 3), (0.3, 4)):
        await time.advance(pause_s)
        await node.relay()
        assert tries == expected, pause_s

    await time.advance(24 * 3600)
    for _ in range(20):
        before = tries
        await node.relay()
        assert tries == before + 1
        await time.advance(300.1)  # five minutes is the longest pause
    assert heard == [1]
    assert await node.rows() == 1
    row = await node.database.line_row("select count(*) as n from branch")
    assert row is not None
    assert row["n"] == 0


async def test_an_outage_in_a_listener_is_nobodys_fault_and_is_tried_at_once(node: Node) -> None:
    tries = 0

    async def listener(_tx: Transaction, _event: Happened) -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise Outage("database")

    node.listen(listener)
    await node.happen(1)

    with pytest.raises(Outage):
        await node.relay()
    assert await node.relay() == 1
    assert tries == 2


async def test_a_row_of_another_version_waits_and_stops_no_other(
    node: Node, database: Cluster
) -> None:
    heard: list[int] = []

    async def listener(_tx: Transaction, event: Happened) -> None:
        heard.append(event.number)

    node.listen(listener)
    owner = await asyncpg.connect(database.root_url)
    await owner.execute(
        "insert into outbox (id, event, listener, body, due) values"
        " (gen_random_uuid(), 'test.unknown', 'nobody', '{}', line_now() - interval '1 h'),"
        " (gen_random_uuid(), 'test.happened', 'nobody', '{\"number\":1}',"
        "  line_now() - interval '1 h')"
    )
    await owner.close()
    await node.happen(5)

    assert await node.relay() == 3

    assert heard == [5]
    assert await node.rows() == 2


async def test_two_relays_hand_each_row_over_once(nodes: tuple[Node, Node]) -> None:
    heard: Counter[int] = Counter()

    async def listener(tx: Transaction, event: Happened) -> None:
        heard[event.number] += 1
        await tx.value("select pg_sleep(0.001)")

    for each in nodes:
        each.listen(listener)
    await nodes[0].happen(*range(100))

    async with asyncio.TaskGroup() as group:
        handed = [group.create_task(each.relay()) for each in nodes for _ in range(2)]

    assert sum(each.result() for each in handed) == 100
    assert heard == Counter(range(100))


async def test_a_hint_that_fails_undoes_nothing_and_silences_nobody(node: Node) -> None:
    told: list[int] = []
    worked: list[int] = []

    def broken(_event: Happened) -> None:
        raise ValueError("each time")

    def told_too(event: Happened) -> None:
        told.append(event.number)

    async def listener(_tx: Transaction, event: Happened) -> None:
        worked.append(event.number)

    node.listen(listener, hints=(broken, told_too))
    await node.happen(1)
    await node.relay()

    assert (told, worked) == ([1], [1])


async def test_what_is_committed_here_is_relayed_at_once(node: Node) -> None:
    heard = asyncio.Event()

    async def listener(_tx: Transaction, _event: Happened) -> None:
        heard.set()

    node.listen(listener)
    async with asyncio.TaskGroup() as group:
        relay = group.create_task(node.outbox.run(node.database))
        await asyncio.sleep(0)
        await node.happen(1)
        async with asyncio.timeout(0.9):  # sooner than it would look by itself
            await heard.wait()
        relay.cancel()


async def test_what_another_node_left_is_found_within_seconds(nodes: tuple[Node, Node]) -> None:
    heard = asyncio.Event()

    async def listener(_tx: Transaction, _event: Happened) -> None:
        heard.set()

    for each in nodes:
        each.listen(listener)
    async with asyncio.TaskGroup() as group:
        relay = group.create_task(nodes[1].outbox.run(nodes[1].database))
        await nodes[0].happen(1)
        async with asyncio.timeout(3):
            await heard.wait()
        relay.cancel()
