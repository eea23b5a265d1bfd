"""A volunteer's own roster on a real database: sign up, undo, say one comes, say one cannot."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId, PlaceId, ShiftId, new_id
from luisterlijn.kernel.scope import LINE
from tests.support.roster import (
    acting,
    begin,
    known,
    people,
    placed,
    put,
    refusal,
    shift,
    standing,
    trained,
)

if TYPE_CHECKING:
    from tests.support.house import TestHouse


@pytest.fixture(autouse=True)
async def _still(built: TestHouse) -> None:
    await begin(built)


async def test_who_signs_up_stands_on_the_shift_and_the_line_knows(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    monday = await shift(built, 7)

    place = await built.house.roster.own.sign_up(acting(built, anja), monday)

    assert (place.state, place.role, place.origin) == ("published", "listener", "self")
    async with built.house.database.transaction(LINE) as tx:
        assert await built.house.roster.opens_at(tx, "chat") == place.during.start


@pytest.mark.parametrize("wanted", [1, 2])
async def test_for_the_last_place_one_wins_and_the_others_find_the_shift_full(
    built: TestHouse, wanted: int
) -> None:
    everybody = await people(built, *(f"v{each}" for each in range(6)))
    last = await shift(built, 7, wanted=wanted)
    own = built.house.roster.own

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(refusal(own.sign_up(acting(built, each), last))) for each in everybody
        ]

    answers = [each.result() for each in tasks]
    assert answers.count(None) == wanted
    assert answers.count(Code.SHIFT_FULL) == 6 - wanted
    assert len(await standing(built, last)) == wanted


async def test_one_person_who_signs_up_twice_at_once_stands_once(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    shifts = [await shift(built, 7, wanted=2), await shift(built, 7, 9, wanted=2)]
    own = built.house.roster.own

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(refusal(own.sign_up(acting(built, anja), each))) for each in shifts
        ]

    assert {each.result() for each in tasks} == {None, Code.OVERLAPS}


@pytest.mark.parametrize(
    ("taken", "asked", "code"),
    [
        ((7, 7), (7, 9), Code.OVERLAPS),
        ((7, 7), (7, 19), Code.TWO_SHIFTS_A_DAY),
        ((7, 27), (8, 15), Code.TOO_LITTLE_REST),
        ((7, 23), (8, 15), None),
        ((7, 23), (7, 27), Code.TWO_SHIFTS_A_DAY),
    ],
)
async def test_a_rule_of_the_person_refuses_by_its_own_code(
    built: TestHouse, taken: tuple[int, int], asked: tuple[int, int], code: Code | None
) -> None:
    [anja] = await people(built, "anja")
    own, me = built.house.roster.own, acting(built, anja)
    await own.sign_up(me, await shift(built, *taken))

    assert await refusal(own.sign_up(me, await shift(built, *asked))) is code


async def test_the_third_shift_of_a_week_and_the_third_night_are_refused(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    own, me = built.house.roster.own, acting(built, anja)
    await own.sign_up(me, await shift(built, 7, 23))
    await own.sign_up(me, await shift(built, 9, 23))

    assert await refusal(own.sign_up(me, await shift(built, 12))) is Code.TOO_MANY_A_WEEK
    assert await refusal(own.sign_up(me, await shift(built, 14, 23))) is Code.TOO_MANY_NIGHTS
    assert await refusal(own.sign_up(me, await shift(built, 14))) is None


async def test_more_shifts_than_agreed_for_four_weeks_are_refused(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    await known(built, anja, most_shifts=2)
    own, me = built.house.roster.own, acting(built, anja)
    # Whatever four weeks these days lie in: the two days are in the same.
    await own.sign_up(me, await shift(built, 14))
    await own.sign_up(me, await shift(built, 16))

    assert await refusal(own.sign_up(me, await shift(built, 18))) in (
        Code.TOO_MANY_A_WEEK,
        Code.TOO_MANY_SHIFTS,
    )
    assert await refusal(own.sign_up(me, await shift(built, 21))) is Code.TOO_MANY_SHIFTS


@pytest.mark.parametrize("jump", [datetime(2026, 3, 28, 20, tzinfo=UTC)])
async def test_eleven_hours_are_counted_as_instants_also_when_the_clock_jumps(
    built: TestHouse, jump: datetime
) -> None:
    # Given the night in which an hour is missing: 19:00 to 23:00, then 10:00 is 10 hours later.
    await begin(built, jump - timedelta(days=2))
    [anja] = await people(built, "anja")
    own, me = built.house.roster.own, acting(built, anja)
    await own.sign_up(me, await shift(built, 26, 19))

    ten, eleven = await shift(built, 27, 10), await shift(built, 27, 11)
    assert await refusal(own.sign_up(me, ten)) is Code.TOO_LITTLE_REST
    assert await refusal(own.sign_up(me, eleven)) is None


async def test_a_night_over_new_year_is_taken_and_its_day_is_the_old_years_last(
    built: TestHouse,
) -> None:
    await begin(built, datetime(2026, 12, 30, 11, tzinfo=UTC))
    [anja] = await people(built, "anja")
    own, me = built.house.roster.own, acting(built, anja)
    night = await shift(built, 304, 23)  # 31 December 2026, 23:00 to 03:00
    evening = await shift(built, 304, 15)

    place = await own.sign_up(me, night)

    assert place.night
    assert place.during.end - place.during.start == timedelta(hours=4)
    assert await refusal(own.sign_up(me, evening)) is Code.TWO_SHIFTS_A_DAY


async def test_what_cannot_be_taken_is_refused_by_its_code(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    own, me = built.house.roster.own, acting(built, anja)
    other = BranchId(new_id(built.house.tokens))
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_branch(tx, other, "zwolle", "Zwolle")

    for made, code in (
        (await shift(built, 7, state="concept"), Code.NOT_FOUND),
        (await shift(built, 7, state="cancelled"), Code.SHIFT_CANCELLED),
        (await shift(built, 7, branch=other), Code.NOT_FOUND),
        (await shift(built, 7, channels=("phone",)), Code.NOT_TRAINED),
        (await shift(built, 0, 11), Code.TOO_LATE),
        (ShiftId(new_id(built.house.tokens)), Code.NOT_FOUND),
    ):
        assert await refusal(own.sign_up(me, made)) is code


async def test_who_stopped_pauses_or_has_left_by_then_takes_nothing(built: TestHouse) -> None:
    for name, change in (("anja", "stopped"), ("bert", "paused")):
        [person] = await people(built, name)
        await trained(built, person, change)
        order = built.house.roster.own.sign_up(acting(built, person), await shift(built, 7))
        assert await refusal(order) is Code.ACCOUNT_ENDED
    [carla, dirk] = await people(built, "carla", "dirk")
    last = datetime(2026, 3, 8, tzinfo=UTC).date()
    await known(built, carla, leaves=last)
    await known(built, dirk, away_until=last + timedelta(days=1))

    for person, code in ((carla, Code.ACCOUNT_ENDED), (dirk, Code.ON_LEAVE)):
        order = built.house.roster.own.sign_up(acting(built, person), await shift(built, 7))
        assert await refusal(order) is code
        later = built.house.roster.own.sign_up(acting(built, person), await shift(built, 5))
        assert (await refusal(later) is None) == (person == carla)


async def test_a_fifth_without_a_set_up_at_home_finds_no_desk(built: TestHouse) -> None:
    everybody = await people(built, *(f"v{each}" for each in range(6)))
    for person in everybody[:5]:
        await known(built, person, home=False)
    early, late = await shift(built, 7, wanted=6), await shift(built, 7, 9, wanted=6)
    own = built.house.roster.own
    for each in everybody[:4]:
        await own.sign_up(acting(built, each), early)

    assert await refusal(own.sign_up(acting(built, everybody[4]), late)) is Code.DESKS_FULL
    assert await refusal(own.sign_up(acting(built, everybody[5]), late)) is None


async def test_who_walks_along_stands_beside_a_mentor_and_goes_when_the_mentor_does(
    built: TestHouse,
) -> None:
    anja, mo, tim = await people(built, "anja", "mo", "tim")
    await trained(built, mo, "mentor")
    await trained(built, tim, "walking_along")
    own = built.house.roster.own
    monday = await shift(built, 7, wanted=2)
    await own.sign_up(acting(built, anja), monday)

    assert await refusal(own.sign_up(acting(built, tim), monday)) is Code.TRAINEE_ALONE
    mentors = await own.sign_up(acting(built, mo), monday)
    trainees = await own.sign_up(acting(built, tim), monday)
    await own.leave_open(acting(built, mo), mentors.place)

    assert (mentors.role, trainees.role) == ("mentor", "trainee")
    assert await placed(built, trainees.place) == "taken_off"
    assert await standing(built, monday) == {anja}


async def test_a_trainee_with_an_own_mentor_stands_beside_no_other(built: TestHouse) -> None:
    mo, max_, tim = await people(built, "mo", "max", "tim")
    for each in (mo, max_):
        await trained(built, each, "mentor")
    await trained(built, tim, "walking_along")
    await known(built, tim, mentor=mo)
    own = built.house.roster.own
    monday = await shift(built, 7, wanted=2)
    await own.sign_up(acting(built, max_), monday)

    assert await refusal(own.sign_up(acting(built, tim), monday)) is Code.TRAINEE_ALONE
    await own.sign_up(acting(built, mo), monday)
    assert await refusal(own.sign_up(acting(built, tim), monday)) is None


async def test_a_draft_stands_in_nobodys_way_and_goes_when_its_person_signs_up(
    built: TestHouse,
) -> None:
    anja, bert = await people(built, "anja", "bert")
    drafted, seen = await shift(built, 7, state="concept"), await shift(built, 7, 9)
    mine = await put(built, drafted, anja)
    own = built.house.roster.own

    await own.sign_up(acting(built, anja), seen)

    assert await placed(built, mine.place) == "taken_off"
    assert await refusal(own.sign_up(acting(built, bert), seen)) is Code.SHIFT_FULL


async def test_an_own_sign_up_is_undone_within_an_hour_and_not_after(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    own, me = built.house.roster.own, acting(built, anja)
    first, second = await shift(built, 7), await shift(built, 9)

    place = await own.sign_up(me, first)
    await built.time.advance(3599)
    await own.undo(me, place.place)
    kept = await own.sign_up(me, second)
    await built.time.advance(3600)

    assert await standing(built, first) == set()
    assert await refusal(own.undo(me, kept.place)) is Code.TOO_LATE


async def test_what_a_coordinator_planned_or_what_was_confirmed_is_not_undone(
    built: TestHouse,
) -> None:
    [anja] = await people(built, "anja")
    own, me = built.house.roster.own, acting(built, anja)
    planned = await put(built, await shift(built, 7), anja)
    confirmed = await own.sign_up(me, await shift(built, 9))
    await own.confirm(me, confirmed.place)

    for place in (planned, confirmed):
        assert await refusal(own.undo(me, place.place)) is Code.TOO_LATE


async def test_who_comes_says_so_once_or_twice_until_the_shift_begins(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    own, me = built.house.roster.own, acting(built, anja)
    place = await own.sign_up(me, await shift(built, 1))

    first = await own.confirm(me, place.place)
    again = await own.confirm(me, place.place)
    late = await own.sign_up(me, await shift(built, 3))
    await built.time.freeze(late.during.start)

    assert (first.state, again.state, again.sequence) == ("confirmed", "confirmed", 1)
    assert await refusal(own.confirm(me, late.place)) is Code.TOO_LATE


async def test_who_cannot_leaves_the_place_open_and_no_reason_behind(built: TestHouse) -> None:
    anja, bert = await people(built, "anja", "bert")
    own, me = built.house.roster.own, acting(built, anja)
    monday = await shift(built, 7)
    place = await own.sign_up(me, monday)

    await own.leave_open(me, place.place)

    assert await placed(built, place.place) == "cannot"
    assert await refusal(own.sign_up(acting(built, bert), monday)) is None
    assert await refusal(own.leave_open(me, place.place)) is Code.NOT_FOUND


async def test_nobody_touches_anothers_place(built: TestHouse) -> None:
    anja, bert = await people(built, "anja", "bert")
    own, stranger = built.house.roster.own, acting(built, bert)
    place = (await own.sign_up(acting(built, anja), await shift(built, 7))).place

    for order in (own.undo, own.confirm, own.leave_open):
        assert await refusal(order(stranger, place)) is Code.NOT_FOUND
        nowhere = PlaceId(new_id(built.house.tokens))
        assert await refusal(order(stranger, nowhere)) is Code.NOT_FOUND
    assert await placed(built, place) == "published"


async def test_a_sign_up_is_told_with_its_commit_and_a_refused_one_is_not(
    built: TestHouse,
) -> None:
    [anja] = await people(built, "anja")
    monday = await shift(built, 7)
    await built.settle()

    await built.house.roster.own.sign_up(acting(built, anja), monday)
    refused = await refusal(built.house.roster.own.sign_up(acting(built, anja), monday))

    assert refused is Code.OVERLAPS
    told = await built.owner.fetch("select body from outbox where event = 'roster.changed'")
    assert [anja.hex in bytes(each["body"]).decode().replace("-", "") for each in told] == [True]
