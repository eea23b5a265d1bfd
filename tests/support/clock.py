"""A clock that stands where the test puts it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

NOON = datetime(2026, 11, 24, 12, 0, 10, tzinfo=UTC)


@dataclass(slots=True)
class StandingClock:
    """Gives the same moment until the test moves it."""

    moment: datetime = NOON

    def now(self) -> datetime:
        """Give the moment."""
        return self.moment

    def uptime(self) -> timedelta:
        """Give a time that stands, too."""
        return self.moment - NOON
