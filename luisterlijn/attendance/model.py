"""Who is reminded of a shift, who counts as not come, who is called up, and when a phone rings.

Pure. Moments and rows come in; what is due goes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import AMSTERDAM, Interval
from luisterlijn.kernel.ids import PersonId

if TYPE_CHECKING:
    from collections.abc import Sequence

LATE_FOR = timedelta(hours=1)
"""A reminder that could not be given in time is left out after this: it would mislead."""
OPEN_SOON = timedelta(hours=12)
"""A place that nobody has so shortly before it starts is not found by looking at the roster."""
PHONE_AFTER = timedelta(minutes=2)
"""Who is in the console is asked there first; then an own phone may ring."""
AT_ONCE = 3
"""So many phones ring at once: more would wake people for a place that is filled already."""
WAVE = timedelta(seconds=45)
"""Longer than a phone rings and a key takes."""
TOO_LATE = timedelta(minutes=30)
"""So shortly before the end nobody is called up any more."""
FEWEST = 2
"""On duty in the whole country, at any moment."""


@unique
class Kind(StrEnum):
    """What is told about a place, each once."""

    DAY_BEFORE = "day_before"
    HOUR_BEFORE = "hour_before"
    CHECK_IN = "check_in"
    NUDGE = "nudge"
    MISSED = "missed"
    OPENED = "opened"


MAILED = frozenset({Kind.DAY_BEFORE, Kind.HOUR_BEFORE, Kind.NUDGE})
"""What also goes to the mail address of who gave one."""

NUDGE_AFTER, MISSED_AFTER = timedelta(minutes=5), timedelta(minutes=10)
_WHEN: tuple[tuple[Kind, timedelta, timedelta], ...] = (
    (Kind.DAY_BEFORE, timedelta(hours=-24), timedelta(hours=-24) + LATE_FOR),
    (Kind.HOUR_BEFORE, timedelta(hours=-1), timedelta(0)),
    (Kind.CHECK_IN, timedelta(minutes=-15), NUDGE_AFTER),
)
"""Kind, and between which moments it is told, counted from the start of the shift."""
OPENED_AFTER = timedelta(minutes=15)


@unique
class Reason(StrEnum):
    """Why somebody is asked to come."""

    NO_SHOW = "no_show"
    OPEN_SOON = "open_soon"
    RESERVE = "reserve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A place that stands. `state`: published, confirmed or no_show. `told`: already.

    `since`: when it came to stand as it does: who was called up late has as long to come.
    """

    during: Interval
    state: str
    reserve: bool
    since: datetime
    told: frozenset[Kind] = frozenset()


def due(place: Expected, now: datetime) -> tuple[Kind, ...]:
    """Give what is to be told about a place now, in order. Who came is told nothing.

    A reserve is reminded, and cannot fail to come: they come only when called up.
    """
    start = place.during.start
    if now >= place.during.end:
        return ()
    if place.state == "no_show":
        found = [Kind.OPENED] if now >= start + OPENED_AFTER else []
    else:
        found = [kind for kind, opens, closes in _WHEN if start + opens <= now < start + closes]
        waited = now - max(start, place.since)
        found += [Kind.NUDGE] if NUDGE_AFTER <= waited < MISSED_AFTER else []
        found += [Kind.MISSED] if waited >= MISSED_AFTER else []
    if place.reserve:
        found = [kind for kind in found if kind in (Kind.DAY_BEFORE, Kind.HOUR_BEFORE)]
    return tuple(kind for kind in found if kind not in place.told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a shift stands, in numbers of people.

    `counted`: who is to take contacts, come or not yet. `missed`: who did not come. `given_up`:
    who said that they cannot. `filled`: how often somebody was called up since it began, and came.
    """

    during: Interval
    wanted: int
    counted: int
    missed: int
    given_up: int
    filled: int


def is_needed(reason: Reason, shift: Standing, now: datetime) -> bool:
    """Say whether somebody is still to be called up for this reason.

    A late check-in makes one who missed fewer, and so takes the call-up back. That a reserve is
    wanted, the coordinator said: time alone ends it.
    """
    if now >= shift.during.end - TOO_LATE:
        return False
    missing = max(0, shift.missed - shift.filled)
    match reason:
        case Reason.NO_SHOW:
            return missing > 0
        case Reason.OPEN_SOON:
            return missing > 0 or shift.counted < shift.wanted
        case Reason.RESERVE:
            return True


def is_open_soon(shift: Standing, now: datetime) -> bool:
    """Say whether a place that was given up must be filled by asking around."""
    near = now >= shift.during.start - OPEN_SOON
    still = shift.counted + shift.missed < shift.wanted
    return near and shift.given_up > 0 and still and is_needed(Reason.OPEN_SOON, shift, now)


def opens(reason: Reason, starts: datetime, made: datetime) -> datetime | None:
    """Give when others than the reserves are asked; None: never."""
    match reason:
        case Reason.NO_SHOW:
            return max(made, starts + OPENED_AFTER)
        case Reason.OPEN_SOON:
            return made
        case Reason.RESERVE:
            return None


# When an own phone rings.


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours in which nobody's phone rings, in local time; it may run over midnight.

    The same time twice: no quiet hours.
    """

    start: time
    end: time

    def holds(self, moment: datetime) -> bool:
        """Say whether the moment lies in them, by the wall clock of that night."""
        at = moment.astimezone(AMSTERDAM).time()
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end

    def over(self, moment: datetime) -> datetime:
        """Give the first moment from this one on that is not quiet."""
        if not self.holds(moment):
            return moment
        local = moment.astimezone(AMSTERDAM)
        day = local.date()
        if self.start > self.end and local.time() >= self.start:
            day += timedelta(days=1)
        ends = datetime.combine(day, self.end, AMSTERDAM).astimezone(UTC)
        if ends <= moment:  # in the hour that comes twice: this is its second time
            ends = datetime.combine(day, self.end.replace(fold=1), AMSTERDAM).astimezone(UTC)
        return ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may be asked.

    `urgent`: agreed to be rung. `has_phone`: a number is on record. `hours`: worked or planned in
    four weeks: who has done least is asked first.
    """

    person: PersonId
    reserve: bool
    urgent: bool
    has_phone: bool
    quiet: Quiet
    hours: float = 0.0


def in_order(people: Sequence[Candidate]) -> list[Candidate]:
    """Give who is asked in which order: reserves first, then who has done least."""
    return sorted(people, key=lambda each: (not each.reserve, each.hours, each.person))


def rings(
    people: Sequence[Candidate], asked: datetime, ends: datetime
) -> dict[PersonId, datetime | None]:
    """Give when each own phone rings, for who is asked at this moment; None: it does not.

    Args:
        people: in the order in which they are asked.
        asked: when they see it in the console.
        ends: of the shift: whose quiet hours last too long is not rung.
    """
    found: dict[PersonId, datetime | None] = {}
    rung = 0
    for each in people:
        if not (each.urgent and each.has_phone):
            found[each.person] = None
            continue
        wanted = asked + PHONE_AFTER + WAVE * (rung // AT_ONCE)
        moment = each.quiet.over(wanted)
        found[each.person] = moment if moment < ends - TOO_LATE else None
        rung += moment == wanted
    return found


# Enough people.


@unique
class Alarm(StrEnum):
    """What nobody may be left with."""

    TOO_FEW = "too_few"
    ALONE = "alone"


def alarms(*, planned: int, on_duty: int, coaches: int) -> tuple[Alarm, ...]:
    """Say what is wrong in the whole country now.

    Args:
        planned: places of shifts that began ten minutes ago or more; 0: the line is closed.
        on_duty: who of them came.
        coaches: on duty and to be reached.
    """
    if planned == 0:
        return ()
    found = []
    if on_duty < FEWEST:
        found.append(Alarm.TOO_FEW)
    if on_duty <= 1 and coaches == 0:
        found.append(Alarm.ALONE)
    return tuple(found)
