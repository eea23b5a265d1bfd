"""The line as a whole: is it open, how long is the wait, who waits where."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from luisterlijn.dispatch import store, store_presence, waiting
from luisterlijn.dispatch.model import line_closed
from luisterlijn.dispatch.waiting import Cover, Opening
from luisterlijn.dispatch.wire import LineStatus, Wait
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Outage, Refusal
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from luisterlijn.dispatch.events import ContactAccepted
    from luisterlijn.dispatch.service import Hall
    from luisterlijn.kernel.ids import ContactId
    from luisterlijn.rostering.service import Roster
    from luisterlijn.store.database import Database, Transaction

log = structlog.get_logger()

LOOK_S = 1.0
"""Every page knows within 5 s that the line closed; it is looked at each second."""
LANGUAGES = ("nl", "en")
CHANNELS = ("phone", "chat")


class Line:
    """Watches the roster and the queue, and remembers the last waits in memory only."""

    def __init__(self, database: Database, roster: Roster, hall: Hall) -> None:
        """Start without knowing anything; `run` looks each second."""
        self._database = database
        self._roster = roster
        self._hall = hall
        self._waits = {each: deque[timedelta](maxlen=waiting.SAMPLES) for each in CHANNELS}
        self._openings: dict[tuple[str, str], Opening] = {}
        self._next: dict[str, datetime | None] = {}
        self._waiting: dict[str, int] = {}
        self.places: dict[ContactId, int] = {}
        self.on_change: list[Callable[[], None]] = []
        """Called after the opening changed or anybody's place in the queue did."""

    def accepted(self, event: ContactAccepted) -> None:
        """Hear how long somebody waited."""
        self._waits[event.channel].append(timedelta(seconds=event.waited_s))

    def wait_of(self, channel: str) -> Wait:
        """Give the wait that most people have now on a channel."""
        expected = waiting.expected(list(self._waits[channel]))
        if expected is None:
            return Wait(minutes=None)
        return Wait(minutes=max(1, round(expected.total_seconds() / 60)))

    def opening_of(self, channel: str, language: str) -> Opening:
        """Say whether somebody who speaks the language is taken in on a channel."""
        return self._openings.get((channel, language), Opening.CLOSED)

    def last_place(self, channel: str) -> int:
        """Give the place of who comes now."""
        return self._waiting.get(channel, 0) + 1

    def opens_at(self, channel: str) -> datetime | None:
        """Give when a closed channel opens again; None: it is open, or nobody knows."""
        return self._next.get(channel)

    def status(self, language: str) -> LineStatus:
        """Give what the page shows."""
        opening = self.opening_of("chat", language)
        opens = self._next.get("chat") if opening is Opening.CLOSED else None
        return LineStatus(
            chat=opening.value,
            phone=self.opening_of("phone", language).value,
            wait=self.wait_of("chat"),
            next_opening_at=to_wire(opens) if opens else None,
        )

    async def run(self) -> None:
        """Look each second until cancelled."""
        while True:
            try:
                await self.look()
            except Outage:
                log.warning("line_waits")
            await asyncio.sleep(LOOK_S)

    async def look(self) -> None:
        """Read roster and queue; close who waits when nobody can come any more."""
        async with self._database.transaction(LINE) as tx:
            openings = {
                (channel, language): await self._opening(tx, channel, language)
                for channel in CHANNELS
                for language in LANGUAGES
            }
            closed = [key for key, opening in openings.items() if opening is Opening.CLOSED]
            self._next = {
                channel: await self._roster.opens_at(tx, channel)
                for channel in sorted({channel for channel, _language in closed})
            }
            stranded = [
                contact
                for channel, language in closed
                if not await store_presence.anybody_left(tx, channel, language)
                for contact in await store.waiting_of(tx, channel, language)
            ]
        for contact in stranded:
            await self._close(contact)
        places, self._waiting = await store.waiting_places(self._database)
        changed = openings != self._openings or places != self.places
        self._openings, self.places = openings, places
        if changed:
            for listener in self.on_change:
                listener()

    async def _opening(self, tx: Transaction, channel: str, language: str) -> Opening:
        rostered = await self._roster.cover(tx, channel, language)
        seen = await store_presence.seen(tx, [each.person for each in rostered])
        cover = [
            Cover(
                starts=each.starts,
                ends=each.ends,
                margin=each.margin,
                seen=seen.get(each.person),
            )
            for each in rostered
        ]
        return waiting.opening(cover, waiting.expected(list(self._waits[channel])), tx.now)

    async def _close(self, contact: ContactId) -> None:
        try:
            await self._hall.change(contact, lambda each, _now: line_closed(each))
        except Refusal:
            return
