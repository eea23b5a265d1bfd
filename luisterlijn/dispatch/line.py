"""The line as a whole: is it open, how long is the wait, who waits where."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from luisterlijn.dispatch import store, store_presence, waiting
from luisterlijn.dispatch.model import line_closed
from luisterlijn.dispatch.waiting import Cover, Opening, Waited
from luisterlijn.dispatch.wire import LineStatus, Wait
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Outage, Refusal
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from luisterlijn.dispatch.events import ContactAccepted
    from luisterlijn.dispatch.lookout import Lookout
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
        self._waits = {each: deque[Waited](maxlen=waiting.REMEMBERED) for each in CHANNELS}
        self._came: dict[ContactId, tuple[int, int]] = {}
        self._serving: dict[str, int] = {}
        self._now: datetime | None = None
        self._openings: dict[tuple[str, str], Opening] = {}
        self._next: dict[str, datetime | None] = {}
        self._waiting: dict[str, int] = {}
        self.places: dict[ContactId, int] = {}
        self.lookout: Lookout | None = None
        self.on_change: list[Callable[[], None]] = []
        """Called after the opening changed or anybody's place in the queue did."""

    def accepted(self, event: ContactAccepted) -> None:
        """Hear how long somebody waited; nothing is learned before the first look at the line."""
        if self._now is None:
            return
        serving = self._serving.get(event.channel, 0)
        place, served = self._came.pop(event.contact, (1, serving))
        self._waits[event.channel].append(
            Waited(
                place=place,
                serving=max(1, served),
                waited=timedelta(seconds=event.waited_s),
                at=self._now,
            )
        )

    def wait_of(self, channel: str, place: int | None = None) -> Wait:
        """Give how long somebody waits from now on; `place` None: who comes now."""
        if self._now is None:
            return Wait(low=None, high=None)
        told = waiting.band(
            list(self._waits[channel]),
            place or self.last_place(channel),
            self._serving.get(channel, 0),
            self._now,
        )
        if told is None:
            return Wait(low=None, high=None)
        low, high = waiting.in_minutes(told)
        return Wait(low=low, high=high)

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
            self._serving = await store_presence.serving(tx)
            if self.lookout is not None:
                await self.lookout.look(tx, is_open=len(closed) < len(openings))
            self._now = tx.now
        for contact in stranded:
            await self._close(contact)
        queued, self._waiting = await store.waiting_places(self._database)
        self._came = {
            contact: self._came.get(contact, (place, self._serving.get(channel, 0)))
            for contact, (channel, place) in queued.items()
        }
        places = {contact: place for contact, (_channel, place) in queued.items()}
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
        waits = [each.waited for each in self._waits[channel]]
        return waiting.opening(cover, waiting.expected(waits), tx.now)

    async def _close(self, contact: ContactId) -> None:
        try:
            await self._hall.change(contact, lambda each, _now: line_closed(each))
        except Refusal:
            return
