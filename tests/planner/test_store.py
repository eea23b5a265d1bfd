"""What the database tells a board."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg
import pytest

from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.planner import store
from luisterlijn.planner.model import Kind
from tests.support.planner import another_branch, at, listener, place, scope, shift

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_people_are_counted_by_what_they_and_the_shift_take(built: TestHouse) -> None:
    both = await listener(built, "beide")
    calls = await listener(built, "bellen", channels=("phone",))
    chats = await listener(built, "chatten", channels=("chat", "mail"))
    wide = await shift(built, at(0, 7), state="published")
    narrow = await shift(built, at(1, 7), channels=("chat",))
    for on in (wide, narrow):
        for person in (both, calls, chats):
            await place(built, on, person, state="published" if on == wide else "proposed")
    await place(built, wide, None, state="checked_in")

    async with built.house.database.transaction(LINE) as tx:
        found = await store.planned(tx, at(0, 6), at(7, 6), built.branch)

    assert [each.here for each in found] == [
        {Kind.BOTH: 2, Kind.PHONE: 1, Kind.CHAT: 1},
        {Kind.CHAT: 2},
    ]
    assert [each.published for each in found] == [found[0].here, {}]


async def test_who_does_not_stand_there_any_more_is_not_counted(built: TestHouse) -> None:
    there = await shift(built, at(0, 7), state="published")
    for number, (state, role) in enumerate(
        (("taken_off", "listener"), ("no_show", "listener"), ("published", "trainee"))
    ):
        await place(built, there, await listener(built, f"x{number}"), state=state, role=role)

    async with built.house.database.transaction(LINE) as tx:
        [found] = await store.planned(tx, at(0, 6), at(1, 6))
        shown = await store.standing(tx, [there])

    assert (found.standing, found.missing) == (0, 2)
    assert [(each.name, each.state) for each in shown] == [("X1", "no_show"), ("X2", "published")]
    assert [each.fills for each in shown] == [False, False]


async def test_a_coordinator_reads_no_row_of_another_branch(built: TestHouse) -> None:
    there = await shift(built, at(0, 7))
    other = scope(built, Role.COORDINATOR, branch=None)

    async with built.house.database.transaction(other) as tx:
        assert await store.planned(tx, at(0, 6), at(1, 6)) == []
        assert await store.whereabouts(tx, there) is None


async def test_a_factor_of_nothing_or_of_a_hundred_is_refused(built: TestHouse) -> None:
    for factor in (0.0, 100.0):
        with pytest.raises(asyncpg.CheckViolationError):
            await built.owner.execute(
                "insert into demand_event (id, name, kind, first, last, factor)"
                " values (gen_random_uuid(), 'x', 'campaign', '2031-05-05', '2031-05-05', $1)",
                factor,
            )


async def test_the_lines_cover_is_the_sum_of_its_shifts_by_hours(built: TestHouse) -> None:
    other = await another_branch(built)
    for number, branch in enumerate((built.branch, other)):
        there = await shift(built, at(0, 7), branch=branch, state="published")
        person = await listener(built, f"x{number}", branch=branch)
        await place(built, there, person, state="published" if number else "proposed")
    off = await shift(built, at(0, 7), state="cancelled")
    await place(built, off, await listener(built, "af", channels=("phone",)))

    async with built.house.database.transaction(LINE) as tx:
        [crew] = await store.cover(tx, at(0, 6), at(1, 6))

    assert (crew.here, crew.published) == ({Kind.BOTH: 2}, {Kind.BOTH: 1})
