"""Calls by Twilio. Only this file and `twiml` know its library."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import logging
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
from twilio.base.exceptions import TwilioException
from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.jwt.access_token import AccessToken
from twilio.jwt.access_token.grants import VoiceGrant
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from luisterlijn.kernel.errors import Outage
from luisterlijn.telephony.ports import (
    Browser,
    CallGone,
    CallId,
    NotErased,
    NotNow,
    NotPlaced,
    PhoneTicket,
)
from luisterlijn.telephony.speech import leg_path
from luisterlijn.telephony.twiml import twiml
from luisterlijn.telephony.watch import NotAllowed, findings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
    from uuid import UUID

    from luisterlijn.settings import TwilioSettings
    from luisterlijn.telephony.ports import Finding, Ring, Voice
    from luisterlijn.telephony.script import Script

TRIES = 3
"""So often a question is put that may be put twice; a call is never placed twice."""
TICKET_S = 3600
MOST_ROOMS = 256
"""Conferences whose id is remembered: more than are ever open at once, and a bound on memory."""
STILL_THERE = 20009
GONE = frozenset({20404, 21220})
TOO_MANY, REFUSED, FAILED, MISSING = 429, 400, 500, 404
FORBIDDEN = (401, 403)
LIVING = ("queued", "ringing", "in-progress")
NEWS = ["initiated", "ringing", "answered", "completed"]

logging.getLogger("twilio").setLevel(logging.WARNING)  # it would print addresses with ids


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long we wait for Twilio, in seconds.

    `asks_s` is longer than any good answer took. A call that waits longer than `turn_s` for its
    turn is not placed: its order is asked for again. `all_s` bounds all tries of one thing; an
    order's lease is longer, so that one worker tries at a time. `pause_s` follows the first try,
    twice as much the second.
    """

    asks_s: float = 8.0
    turn_s: float = 8.0
    all_s: float = 16.0
    pause_s: float = 0.5


class Http(AsyncTwilioHttpClient):  # type: ignore[misc] # the library has no types
    """The library's client, with a time-out that it keeps, and an address that tests choose."""

    def __init__(self, address: str | None, asks_s: float) -> None:
        """Ask Twilio, or the same API at another address; an answer may take `asks_s`."""
        super().__init__(pool_connections=True, max_retries=None)
        self._address = address
        self._asks_s = asks_s

    async def request(  # the library's own signature
        self,
        method: str,
        url: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
        allow_redirects: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> Any:
        """Ask; what is not answered in time is an outage."""
        del timeout
        if self._address is not None:
            url = self._address + url[url.index("/", len("https://")) :]
        headers = dict(headers or {})
        if auth is not None:
            # The library's own way of saying it is on its way out of aiohttp.
            said = b64encode(":".join(auth).encode()).decode()
            headers["Authorization"] = f"Basic {said}"
        try:
            async with asyncio.timeout(self._asks_s):
                return await super().request(
                    method, url, params, data, headers, allow_redirects=allow_redirects
                )
        except (TimeoutError, OSError, aiohttp.ClientError):
            raise Outage from None


class Pace:
    """Lets so many calls be placed in a second: browsers first, then in the order they came."""

    def __init__(self, per_s: int) -> None:
        """Begin with nothing placed."""
        self._every_s = 1 / per_s
        self._next = 0.0
        self._numbers = itertools.count()
        self._waiting: list[tuple[bool, int]] = []

    async def turn(self, *, browser: bool) -> None:
        """Wait for one's turn."""
        clock = asyncio.get_running_loop()
        mine = (not browser, next(self._numbers))
        heapq.heappush(self._waiting, mine)
        try:
            while self._waiting[0] != mine or clock.time() < self._next:  # noqa: ASYNC110 - time is all it waits for
                await asyncio.sleep(max(0.0, self._next - clock.time()))
            self._next = clock.time() + self._every_s
        finally:
            self._waiting.remove(mine)
            heapq.heapify(self._waiting)


class TwilioProvider:
    """The adapter. Make it inside a running loop: its client needs one."""

    def __init__(
        self,
        settings: TwilioSettings,
        base: str,
        address: str | None = None,
        *,
        patience: Patience | None = None,
    ) -> None:
        """Work on this account.

        Args:
            settings: account, keys, region, numbers.
            base: our public address, before every path.
            address: where the API answers, when it is not Twilio's.
            patience: how long we wait.
        """
        self.settings = settings
        self._base = base
        self._number = next(iter(settings.numbers), "")
        self._rooms: dict[UUID, str] = {}
        self._patience = patience or Patience()
        self._http = Http(address, self._patience.asks_s)
        self.client = Client(
            settings.api_key,
            settings.api_secret,
            settings.account,
            settings.region,
            self._http,
            edge=settings.edge,
        )
        self._validator = RequestValidator(settings.auth_token)
        self._pace = Pace(settings.calls_per_s)

    @property
    def is_open(self) -> bool:
        """Say whether it can still ask."""
        return not self._http.session.closed

    async def close(self) -> None:
        """Close what was opened."""
        await self._http.close()

    async def place(self, ring: Ring) -> CallId:
        """Call somebody, once."""
        try:
            async with asyncio.timeout(self._patience.turn_s):
                await self._pace.turn(browser=isinstance(ring.to, Browser))
        except TimeoutError:
            raise NotNow from None
        try:
            made = await self.client.calls.create_async(
                to=_to(ring),
                from_=self._number,
                url=self._base + leg_path(ring.leg),
                method="POST",
                timeout=int(ring.rings.total_seconds()),
                status_callback=self._base + leg_path(ring.leg, "status"),
                status_callback_event=NEWS,
                status_callback_method="POST",
            )
        except (TwilioException, ValueError) as refused:
            status, _code = _said(refused)
            if status == TOO_MANY:
                raise NotNow from None
            if REFUSED <= status < FAILED:
                raise NotPlaced from None
            raise Outage from None  # somebody may have been rung
        return CallId(made.sid)

    async def find(self, ring: Ring) -> CallId | None:
        """Give the newest living call to that telephone."""
        # Not by the day it began: a call that Twilio still queues has not begun.
        found = await self.asked(lambda: self.client.calls.list_async(to=_to(ring), limit=20))
        living = [each for each in found if each.status in LIVING]
        return CallId(living[0].sid) if living else None

    async def refetch(self, call: CallId, leg: UUID) -> None:
        """Let the leg ask what to do."""
        url = self._base + leg_path(leg)
        await self.asked(lambda: self.client.calls(call).update_async(url=url, method="POST"))

    async def end(self, call: CallId) -> None:
        """End the leg."""
        try:
            await self.asked(lambda: self.client.calls(call).update_async(status="completed"))
        except CallGone:
            return

    async def hold(self, room: UUID, call: CallId, *, on: bool, music: str) -> None:
        """Hold, or take back."""
        await self._participant(room, call, hold=on, hold_url=self._base + music, hold_method="GET")

    async def voice(self, room: UUID, call: CallId, voice: Voice) -> None:
        """Change who hears the leg."""
        only = {"call_sid_to_coach": voice.only_to} if voice.only_to is not None else {}
        await self._participant(
            room, call, muted=voice.muted, coaching=voice.only_to is not None, **only
        )

    async def stay(self, room: UUID, call: CallId) -> None:
        """Let the conference outlive this leg."""
        await self._participant(room, call, end_conference_on_exit=False)

    async def announce(self, room: UUID, sound: str) -> None:
        """Let everybody hear a sound."""
        url = self._base + sound
        await self._in_room(
            room,
            lambda sid: self.client.conferences(sid).update_async(
                announce_url=url, announce_method="GET"
            ),
        )

    async def is_over(self, call: CallId) -> bool:
        """Say whether the leg has ended."""
        try:
            found = await self.asked(lambda: self.client.calls(call).fetch_async())
        except CallGone:
            return True
        return found.status not in LIVING

    async def erase(self, call: CallId) -> None:
        """Let Twilio forget the call."""
        try:
            await self.asked(lambda: self.client.calls(call).delete_async())
        except CallGone:
            return

    async def findings(self) -> Sequence[Finding]:
        """Look at the account without placing a call."""
        return await findings(self, self._base)

    def ticket(self, identity: str) -> PhoneTicket:
        """Give a token that takes calls and can make none."""
        token = AccessToken(
            self.settings.account,
            self.settings.api_key,
            self.settings.api_secret,
            identity=identity,
            ttl=TICKET_S,
            region=self.settings.region,
        )
        token.add_grant(VoiceGrant(incoming_allow=True))
        return PhoneTicket(
            kind="twilio", identity=identity, token=token.to_jwt(), edge=self.settings.edge
        )

    def is_signed(self, path: str, form: Mapping[str, str], signature: str) -> bool:
        """Check Twilio's signature over our own public address, never the one a header names."""
        if not self.settings.auth_token:  # anybody can sign with nothing
            return False
        return bool(self._validator.validate(self._base + path, dict(form), signature))

    def written(self, script: Script) -> bytes:
        """Write a script in TwiML."""
        return twiml(script, self._base)

    async def asked(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Put a question that may be put twice.

        Raises:
            CallGone: what it is about is not there.
            NotErased: it cannot be deleted yet.
            NotAllowed: our key may not ask that.
            Outage: no answer in time, or none that says what became of it.
        """
        async with self._in_time():
            for tries in range(TRIES):
                if tries:
                    await asyncio.sleep(self._patience.pause_s * 2 ** (tries - 1))
                try:
                    return await ask()
                except Outage:
                    continue
                except (TwilioException, ValueError) as refused:
                    meant = _meaning(refused)
                    if meant is not None:
                        raise meant from None
        raise Outage

    @contextlib.asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self._patience.all_s):
                yield
        except TimeoutError:
            raise Outage from None

    async def _participant(self, room: UUID, call: CallId, **change: object) -> None:
        await self._in_room(
            room,
            lambda sid: self.client.conferences(sid).participants(call).update_async(**change),
        )

    async def _in_room(self, room: UUID, ask: Callable[[str], Awaitable[Any]]) -> None:
        """Ask for something in a conference; a name may have a new conference by now."""
        async with self._in_time():
            known = self._rooms.pop(room, None)
            if known is not None:
                with contextlib.suppress(CallGone):
                    await self._of_room(room, known, ask)
                    return
            found = await self.asked(
                lambda: self.client.conferences.list_async(
                    friendly_name=room.hex, status="in-progress", limit=1
                )
            )
            if not found:
                raise CallGone
            await self._of_room(room, str(found[0].sid), ask)

    async def _of_room(self, room: UUID, sid: str, ask: Callable[[str], Awaitable[Any]]) -> None:
        await self.asked(lambda: ask(sid))
        if len(self._rooms) >= MOST_ROOMS:
            del self._rooms[next(iter(self._rooms))]
        self._rooms[room] = sid


def _said(refused: Exception) -> tuple[int, int]:
    """Give status and code of a refusal; 0 for what it does not say."""
    page = next((each for each in refused.args if hasattr(each, "status_code")), None)
    status = getattr(refused, "status", None) or getattr(page, "status_code", None)
    return int(status or 0), int(getattr(refused, "code", None) or 0)


def _meaning(refused: Exception) -> Exception | None:
    """Give what a refusal means; None: that another try may help."""
    status, code = _said(refused)
    if code in GONE or status == MISSING:
        return CallGone()
    if code == STILL_THERE:
        return NotErased()
    if status in FORBIDDEN:
        return NotAllowed()
    if REFUSED <= status < FAILED and status != TOO_MANY:
        return Outage()  # nothing is known to be gone
    return None


def _to(ring: Ring) -> str:
    if isinstance(ring.to, Browser):
        return f"client:{ring.to.identity}"
    return ring.to.number.reveal()
