"""Giving a conversation to a colleague: they are asked, and only a yes takes it over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.accounts.ports import first_name
from luisterlijn.dispatch import model, store_handing, store_presence
from luisterlijn.dispatch.events import ContactOffered, PresenceChanged
from luisterlijn.dispatch.service import CARE_PROPOSED
from luisterlijn.dispatch.wire import Colleague, Colleagues, JoinRole
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE, Role

if TYPE_CHECKING:
    from collections.abc import Collection

    import asyncpg

    from luisterlijn.dispatch.service import Hall
    from luisterlijn.kernel.ids import ContactId, PersonId
    from luisterlijn.store.database import Database, Transaction


class Handing:
    """The use cases of a hand-over."""

    def __init__(self, database: Database, hall: Hall) -> None:
        """Work on this database."""
        self._database = database
        self._hall = hall

    async def colleagues(self, by: PersonId, contact: ContactId) -> Colleagues:
        """Give who is present, by alias, a coach by first name.

        `free`: can be asked to take this conversation.
        """
        await self._hall.check_has(by, contact)
        async with self._database.transaction(LINE) as tx:
            rows = await store_handing.colleagues(tx, contact, by)
        return Colleagues(
            people=[
                Colleague(
                    person=row["person"].hex,
                    alias=_called(row),
                    role=role_of(row["roles"]),
                    free=row["free"],
                )
                for row in rows
            ]
        )

    async def hand_over(self, by: PersonId, contact: ContactId, to: PersonId) -> None:
        """Ask a colleague to take a conversation; it goes on with who has it until they say yes.

        Raises:
            Refusal: `not-your-contact`, or `nobody-free` when the colleague cannot be asked now.
        """
        async with self._database.transaction(LINE) as tx:
            await self._hall.change_in(
                tx, contact, lambda each, _now: model.can_hand_over(each, by, to)
            )
            until = await store_handing.ask(tx, contact, to)
            if until is None:
                raise Refusal(Code.NOBODY_FREE)
            await self._hall.change_in(
                tx, contact, lambda each, _now: model.handing(each, by, to, until)
            )
            after = await self._hall.standing(tx, contact)
            if after is None:
                raise Refusal(Code.CONTACT_GONE)
            tx.publish_on_commit(
                ContactOffered(
                    contact=contact,
                    channel=after.channel,
                    to=to,
                    epoch=after.epoch + 1,
                    kind="hand_over",
                    until_at=to_wire(until),
                )
            )
            tx.publish_on_commit(PresenceChanged(person=to))

    async def take_over(self, tx: Transaction, contact: ContactId, by: PersonId) -> None:
        """Give a conversation to a coach, who needs no offer and no shift, but is present.

        Who had it was helped: nothing is offered to them until they say that they are there again.

        Raises:
            Refusal: `nobody-free` when the coach has too much in hand.
        """
        before = await self._hall.standing(tx, contact)
        await self._hall.change_in(tx, contact, lambda each, _now: model.taken_over(each, by))
        if not await store_handing.seat_taker(tx, contact, by):
            raise Refusal(Code.NOBODY_FREE)
        if before is not None and before.volunteer is not None:
            await store_presence.care(tx, before.volunteer, tx.now + CARE_PROPOSED)


def role_of(roles: Collection[str]) -> JoinRole:
    """Give as what somebody is beside a conversation: the most experienced that they are."""
    if Role.COACH.value in roles:
        return "coach"
    return "mentor" if Role.MENTOR.value in roles else "colleague"


def _called(row: asyncpg.Record) -> str:
    """Give how somebody is called: a coach is no alias, but a person one may know."""
    name, alias = str(row["name"]), str(row["alias"])
    return first_name(name) if role_of(row["roles"]) == "coach" else alias
