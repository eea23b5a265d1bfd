"""A conversation with a colleague and a coach at hand, for tests of who is beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from luisterlijn.dispatch.handing import Handing
from luisterlijn.kernel.scope import Role
from tests.support.coaching import KEY, coach

if TYPE_CHECKING:
    from uuid import UUID

    import asyncpg

    from luisterlijn.dispatch.wire import Beside
    from luisterlijn.kernel.ids import ContactId, PersonId
    from tests.support.house import TestHouse


class Scene:
    """Anja talks with a chatter; Bas is a colleague, Ada a coach who took Anja's request."""

    def __init__(self, built: TestHouse) -> None:
        """Only `made` fills it."""
        self.built = built
        self.joinings = built.house.coaching.joinings
        self.handing = Handing(built.house.database, built.house.hall)
        self.anja: PersonId
        self.bas: PersonId
        self.ada: PersonId
        self.contact: ContactId
        self.request: UUID

    @classmethod
    async def made(cls, built: TestHouse, *, bas: frozenset[Role] = frozenset()) -> Self:
        """Set the scene; `bas`: what else Bas is."""
        scene = cls(built)
        scene.anja, scene.bas = await built.volunteer("anja"), await built.volunteer("bas")
        roles = sorted({Role.VOLUNTEER.value, *(each.value for each in bas)})
        await built.owner.execute("update person set roles = $2 where id = $1", scene.bas, roles)
        await built.ready(scene.anja)
        scene.contact = await built.talking(scene.anja)
        await built.ready(scene.bas)
        scene.ada = await coach(built)
        scene.request = await built.house.coaching.ask(scene.anja, scene.contact, urgent=False)
        await built.house.coaching.take(scene.ada, scene.request)
        return scene

    async def rows(self) -> list[asyncpg.Record]:
        """Give who is beside the conversation, as the rows say."""
        return await self.built.owner.fetch("select * from joining order by role, person")

    async def only(self) -> UUID:
        """Give the one joining that there is."""
        [row] = await self.rows()
        joining: UUID = row["id"]
        return joining

    async def invited(self) -> UUID:
        """Let Anja ask Bas to read along."""
        await self.joinings.invite(self.anja, self.contact, self.bas)
        return await self.only()

    async def reading(self) -> UUID:
        """Let Bas read along."""
        joining = await self.invited()
        await self.joinings.answer(self.bas, joining, yes=True)
        return joining

    async def joined(self, mode: str = "read") -> UUID:
        """Let Ada join."""
        await self.built.house.coaching.join(self.ada, self.request, mode, KEY)
        return await self.only()

    async def seen(self) -> list[Beside]:
        """Give who Anja sees beside her."""
        snapshot = await self.built.house.consoles.snapshot(self.anja)
        return snapshot.contacts[0].beside if snapshot.contacts else []
