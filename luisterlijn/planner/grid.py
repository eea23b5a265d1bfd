"""The hours that a branch's drafts have, as an engine's days and templates. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import AMSTERDAM, midnight, service_day
from luisterlijn.planning.instance import DAY_MINUTES, PHONE, Assignment
from luisterlijn.rostering.ports import PlaceRow, ShiftRow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from luisterlijn.kernel.clock import Interval
    from luisterlijn.kernel.ids import PersonId

SLOT_MINUTES = 30
SLOT = timedelta(minutes=SLOT_MINUTES)
DAY_SLOTS = DAY_MINUTES // SLOT_MINUTES
HOUR = timedelta(hours=1)
LONGEST = timedelta(hours=12)

Place = tuple[int, int]
"""Day and template, counted from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The hours that the drafts of a branch have, as templates of one length."""

    first: date
    days: int
    length: timedelta
    hours: tuple[int, ...]
    nights: frozenset[int]
    shifts: Mapping[Place, tuple[ShiftRow, ...]]
    left: tuple[ShiftRow, ...]

    @classmethod
    def of(
        cls, drafts: Sequence[ShiftRow], first: date, days: int, length: timedelta | None = None
    ) -> Grid | None:
        """Lay out the shifts of some days; None: none of them can be planned.

        `length`: that they have by the wall clock; None: that most have.
        """
        whole = [each for each in drafts if _hour(each.during) is not None]
        lengths = Counter(length_of(each.during) for each in whole)
        lengths = Counter({each: n for each, n in lengths.items() if _plannable(each)})
        if not lengths:
            return None
        # The longer of two that are as usual: it needs more people.
        length = length or max(lengths, key=lambda each: (lengths[each], each))
        shifts: defaultdict[Place, list[ShiftRow]] = defaultdict(list)
        fit = [each for each in whole if length_of(each.during) == length]
        hours = tuple(sorted({hour for each in fit if (hour := _hour(each.during)) is not None}))
        for each in fit:
            day = (service_day(each.during.start) - first).days
            hour = _hour(each.during)
            if hour is not None and 0 <= day < days:
                shifts[day, hours.index(hour)].append(each)
        planned = {each.shift for rows in shifts.values() for each in rows}
        if not planned:
            return None
        return cls(
            first=first,
            days=days,
            length=length,
            hours=hours,
            nights=frozenset(hour for each in fit if each.night and (hour := _hour(each.during))),
            shifts={key: tuple(rows) for key, rows in shifts.items()},
            left=tuple(each for each in drafts if each.shift not in planned),
        )

    def is_night(self, hour: int) -> bool:
        """Say whether a shift from this hour on counts as a night."""
        return hour in self.nights

    def place(self, during: Interval) -> Place | None:
        """Give where a shift of any kind lies on the grid; None: beside it."""
        day, hour = (service_day(during.start) - self.first).days, _hour(during)
        fits = length_of(during) == self.length and hour in self.hours and 0 <= day < self.days
        return (day, self.hours.index(hour)) if fits and hour is not None else None

    def row(self, number: Mapping[PersonId, int], each: PlaceRow) -> Assignment | None:
        """Give a place as an assignment; None: it lies beside the grid, or is nobody's."""
        found = self.place(each.during)
        if found is None or each.person is None or each.person not in number:
            return None
        return Assignment(number[each.person], *found, PHONE)

    def slots(self, place: Place) -> range:
        """Give the half hours of a shift, from 00:00 of the first day."""
        start = place[0] * DAY_SLOTS + self.hours[place[1]] * (HOUR // SLOT)
        return range(start, start + self.length // SLOT)


def _hour(during: Interval) -> int | None:
    """Give the wall-clock hour of the day of service; 27: 03:00. None: no whole hour."""
    start = during.start.astimezone(AMSTERDAM).replace(tzinfo=None)
    since = start - midnight(service_day(during.start)).replace(tzinfo=None)
    return None if since % HOUR else since // HOUR


def length_of(during: Interval) -> timedelta:
    """Give how long a shift is by the wall clock: 23 to 03 is four hours in every night."""
    start, end = (
        each.astimezone(AMSTERDAM).replace(tzinfo=None) for each in (during.start, during.end)
    )
    return end - start


def _plannable(length: timedelta) -> bool:
    return SLOT <= length <= LONGEST and not length % SLOT
