"""Reading what a roster is judged by: a whole stretch of it, or what lies around some shifts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import AMSTERDAM, service_day
from luisterlijn.rostering import store_sheet
from luisterlijn.rostering.ports import Sheet
from luisterlijn.rostering.rules import PERIOD_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from luisterlijn.kernel.ids import BranchId, PersonId
    from luisterlijn.rostering.ports import PeriodRow, PlaceRow, ShiftRow
    from luisterlijn.store.database import Transaction
    from luisterlijn.volunteers.service import Volunteers

DAY = timedelta(days=1)
REACH = PERIOD_DAYS * DAY
TURNS = time(6)


class Sheets:
    """Gives sheets; see `ports.Sheet`."""

    def __init__(self, volunteers: Volunteers) -> None:
        """Ask this room about people."""
        self._volunteers = volunteers

    async def stretch(
        self, tx: Transaction, branch: BranchId | None, first: date, days: int
    ) -> Sheet:
        """Give everything of some days of service of a branch; None: of all that are seen."""
        last = first + (days - 1) * DAY
        periods = await store_sheet.periods(tx, branch, first, last)
        since, until = _reach(periods, first, last)
        people = await self._volunteers.facts(tx, None, branch)
        shifts = await store_sheet.shifts(tx, branch, turn(first), turn(last + DAY))
        places = _merged(
            await store_sheet.places_of(tx, people, turn(since), turn(until)),
            await store_sheet.places_on(tx, [each.shift for each in shifts]),
        )
        others = {each.person for each in places if each.person is not None} - set(people)
        if others:
            people |= await self._volunteers.facts(tx, list(others))
        return Sheet(
            shifts=tuple(shifts),
            places=tuple(places),
            people=people,
            wishes=await store_sheet.wishes(tx, people, first, last),
            leave=await store_sheet.leave(tx, people, first - DAY, last + DAY),
            periods=tuple(periods),
        )

    async def around(
        self,
        tx: Transaction,
        branch: BranchId,
        people: Iterable[PersonId],
        shifts: Sequence[ShiftRow],
    ) -> Sheet:
        """Give what decides whether these people may stand on these shifts of a branch.

        Args:
            tx: where; who the scope may not see is not judged right, so a volunteer's own order is
                read as the line's.
            branch: whose shifts they are.
            people: who may come onto one.
            shifts: one or more.
        """
        asked = set(people)
        starts = [service_day(each.during.start) for each in shifts]
        first, last = min(starts), max(starts)
        periods = await store_sheet.periods(tx, branch, first, last)
        since, until = _reach(periods, first, last)
        places = _merged(
            await store_sheet.places_of(tx, asked, turn(since), turn(until)),
            await store_sheet.places_during(tx, branch, [each.during for each in shifts]),
        )
        known = asked | {each.person for each in places if each.person is not None}
        return Sheet(
            shifts=tuple(shifts),
            places=tuple(places),
            people=await self._volunteers.facts(tx, list(known)),
            wishes=await store_sheet.wishes(tx, asked, first, last),
            leave=await store_sheet.leave(tx, asked, first - DAY, last + DAY),
            periods=tuple(periods),
        )


def turn(day: date) -> datetime:
    """Give when a day of service begins."""
    return datetime.combine(day, TURNS, AMSTERDAM)


def _reach(periods: Iterable[PeriodRow], first: date, last: date) -> tuple[date, date]:
    """Give the days whose places can matter: whole periods, and rest and weeks at the edges."""
    firsts = [each.first for each in periods]
    lasts = [each.last for each in periods]
    return min([first - REACH, *firsts]), max([last + REACH, *lasts]) + DAY


def _merged(one: Iterable[PlaceRow], two: Iterable[PlaceRow]) -> list[PlaceRow]:
    every = {each.place: each for each in (*one, *two)}
    return sorted(every.values(), key=lambda each: (each.during.start, each.place))
