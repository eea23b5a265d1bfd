"""What the coach's room tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from luisterlijn.kernel.events import Event
from luisterlijn.kernel.ids import ContactId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpChanged(Event):
    """A request for help was made, changed, or is over: consoles show the list anew.

    `person`: who asked. `told`: who is on duty, or helps already.
    """

    name: ClassVar[str] = "help.changed"
    request: UUID
    person: PersonId
    told: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpRinging(Event):
    """Nobody took a request in time: this person's own phone rings until then (ms)."""

    name: ClassVar[str] = "help.ringing"
    request: UUID
    person: PersonId
    until_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpSettled(Event):
    """Who was rung for this request is to be rung no more: taken, over, or the next one rings.

    Its order to `HelpRinging` is not kept: who rings now, if anybody, stands in the request.
    """

    name: ClassVar[str] = "help.settled"
    request: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningStarted(Event):
    """Somebody joins a conversation. `role`: coach, mentor or colleague.

    `mode`: read (chat); alone, listen, whisper or join (phone).
    """

    name: ClassVar[str] = "joining.started"
    joining: UUID
    contact: ContactId
    channel: str
    person: PersonId
    role: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningChanged(Event):
    """Who joined a call takes part in another way."""

    name: ClassVar[str] = "joining.changed"
    joining: UUID
    contact: ContactId
    person: PersonId
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningEnded(Event):
    """Somebody is beside the conversation no more."""

    name: ClassVar[str] = "joining.ended"
    joining: UUID
    contact: ContactId
    channel: str
    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkAsked(Event):
    """A coach speaks by telephone with who asked for help outside a conversation (`person`)."""

    name: ClassVar[str] = "talk.asked"
    request: UUID
    coach: PersonId
    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkWanted(Event):
    """Somebody wants to talk about their shift, or has talked: who may know looks again."""

    name: ClassVar[str] = "talk.wanted"
    told: tuple[PersonId, ...]
