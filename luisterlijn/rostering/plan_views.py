"""What coordinators and planners see: places, the inbox, and who wishes what."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from luisterlijn.kernel.clock import local_day, to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.rostering import store_plan, store_sheet, store_swaps
from luisterlijn.rostering.wire_plan import (
    Inbox,
    InboxLeave,
    InboxSwap,
    PeriodWishes,
    PersonWishes,
    PlannedPlace,
    SwapHours,
)
from luisterlijn.rostering.wishes import proposed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from luisterlijn.kernel.ids import BranchId, PersonId, ShiftId
    from luisterlijn.kernel.scope import LineScope, Scope
    from luisterlijn.rostering.leaves import Leaves
    from luisterlijn.rostering.model import Leave
    from luisterlijn.rostering.ports import PlaceRow, ShiftRow, SwapRow
    from luisterlijn.rostering.wire_own import LeaveState
    from luisterlijn.store.database import Database
    from luisterlijn.volunteers.ports import Facts
    from luisterlijn.volunteers.service import Volunteers

    People = Mapping[PersonId, Facts]


class PlanViews:
    """Answers what a coordinator's screens ask."""

    def __init__(self, database: Database, volunteers: Volunteers, leaves: Leaves) -> None:
        """Read this database."""
        self._database = database
        self._volunteers = volunteers
        self._leaves = leaves

    async def places(
        self, scope: Scope | LineScope, rows: Sequence[PlaceRow]
    ) -> list[PlannedPlace]:
        """Give places with names."""
        async with self._database.transaction(scope) as tx:
            people = await self._volunteers.facts(tx, _named(rows))
        return [place_view(each, people) for each in rows]

    async def inbox(self, scope: Scope | LineScope, branch: BranchId) -> Inbox:
        """Give what waits for an answer in a branch, the soonest first."""
        waiting = await self._leaves.waiting(scope, branch)
        async with self._database.transaction(scope) as tx:
            swaps = await store_swaps.open_of_branch(tx, branch)
            ids = {each.shift for each in swaps} | {shift for each in swaps for shift in each.wants}
            shifts = {each.shift: each for each in await store_sheet.shifts_of(tx, ids)}
            granted = await store_plan.leave_in(tx, branch, "granted", local_day(tx.now))
            people = await self._volunteers.facts(tx, None, branch)
        return Inbox(
            swaps=[_swap(each, shifts, people) for each in swaps],
            leave=[leave_view(each, places, people) for each, places in waiting],
            granted=[leave_view(each, [], people) for each in granted],
        )

    async def leave(self, scope: Scope | LineScope, leave: Leave) -> InboxLeave:
        """Give leave as the inbox shows it."""
        waiting = await self._leaves.waiting(scope, leave.branch)
        places = [found for each, found in waiting if each.leave == leave.leave]
        async with self._database.transaction(scope) as tx:
            people = await self._volunteers.facts(tx, [leave.person])
        return leave_view(leave, places[0] if places else [], people)

    async def wishes(self, scope: Scope | LineScope, period_id: UUID) -> PeriodWishes:
        """Give who wishes what for a period, by name.

        Raises:
            Refusal: `not-found`.
        """
        async with self._database.transaction(scope) as tx:
            period = await store_plan.period(tx, period_id)
            if period is None:
                raise Refusal(Code.NOT_FOUND)
            people = await self._volunteers.facts(tx, None, period.branch)
            sent = await store_plan.wishes_of(tx, period_id)
        found = []
        for facts in people.values():
            wish, on_behalf = sent.get(facts.person, (None, False))
            known = wish or proposed(facts, period.days, None)
            found.append(
                PersonWishes(
                    person=facts.person.hex,
                    name=facts.name,
                    given=wish is not None,
                    on_behalf=on_behalf,
                    wanted=known.wanted,
                    most=known.most,
                    nights=known.nights,
                    levels=list(known.levels),
                )
            )
        return PeriodWishes(people=found)


def place_view(place: PlaceRow, people: People) -> PlannedPlace:
    """Give a place as planners see it; who has left has no name."""
    return PlannedPlace(
        place=place.place.hex,
        shift=place.shift.hex,
        person=place.person.hex if place.person is not None else None,
        name=_name(people, place.person),
        role=place.role,
        state=place.state,
        origin=place.origin,
        pinned=place.pinned,
        allowed=place.allowed,
        on_behalf=place.on_behalf,
    )


def leave_view(leave: Leave, places: Iterable[PlaceRow], people: People) -> InboxLeave:
    """Give leave as planners see it, with the places that granting it would open."""
    return InboxLeave(
        leave=leave.leave.hex,
        person=leave.person.hex,
        name=_name(people, leave.person),
        first=leave.first.isoformat(),
        last=leave.last.isoformat(),
        state=cast("LeaveState", leave.state),
        on_behalf=leave.on_behalf,
        releases=[place_view(each, people) for each in places],
    )


def _swap(swap: SwapRow, shifts: Mapping[ShiftId, ShiftRow], people: People) -> InboxSwap:
    during = shifts[swap.shift].during
    return InboxSwap(
        swap=swap.swap.hex,
        place=swap.place.hex,
        person=swap.person.hex,
        name=_name(people, swap.person),
        shift=swap.shift.hex,
        starts_at=to_wire(during.start),
        ends_at=to_wire(during.end),
        wants=[
            SwapHours(
                shift=each.hex,
                starts_at=to_wire(shifts[each].during.start),
                ends_at=to_wire(shifts[each].during.end),
            )
            for each in swap.wants
            if each in shifts
        ],
        asked=swap.asked.hex if swap.asked is not None else None,
        asked_name=_name(people, swap.asked) if swap.asked is not None else None,
        until_at=to_wire(swap.until),
    )


def _name(people: People, person: PersonId | None) -> str:
    facts = people.get(person) if person is not None else None
    return facts.name if facts is not None else ""


def _named(rows: Iterable[PlaceRow]) -> list[PersonId]:
    return list({each.person for each in rows if each.person is not None})
