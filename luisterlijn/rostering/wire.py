"""What is sent and answered about shifts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Channel = Literal["chat", "phone", "mail"]


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody on a shift."""

    place: str
    person: str
    name: str
    state: str


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """A shift, and who stands on it."""

    shift: str
    branch: str
    starts_at: int
    ends_at: int
    channels: list[str]
    state: str
    wanted: int
    places: list[Place]


class Shifts(msgspec.Struct, frozen=True):
    """Shifts by start."""

    shifts: list[Shift]


class BranchPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A volunteer who can be put on a shift."""

    person: str
    name: str
    channels: list[str]
    languages: list[str]
    trained: bool


class BranchPeople(msgspec.Struct, frozen=True):
    """Volunteers by name."""

    people: list[BranchPerson]


class NewShift(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A shift in Amsterdam wall-clock time; an end before the start is the next day."""

    day: date = msgspec.field(name="date")
    starts: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    ends: Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
    channels: Annotated[list[Channel], Meta(min_length=1, max_length=3)]
    wanted: Annotated[int, Meta(ge=1, le=50)] = 1
    branch: str | None = None


class PutOn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who to put on a shift."""

    person: str
