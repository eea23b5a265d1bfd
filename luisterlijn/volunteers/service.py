"""What a branch knows of its volunteers, for who plans them and for the other rooms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import local_day
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.volunteers import model, store
from luisterlijn.volunteers.events import TrainingChanged
from luisterlijn.volunteers.model import Record
from luisterlijn.volunteers.ports import Worked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from luisterlijn.accounts.service import Accounts
    from luisterlijn.kernel.ids import BranchId, PersonId
    from luisterlijn.kernel.scope import LineScope, Scope
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.volunteers.ports import Agreed, Facts, Ledger, Step

LOOKED_BACK = timedelta(days=2)
"""A step that begins is carried out within the hour; after a line that was down, within these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One volunteer with what the roster counts. `mentor_name` None: no mentor, or not seen."""

    record: Record
    worked: Worked
    today: date
    mentor_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Trainees with how many shifts they walked along, and mentors; both by name."""

    trainees: Sequence[tuple[Record, int]]
    mentors: Sequence[Record]
    today: date


class Volunteers:
    """The people of a branch: what was agreed, how far they are trained, who goes with whom."""

    def __init__(self, database: Database, accounts: Accounts, ledger: Ledger) -> None:
        """Work on this database; `ledger` is the roster's."""
        self._database = database
        self._accounts = accounts
        self._ledger = ledger

    async def facts(
        self,
        tx: Transaction,
        people: Sequence[PersonId] | None = None,
        branch: BranchId | None = None,
    ) -> dict[PersonId, Facts]:
        """Give what the rules of a roster must know of people whom the scope may see, by name.

        Args:
            tx: where.
            people: only these; None: all volunteers.
            branch: only of this one; None: of all.
        """
        today = local_day(tx.now)
        found = await store.records(tx, people, branch)
        return {each.person: each.facts(today) for each in found}

    async def people(self, scope: Scope, branch: BranchId | None) -> list[Known]:
        """Give the volunteers whom the acting person plans, by name."""
        async with self._database.transaction(scope) as tx:
            records = await store.records(tx, None, branch)
            worked = await self._ledger.worked(tx, [each.person for each in records])
            return [_known(each, worked, tx) for each in records]

    async def person(self, scope: Scope, person: PersonId) -> Known:
        """Give one of them.

        Raises:
            Refusal: `not-found`.
        """
        async with self._database.transaction(scope) as tx:
            return await self._shown(tx, person)

    async def edit(self, scope: Scope, person: PersonId, name: str, agreed: Agreed) -> Known:
        """Keep a name and what was agreed.

        Raises:
            Refusal: `not-found`; `bad-request` for a day that cannot be meant.
        """
        async with self._database.transaction(scope) as tx:
            record = await self._locked(tx, person)
            model.check_agreed(agreed, local_day(tx.now))
            await store.save(tx, replace(record, agreed=agreed))
            if name != record.name:
                await self._accounts.rename(tx, person, name)
            return await self._shown(tx, person)

    async def step(self, scope: Scope | LineScope, person: PersonId, step: Step) -> Known:
        """Write down how far somebody is with a channel from a day on.

        Raises:
            Refusal: `not-found`, `step-not-possible`, `step-too-early`, `bad-request`.
        """
        async with self._database.transaction(scope) as tx:
            record = await self._locked(tx, person)
            model.check_step(record.steps, step, local_day(tx.now))
            await self.write_steps(tx, record, [step])
            return await self._shown(tx, person)

    async def write_steps(self, tx: Transaction, record: Record, steps: Sequence[Step]) -> None:
        """Write steps down that were checked, and let the line know what somebody answers."""
        touched = {each.channel for each in steps}
        for implied in record.implied:
            if implied.channel in touched:
                await store.write_step(tx, record, implied)
        for step in steps:
            await store.write_step(tx, record, step)
        await self._carry_out(tx, [record.person])

    async def give_mentor(self, scope: Scope, trainee: PersonId, mentor: PersonId | None) -> Known:
        """Give a trainee this mentor; None: any of the branch.

        Raises:
            Refusal: `not-found`, `not-a-mentor`.
        """
        async with self._database.transaction(scope) as tx:
            record = await self._locked(tx, trainee)
            if mentor is not None:
                found = await self.facts(tx, [mentor])
                today = local_day(tx.now)
                model.check_mentor(record.facts(today), found.get(mentor))
            await store.save(tx, replace(record, mentor=mentor))
            return await self._shown(tx, trainee)

    async def board(self, scope: Scope, branch: BranchId | None) -> Board:
        """Give who is being trained, and who can go with them."""
        async with self._database.transaction(scope) as tx:
            today = local_day(tx.now)
            records = await store.records(tx, None, branch)
            trainees = [each for each in records if model.learns(each.facts(today))]
            walked = await self._ledger.walked(tx, [each.person for each in trainees])
            return Board(
                trainees=[(each, walked[each.person]) for each in trainees],
                mentors=[each for each in records if each.facts(today).is_mentor],
                today=today,
            )

    async def turn_day(self, tx: Transaction) -> None:
        """Timed work: carry out the steps that begin today."""
        today = local_day(tx.now)
        due = await store.due_steps(tx, today - LOOKED_BACK, today)
        await self._carry_out(tx, due)

    async def visible(self, scope: Scope, person: PersonId) -> Record:
        """Give the record of a volunteer whom the acting person may see.

        Raises:
            Refusal: `not-found`.
        """
        async with self._database.transaction(scope) as tx:
            return await _record(tx, person)

    async def _carry_out(self, tx: Transaction, people: Sequence[PersonId]) -> None:
        """Let accounts answer what the steps of today say; tell the line where that changed."""
        today = local_day(tx.now)
        for record in await store.records(tx, people, None):
            facts = record.facts(today)
            answers = tuple(each for each in model.CHANNELS if each in facts.channels)
            if set(answers) != set(record.channels):
                await self._accounts.set_channels(tx, record.person, answers)
                tx.publish_on_commit(TrainingChanged(person=record.person))

    async def _locked(self, tx: Transaction, person: PersonId) -> Record:
        await store.lock(tx, person)
        return await _record(tx, person)

    async def _shown(self, tx: Transaction, person: PersonId) -> Known:
        record = await _record(tx, person)
        worked = await self._ledger.worked(tx, [person])
        mentor = await self._accounts.person(tx, record.mentor) if record.mentor else None
        known = _known(record, worked, tx)
        return replace(known, mentor_name=mentor.name if mentor is not None else None)


async def _record(tx: Transaction, person: PersonId) -> Record:
    found = await store.records(tx, [person], None)
    if not found:
        raise Refusal(Code.NOT_FOUND)
    return found[0]


def _known(record: Record, worked: Mapping[PersonId, Worked], tx: Transaction) -> Known:
    return Known(record=record, worked=worked[record.person], today=local_day(tx.now))
