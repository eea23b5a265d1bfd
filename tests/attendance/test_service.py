"""Who does not come is noticed, and somebody else is found: over the rows, with time handed in."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.attendance.events import AttendanceChanged
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId, new_id
from luisterlijn.kernel.scope import LINE, Role
from tests.support.attending import (
    agrees,
    asked,
    call_up,
    call_ups,
    notices,
    pass_by,
    person,
    scope_of,
    shift,
    stands,
    state,
)
from tests.support.coaching import coach, overheard, refused

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.kernel.ids import PersonId, PlaceId, ShiftId
    from tests.support.house import TestHouse


@pytest.fixture(autouse=True)
async def still(built: TestHouse) -> None:
    """Let time pass only where a test says so."""
    await built.time.freeze(await built.time.now())


async def alone(built: TestHouse) -> tuple[PersonId, ShiftId, UUID]:
    """Give somebody on a shift that begins now."""
    wim, on = await person(built, "wim"), await shift(built)
    return wim, on, await stands(built, wim, on)


async def come(built: TestHouse, who: PersonId) -> None:
    """Let somebody answer yes in the console."""
    await built.house.attendance.attendance.answers(who, await call_up(built), yes=True)


async def test_who_does_not_come_is_noticed_after_ten_minutes_and_not_before(
    built: TestHouse,
) -> None:
    _wim, _on, place = await alone(built)
    await pass_by(built, 5)
    nudged = await notices(built, place)
    await pass_by(built, 4.9)
    before = await state(built, place)
    await pass_by(built, 0.1)

    assert nudged == ["nudge"]
    assert before == "published"
    assert await state(built, place) == "no_show"
    assert await call_ups(built) == [("no_show", "open")]


async def test_who_has_come_is_left_alone(built: TestHouse) -> None:
    wim, _on, place = await alone(built)
    await built.ready(wim)
    await pass_by(built, 20)

    assert await state(built, place) == "checked_in"
    assert await notices(built, place) == []
    assert await call_ups(built) == []


async def test_two_nodes_that_sweep_at_once_tell_each_thing_once(built: TestHouse) -> None:
    _wim, _on, place = await alone(built)
    await built.time.advance(600)
    heard = overheard(built, AttendanceChanged)
    attendance = built.house.attendance.attendance
    async with asyncio.TaskGroup() as nodes:
        for _node in range(4):
            nodes.create_task(attendance.sweep())
    await attendance.sweep()

    assert await notices(built, place) == ["missed"]
    assert await call_ups(built) == [("no_show", "open")]
    assert len(heard) <= 2  # that somebody is missing; that too few are there


async def test_the_coordinator_and_the_coach_are_told_and_another_branch_is_not(
    built: TestHouse,
) -> None:
    cora, ada = await person(built, "cora", Role.COORDINATOR), await coach(built)
    other = BranchId(new_id(built.house.tokens))
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_branch(tx, other, "zwolle", "Zwolle")
    far = await person(built, "zeno", Role.COORDINATOR, branch=other)
    await alone(built)
    heard = overheard(built, AttendanceChanged)
    await pass_by(built, 10)

    told = {who for event in heard if isinstance(event, AttendanceChanged) for who in event.told}
    assert {cora, ada} <= told
    assert far not in told
    sides = [(await built.house.consoles.snapshot(who)).attendance for who in (cora, ada, far)]
    assert [side.missed for side in sides] == [1, 1, 0]


async def test_the_reserve_is_asked_at_once_and_the_others_five_minutes_later(
    built: TestHouse,
) -> None:
    _wim, on, _place = await alone(built)
    rita, bas = await person(built, "rita"), await person(built, "bas")
    await person(built, "nel")  # did not agree to be asked
    await stands(built, rita, on, role="reserve")
    await agrees(built, bas)
    await pass_by(built, 10)
    first = await asked(built)
    await pass_by(built, 4.9)
    still_first = await asked(built)
    await pass_by(built, 0.1)

    assert first == still_first == {"Rita": "asked"}
    assert await asked(built) == {"Rita": "asked", "Bas": "asked"}
    side = (await built.house.consoles.snapshot(rita)).attendance
    assert [view.branch_name for view in side.call_ups] == ["Utrecht"]


async def test_a_reserve_who_says_yes_takes_contacts_from_then_on(built: TestHouse) -> None:
    _wim, on, _place = await alone(built)
    cora = await person(built, "cora", Role.COORDINATOR)
    rita = await person(built, "rita")
    reserve = await stands(built, rita, on, role="reserve")
    await pass_by(built, 10)
    before = await built.house.consoles.snapshot(rita)
    await come(built, rita)
    await built.settle()
    await built.ready(rita)

    row = await built.owner.fetchrow("select role, state, origin from place where id = $1", reserve)
    assert before.shift is None
    assert row is not None
    assert tuple(row) == ("listener", "checked_in", "reserve")
    assert await call_ups(built) == [("no_show", "filled")]
    assert (await built.house.consoles.snapshot(cora)).attendance.missed == 0
    contact = await built.talking(rita)
    assert await built.state(contact) == "active"


async def test_who_jumps_in_stands_on_the_shift(built: TestHouse) -> None:
    _wim, on, _place = await alone(built)
    bas = await person(built, "bas")
    await agrees(built, bas)
    await pass_by(built, 10)
    await pass_by(built, 5)
    await come(built, bas)

    row = await built.owner.fetchrow(
        "select role, state, origin from place where person = $1 and shift = $2", bas, on
    )
    assert row is not None
    assert tuple(row) == ("listener", "confirmed", "self")
    await pass_by(built, 1)
    assert await call_ups(built) == [("no_show", "filled")]


async def test_of_two_who_say_yes_at_once_one_comes(built: TestHouse) -> None:
    _wim, on, _place = await alone(built)
    people = [await person(built, name) for name in ("bas", "cor", "dirk", "eva")]
    for each in people:
        await agrees(built, each)
    await pass_by(built, 10)
    await pass_by(built, 5)
    wanted = await call_up(built)
    codes: list[Code | None] = []

    async def says_yes(who: PersonId) -> None:
        try:
            await built.house.attendance.attendance.answers(who, wanted, yes=True)
        except Exception as no:  # noqa: BLE001 - looked at below
            codes.append(getattr(no, "code", None))

    async with asyncio.TaskGroup() as together:
        for each in people:
            together.create_task(says_yes(each))

    on_it = await built.owner.fetchval(
        "select count(*) from place where shift = $1 and state = 'confirmed'", on
    )
    assert on_it == 1
    assert codes == [Code.CALL_UP_GONE] * 3


async def test_who_comes_late_is_welcome_and_takes_the_call_up_back(built: TestHouse) -> None:
    wim, on, place = await alone(built)
    rita = await person(built, "rita")
    await stands(built, rita, on, role="reserve")
    await pass_by(built, 12)
    asks = (await built.house.consoles.snapshot(rita)).attendance.call_ups
    late = (await built.house.consoles.snapshot(wim)).attendance.late_since_at
    await built.ready(wim)
    await pass_by(built, 0)

    assert len(asks) == 1
    assert late is not None
    assert await state(built, place) == "checked_in"
    assert await call_ups(built) == [("no_show", "over")]
    assert (await built.house.consoles.snapshot(rita)).attendance.call_ups == []
    assert (await built.house.consoles.snapshot(wim)).attendance.late_since_at is None
    assert await refused(come_to(built, rita, on)) is Code.CALL_UP_GONE


async def come_to(built: TestHouse, who: PersonId, on: ShiftId) -> None:
    """Say yes to the call-up of a shift, whatever became of it."""
    known: UUID = await built.owner.fetchval("select id from call_up where shift = $1", on)
    await built.house.attendance.attendance.answers(who, known, yes=True)


async def test_who_says_no_is_asked_no_more_and_nothing_else_comes_of_it(built: TestHouse) -> None:
    _wim, on, _place = await alone(built)
    rita = await person(built, "rita")
    await stands(built, rita, on, role="reserve")
    await pass_by(built, 10)
    await built.house.attendance.attendance.answers(rita, await call_up(built), yes=False)
    await pass_by(built, 5)

    assert await asked(built) == {"Rita": "no"}
    assert (await built.house.consoles.snapshot(rita)).attendance.call_ups == []


async def test_a_place_that_is_given_up_shortly_before_is_asked_around(built: TestHouse) -> None:
    bas = await person(built, "bas")
    await agrees(built, bas)
    on = await shift(built, starts_in=13 * 60)
    place = await stands(built, await person(built, "wim"), on)
    await built.owner.execute("update place set state = 'cannot' where id = $1", place)
    await pass_by(built, 59)
    early = await call_ups(built)
    await pass_by(built, 1)

    assert early == []
    assert await call_ups(built) == [("open_soon", "open")]
    assert await asked(built) == {"Bas": "asked"}
    await come(built, bas)
    await pass_by(built, 1)
    assert await call_ups(built) == [("open_soon", "filled")]


@pytest.mark.parametrize(
    ("starts_in", "hours", "code"),
    [
        (-60, 2, Code.OVERLAPS),
        (-8 * 60, 5, Code.TOO_LONG_A_DAY),
        (20 * 60, 4, None),
    ],
)
async def test_who_jumps_in_has_rest_and_no_more_than_eight_hours(
    built: TestHouse, starts_in: float, hours: float, code: Code | None
) -> None:
    noon = (await built.time.now()).replace(hour=13, minute=0, second=0, microsecond=0)
    await built.time.freeze(noon)
    bas = await person(built, "bas")
    await agrees(built, bas)
    elsewhere = await shift(built, starts_in, hours=hours)
    await stands(built, bas, elsewhere, state="confirmed")
    await alone(built)
    await pass_by(built, 10)
    await pass_by(built, 5)

    able = code is None
    assert ("Bas" in await asked(built)) is able
    if able:
        await come(built, bas)
    else:
        assert await refused(come(built, bas)) is Code.CALL_UP_GONE


async def test_a_coordinator_calls_the_reserve_and_opens_a_shift_up(built: TestHouse) -> None:
    wim, on, place = await alone(built)
    cora = scope_of(await person(built, "cora", Role.COORDINATOR), built.branch, Role.COORDINATOR)
    rita, bas = await person(built, "rita"), await person(built, "bas")
    await agrees(built, bas)
    attendance = built.house.attendance.attendance
    assert await refused(attendance.call_reserve(cora, on)) is Code.NOBODY_FREE
    await stands(built, rita, on, role="reserve")
    await attendance.call_reserve(cora, on)
    assert await asked(built) == {"Rita": "asked"}
    assert await refused(attendance.call_reserve(cora, on)) is Code.NOBODY_FREE
    assert await refused(attendance.open_up(cora, on)) is Code.SHIFT_FULL

    await pass_by(built, 10)
    await attendance.open_up(cora, on)
    assert set(await asked(built)) == {"Rita", "Bas"}
    await attendance.present(cora, place)  # type: ignore[arg-type] # a place's id
    await pass_by(built, 0)

    assert await state(built, place) == "checked_in"
    assert ("no_show", "over") in await call_ups(built)
    assert ("open_soon", "over") in await call_ups(built)
    assert wim != bas


async def test_a_coordinator_of_another_branch_can_press_nothing(built: TestHouse) -> None:
    _wim, on, place = await alone(built)
    other = BranchId(new_id(built.house.tokens))
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_branch(tx, other, "zwolle", "Zwolle")
    far = await person(built, "zeno", Role.COORDINATOR, branch=other)
    scope = scope_of(far, other, Role.COORDINATOR)
    attendance = built.house.attendance.attendance
    where: PlaceId = place  # type: ignore[assignment] # a place's id

    assert await refused(attendance.call_reserve(scope, on)) is Code.NOT_FOUND
    assert await refused(attendance.open_up(scope, on)) is Code.NOT_FOUND
    assert await refused(attendance.present(scope, where)) is Code.NOT_FOUND
    assert await state(built, place) == "published"


async def test_the_own_phone_is_due_after_two_minutes_and_only_once(built: TestHouse) -> None:
    _wim, on, _place = await alone(built)
    rita = await person(built, "rita", phone="+31201234567")
    await stands(built, rita, on, role="reserve")
    await agrees(built, rita)
    await pass_by(built, 10)
    await pass_by(built, 1.9)
    before = await asked(built)
    await pass_by(built, 0.1)
    ringing = await asked(built)
    await pass_by(built, 2)

    assert (before, ringing) == ({"Rita": "asked"}, {"Rita": "ringing"})
    assert await asked(built) == {"Rita": "silent"}
    await come(built, rita)  # who was silent may still come
    assert await asked(built) == {"Rita": "yes"}


async def test_reminders_are_told_once_each_in_the_days_before(built: TestHouse) -> None:
    on = await shift(built, starts_in=25 * 60)
    place = await stands(built, await person(built, "wim"), on)
    told = []
    for minutes in (0, 60, 0, 23 * 60, 45, 0):
        await pass_by(built, minutes)
        told.append(await notices(built, place))

    assert told[0] == []
    assert told[1] == told[2] == ["day_before"]
    assert told[3] == ["day_before", "hour_before"]
    assert told[4] == told[5] == ["check_in", "day_before", "hour_before"]


async def test_what_is_over_is_forgotten(built: TestHouse) -> None:
    _wim, on, _place = await alone(built)
    rita = await person(built, "rita")
    await stands(built, rita, on, role="reserve")
    await pass_by(built, 10)
    await built.time.advance(timedelta(hours=4).total_seconds())
    letters = built.house.attendance.letters
    async with built.house.database.transaction(LINE) as tx:
        await letters.forget_old(tx)
    left = await counted(built)
    await built.time.advance(timedelta(days=1).total_seconds())
    async with built.house.database.transaction(LINE) as tx:
        await letters.forget_old(tx)

    assert left == [0, 1, 1]
    assert await counted(built) == [0, 0, 0]


async def counted(built: TestHouse) -> list[int]:
    """Give how many notices, call-ups and askings there are."""
    row = await built.owner.fetchrow(
        "select (select count(*) from notice), (select count(*) from call_up),"
        " (select count(*) from call_up_asked)"
    )
    assert row is not None
    return list(row)
