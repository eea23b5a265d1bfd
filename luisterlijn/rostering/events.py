"""What the roster tells the other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from luisterlijn.kernel.events import Event
from luisterlijn.kernel.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChanged(Event):
    """Somebody's hours changed: a place taken, a place given up, a shift cancelled."""

    name: ClassVar[str] = "roster.changed"
    person: PersonId
