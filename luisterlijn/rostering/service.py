"""The use cases of the roster: a branch's shifts, and who stands on them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PlaceId, ShiftId, new_id
from luisterlijn.kernel.scope import Role
from luisterlijn.rostering import model, store
from luisterlijn.rostering.events import RosterChanged
from luisterlijn.rostering.model import Place, Shift

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from luisterlijn.accounts.ports import Person
    from luisterlijn.accounts.service import Accounts
    from luisterlijn.kernel.clock import Interval
    from luisterlijn.kernel.ids import BranchId, PersonId, TokenSource
    from luisterlijn.kernel.scope import LineScope, Scope
    from luisterlijn.rostering.ports import NewShift, OnShift, Rostered
    from luisterlijn.store.database import Database, Transaction

Taken = list[tuple[Place, str]]


class Roster:
    """Shifts of the branches, and what the line asks about them."""

    def __init__(self, database: Database, accounts: Accounts, tokens: TokenSource) -> None:
        """Work on this database."""
        self._database = database
        self._accounts = accounts
        self._tokens = tokens

    async def shifts(
        self, scope: Scope | LineScope, branch: BranchId, start: datetime, days: int
    ) -> tuple[list[Shift], Taken]:
        """Give a branch's shifts of some days and who stands on them."""
        async with self._database.transaction(scope) as tx:
            found = await store.shifts(tx, branch, start, start + timedelta(days=days))
            return found, await store.places(tx, [shift.id for shift in found])

    async def people(self, scope: Scope) -> list[Person]:
        """Give the volunteers whom the acting person plans."""
        async with self._database.transaction(scope) as tx:
            return await self._accounts.people(tx, Role.VOLUNTEER)

    async def add_shift(
        self,
        scope: Scope | LineScope,
        branch: BranchId,
        during: Interval,
        channels: Sequence[str],
        wanted: int,
    ) -> Shift:
        """Add a published shift.

        Raises:
            Refusal: `in-the-past`, or `bad-request` for an unknown channel or over 12 hours.
        """
        async with self._database.transaction(scope) as tx:
            model.check_new(during, tuple(channels), tx.now)
            shift = Shift(
                id=ShiftId(new_id(self._tokens)),
                branch=branch,
                during=during,
                channels=tuple(channels),
                wanted=wanted,
            )
            await store.insert_shifts(tx, [shift])
        return shift

    async def cancel(self, scope: Scope | LineScope, shift_id: ShiftId) -> tuple[Shift, Taken]:
        """Cancel a shift; who stands on it is offered nothing new, conversations go on."""
        async with self._database.transaction(scope) as tx:
            await self._locked(tx, shift_id)
            for person in await store.cancel(tx, shift_id):
                tx.publish_on_commit(RosterChanged(person=person))
            return await self._shown(tx, shift_id)

    async def put_on(
        self, scope: Scope | LineScope, shift_id: ShiftId, person_id: PersonId
    ) -> tuple[Shift, Taken]:
        """Put a volunteer of the branch on a shift.

        Raises:
            Refusal: `overlaps`, `not-trained`, `shift-cancelled`, `in-the-past`, `not-found`.
        """
        async with self._database.transaction(scope) as tx:
            shift = await self._locked(tx, shift_id)
            person = await self._accounts.person(tx, person_id)
            if person is None:
                raise Refusal(Code.NOT_FOUND)
            model.check_place(shift, person.channels, person.branch, tx.now)
            await store.lock_person(tx, person_id)
            place = Place(id=PlaceId(new_id(self._tokens)), shift=shift_id, person=person_id)
            await store.insert_places(tx, [(place, shift)])
            tx.publish_on_commit(RosterChanged(person=person_id))
            return await self._shown(tx, shift_id)

    async def take_off(
        self, scope: Scope, shift_id: ShiftId, place_id: PlaceId
    ) -> tuple[Shift, Taken]:
        """Take somebody off a shift; no reason is asked."""
        async with self._database.transaction(scope) as tx:
            await self._locked(tx, shift_id)
            person = await store.take_off(tx, shift_id, place_id)
            if person is None:
                raise Refusal(Code.NOT_FOUND)
            tx.publish_on_commit(RosterChanged(person=person))
            return await self._shown(tx, shift_id)

    async def plan(self, tx: Transaction, planned: Sequence[NewShift]) -> None:
        """Write many new shifts with who stands on them, in a transaction that does more."""
        shifts = [
            Shift(
                id=ShiftId(new_id(self._tokens)),
                branch=each.branch,
                during=each.during,
                channels=each.channels,
                wanted=each.wanted,
            )
            for each in planned
        ]
        places = [
            (Place(id=PlaceId(new_id(self._tokens)), shift=shift.id, person=person), shift)
            for each, shift in zip(planned, shifts, strict=True)
            for person in each.people
        ]
        await store.insert_shifts(tx, shifts)
        await store.insert_places(tx, places)

    async def starts_from(
        self, tx: Transaction, moment: datetime
    ) -> set[tuple[BranchId, datetime]]:
        """Give branch and start of every shift from a moment on, cancelled ones too."""
        return await store.starts_from(tx, moment)

    # What the line asks.

    async def current(self, tx: Transaction, person: PersonId) -> OnShift | None:
        """Give the place that the person stands on, else the one whose check-in is open."""
        return await store.current(tx, person)

    async def upcoming(self, tx: Transaction, person: PersonId) -> OnShift | None:
        """Give the person's first place after now."""
        return await store.upcoming(tx, person)

    async def checked_in(self, tx: Transaction, person: PersonId) -> None:
        """Note that the person came to their shift."""
        await store.mark_checked_in(tx, person)

    async def cover(self, tx: Transaction, channel: str, language: str) -> list[Rostered]:
        """Give every place of somebody trained for both that runs or starts within the hour."""
        return await store.cover(tx, channel, language)

    async def opens_at(self, tx: Transaction, channel: str) -> datetime | None:
        """Give when the channel's next published place starts, within 14 days."""
        return await store.opens_at(tx, channel)

    async def _locked(self, tx: Transaction, shift_id: ShiftId) -> Shift:
        shift = await store.shift_for_update(tx, shift_id)
        if shift is None:
            raise Refusal(Code.NOT_FOUND)
        return shift

    async def _shown(self, tx: Transaction, shift_id: ShiftId) -> tuple[Shift, Taken]:
        return await self._locked(tx, shift_id), await store.places(tx, [shift_id])
