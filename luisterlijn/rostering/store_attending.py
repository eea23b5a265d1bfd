"""The only SQL with which a place becomes missed, come after all, confirmed, or filled at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.ids import PersonId, PlaceId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from luisterlijn.kernel.ids import ShiftId
    from luisterlijn.store.database import Transaction


async def become(
    tx: Transaction, place: PlaceId, state: str, before: Sequence[str]
) -> PersonId | None:
    """Give a place another state; None when it is in none of the states before."""
    found = await tx.value(
        "update place set state = $2 where id = $1 and state = any($3::text[]) returning person",
        place,
        state,
        list(before),
    )
    return PersonId(found) if found is not None else None


async def reserve_comes(tx: Transaction, shift: ShiftId, person: PersonId) -> PlaceId | None:
    """Let a reserve of the shift become somebody who takes contacts; None: is no reserve."""
    found = await tx.value(
        "update place set role = 'listener', state = 'confirmed', origin = 'reserve'"
        " where shift = $1 and person = $2 and role = 'reserve'"
        " and state in ('published', 'confirmed') returning id",
        shift,
        person,
    )
    return PlaceId(found) if found is not None else None


async def gave_up(tx: Transaction, shift: ShiftId) -> set[PersonId]:
    """Give who said of this shift that they cannot, or was taken off it."""
    rows = await tx.rows(
        "select person from place where shift = $1 and person is not null"
        " and state in ('cannot', 'taken_off')",
        shift,
    )
    return {PersonId(row["person"]) for row in rows}
