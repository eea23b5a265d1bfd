"""What the roster tells the line when it asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.ids import BranchId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class OnShift:
    """A place of one person that runs now (or soon: check-in opens 15 minutes before)."""

    starts: datetime
    ends: datetime
    branch: BranchId
    branch_name: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rostered:
    """One published place, running or about to, of somebody trained for the channel asked for."""

    person: PersonId
    starts: datetime
    ends: datetime
    margin: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShift:
    """A shift to write at once with who stands on it."""

    branch: BranchId
    during: Interval
    channels: tuple[str, ...]
    wanted: int
    people: tuple[PersonId, ...]
