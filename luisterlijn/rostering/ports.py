"""What the roster tells the line when it asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId
from luisterlijn.rostering import model
from luisterlijn.volunteers.ports import Facts

PlaceState = model.PlaceState
"""How far a place is, for who lets one end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnShift:
    """A place of one person that runs now (or soon: check-in opens 15 minutes before).

    `role`: listener, trainee or mentor.
    """

    shift: ShiftId
    starts: datetime
    ends: datetime
    branch: BranchId
    branch_name: str
    channels: tuple[str, ...]
    role: str = "listener"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    """A shift as planners see it; `state` is concept, published or cancelled."""

    shift: ShiftId
    branch: BranchId
    during: Interval
    channels: tuple[str, ...]
    least: int
    wanted: int
    night: bool
    state: str
    template: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRow:
    """A place that stands: proposed, published, confirmed, checked in, or missed.

    `night`: the shift counts as one. `changed`: when it last did, by `sequence` times.
    """

    place: PlaceId
    shift: ShiftId
    branch: BranchId
    person: PersonId | None
    during: Interval
    role: str
    state: str
    origin: str
    pinned: bool
    allowed: str | None
    on_behalf: bool
    night: bool = False
    sequence: int = 0
    changed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodRow:
    """A period of a branch: open (for wishes), concept or published."""

    period: UUID
    branch: BranchId
    first: date
    days: int
    state: str

    @property
    def last(self) -> date:
        """Give the last day."""
        return self.first + timedelta(days=self.days - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwapRow:
    """A place that is given away, or swapped for one of the shifts in `wants`.

    `asked`: one colleague only; None: whoever may. It lapses at `until`, the shift's start.
    """

    swap: UUID
    branch: BranchId
    person: PersonId
    place: PlaceId
    shift: ShiftId
    wants: tuple[ShiftId, ...]
    asked: PersonId | None
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WishRow:
    """What somebody wishes for a period.

    `levels`: a text a day, a sign a day part from 07:00 on (six of four hours): 0 cannot, 1 can,
    2 prefers, r rather not.
    """

    person: PersonId
    first: date
    levels: tuple[str, ...]
    wanted: int
    most: int
    nights: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All that a stretch of the roster is judged and shown by.

    Args:
        shifts: those that start in the stretch, by start; cancelled ones too.
        places: of these people from four weeks before to four weeks after the stretch, by start,
            and all on these shifts.
        people: everybody of these branches with what the rules must know.
        wishes: person → wishes, by first day.
        leave: person → days (first, last) of leave that is asked or granted.
        periods: of these branches that touch the stretch, by first day.
    """

    shifts: tuple[ShiftRow, ...]
    places: tuple[PlaceRow, ...]
    people: Mapping[PersonId, Facts]
    wishes: Mapping[PersonId, tuple[WishRow, ...]]
    leave: Mapping[PersonId, tuple[tuple[date, date], ...]]
    periods: tuple[PeriodRow, ...] = ()
