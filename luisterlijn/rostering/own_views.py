"""What volunteers see of the roster: their own places, what they may take, and what is asked.

Read as the line: rules need to know who else stands where, and of those only first names go out.
"""

from __future__ import annotations

from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, cast

from luisterlijn.accounts.ports import first_name
from luisterlijn.kernel.clock import local_day, to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering import life, store_plan, store_sheet, store_swaps
from luisterlijn.rostering.model import PlaceRole, ShiftState
from luisterlijn.rostering.rules import period_of, role_of
from luisterlijn.rostering.sheets import turn
from luisterlijn.rostering.wire_own import (
    Balance,
    OpenShift,
    OpenShifts,
    OwnLeave,
    OwnPlace,
    OwnRoster,
    OwnSwap,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import date, datetime

    from luisterlijn.kernel.ids import PersonId, PlaceId, ShiftId
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.rostering.model import Leave
    from luisterlijn.rostering.placing import Placing
    from luisterlijn.rostering.ports import PlaceRow, ShiftRow, SwapRow
    from luisterlijn.rostering.records import Records
    from luisterlijn.rostering.swap_views import SwapViews
    from luisterlijn.rostering.wire_own import LeaveState, Need, OwnOrigin, OwnRole, OwnState
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.volunteers.ports import Facts

    Needs = Callable[[Transaction, Sequence[ShiftRow]], Awaitable[Mapping[ShiftId, float]]]

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
AHEAD_DAYS = 56
FEW = 5
"""Under so many people a median would tell of one of them."""
HALF = 0.5
MANY_SAVED, SOME_SAVED = 1.0, 0.25
"""Contacts in one shift that would not be lost if one more came."""
NEEDS: tuple[Need, ...] = ("urgent", "needed", "welcome")


class OwnViews:
    """Answers what a volunteer's screens ask."""

    def __init__(
        self, database: Database, placing: Placing, swap_views: SwapViews, records: Records
    ) -> None:
        """Read this database."""
        self._database = database
        self._placing = placing
        self._swap_views = swap_views
        self._records = records
        self.needs: Needs | None = None
        """What one more saves on each shift, handed in by the planner's room; None: by heads."""

    async def roster(self, scope: Scope, first: date, days: int) -> OwnRoster:
        """Give the own places of some days of service, and what waits for an answer.

        Raises:
            Refusal: `not-found` for who is of no branch.
        """
        async with self._database.transaction(LINE) as tx:
            me = await self._me(tx, scope.person)
            today = local_day(tx.now)
            places = await self._held(tx, me, turn(first), turn(first + days * DAY))
            swaps = await store_swaps.open_of_branch(tx, me.branch)
            periods = await store_plan.periods_from(tx, me.branch, today)
            leave = await store_plan.leave_of(tx, me.person, today)
            return OwnRoster(
                places=await self._places(tx, me, places, swaps),
                asked=await self._swap_views.asked(tx, me, swaps),
                leave=[leave_view(each) for each in leave],
                balance=await self._balance(tx, me, today),
                wishes_open=any(each.state == "open" for each in periods),
            )

    async def place(self, scope: Scope, place_id: PlaceId) -> OwnPlace:
        """Give one own place.

        Raises:
            Refusal: `not-found`.
        """
        async with self._database.transaction(LINE) as tx:
            place = await store_sheet.place(tx, place_id)
            if place is None or place.person != scope.person or place.state not in life.HELD:
                raise Refusal(Code.NOT_FOUND)
            me = await self._me(tx, scope.person)
            swaps = await store_swaps.open_of_branch(tx, place.branch)
            [shown] = await self._places(tx, me, [place], swaps)
            return shown

    async def open_shifts(self, scope: Scope, first: date, days: int) -> OpenShifts:
        """Give the shifts that the volunteer may take, where they are needed most first.

        Raises:
            Refusal: `not-found` for who is of no branch.
        """
        async with self._database.transaction(LINE) as tx:
            me = await self._me(tx, scope.person)
            ahead = [
                each
                for each in await store_sheet.shifts(
                    tx, me.branch, turn(first), turn(first + days * DAY)
                )
                if each.state == ShiftState.PUBLISHED and each.during.start > tx.now
            ]
            if not ahead:
                return OpenShifts(shifts=[])
            book = await self._placing.seen(tx, [me.person], ahead)
            may = [each for each in ahead if not book.against_own(me.person, each)]
            costs = await self.needs(tx, may) if self.needs is not None else {}
            name = await store_sheet.branch_name(tx, me.branch)

        levels = {each.shift: need(each, book.missing(each), costs.get(each.shift)) for each in may}

        def order(shift: ShiftRow) -> tuple[int, float, datetime]:
            share = costs.get(shift.shift, book.missing(shift) / shift.wanted)
            return NEEDS.index(levels[shift.shift]), -share, shift.during.start

        return OpenShifts(
            shifts=[
                OpenShift(
                    shift=each.shift.hex,
                    starts_at=to_wire(each.during.start),
                    ends_at=to_wire(each.during.end),
                    branch_name=name,
                    channels=list(each.channels),
                    night=each.night,
                    wanted=each.wanted,
                    missing=max(book.missing(each), 0),
                    role=cast("OwnRole", role_of(me, each.channels)),
                    need=levels[each.shift],
                )
                for each in sorted(may, key=order)
            ]
        )

    async def _me(self, tx: Transaction, person: PersonId) -> Facts:
        facts = (await self._placing.volunteers.facts(tx, [person])).get(person)
        if facts is None:
            raise Refusal(Code.NOT_FOUND)
        return facts

    async def _held(
        self, tx: Transaction, me: Facts, start: datetime, end: datetime
    ) -> list[PlaceRow]:
        places = await store_sheet.places_of(tx, [me.person], start, end)
        return [each for each in places if each.state in life.HELD]

    async def _places(
        self, tx: Transaction, me: Facts, places: Sequence[PlaceRow], swaps: Sequence[SwapRow]
    ) -> list[OwnPlace]:
        ids = [each.shift for each in places]
        shifts = {each.shift: each for each in await store_sheet.shifts_of(tx, ids)}
        others = [
            each
            for each in await store_sheet.places_on(tx, ids)
            if each.person not in (None, me.person) and each.state in life.HELD
        ]
        named = {each.person for each in others if each.person is not None} | {
            each.asked for each in swaps if each.asked is not None
        }
        people = await self._placing.volunteers.facts(tx, list(named))
        mine = {each.place: each for each in swaps if each.person == me.person}
        name = await store_sheet.branch_name(tx, me.branch)
        return [
            _place(
                each,
                shifts[each.shift],
                name,
                tx.now,
                beside=_beside(each, others, people),
                swap=_swap(mine.get(each.place), people),
            )
            for each in places
        ]

    async def _balance(self, tx: Transaction, me: Facts, today: date) -> Balance:
        periods = await store_sheet.periods(tx, me.branch, today, today)
        weeks = period_of(periods, today)
        first = today + (weeks.start - (today.toordinal() - 1)) * DAY
        start, end = turn(first), turn(first + len(weeks) * DAY)
        places = [
            each
            for each in await self._held(tx, me, start, end)
            if each.role != PlaceRole.RESERVE and each.during.start >= start
        ]
        branch = await self._placing.volunteers.facts(tx, None, me.branch)
        counts = await self._records.worked(tx, [*branch, me.person])
        own = counts[me.person]
        others = [counts[each] for each in branch]
        return Balance(
            hours_agreed=me.hours_agreed,
            hours=sum((each.during.end - each.during.start) / HOUR for each in places),
            shifts=len(places),
            most_shifts=me.most_shifts,
            most_nights=me.most_nights,
            nights_year=own.nights,
            weekends_year=own.weekends,
            feasts_year=own.feasts,
            nights_branch=_median([each.nights for each in others]),
            weekends_branch=_median([each.weekends for each in others]),
            feasts_branch=_median([each.feasts for each in others]),
        )


def need(shift: ShiftRow, missing: int, saved: float | None) -> Need:
    """Say how much a shift needs one more.

    Args:
        shift: the shift.
        missing: how many more are wanted.
        saved: contacts that would not be lost with one more; None: unknown, so heads are counted:
            nobody there, or fewer than at least, is urgent.
    """
    if saved is not None:
        return "urgent" if saved >= MANY_SAVED else "needed" if saved >= SOME_SAVED else "welcome"
    here = shift.wanted - missing
    if here < max(shift.least, 1):
        return "urgent"
    return "needed" if missing >= HALF * shift.wanted else "welcome"


def leave_view(leave: Leave) -> OwnLeave:
    """Give leave as its person sees it."""
    return OwnLeave(
        leave=leave.leave.hex,
        first=leave.first.isoformat(),
        last=leave.last.isoformat(),
        state=cast("LeaveState", leave.state),
    )


def _median(counts: Sequence[int]) -> float | None:
    return float(median(counts)) if len(counts) >= FEW else None


def _beside(
    place: PlaceRow, others: Sequence[PlaceRow], people: Mapping[PersonId, Facts]
) -> list[str]:
    """Give the first names of the mentors beside a trainee, or of a mentor's trainees."""
    pairs = {
        PlaceRole.TRAINEE.value: PlaceRole.MENTOR.value,
        PlaceRole.MENTOR.value: PlaceRole.TRAINEE.value,
    }
    wanted = pairs.get(place.role)
    return sorted(
        first_name(people[each.person].name)
        for each in others
        if each.shift == place.shift
        and each.role == wanted
        and each.person is not None
        and each.person in people
    )


def _swap(swap: SwapRow | None, people: Mapping[PersonId, Facts]) -> OwnSwap | None:
    if swap is None:
        return None
    asked = people.get(swap.asked) if swap.asked is not None else None
    return OwnSwap(
        swap=swap.swap.hex,
        asked=swap.asked.hex if swap.asked is not None else None,
        asked_name=first_name(asked.name) if asked is not None else None,
        wants=[each.hex for each in swap.wants],
        until_at=to_wire(swap.until),
    )


def _place(
    place: PlaceRow,
    shift: ShiftRow,
    branch_name: str,
    now: datetime,
    *,
    beside: list[str],
    swap: OwnSwap | None,
) -> OwnPlace:
    until = life.undo_until(place)
    return OwnPlace(
        place=place.place.hex,
        shift=place.shift.hex,
        starts_at=to_wire(place.during.start),
        ends_at=to_wire(place.during.end),
        branch_name=branch_name,
        channels=list(shift.channels),
        night=shift.night,
        role=cast("OwnRole", place.role),
        state=cast("OwnState", place.state),
        origin=cast("OwnOrigin", place.origin),
        may_confirm=life.may_confirm(place, now),
        may_give_up=life.may_give_up(place, now),
        may_swap=life.may_swap(place, now),
        undo_until_at=to_wire(until) if until is not None and until > now else None,
        beside=beside,
        swap=swap,
    )
