"""The rota of duty: who plans whom, and that nobody is on duty twice at a time."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from luisterlijn.dispatch.events import PresenceChanged
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, new_id
from luisterlijn.kernel.scope import LINE, Role, Scope
from tests.support.coaching import overheard, refused, somebody

if TYPE_CHECKING:
    from luisterlijn.coaching.wire import DutyRota, DutyView
    from luisterlijn.kernel.scope import LineScope
    from tests.support.house import TestHouse

HOUR = timedelta(hours=1)
NOBODY = PersonId(UUID(int=0))


def planner(role: Role = Role.PLANNER, branch: BranchId | None = None) -> Scope:
    """Give the scope of somebody who plans, who has no account in this test."""
    return Scope(person=NOBODY, branch=branch, roles=frozenset({role}))


async def add(
    built: TestHouse,
    scope: Scope | LineScope,
    person: PersonId,
    *,
    starts_h: float = 1,
    lasts_h: float = 2,
    stands_in: bool = False,
) -> DutyView:
    """Put somebody on duty, so many hours from now."""
    starts = await built.time.now() + starts_h * HOUR
    return await built.house.coaching.rota.add(
        scope,
        person,
        starts,
        starts + lasts_h * HOUR,
        phone_order=1,
        stands_in=stands_in,
    )


async def shown(built: TestHouse, scope: Scope) -> DutyRota:
    """Give the rota of today and tomorrow."""
    now = await built.time.now()
    return await built.house.coaching.rota.shown(scope, now, now + 48 * HOUR)


async def second_branch(built: TestHouse) -> BranchId:
    """Add a branch."""
    branch = BranchId(new_id(built.house.tokens))
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_branch(tx, branch, "zwolle", "Zwolle")
    return branch


async def test_who_plans_for_the_whole_line_puts_coaches_on_duty_and_sees_who_can_be_rung(
    built: TestHouse,
) -> None:
    ada = await somebody(built, "ada", Role.COACH, phone=True)
    ben = await somebody(built, "ben", Role.COACH)
    heard = overheard(built, PresenceChanged)

    made = await add(built, planner(), ada)
    rota = await shown(built, planner())

    assert [each.duty for each in rota.duties] == [made.duty]
    assert (rota.duties[0].person_name, rota.duties[0].has_phone) == ("Ada Smit", True)
    assert {(each.person, each.has_phone, each.stands_in) for each in rota.people} == {
        (ada.hex, True, False),
        (ben.hex, False, False),
    }
    assert heard == [PresenceChanged(person=ada)]


async def test_a_coordinator_plans_who_stands_in_from_the_own_branch_and_sees_no_other(
    built: TestHouse,
) -> None:
    other = await second_branch(built)
    ada = await somebody(built, "ada", Role.COACH)
    cora = await somebody(built, "cora", Role.COORDINATOR, branch=built.branch)
    zoe = await somebody(built, "zoe", Role.COORDINATOR, branch=other)
    mine = planner(Role.COORDINATOR, built.branch)
    await add(built, planner(), ada)
    hers = await add(built, planner(), zoe, stands_in=True)

    own = await add(built, mine, cora, stands_in=True)
    codes = [
        await refused(add(built, mine, zoe, starts_h=9, stands_in=True)),
        await refused(add(built, mine, ada, starts_h=9)),
    ]
    rota = await shown(built, mine)

    assert [each.duty for each in rota.duties] == [own.duty]
    assert {each.person for each in rota.people} == {cora.hex}
    assert codes == [Code.NOT_FOUND] * 2
    remove = built.house.coaching.rota.remove
    assert await refused(remove(mine, UUID(hex=hers.duty))) is Code.NOT_FOUND


async def test_a_coordinator_without_a_branch_plans_nobody_not_even_themselves(
    built: TestHouse,
) -> None:
    nina = await somebody(built, "nina", Role.COORDINATOR)
    scope = Scope(person=nina, branch=None, roles=frozenset({Role.COORDINATOR}))

    assert await refused(add(built, scope, nina, stands_in=True)) is Code.NOT_FOUND


async def test_somebody_is_on_duty_once_at_a_time_whoever_plans_at_once(
    built: TestHouse,
) -> None:
    ada = await somebody(built, "ada", Role.COACH)
    starts = await built.time.now() + HOUR
    codes: list[Code] = []

    async def plan() -> None:
        try:
            await built.house.coaching.rota.add(
                planner(), ada, starts, starts + 2 * HOUR, phone_order=1, stands_in=False
            )
        except Refusal as refusal:
            codes.append(refusal.code)

    async with asyncio.TaskGroup() as group:
        for _each in range(4):
            group.create_task(plan())
    overlapping = await refused(add(built, planner(), ada, starts_h=2))
    await add(built, planner(), ada, starts_h=4)

    assert codes == [Code.OVERLAPS] * 3
    assert overlapping is Code.OVERLAPS
    assert await built.owner.fetchval("select count(*) from duty") == 2


async def test_who_cannot_be_on_duty_is_not_put_on_it(built: TestHouse) -> None:
    anja = await somebody(built, "anja", Role.VOLUNTEER, branch=built.branch)
    mentor = await somebody(built, "mo", Role.MENTOR, branch=built.branch)
    cora = await somebody(built, "cora", Role.COORDINATOR, branch=built.branch)
    ada = await somebody(built, "ada", Role.COACH)

    assert await refused(add(built, planner(), anja)) is Code.NOT_TRAINED
    assert await refused(add(built, planner(), mentor)) is Code.NOT_TRAINED
    assert await refused(add(built, planner(), cora)) is Code.NOT_TRAINED
    assert await refused(add(built, planner(), anja, stands_in=True)) is Code.NOT_TRAINED
    assert await refused(add(built, planner(), ada, lasts_h=0)) is Code.ZERO_LENGTH
    assert await refused(add(built, planner(), ada, starts_h=-3)) is Code.IN_THE_PAST
    assert await refused(add(built, planner(), NOBODY)) is Code.NOT_FOUND


async def test_who_is_taken_off_is_on_duty_no_more_and_is_told(built: TestHouse) -> None:
    ada = await somebody(built, "ada", Role.COACH)
    made = await add(built, planner(), ada, starts_h=0)
    rota = built.house.coaching.rota
    before = await rota.on_duty_of([ada])
    heard = overheard(built, PresenceChanged)
    duty = UUID(hex=made.duty)

    await rota.remove(planner(), duty)

    assert before == {ada}
    assert await rota.on_duty_of([ada]) == set()
    assert await rota.on_duty_of([]) == set()
    assert heard == [PresenceChanged(person=ada)]
    assert await refused(rota.remove(planner(), duty)) is Code.NOT_FOUND
