"""May somebody stand on a shift, beside all that stands there: the rules over rows. Pure.

The rules are those of planning; here they read days, leave, training and desks out of the roster's
own rows.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from luisterlijn.kernel.clock import AMSTERDAM, service_day
from luisterlijn.kernel.errors import Code
from luisterlijn.planning.rules import DESKS, WEEK_DAYS, Stint, alone, most_at_once
from luisterlijn.rostering.model import LISTENING, PlaceRole, PlaceState, ShiftState
from luisterlijn.volunteers.ports import Status

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from uuid import UUID

    from luisterlijn.kernel.clock import Interval
    from luisterlijn.kernel.ids import PersonId, PlaceId, ShiftId
    from luisterlijn.rostering.ports import PeriodRow, PlaceRow, Sheet, ShiftRow, WishRow
    from luisterlijn.volunteers.ports import Facts

    Asking = tuple[PlaceId | None, PersonId | None]

PERIOD_DAYS = 4 * WEEK_DAYS
"""Where no period of the branch lies around a day, four weeks from a Monday on stand for one."""
PARTS_FROM = time(7)
PART = timedelta(hours=4)
PARTS = 6
CANNOT = "0"

WITH_YES = frozenset(
    {
        Code.TWO_SHIFTS_A_DAY,
        Code.TOO_LITTLE_REST,
        Code.TOO_MANY_A_WEEK,
        Code.TOO_MANY_SHIFTS,
        Code.TOO_MANY_NIGHTS,
        Code.ON_LEAVE,
        Code.NOT_AVAILABLE,
    }
)
"""A coordinator may set these aside with the person's yes and a reason; nobody may any other."""
ENDED = frozenset({Status.PAUSED, Status.STOPPED})


class Limits(NamedTuple):
    """What holds for one person in one period."""

    channels: Collection[str]
    max_shifts: int
    max_nights: int


class Book:
    """Who is where on a sheet, to judge one more place by. It does not change."""

    def __init__(self, sheet: Sheet) -> None:
        """Write down who stands where."""
        self._sheet = sheet
        self._own: defaultdict[PersonId | None, list[tuple[PlaceId, Stint]]] = defaultdict(list)
        self._on: defaultdict[ShiftId, list[PlaceRow]] = defaultdict(list)
        self._desks: defaultdict[tuple[UUID, int], list[tuple[PlaceId, Stint]]] = defaultdict(list)
        for row in sheet.places:
            each = stint(row.during, (), night=row.night)
            self._own[row.person].append((row.place, each))
            self._on[row.shift].append(row)
            if row.role != PlaceRole.RESERVE and not self._home(row.person):
                for day in (each.day, each.day + 1):
                    self._desks[row.branch, day].append((row.place, each))

    def against(
        self,
        person: PersonId,
        shift: ShiftRow,
        *,
        role: str | None = None,
        without: Collection[PlaceId] = (),
    ) -> tuple[Code, ...]:
        """Say what stands in the way of somebody on a shift whom another puts there.

        Args:
            person: who.
            shift: where.
            role: as what; None: as `role_of` says.
            without: places that would be gone then.

        Returns:
            Refusal codes, in the order of the rules; empty: they may. What the person wished
            (never then, at most so many) is among them.
        """
        day = service_day(shift.during.start)
        wish = self._wish(person, day)
        most = (wish.most, wish.nights) if wish is not None else None
        found = self._judged(person, shift, role, without, most)
        if wish is not None and CANNOT in wished(wish, shift.during):
            found.append(Code.NOT_AVAILABLE)
        return tuple(found)

    def against_own(
        self,
        person: PersonId,
        shift: ShiftRow,
        *,
        role: str | None = None,
        without: Collection[PlaceId] = (),
    ) -> tuple[Code, ...]:
        """Say what stands in the way of somebody who asks for it: by that they say they can.

        Args, Returns: as `against`; `shift-full` when nobody is missing is among them.
        """
        found = self._judged(person, shift, role, without, None)
        facts = self._sheet.people.get(person)
        if facts is not None:
            fills = (role or role_of(facts, shift.channels)) in LISTENING
            if fills and self.missing(shift, without) <= 0:
                found.append(Code.SHIFT_FULL)
        return tuple(found)

    def missing(self, shift: ShiftRow, without: Collection[PlaceId] = ()) -> int:
        """Give how many more are wanted on a shift; below 0: there are more than wanted."""
        return shift.wanted - sum(
            row.role in LISTENING and row.state != PlaceState.NO_SHOW and row.place not in without
            for row in self._on[shift.shift]
        )

    def left_alone(self, shift: ShiftId, without: Collection[PlaceId] = ()) -> tuple[PlaceRow, ...]:
        """Give the trainees on a shift for whom no mentor is left without these places."""
        rows = [row for row in self._on[shift] if row.place not in without]
        alone_now = _alone(self._mentors(rows), self._asking(rows))
        return tuple(row for row in rows if row.place in alone_now)

    def _judged(
        self,
        person: PersonId,
        shift: ShiftRow,
        role: str | None,
        without: Collection[PlaceId],
        most: tuple[int, int] | None,
    ) -> list[Code]:
        facts = self._sheet.people.get(person)
        if facts is None or facts.branch != shift.branch:
            return [Code.NOT_FOUND]
        if shift.state == ShiftState.CANCELLED:
            return [Code.SHIFT_CANCELLED]
        role = role or role_of(facts, shift.channels)
        wanted = stint(shift.during, shift.channels, night=shift.night)
        own = [each for place, each in self._own[person] if place not in without]
        day = service_day(shift.during.start)
        found = [
            Code(rule.value)
            for rule in alone(_limits(facts, role, most), own, wanted, self._period(shift, day))
        ]
        if has_ended(facts, shift.channels, day):
            found = [Code.ACCOUNT_ENDED, *(each for each in found if each != Code.NOT_TRAINED)]
        if self._is_away(facts, shift.during, day):
            found.append(Code.ON_LEAVE)
        return found + self._about_the_room(facts, role, shift, wanted, without)

    def _about_the_room(
        self,
        facts: Facts,
        role: str,
        shift: ShiftRow,
        wanted: Stint,
        without: Collection[PlaceId],
    ) -> list[Code]:
        """Say which rules the others on duty are about."""
        found = []
        if role == PlaceRole.TRAINEE:
            rows = [row for row in self._on[shift.shift] if row.place not in without]
            if _alone(self._mentors(rows), [*self._asking(rows), (None, facts.mentor)]):
                found.append(Code.TRAINEE_ALONE)
        if role != PlaceRole.RESERVE and not facts.home:
            near = dict(self._desks[shift.branch, wanted.day])
            near |= self._desks[shift.branch, wanted.day + 1]
            taken = [each for place, each in near.items() if place not in without]
            if most_at_once(taken, wanted) >= DESKS:
                found.append(Code.DESKS_FULL)
        return found

    def _home(self, person: PersonId | None) -> bool:
        facts = self._sheet.people.get(person) if person is not None else None
        return facts is not None and facts.home

    def _asking(self, rows: Iterable[PlaceRow]) -> list[Asking]:
        """Give the trainees among these, each with the one mentor that they have; None: any."""
        found: list[Asking] = []
        for row in rows:
            if row.role == PlaceRole.TRAINEE and row.person is not None:
                facts = self._sheet.people.get(row.person)
                found.append((row.place, facts.mentor if facts is not None else None))
        return found

    def _mentors(self, rows: Iterable[PlaceRow]) -> list[PersonId]:
        return [
            row.person
            for row in rows
            if row.person is not None
            and row.role in LISTENING
            and row.state != PlaceState.NO_SHOW
            and (facts := self._sheet.people.get(row.person)) is not None
            and facts.is_mentor
        ]

    def _wish(self, person: PersonId, day: date) -> WishRow | None:
        for wish in self._sheet.wishes.get(person, ()):
            if 0 <= (day - wish.first).days < len(wish.levels):
                return wish
        return None

    def _period(self, shift: ShiftRow, day: date) -> range:
        return period_of([p for p in self._sheet.periods if p.branch == shift.branch], day)

    def _is_away(self, facts: Facts, during: Interval, day: date) -> bool:
        if facts.away_until is not None and facts.away_until >= day:
            return True
        return any(
            touches(during, first, last) for first, last in self._sheet.leave.get(facts.person, ())
        )


def stint(during: Interval, channels: Sequence[str], *, night: bool) -> Stint:
    """Give a shift as minutes since 1970, in days of service of which each seventh is a Monday."""
    start, end = (int(each.timestamp()) // 60 for each in (during.start, during.end))
    day = service_day(during.start).toordinal() - 1
    return Stint(start, end, day, night, tuple(channels))


def period_of(periods: Iterable[PeriodRow], day: date) -> range:
    """Give the days, as `Stint` counts them, within which the highest numbers hold."""
    for each in periods:
        if each.first <= day <= each.last:
            first = each.first.toordinal() - 1
            return range(first, first + each.days)
    first = (day.toordinal() - 1) // PERIOD_DAYS * PERIOD_DAYS
    return range(first, first + PERIOD_DAYS)


def role_of(facts: Facts, channels: Collection[str]) -> str:
    """Give as what somebody stands on a shift for these channels, when nothing else is said."""
    if Status.MENTOR in (facts.status.get(each) for each in channels):
        return PlaceRole.MENTOR.value
    trained = facts.channels & set(channels)
    walks = Status.WALKING_ALONG in (facts.status.get(each) for each in channels)
    return (PlaceRole.TRAINEE if walks and not trained else PlaceRole.LISTENER).value


def has_ended(facts: Facts, channels: Collection[str], day: date) -> bool:
    """Say whether somebody has left by a day, or pauses or stopped with all these channels."""
    if facts.leaves is not None and facts.leaves < day:
        return True
    known = [facts.status[each] for each in channels if each in facts.status]
    return bool(known) and ENDED.issuperset(known)


def touches(during: Interval, first: date, last: date) -> bool:
    """Say whether a shift shares a moment with local days; `last` belongs to them."""
    start = during.start.astimezone(AMSTERDAM)
    # What ends at midnight is over before the day begins.
    end = during.end.astimezone(AMSTERDAM) - timedelta(microseconds=1)
    return start.date() <= last and end.date() >= first


def wished(wish: WishRow, during: Interval) -> str:
    """Give the signs of the day parts that a shift lies in, in order; empty: none was given."""
    day = service_day(during.start)
    index = (day - wish.first).days
    if not 0 <= index < len(wish.levels):
        return ""
    start = during.start.astimezone(AMSTERDAM).replace(tzinfo=None)
    end = during.end.astimezone(AMSTERDAM).replace(tzinfo=None)
    begin = start.replace(hour=PARTS_FROM.hour, minute=0, second=0, microsecond=0)
    begin = begin.replace(year=day.year, month=day.month, day=day.day)
    first = max((start - begin) // PART, 0)
    last = min(max(-((begin - end) // PART) - 1, first), PARTS - 1)
    return wish.levels[index][min(first, PARTS - 1) : last + 1]


def _limits(facts: Facts, role: str, most: tuple[int, int] | None) -> Limits:
    shifts, nights = facts.most_shifts, facts.most_nights
    if most is not None:
        shifts, nights = min(shifts, most[0]), min(nights, most[1])
    walking = {each for each, at in facts.status.items() if at is Status.WALKING_ALONG}
    channels = facts.channels | walking if role == PlaceRole.TRAINEE else facts.channels
    return Limits(channels, shifts, nights)


def _alone(mentors: Iterable[PersonId], trainees: Iterable[Asking]) -> list[PlaceId | None]:
    """Give the trainees without a mentor: each needs one, a few need a certain one."""
    free = list(mentors)
    left: list[PlaceId | None] = []
    for place, mentor in sorted(trainees, key=lambda each: each[1] is None):
        if mentor is None and free:
            free.pop()
        elif mentor is not None and mentor in free:
            free.remove(mentor)
        else:
            left.append(place)
    return left
