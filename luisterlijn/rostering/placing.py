"""Putting people on shifts and taking them off, inside the transaction of a use case.

Lock order: shifts by id, then people by id. Whoever changes who stands on a shift holds its lock,
so that two who want the last place come one after the other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PlaceId, new_id
from luisterlijn.rostering import store, store_sheet
from luisterlijn.rostering.events import RosterChanged
from luisterlijn.rostering.model import PlaceRole, PlaceState, ShiftState
from luisterlijn.rostering.ports import PlaceRow, Sheet
from luisterlijn.rostering.rules import Book
from luisterlijn.rostering.sheets import Sheets

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from luisterlijn.kernel.ids import PersonId, ShiftId, TokenSource
    from luisterlijn.rostering.ports import ShiftRow
    from luisterlijn.store.database import Transaction
    from luisterlijn.volunteers.service import Volunteers


class Placing:
    """The hands of every use case that moves people."""

    def __init__(self, volunteers: Volunteers, tokens: TokenSource) -> None:
        """Judge by what this room knows of people."""
        self.sheets = Sheets(volunteers)
        self.volunteers = volunteers
        self._tokens = tokens

    async def lock(
        self, tx: Transaction, shifts: Iterable[ShiftId], people: Iterable[PersonId]
    ) -> dict[ShiftId, ShiftRow]:
        """Lock shifts, then people.

        Raises:
            Refusal: `not-found` when the scope sees one of the shifts not.
        """
        wanted = set(shifts)
        found = await store_sheet.lock_shifts(tx, wanted)
        if set(found) != wanted:
            raise Refusal(Code.NOT_FOUND)
        for person in sorted(set(people)):
            await store.lock_person(tx, person)
        return found

    async def sheet(
        self, tx: Transaction, people: Collection[PersonId], shifts: Sequence[ShiftRow]
    ) -> Sheet:
        """Give what decides about these shifts of one branch, proposals too."""
        return await self.sheets.around(tx, shifts[0].branch, people, shifts)

    async def seen(
        self, tx: Transaction, people: Collection[PersonId], shifts: Sequence[ShiftRow]
    ) -> Book:
        """Give the book of what volunteers see: a draft stands in nobody's way."""
        return Book(without_drafts(await self.sheet(tx, people, shifts)))

    async def put(
        self,
        tx: Transaction,
        shift: ShiftRow,
        person: PersonId,
        *,
        role: str,
        origin: str,
        allowed: str | None = None,
        on_behalf: bool = False,
        pinned: bool = False,
    ) -> PlaceRow:
        """Write a place: a proposal on a draft of a shift, else one that everybody sees.

        Raises:
            Refusal: `overlaps`, by the database itself.
        """
        drafted = shift.state == ShiftState.CONCEPT
        place = PlaceRow(
            place=PlaceId(new_id(self._tokens)),
            shift=shift.shift,
            branch=shift.branch,
            person=person,
            during=shift.during,
            role=role,
            state=(PlaceState.PROPOSED if drafted else PlaceState.PUBLISHED).value,
            origin=origin,
            pinned=pinned,
            allowed=allowed,
            on_behalf=on_behalf,
            night=shift.night,
            changed=tx.now,
        )
        await store_sheet.insert_places(tx, [place])
        self.tell(tx, [place])
        return place

    async def leave(
        self, tx: Transaction, places: Sequence[PlaceRow], state: PlaceState
    ) -> list[PlaceRow]:
        """Let places end, and with a mentor's those of the trainees who would be alone.

        Gives all that ended. What was offered of them is withdrawn. The shifts are locked by who
        asks.
        """
        left = await self.end(tx, places, state)
        alone = await self.trainees_alone(tx, {each.shift for each in left})
        return left + await self.end(tx, alone, PlaceState.TAKEN_OFF)

    async def end(
        self, tx: Transaction, places: Sequence[PlaceRow], state: PlaceState
    ) -> list[PlaceRow]:
        """Let just these places end; gives those that did."""
        if not places:
            return []
        gone = set(await store_sheet.leave_places(tx, [each.place for each in places], state.value))
        left = [each for each in places if each.place in gone]
        self.tell(tx, left)
        return left

    async def drop_drafts(self, tx: Transaction, person: PersonId, shift: ShiftRow) -> None:
        """Let go of the drafts that would stand in the way of a place that somebody takes."""
        beside = await store_sheet.places_of(tx, [person], shift.during.start, shift.during.end)
        drafts = [each for each in beside if each.state == PlaceState.PROPOSED]
        if drafts:
            await self.leave(tx, drafts, PlaceState.TAKEN_OFF)

    def tell(self, tx: Transaction, places: Iterable[PlaceRow]) -> None:
        """Tell of changed places; a draft is nobody's affair but the planners'."""
        rows = list(places)
        seen = [row for row in rows if row.state != PlaceState.PROPOSED]
        for person in sorted({row.person for row in seen if row.person is not None}):
            tx.publish_on_commit(RosterChanged(person=person))

    async def trainees_alone(self, tx: Transaction, shifts: Iterable[ShiftId]) -> list[PlaceRow]:
        """Give the places of trainees on these shifts who have no mentor beside them."""
        places = await store_sheet.places_on(tx, shifts)
        trained = {each.shift for each in places if each.role == PlaceRole.TRAINEE}
        if not trained:
            return []
        on = [each for each in places if each.shift in trained]
        people = {each.person for each in on if each.person is not None}
        facts = await self.volunteers.facts(tx, list(people))
        book = Book(Sheet(shifts=(), places=tuple(on), people=facts, wishes={}, leave={}))
        return [row for shift in sorted(trained) for row in book.left_alone(shift)]


def without_drafts(sheet: Sheet) -> Sheet:
    """Give a sheet as volunteers and the line see it."""
    seen = [each for each in sheet.places if each.state != PlaceState.PROPOSED]
    return replace(sheet, places=tuple(seen))
