"""What a planner looks at: boards, what a draft would bring, days to come."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import service_day
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.planner import store
from luisterlijn.planner.model import Event, begins

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from luisterlijn.demand.service import Demand
    from luisterlijn.kernel.ids import BranchId, ShiftId, TokenSource
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.planner import wire
    from luisterlijn.planner.gaps import Expected
    from luisterlijn.planner.model import Planned
    from luisterlijn.rostering.ports import ShiftRow
    from luisterlijn.store.database import Database, Transaction

WEEK = 7
"""How busy a shift is, is told beside a week at least."""
REACH = timedelta(hours=12)
"""A shift that began so long before may reach into the first day."""
LOOKED_BACK = timedelta(weeks=4)
LONGEST_EVENT = 366


class Planner:
    """What may be asked about a roster that is being made."""

    def __init__(self, database: Database, tokens: TokenSource) -> None:
        """Work on this database."""
        self.database = database
        self.tokens = tokens

    def demand(self) -> Demand:
        """Give the room about what will come; a node that never plans does not load numpy."""
        from luisterlijn.demand.service import Demand  # noqa: PLC0415 - as said

        return Demand(self.database, self.tokens)

    async def branches(self, scope: Scope) -> list[tuple[BranchId, str]]:
        """Give the branches that somebody plans, by name."""
        async with self.database.transaction(scope) as tx:
            found = await store.branches(tx)
        return [each for each in found if scope.national or each[0] == scope.branch]

    async def branch(self, scope: Scope, asked: BranchId | None) -> tuple[BranchId, str]:
        """Give the branch meant: the one asked for, else the own one, else the first.

        Raises:
            Refusal: `not-found`, also for a branch that is another coordinator's.
        """
        there = await self.branches(scope)
        meant = asked or scope.branch or (there[0][0] if there else None)
        for each in there:
            if each[0] == meant:
                return each
        raise Refusal(Code.NOT_FOUND)

    async def board(
        self, scope: Scope, asked: BranchId | None, first: date, days: int
    ) -> wire.Board:
        """Give a branch's board."""
        from luisterlijn.planner import boards  # noqa: PLC0415 - loads numpy

        branch = await self.branch(scope, asked)
        looked = boards.Asked(first=first, days=days)
        during = looked.during
        async with self.database.transaction(LINE) as tx:
            expected = await self.expected(tx, first, days)
            crews = await store.cover(tx, during.start - REACH, during.end)
        async with self.database.transaction(scope) as tx:
            own = await store.planned(tx, during.start, during.end, branch[0])
            places = await store.standing(tx, [each.shift for each in own])
        return boards.board(looked, branch, own, places, boards.pool(expected, crews))

    async def needs(self, tx: Transaction, shifts: Sequence[ShiftRow]) -> dict[ShiftId, float]:
        """Give how many contacts one more person would save on each of these shifts of a branch.

        By what the line knows of, so without proposals. Shifts of whose hours nothing is expected
        are left out.
        """
        from luisterlijn.planner import boards  # noqa: PLC0415 - loads numpy

        if not shifts:
            return {}
        days = [service_day(each.during.start) for each in shifts]
        looked = boards.Asked(first=min(days), days=(max(days) - min(days)).days + 1)
        during = looked.during
        expected = await self.expected(tx, looked.first, looked.days)
        line = boards.pool(
            expected,
            await store.cover(tx, during.start - REACH, during.end),
            published=True,
        )
        asked = {each.shift for each in shifts}
        own = await store.planned(tx, during.start, during.end, shifts[0].branch)
        found = {
            each.shift: line.saved(each.during, each.kind, 1)
            for each in own
            if each.shift in asked and each.kind is not None
        }
        return {shift: saved for shift, saved in found.items() if saved is not None}

    async def nation(self, scope: Scope, first: date, days: int) -> wire.Nation:
        """Give the board of the whole line."""
        from luisterlijn.planner import boards  # noqa: PLC0415 - loads numpy

        branches = await self.branches(scope)
        looked = boards.Asked(first=first, days=days)
        expected, shifts = await self.country(first, days)
        during = looked.during
        shown = [each for each in shifts if during.holds(each.during.start)]
        line = boards.pool(expected, shifts)
        return boards.nation(looked, branches, shown, line)

    async def outlook(
        self, scope: Scope, asked: BranchId | None, first: date, days: int
    ) -> wire.Outlook:
        """Give what the whole line would answer if a branch's concept, or all, were published."""
        from luisterlijn.planner import boards  # noqa: PLC0415 - loads numpy

        everywhere = scope.national and asked is None
        branch = None if everywhere else (await self.branch(scope, asked))[0]
        expected, shifts = await self.country(first, days)
        now = boards.pool(expected, shifts, published=True)
        return boards.outlook(
            boards.Asked(first=first, days=days),
            now,
            boards.pool(expected, _with_concept(shifts, branch)),
        )

    async def country(self, first: date, days: int) -> tuple[Expected, list[Planned]]:
        """Give what is expected, and every shift that touches some days; sums, nobody's name."""
        async with self.database.transaction(LINE) as tx:
            expected = await self.expected(tx, first, days)
            start, end = begins(first), begins(first + timedelta(days=days))
            return expected, await store.planned(tx, start - REACH, end)

    async def expected(self, tx: Transaction, first: date, days: int) -> Expected:
        """Give what is expected of some days, feasts and campaigns reckoned with."""
        from luisterlijn.planner import gaps  # noqa: PLC0415 - loads numpy

        start, end = begins(first), begins(first + timedelta(days=max(days, WEEK)))
        known = await self.demand().between(tx, start, end)
        events = await store.events(tx, first, first + timedelta(days=max(days, WEEK)))
        return gaps.expected(start, gaps.half_hours(start, end), known, events)

    async def events(self, scope: Scope) -> Sequence[Event]:
        """Give feasts and campaigns from four weeks back on."""
        async with self.database.transaction(scope) as tx:
            return await store.events(tx, (tx.now - LOOKED_BACK).date())

    async def add_event(self, scope: Scope, new: wire.NewDemandEvent) -> Event:
        """Reckon with a feast or campaign.

        Raises:
            Refusal: `bad-request`, when it ends before it begins or lasts longer than a year.
        """
        if not 0 <= (new.last - new.first).days <= LONGEST_EVENT:
            raise Refusal(Code.BAD_REQUEST)
        event = Event(
            id=new_id(self.tokens),
            name=new.name,
            kind=new.kind,
            first=new.first,
            last=new.last,
            channel=new.channel,
            factor=new.factor,
        )
        async with self.database.transaction(scope) as tx:
            await store.insert_event(tx, event)
        return event

    async def remove_event(self, scope: Scope, event: UUID) -> None:
        """Reckon with it no more.

        Raises:
            Refusal: `not-found`.
        """
        async with self.database.transaction(scope) as tx:
            if not await store.delete_event(tx, event):
                raise Refusal(Code.NOT_FOUND)


def _with_concept(shifts: list[Planned], branch: BranchId | None) -> list[Planned]:
    """Leave proposals of other branches out; None: of none."""
    if branch is None:
        return shifts
    return [
        each if each.branch == branch else replace(each, here=each.published) for each in shifts
    ]
