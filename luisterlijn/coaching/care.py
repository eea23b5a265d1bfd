"""After a heavy conversation, and at the end of a shift: who wants to talk, and who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.coaching import model, store, store_care
from luisterlijn.coaching.events import TalkWanted
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE, Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    import asyncpg

    from luisterlijn.accounts.service import Accounts
    from luisterlijn.dispatch.consoles import Consoles
    from luisterlijn.kernel.ids import BranchId, PersonId, TokenSource
    from luisterlijn.rostering.service import Roster
    from luisterlijn.store.database import Database, Transaction


class Care:
    """The use cases of after-care. A talk is a name and an hour: nothing of a conversation."""

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        roster: Roster,
        consoles: Consoles,
        tokens: TokenSource,
    ) -> None:
        """Work on this database."""
        self._database = database
        self._accounts = accounts
        self._roster = roster
        self._consoles = consoles
        self._tokens = tokens

    async def want_talk(self, person: PersonId, wanted: str) -> None:
        """Tell the coaches and the branch's coordinators that somebody wants to talk."""
        async with self._database.transaction(LINE) as tx:
            found = await self._accounts.person(tx, person)
            if found is None:
                raise Refusal(Code.SIGNED_OUT)
            await self._talk(tx, person, found.branch, wanted)

    async def talked(self, person: PersonId, talk: UUID) -> None:
        """Note that a talk was had.

        Raises:
            Refusal: `not-found` when there is none, or it is not this person's to see.
        """
        async with self._database.transaction(LINE) as tx:
            viewer = await store.viewer(tx, person)
            everywhere = viewer is not None and _sees_all(viewer)
            branch = viewer["branch"] if viewer is not None and _sees_branch(viewer) else None
            if not everywhere and branch is None:
                raise Refusal(Code.NOT_FOUND)
            row = await store_care.talk_done(tx, talk, None if everywhere else branch)
            if row is None:
                raise Refusal(Code.NOT_FOUND)
            await self._tell(tx, row["branch"])

    async def leave_shift(self, person: PersonId, mood: str) -> None:
        """Go home: away, and only "bel me" is kept, as a talk."""
        if mood == "call_me":
            await self.want_talk(person, mood)
        await self._consoles.set_state(person, "away")

    async def agree(self, person: PersonId, *, agrees: bool) -> None:
        """Say whether the coaches may be told after three heavy conversations in this shift.

        Raises:
            Refusal: `not-on-shift`.
        """
        async with self._database.transaction(LINE) as tx:
            shift = await self._roster.current(tx, person)
            if shift is None:
                raise Refusal(Code.NOT_ON_SHIFT)
            await store_care.agree(tx, person, shift.ends, agrees=agrees)
            await self._perhaps_tell(tx, person)

    async def heavy(self, tx: Transaction, person: PersonId) -> None:
        """Count a conversation that was heavy (`dispatch.ports.Care`); the mark is kept nowhere."""
        shift = await self._roster.current(tx, person)
        if shift is not None:
            await store_care.count_heavy(tx, person, shift.ends)
            await self._perhaps_tell(tx, person)

    async def talks_for(self, tx: Transaction, viewer: asyncpg.Record) -> Sequence[asyncpg.Record]:
        """Give the talks that somebody may know of: a coach all, a coordinator the branch's."""
        if _sees_all(viewer):
            return await store_care.all_talks(tx)
        if _sees_branch(viewer):
            return await store_care.talks_of_branch(tx, viewer["branch"])
        return []

    async def _perhaps_tell(self, tx: Transaction, person: PersonId) -> None:
        if await store_care.to_be_told(tx, person, model.HEAVY_TOLD):
            # No branch: the person agreed to the coaches, not to their coordinator.
            await self._talk(tx, person, None, "heavy")

    async def _talk(
        self, tx: Transaction, person: PersonId, branch: BranchId | None, wanted: str
    ) -> None:
        hour = tx.now.replace(minute=0, second=0, microsecond=0)
        await store_care.want_talk(
            tx, new_id(self._tokens), person, branch, wanted=wanted, hour=hour
        )
        await self._tell(tx, branch)

    async def _tell(self, tx: Transaction, branch: BranchId | None) -> None:
        told = {each.person for each in await store.on_call(tx)}
        told |= set(await store_care.coordinators(tx, branch))
        tx.publish_on_commit(TalkWanted(told=tuple(sorted(told))))


def _sees_all(viewer: asyncpg.Record) -> bool:
    return bool(viewer["on_duty"]) or Role.COACH.value in viewer["roles"]


def _sees_branch(viewer: asyncpg.Record) -> bool:
    return Role.COORDINATOR.value in viewer["roles"] and viewer["branch"] is not None
