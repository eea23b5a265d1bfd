"""What the chat room tells: hints only, never words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from luisterlijn.kernel.events import Event
from luisterlijn.kernel.ids import ContactId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class MembersChanged(Event):
    """Who may read a chat changed: the page has to see it."""

    name: ClassVar[str] = "chat.members_changed"
    contact: ContactId


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysStored(Event):
    """A page gave a period's secret: its members can fetch their boxes."""

    name: ClassVar[str] = "chat.keys_stored"
    contact: ContactId
    people: tuple[PersonId, ...]
