"""What a planner's board counts, and how: service days, half hours, who answers. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum, unique
from math import floor
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from luisterlijn.kernel.clock import AMSTERDAM, DAY_TURNS, Interval, midnight
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

HALF_HOUR = timedelta(minutes=30)
ANSWERS = frozenset({"listener", "mentor"})
"""Roles that fill a place: a trainee and a reserve answer nobody yet."""
STANDS = frozenset({"proposed", "published", "confirmed", "checked_in"})
"""States in which somebody is there, or is meant to be."""


@unique
class Kind(StrEnum):
    """What somebody can take in a shift."""

    PHONE = "phone"
    CHAT = "chat"
    BOTH = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Somebody on a shift as the board shows them; `person` None: somebody who left."""

    place: PlaceId
    shift: ShiftId
    person: PersonId | None
    name: str
    role: str
    state: str
    origin: str
    pinned: bool
    on_behalf: bool
    allowed: str | None

    @property
    def fills(self) -> bool:
        """Say whether the place counts for what is wanted."""
        return self.role in ANSWERS and self.state in STANDS


class Staffed(Protocol):
    """Hours with how many answer in them; `published`: those of whom the line knows."""

    @property
    def during(self) -> Interval:
        """Give the hours."""
        ...

    @property
    def state(self) -> str:
        """Give concept, published or cancelled."""
        ...

    @property
    def here(self) -> Mapping[Kind, int]:
        """Give how many answer, by kind."""
        ...

    @property
    def published(self) -> Mapping[Kind, int]:
        """Give how many of them the line knows of."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """All on shifts of the same hours and channels, anywhere; see `Staffed`."""

    during: Interval
    state: str
    here: dict[Kind, int]
    published: dict[Kind, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A shift anywhere on the line, with how many answer: `here` in all, and by kind.

    `published`: those of whom the line and they themselves know.
    """

    shift: ShiftId
    branch: BranchId
    template: UUID | None
    during: Interval
    channels: tuple[str, ...]
    least: int
    wanted: int
    night: bool
    state: str
    here: dict[Kind, int]
    published: dict[Kind, int]

    @property
    def standing(self) -> int:
        """Give how many fill a place."""
        return sum(self.here.values())

    @property
    def missing(self) -> int:
        """Give how many places are open."""
        return 0 if self.state == "cancelled" else max(0, self.wanted - self.standing)

    @property
    def short(self) -> int:
        """Give how many there are too few, even for the least."""
        return 0 if self.state == "cancelled" else max(0, self.least - self.standing)

    @property
    def kind(self) -> Kind | None:
        """Give what who comes here takes; None: only letters, which wait."""
        return kind_of(self.channels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A feast or a campaign: `factor` times as many contacts; `channel` None: on all."""

    id: UUID
    name: str
    kind: str
    first: date
    last: date
    channel: str | None
    factor: float


def kind_of(channels: Collection[str]) -> Kind | None:
    """Give what somebody with these channels takes; None: neither calls nor chats."""
    phone, chat = "phone" in channels, "chat" in channels
    if phone and chat:
        return Kind.BOTH
    return Kind.PHONE if phone else Kind.CHAT if chat else None


def begins(day: date) -> datetime:
    """Give when a day of the roster begins, in UTC."""
    return (midnight(day) + DAY_TURNS).astimezone(UTC)


def wall(moment: datetime) -> str:
    """Give the time that the Amsterdam clock shows."""
    return f"{moment.astimezone(AMSTERDAM):%H:%M}"


def halves(start: datetime, during: Interval) -> tuple[int, int]:
    """Give the half hours of a stretch, counted from `start`: first, and the one after the last.

    One of which less than half is in the stretch does not count.
    """
    first, end = ((each - start) / HALF_HOUR for each in (during.start, during.end))
    return floor(first + 0.5), floor(end + 0.5)
