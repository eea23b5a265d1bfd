"""Evenings to come to: training, intervision, meetings."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from luisterlijn.kernel.clock import local_day
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.volunteers import model, store, store_gatherings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from luisterlijn.kernel.clock import Interval
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.kernel.scope import LineScope, Scope
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.volunteers.service import Volunteers

KEPT = timedelta(days=30)
INTERVISION = "intervision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Somebody who signed up."""

    person: PersonId
    branch: BranchId
    name: str
    came: bool
    on_behalf: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evening:
    """A gathering. `branch` None: for the whole line. `people`: those the asking person may see.

    `taken` counts all seats.
    """

    gathering: UUID
    branch: BranchId | None
    kind: str
    title: str
    starts: datetime
    ends: datetime
    seats: int
    taken: int
    cancelled: bool
    people: tuple[Seat, ...]


class Gatherings:
    """The use cases of gatherings."""

    def __init__(self, database: Database, volunteers: Volunteers, tokens: TokenSource) -> None:
        """Work on this database."""
        self._database = database
        self._volunteers = volunteers
        self._tokens = tokens

    async def to_plan(self, scope: Scope, branch: BranchId | None) -> list[Evening]:
        """Give the gatherings of the past 30 days and to come, with who of the own branch comes."""
        async with self._database.transaction(LINE) as tx:
            found = await _listed(tx, branch, tx.now - KEPT)
        own = None if scope.national else scope.branch
        return [_only(each, lambda seat: own in (None, seat.branch)) for each in found]

    async def to_come(self, scope: Scope) -> list[Evening]:
        """Give the gatherings that the acting person may come to; of seats, only the own one."""
        async with self._database.transaction(LINE) as tx:
            found = await _listed(tx, scope.branch, tx.now)
        return [_only(each, lambda seat: seat.person == scope.person) for each in found]

    async def add(
        self,
        scope: Scope | LineScope,
        branch: BranchId | None,
        kind: str,
        title: str,
        during: Interval,
        seats: int,
    ) -> UUID:
        """Add a gathering; branch None: for the whole line.

        Raises:
            Refusal: `zero-length`, `in-the-past`, `bad-request`.
        """
        gathering = new_id(self._tokens)
        async with self._database.transaction(scope) as tx:
            model.check_gathering(during.start, during.end, tx.now)
            await store_gatherings.insert(
                tx,
                gathering,
                branch=branch,
                kind=kind,
                title=title,
                starts=during.start,
                ends=during.end,
                seats=seats,
            )
        return gathering

    async def cancel(self, scope: Scope, gathering: UUID) -> None:
        """Call a gathering off.

        Raises:
            Refusal: `not-found`, also for one of the whole line to who plans a branch;
                `in-the-past`.
        """
        async with self._database.transaction(scope) as tx:
            found = await store_gatherings.for_update(tx, gathering)
            if found is None or (found[0].branch is None and not scope.national):
                raise Refusal(Code.NOT_FOUND)
            if found[0].ends <= tx.now:
                raise Refusal(Code.IN_THE_PAST)
            await store_gatherings.cancel(tx, gathering)

    async def sign_up(self, scope: Scope, gathering: UUID, person: PersonId | None = None) -> None:
        """Take a seat: one's own, or on behalf of somebody whom the acting person plans.

        Raises:
            Refusal: `not-found`, `gathering-off`, `gathering-full`, `in-the-past`.
        """
        who = await self._volunteers.visible(scope, person or scope.person)
        async with self._database.transaction(LINE) as tx:
            found = await store_gatherings.for_update(tx, gathering)
            if found is None:
                raise Refusal(Code.NOT_FOUND)
            if await store_gatherings.has_seat(tx, gathering, who.person):
                return
            model.check_seat(found[0], who.branch, tx.now)
            await store_gatherings.take_seat(
                tx, gathering, who.person, who.branch, on_behalf=person is not None
            )

    async def sign_off(self, scope: Scope, gathering: UUID, person: PersonId | None = None) -> None:
        """Give a seat free; no reason is asked.

        Raises:
            Refusal: `not-found`, `in-the-past` once it began.
        """
        who = await self._volunteers.visible(scope, person or scope.person)
        async with self._database.transaction(LINE) as tx:
            found = await store_gatherings.for_update(tx, gathering)
            if found is None or found[0].branch not in (None, who.branch):
                raise Refusal(Code.NOT_FOUND)
            if found[0].starts <= tx.now:
                raise Refusal(Code.IN_THE_PAST)
            await store_gatherings.give_up_seat(tx, gathering, who.person)

    async def note_came(self, scope: Scope, gathering: UUID, people: Sequence[PersonId]) -> None:
        """Note who of the own branch came; of an intervision that is their last one.

        Raises:
            Refusal: `not-found`; `bad-request` before it began, or when it was called off.
        """
        async with self._database.transaction(scope) as tx:
            found = await store_gatherings.for_update(tx, gathering)
            if found is None:
                raise Refusal(Code.NOT_FOUND)
            evening, kind = found
            if evening.starts > tx.now or evening.cancelled:
                raise Refusal(Code.BAD_REQUEST)
            own = None if scope.national else scope.branch
            await store_gatherings.note_came(tx, gathering, own, people)
            if kind == INTERVISION:
                came = await store_gatherings.who_came(tx, gathering)
                await store.note_intervision(tx, came, local_day(evening.starts))

    async def forget_old(self, tx: Transaction) -> None:
        """Timed work: 30 days after a gathering it is forgotten who was there."""
        await store_gatherings.delete_old(tx, tx.now - KEPT)


async def _listed(tx: Transaction, branch: BranchId | None, since: datetime) -> list[Evening]:
    rows = await store_gatherings.listed(tx, branch, since)
    taken: dict[UUID, list[Seat]] = {row["id"]: [] for row in rows}
    for row in await store_gatherings.seats(tx, list(taken)):
        taken[row["gathering"]].append(
            Seat(
                person=row["person"],
                branch=row["branch"],
                name=row["name"],
                came=row["came"],
                on_behalf=row["on_behalf"],
            )
        )
    return [
        Evening(
            gathering=row["id"],
            branch=row["branch"],
            kind=row["kind"],
            title=row["title"],
            starts=row["starts"],
            ends=row["ends"],
            seats=row["seats"],
            taken=len(taken[row["id"]]),
            cancelled=row["state"] == "cancelled",
            people=tuple(taken[row["id"]]),
        )
        for row in rows
    ]


def _only(evening: Evening, shown: Callable[[Seat], bool]) -> Evening:
    return replace(evening, people=tuple(each for each in evening.people if shown(each)))
