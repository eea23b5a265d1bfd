"""What the volunteers' room tells the other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from luisterlijn.kernel.events import Event
from luisterlijn.kernel.ids import PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingChanged(Event):
    """What somebody answers alone changed; their account says what it is now."""

    name: ClassVar[str] = "training.changed"
    person: PersonId
