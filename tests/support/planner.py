"""Rows of a roster that is being made: shifts, who stands on them, what is expected."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from luisterlijn.accounts.service import NewPerson
from luisterlijn.demand.ports import Known
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId, new_id
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.planner.model import begins
from luisterlijn.privacy.redaction import Secret
from tests.support.house import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.support.house import TestHouse

MONDAY = date(2031, 5, 5)
HALF_HOUR = timedelta(minutes=30)


def at(day: int, hour: int) -> datetime:
    """Give a local hour of a day counted from the Monday, in UTC; 27 is 03:00 after it."""
    return begins(MONDAY + timedelta(days=day)) + timedelta(hours=hour - 6)


def scope(built: TestHouse, *roles: Role, branch: BranchId | None = None) -> Scope:
    """Give somebody who acts, of no account."""
    return Scope(person=PersonId(new_id(built.house.tokens)), branch=branch, roles=frozenset(roles))


async def listener(
    built: TestHouse,
    name: str,
    *,
    branch: BranchId | None = None,
    channels: Sequence[str] = ("chat", "phone"),
) -> PersonId:
    """Give an account to a volunteer without a shift."""
    async with built.house.database.transaction(LINE) as tx:
        new = NewPerson(
            sign_in=name,
            name=name.title(),
            branch=branch or built.branch,
            roles=frozenset({Role.VOLUNTEER}),
            channels=tuple(channels),
        )
        [person] = await built.house.accounts.add_people(tx, [new], Secret(PASSWORD))
    return person


async def crowd(built: TestHouse, count: int) -> list[PersonId]:
    """Give accounts to so many listeners at once."""
    async with built.house.database.transaction(LINE) as tx:
        return await built.house.accounts.add_people(
            tx,
            [
                NewPerson(
                    sign_in=f"iemand-{number}",
                    name=f"Iemand {number}",
                    branch=built.branch,
                    roles=frozenset({Role.VOLUNTEER}),
                    channels=("phone",),
                )
                for number in range(count)
            ],
            Secret(PASSWORD),
        )


async def another_branch(built: TestHouse, slug: str = "zwolle") -> BranchId:
    """Add a branch."""
    branch = BranchId(new_id(built.house.tokens))
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_branch(tx, branch, slug, slug.title())
    return branch


async def shift(
    built: TestHouse,
    starts: datetime,
    *,
    branch: BranchId | None = None,
    hours: int = 4,
    channels: Sequence[str] = ("chat", "phone"),
    wanted: int = 2,
    state: str = "concept",
    night: bool = False,
) -> ShiftId:
    """Write a shift."""
    found = ShiftId(new_id(built.house.tokens))
    await built.owner.execute(
        "insert into shift (id, branch, starts, ends, channels, wanted, least, state, night)"
        " values ($1, $2, $3, $4, $5, $6, 1, $7, $8)",
        found,
        branch or built.branch,
        starts,
        starts + timedelta(hours=hours),
        list(channels),
        wanted,
        state,
        night,
    )
    return found


async def place(
    built: TestHouse,
    on: ShiftId,
    person: PersonId | None,
    *,
    role: str = "listener",
    state: str = "proposed",
    pinned: bool = False,
    allowed: str | None = None,
) -> PlaceId:
    """Put somebody on a shift."""
    found = PlaceId(new_id(built.house.tokens))
    await built.owner.execute(
        "insert into place (id, shift, branch, person, during, role, state, pinned, allowed)"
        " select $1, s.id, s.branch, $3, tstzrange(s.starts, s.ends), $4, $5, $6, $7"
        " from shift s where s.id = $2",
        found,
        on,
        person,
        role,
        state,
        pinned,
        allowed,
    )
    return found


async def expect(
    built: TestHouse,
    *,
    phone: float = 20.0,
    chat: float = 2.0,
    first: date = MONDAY,
    days: int = 7,
    state: str = "frozen",
    source: str = "a test",
) -> None:
    """Write a profile that expects the same in each half hour."""
    profile = new_id(built.house.tokens)
    await built.owner.execute(
        "insert into demand_profile (id, state, source) values ($1, $2, $3)",
        *(profile, state, source),
    )
    start, end = begins(first), begins(first + timedelta(days=days))
    await built.owner.executemany(
        "insert into demand_half_hour (profile, half_hour, channel, mean, high, required)"
        " values ($1, $2, $3, $4, $5, $6)",
        [
            (profile, start + number * HALF_HOUR, channel, mean, mean * 1.5, 9 if mean else 0)
            for number in range((end - start) // HALF_HOUR)
            for channel, mean in (("phone", phone), ("chat", chat))
        ],
    )


def known(start: datetime, half_hours: int, state: str = "frozen", **means: float) -> list[Known]:
    """Give what a profile knows of half hours, the same in each; by channel."""
    return [
        Known(
            half_hour=start + number * HALF_HOUR,
            channel=channel,
            mean=mean,
            high=mean * 2,
            required=7,
            state=state,
            source="a test",
        )
        for channel, mean in means.items()
        for number in range(half_hours)
    ]


async def wishes(
    built: TestHouse,
    person: PersonId,
    levels: dict[int, str] | None = None,
    *,
    first: date = MONDAY,
    days: int = 28,
) -> None:
    """Let somebody prefer every shift of a period, but for the days named."""
    branch = await built.owner.fetchval("select branch from person where id = $1", person)
    period = await built.owner.fetchval(
        "insert into roster_period (id, branch, first, days, state)"
        " values ($1, $2, $3, $4, 'concept')"
        " on conflict (branch, first) do update set days = excluded.days returning id",
        *(new_id(built.house.tokens), branch, first, days),
    )
    await built.owner.execute(
        "insert into wish (period, person, branch, levels, wanted, most, nights)"
        " values ($1, $2, $3, $4, 4, 8, 2)",
        *(period, person, branch),
        [(levels or {}).get(day, "222222") for day in range(days)],
    )
