"""What volunteers see of swaps: whom they can ask, what they can have, what is asked of them.

Colleagues are told by first name; who may not take a place is left out, and why is not said.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.accounts.ports import first_name
from luisterlijn.kernel.clock import local_day, service_day, to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering import life, store_sheet
from luisterlijn.rostering.model import LISTENING, ShiftState
from luisterlijn.rostering.placing import without_drafts
from luisterlijn.rostering.rules import Book
from luisterlijn.rostering.wire_own import AskedSwap, SwapChoices, SwapColleague, SwapShift

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from luisterlijn.kernel.ids import PersonId, PlaceId, ShiftId
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.rostering.placing import Placing
    from luisterlijn.rostering.ports import PlaceRow, Sheet, ShiftRow, SwapRow
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.volunteers.ports import Facts

DAY = timedelta(days=1)
AHEAD_DAYS = 56


class SwapViews:
    """Answers what a volunteer's screens ask about swaps."""

    def __init__(self, database: Database, placing: Placing) -> None:
        """Read this database, as the line."""
        self._database = database
        self._placing = placing

    async def choices(self, scope: Scope, place_id: PlaceId) -> SwapChoices:
        """Give to whom an own place can be given, by name, and what it can be swapped for.

        Raises:
            Refusal: `not-found`, `too-late`.
        """
        async with self._database.transaction(LINE) as tx:
            place = await store_sheet.place(tx, place_id)
            if place is None or place.person != scope.person or place.state not in life.HELD:
                raise Refusal(Code.NOT_FOUND)
            if not life.may_swap(place, tx.now):
                raise Refusal(Code.TOO_LATE)
            [shift] = await store_sheet.shifts_of(tx, [place.shift])
            days = (service_day(shift.during.start) - local_day(tx.now)).days + 1
            sheet = without_drafts(
                await self._placing.sheets.stretch(
                    tx, place.branch, local_day(tx.now), max(AHEAD_DAYS, days)
                )
            )
            now = tx.now
        book = Book(sheet)
        colleagues = [
            each
            for each in sheet.people.values()
            if each.person != scope.person and _may(book, each.person, shift, [place.place])
        ]
        return SwapChoices(
            colleagues=[
                SwapColleague(person=each.person.hex, name=first_name(each.name))
                for each in sorted(colleagues, key=lambda each: each.name)
            ],
            shifts=[
                SwapShift(
                    shift=each.shift.hex,
                    starts_at=to_wire(each.during.start),
                    ends_at=to_wire(each.during.end),
                    channels=list(each.channels),
                    night=each.night,
                )
                for each in _instead(sheet, book, scope.person, place, now)
            ],
        )

    async def asked(self, tx: Transaction, me: Facts, swaps: Sequence[SwapRow]) -> list[AskedSwap]:
        """Give the swaps that the volunteer may take, and those asked of them alone."""
        for_me = [
            each for each in swaps if each.person != me.person and each.asked in (None, me.person)
        ]
        if not for_me:
            return []
        until = tx.now + AHEAD_DAYS * DAY
        places = await store_sheet.places_of(tx, [me.person], tx.now, until)
        mine = [each for each in places if life.may_swap(each, tx.now)]
        ids = {each.shift for each in for_me} | {each.shift for each in mine}
        shifts = {each.shift: each for each in await store_sheet.shifts_of(tx, ids)}
        people = {me.person, *(each.person for each in for_me)}
        book = await self._placing.seen(tx, people, list(shifts.values()))
        facts = await self._placing.volunteers.facts(tx, list(people))
        name = await store_sheet.branch_name(tx, me.branch)
        found = []
        for each in for_me:
            given = [
                place.place.hex
                for place in mine
                if place.shift in each.wants and _exchange(book, me.person, each, place, shifts)
            ]
            may = (
                bool(given)
                if each.wants
                else _may(book, me.person, shifts[each.shift], [each.place])
            )
            if may or each.asked == me.person:
                found.append(
                    _asked_view(
                        each,
                        shifts[each.shift],
                        first_name(facts[each.person].name) if each.person in facts else "",
                        name,
                        given,
                    )
                )
        return found


def _may(book: Book, person: PersonId, shift: ShiftRow, without: Collection[PlaceId]) -> bool:
    """Say whether somebody may come in another's place."""
    return not set(book.against_own(person, shift, without=without)) - {Code.SHIFT_FULL}


def _exchange(
    book: Book,
    person: PersonId,
    swap: SwapRow,
    given: PlaceRow,
    shifts: Mapping[ShiftId, ShiftRow],
) -> bool:
    """Say whether two may change places."""
    both = [swap.place, given.place]
    return _may(book, person, shifts[swap.shift], both) and _may(
        book, swap.person, shifts[given.shift], both
    )


def _instead(
    sheet: Sheet, book: Book, person: PersonId, place: PlaceRow, now: datetime
) -> list[ShiftRow]:
    """Give the shifts on which a colleague stands, and that may be had for a place; by start."""
    others: dict[ShiftId, PlaceId] = {
        each.shift: each.place
        for each in sheet.places
        if each.person != place.person and each.role in LISTENING and life.may_swap(each, now)
    }
    return [
        each
        for each in sheet.shifts
        if each.shift in others
        and each.shift != place.shift
        and each.state == ShiftState.PUBLISHED
        and _may(book, person, each, [place.place, others[each.shift]])
    ]


def _asked_view(
    swap: SwapRow, shift: ShiftRow, name: str, branch_name: str, mine: list[str]
) -> AskedSwap:
    return AskedSwap(
        swap=swap.swap.hex,
        name=name,
        branch_name=branch_name,
        shift=shift.shift.hex,
        starts_at=to_wire(shift.during.start),
        ends_at=to_wire(shift.during.end),
        channels=list(shift.channels),
        night=shift.night,
        to_me=swap.asked is not None,
        mine=mine,
        until_at=to_wire(swap.until),
    )
