"""Evenings to come to: who may, how many, and what is left of them."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import Interval, local_day
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from tests.support.coaching import refused

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.volunteers.gatherings import Evening

    from .conftest import Branch

DAY_S = 86_400.0
WAITING = "select count(distinct pid) from pg_locks where not granted"


async def seen(branch: Branch, person: PersonId) -> list[Evening]:
    return await branch.room.gatherings.to_come(branch.of(person))


async def test_a_volunteer_takes_a_seat_and_gives_it_free_again(branch: Branch) -> None:
    gatherings, anja = branch.room.gatherings, branch.of(branch.anja)
    evening = await branch.evening()

    await gatherings.sign_up(anja, evening)
    await gatherings.sign_up(anja, evening)
    [with_seat] = await seen(branch, branch.anja)
    await gatherings.sign_off(anja, evening)
    [without] = await seen(branch, branch.anja)

    assert (with_seat.taken, [each.person for each in with_seat.people]) == (1, [branch.anja])
    assert (without.taken, without.people) == (0, ())


async def test_the_last_seat_is_taken_once_whoever_presses_at_the_same_time(
    branch: Branch,
) -> None:
    evening = await branch.evening(seats=2)
    people = [await branch.built.volunteer(f"v{n}", hours=0) for n in range(8)]
    codes: list[Code | None] = []

    async def press(person: PersonId) -> None:
        try:
            await branch.room.gatherings.sign_up(branch.of(person), evening)
            codes.append(None)
        except Refusal as refusal:
            codes.append(refusal.code)

    # Nobody can be written down until all of them have looked how many seats are left.
    async with asyncio.TaskGroup() as group, branch.built.owner.transaction():
        await branch.built.owner.execute("lock table gathering_seat in share mode")
        for person in people:
            group.create_task(press(person))
        waiting = 0
        while waiting < len(people):
            waiting = await branch.built.owner.fetchval(WAITING)

    assert codes.count(None) == 2
    assert codes.count(Code.GATHERING_FULL) == 6
    assert await branch.built.owner.fetchval("select count(*) from gathering_seat") == 2


async def test_a_volunteer_sees_of_the_others_only_how_many_come(branch: Branch) -> None:
    evening = await branch.evening()
    await branch.room.gatherings.sign_up(branch.of(branch.bert), evening)

    [told] = await seen(branch, branch.anja)

    assert (told.taken, told.people) == (1, ())


async def test_an_evening_of_the_line_is_for_all_and_one_of_a_branch_for_that_branch(
    branch: Branch,
) -> None:
    national = await branch.evening(national=True)
    there = await branch.evening(where=branch.other)

    listed = [each.gathering for each in await seen(branch, branch.anja)]
    doing = branch.room.gatherings.sign_up(branch.of(branch.anja), there)

    assert listed == [national]
    assert await refused(doing) is Code.NOT_FOUND
    await branch.room.gatherings.sign_up(branch.of(branch.anja), national)


async def test_a_coordinator_takes_a_seat_for_somebody_without_a_computer_and_it_shows(
    branch: Branch,
) -> None:
    gatherings = branch.room.gatherings
    evening = await branch.evening()

    await gatherings.sign_up(branch.cora, evening, branch.anja)
    [told] = await seen(branch, branch.anja)
    [planned] = await gatherings.to_plan(branch.cora, branch.built.branch)
    elsewhere = gatherings.sign_up(branch.cora, evening, branch.zoe)

    assert [each.on_behalf for each in told.people] == [True]
    assert [(each.name, each.on_behalf) for each in planned.people] == [("Anja", True)]
    assert await refused(elsewhere) is Code.NOT_FOUND
    await gatherings.sign_off(branch.cora, evening, branch.anja)
    assert (await seen(branch, branch.anja))[0].taken == 0


async def test_a_coordinator_sees_who_of_the_own_branch_comes_to_an_evening_of_the_line(
    branch: Branch,
) -> None:
    gatherings = branch.room.gatherings
    evening = await branch.evening(national=True)
    await gatherings.sign_up(branch.planner, evening, branch.zoe)
    await gatherings.sign_up(branch.cora, evening, branch.anja)

    [own] = await gatherings.to_plan(branch.cora, branch.built.branch)
    [everybody] = await gatherings.to_plan(branch.planner, None)

    assert (own.taken, [each.name for each in own.people]) == (2, ["Anja"])
    assert [each.name for each in everybody.people] == ["Anja", "Zoe"]


async def test_what_is_called_off_stays_to_be_seen_and_takes_nobody(branch: Branch) -> None:
    evening = await branch.evening()
    await branch.room.gatherings.sign_up(branch.of(branch.anja), evening)

    await branch.room.gatherings.cancel(branch.cora, evening)
    [told] = await seen(branch, branch.anja)
    doing = branch.room.gatherings.sign_up(branch.of(branch.bert), evening)

    assert (told.cancelled, told.taken) == (True, 1)
    assert await refused(doing) is Code.GATHERING_OFF


async def test_only_who_plans_the_line_calls_off_an_evening_of_the_line(branch: Branch) -> None:
    gatherings = branch.room.gatherings
    national = await branch.evening(national=True)
    there = await branch.evening(where=branch.other)

    for evening in (national, there, new_id(branch.built.house.tokens)):
        assert await refused(gatherings.cancel(branch.cora, evening)) is Code.NOT_FOUND
    await gatherings.cancel(branch.planner, national)


async def test_once_it_began_nobody_comes_or_goes(branch: Branch) -> None:
    evening = await branch.evening()
    anja = branch.of(branch.anja)
    await branch.room.gatherings.sign_up(anja, evening)
    await branch.built.time.advance(3 * DAY_S + 60)

    for doing in (
        branch.room.gatherings.sign_up(branch.of(branch.bert), evening),
        branch.room.gatherings.sign_off(anja, evening),
    ):
        assert await refused(doing) is Code.IN_THE_PAST


async def held(branch: Branch, evening: UUID) -> None:
    """Let Anja and Bert sign up, the evening begin, and only Anja come."""
    for person in (branch.anja, branch.bert):
        await branch.room.gatherings.sign_up(branch.of(person), evening)
    await branch.built.time.advance(3 * DAY_S + 60)
    await branch.room.gatherings.note_came(branch.cora, evening, [branch.anja])


async def test_who_came_to_an_intervision_has_that_as_the_last_one(branch: Branch) -> None:
    starts = await branch.built.time.now() + timedelta(days=3)
    await held(branch, await branch.evening(kind="intervision"))

    known = {
        each.record.name: each.record.agreed.intervision
        for each in await branch.room.volunteers.people(branch.cora, branch.built.branch)
    }

    assert known == {"Anja": local_day(starts), "Bert": None}


async def test_who_came_to_a_training_evening_was_at_no_intervision(branch: Branch) -> None:
    await held(branch, await branch.evening())

    known = await branch.room.volunteers.person(branch.cora, branch.anja)

    assert known.record.agreed.intervision is None


async def test_nobody_came_before_it_began(branch: Branch) -> None:
    evening = await branch.evening()

    doing = branch.room.gatherings.note_came(branch.cora, evening, [branch.anja])

    assert await refused(doing) is Code.BAD_REQUEST


async def test_thirty_days_later_it_is_forgotten_who_was_there(branch: Branch) -> None:
    await held(branch, await branch.evening())
    left = []
    for days in (29, 2):
        await branch.built.time.advance(days * DAY_S)
        async with branch.built.house.database.transaction(LINE) as tx:
            await branch.room.hourly(tx)
        left.append(await branch.built.owner.fetchval("select count(*) from gathering_seat"))

    assert left == [2, 0]


async def test_an_evening_of_yesterday_is_not_planned(branch: Branch) -> None:
    now = await branch.built.time.now()
    during = Interval(now - timedelta(days=1), now - timedelta(hours=20))

    doing = branch.room.gatherings.add(
        branch.cora, branch.built.branch, "training", "Gisteren", during, 8
    )

    assert await refused(doing) is Code.IN_THE_PAST
