"""Somebody cannot come: a proposal to fill the hole, and its acceptance with one press."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PersonId, ShiftId, parse_id
from luisterlijn.planner import holes, store, wire
from luisterlijn.planner.holes import Hole, Move
from luisterlijn.planner.model import ANSWERS
from luisterlijn.rostering.ports import PlaceState
from luisterlijn.rostering.rules import Book, role_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from luisterlijn.kernel.ids import PlaceId
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.planner.service import Planner
    from luisterlijn.rostering.placing import Placing
    from luisterlijn.rostering.ports import PlaceRow, Sheet, ShiftRow
    from luisterlijn.store.database import Transaction


class Mends:
    """What a planner asks when somebody cannot come."""

    def __init__(self, planner: Planner, placing: Placing) -> None:
        """Move people as the roster moves them."""
        self._planner = planner
        self._placing = placing

    async def propose(self, scope: Scope, place: PlaceId) -> wire.Mend:
        """Say how a place can be filled anew if its person cannot come; changes nothing.

        At most three others are asked. A place that was given up already is filled the same way.

        Raises:
            Refusal: `not-found`, `shift-cancelled`, `in-the-past`.
        """
        async with self._planner.database.transaction(scope) as tx:
            hole = await self._hole(tx, place)
            first = holes.first_day(hole.shift)
            sheet = await self._placing.sheets.stretch(tx, hole.shift.branch, first, holes.DAYS)
        moves = await asyncio.to_thread(holes.filled, sheet, hole)
        return _shown(place, moves, sheet)

    async def accept(
        self, scope: Scope, place: PlaceId, wanted: Sequence[wire.WantedChange]
    ) -> wire.Mend:
        """Let the person go and move the others as proposed: all of it, or nothing.

        Raises:
            Refusal: `not-found`, also when somebody does not stand where the proposal found them;
                the rule that is in the way now; `shift-full`.
        """
        async with self._planner.database.transaction(scope) as tx:
            hole = await self._hole(tx, place)
            changes = [_read(each) for each in wanted]
            shifts = {hole.shift.shift, *(shift for _who, *of in changes for shift in of if shift)}
            people = {person for person, _old, _new in changes} | {hole.person}
            locked = await self._placing.lock(tx, shifts, [each for each in people if each])
            if len({each.branch for each in locked.values()}) > 1:
                raise Refusal(Code.NOT_FOUND)
            moves = [
                Move(person, locked.get(old) if old else None, locked.get(new) if new else None)
                for person, old, new in changes
            ]
            await self._let_go(tx, hole, moves, locked)
            sheet = await self._settled(tx, moves, locked)
            return _shown(place, moves, sheet)

    async def _let_go(
        self,
        tx: Transaction,
        hole: Hole,
        moves: Sequence[Move],
        locked: dict[ShiftId, ShiftRow],
    ) -> None:
        """Let everybody leave whom the proposal takes from somewhere."""
        sheet = await self._sheet(tx, hole, moves, locked)
        absent = [
            row
            for row in sheet.places
            if row.person == hole.person and row.shift == hole.shift.shift
        ]
        moved: list[PlaceRow] = []
        for move in moves:
            if move.old is None:
                continue
            there = [
                row
                for row in sheet.places
                if row.person == move.person and row.shift == move.old.shift
            ]
            if not there:
                raise Refusal(Code.NOT_FOUND)
            moved += there
        if absent:
            await self._placing.leave(tx, absent, PlaceState.CANNOT)
        if moved:
            await self._placing.leave(tx, moved, PlaceState.TAKEN_OFF)

    async def _settled(
        self, tx: Transaction, moves: Sequence[Move], locked: dict[ShiftId, ShiftRow]
    ) -> Sheet:
        """Put everybody where the proposal wants them, each beside those before."""
        people = [move.person for move in moves]
        sheet = await self._placing.sheet(tx, people, list(locked.values()))
        for move in moves:
            if move.new is None:
                continue
            facts = sheet.people.get(move.person)
            if facts is None:
                raise Refusal(Code.NOT_FOUND)
            role, book = role_of(facts, move.new.channels), Book(sheet)
            refused = book.against(move.person, move.new, role=role)
            if refused:
                raise Refusal(refused[0])
            if role in ANSWERS and book.missing(move.new) <= 0:
                raise Refusal(Code.SHIFT_FULL)
            await self._placing.put(tx, move.new, move.person, role=role, origin="coordinator")
            sheet = await self._placing.sheet(tx, people, list(locked.values()))
        return sheet

    async def _sheet(
        self,
        tx: Transaction,
        hole: Hole,
        moves: Sequence[Move],
        locked: dict[ShiftId, ShiftRow],
    ) -> Sheet:
        people = {move.person for move in moves} | ({hole.person} if hole.person else set())
        return await self._placing.sheet(tx, people, list(locked.values()))

    async def _hole(self, tx: Transaction, place: PlaceId) -> Hole:
        found = await store.hole(tx, place)
        if found is None:
            raise Refusal(Code.NOT_FOUND)
        shift_id, person, role = found
        shift = (await self._placing.lock(tx, [shift_id], []))[shift_id]
        if shift.state == "cancelled":
            raise Refusal(Code.SHIFT_CANCELLED)
        if shift.during.end <= tx.now:
            raise Refusal(Code.IN_THE_PAST)
        return Hole(person=person, shift=shift, role=role)


def _read(wanted: wire.WantedChange) -> tuple[PersonId, ShiftId | None, ShiftId | None]:
    """Read a change as it was proposed.

    Raises:
        Refusal: `bad-request`, when it goes from nowhere to nowhere.
    """
    person = parse_id(wanted.person)
    old, new = (parse_id(each) if each else None for each in (wanted.old, wanted.new))
    if person is None or old == new:
        raise Refusal(Code.BAD_REQUEST)
    return PersonId(person), ShiftId(old) if old else None, ShiftId(new) if new else None


def _shown(place: PlaceId, moves: Sequence[Move], sheet: Sheet) -> wire.Mend:
    return wire.Mend(
        place=place.hex,
        changes=[
            wire.MendChange(
                person=move.person.hex,
                name=sheet.people[move.person].name if move.person in sheet.people else "",
                old=_hours(move.old),
                new=_hours(move.new),
            )
            for move in moves
        ],
    )


def _hours(shift: ShiftRow | None) -> wire.PlanShift | None:
    if shift is None:
        return None
    return wire.PlanShift(
        shift=shift.shift.hex,
        starts_at=to_wire(shift.during.start),
        ends_at=to_wire(shift.during.end),
    )
