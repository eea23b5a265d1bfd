"""A period of a branch's roster: opened for wishes, laid out, published at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import AMSTERDAM, Interval, local_day, local_interval
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PlaceId, ShiftId, new_id
from luisterlijn.rostering import life, store_plan, store_sheet
from luisterlijn.rostering.model import PlaceRole, PlaceState, ShiftState
from luisterlijn.rostering.ports import PeriodRow, PlaceRow, ShiftRow
from luisterlijn.rostering.rules import WITH_YES, Book, role_of
from luisterlijn.rostering.sheets import turn

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from luisterlijn.kernel.ids import BranchId, TokenSource
    from luisterlijn.kernel.scope import LineScope, Scope
    from luisterlijn.rostering.placing import Placing
    from luisterlijn.rostering.ports import Sheet
    from luisterlijn.store.database import Database, Transaction

DAY = timedelta(days=1)
WEEK_DAYS = 7


@dataclass(frozen=True, slots=True)
class Published:
    """What everybody sees from now on, and the proposals that a rule was in the way of."""

    shifts: int
    places: int
    left: tuple[PlaceRow, ...]


@dataclass(frozen=True, slots=True)
class Copied:
    """How many draft shifts and proposals were added; `left`: places a rule was in the way of."""

    shifts: int
    places: int
    left: int


class Periods:
    """The use cases of a period, and of copying a week."""

    def __init__(self, database: Database, placing: Placing, tokens: TokenSource) -> None:
        """Work on this database."""
        self._database = database
        self._placing = placing
        self._tokens = tokens

    async def all(
        self, scope: Scope | LineScope, branch: BranchId
    ) -> tuple[list[tuple[PeriodRow, int]], date]:
        """Give the periods of a branch with how many sent wishes, the last first; and today."""
        async with self._database.transaction(scope) as tx:
            return await store_plan.periods(tx, branch), local_day(tx.now)

    async def open(
        self, scope: Scope | LineScope, branch: BranchId, first: date, days: int
    ) -> PeriodRow:
        """Open a period for wishes.

        Raises:
            Refusal: `bad-request` when it begins on no Monday, `in-the-past`, `not-found`, or
                `overlaps` when another period has one of its days.
        """
        async with self._database.transaction(scope) as tx:
            last = first + (days - 1) * DAY
            if first.weekday() != 0:
                raise Refusal(Code.BAD_REQUEST)
            if last < local_day(tx.now):
                raise Refusal(Code.IN_THE_PAST)
            await store_plan.lock_branch(tx, branch)
            if await store_sheet.periods(tx, branch, first, last):
                raise Refusal(Code.OVERLAPS)
            period = PeriodRow(
                period=new_id(self._tokens), branch=branch, first=first, days=days, state="open"
            )
            await store_plan.insert_period(tx, period)
        return period

    async def lay_out(self, scope: Scope | LineScope, period_id: UUID) -> int:
        """Make draft shifts of the branch's templates; gives how many. Wishes are closed then.

        Repeated, it adds what is missing: no shift twice, and none that was cancelled.

        Raises:
            Refusal: `not-found`.
        """
        async with self._database.transaction(scope) as tx:
            period = await self._locked(tx, period_id)
            new = []
            for each in await store_plan.templates(tx, period.branch):
                stretches = life.occurrences(
                    *(each.weekdays, each.starts, each.ends, period.first, period.days)
                )
                new += [
                    ShiftRow(
                        shift=ShiftId(new_id(self._tokens)),
                        branch=period.branch,
                        during=during,
                        channels=each.channels,
                        least=each.least,
                        wanted=each.wanted,
                        night=each.night,
                        state=ShiftState.CONCEPT.value,
                        template=each.template,
                    )
                    for during in stretches
                ]
            added = await self._added(tx, period.branch, new)
            if period.state == "open":
                await store_plan.set_period(tx, period_id, "concept")
        return len(added)

    async def publish(self, scope: Scope | LineScope, period_id: UUID) -> Published:
        """Let everybody see the period's shifts and proposals: all of it at once.

        Proposals that a rule is in the way of by now are taken off, and named.

        Raises:
            Refusal: `not-found`.
        """
        async with self._database.transaction(scope) as tx:
            period = await self._locked(tx, period_id)
            sheet = await self._settled_sheet(tx, period)
            drafts = [each for each in sheet.shifts if each.state == ShiftState.CONCEPT]
            here = {each.shift for each in sheet.shifts}
            proposed = [
                each
                for each in sheet.places
                if each.shift in here and each.state == PlaceState.PROPOSED
            ]
            left = _in_the_way(sheet, proposed)
            out = {each.place for each in left}
            stay = [each for each in proposed if each.place not in out]
            await self._placing.end(tx, left, PlaceState.TAKEN_OFF)
            await store_sheet.set_shifts(tx, [each.shift for each in drafts], "published")
            await store_sheet.publish_places(tx, [each.place for each in stay])
            await store_plan.set_period(tx, period_id, "published")
            self._placing.tell(tx, [replace(each, state="published") for each in stay])
        return Published(len(drafts), len(stay), tuple(left))

    async def copy_week(
        self,
        scope: Scope | LineScope,
        branch: BranchId,
        source: date,
        target: date,
        *,
        people: bool,
    ) -> Copied:
        """Copy seven days of service as drafts, by the wall clock; what is there stays.

        `people`: also who stands there, as proposals where no rule is in the way.

        Raises:
            Refusal: `bad-request` when the two weeks overlap.
        """
        if abs((target - source).days) < WEEK_DAYS:
            raise Refusal(Code.BAD_REQUEST)
        async with self._database.transaction(scope) as tx:
            await store_plan.lock_branch(tx, branch)
            before = await self._placing.sheets.stretch(tx, branch, source, WEEK_DAYS)
            kept = [each for each in before.shifts if each.state != ShiftState.CANCELLED]
            copies = {
                each.shift: replace(
                    each,
                    shift=ShiftId(new_id(self._tokens)),
                    during=_moved(each, target - source),
                    state=ShiftState.CONCEPT.value,
                    template=None,
                )
                for each in kept
            }
            added = await self._added(tx, branch, copies.values())
            placed, left = [], 0
            if people:
                pairs = [
                    (each, copies[each.shift])
                    for each in before.places
                    if each.shift in copies and copies[each.shift].shift in added
                ]
                placed = await self._copied_people(tx, branch, target, pairs)
                left = len(pairs) - len(placed)
        return Copied(len(added), len(placed), left)

    async def _copied_people(
        self,
        tx: Transaction,
        branch: BranchId,
        target: date,
        pairs: list[tuple[PlaceRow, ShiftRow]],
    ) -> list[PlaceRow]:
        people = {each.person for each, _shift in pairs if each.person is not None}
        await self._placing.lock(tx, [], people)
        sheet = await self._placing.sheets.stretch(tx, branch, target, WEEK_DAYS)
        placed: list[PlaceRow] = []
        # Mentors first: a trainee is put beside one.
        for each, shift in sorted(pairs, key=lambda pair: pair[0].role == PlaceRole.TRAINEE):
            person = each.person
            facts = sheet.people.get(person) if person is not None else None
            if person is None or facts is None:
                continue
            reserve = each.role == PlaceRole.RESERVE
            role = each.role if reserve else role_of(facts, shift.channels)
            if Book(sheet).against(person, shift, role=role):
                continue
            new = PlaceRow(
                place=PlaceId(new_id(self._tokens)),
                shift=shift.shift,
                branch=branch,
                person=person,
                during=shift.during,
                role=role,
                state=PlaceState.PROPOSED.value,
                origin="coordinator",
                pinned=False,
                allowed=None,
                on_behalf=False,
                night=shift.night,
            )
            placed.append(new)
            sheet = replace(sheet, places=(*sheet.places, new))
        await store_sheet.insert_places(tx, placed)
        self._placing.tell(tx, placed)
        return placed

    async def _added(
        self, tx: Transaction, branch: BranchId, new: Iterable[ShiftRow]
    ) -> set[ShiftId]:
        """Write those of the drafts that are not there yet and not over."""
        ahead = [each for each in new if each.during.start > tx.now]
        if not ahead:
            return set()
        first = min(each.during.start for each in ahead)
        end = max(each.during.end for each in ahead)
        made, there = await store_plan.laid_out(tx, branch, first, end)
        missing = [
            each
            for each in ahead
            if (each.template, each.during.start) not in made
            and store_plan.alike(each.during, each.channels) not in there
        ]
        await store_sheet.insert_shifts(tx, missing)
        return {each.shift for each in missing}

    async def _locked(self, tx: Transaction, period_id: UUID) -> PeriodRow:
        period = await store_plan.period(tx, period_id)
        if period is None:
            raise Refusal(Code.NOT_FOUND)
        return period

    async def _settled_sheet(self, tx: Transaction, period: PeriodRow) -> Sheet:
        """Give the period's sheet while nobody else can change who stands on its shifts."""
        start, end = turn(period.first), turn(period.last + DAY)
        shifts = await store_sheet.shifts(tx, period.branch, start, end)
        people = {
            each.person
            for each in await store_sheet.places_on(tx, [each.shift for each in shifts])
            if each.person is not None
        }
        await self._placing.lock(tx, [each.shift for each in shifts], people)
        return await self._placing.sheets.stretch(tx, period.branch, period.first, period.days)


def _in_the_way(sheet: Sheet, proposed: list[PlaceRow]) -> list[PlaceRow]:
    """Give the proposals that may not stand, the fewest: each is judged beside those that may."""
    shifts = {each.shift: each for each in sheet.shifts}
    book = Book(sheet)
    doubted = [each for each in proposed if _codes(book, shifts[each.shift], each)]
    if not doubted:
        return []
    out = {each.place for each in doubted}
    kept = replace(sheet, places=tuple(each for each in sheet.places if each.place not in out))
    left = []
    for each in sorted(doubted, key=lambda row: (row.role == PlaceRole.TRAINEE, row.during.start)):
        if _codes(Book(kept), shifts[each.shift], each):
            left.append(each)
        else:
            kept = replace(kept, places=(*kept.places, each))
    # Whose mentor may not stand has nobody beside.
    book, standing = Book(kept), {each.place for each in proposed}
    alone = [each for shift in shifts for each in book.left_alone(shift)]
    return left + [each for each in alone if each.place in standing]


def _codes(book: Book, shift: ShiftRow, place: PlaceRow) -> list[Code]:
    """Say what stands in the way of a proposal; what was allowed with a yes does not."""
    if place.person is None:
        return [Code.ACCOUNT_ENDED]
    codes = book.against(place.person, shift, role=place.role, without=[place.place])
    return [each for each in codes if place.allowed is None or each not in WITH_YES]


def _moved(shift: ShiftRow, by: timedelta) -> Interval:
    """Give a shift's hours on another day of service, by the wall clock."""
    start, end = (each.astimezone(AMSTERDAM) for each in (shift.during.start, shift.during.end))
    return local_interval(start.date() + by, start.time(), end.time())
