"""What this room asks of who counts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

Came = Mapping[str, Mapping[datetime, int]]
"""Channel → half hour (UTC) → how many came; one that is not in it had none."""
Counted = Callable[[], Awaitable[Came]]
