"""What coordinators do with places: put on, with a yes and a reason where a rule is set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.rostering import store_sheet
from luisterlijn.rostering.model import PlaceState
from luisterlijn.rostering.rules import WITH_YES, Book, role_of

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId, PlaceId, ShiftId
    from luisterlijn.kernel.scope import LineScope, Scope
    from luisterlijn.rostering.placing import Placing
    from luisterlijn.rostering.ports import PlaceRow
    from luisterlijn.store.database import Database, Transaction


class Assigning:
    """The use cases of who plans others."""

    def __init__(self, database: Database, placing: Placing) -> None:
        """Work on this database."""
        self._database = database
        self._placing = placing

    async def put_on(
        self,
        scope: Scope | LineScope,
        shift_id: ShiftId,
        person: PersonId,
        *,
        role: str | None = None,
        allowed: str | None = None,
        on_behalf: bool = False,
    ) -> PlaceRow:
        """Put somebody on a shift: as a proposal while it is a draft.

        Args:
            scope: who acts.
            shift_id: where.
            person: who, of the shift's branch.
            role: as what; None: by how far they are trained.
            allowed: why rules of the person are set aside with their yes; the place is pinned then.
            on_behalf: they asked for it, and have no computer.

        Raises:
            Refusal: `not-found`, `in-the-past`, or the first rule that is in the way; with
                `allowed` only those that nobody may set aside.
        """
        async with self._database.transaction(scope) as tx:
            shift = (await self._placing.lock(tx, [shift_id], [person]))[shift_id]
            if shift.during.end <= tx.now:
                raise Refusal(Code.IN_THE_PAST)
            facts = (await self._placing.volunteers.facts(tx, [person])).get(person)
            if facts is None:
                raise Refusal(Code.NOT_FOUND)
            role = role or role_of(facts, shift.channels)
            book = Book(await self._placing.sheet(tx, [person], [shift]))
            codes = book.against(person, shift, role=role)
            for code in codes:
                if allowed is None or code not in WITH_YES:
                    raise Refusal(code)
            return await self._placing.put(
                tx,
                shift,
                person,
                role=role,
                origin="coordinator",
                allowed=allowed if codes else None,
                on_behalf=on_behalf,
                pinned=bool(codes),
            )

    async def take_off(self, scope: Scope | LineScope, place_id: PlaceId) -> list[PlaceRow]:
        """Take somebody off; no reason is asked. Gives the places that ended, theirs first.

        Raises:
            Refusal: `not-found`.
        """
        async with self._database.transaction(scope) as tx:
            place = await self._locked(tx, place_id)
            return await self._placing.leave(tx, [place], PlaceState.TAKEN_OFF)

    async def cannot(self, scope: Scope | LineScope, place_id: PlaceId) -> list[PlaceRow]:
        """Note that somebody told they cannot: their place is open; as `take_off`."""
        async with self._database.transaction(scope) as tx:
            place = await self._locked(tx, place_id)
            return await self._placing.leave(tx, [place], PlaceState.CANNOT)

    async def pin(self, scope: Scope | LineScope, place_id: PlaceId) -> PlaceRow:
        """Hold a place where no engine moves it.

        Raises:
            Refusal: `not-found`.
        """
        return await self._pinned(scope, place_id, pinned=True)

    async def unpin(self, scope: Scope | LineScope, place_id: PlaceId) -> PlaceRow:
        """Let an engine move a place again; refuses as `pin`."""
        return await self._pinned(scope, place_id, pinned=False)

    async def _pinned(
        self, scope: Scope | LineScope, place_id: PlaceId, *, pinned: bool
    ) -> PlaceRow:
        async with self._database.transaction(scope) as tx:
            place = await self._locked(tx, place_id)
            await store_sheet.pin(tx, place_id, pinned=pinned)
            return await store_sheet.place(tx, place_id) or place

    async def _locked(self, tx: Transaction, place_id: PlaceId) -> PlaceRow:
        found = await store_sheet.place(tx, place_id)
        if found is None:
            raise Refusal(Code.NOT_FOUND)
        people = [found.person] if found.person is not None else []
        await self._placing.lock(tx, [found.shift], people)
        place = await store_sheet.place(tx, place_id)
        if place is None:
            raise Refusal(Code.NOT_FOUND)
        return place
