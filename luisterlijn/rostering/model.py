"""Shifts, places, and the rules that nobody may break. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum, unique
from uuid import UUID

from luisterlijn.kernel.clock import AMSTERDAM, Interval
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId

CHECK_IN_OPENS = timedelta(minutes=15)
"""So long before a shift a volunteer may check in."""
LOOKED_AHEAD = timedelta(hours=1)
"""Longer than the longest last-call margin and a long wait: what comes next keeps a line open."""
LONGEST_SHIFT = timedelta(hours=12)
NIGHT_FROM, NIGHT_UNTIL = time(23), time(6)
CHANNELS = ("chat", "phone", "mail")


@unique
class ShiftState(StrEnum):
    """A shift is a draft that planners see, is there, or does not go on."""

    CONCEPT = "concept"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


@unique
class PlaceState(StrEnum):
    """How far somebody's place on a shift is; the last three are exits."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    CONFIRMED = "confirmed"
    CHECKED_IN = "checked_in"
    NO_SHOW = "no_show"
    TAKEN_OFF = "taken_off"
    CANNOT = "cannot"
    HANDED_OVER = "handed_over"


@unique
class PlaceRole(StrEnum):
    """As what somebody stands on a shift; a trainee and a reserve fill no seat."""

    LISTENER = "listener"
    TRAINEE = "trainee"
    MENTOR = "mentor"
    RESERVE = "reserve"


LISTENING = frozenset({PlaceRole.LISTENER, PlaceRole.MENTOR})
"""Who fills a seat of those that are wanted."""
STANDING = (
    PlaceState.PROPOSED,
    PlaceState.PUBLISHED,
    PlaceState.CONFIRMED,
    PlaceState.CHECKED_IN,
    PlaceState.NO_SHOW,
)
"""A place that is somebody's; who did not come may still come."""
COUNTS = (PlaceState.PUBLISHED, PlaceState.CONFIRMED, PlaceState.CHECKED_IN)
"""A place that the line opens for, on a published shift, of whoever is no reserve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """A stretch of work at one branch, for some channels, with so many wanted."""

    id: ShiftId
    branch: BranchId
    during: Interval
    channels: tuple[str, ...]
    wanted: int
    state: ShiftState = ShiftState.PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One person's place on a shift."""

    id: PlaceId
    shift: ShiftId
    person: PersonId
    state: PlaceState = PlaceState.PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A shift that comes back; times on the wall clock, weekdays added up from Monday 1 on."""

    template: UUID
    branch: BranchId
    weekdays: int
    starts: time
    ends: time
    channels: tuple[str, ...]
    least: int
    wanted: int
    night: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """Days that somebody is away; `last` belongs to them."""

    leave: UUID
    person: PersonId
    branch: BranchId
    first: date
    last: date
    state: str
    on_behalf: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody wishes for a period; see `ports.WishRow`."""

    levels: tuple[str, ...]
    wanted: int
    most: int
    nights: int


def is_night(starts: time) -> bool:
    """Say whether a shift that starts then on the wall clock counts as a night: 23:00 to 06:00."""
    return starts >= NIGHT_FROM or starts < NIGHT_UNTIL


def at_night(during: Interval) -> bool:
    """Say whether these hours count as a night."""
    return is_night(during.start.astimezone(AMSTERDAM).time())


def check_new(during: Interval, channels: tuple[str, ...], now: datetime) -> None:
    """Refuse a shift that is over, lasts longer than 12 hours, or names an unknown channel."""
    if during.end <= now:
        raise Refusal(Code.IN_THE_PAST)
    unknown = not channels or set(channels) - set(CHANNELS)
    if unknown or during.end - during.start > LONGEST_SHIFT:
        raise Refusal(Code.BAD_REQUEST)


def check_place(
    shift: Shift, trained: tuple[str, ...], person_branch: BranchId | None, now: datetime
) -> None:
    """Refuse a place that cannot be: shift off or over, not trained, of another branch."""
    if shift.state is ShiftState.CANCELLED:
        raise Refusal(Code.SHIFT_CANCELLED)
    if shift.during.end <= now:
        raise Refusal(Code.IN_THE_PAST)
    if person_branch != shift.branch:
        raise Refusal(Code.NOT_FOUND)
    if not set(trained) & set(shift.channels):
        raise Refusal(Code.NOT_TRAINED)
