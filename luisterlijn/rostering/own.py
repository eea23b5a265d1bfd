"""What volunteers do with their own roster: take a shift, say they come, say they cannot.

Each order is the volunteer's own and is carried out as the line: who else stands on a shift is not
theirs to see, but decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering import life, store_attending, store_sheet
from luisterlijn.rostering.model import PlaceState, ShiftState
from luisterlijn.rostering.rules import role_of

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId, PlaceId, ShiftId
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.rostering.placing import Placing
    from luisterlijn.rostering.ports import PlaceRow, ShiftRow
    from luisterlijn.store.database import Database, Transaction


class Own:
    """The use cases of a volunteer's own places."""

    def __init__(self, database: Database, placing: Placing) -> None:
        """Work on this database."""
        self._database = database
        self._placing = placing

    async def sign_up(self, scope: Scope, shift_id: ShiftId) -> PlaceRow:
        """Take a place on an open shift.

        Raises:
            Refusal: `not-found`, `shift-cancelled`, `too-late` once it has begun, `shift-full`, or
                the first rule that is in the way.
        """
        async with self._database.transaction(LINE) as tx:
            locked = await self._placing.lock(tx, [shift_id], [scope.person])
            shift = locked[shift_id]
            if shift.state == ShiftState.CONCEPT:
                raise Refusal(Code.NOT_FOUND)
            book = await self._placing.seen(tx, [scope.person], [shift])
            for code in book.against_own(scope.person, shift):
                raise Refusal(code)
            if shift.during.start <= tx.now:
                raise Refusal(Code.TOO_LATE)
            facts = await self._placing.volunteers.facts(tx, [scope.person])
            await self._placing.drop_drafts(tx, scope.person, shift)
            role = role_of(facts[scope.person], shift.channels)
            return await self._placing.put(tx, shift, scope.person, role=role, origin="self")

    async def undo(self, scope: Scope, place_id: PlaceId) -> None:
        """Undo the own sign-up, as if it had not been.

        Raises:
            Refusal: `not-found`, `too-late`.
        """
        async with self._database.transaction(LINE) as tx:
            place, _shift = await self.locked(tx, scope.person, place_id)
            if not life.may_undo(place, tx.now):
                raise Refusal(Code.TOO_LATE)
            await self._placing.leave(tx, [place], PlaceState.TAKEN_OFF)

    async def confirm(self, scope: Scope, place_id: PlaceId) -> PlaceRow:
        """Say "ik kom"; said twice it is noted once.

        Raises:
            Refusal: `not-found`, `too-late`.
        """
        async with self._database.transaction(LINE) as tx:
            place, _shift = await self.locked(tx, scope.person, place_id)
            if life.may_confirm(place, tx.now):
                before = [PlaceState.PUBLISHED.value]
                await store_attending.become(tx, place_id, PlaceState.CONFIRMED.value, before)
                self._placing.tell(tx, [place])
            elif place.state != PlaceState.CONFIRMED:
                raise Refusal(Code.TOO_LATE)
            return await store_sheet.place(tx, place_id) or place

    async def leave_open(self, scope: Scope, place_id: PlaceId) -> None:
        """Say "ik kan niet": the place is open to others from now on. No reason is asked.

        Raises:
            Refusal: `not-found`, `too-late`.
        """
        async with self._database.transaction(LINE) as tx:
            place, _shift = await self.locked(tx, scope.person, place_id)
            if not life.may_give_up(place, tx.now):
                raise Refusal(Code.TOO_LATE)
            await self._placing.leave(tx, [place], PlaceState.CANNOT)

    async def locked(
        self, tx: Transaction, person: PersonId, place_id: PlaceId
    ) -> tuple[PlaceRow, ShiftRow]:
        """Give the person's own place with its shift, both theirs until the transaction ends.

        Raises:
            Refusal: `not-found` for what is another's, a draft, or no more.
        """
        found = await store_sheet.place(tx, place_id)
        if found is None:
            raise Refusal(Code.NOT_FOUND)
        shift = (await self._placing.lock(tx, [found.shift], [person]))[found.shift]
        place = await store_sheet.place(tx, place_id)
        if place is None or place.person != person or place.state not in life.HELD:
            raise Refusal(Code.NOT_FOUND)
        return place, shift
