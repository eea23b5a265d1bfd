"""Where simulated people meet: who has which chat, and whether all arrived before it ends."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from luisterlijn.simulation.chance import Chance
from luisterlijn.simulation.listener import Listener
from luisterlijn.simulation.record import Count, arrived, in_order
from luisterlijn.simulation.visitor import Visitor
from luisterlijn.simulation.wire import Pulse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from luisterlijn.simulation.listener import Talk
    from luisterlijn.simulation.record import Record

SETTLED_S = 120.0
"""Longer than a lost volunteer (30 s), the next offers and a key take together."""
LOOK_S = 0.1
HUNDREDTHS = 100


@dataclass(slots=True)
class Chat:
    """One chat on the stage. `verdict` None: nobody ended it in good order yet."""

    visitor: Visitor
    left: bool = False
    answered: bool = False
    abandoned: bool = False
    verdict: Count | None = None


@dataclass(slots=True)
class Tally:
    """What people did, beside their lines."""

    reloads: int = 0
    drops: int = 0
    declined: int = 0
    lapsed: int = 0
    vanished: int = 0
    turned_away: int = 0
    wrapped_up: int = 0


@dataclass(slots=True, kw_only=True)
class Stage:
    """All chats and listeners of one play."""

    speed: float
    calm: bool
    seed: int
    began_at: float
    chats: dict[str, Chat] = field(default_factory=dict)
    listeners: list[Listener] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)
    lost_listeners: int = 0
    settled: Pulse = field(default_factory=Pulse)

    def chance(self, name: str) -> Chance:
        """Give somebody's own chance."""
        return Chance(self.seed, name)

    async def pause(self, chance: Chance, low_s: float, high_s: float) -> None:
        """Let somebody take their time, so much faster as the play goes."""
        await asyncio.sleep(chance.between(low_s, high_s) / self.speed)

    def talk_of(self, contact: str) -> Talk | None:
        """Give the console's side of who has the chat now; None when nobody has."""
        there = [each for each in self.listeners if not each.link.over]
        talks = [each.talks[contact] for each in there if contact in each.talks]
        return max(talks, key=lambda talk: talk.view.epoch, default=None)

    def records(self, contact: str) -> list[Record]:
        """Give the records of everybody who ever was in the chat."""
        return [
            self.chats[contact].visitor.record,
            *(each.records[contact] for each in self.listeners if contact in each.records),
        ]

    def missing(self, contact: str) -> Count | None:
        """Count what the two who have the chat now miss; None while nobody has it."""
        chat, talk = self.chats[contact], self.talk_of(contact)
        if talk is None or (chat.visitor.waits and not chat.left):
            return None
        readers = [talk.conversation.view]
        if not chat.left:
            readers.append(chat.visitor.conversation.view)
        elif not talk.has_key:
            # A page that is gone hands out no keys: a console that came after it reads nothing.
            readers = []
        return arrived(self.records(contact), readers)

    async def settle(self, contact: str, within_s: float = SETTLED_S) -> bool:
        """Before somebody ends the chat: wait until all that was acknowledged has arrived.

        Returns:
            False when somebody else ended it meanwhile.
        """
        chat = self.chats[contact]
        missed: Count | None = Count(lost=1)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while chat.verdict is None:
                    missed = self.missing(contact)
                    if missed is not None and not missed:
                        break
                    await asyncio.sleep(LOOK_S)
        if chat.verdict is not None:
            return False
        chat.verdict = missed if missed is not None else Count(lost=1)
        self.settled.beat()
        return True

    def outcome(self) -> Count:
        """Count what went wrong in all chats; one that nobody ended is a lost one."""
        count = Count()
        for contact, chat in self.chats.items():
            count += in_order(self.records(contact))
            count += Count(unreadable=chat.visitor.untrusted)
            if chat.verdict is not None:
                count += chat.verdict
            elif not chat.abandoned:
                count += Count(lost=1)
        return count

    def report(self) -> dict[str, float]:
        """Give what is printed."""
        count = self.outcome()
        acks = [ms for chat in self.chats.values() for ms in chat.visitor.ack_ms]
        acks += [ms for listener in self.listeners for ms in listener.ack_ms]
        offers = self.offer_ms()
        return {
            "started": len(self.chats),
            "answered": sum(chat.answered for chat in self.chats.values()),
            "abandoned": sum(chat.abandoned for chat in self.chats.values()),
            "lost": count.lost,
            "doubled": count.doubled,
            "reordered": count.reordered,
            "unreadable": count.unreadable,
            "messages": sum(
                len(record.sent) for contact in self.chats for record in self.records(contact)
            ),
            "ack_p50_ms": percentile(acks, 50),
            "ack_p99_ms": percentile(acks, 99),
            "offer_p50_ms": percentile(offers, 50),
            "offer_p99_ms": percentile(offers, 99),
            "reloads": self.tally.reloads,
            "drops": self.tally.drops,
            "declined": self.tally.declined,
            "lapsed": self.tally.lapsed,
            "vanished": self.tally.vanished,
            "wrapped_up": self.tally.wrapped_up,
            "turned_away": self.tally.turned_away,
            "seconds": round(asyncio.get_running_loop().time() - self.began_at, 1),
        }

    def offer_ms(self) -> list[float]:
        """Give how long each chat's first offer took, since both could: waiting and being free."""
        first: dict[str, float] = {}
        seen = [offered for each in self.listeners for offered in each.offers.values()]
        for offered in sorted(seen, key=lambda each: each.seen_at):
            chat = self.chats.get(offered.contact)
            if chat is not None and offered.contact not in first:
                since = max(chat.visitor.first_open, offered.free_since)
                first[offered.contact] = max(0.0, 1000 * (offered.seen_at - since))
        return list(first.values())


def percentile(values: Sequence[float], percent: int) -> float:
    """Give the value that this share of all stays under; 0 of nothing."""
    if len(values) < 2:  # noqa: PLR2004 - quantiles need two
        return round(values[0], 1) if values else 0.0
    return round(statistics.quantiles(values, n=HUNDREDTHS, method="inclusive")[percent - 1], 1)
