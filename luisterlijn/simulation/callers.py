"""How simulated callers and volunteers behave on telephones, and what is counted of it."""

from __future__ import annotations

import asyncio
import contextlib
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from luisterlijn.simulation.chance import Chance
from luisterlijn.simulation.exchange import FAULT, Exchange
from luisterlijn.simulation.exchange_parts import Leg
from luisterlijn.simulation.stage import percentile
from luisterlijn.simulation.wire import Gone, Refused

if TYPE_CHECKING:
    from luisterlijn.dispatch.wire import OfferView
    from luisterlijn.simulation.exchange_parts import Deliver
    from luisterlijn.simulation.listener import Listener

LOOK_S = 0.02
LOST_S = 240.0
"""Who has reached nobody by then, and did not hang up, counts as lost."""
BETWEEN_S = 0.1
IMPATIENT, WITHHELD, PRESSES = 0.15, 0.1, 0.2
DECLINES, IGNORES, DROPS, BUSY = 0.06, 0.03, 0.05, 0.05
WORDS_OF_REFUSAL = frozenset({"limit", "full", "closed"})
LAST_WORDS = frozenset({"goodbye", "third-conversation", "closed"})


@dataclass(slots=True, eq=False)
class Caller:
    """One caller. `ended`: None while on the line; then answered, abandoned, limited or lost."""

    leg: Leg
    began: float
    answered: bool = False
    ended: str | None = None


@dataclass(slots=True)
class CallStage:
    """All who are on the telephone, and what is counted."""

    exchange: Exchange
    speed: float
    seed: int
    people: list[PhonePerson] = field(default_factory=list)
    callers: list[Caller] = field(default_factory=list)
    doubled: int = 0
    webhook_ms: list[float] = field(default_factory=list)
    offer_ms: list[float] = field(default_factory=list)
    refused_webhooks: int = 0

    def __post_init__(self) -> None:
        """Listen to the exchange."""
        self.exchange.rings = self._rings
        self.exchange.changed = self._changed

    def measured(self, deliver: Deliver) -> Deliver:
        """Give the way to send webhooks, with a watch beside it."""
        loop = asyncio.get_running_loop()

        async def send(url: str, form: dict[str, str]) -> tuple[int, bytes]:
            began = loop.time()
            status, body = await deliver(url, form)
            self.webhook_ms.append(1000 * (loop.time() - began))
            self.refused_webhooks += 400 <= status < 500  # noqa: PLR2004
            return status, body

        return send

    def _rings(self, leg: Leg) -> None:
        now = asyncio.get_running_loop().time()
        waiting = sorted(
            each.began for each in self.callers if not each.answered and not each.ended
        )
        for person in self.people:
            if leg.to in (person.number, f"client:{person.identity}"):
                # Since both could: this one was free, and more waited than can be with, or on
                # their way to, everybody else.
                since = person.listener.free_since
                if len(waiting) > len(self.people) and math.isfinite(since):
                    since = max(since, waiting[len(self.people)])
                    self.offer_ms.append(max(0.0, 1000 * (now - since)))
                person.rang(leg)

    def _changed(self, leg: Leg) -> None:
        room = leg.room
        if room is None:
            return
        ours = [each for each in room.legs if each.direction == "outbound-api"]
        callers = [each for each in room.legs if each.direction == "inbound"]
        if len(ours) > 1 or len(callers) > 1:
            self.doubled += 1
        elsewhere = [
            each
            for each in self.exchange.legs.values()
            if each is not leg and each.to == leg.to and each.room not in (None, room)
        ]
        if leg.direction == "outbound-api" and elsewhere:
            self.doubled += 1

    async def pause(self, chance: Chance, low_s: float, high_s: float) -> None:
        """Let somebody take their time."""
        await asyncio.sleep(chance.between(low_s, high_s) / self.speed)

    async def until_written_up(self, within_s: float) -> None:
        """Let volunteers hand in their last forms."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while any(each.has_work for each in self.people):  # noqa: ASYNC110 - many consoles
                    await asyncio.sleep(LOOK_S)

    async def until_erased(self, within_s: float) -> None:
        """Wait until the provider has forgotten every call."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self.exchange.legs:  # noqa: ASYNC110 - deleted from outside, in minutes
                    await asyncio.sleep(1)

    def report(self) -> dict[str, float]:
        """Give what is printed."""
        ends = [each.ended for each in self.callers]
        return {
            "started": len(self.callers),
            "answered": sum(each.answered for each in self.callers),
            "abandoned": ends.count("abandoned"),
            "limited": ends.count("limited"),
            "lost": sum(end in ("lost", None) for end in ends),
            "doubled": self.doubled,
            "left_over_records": len(self.exchange.legs),
            "offer_p50_ms": percentile(self.offer_ms, 50),
            "offer_p99_ms": percentile(self.offer_ms, 99),
            "webhooks": len(self.webhook_ms),
            "webhooks_refused": self.refused_webhooks,
            "webhook_p50_ms": percentile(self.webhook_ms, 50),
            "webhook_p99_ms": percentile(self.webhook_ms, 99),
        }


async def caller(stage: CallStage, number: int) -> None:
    """Call, wait, talk, hang up; or lose patience on the way."""
    chance = Chance(stage.seed, f"b{number}")
    await asyncio.sleep(number * BETWEEN_S)
    withheld = chance.happens(WITHHELD)
    leg = stage.exchange.call_in("anonymous" if withheld else f"+316{10_000_000 + number}")
    me = Caller(leg, asyncio.get_running_loop().time())
    stage.callers.append(me)
    patience = chance.between(1, 60) / stage.speed if chance.happens(IMPATIENT) else math.inf
    presses = chance.happens(PRESSES)
    while not leg.over:
        waited = asyncio.get_running_loop().time() - me.began
        if leg.room is not None and len(leg.room.legs) > 1:
            me.answered = True
            await stage.pause(chance, 5, 60)
            # Half of them wait for the volunteer to end it.
            if chance.happens(0.5) and leg.room is not None:
                me.ended = "answered"
                stage.exchange.hang_up(leg)
                return
        elif waited > patience and not me.answered:
            me.ended = "abandoned"
            stage.exchange.hang_up(leg)
            return
        elif waited > LOST_S:
            me.ended = "lost"
            stage.exchange.hang_up(leg)
            return
        if presses and leg.queued:
            presses = False
            stage.exchange.press(leg, chance.pick("589"))
        await asyncio.sleep(LOOK_S)
    me.ended = end_of(me)


def end_of(me: Caller) -> str:
    """Say how a call ended that the line ended: with its last words, or it was lost."""
    heard = [url.rsplit("/", 1)[-1].removesuffix(".wav") for url in me.leg.heard]
    if FAULT in heard:
        return "lost"
    if me.answered:
        return "answered" if heard[-1] in LAST_WORDS else "lost"
    turned_away = WORDS_OF_REFUSAL & set(heard) and "music" not in heard
    return "limited" if turned_away else "lost"


class PhonePerson:
    """A volunteer with a console, and perhaps an own phone."""

    def __init__(self, stage: CallStage, listener: Listener, number: str, chance: Chance) -> None:
        """Sit down. `number`: of the own phone; empty: calls are taken in the browser."""
        self.stage = stage
        self.listener = listener
        self.number = number
        self.identity = ""
        self._chance = chance
        self._leg: Leg | None = None
        self._rung = asyncio.Event()
        self._takes = False

    @property
    def has_work(self) -> bool:
        """Say whether something is still in hand."""
        snapshot = self.listener.snapshot
        return snapshot is not None and bool(snapshot.contacts)

    def rang(self, leg: Leg) -> None:
        """A telephone of theirs rings."""
        self._leg = leg
        self._rung.set()

    async def live(self) -> None:
        """Be ready, take calls, write up, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.listener.run(), name="console")
            group.create_task(self._answer_phone(), name="phone")
            while True:
                try:
                    await self._work()
                except (Gone, Refused):
                    await asyncio.sleep(0.2)  # the server is away, or was quicker
                await self.listener.changed.next(0.5)

    async def _work(self) -> None:
        listener = self.listener
        snapshot = listener.snapshot
        if snapshot is None or not listener.link.up:
            return
        if not self.identity:
            await self._sign_on()
        for view in snapshot.contacts:
            if view.state == "wrapup":
                # The next ring may come before the answer that says we are free.
                self.listener.free_since = math.inf
                await listener.wrap_up(view.contact, {"nature": "talk"})
            elif view.call is not None and view.call.state == "talking":
                await self._talk(view.contact)
        offer = listener.offer
        if offer is not None and offer.channel == "phone" and not self.number:
            await self._choose(offer)
        elif snapshot.presence.state != "ready" and not snapshot.contacts:
            await listener.presence("ready")

    async def _sign_on(self) -> None:
        ticket = await self.listener.link.ask("phone-ticket", {})
        if self.number:
            await self.listener.link.ask("take-calls", {"at": "own"})
        self.identity = ticket["identity"]

    async def _choose(self, offer: OfferView) -> None:
        if self._chance.happens(IGNORES):
            await asyncio.sleep(1)
            return
        if self._chance.happens(DECLINES):
            await self.listener.decline(offer)
            self._rests()
            return
        # The ringing may come before or after the yes: whichever is last picks it up.
        self._takes = True
        if not await self.listener.accept(offer):
            self._takes = False
        elif self._leg is not None:
            self.stage.exchange.answer(self._leg)
            self._takes = self._leg.status != "in-progress"

    async def _talk(self, contact: str) -> None:
        self.listener.free_since = math.inf
        await self.stage.pause(self._chance, 5, 60)
        if self._chance.happens(DROPS) and self._leg is not None:
            self.listener.free_since = asyncio.get_running_loop().time()
            self.stage.exchange.hang_up(self._leg)
        elif self._chance.happens(0.5):
            await self.listener.end(contact)

    async def _answer_phone(self) -> None:
        """Pick up what rings: an own phone at once, in the browser what was accepted there."""
        while True:
            await self._rung.wait()
            self._rung.clear()
            leg, exchange = self._leg, self.stage.exchange
            if leg is None:
                continue
            if not self.number:
                await self._answer_in_browser(leg)
                continue
            await self.stage.pause(self._chance, 0.5, 4)
            if self._chance.happens(BUSY):
                exchange.refuse(leg, self._chance.pick(("busy", "failed", "no-answer")))
                self._rests()
                continue
            exchange.answer(leg)
            await self.stage.pause(self._chance, 1, 5)
            takes = not self._chance.happens(IGNORES + DECLINES)
            exchange.press(leg, "1" if takes else "2")
            if not takes:
                self._rests()

    def _rests(self) -> None:
        """Who said no is asked again after a minute: that is not waiting to be asked."""
        self.listener.free_since = math.inf

    async def _answer_in_browser(self, leg: Leg) -> None:
        """Accepting may have come first: then the ringing is picked up now."""
        if self._takes:
            self._takes = False
            self.stage.exchange.answer(leg)
