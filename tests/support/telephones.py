"""A telephone exchange beside a node at rest: people call, time passes when the test says so."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import aiohttp
from aiohttp import web

from luisterlijn.dispatch.wire import OfContact
from luisterlijn.doors import web_app
from luisterlijn.edge.realtime import Seat
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy.redaction import Secret
from luisterlijn.simulation.exchange import Exchange
from luisterlijn.simulation.exchange_desk import by_http
from luisterlijn.telephony.room import TelephoneRoom
from luisterlijn.telephony.wire import HoldCall, ThirdPartyRing
from tests.support.house import TestHouse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from luisterlijn.kernel.ids import ContactId, PersonId
    from luisterlijn.simulation.exchange_parts import Leg

RINGS_S = 1.5
STEP_S = 0.5
ANNA, BEA = "+3197010000001", "+3197010000002"
JO = "+31612345678"
"""A caller."""


@dataclass(slots=True, kw_only=True)
class Telephones:
    """The exchange of a node, and the short ways to call and to answer.

    `sent` is every webhook that went out, with the status of its answer.
    """

    built: TestHouse
    exchange: Exchange
    room: TelephoneRoom
    client: aiohttp.ClientSession
    lease: timedelta = timedelta(seconds=20)
    sent: list[tuple[str, dict[str, str], int]] = field(default_factory=list)
    now: float = 0.0

    async def go(self, seconds: float = RINGS_S) -> None:
        """Let the exchange's time pass, and do all work that comes of it."""
        until = self.now + seconds
        while self.now < until:
            self.now = min(until, self.now + STEP_S)
            await self._step()

    async def _step(self) -> None:
        for _round in range(40):
            before = len(self.sent)
            await self.exchange.run_until(self.now)
            worked = await self.work()
            if not worked and len(self.sent) == before and not self._due:
                return

    @property
    def _due(self) -> bool:
        at = self.exchange.next_at
        return at is not None and at <= self.now

    async def work(self) -> bool:
        """Do what a served node does by itself, once; False: nothing was to be done."""
        house = self.built.house
        await house.rounds.round()
        worked = False
        while await house.outbox.relay_one(house.database):
            worked = True
        while await self.room.orders.one():
            worked = True
        return worked

    async def open(self) -> None:
        """Let the line see its roster."""
        await self.built.house.line.look()

    async def caller(self, number: str = "+31612345678") -> Leg:
        """Call the line and hear the welcome."""
        leg = self.exchange.call_in(number)
        await self.go()
        return leg

    async def volunteer(self, name: str, *, own: str | None = None, **more: object) -> PersonId:
        """Give a ready volunteer for calls; `own`: the number of their own phone."""
        house = self.built.house
        person = await self.built.volunteer(name, channels=("phone",), **more)  # type: ignore[arg-type]
        await self.built.ready(person)
        if own is not None:
            async with house.database.transaction(LINE) as tx:
                await house.accounts.set_phone(tx, person, Secret(own))
            await house.consoles.take_calls(person, "own")
        return person

    def ringing(self) -> list[Leg]:
        """Give the legs that ring now, oldest first."""
        return [each for each in self.exchange.legs.values() if each.status == "ringing"]

    def talking(self) -> list[set[str]]:
        """Give who is together in each conference, by their telephones."""
        return [
            {each.to if each.direction == "outbound-api" else each.sender for each in room.legs}
            for room in self.exchange.rooms.values()
            if len(room.legs) > 1
        ]

    def console(self, person: PersonId) -> CallConsole:
        """Give what a volunteer's console can do with a call."""
        return CallConsole(self.room, person)

    async def contact(self) -> ContactId:
        """Give the only call's contact."""
        row = await self.built.house.database.line_row("select contact from call")
        assert row is not None
        contact: ContactId = row["contact"]
        return contact

    def heard(self, leg: Leg) -> list[str]:
        """Give the names of the prompts a leg heard, in order."""
        return [url.rsplit("/", 1)[-1].removesuffix(".wav") for url in leg.heard]


class CallConsole:
    """The orders about calls, as one volunteer's console sends them."""

    def __init__(self, room: TelephoneRoom, person: PersonId) -> None:
        """Act as this volunteer."""
        self._orders = room.console.orders()
        room.console.newest = lambda _seat: person
        self._seat = Seat("console", person)

    async def hold(self, contact: ContactId, *, on: bool) -> None:
        """Put the caller on hold, or take them back."""
        await self._orders["hold"].do(self._seat, HoldCall(contact.hex, on))

    async def third(self, contact: ContactId, entry: str, *, consent: bool = True) -> None:
        """Call somebody in."""
        order = ThirdPartyRing(contact.hex, entry, consent)
        await self._orders["third-ring"].do(self._seat, order)

    async def leave(self, contact: ContactId) -> None:
        """Leave caller and third party together."""
        await self._orders["third-leave"].do(self._seat, OfContact(contact.hex))

    async def code(self, contact: ContactId) -> str:
        """Give the caller a code that leads past the limit."""
        given = await self._orders["coach-code"].do(self._seat, OfContact(contact.hex))
        return str(given.code)


async def together(phones: Telephones, own: str = ANNA) -> tuple[PersonId, ContactId, Leg, Leg]:
    """Let one volunteer on an own phone take one call; gives both legs, the caller's first."""
    person = await phones.volunteer("anna", own=own)
    await phones.open()
    caller = await phones.caller(JO)
    [leg] = phones.ringing()
    phones.exchange.answer(leg)
    await phones.go(1)
    phones.exchange.press(leg, "1")
    await phones.go(6)
    assert phones.talking() == [{JO, own}]
    return person, await phones.contact(), caller, leg


@contextlib.asynccontextmanager
async def telephones(built: TestHouse) -> AsyncIterator[Telephones]:
    """Serve a node's webhooks; nothing runs by itself."""
    demo, room = built.house.demo_telephone, built.house.telephone
    assert demo is not None
    assert room is not None
    runner = web.AppRunner(web_app(built.house), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", built.house.settings.port).start()
        async with aiohttp.ClientSession() as session:
            made = Telephones(built=built, exchange=demo.exchange, room=room, client=session)
            send = by_http(session, demo.token)

            async def deliver(url: str, form: dict[str, str]) -> tuple[int, bytes]:
                status, body = await send(url, form)
                made.sent.append((url.removeprefix(built.house.settings.public_url), form, status))
                return status, body

            demo.exchange.deliver = deliver
            yield made
    finally:
        await runner.cleanup()
