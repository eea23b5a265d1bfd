"""What volunteers wish for a period: when they can, how many shifts, how many nights."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import local_day
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering import life, store_plan
from luisterlijn.rostering.model import Wish
from luisterlijn.rostering.ports import PeriodRow

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.kernel.scope import LineScope, Scope
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.volunteers.ports import Facts
    from luisterlijn.volunteers.service import Volunteers

CAN_ALL_DAY = "1" * 6
HOURS_OF_A_SHIFT = 4


@dataclass(frozen=True, slots=True)
class Wished:
    """A period with what somebody wishes; `given` False: proposed from the period before."""

    period: PeriodRow
    wish: Wish
    given: bool


class Wishes:
    """The use cases of wishes."""

    def __init__(self, database: Database, volunteers: Volunteers) -> None:
        """Work on this database."""
        self._database = database
        self._volunteers = volunteers

    async def of(self, scope: Scope) -> list[Wished]:
        """Give the own wishes for the periods that are not over, the first first.

        Raises:
            Refusal: `not-found` for who is of no branch.
        """
        async with self._database.transaction(LINE) as tx:
            facts = await self._facts(tx, scope.person)
            periods = await store_plan.periods_from(tx, facts.branch, local_day(tx.now))
            return [await self._wished(tx, each, facts) for each in periods]

    async def write(self, scope: Scope, period_id: UUID, wish: Wish) -> Wished:
        """Write the own wishes for a period, over what was there.

        Raises:
            Refusal: `not-found`, `too-late` when the period is no longer open, `bad-request`.
        """
        async with self._database.transaction(LINE) as tx:
            return await self._written(tx, period_id, scope.person, wish, on_behalf=False)

    async def write_for(
        self, scope: Scope | LineScope, period_id: UUID, person: PersonId, wish: Wish
    ) -> None:
        """Write wishes for somebody of the branch without a computer; refuses as `write`."""
        async with self._database.transaction(scope) as tx:
            await self._written(tx, period_id, person, wish, on_behalf=True)

    async def _written(
        self, tx: Transaction, period_id: UUID, person: PersonId, wish: Wish, *, on_behalf: bool
    ) -> Wished:
        facts = await self._facts(tx, person)
        period = await store_plan.period(tx, period_id)
        if period is None or period.branch != facts.branch:
            raise Refusal(Code.NOT_FOUND)
        life.check_wishes(period, wish.levels, wish.wanted, wish.most)
        await store_plan.write_wish(tx, period, person, wish, on_behalf=on_behalf)
        return Wished(period, wish, given=True)

    async def _wished(self, tx: Transaction, period: PeriodRow, facts: Facts) -> Wished:
        wish = await store_plan.wish(tx, period.period, facts.person)
        if wish is not None:
            return Wished(period, wish, given=True)
        before = await store_plan.wish_before(tx, facts.person, period.first)
        return Wished(period, proposed(facts, period.days, before), given=False)

    async def _facts(self, tx: Transaction, person: PersonId) -> Facts:
        facts = (await self._volunteers.facts(tx, [person])).get(person)
        if facts is None:
            raise Refusal(Code.NOT_FOUND)
        return facts


def proposed(facts: Facts, days: int, before: Wish | None) -> Wish:
    """Give wishes to begin with: those of the period before, weekday by weekday, or all is well."""
    if before is not None and before.levels:
        levels = tuple(before.levels[day % len(before.levels)] for day in range(days))
        return Wish(levels=levels, wanted=before.wanted, most=before.most, nights=before.nights)
    most = facts.most_shifts
    return Wish(
        levels=(CAN_ALL_DAY,) * days,
        wanted=min(facts.hours_agreed // HOURS_OF_A_SHIFT, most),
        most=most,
        nights=facts.most_nights,
    )
