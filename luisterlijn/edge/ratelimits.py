"""Token buckets in memory: who comes too fast is told so, and forgotten soon after."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

MOST_KEPT = 50_000
"""Buckets kept at once; the one longest unused goes first, so a flood costs bounded memory."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Buckets:
    """One bucket per key: `burst` at once, refilled at `per_s`."""

    def __init__(self, *, per_s: float, burst: float) -> None:
        """Start with every bucket full."""
        self._per_s = per_s
        self._burst = burst
        self._buckets: OrderedDict[Hashable, _Bucket] = OrderedDict()

    def take(self, key: Hashable, now_s: float) -> bool:
        """Take one token; False when there is none.

        Args:
            key: who; never an address or name in clear when it is kept longer than a request.
            now_s: seconds of any monotonic clock.
        """
        bucket = self._buckets.pop(key, None) or _Bucket(self._burst, now_s)
        bucket.tokens = min(self._burst, bucket.tokens + (now_s - bucket.at) * self._per_s)
        bucket.at = now_s
        self._buckets[key] = bucket
        if len(self._buckets) > MOST_KEPT:
            self._buckets.popitem(last=False)
        if bucket.tokens < 1:
            return False
        bucket.tokens -= 1
        return True

    def forget(self, key: Hashable) -> None:
        """Drop the bucket of somebody who left."""
        self._buckets.pop(key, None)
