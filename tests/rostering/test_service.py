"""A branch's shifts on a real database, two hands at once."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.clock import AMSTERDAM, Interval, local_interval
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId, new_id
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.rostering.model import Wish
from tests.support import roster as roster_support
from tests.support.hours import plan, stop_time

if TYPE_CHECKING:
    from tests.support.house import TestHouse

HOUR = timedelta(hours=1)


async def add(built: TestHouse, start_h: float, end_h: float) -> ShiftId:
    """Add a shift, in hours from now."""
    now = await built.time.now()
    during = Interval(now + start_h * HOUR, now + end_h * HOUR)
    return (await built.house.roster.add_shift(LINE, built.branch, during, ("chat",), 2)).id


def coordinator(built: TestHouse, branch: BranchId | None = None) -> Scope:
    return Scope(
        person=PersonId(new_id(built.house.tokens)),
        branch=branch or built.branch,
        roles=frozenset({Role.COORDINATOR}),
    )


async def put_on(built: TestHouse, shift: ShiftId, person: PersonId) -> str:
    """Put somebody on a shift; gives the refusal's code, or nothing."""
    try:
        await built.house.roster.put_on(LINE, shift, person)
    except Refusal as refusal:
        return refusal.code
    return ""


# Adding and seeing.


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 28), 3), (date(2026, 10, 24), 5), (date(2026, 3, 14), 4)],
)
async def test_a_shift_over_the_night_the_clock_jumps_is_kept_at_its_real_length(
    built: TestHouse, day: date, hours: int
) -> None:
    await built.time.freeze(datetime(2026, 1, 1, tzinfo=UTC))
    night = local_interval(day, time(23), time(3))

    await built.house.roster.add_shift(LINE, built.branch, night, ("chat",), 1)

    evening = datetime.combine(day, time(), AMSTERDAM)
    [shift], _taken = await built.house.roster.shifts(coordinator(built), built.branch, evening, 1)
    assert shift.during == night
    assert shift.during.end - shift.during.start == hours * HOUR


async def test_on_the_night_that_is_an_hour_short_a_volunteer_is_on_shift_for_three_hours(
    built: TestHouse,
) -> None:
    await built.time.freeze(datetime(2026, 3, 28, 21, 59, tzinfo=UTC))
    person = await built.volunteer("anja", hours=0)
    night = local_interval(date(2026, 3, 28), time(23), time(3))
    shift = await built.house.roster.add_shift(LINE, built.branch, night, ("chat",), 1)
    await built.house.roster.put_on(LINE, shift.id, person)
    on_shift = []

    for _each in range(5):
        async with built.house.database.transaction(LINE) as tx:
            cover = await built.house.roster.cover(tx, "chat", "nl")
            on_shift.append(bool([each for each in cover if each.starts <= tx.now]))
        await built.time.advance(3600)

    assert on_shift == [False, True, True, True, False]


async def test_a_week_is_seven_days_on_the_wall_also_when_the_clock_jumps(
    built: TestHouse,
) -> None:
    await built.time.freeze(datetime(2026, 3, 20, tzinfo=UTC))
    monday = datetime(2026, 3, 23, tzinfo=AMSTERDAM)
    last = local_interval(date(2026, 3, 29), time(23, 30), time(23, 45))
    beyond = local_interval(date(2026, 3, 30), time(0, 0), time(0, 15))
    for during in (last, beyond):
        await built.house.roster.add_shift(LINE, built.branch, during, ("chat",), 1)

    found, _taken = await built.house.roster.shifts(coordinator(built), built.branch, monday, 7)

    assert [shift.during for shift in found] == [last]


async def test_a_coordinator_sees_and_touches_the_own_branch_only(built: TestHouse) -> None:
    person = await built.volunteer("anja", hours=0)
    shift = await add(built, 1, 5)
    stranger = coordinator(built, BranchId(new_id(built.house.tokens)))
    roster, now = built.house.roster, await built.time.now()

    found, _taken = await roster.shifts(stranger, built.branch, now, 7)
    assert found == []
    for order in (
        roster.cancel(stranger, shift),
        roster.put_on(stranger, shift, person),
        roster.take_off(stranger, shift, PlaceId(new_id(built.house.tokens))),
    ):
        with pytest.raises(Refusal) as refusal:
            await order
        assert refusal.value.code is Code.NOT_FOUND


async def test_who_stands_on_a_shift_is_seen_by_name(built: TestHouse) -> None:
    person = await built.volunteer("anja", hours=0)
    shift = await add(built, 1, 5)

    _shift, taken = await built.house.roster.put_on(coordinator(built), shift, person)

    assert [(place.person, name) for place, name in taken] == [(person, "Anja")]


# Two places at once.


async def test_two_hands_that_put_one_person_on_two_shifts_at_once_one_is_refused(
    built: TestHouse,
) -> None:
    people = [await built.volunteer(f"v{each}", hours=0) for each in range(8)]
    shifts = [await add(built, 1, 5), await add(built, 4.9, 8)]
    answers: dict[PersonId, list[str]] = {person: [] for person in people}

    async def put(person: PersonId, shift: ShiftId) -> None:
        answers[person].append(await put_on(built, shift, person))

    async with asyncio.TaskGroup() as group:
        for person in people:
            for shift in shifts:
                group.create_task(put(person, shift))

    assert {tuple(sorted(each)) for each in answers.values()} == {("", "overlaps")}


async def test_shifts_that_touch_may_both_be_taken(built: TestHouse) -> None:
    person = await built.volunteer("anja", hours=0)
    now = await built.time.now()
    shifts = [
        await built.house.roster.add_shift(
            LINE, built.branch, Interval(now + start * HOUR, now + (start + 4) * HOUR), ("chat",), 1
        )
        for start in (1, 5)
    ]

    assert [await put_on(built, shift.id, person) for shift in shifts] == ["", ""]


async def test_who_was_taken_off_or_whose_shift_was_cancelled_is_free_again(
    built: TestHouse,
) -> None:
    person = await built.volunteer("anja", hours=0)
    first, second, third = [await add(built, 1, 5) for _each in range(3)]
    _shift, [(place, _name)] = await built.house.roster.put_on(LINE, first, person)

    await built.house.roster.take_off(coordinator(built), first, place.id)
    assert await put_on(built, second, person) == ""
    await built.house.roster.cancel(LINE, second)

    assert await put_on(built, third, person) == ""


async def test_nobody_is_put_on_the_same_shift_twice(built: TestHouse) -> None:
    person = await built.volunteer("anja", hours=0)
    shift = await add(built, 1, 5)

    assert [await put_on(built, shift, person) for _each in range(2)] == ["", "overlaps"]


async def test_nobody_is_taken_off_a_shift_twice_or_off_another(built: TestHouse) -> None:
    person = await built.volunteer("anja", hours=0)
    shift, other = await add(built, 1, 5), await add(built, 6, 8)
    _shift, [(place, _name)] = await built.house.roster.put_on(LINE, shift, person)
    roster, acting = built.house.roster, coordinator(built)

    with pytest.raises(Refusal) as elsewhere:
        await roster.take_off(acting, other, place.id)
    await roster.take_off(acting, shift, place.id)
    with pytest.raises(Refusal) as again:
        await roster.take_off(acting, shift, place.id)

    assert (elsewhere.value.code, again.value.code) == (Code.NOT_FOUND, Code.NOT_FOUND)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("update shift set state = 'cancelled'", Code.SHIFT_CANCELLED),
        ("update person set channels = '{phone}'", Code.NOT_TRAINED),
        ("update person set branch = null", Code.NOT_FOUND),
    ],
)
async def test_a_place_that_cannot_be_is_refused(built: TestHouse, change: str, code: Code) -> None:
    person = await built.volunteer("anja", hours=0)
    shift = await add(built, 1, 5)
    await built.owner.execute(change)

    assert await put_on(built, shift, person) == code
    assert await put_on(built, ShiftId(person), person) == Code.NOT_FOUND
    assert await put_on(built, shift, PersonId(shift)) != ""


async def test_a_shift_that_is_over_takes_nobody(built: TestHouse) -> None:
    person = await built.volunteer("anja", hours=0)
    shift = await add(built, 0, 1)
    await built.time.advance(3600)

    assert await put_on(built, shift, person) == Code.IN_THE_PAST


# What the line asks.


async def test_a_cancelled_shift_opens_nothing(built: TestHouse) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=0)
    shift = await plan(built, person, 60, 60)
    async with built.house.database.transaction(LINE) as tx:
        before = await built.house.roster.opens_at(tx, "chat")

    await built.house.roster.cancel(LINE, shift)

    async with built.house.database.transaction(LINE) as tx:
        assert before == tx.now + HOUR
        assert await built.house.roster.opens_at(tx, "chat") is None
        assert await built.house.roster.cover(tx, "chat", "nl") == []
        assert await built.house.roster.upcoming(tx, person) is None


async def test_a_shift_counts_for_a_channel_when_both_it_and_its_volunteer_do_it(
    built: TestHouse,
) -> None:
    await stop_time(built)
    chats = await built.volunteer("anja", hours=0)
    both = await built.volunteer("bas", hours=0, channels=("chat", "phone"))
    await plan(built, chats, 0, 60, channels=("chat", "phone"))
    await plan(built, both, 0, 60, channels=("phone",))

    async with built.house.database.transaction(LINE) as tx:
        chat = await built.house.roster.cover(tx, "chat", "nl")
        phone = await built.house.roster.cover(tx, "phone", "nl")

    assert ([each.person for each in chat], [each.person for each in phone]) == ([chats], [both])


async def test_the_shift_that_runs_comes_before_the_one_whose_check_in_is_open(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=0)
    await plan(built, person, 0, 10)
    await plan(built, person, 10, 60)
    ends = []

    for _each in range(3):
        async with built.house.database.transaction(LINE) as tx:
            current = await built.house.roster.current(tx, person)
            assert current is not None
            ends.append(current.ends - tx.now)
        await built.time.advance(300)

    assert ends == [timedelta(minutes=each) for each in (10, 5, 60)]


async def test_wishes_leave_and_swaps_go_thirty_days_after_what_they_were_about(
    built: TestHouse,
) -> None:
    await roster_support.begin(built)
    [anja] = await roster_support.people(built, "anja")
    roster, me = built.house.roster, roster_support.acting(built, anja)
    cora, first = coordinator(built), roster_support.MONDAY
    period = await roster.periods.open(cora, built.branch, first, 7)
    await roster.wishes.write(
        me, period.period, Wish(levels=("111111",) * 7, wanted=1, most=1, nights=0)
    )
    await roster.leaves.ask(me, first + timedelta(days=6), first + timedelta(days=6))
    place = await roster_support.put(built, await roster_support.shift(built, 4), anja)
    await roster.swaps.offer(me, place.place)

    left = []
    for days in (34, 37):
        await built.time.freeze(roster_support.NOON + timedelta(days=days))
        async with built.house.database.transaction(LINE) as tx:
            await roster.forget_old(tx)
        left.append(
            [
                await built.owner.fetchval(f"select count(*) from {each}")  # noqa: S608 - our own
                for each in ("wish", "leave", "swap")
            ]
        )

    assert left == [[1, 1, 1], [0, 0, 0]]
    assert await built.owner.fetchval("select count(*) from place") == 1
