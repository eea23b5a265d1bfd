"""Chance that can be played again: the same seed gives the same people."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

Thing = TypeVar("Thing")

_FRACTION_BYTES = 6


class Chance:
    """A stream of bytes from a seed and a name; a TokenSource for people, never for keys."""

    def __init__(self, seed: int, name: str) -> None:
        """Begin the stream of this name."""
        self._stem = f"{seed}|{name}|"
        self._drawn = 0
        self._left = b""

    def bytes(self, size: int) -> bytes:
        """Give the next `size` bytes of the stream."""
        while len(self._left) < size:
            self._left += hashlib.sha256(f"{self._stem}{self._drawn}".encode()).digest()
            self._drawn += 1
        given, self._left = self._left[:size], self._left[size:]
        return given

    def hex(self, size: int) -> str:
        """Give the next `size` bytes as lower-case signs, two for each."""
        return self.bytes(size).hex()

    def fraction(self) -> float:
        """Give a number from 0 up to, not including, 1."""
        bits = 8 * _FRACTION_BYTES
        return float(int.from_bytes(self.bytes(_FRACTION_BYTES), "big") / 2**bits)

    def happens(self, share: float) -> bool:
        """Say yes in this share of the cases."""
        return self.fraction() < share

    def between(self, low: float, high: float) -> float:
        """Give a number between the two."""
        return low + (high - low) * self.fraction()

    def below(self, count: int) -> int:
        """Give a whole number from 0 up to, not including, `count`."""
        return int(self.fraction() * count)

    def pick(self, things: Sequence[Thing]) -> Thing:
        """Give one of the things."""
        return things[self.below(len(things))]
