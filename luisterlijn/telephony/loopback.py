"""A provider without a network: the demo's and the tests' own telephone exchange."""

from __future__ import annotations

import hmac
from base64 import b64encode
from hashlib import sha1
from typing import TYPE_CHECKING, Any, Protocol

from luisterlijn.kernel.errors import Outage
from luisterlijn.telephony.ports import (
    Browser,
    CallGone,
    CallId,
    Finding,
    NotErased,
    NotNow,
    NotPlaced,
    PhoneTicket,
)
from luisterlijn.telephony.speech import leg_path
from luisterlijn.telephony.twiml import twiml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from luisterlijn.telephony.ports import Ring, Voice
    from luisterlijn.telephony.script import Script

OK, NO_MORE = 200, 300
FAILED = 500
TOO_MANY = 429
STILL_THERE = 20009
OVER = ("completed", "busy", "no-answer", "failed", "canceled")


class Desk(Protocol):
    """Where requests to an exchange go: in this process, or another."""

    async def request(
        self, method: str, path: str, form: Mapping[str, str], beside: str | None
    ) -> tuple[int, dict[str, Any]]:
        """Ask the exchange for something; `beside`: a call that it must know.

        Raises:
            Outage: it did not answer.
        """
        ...


class LoopbackProvider:
    """Speaks to an exchange as the Twilio adapter does to Twilio."""

    def __init__(self, desk: Desk, *, base: str, number: str, token: bytes) -> None:
        """Work with this exchange.

        Args:
            desk: where requests go.
            base: our public address.
            number: of the line.
            token: what the exchange signs with.
        """
        self._desk = desk
        self._base = base
        self._number = number
        self._token = token

    async def place(self, ring: Ring) -> CallId:
        """Call somebody."""
        form = {
            "To": _to(ring),
            "From": self._number,
            "Url": self._base + leg_path(ring.leg),
            "StatusCallback": self._base + leg_path(ring.leg, "status"),
            "Timeout": str(int(ring.rings.total_seconds())),
        }
        status, body = await self._desk.request("POST", "/Calls", form, ring.beside)
        if status >= FAILED:
            raise Outage
        if status == TOO_MANY:
            raise NotNow
        if status >= NO_MORE:
            raise NotPlaced
        return CallId(body["sid"])

    async def find(self, ring: Ring) -> CallId | None:
        """Give the newest call to that telephone that is not over."""
        _status, body = await self._asked("GET", "/Calls", {"To": _to(ring)}, ring.beside)
        living = [each for each in body.get("calls", ()) if each["status"] not in OVER]
        return CallId(living[0]["sid"]) if living else None

    async def refetch(self, call: CallId, leg: UUID) -> None:
        """Let the leg ask what to do."""
        await self._must("POST", f"/Calls/{call}", {"Url": self._base + leg_path(leg)}, call)

    async def end(self, call: CallId) -> None:
        """End the leg."""
        await self._asked("POST", f"/Calls/{call}", {"Status": "completed"}, call)

    async def hold(self, room: UUID, call: CallId, *, on: bool, music: str) -> None:
        """Hold, or take back."""
        form = {"Hold": str(on), "HoldUrl": self._base + music, "HoldMethod": "GET"}
        await self._participant(room, call, form)

    async def voice(self, room: UUID, call: CallId, voice: Voice) -> None:
        """Change who hears the leg."""
        form = {"Muted": str(voice.muted), "Coaching": str(voice.only_to is not None)}
        if voice.only_to is not None:
            form["CallSidToCoach"] = voice.only_to
        await self._participant(room, call, form)

    async def stay(self, room: UUID, call: CallId) -> None:
        """Let the conference outlive this leg."""
        await self._participant(room, call, {"EndConferenceOnExit": "False"})

    async def announce(self, room: UUID, sound: str) -> None:
        """Let everybody hear a sound."""
        sid = await self._room(room, None)
        form = {"AnnounceUrl": self._base + sound, "AnnounceMethod": "GET"}
        await self._must("POST", f"/Conferences/{sid}", form, sid)

    async def is_over(self, call: CallId) -> bool:
        """Say whether the leg has ended."""
        status, body = await self._asked("GET", f"/Calls/{call}", {}, call)
        return status >= NO_MORE or body["status"] in OVER

    async def erase(self, call: CallId) -> None:
        """Let the exchange forget the call."""
        _status, body = await self._asked("DELETE", f"/Calls/{call}", {}, call)
        if body.get("code") == STILL_THERE:
            raise NotErased

    async def findings(self) -> Sequence[Finding]:
        """Say that this is the demo: nobody outside can call."""
        return (Finding(code="demo", grave=False),)

    def ticket(self, identity: str) -> PhoneTicket:
        """Give what a demo console signs on with."""
        return PhoneTicket(kind="loopback", identity=identity, token="")

    def is_signed(self, path: str, form: Mapping[str, str], signature: str) -> bool:
        """Check the exchange's signature."""
        return hmac.compare_digest(
            signed(self._token, self._base + path, form).encode(), signature.encode()
        )

    def written(self, script: Script) -> bytes:
        """Write a script as the exchange reads it."""
        return twiml(script, self._base)

    async def _participant(self, room: UUID, call: CallId, form: dict[str, str]) -> None:
        sid = await self._room(room, call)
        await self._must("POST", f"/Conferences/{sid}/Participants/{call}", form, call)

    async def _room(self, room: UUID, beside: str | None) -> str:
        asked = {"FriendlyName": room.hex, "Status": "in-progress"}
        _status, body = await self._asked("GET", "/Conferences", asked, beside)
        rooms = body.get("conferences", [])
        if not rooms:
            raise CallGone
        return str(rooms[0]["sid"])

    async def _must(self, method: str, path: str, form: dict[str, str], beside: str | None) -> None:
        status, _body = await self._asked(method, path, form, beside)
        if status >= NO_MORE:
            raise CallGone

    async def _asked(
        self, method: str, path: str, form: Mapping[str, str], beside: str | None
    ) -> tuple[int, dict[str, Any]]:
        status, body = await self._desk.request(method, path, form, beside)
        if status >= FAILED:
            raise Outage
        return status, body


def signed(token: bytes, url: str, form: Mapping[str, str]) -> str:
    """Give the signature over an address and a form: keys in order, each with its value."""
    said = url + "".join(key + form[key] for key in sorted(form))
    return b64encode(hmac.new(token, said.encode(), sha1).digest()).decode()


def _to(ring: Ring) -> str:
    if isinstance(ring.to, Browser):
        return f"client:{ring.to.identity}"
    return ring.to.number.reveal()
