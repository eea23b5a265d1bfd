"""Who is on duty when: the rota of coaches, and of who stands in for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.coaching import model, store
from luisterlijn.coaching.wire import CanCoach, DutyRota, DutyView
from luisterlijn.dispatch.events import PresenceChanged
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import Role, Scope

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from luisterlijn.accounts.ports import Person
    from luisterlijn.accounts.service import Accounts
    from luisterlijn.kernel.ids import PersonId, TokenSource
    from luisterlijn.kernel.scope import LineScope
    from luisterlijn.store.database import Database, Transaction


class Rota:
    """The use cases of the rota. A coordinator plans who stands in from the own branch."""

    def __init__(self, database: Database, accounts: Accounts, tokens: TokenSource) -> None:
        """Work on this database."""
        self._database = database
        self._accounts = accounts
        self._tokens = tokens

    async def shown(self, scope: Scope, start: datetime, end: datetime) -> DutyRota:
        """Give the duties that touch the stretch, and who may be put on one."""
        async with self._database.transaction(scope) as tx:
            rows = await store.duties(tx, start, end)
            coaches = await self._accounts.people(tx, Role.COACH)
            coordinators = await self._accounts.people(tx, Role.COORDINATOR)
            people = [
                *[await self._can(tx, each, stands_in=False) for each in coaches],
                *[await self._can(tx, each, stands_in=True) for each in coordinators],
            ]
        return DutyRota(
            duties=[
                DutyView(
                    duty=row["id"].hex,
                    person=row["person"].hex,
                    person_name=row["name"],
                    starts_at=to_wire(row["starts"]),
                    ends_at=to_wire(row["ends"]),
                    phone_order=row["phone_order"],
                    stands_in=row["stands_in"],
                    has_phone=row["has_phone"],
                )
                for row in rows
            ],
            people=people,
        )

    async def add(
        self,
        scope: Scope | LineScope,
        person_id: PersonId,
        starts: datetime,
        ends: datetime,
        *,
        phone_order: int,
        stands_in: bool,
    ) -> DutyView:
        """Put somebody on duty.

        Raises:
            Refusal: `not-found` for who is not the acting person's to plan; `not-trained` for who
                is no coach, or no coordinator to stand in; `overlaps`, `zero-length`,
                `in-the-past`, or `bad-request` for more than a week at once.
        """
        async with self._database.transaction(scope) as tx:
            model.check_duty(starts, ends, tx.now)
            person = await self._accounts.person(tx, person_id)
            if person is None or not _may_plan(scope, person):
                raise Refusal(Code.NOT_FOUND)
            if not model.may_be_on_duty(person.roles, stands_in=stands_in):
                raise Refusal(Code.NOT_TRAINED)
            duty = new_id(self._tokens)
            await store.insert_duty(
                tx,
                duty,
                person,
                starts=starts,
                ends=ends,
                phone_order=phone_order,
                stands_in=stands_in,
            )
            tx.publish_on_commit(PresenceChanged(person=person_id))
            return DutyView(
                duty=duty.hex,
                person=person_id.hex,
                person_name=person.name,
                starts_at=to_wire(starts),
                ends_at=to_wire(ends),
                phone_order=phone_order,
                stands_in=stands_in,
                has_phone=await self._accounts.has_phone(tx, person_id),
            )

    async def remove(self, scope: Scope, duty: UUID) -> None:
        """Take somebody off duty.

        Raises:
            Refusal: `not-found`.
        """
        async with self._database.transaction(scope) as tx:
            person = await store.delete_duty(tx, duty)
            if person is None:
                raise Refusal(Code.NOT_FOUND)
            tx.publish_on_commit(PresenceChanged(person=person))

    async def on_call(self, tx: Transaction) -> list[PersonId]:
        """Give who is on duty now, in the order in which they are rung."""
        return [each.person for each in await store.on_call(tx)]

    async def on_duty_of(self, people: list[PersonId]) -> set[PersonId]:
        """Give who of these is on duty now: a console that waits for requests is never idle."""
        return await store.on_duty_of(self._database, people) if people else set()

    async def _can(self, tx: Transaction, person: Person, *, stands_in: bool) -> CanCoach:
        return CanCoach(
            person=person.id.hex,
            person_name=person.name,
            stands_in=stands_in,
            has_phone=await self._accounts.has_phone(tx, person.id),
        )


def _may_plan(scope: Scope | LineScope, person: Person) -> bool:
    """Say whether this person is the acting one's to plan: everybody's for the whole line."""
    if not isinstance(scope, Scope) or scope.national:
        return True
    return person.branch is not None and person.branch == scope.branch
