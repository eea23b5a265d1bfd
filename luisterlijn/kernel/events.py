"""What rooms tell each other: past tense, ids and moments, never a word of a contact."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened and was committed. Each listener may hear it twice."""

    name: ClassVar[str]


Listener = Callable[..., Awaitable[None]]
"""Work listener: called with (transaction, event) inside a transaction of its own."""
Hint = Callable[..., None]
"""Hint listener: called with (event) after the commit; must not wait, may be lost."""
Listeners = Mapping[type[Event], Sequence[Listener]]
Hints = Mapping[type[Event], Sequence[Hint]]
