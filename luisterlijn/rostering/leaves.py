"""Leave: asked for days, without a why; granting it opens the places that it touches."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import local_day, midnight
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering import life, store_plan, store_sheet
from luisterlijn.rostering.events import RosterChanged
from luisterlijn.rostering.model import Leave, PlaceState
from luisterlijn.rostering.ports import PlaceRow
from luisterlijn.rostering.rules import touches

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from luisterlijn.kernel.ids import BranchId, PersonId, TokenSource
    from luisterlijn.kernel.scope import LineScope, Scope
    from luisterlijn.rostering.placing import Placing
    from luisterlijn.store.database import Database, Transaction

LONGEST = timedelta(days=366)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Granted:
    """What granting leave opened: places that were seen, trainees' beside them; and drafts gone."""

    released: tuple[PlaceRow, ...]
    dropped: int


class Leaves:
    """The use cases of leave."""

    def __init__(self, database: Database, placing: Placing, tokens: TokenSource) -> None:
        """Work on this database."""
        self._database = database
        self._placing = placing
        self._tokens = tokens

    async def ask(self, scope: Scope, first: date, last: date) -> Leave:
        """Ask leave for oneself; nobody asks why.

        Raises:
            Refusal: `in-the-past`; `bad-request` for a stretch that runs backwards or lasts over a
                year; `not-found` for who is of no branch.
        """
        async with self._database.transaction(LINE) as tx:
            return await self._asked(tx, scope.person, first, last, on_behalf=False)

    async def ask_for(
        self, scope: Scope | LineScope, person: PersonId, first: date, last: date
    ) -> Leave:
        """Ask leave for somebody of the branch without a computer; refuses as `ask`."""
        async with self._database.transaction(scope) as tx:
            return await self._asked(tx, person, first, last, on_behalf=True)

    async def withdraw(self, scope: Scope, leave_id: UUID) -> Leave:
        """Let go of the own leave; places that were released stay open to all.

        Raises:
            Refusal: `not-found`, `too-late` when it is over or was declined.
        """
        async with self._database.transaction(LINE) as tx:
            leave = await store_plan.leave_for_update(tx, leave_id)
            if leave is None or leave.person != scope.person:
                raise Refusal(Code.NOT_FOUND)
            if leave.state not in ("asked", "granted") or leave.last < local_day(tx.now):
                raise Refusal(Code.TOO_LATE)
            return await self._settled(tx, leave, "withdrawn")

    async def decline(self, scope: Scope | LineScope, leave_id: UUID) -> None:
        """Say no; no reason is stored.

        Raises:
            Refusal: `not-found`, `too-late` when it no longer waits for an answer.
        """
        async with self._database.transaction(scope) as tx:
            await self._settled(tx, await self._waiting(tx, leave_id), "declined")

    async def grant(self, scope: Scope | LineScope, leave_id: UUID) -> Granted:
        """Say yes: places of those days that everybody saw are open now, drafts are gone.

        Who has come already stays. Refuses as `decline`; `try-again` when somebody else was just
        putting the person on a shift.
        """
        async with self._database.transaction(scope) as tx:
            leave = await self._waiting(tx, leave_id)
            touched = await self._touched(tx, leave)
            locked = await self._placing.lock(tx, [each.shift for each in touched], [leave.person])
            now = await self._touched(tx, leave)
            if not {each.shift for each in now} <= set(locked):
                raise Refusal(Code.TRY_AGAIN)
            drafts = [each for each in now if each.state == PlaceState.PROPOSED]
            seen = [each for each in now if each.state in life.AWAITED]
            released = await self._placing.leave(tx, seen, PlaceState.CANNOT)
            dropped = await self._placing.leave(tx, drafts, PlaceState.TAKEN_OFF)
            await self._settled(tx, leave, "granted")
        return Granted(tuple(released), len(dropped))

    async def waiting(
        self, scope: Scope | LineScope, branch: BranchId | None
    ) -> list[tuple[Leave, list[PlaceRow]]]:
        """Give the leave of a branch that waits for an answer, with the places it would open."""
        async with self._database.transaction(scope) as tx:
            asked = await store_plan.leave_in(tx, branch, "asked", local_day(tx.now))
            return [(each, await self._touched(tx, each)) for each in asked]

    async def _asked(
        self, tx: Transaction, person: PersonId, first: date, last: date, *, on_behalf: bool
    ) -> Leave:
        if last < first or last - first > LONGEST:
            raise Refusal(Code.BAD_REQUEST)
        if last < local_day(tx.now):
            raise Refusal(Code.IN_THE_PAST)
        facts = (await self._placing.volunteers.facts(tx, [person])).get(person)
        if facts is None:
            raise Refusal(Code.NOT_FOUND)
        leave = Leave(
            leave=new_id(self._tokens),
            person=person,
            branch=facts.branch,
            first=first,
            last=last,
            state="asked",
            on_behalf=on_behalf,
        )
        await store_plan.insert_leave(tx, leave)
        tx.publish_on_commit(RosterChanged(person=person))
        return leave

    async def _waiting(self, tx: Transaction, leave_id: UUID) -> Leave:
        leave = await store_plan.leave_for_update(tx, leave_id)
        if leave is None:
            raise Refusal(Code.NOT_FOUND)
        if leave.state != "asked":
            raise Refusal(Code.TOO_LATE)
        return leave

    async def _settled(self, tx: Transaction, leave: Leave, state: str) -> Leave:
        await store_plan.set_leave(tx, leave.leave, state)
        tx.publish_on_commit(RosterChanged(person=leave.person))
        return replace(leave, state=state)

    async def _touched(self, tx: Transaction, leave: Leave) -> list[PlaceRow]:
        """Give the person's places of those days that are not over, by start."""
        start, end = midnight(leave.first - DAY), midnight(leave.last + 2 * DAY)
        places = await store_sheet.places_of(tx, [leave.person], start, end)
        return [
            each
            for each in places
            if touches(each.during, leave.first, leave.last) and each.during.end > tx.now
        ]
