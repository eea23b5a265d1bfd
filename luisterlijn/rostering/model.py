"""Shifts, places, and the rules that nobody may break. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId

CHECK_IN_OPENS = timedelta(minutes=15)
"""So long before a shift a volunteer may check in."""
LOOKED_AHEAD = timedelta(hours=1)
"""Longer than the longest last-call margin and a long wait: what comes next keeps a line open."""
LONGEST_SHIFT = timedelta(hours=12)
CHANNELS = ("chat", "phone", "mail")


@unique
class ShiftState(StrEnum):
    """A shift is there, or it does not go on."""

    PUBLISHED = "published"
    CANCELLED = "cancelled"


@unique
class PlaceState(StrEnum):
    """How far somebody's place on a shift is."""

    PUBLISHED = "published"
    CHECKED_IN = "checked_in"
    TAKEN_OFF = "taken_off"


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
