"""What other rooms are told of what will come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What one half hour of a channel is expected to bring; `state`, `source` of its profile."""

    half_hour: datetime
    channel: str
    mean: float
    high: float
    required: int
    state: str
    source: str
