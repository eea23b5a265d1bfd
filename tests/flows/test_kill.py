"""The server dies in the middle of twenty chats, and nobody loses a word."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

import pytest

from luisterlijn.edge.world import SystemClock, SystemTokens
from luisterlijn.simulation.chats import shift
from luisterlijn.simulation.listener import Listener
from luisterlijn.simulation.record import Count
from luisterlijn.simulation.stage import Chat, Stage
from luisterlijn.simulation.visitor import Visitor
from luisterlijn.simulation.wire import Pulse, browsers
from tests.support.house import free_port
from tests.support.process import ServerProcess

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    import aiohttp

    from luisterlijn.simulation.record import Record
    from luisterlijn.store.embedded import Cluster

CHATS = 20
VOLUNTEERS = 10
LINES_BEFORE = 200
"""So many lines were acknowledged, over all chats, when the server is killed."""
TURNS_AFTER = 3
SOON_S = 30.0


@dataclass(slots=True)
class Evening:
    """Twenty chats under way; each chatter writes on as soon as an answer came."""

    server: ServerProcess
    stage: Stage
    acknowledged: Pulse = field(default_factory=Pulse)
    turns_left: dict[str, int] = field(default_factory=dict)
    """After the kill: how many turns each chat still takes; empty before it."""

    def under_way(self) -> bool:
        """Say whether both ends of every chat have written, and many lines were acknowledged."""
        records = [each for contact in self.stage.chats for each in self.stage.records(contact)]
        sent = [len(record.sent) for record in records]
        return min(sent) > 0 and sum(sent) >= LINES_BEFORE

    async def chatter(self, visitor: Visitor) -> None:
        """Write, read the answer, write again, until the turns are over."""
        turn = 0
        while self.turns_left.get(visitor.contact) != 0:
            visitor.say(f"v{turn}")
            turn += 1
            assert await visitor.changed.until(partial(_answered, visitor, turn), SOON_S)
            self.acknowledged.beat()
            if visitor.contact in self.turns_left:
                self.turns_left[visitor.contact] -= 1

    async def volunteer(self, listener: Listener) -> None:
        """Take every offer, and answer every line."""
        answered: dict[str, int] = {}
        while True:
            if listener.offer is not None:
                await listener.accept(listener.offer)
            for contact, talk in listener.talks.items():
                heard = sum(line.by == "visitor" for line in talk.conversation.view.lines)
                for turn in range(answered.get(contact, 0), heard):
                    listener.say(contact, f"a{turn}")
                answered[contact] = max(heard, answered.get(contact, 0))
            await listener.changed.next(SOON_S)

    async def read_again(self) -> None:
        """Load every page anew, and let every console come back with another key."""
        stage = self.stage
        for chat in stage.chats.values():
            await chat.visitor.reload()
        for listener in stage.listeners:
            await listener.anew(0.0)
        for chat in stage.chats.values():
            record = chat.visitor.record
            assert await chat.visitor.changed.until(partial(_twice, [record]), SOON_S)
        for listener in stage.listeners:
            records = list(listener.records.values())
            assert await listener.changed.until(partial(_twice, records), SOON_S)
        async with asyncio.TaskGroup() as group:
            for contact in stage.chats:
                group.create_task(stage.settle(contact, SOON_S))


def _twice(records: list[Record]) -> bool:
    return all(len(record.views) > 1 for record in records)


def _answered(visitor: Visitor, turns: int) -> bool:
    answers = [line for line in visitor.conversation.view.lines if line.by == "volunteer"]
    return len(answers) >= turns


def _held(visitor: Visitor) -> bool:
    return not visitor.waits


@contextlib.asynccontextmanager
async def twenty_chats(
    server: ServerProcess, http: aiohttp.ClientSession
) -> AsyncIterator[Evening]:
    """Begin the chats; all are being held when the block begins."""
    evening = Evening(server, Stage(speed=1, calm=True, seed=1, began_at=0.0))
    stage = evening.stage
    async with asyncio.TaskGroup() as group:
        ends = []
        for session in await shift(http, server.console_url, VOLUNTEERS):
            listener = Listener(http, server.console_url, session, SystemTokens(), SystemClock())
            stage.listeners.append(listener)
            ends.append(group.create_task(listener.run()))
            assert await listener.until_up(SOON_S)
            await listener.capacity(CHATS // VOLUNTEERS)
            await listener.presence("ready")
            ends.append(group.create_task(evening.volunteer(listener)))
        for _ in range(CHATS):
            visitor = await Visitor.begin(http, server.public_url, SystemTokens(), SystemClock())
            stage.chats[visitor.contact] = Chat(visitor)
            ends.append(group.create_task(visitor.run()))
        for chat in stage.chats.values():
            assert await chat.visitor.changed.until(partial(_held, chat.visitor), SOON_S)
        yield evening
        for end in ends:
            end.cancel()


@pytest.fixture
async def running(database: Cluster, tmp_path: Path) -> AsyncIterator[ServerProcess]:
    """A server that a test may kill."""
    made = ServerProcess(database, tmp_path, free_port())
    try:
        await made.start()
        yield made
    finally:
        await made.kill()


async def test_no_acknowledged_line_is_lost_when_the_server_is_killed_in_twenty_chats(
    running: ServerProcess,
) -> None:
    async with browsers() as http, twenty_chats(running, http) as evening:
        stage = evening.stage
        async with asyncio.TaskGroup() as group:
            for chat in stage.chats.values():
                group.create_task(evening.chatter(chat.visitor))
            assert await evening.acknowledged.until(evening.under_way, SOON_S)

            await running.kill()
            before = {contact: _last(stage, contact) for contact in stage.chats}
            evening.turns_left = dict.fromkeys(stage.chats, TURNS_AFTER)
            await running.start()

        # Every chat went on, both ways.
        for contact in stage.chats:
            later = [
                line.by
                for line in stage.chats[contact].visitor.conversation.view.lines
                if line.seq > before[contact]
            ]
            assert {"visitor", "volunteer"} <= set(later)
        # Now from the rows alone: pages are loaded anew, consoles come back with another key.
        await evening.read_again()
        assert stage.outcome() == Count()


def _last(stage: Stage, contact: str) -> int:
    return max(sent.seq for record in stage.records(contact) for sent in record.sent.values())
