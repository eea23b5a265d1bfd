"""A branch whose roster lives: its time stands still, and people are put into it by short names."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import local_interval
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PersonId, PlaceId, ShiftId, new_id
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.rostering import store_sheet

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from luisterlijn.kernel.ids import BranchId
    from luisterlijn.rostering.ports import PlaceRow
    from tests.support.house import TestHouse

MONDAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 2, 11, tzinfo=UTC)
"""Monday, twelve o'clock in Amsterdam: when a roster's tests begin."""


def acting(built: TestHouse, person: PersonId, role: Role = Role.VOLUNTEER) -> Scope:
    """Give who acts when somebody of the first branch does."""
    return Scope(person=person, branch=built.branch, roles=frozenset({role}))


def coordinator(built: TestHouse, branch: BranchId | None = None) -> Scope:
    """Give a coordinator of a branch, the first when none is told."""
    return Scope(
        person=PersonId(new_id(built.house.tokens)),
        branch=branch or built.branch,
        roles=frozenset({Role.COORDINATOR}),
    )


async def begin(built: TestHouse, moment: datetime = NOON) -> None:
    """Let time stand still at a moment."""
    await built.time.freeze(moment)


async def people(
    built: TestHouse, *names: str, channels: tuple[str, ...] = ("chat",)
) -> list[PersonId]:
    """Give volunteers of the first branch, who can work from home."""
    found = [await built.volunteer(each, hours=0, channels=channels) for each in names]
    for person in found:
        await known(built, person, home=True)
    return found


async def known(built: TestHouse, person: PersonId, **facts: object) -> None:
    """Write down what the branch knows of somebody, over what it knew."""
    await built.owner.execute(
        "insert into volunteer (person, branch) values ($1, $2) on conflict do nothing",
        person,
        built.branch,
    )
    for name, value in facts.items():
        await built.owner.execute(
            f"update volunteer set {name} = $2 where person = $1",  # noqa: S608 - our own names
            person,
            value,
        )


async def trained(built: TestHouse, person: PersonId, status: str, channel: str = "chat") -> None:
    """Write down how far somebody is with a channel, since long ago."""
    await built.owner.execute(
        "insert into training (person, branch, channel, status, since)"
        " values ($1, $2, $3, $4, '2020-01-01')"
        " on conflict (person, channel, since) do update set status = $4",
        person,
        built.branch,
        channel,
        status,
    )


async def shift(
    built: TestHouse,
    day: int,
    hour: int = 7,
    *,
    hours: int = 4,
    wanted: int = 1,
    state: str = "published",
    channels: tuple[str, ...] = ("chat",),
    branch: BranchId | None = None,
) -> ShiftId:
    """Add a shift some days after the first Monday, by the wall clock; 23 to 27 hours are night."""
    first = MONDAY + timedelta(days=day + hour // 24)
    during = local_interval(first, time(hour % 24), time((hour + hours) % 24))
    made = await built.house.roster.add_shift(
        LINE, branch or built.branch, during, channels, wanted
    )
    await built.owner.execute("update shift set state = $2 where id = $1", made.id, state)
    return made.id


async def put(built: TestHouse, shift_id: ShiftId, person: PersonId, **told: object) -> PlaceRow:
    """Put somebody on a shift as their coordinator."""
    return await built.house.roster.assigning.put_on(
        coordinator(built),
        shift_id,
        person,
        **told,  # type: ignore[arg-type] # as told
    )


async def placed(built: TestHouse, place: PlaceId) -> str:
    """Give the state of a place."""
    return str(await built.owner.fetchval("select state from place where id = $1", place))


async def standing(built: TestHouse, shift_id: ShiftId) -> set[PersonId]:
    """Give who stands on a shift, also as a proposal."""
    async with built.house.database.transaction(LINE) as tx:
        rows = await store_sheet.places_on(tx, [shift_id])
    return {each.person for each in rows if each.person is not None}


async def refusal(order: Awaitable[object]) -> Code | None:
    """Carry an order out; gives the code that it was refused with, None: it was done."""
    try:
        await order
    except Refusal as refused:
        return refused.code
    return None
