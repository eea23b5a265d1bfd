"""A whole node on a test database, and the short ways to put people and contacts into it."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg

from luisterlijn.accounts.service import NewPerson
from luisterlijn.app import house
from luisterlijn.house import House
from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.ids import BranchId, ContactId, PersonId, new_id
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy.endtoend import MemberKeys, new_member_keys
from luisterlijn.privacy.redaction import Secret
from luisterlijn.rostering.ports import NewShift
from luisterlijn.settings import Settings
from tests.support.database import LineTime

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from luisterlijn.store.embedded import Cluster

PASSWORD = "een wachtwoord voor tests"


def free_port() -> int:
    """Give a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True, kw_only=True, repr=False)
class TestHouse:
    """A node, its time, and its database's owner.

    No text of all that is in it: asyncio writes what a task gave down after each one that ends.
    """

    __test__ = False

    house: House
    time: LineTime
    owner: asyncpg.Connection
    branch: BranchId

    async def settle(self) -> None:
        """Let the relay do all work that waits: what `outbox.run` does in a served node."""
        while await self.house.outbox.relay_one(self.house.database):
            pass

    async def tick(self) -> None:
        """Do what a served node does each second: timers, a round, work that waits."""
        await self.house.rounds.sweep()
        await self.house.chats.sweep()
        await self.house.coaching.sweep()
        await self.house.rounds.round()
        await self.settle()

    async def volunteer(
        self,
        name: str,
        *,
        branch: BranchId | None = None,
        chats: int = 2,
        languages: tuple[str, ...] = ("nl", "en"),
        channels: tuple[str, ...] = ("chat",),
        hours: float = 4,
    ) -> PersonId:
        """Give an account to a volunteer who is on a shift from now on."""
        where = branch or self.branch
        async with self.house.database.transaction(LINE) as tx:
            [person] = await self.house.accounts.add_people(
                tx,
                [
                    NewPerson(
                        sign_in=name,
                        name=name.title(),
                        branch=where,
                        roles=frozenset({Role.VOLUNTEER}),
                        languages=languages,
                        channels=channels,
                        chats=chats,
                        margin_min=0,
                    )
                ],
                Secret(PASSWORD),
            )
            if hours:
                during = Interval(tx.now, tx.now + timedelta(hours=hours))
                await self.house.roster.plan(
                    tx,
                    [
                        NewShift(
                            branch=where,
                            during=during,
                            channels=channels,
                            wanted=1,
                            people=(person,),
                        )
                    ],
                )
        return person

    async def ready(self, person: PersonId) -> MemberKeys:
        """Open the volunteer's console and make them ready; gives the console's keys."""
        keys = new_member_keys()
        await self.house.consoles.opened(person, keys.public)
        await self.house.consoles.set_state(person, "ready")
        return keys

    async def waiting(self, language: str = "nl") -> ContactId:
        """Let a chatter begin and wait."""
        contact, _token = await self.house.chats.begin(language, None)
        await self.house.hall.open_contact(contact)
        return contact

    async def talking(self, person: PersonId, language: str = "nl") -> ContactId:
        """Let a chatter begin, and this ready volunteer take the chat."""
        contact = await self.waiting(language)
        await self.house.rounds.round()
        row = await self.contact(contact)
        assert row is not None
        assert row["volunteer"] == person
        await self.house.hall.accept(person, contact, row["epoch"])
        await self.settle()
        return contact

    async def contact(self, contact: ContactId) -> asyncpg.Record | None:
        """Give the contact's row, as the owner sees it."""
        return await self.house.database.line_row("select * from contact where id = $1", contact)

    async def state(self, contact: ContactId) -> str:
        """Give the contact's state; `gone` when its row is."""
        row = await self.contact(contact)
        return str(row["state"]) if row is not None else "gone"


def settings_for(folder: Path, port: int, **changed: object) -> Settings:
    """Give demo settings with everything below one folder."""
    values: dict[str, object] = {
        "port": port,
        "ops_port": free_port(),
        "data": folder / "data",
        "keys": folder / "keys",
        "public_url": f"http://127.0.0.1:{port}",
        "console_url": f"http://localhost:{port}",
        "demo": True,
        "most_waiting": 1_000,
    }
    return Settings(**{**values, **changed})  # type: ignore[arg-type] # mixed values


@contextlib.asynccontextmanager
async def made_house(made: Cluster, folder: Path, port: int = 0) -> AsyncIterator[TestHouse]:
    """Build a node on a test database, with one branch."""
    owner = await asyncpg.connect(made.root_url)
    try:
        async with house(settings_for(folder, port or free_port()), made.app_url) as built:
            branch = BranchId(new_id(built.tokens))
            async with built.database.transaction(LINE) as tx:
                await built.accounts.add_branch(tx, branch, "utrecht", "Utrecht")
            yield TestHouse(house=built, time=LineTime(owner), owner=owner, branch=branch)
    finally:
        await owner.close()
