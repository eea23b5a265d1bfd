"""The demo's telephone: an exchange in the server, a caller's page, and the console's own phone.

Exists in demo mode only.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import aiohttp
import msgspec
from msgspec import Meta

from luisterlijn.edge.guard import ANYONE, Call, Face, Nothing, Routes
from luisterlijn.edge.realtime import Heard
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.simulation.chance import Chance
from luisterlijn.simulation.exchange import Exchange
from luisterlijn.simulation.exchange_desk import DemoDesk, Here, by_http, drive
from luisterlijn.telephony.loopback import LoopbackProvider
from luisterlijn.telephony.wire import DemoCall, DemoKey, DemoState

if TYPE_CHECKING:
    from collections.abc import Callable

    from luisterlijn.edge.realtime import Seat
    from luisterlijn.kernel.ids import PersonId, TokenSource
    from luisterlijn.settings import Settings
    from luisterlijn.simulation.exchange_parts import Leg
    from luisterlijn.telephony.prompts import Prompt, Prompts

ACCOUNT = "AC" + "0" * 32
NUMBER = "+31850000000"
"""Made up, as the number on the demo's page."""
CALLER = "+31612345678"
TOKEN_FILE = "demo-exchange"  # noqa: S105 - a file's name
URL_FILE = "demo-exchange-url"
MOST_CALLS = 50
MOST_SHOWN = 30


class Attach(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an exchange outside answers: an address of this machine."""

    url: Annotated[str, Meta(pattern=r"^http://127\.0\.0\.1:[1-9]\d{0,4}$")]


class Attached(msgspec.Struct, frozen=True):
    """What an exchange outside signs its webhooks with (hex), and the line's number."""

    token: str
    number: str


class PhoneOn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A console's phone signs on under its name."""

    identity: Annotated[str, Meta(pattern="^[0-9a-f]{32}$")]


class DemoTelephone:
    """An exchange, its provider for the line, and who plays on it."""

    def __init__(
        self,
        settings: Settings,
        tokens: TokenSource,
        prompts: Prompts,
        tell: Callable[[PersonId, str, object], None],
    ) -> None:
        """Make the exchange; `tell` hands a hint to a person's console."""
        settings.data.mkdir(parents=True, exist_ok=True)
        file = settings.data / TOKEN_FILE
        if not file.exists():
            file.write_text(tokens.bytes(16).hex(), encoding="utf-8")
        self.token = bytes.fromhex(file.read_text(encoding="utf-8"))
        self._base = settings.public_url
        self._prompts = prompts
        self._tell = tell
        self._people: dict[str, PersonId] = {}
        self._ringing: dict[PersonId, Leg] = {}
        self.exchange = Exchange(
            self._deliver,
            Chance(int.from_bytes(tokens.bytes(8), "big"), "exchange"),
            account=ACCOUNT,
            number=NUMBER,
            voice_url=f"{self._base}/phone/incoming",
            status_url=f"{self._base}/phone/status",
            seconds=self.seconds,
        )
        self.exchange.rings = self._rings
        self.exchange.changed = self._changed
        self.desk = DemoDesk(Here(self.exchange), settings.data / URL_FILE)
        self.provider = LoopbackProvider(
            self.desk, base=self._base, number=NUMBER, token=self.token
        )
        self._session: aiohttp.ClientSession | None = None

    async def run(self) -> None:
        """Let the exchange's time pass until cancelled."""
        async with aiohttp.ClientSession() as session:
            self._session = session
            try:
                await drive(self.exchange)
            finally:
                self._session = None
                await self.desk.close()

    async def _deliver(self, url: str, form: dict[str, str]) -> tuple[int, bytes]:
        if self._session is None:
            raise OSError("not running")
        return await by_http(self._session, self.token)(url, form)

    def seconds(self, url: str) -> float:
        """Give how long a sound of ours lasts."""
        prompt = prompt_at(self._prompts, url)
        return prompt.seconds if prompt is not None else 1.0

    # The console's phone.

    def orders(self) -> dict[str, Heard]:
        """Give the console's events for its phone."""
        return {
            "phone-on": Heard(takes=PhoneOn, do=self._on),
            "phone-answer": Heard(takes=Nothing, do=self._answer),
            "phone-hang-up": Heard(takes=Nothing, do=self._hang_up),
        }

    async def _on(self, seat: Seat, order: PhoneOn) -> None:
        person = seat.who.person
        self._people = {each: who for each, who in self._people.items() if who != person}
        self._people[order.identity] = person
        for leg in self.exchange.legs.values():
            # A page that was loaded anew while its phone rang.
            if leg.status == "ringing" and leg.to == f"client:{order.identity}":
                self._rings(leg)

    async def _answer(self, seat: Seat, _nothing: Nothing) -> None:
        leg = self._ringing.get(seat.who.person)
        if leg is None:
            raise Refusal(Code.OFFER_GONE)
        self.exchange.answer(leg)

    async def _hang_up(self, seat: Seat, _nothing: Nothing) -> None:
        leg = self._ringing.get(seat.who.person)
        if leg is not None:
            self.exchange.hang_up(leg)

    def _rings(self, leg: Leg) -> None:
        person = self._people.get(leg.to.removeprefix("client:"))
        if person is not None:
            self._ringing[person] = leg
            self._tell(person, "phone-ring", {})

    def _changed(self, leg: Leg) -> None:
        for person, ringing in list(self._ringing.items()):
            if ringing is leg and leg.over:
                del self._ringing[person]
                self._tell(person, "phone-over", {})

    # The caller's page.

    def routes(self) -> Routes:
        """Give the demo's own addresses."""
        table = Routes("demo telephone")

        @table.add(
            "POST", "/demo/phone", may=ANYONE, face=Face.CONSOLE, takes=Attach, gives=Attached
        )
        async def attach(call: Call[Attach]) -> Attached:
            """Let calls go by an exchange outside: a simulation's."""
            self.desk.attach(call.body.url)
            return Attached(token=self.token.hex(), number=NUMBER)

        @table.add("DELETE", "/demo/phone", may=ANYONE, face=Face.CONSOLE, status=204)
        async def detach(_call: Call[None]) -> None:
            """Let calls go by the demo's own exchange only."""
            self.desk.detach()

        @table.add("POST", "/demo/call", may=ANYONE, face=Face.CONSOLE, gives=DemoCall, status=201)
        async def begin(_call: Call[None]) -> DemoCall:
            """Call the line."""
            if sum(not leg.over for leg in self.exchange.legs.values()) >= MOST_CALLS:
                raise Refusal(Code.TOO_FAST)
            return self._shown(self.exchange.call_in(CALLER))

        @table.add("GET", "/demo/call/{call}", may=ANYONE, face=Face.CONSOLE, gives=DemoCall)
        async def look(call: Call[None]) -> DemoCall:
            """Say what the caller hears."""
            return self._shown(self._leg(call))

        @table.add(
            "POST",
            "/demo/call/{call}/key",
            may=ANYONE,
            face=Face.CONSOLE,
            takes=DemoKey,
            gives=DemoCall,
        )
        async def press(call: Call[DemoKey]) -> DemoCall:
            """Press a key."""
            leg = self._leg(call)
            self.exchange.press(leg, call.body.key)
            return self._shown(leg)

        @table.add("POST", "/demo/call/{call}/end", may=ANYONE, face=Face.CONSOLE, gives=DemoCall)
        async def end(call: Call[None]) -> DemoCall:
            """Hang up."""
            leg = self._leg(call)
            self.exchange.hang_up(leg)
            return self._shown(leg)

        return table

    def _leg(self, call: Call[Any]) -> Leg:
        leg = self.exchange.legs.get("CA" + call.id("call").hex)
        if leg is None or leg.direction != "inbound":
            raise Refusal(Code.NOT_FOUND)
        return leg

    def _shown(self, leg: Leg) -> DemoCall:
        found = (prompt_at(self._prompts, url) for url in leg.heard[-MOST_SHOWN:])
        texts = [prompt.text for prompt in found if prompt is not None and prompt.text]
        return DemoCall(call=leg.sid[2:], state=_state(leg), prompts=texts)


def prompt_at(prompts: Prompts, url: str) -> Prompt | None:
    """Give the prompt whose sound is at an address; None: it is no prompt of ours."""
    *_before, language, name = ("", *url.split("/"))
    return prompts.get(language, name.removesuffix(".wav"))


def _state(leg: Leg) -> DemoState:
    if leg.over:
        return "over"
    if leg.room is not None:
        if leg.hold:
            return "held"
        return "talking" if len(leg.room.legs) > 1 else "waiting"
    if leg.queued:
        return "waiting"
    return "ringing" if leg.status == "ringing" else "hearing"
