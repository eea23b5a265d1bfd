"""How the exchange asks for scripts and tells its news: the provider's own signed forms."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from luisterlijn.simulation.exchange_parts import QUEUE, Timeline

if TYPE_CHECKING:
    from luisterlijn.simulation.exchange_parts import Deliver, Leg, Room

TRIES = 2
PATIENCE_S = 15.0
"""The provider's patience with one webhook, for all tries together."""
FAILED = 500


class Teller(Timeline):
    """Asks and tells over `deliver`, which may lose, double, or hold up anything.

    `patience_s`: how long one webhook may take in all, in real time.
    """

    def __init__(self, deliver: Deliver, account: str) -> None:
        """Tell for this account."""
        super().__init__()
        self.deliver = deliver
        self.account = account
        self.patience_s = PATIENCE_S

    def form(self, leg: Leg) -> dict[str, str]:
        """Give the fields that every webhook about a leg has."""
        return {
            "AccountSid": self.account,
            "ApiVersion": "2010-04-01",
            "CallSid": leg.sid,
            "CallStatus": leg.status,
            "Direction": leg.direction,
            "From": leg.sender,
            "To": leg.to,
            "Caller": leg.sender,
            "Called": leg.to,
        }

    def of_queue(self, leg: Leg, result: str = "") -> dict[str, str]:
        """Give the fields about the queue; `result`: how the leg left it."""
        found = {"QueueSid": QUEUE, "QueueTime": str(int(self.now - leg.queued_at))}
        return found | {"QueueResult": result} if result else found

    async def asked(self, url: str, form: dict[str, str]) -> tuple[int, bytes]:
        """Send a form, and once more when that fails; 503 when nothing came of it."""
        try:
            async with asyncio.timeout(self.patience_s):
                for _try in range(TRIES):
                    try:
                        status, body = await self.deliver(url, form)
                    except OSError:  # a time-out of one try too
                        continue
                    if status < FAILED:
                        return status, body
        except TimeoutError:
            pass
        return FAILED + 3, b""

    def tell_status(self, leg: Leg) -> None:
        """Tell how a leg is now."""
        sequence, leg.sequence = leg.sequence, leg.sequence + 1
        more = {"SequenceNumber": str(sequence), "CallbackSource": "call-progress-events"}
        if leg.status == "queued":
            more["CallStatus"] = "initiated"
        self.tell(leg, leg.callback, more)

    def tell_room(self, room: Room, leg: Leg | None, event: str) -> None:
        """Tell what happened in a conference; `leg`: to whom, None: to all of it."""
        room.sequence += 1
        form = {
            "AccountSid": self.account,
            "ConferenceSid": room.sid,
            "FriendlyName": room.name,
            "StatusCallbackEvent": event,
            "SequenceNumber": str(room.sequence),
        }
        if leg is not None:
            form |= {
                "CallSid": leg.sid,
                "Muted": str(leg.muted).lower(),
                "Hold": str(leg.hold).lower(),
                "EndConferenceOnExit": str(leg.ends_room).lower(),
            }
        self._post(room.callback, form)

    def tell(self, leg: Leg, url: str, more: dict[str, str]) -> None:
        """Tell something about a leg, where it was asked for."""
        self._post(url, self.form(leg) | more)

    def _post(self, url: str, form: dict[str, str]) -> None:
        async def post() -> None:
            await self.asked(url, form)

        if url:
            self.later(0.0, post)
