"""A served node, and the two simulated ends on it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

import aiohttp
import pytest

from luisterlijn.doors import serving
from luisterlijn.edge.world import SystemClock, SystemTokens
from luisterlijn.simulation.listener import Listener
from luisterlijn.simulation.stage import Chat, Stage
from luisterlijn.simulation.visitor import Visitor
from luisterlijn.simulation.wire import browsers
from tests.support.house import TestHouse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SOON_S = 10.0


@dataclass(slots=True)
class Scene:
    """A node with people at it."""

    built: TestHouse
    http: aiohttp.ClientSession
    group: asyncio.TaskGroup
    stage: Stage
    tasks: list[asyncio.Task[None]]

    async def visitor(self) -> Visitor:
        """Let somebody begin a chat and wait."""
        visitor = await Visitor.begin(
            self.http, self.built.house.settings.public_url, SystemTokens(), SystemClock()
        )
        self.stage.chats[visitor.contact] = Chat(visitor)
        self.tasks.append(self.group.create_task(visitor.run()))
        assert await visitor.changed.until(lambda: visitor.snapshot is not None, SOON_S)
        return visitor

    async def person(self, name: str) -> Listener:
        """Give somebody on a shift a console that is not open yet."""
        person = await self.built.volunteer(name)
        session = await self.built.house.accounts.demo_session(person)
        listener = Listener(
            self.http,
            self.built.house.settings.console_url,
            session.hex(),
            SystemTokens(),
            SystemClock(),
        )
        self.stage.listeners.append(listener)
        return listener

    async def listener(self, name: str) -> Listener:
        """Let a volunteer open a console and be ready."""
        listener = await self.person(name)
        self.tasks.append(self.group.create_task(listener.run()))
        assert await listener.until_up(SOON_S)
        await listener.presence("ready")
        return listener

    async def take(self, listener: Listener, visitor: Visitor) -> None:
        """Let the volunteer take the chat, and wait until both can read."""
        assert await listener.changed.until(lambda: listener.offer is not None, SOON_S)
        assert listener.offer is not None
        assert await listener.accept(listener.offer)
        assert await self.keyed(listener, visitor)

    async def both_wrote(self, listener: Listener, visitor: Visitor) -> None:
        """Let each write a line, and wait until both were acknowledged."""
        visitor.say("een")
        assert await visitor.changed.until(lambda: bool(visitor.record.sent), SOON_S)
        listener.say(visitor.contact, "twee")
        record = listener.records[visitor.contact]
        assert await listener.changed.until(lambda: bool(record.sent), SOON_S)

    async def keyed(self, listener: Listener, visitor: Visitor) -> bool:
        """Wait until the volunteer has the newest key of the chat."""
        return await listener.changed.until(
            lambda: visitor.contact in listener.talks and listener.talks[visitor.contact].has_key,
            SOON_S,
        )


@pytest.fixture
async def scene(built: TestHouse) -> AsyncIterator[Scene]:
    """A served node; whoever still is there at the end is sent home."""
    await built.volunteer("opens-the-line")
    async with (
        built.house.at_work(),
        serving(built.house, goodbye_s=0, cut_s=0.1),
        browsers() as http,
        asyncio.TaskGroup() as group,
    ):
        stage = Stage(speed=1.0, calm=True, seed=1, began_at=0.0)
        made = Scene(built, http, group, stage, [])
        yield made
        for task in made.tasks:
            task.cancel()
