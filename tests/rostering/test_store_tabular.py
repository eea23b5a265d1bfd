"""What a table is judged by, as rows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.rostering import store_tabular
from tests.support.coaching import somebody
from tests.support.hours import plan, stop_time

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_each_shift_comes_with_the_places_that_stand_and_an_empty_one_once(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anja, bas = await built.volunteer("anja", hours=0), await built.volunteer("bas", hours=0)
    shift = await plan(built, anja, 60, 60)
    await built.house.roster.put_on(LINE, shift, bas)
    gone = await plan(built, bas, 180, 60)
    cancelled = await plan(built, anja, 300, 60)
    await built.owner.execute("update place set state = 'cannot' where shift = $1", gone)
    await built.house.roster.cancel(LINE, cancelled)
    now = await built.time.now()

    async with built.house.database.transaction(LINE) as tx:
        rows = await store_tabular.places(tx, now, now + timedelta(days=1), "utrecht")
        nothing = await store_tabular.places(tx, now, now + timedelta(days=1), "zwolle")

    assert [(row["shift"], row["sign_in"]) for row in rows] == [
        (shift, "anja"),
        (shift, "bas"),
        (gone, None),
    ]
    assert nothing == []


async def test_only_volunteers_of_a_branch_can_stand_in_a_table(built: TestHouse) -> None:
    anja = await built.volunteer("anja", hours=0)
    await somebody(built, "cora", Role.COORDINATOR, branch=built.branch)

    async with built.house.database.transaction(LINE) as tx:
        rows = await store_tabular.people(tx, {"anja", "cora", "nobody"})

    assert [(row["id"], row["slug"]) for row in rows] == [(anja, "utrecht")]


async def test_where_somebody_stands_is_told_as_a_table_tells_a_shift(built: TestHouse) -> None:
    await stop_time(built)
    anja = await built.volunteer("anja", hours=0)
    await plan(built, anja, 60, 60)
    now = await built.time.now()

    async with built.house.database.transaction(LINE) as tx:
        found = await store_tabular.stands(tx, [anja], now, now + timedelta(minutes=61))
        none = await store_tabular.stands(tx, [anja], now, now + timedelta(minutes=60))

    [row] = found
    assert (row["sign_in"], row["slug"], row["channels"]) == ("anja", "utrecht", ["chat"])
    assert row["starts"] == now + timedelta(minutes=60)
    assert none == []


async def test_another_role_or_state_raises_the_places_number(built: TestHouse) -> None:
    anja = await built.volunteer("anja")
    place = await built.owner.fetchval("select id from place where person = $1", anja)

    async with built.house.database.transaction(LINE) as tx:
        await store_tabular.set_place(tx, place, "mentor", "confirmed")

    row = await built.owner.fetchrow("select role, state, sequence from place")
    assert row is not None
    assert tuple(row) == ("mentor", "confirmed", 1)
