"""Who can, and how turns are shared, out of real rows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import ShiftId, new_id
from luisterlijn.kernel.scope import Role
from tests.support.coaching import refused
from tests.support.planner import another_branch, at, listener, place, scope, shift

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_who_can_take_a_shift_is_judged_by_what_stands_in_the_roster(
    built: TestHouse,
) -> None:
    people = built.house.planner.people
    await listener(built, "anja")
    bert, cor = await listener(built, "bert"), await listener(built, "cor", channels=("mail",))
    await listener(built, "dirk", branch=await another_branch(built))
    open_one = await shift(built, at(0, 7))
    await place(built, await shift(built, at(0, 11)), bert)

    found = await people.who(scope(built, Role.COORDINATOR, branch=built.branch), open_one)

    assert [(each.name, each.role) for each in found.can] == [("Anja", "listener")]
    assert [
        (each.person, [(rule.code, rule.never) for rule in each.rules]) for each in found.cannot
    ] == [
        (bert.hex, [("two-shifts-a-day", False), ("too-little-rest", False)]),
        (cor.hex, [("not-trained", True)]),
    ]


async def test_nobody_is_suggested_for_a_shift_that_is_another_branchs_or_off(
    built: TestHouse,
) -> None:
    people = built.house.planner.people
    other = await another_branch(built)
    theirs = await shift(built, at(0, 7), branch=other)
    off = await shift(built, at(0, 7), state="cancelled")
    coordinator = scope(built, Role.COORDINATOR, branch=built.branch)

    assert await refused(people.who(coordinator, theirs)) is Code.NOT_FOUND
    assert await refused(people.who(coordinator, off)) is Code.SHIFT_CANCELLED
    nowhere = ShiftId(new_id(built.house.tokens))
    assert await refused(people.who(coordinator, nowhere)) is Code.NOT_FOUND
    assert (await people.who(scope(built, Role.PLANNER), theirs)).can == []


async def test_the_fairness_table_counts_nights_and_what_was_set_aside(built: TestHouse) -> None:
    anja, bert = await listener(built, "anja"), await listener(built, "bert")
    now = await built.time.now()
    night = await shift(built, now - timedelta(days=7), state="published", night=True)
    await place(built, night, anja, state="checked_in", allowed="nobody-else")
    coordinator = scope(built, Role.COORDINATOR, branch=built.branch)

    found = await built.house.planner.people.fairness(coordinator, None)

    rows = {row.person: (row.hours, row.agreed, row.nights, row.allowed) for row in found.people}
    assert rows == {anja.hex: (4.0, 16, 1, 1), bert.hex: (0.0, 16, 0, 0)}
