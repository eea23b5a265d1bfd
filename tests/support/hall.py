"""The short ways to a caller in the hall, and to what the hall told the other rooms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from luisterlijn.kernel.ids import ContactId, new_id
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse


async def calling(
    built: TestHouse, language: str = "nl", *, not_to: frozenset[PersonId] = frozenset()
) -> ContactId:
    """Let a caller wait."""
    house = built.house
    contact = ContactId(new_id(house.tokens))
    async with house.database.transaction(LINE) as tx:
        await house.hall.admit(
            tx, contact, channel="phone", language=language, enq=tx.now, not_to=not_to
        )
        await house.hall.open_contact_in(tx, contact)
    return contact


async def told(built: TestHouse, event: str) -> list[Any]:
    """Give each different event of this name that waits for its listeners."""
    rows = await built.owner.fetch("select distinct body from outbox where event = $1", event)
    return [msgspec.json.decode(row["body"]) for row in rows]


async def waits_for_a_lock(built: TestHouse) -> bool:
    """Say whether anybody on this database waits for somebody else's lock."""
    return bool(
        await built.owner.fetchval(
            "select exists (select from pg_stat_activity where wait_event_type = 'Lock'"
            " and datname = current_database())"
        )
    )
