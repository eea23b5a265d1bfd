"""Looks out that nobody is alone on the line, and tells who must know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.dispatch import coverage, store_lookout
from luisterlijn.dispatch.events import CoverageBack, CoverageLow, PresenceChanged

if TYPE_CHECKING:
    from luisterlijn.dispatch.ports import Coaching
    from luisterlijn.store.database import Transaction


class Lookout:
    """One per node. What was noticed is a row, so that it is told once."""

    def __init__(self, coaching: Coaching) -> None:
        """Ask the coaches' room who can be reached."""
        self._coaching = coaching

    async def look(self, tx: Transaction, *, is_open: bool) -> None:
        """Notice and tell; on a line that is closed nothing is wrong."""
        there = await store_lookout.there(tx)
        coaches = await self._coaching.reachable(tx)
        kind = coverage.thin(len(there), coach=bool(coaches)) if is_open else None
        before = await store_lookout.noticed(tx)
        after = coverage.noticed(before, kind, tx.now)
        if after == before:
            return
        await store_lookout.notice(tx, after)
        was_told = before is not None and before.told
        if after is not None and after.told:
            tx.publish_on_commit(CoverageLow(kind=after.kind.value))
        elif was_told:
            tx.publish_on_commit(CoverageBack())
        if was_told or (after is not None and after.told):
            for person in sorted({*there, *await self._coaching.on_call(tx)}):
                tx.publish_on_commit(PresenceChanged(person=person))
