"""The line as a whole: is it open, how long is the wait, who waits where."""

from __future__ import annotations

import asyncio
from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from luisterlijn.dispatch import store, store_presence, waiting
from luisterlijn.dispatch.model import Contact, Reason, State, ended
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
CHANNEL = "chat"


class Line:
    """Watches the roster and the queue, and remembers the last waits in memory only."""

    def __init__(self, database: Database, roster: Roster, hall: Hall) -> None:
        """Start without knowing anything; `run` looks each second."""
        self._database = database
        self._roster = roster
        self._hall = hall
        self._waits: deque[timedelta] = deque(maxlen=waiting.SAMPLES)
        self._openings: dict[str, Opening] = {}
        self._next: datetime | None = None
        self.places: dict[ContactId, int] = {}
        self.on_change: list[Callable[[], None]] = []
        """Called after the opening changed or anybody's place in the queue did."""

    def accepted(self, event: ContactAccepted) -> None:
        """Hear how long somebody waited."""
        self._waits.append(timedelta(seconds=event.waited_s))

    @property
    def wait(self) -> Wait:
        """Give the wait that most people have now."""
        expected = waiting.expected(list(self._waits))
        if expected is None:
            return Wait(minutes=None)
        return Wait(minutes=max(1, round(expected.total_seconds() / 60)))

    def opening(self, language: str) -> Opening:
        """Say whether somebody who speaks the language is taken in."""
        return self._openings.get(language, Opening.CLOSED)

    def status(self, language: str) -> LineStatus:
        """Give what the page shows."""
        opening = self.opening(language)
        closed = opening is Opening.CLOSED
        return LineStatus(
            chat=opening.value,
            wait=self.wait,
            next_opening_at=to_wire(self._next) if closed and self._next else None,
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
            openings = {language: await self._opening(tx, language) for language in LANGUAGES}
            closed = Opening.CLOSED in openings.values()
            self._next = await self._roster.opens_at(tx, CHANNEL) if closed else None
            stranded = [
                contact
                for language, opening in openings.items()
                if opening is Opening.CLOSED
                and not await store_presence.anybody_left(tx, CHANNEL, language)
                for contact in await store.waiting_of(tx, CHANNEL, language)
            ]
        for contact in stranded:
            await self._close(contact)
        places = await store.waiting_places(self._database)
        changed = openings != self._openings or places != self.places
        self._openings, self.places = openings, places
        if changed:
            for listener in self.on_change:
                listener()

    async def _opening(self, tx: Transaction, language: str) -> Opening:
        rostered = await self._roster.cover(tx, CHANNEL, language)
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
        return waiting.opening(cover, waiting.expected(list(self._waits)), tx.now)

    async def _close(self, contact: ContactId) -> None:
        try:
            await self._hall.change(contact, _line_closed)
        except Refusal:
            return


def _line_closed(contact: Contact, _now: datetime) -> Contact:
    return ended(contact, Reason.LINE_CLOSED) if contact.state is State.QUEUED else contact
