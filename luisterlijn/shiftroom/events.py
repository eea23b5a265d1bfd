"""What the room tells the consoles: who is told, never a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from luisterlijn.kernel.events import Event
from luisterlijn.kernel.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLineSaid(Event):
    """Somebody said something. A hint only, for who was there."""

    name: ClassVar[str] = "shiftroom.said"
    told: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomMemberCame(Event):
    """A coach on duty opened a console. A hint only: the others seal to them from now on."""

    name: ClassVar[str] = "shiftroom.came"
    person: PersonId
