"""What the room of attendance tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from luisterlijn.kernel.events import Event
from luisterlijn.kernel.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceChanged(Event):
    """Who comes, who does not, or who is asked changed: these people's consoles look again."""

    name: ClassVar[str] = "attendance.changed"
    told: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallUpRinging(Event):
    """Somebody did not answer in the console: their own phone rings."""

    name: ClassVar[str] = "call_up.ringing"
    call_up: UUID
    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallUpSettled(Event):
    """A call-up is filled or over: nobody is to be rung for it any more."""

    name: ClassVar[str] = "call_up.settled"
    call_up: UUID
