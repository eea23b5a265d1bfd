"""What a leg is told to do next, as values; an adapter writes them in its provider's words. Pure.

No verb records, transcribes, streams or forks: there is none to write.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Play:
    """Play one prompt of `prompts.PROMPTS`, in the leg's language."""

    prompt: str
    language: str


@dataclass(frozen=True, slots=True)
class Pause:
    """Say nothing for so many whole seconds, 1 to 60."""

    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Play, and take keys meanwhile and for `wait_s` after it; then ask at `path`.

    `digits`: how many keys at most. Without a key the script goes on after this verb.
    """

    path: str
    inside: tuple[Play | Pause, ...]
    wait_s: int
    digits: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Park:
    """Put the caller into the waiting room: `wait` is asked again and again, `after` at the end."""

    wait: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Meet:
    """Bring the leg into a conference; `after` is asked when it left.

    `ends`: the conference ends for all when this leg leaves. `muted`: heard by nobody at first.
    `statuses`: where the conference's own news goes. `longest_s`: the provider ends it after so
    long; None: no limit of ours.
    """

    room: UUID
    after: str
    statuses: str
    ends: bool
    muted: bool = False
    longest_s: int | None = None


@dataclass(frozen=True, slots=True)
class GoOn:
    """Ask at another path what comes next."""

    path: str


@dataclass(frozen=True, slots=True)
class LeaveRoom:
    """Leave the waiting room: its `after` is asked."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the leg."""


Verb = Play | Pause | Ask | Park | Meet | GoOn | LeaveRoom | HangUp
Script = tuple[Verb, ...]
