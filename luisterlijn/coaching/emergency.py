"""A life in danger: who has the request decides whether the emergency services are called.

The line calls nobody by itself and gives nobody a place to go to: it knows neither number nor
address. What is kept is one entry of the audit trail: yes or no, the hour, who decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.coaching import store
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.audit.service import Audit
    from luisterlijn.dispatch.service import Hall
    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.store.database import Database

CALLED, NOT_CALLED = "emergency-called", "emergency-not-called"


class Emergency:
    """The use case of that decision. `is_on`: this line has agreed on how it is taken."""

    def __init__(self, database: Database, hall: Hall, audit: Audit, *, is_on: bool) -> None:
        """Work on this database."""
        self._database = database
        self._hall = hall
        self._audit = audit
        self.is_on = is_on

    async def decided(self, person: PersonId, request_id: UUID, *, called: bool) -> None:
        """Note the decision of who took a request; the same one told again is noted once.

        Raises:
            Refusal: `emergency-off` where the line has not agreed on it; `request-gone` when the
                request is over, or is not this person's.
        """
        if not self.is_on:
            raise Refusal(Code.EMERGENCY_OFF)
        async with self._database.transaction(LINE) as tx:
            contact = await store.contact_of(tx, request_id)
            if contact is not None:
                await self._hall.standing(tx, contact)  # locks the contact, before the request
            request = await store.request_for_update(tx, request_id)
            if request is None or request.taken_by != person:
                raise Refusal(Code.REQUEST_GONE)
            if await store.emergency_told(tx, request_id, called=called):
                await self._audit.note(
                    tx,
                    what=CALLED if called else NOT_CALLED,
                    person=person,
                    facts={},
                    contact=request.contact,
                )
