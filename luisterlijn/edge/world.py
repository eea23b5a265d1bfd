"""The real clock and real chance: the only place that asks the machine for either."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock; deadlines use the database's time instead."""

    def now(self) -> datetime:
        """Give the moment in UTC."""
        return datetime.now(UTC)

    def uptime(self) -> timedelta:
        """Give a time that only grows, also while the machine sleeps."""
        return timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))


class SystemTokens:
    """The machine's chance."""

    def bytes(self, size: int) -> bytes:
        """Give `size` unpredictable bytes."""
        return secrets.token_bytes(size)
