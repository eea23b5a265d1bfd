"""Who waits from which network, in memory: a flood goes behind others, and nobody is refused.

A network is known by a pseudonym that dies with the day's key; it leaves here when the wait ends.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from luisterlijn.dispatch.events import ContactAccepted, ConversationEnded
    from luisterlijn.kernel.ids import ContactId

AT_ONCE = 3
"""So many may wait from one network as from anywhere: a household, a library."""
BEHIND = timedelta(minutes=10)
"""Who comes on top of them goes behind all who come in the next ten minutes, and no longer."""


class Crowd:
    """Counts who waits, by network."""

    def __init__(self) -> None:
        """Start with nobody; a restart forgets, and lets through."""
        self._networks: dict[ContactId, bytes] = {}
        self._waiting: Counter[bytes] = Counter()

    def delay(self, network: bytes) -> timedelta:
        """Give how much later than now somebody of this network joins the queue."""
        return BEHIND if self._waiting.get(network, 0) >= AT_ONCE else timedelta()

    def came(self, contact: ContactId, network: bytes) -> None:
        """Count somebody who waits now."""
        self._networks[contact] = network
        self._waiting[network] += 1

    def went(self, event: ContactAccepted | ConversationEnded) -> None:
        """Hint listener: the wait is over, so is all that is known of the network."""
        network = self._networks.pop(event.contact, None)
        if network is not None:
            self._waiting[network] -= 1
            if not self._waiting[network]:
                del self._waiting[network]
