"""Who came, who did not, and who takes over at once: in the transaction of whoever asks.

Lock order: shift, then person.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import Interval, service_day
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.rostering import store, store_attending, store_sheet
from luisterlijn.rostering.events import RosterChanged
from luisterlijn.rostering.model import PlaceRole, PlaceState, ShiftState

if TYPE_CHECKING:
    from collections.abc import Sequence

    from luisterlijn.kernel.ids import PersonId, PlaceId, ShiftId
    from luisterlijn.rostering.placing import Placing
    from luisterlijn.rostering.ports import ShiftRow
    from luisterlijn.store.database import Transaction

REST = timedelta(hours=11)
LONGEST_DAY = timedelta(hours=8)
NEAR = timedelta(days=1)
"""What is further away than this stands in nobody's way."""
AWAITED = (PlaceState.PUBLISHED.value, PlaceState.CONFIRMED.value)

SET_ASIDE = frozenset(
    {
        Code.SHIFT_FULL,
        Code.TWO_SHIFTS_A_DAY,
        Code.TOO_LITTLE_REST,
        Code.TOO_MANY_A_WEEK,
        Code.TOO_MANY_SHIFTS,
        Code.TOO_MANY_NIGHTS,
    }
)
"""Who jumps in says that they can; of their hours only the day's and the rest around it count."""


class Attending:
    """What becomes of places while a shift is near or runs."""

    def __init__(self, placing: Placing) -> None:
        """Move people with these hands."""
        self._placing = placing

    async def lock(self, tx: Transaction, shift: ShiftId) -> ShiftRow | None:
        """Give and lock a shift; None when it is over, cancelled, a draft, or not to be seen."""
        found = (await store_sheet.lock_shifts(tx, [shift])).get(shift)
        if found is None or found.state != ShiftState.PUBLISHED or found.during.end <= tx.now:
            return None
        return found

    async def mark_missed(self, tx: Transaction, place: PlaceId) -> bool:
        """Note that somebody did not come; False when they did, or are not expected."""
        return await self._become(tx, place, PlaceState.NO_SHOW, AWAITED)

    async def mark_come(self, tx: Transaction, place: PlaceId) -> bool:
        """Note that somebody is there after all; False when that is known, or cannot be."""
        before = (*AWAITED, PlaceState.NO_SHOW.value)
        return await self._become(tx, place, PlaceState.CHECKED_IN, before)

    async def confirm(self, tx: Transaction, place: PlaceId) -> bool:
        """Note that somebody says they will come; told twice, it is noted once."""
        return await self._become(tx, place, PlaceState.CONFIRMED, AWAITED)

    async def give_up(self, tx: Transaction, place: PlaceId) -> bool:
        """Note that somebody says they cannot; no reason is asked. False when it stands no more."""
        row = await store_sheet.place(tx, place)
        if row is None or row.state not in AWAITED:
            return False
        return bool(await self._placing.leave(tx, [row], PlaceState.CANNOT))

    async def shift_of(self, tx: Transaction, place: PlaceId) -> ShiftId | None:
        """Give the shift of a place that the scope may see."""
        row = await store_sheet.place(tx, place)
        return row.shift if row is not None else None

    async def during(self, tx: Transaction, place: PlaceId) -> Interval | None:
        """Give the hours of a place that the scope may see."""
        row = await store_sheet.place(tx, place)
        return row.during if row is not None else None

    async def fill_from_reserve(self, tx: Transaction, shift: ShiftId, person: PersonId) -> bool:
        """Let a reserve of this shift take contacts on it; False when they are no reserve."""
        place = await store_attending.reserve_comes(tx, shift, person)
        if place is not None:
            tx.publish_on_commit(RosterChanged(person=person))
        return place is not None

    async def jump_in(self, tx: Transaction, shift: ShiftRow, person: PersonId) -> None:
        """Put somebody on a shift at once, because they say that they come; it is locked.

        Raises:
            Refusal: `not-trained`, `account-ended`, `on-leave`, `desks-full`, `overlaps`,
                `too-little-rest` or `too-long-a-day`.
        """
        await store.lock_person(tx, person)
        reason = (await self._judged(tx, shift, [person]))[person]
        if reason is not None:
            raise Refusal(reason)
        await self._placing.drop_drafts(tx, person, shift)
        place = await self._placing.put(
            tx, shift, person, role=PlaceRole.LISTENER.value, origin="self"
        )
        await store_attending.become(tx, place.place, PlaceState.CONFIRMED.value, AWAITED)

    async def who_can(self, tx: Transaction, shift: ShiftRow) -> set[PersonId]:
        """Give who of the branch may jump in; who said no to this very shift is left alone."""
        facts = await self._placing.volunteers.facts(tx, None, shift.branch)
        judged = await self._judged(tx, shift, list(facts))
        said_no = await store_attending.gave_up(tx, shift.shift)
        return {person for person, reason in judged.items() if reason is None} - said_no

    async def _judged(
        self, tx: Transaction, shift: ShiftRow, people: Sequence[PersonId]
    ) -> dict[PersonId, Code | None]:
        """Give why each of these may not jump in; None: they may."""
        book = await self._placing.seen(tx, people, [shift])
        near: defaultdict[PersonId | None, list[Interval]] = defaultdict(list)
        start, end = shift.during.start - NEAR, shift.during.end + NEAR
        for row in await store_sheet.places_of(tx, people, start, end):
            if row.state != PlaceState.PROPOSED:
                near[row.person].append(row.during)
        judged: dict[PersonId, Code | None] = {}
        for person in people:
            found = book.against_own(person, shift, role=PlaceRole.LISTENER.value)
            reasons = [code for code in found if code not in SET_ASIDE]
            judged[person] = next(iter(reasons), None) or against(shift.during, near[person])
        return judged

    async def _become(
        self, tx: Transaction, place: PlaceId, state: PlaceState, before: Sequence[str]
    ) -> bool:
        person = await store_attending.become(tx, place, state.value, before)
        if person is not None:
            tx.publish_on_commit(RosterChanged(person=person))
        return person is not None


def against(wanted: Interval, others: Sequence[Interval]) -> Code | None:
    """Say why somebody may not jump in beside what they do already; None: they may.

    What they do on the same day of service counts for its hours; between two days there is rest.
    """
    if any(wanted.overlaps(each) for each in others):
        return Code.OVERLAPS
    day = service_day(wanted.start)
    same = [each for each in others if service_day(each.start) == day]
    if sum((each.end - each.start for each in (wanted, *same)), timedelta()) > LONGEST_DAY:
        return Code.TOO_LONG_A_DAY
    for each in others:
        gap = max(wanted.start - each.end, each.start - wanted.end)
        if service_day(each.start) != day and gap < REST:
            return Code.TOO_LITTLE_REST
    return None
