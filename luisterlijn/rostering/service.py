"""The use cases of the roster: a branch's shifts, and who stands on them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import local_day, service_day
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PlaceId, ShiftId, new_id
from luisterlijn.kernel.scope import LineScope, Role
from luisterlijn.rostering import model, store, store_line, store_plan, store_sheet
from luisterlijn.rostering.assigning import Assigning
from luisterlijn.rostering.leaves import Leaves
from luisterlijn.rostering.model import Place, PlaceRole, PlaceState, Shift, ShiftState
from luisterlijn.rostering.own import Own
from luisterlijn.rostering.own_views import OwnViews
from luisterlijn.rostering.periods import Periods
from luisterlijn.rostering.placing import Placing
from luisterlijn.rostering.plan_views import PlanViews
from luisterlijn.rostering.ports import PlaceRow, ShiftRow
from luisterlijn.rostering.records import Records
from luisterlijn.rostering.swap_views import SwapViews
from luisterlijn.rostering.swaps import Swaps
from luisterlijn.rostering.templates import Templates
from luisterlijn.rostering.transfer import Transfer
from luisterlijn.rostering.wishes import Wishes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from luisterlijn.accounts.ports import Person
    from luisterlijn.accounts.service import Accounts
    from luisterlijn.kernel.clock import Interval
    from luisterlijn.kernel.ids import BranchId, PersonId, TokenSource
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.rostering.ports import NewShift, OnShift, Rostered, Sheet
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.volunteers.service import Volunteers

Taken = list[tuple[Place, str]]
KEPT = timedelta(days=30)
"""Wishes, leave and swaps, after what they were about."""


class Roster:
    """Shifts of the branches, and what the line asks about them."""

    def __init__(
        self, database: Database, accounts: Accounts, volunteers: Volunteers, tokens: TokenSource
    ) -> None:
        """Work on this database."""
        self._database = database
        self._accounts = accounts
        self._tokens = tokens
        self.placing = Placing(volunteers, tokens)
        self.own = Own(database, self.placing)
        swap_views = SwapViews(database, self.placing)
        self.own_views = OwnViews(database, self.placing, swap_views, Records())
        self.swap_views = swap_views
        self.swaps = Swaps(database, self.placing, self.own, tokens)
        self.assigning = Assigning(database, self.placing)
        self.wishes = Wishes(database, volunteers)
        self.leaves = Leaves(database, self.placing, tokens)
        self.templates = Templates(database, tokens)
        self.periods = Periods(database, self.placing, tokens)
        self.transfer = Transfer(database, self.placing, tokens)
        self.plan_views = PlanViews(database, volunteers, self.leaves)

    async def sheet(
        self, tx: Transaction, branch: BranchId | None, first: date, days: int
    ) -> Sheet:
        """Give everything of some days of service of a branch; None: of all that are seen."""
        return await self.placing.sheets.stretch(tx, branch, first, days)

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
        """Add a shift: one that everybody sees, or a draft where the period is one.

        Raises:
            Refusal: `in-the-past`, or `bad-request` for an unknown channel or over 12 hours.
        """
        async with self._database.transaction(scope) as tx:
            model.check_new(during, tuple(channels), tx.now)
            day = service_day(during.start)
            periods = await store_sheet.periods(tx, branch, day, day)
            drafted = any(each.state != "published" for each in periods)
            state = ShiftState.CONCEPT if drafted else ShiftState.PUBLISHED
            row = self._new_shift(branch, during, channels, wanted, state)
            await store_sheet.insert_shifts(tx, [row])
        return Shift(
            id=row.shift,
            branch=branch,
            during=during,
            channels=row.channels,
            wanted=wanted,
            state=state,
        )

    async def cancel(self, scope: Scope | LineScope, shift_id: ShiftId) -> tuple[Shift, Taken]:
        """Cancel a shift; who stands on it is offered nothing new, conversations go on."""
        async with self._database.transaction(scope) as tx:
            await self._locked(tx, shift_id)
            places = await store_sheet.places_on(tx, [shift_id])
            await self.placing.end(tx, places, PlaceState.TAKEN_OFF)
            await store_sheet.set_shifts(tx, [shift_id], ShiftState.CANCELLED.value)
            return await self._shown(tx, shift_id)

    async def put_on(
        self, scope: Scope | LineScope, shift_id: ShiftId, person_id: PersonId
    ) -> tuple[Shift, Taken]:
        """Put a volunteer of the branch on a shift.

        The line itself (a demo, a simulation) is not held to what protects people and rooms: who
        is trained and stands nowhere else may stand here.

        Raises:
            Refusal: as `Assigning.put_on`.
        """
        if not isinstance(scope, LineScope):
            await self.assigning.put_on(scope, shift_id, person_id)
            async with self._database.transaction(scope) as tx:
                return await self._shown(tx, shift_id)
        async with self._database.transaction(scope) as tx:
            shift = (await self.placing.lock(tx, [shift_id], [person_id]))[shift_id]
            person = await self._accounts.person(tx, person_id)
            if person is None:
                raise Refusal(Code.NOT_FOUND)
            as_it_is = await self._locked(tx, shift_id)
            model.check_place(as_it_is, person.channels, person.branch, tx.now)
            listener = PlaceRole.LISTENER.value
            await self.placing.put(tx, shift, person_id, role=listener, origin="coordinator")
            return await self._shown(tx, shift_id)

    async def take_off(
        self, scope: Scope, shift_id: ShiftId, place_id: PlaceId
    ) -> tuple[Shift, Taken]:
        """Take somebody off a shift; no reason is asked."""
        async with self._database.transaction(scope) as tx:
            shift = await self._locked(tx, shift_id)
            place = await store_sheet.place(tx, place_id)
            if place is None or place.shift != shift.id:
                raise Refusal(Code.NOT_FOUND)
            await self.placing.leave(tx, [place], PlaceState.TAKEN_OFF)
            return await self._shown(tx, shift_id)

    async def plan(self, tx: Transaction, planned: Sequence[NewShift]) -> None:
        """Write many new shifts with who stands on them, in a transaction that does more."""
        shifts = [
            self._new_shift(
                each.branch, each.during, each.channels, each.wanted, ShiftState.PUBLISHED
            )
            for each in planned
        ]
        await store_sheet.insert_shifts(tx, shifts)
        places = [
            PlaceRow(
                place=PlaceId(new_id(self._tokens)),
                shift=shift.shift,
                branch=shift.branch,
                person=person,
                during=shift.during,
                role=PlaceRole.LISTENER.value,
                state=PlaceState.PUBLISHED.value,
                origin="coordinator",
                pinned=False,
                allowed=None,
                on_behalf=False,
            )
            for each, shift in zip(planned, shifts, strict=True)
            for person in each.people
        ]
        await store_sheet.insert_places(tx, places)

    def _new_shift(
        self,
        branch: BranchId,
        during: Interval,
        channels: Sequence[str],
        wanted: int,
        state: ShiftState,
    ) -> ShiftRow:
        return ShiftRow(
            shift=ShiftId(new_id(self._tokens)),
            branch=branch,
            during=during,
            channels=tuple(channels),
            least=0,
            wanted=wanted,
            night=model.at_night(during),
            state=state.value,
            template=None,
        )

    async def starts_from(
        self, tx: Transaction, moment: datetime
    ) -> set[tuple[BranchId, datetime]]:
        """Give branch and start of every shift from a moment on, cancelled ones too."""
        return await store.starts_from(tx, moment)

    async def forget_old(self, tx: Transaction) -> None:
        """Remove wishes, leave and swaps 30 days after what they were about."""
        await store_plan.forget_old(tx, local_day(tx.now) - KEPT)

    # What the line asks.

    async def current(self, tx: Transaction, person: PersonId) -> OnShift | None:
        """Give the place that the person stands on, else the one whose check-in is open."""
        return await store_line.current(tx, person)

    async def current_of(
        self, tx: Transaction, people: Sequence[PersonId]
    ) -> dict[PersonId, OnShift]:
        """Give the same for each of several people who stands on one."""
        return await store_line.current_of(tx, people)

    async def upcoming(self, tx: Transaction, person: PersonId) -> OnShift | None:
        """Give the person's first place after now."""
        return await store_line.upcoming(tx, person)

    async def checked_in(self, tx: Transaction, person: PersonId) -> None:
        """Note that the person came to their shift."""
        await store_line.mark_checked_in(tx, person)

    async def goes_on(self, tx: Transaction, person: PersonId) -> None:
        """Note that who came to a shift is there for the one that joins on to it."""
        await store_line.mark_goes_on(tx, person)

    async def companions(self, tx: Transaction, shift: ShiftId) -> list[tuple[PersonId, str]]:
        """Give who counts on a shift, with the role of their place; by person."""
        return await store_line.companions(tx, shift)

    async def cover(self, tx: Transaction, channel: str, language: str) -> list[Rostered]:
        """Give every place of somebody trained for both that runs or starts within the hour."""
        return await store_line.cover(tx, channel, language)

    async def opens_at(self, tx: Transaction, channel: str) -> datetime | None:
        """Give when the channel's next published place starts, within 14 days."""
        return await store_line.opens_at(tx, channel)

    async def _locked(self, tx: Transaction, shift_id: ShiftId) -> Shift:
        shift = await store.shift_for_update(tx, shift_id)
        if shift is None:
            raise Refusal(Code.NOT_FOUND)
        return shift

    async def _shown(self, tx: Transaction, shift_id: ShiftId) -> tuple[Shift, Taken]:
        return await self._locked(tx, shift_id), await store.places(tx, [shift_id])
