"""What a volunteer sends and is answered about the own roster."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

OwnRole = Literal["listener", "trainee", "mentor", "reserve"]
OwnState = Literal["published", "confirmed", "checked_in", "no_show"]
OwnOrigin = Literal["solver", "self", "coordinator", "swap", "reserve"]
Need = Literal["urgent", "needed", "welcome"]
LeaveState = Literal["asked", "granted", "declined", "withdrawn"]
HowGiven = Literal["open", "give", "swap"]
PeriodState = Literal["open", "concept", "published"]
Levels = Annotated[
    list[Annotated[str, Meta(pattern="^[012r]{6}$", max_length=6)]], Meta(max_length=56)
]


class OwnSwap(msgspec.Struct, frozen=True, kw_only=True):
    """My offer to give a place away, or to swap it for one of some shifts."""

    swap: str
    asked: str | None
    asked_name: str | None
    wants: list[str]
    until_at: int


class OwnPlace(msgspec.Struct, frozen=True, kw_only=True):
    """A place of mine; each `may_…` says whether that can be pressed now.

    `undo_until_at`: until when my own sign-up can be undone; null: it cannot. `beside`: first names
    of my mentor or trainee on the same shift.
    """

    place: str
    shift: str
    starts_at: int
    ends_at: int
    branch_name: str
    channels: list[str]
    night: bool
    role: OwnRole
    state: OwnState
    origin: OwnOrigin
    may_confirm: bool
    may_give_up: bool
    may_swap: bool
    undo_until_at: int | None
    beside: list[str]
    swap: OwnSwap | None


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """What I do in the running four weeks against what was agreed; the rest in twelve months.

    `hours` and `shifts` count what is past and what stands in the four weeks (or the period) that
    today is in. `…_branch`: the median of the branch; null under five people, so that it tells of
    nobody.
    """

    hours_agreed: int
    hours: float
    shifts: int
    most_shifts: int
    most_nights: int
    nights_year: int
    weekends_year: int
    feasts_year: int
    nights_branch: float | None
    weekends_branch: float | None
    feasts_branch: float | None


class AskedSwap(msgspec.Struct, frozen=True, kw_only=True):
    """A colleague's place that I may take; `name` is a first name.

    `to_me`: asked of me alone. `mine`: places of mine that would be given for it; empty: none is.
    """

    swap: str
    name: str
    branch_name: str
    shift: str
    starts_at: int
    ends_at: int
    channels: list[str]
    night: bool
    to_me: bool
    mine: list[str]
    until_at: int


class OwnLeave(msgspec.Struct, frozen=True, kw_only=True):
    """Days that I am away; why is not asked. Dates are local, both belong to it."""

    leave: str
    first: str
    last: str
    state: LeaveState


class OwnRoster(msgspec.Struct, frozen=True, kw_only=True):
    """My places by start, and what waits for an answer of mine."""

    places: list[OwnPlace]
    asked: list[AskedSwap]
    leave: list[OwnLeave]
    balance: Balance
    wishes_open: bool


class OpenShift(msgspec.Struct, frozen=True, kw_only=True):
    """A shift that I may take."""

    shift: str
    starts_at: int
    ends_at: int
    branch_name: str
    channels: list[str]
    night: bool
    wanted: int
    missing: int
    role: OwnRole
    need: Need


class OpenShifts(msgspec.Struct, frozen=True):
    """Shifts that I may take, where I am needed most first."""

    shifts: list[OpenShift]


class SwapColleague(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may take my place; `name` is a first name."""

    person: str
    name: str


class SwapShift(msgspec.Struct, frozen=True, kw_only=True):
    """A shift on which colleagues stand, that I may take instead."""

    shift: str
    starts_at: int
    ends_at: int
    channels: list[str]
    night: bool


class SwapChoices(msgspec.Struct, frozen=True, kw_only=True):
    """To whom a place can be given, by name; and what it can be swapped for, by start."""

    colleagues: list[SwapColleague]
    shifts: list[SwapShift]


class GiveUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """I cannot: leave the place open, give it away, or swap it for one of `wants` (shifts).

    `to`: one colleague only; null: whoever may. No reason is asked.
    """

    how: HowGiven
    to: str | None = None
    wants: Annotated[list[str], Meta(max_length=50)] = []


class GivenUp(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it.

    `done`: the place is no longer mine (left open, or others had asked for just this swap); else it
    stays mine until somebody takes it.
    """

    done: bool
    swap: OwnSwap | None


class AcceptSwap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take a colleague's place; `place`: mine that is given for it, null when none is asked."""

    place: str | None = None


class WishPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """What I wish for a period.

    `levels`: a text a day, a sign a part of four hours from 07:00 on: 0 cannot, 1 can, 2 prefers,
    r rather not. `given`: false while nothing was sent yet, then the rest is a proposal made of
    the period before. `open`: it can still be changed.
    """

    period: str
    first: str
    days: int
    open: bool
    given: bool
    levels: list[str]
    wanted: int
    most: int
    nights: int


class WishPeriods(msgspec.Struct, frozen=True):
    """Periods that are not over, the first first."""

    periods: list[WishPeriod]


class NewWishes(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Wishes for a period: as many `levels` as it has days; `wanted` shifts, never over `most`."""

    levels: Levels
    wanted: Annotated[int, Meta(ge=0, le=28)]
    most: Annotated[int, Meta(ge=0, le=28)]
    nights: Annotated[int, Meta(ge=0, le=28)]


class NewLeave(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Leave is asked for these local days; both belong to it."""

    first: date
    last: date
