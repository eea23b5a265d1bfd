"""What a coordinator or planner sends and is answered about a branch's roster."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from luisterlijn.rostering.wire import Channel
from luisterlijn.rostering.wire_own import LeaveState, OwnRole, PeriodState

Allowed = Literal["own-wish", "nobody-else", "short-notice"]
LocalTime = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$", max_length=5)]


class ShiftTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """A shift that comes back; wall-clock times, an end before the start is the next day.

    `weekdays`: Monday 1, Tuesday 2, Wednesday 4 … Sunday 64, added up. `least`: fewer is a gap.
    """

    template: str
    branch: str
    weekdays: int
    starts: str
    ends: str
    channels: list[str]
    least: int
    wanted: int
    night: bool
    weekend: bool


class ShiftTemplates(msgspec.Struct, frozen=True):
    """The templates of a branch, by start."""

    templates: list[ShiftTemplate]


class NewTemplate(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A template to add, or what one becomes. `night`: null: by the clock."""

    weekdays: Annotated[int, Meta(ge=1, le=127)]
    starts: LocalTime
    ends: LocalTime
    channels: Annotated[list[Channel], Meta(min_length=1, max_length=3)]
    least: Annotated[int, Meta(ge=0, le=50)] = 0
    wanted: Annotated[int, Meta(ge=1, le=50)] = 1
    night: bool | None = None
    branch: str | None = None


class RosterPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """A period of a branch: open for wishes, then concept, then published.

    `wishes`: how many have sent theirs. `running`, `closed`: by today's date.
    """

    period: str
    branch: str
    first: str
    days: int
    state: PeriodState
    running: bool
    closed: bool
    wishes: int


class RosterPeriods(msgspec.Struct, frozen=True):
    """The periods of a branch, the last first."""

    periods: list[RosterPeriod]


class NewPeriod(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A period to open for wishes, from a Monday on."""

    first: date
    days: Annotated[int, Meta(ge=7, le=56)] = 28
    branch: str | None = None


class LaidOut(msgspec.Struct, frozen=True):
    """How many concept shifts were added."""

    shifts: int


class CopyWeek(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Copy the shifts of seven days to seven others, as concept; by the wall clock.

    `people`: also who stands on them, as proposals where the rules let them.
    """

    source: date
    target: date
    people: bool = False
    branch: str | None = None


class CopiedWeek(msgspec.Struct, frozen=True, kw_only=True):
    """How many shifts and proposals were added, and how many places a rule was in the way of."""

    shifts: int
    places: int
    left: int


class PutOnShift(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Put somebody on a shift: a proposal on a concept shift, else at once.

    `allowed`: a rule of the person is set aside with their yes; why. `on_behalf`: they asked for it
    and have no computer.
    """

    person: str
    role: OwnRole | None = None
    allowed: Allowed | None = None
    on_behalf: bool = False


class PlannedPlace(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on a shift, as planners see it; `person` null: somebody who left."""

    place: str
    shift: str
    person: str | None
    name: str
    role: str
    state: str
    origin: str
    pinned: bool
    allowed: str | None
    on_behalf: bool


class PublishedRoster(msgspec.Struct, frozen=True, kw_only=True):
    """What everybody sees from now on; `left`: proposals taken off, a rule was in their way."""

    shifts: int
    places: int
    left: list[PlannedPlace]


class SwapHours(msgspec.Struct, frozen=True, kw_only=True):
    """When a shift is that somebody would take instead."""

    shift: str
    starts_at: int
    ends_at: int


class InboxSwap(msgspec.Struct, frozen=True, kw_only=True):
    """A swap that is open; `wants`: shifts of which one is taken instead, none: given away."""

    swap: str
    place: str
    person: str
    name: str
    shift: str
    starts_at: int
    ends_at: int
    wants: list[SwapHours]
    asked: str | None
    asked_name: str | None
    until_at: int


class InboxLeave(msgspec.Struct, frozen=True, kw_only=True):
    """Leave, with the places that would be released by granting it, by start."""

    leave: str
    person: str
    name: str
    first: str
    last: str
    state: LeaveState
    on_behalf: bool
    releases: list[PlannedPlace]


class Inbox(msgspec.Struct, frozen=True, kw_only=True):
    """What waits for a coordinator of the branch: the soonest first.

    `granted`: leave that was granted and is not over; it releases nothing more.
    """

    swaps: list[InboxSwap]
    leave: list[InboxLeave]
    granted: list[InboxLeave]


class GrantedLeave(msgspec.Struct, frozen=True, kw_only=True):
    """What granting released: published places that are open now, and proposals that went."""

    released: list[PlannedPlace]
    dropped: int


class LeaveFor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Leave asked for somebody without a computer."""

    person: str
    first: date
    last: date


class AcceptFor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Take a swap for somebody without a computer; `place`: theirs that is given for it."""

    person: str
    place: str | None = None


class PersonWishes(msgspec.Struct, frozen=True, kw_only=True):
    """Who wishes what for a period; `given` false: nothing was sent yet, the rest is proposed."""

    person: str
    name: str
    given: bool
    on_behalf: bool
    wanted: int
    most: int
    nights: int
    levels: list[str]


class PeriodWishes(msgspec.Struct, frozen=True):
    """The volunteers of a branch, by name."""

    people: list[PersonWishes]
