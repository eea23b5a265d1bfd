"""What the telephone room tells the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from luisterlijn.kernel.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLeft(Event):
    """The provider is to be told something: rows say what."""

    name: ClassVar[str] = "telephony.order_left"
