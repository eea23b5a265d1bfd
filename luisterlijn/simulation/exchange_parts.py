"""What the exchange is made of: legs, conferences, and a time of its own."""

from __future__ import annotations

import heapq
import itertools
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

Deliver = Callable[[str, dict[str, str]], Awaitable[tuple[int, bytes]]]
"""Sends one form to an address; gives the status and body of the answer."""
Action = Callable[[], Awaitable[None]]

OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})

QUEUE = "QU" + "0" * 32
MOST_VERBS = 100
"""So many verbs of a call in no time are a loop: the exchange hangs up."""


@dataclass(slots=True, eq=False)
class Leg:
    """One call leg as the exchange knows it.

    `heard`: what was played, newest last. `verbs` is what is left of the running script; a higher
    `turn` makes older timers void. `fallback`: asked when a script cannot be had elsewhere.
    """

    sid: str
    direction: str
    sender: str
    to: str
    status: str
    callback: str = ""
    url: str = ""
    fallback: str = ""
    wait_url: str = ""
    queue_action: str = ""
    dial_action: str = ""
    gather: ET.Element | None = None
    typed: str = ""
    verbs: deque[ET.Element] = field(default_factory=deque)
    turn: int = 0
    ran: int = 0
    queued: bool = False
    queued_at: float = 0.0
    room: Room | None = None
    ends_room: bool = False
    muted: bool = False
    coaches: str = ""
    hold: bool = False
    sequence: int = 0
    heard: list[str] = field(default_factory=list)
    ended_at: float | None = None

    @property
    def over(self) -> bool:
        """Say whether it has ended."""
        return self.status in OVER


@dataclass(slots=True, eq=False)
class Room:
    """A conference."""

    sid: str
    name: str
    callback: str
    legs: list[Leg] = field(default_factory=list)
    announced: list[str] = field(default_factory=list)
    sequence: int = 0
    over: bool = False


class Timeline:
    """Things to do, each at its moment; time passes only when somebody lets it."""

    def __init__(self) -> None:
        """Begin at 0 with nothing to do."""
        self.now = 0.0
        self._todo: list[tuple[float, int, Action]] = []
        self._numbers = itertools.count()

    def later(self, after_s: float, action: Action) -> None:
        """Do something after a while."""
        heapq.heappush(self._todo, (self.now + after_s, next(self._numbers), action))

    @property
    def next_at(self) -> float | None:
        """Give when there is something to do next."""
        return self._todo[0][0] if self._todo else None

    def take(self, until: float) -> Action | None:
        """Give the next thing to do that is due by then, and let time pass to it."""
        if not self._todo or self._todo[0][0] > until:
            self.now = max(self.now, until)
            return None
        at, _number, action = heapq.heappop(self._todo)
        self.now = max(self.now, at)
        return action

    async def run_until(self, until: float) -> None:
        """Let time pass, doing one thing after the other."""
        while (action := self.take(until)) is not None:
            await action()
