"""What lives for minutes: tickets that are used once. In memory; a restart forgets it."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")
MOST_KEPT = 20_000


@dataclass(frozen=True, slots=True)
class _Entry(Generic[Value]):
    value: Value
    until_s: float


class Tickets(Generic[Value]):
    """Values behind unguessable names, each taken once and within its time."""

    def __init__(self, *, lasts_s: float) -> None:
        """Start empty."""
        self._lasts_s = lasts_s
        self._entries: OrderedDict[str, _Entry[Value]] = OrderedDict()

    def put(self, name: str, value: Value, now_s: float) -> None:
        """Keep the value; the oldest goes when there are too many."""
        self._entries[name] = _Entry(value, now_s + self._lasts_s)
        while len(self._entries) > MOST_KEPT:
            self._entries.popitem(last=False)

    def take(self, name: str, now_s: float) -> Value | None:
        """Give the value and forget it; None when there is none or its time is over."""
        entry = self._entries.pop(name, None)
        return entry.value if entry is not None and now_s < entry.until_s else None
