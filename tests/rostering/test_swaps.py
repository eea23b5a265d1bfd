"""Swaps on a real database: given away, swapped, in rings; whole or not at all."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId, new_id
from luisterlijn.kernel.scope import LINE
from tests.support.roster import (
    acting,
    begin,
    coordinator,
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
    from collections.abc import Sequence

    from luisterlijn.rostering.ports import PlaceRow
    from tests.support.house import TestHouse


@pytest.fixture(autouse=True)
async def _still(built: TestHouse) -> None:
    await begin(built)


async def stand(
    built: TestHouse, names: Sequence[str], days: Sequence[int]
) -> tuple[list[PersonId], list[ShiftId], list[PlaceRow]]:
    """Let each of some people stand on an own shift, on the days told."""
    persons = await people(built, *names)
    shifts = [await shift(built, day) for day in days]
    places = [await put(built, *each) for each in zip(shifts, persons, strict=True)]
    return persons, shifts, places


async def open_swaps(built: TestHouse) -> int:
    return int(await built.owner.fetchval("select count(*) from swap where state = 'open'"))


async def who(built: TestHouse, shifts: Sequence[ShiftId]) -> list[set[PersonId]]:
    return [await standing(built, each) for each in shifts]


async def test_a_place_that_is_given_away_stays_until_somebody_takes_it(built: TestHouse) -> None:
    [anja], [monday], [place] = await stand(built, ["anja"], [7])
    [bert] = await people(built, "bert")
    swaps = built.house.roster.swaps

    swap = await swaps.offer(acting(built, anja), place.place)
    before = await standing(built, monday)
    assert swap is not None
    new = await swaps.accept(acting(built, bert), swap.swap)

    assert (before, await standing(built, monday)) == ({anja}, {bert})
    assert await placed(built, place.place) == "handed_over"
    assert (new.origin, new.state) == ("swap", "published")
    assert await refusal(swaps.accept(acting(built, bert), swap.swap)) is Code.SWAP_GONE


async def test_of_two_who_take_it_at_once_one_gets_it(built: TestHouse) -> None:
    [anja], [monday], [place] = await stand(built, ["anja"], [7])
    others = await people(built, *(f"v{each}" for each in range(5)))
    swap = await built.house.roster.swaps.offer(acting(built, anja), place.place)
    assert swap is not None

    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(
                refusal(built.house.roster.swaps.accept(acting(built, each), swap.swap))
            )
            for each in others
        ]

    answers = [each.result() for each in tasks]
    assert (answers.count(None), answers.count(Code.SWAP_GONE)) == (1, 4)
    assert len(await standing(built, monday)) == 1


async def test_what_was_asked_of_one_colleague_nobody_else_takes(built: TestHouse) -> None:
    [anja], [monday], [place] = await stand(built, ["anja"], [7])
    bert, carla = await people(built, "bert", "carla")
    swaps = built.house.roster.swaps

    swap = await swaps.offer(acting(built, anja), place.place, asked=bert)
    assert swap is not None
    assert await refusal(swaps.accept(acting(built, carla), swap.swap)) is Code.SWAP_GONE
    assert await refusal(swaps.decline(acting(built, carla), swap.swap)) is Code.SWAP_GONE
    await swaps.decline(acting(built, bert), swap.swap)

    assert await refusal(swaps.accept(acting(built, bert), swap.swap)) is Code.SWAP_GONE
    assert await standing(built, monday) == {anja}


async def test_two_change_places_or_both_stay(built: TestHouse) -> None:
    (anja, bert), shifts, (hers, his) = await stand(built, ["anja", "bert"], [7, 9])
    swaps = built.house.roster.swaps
    swap = await swaps.offer(acting(built, anja), hers.place, wants=[shifts[1]])
    assert swap is not None

    # When one of the two may not: she stands elsewhere that day by now.
    more = await put(built, await shift(built, 9, 19), anja)
    refused = await refusal(swaps.accept(acting(built, bert), swap.swap, his.place))
    kept = await who(built, shifts)
    await built.house.roster.assigning.take_off(coordinator(built), more.place)
    await swaps.accept(acting(built, bert), swap.swap, his.place)

    assert refused is Code.TWO_SHIFTS_A_DAY
    assert kept == [{anja}, {bert}]
    assert await who(built, shifts) == [{bert}, {anja}]


async def test_a_swap_is_not_taken_for_nothing_or_for_a_shift_nobody_wants(
    built: TestHouse,
) -> None:
    (anja, bert), shifts, (hers, his) = await stand(built, ["anja", "bert"], [7, 9])
    elsewhere = await put(built, await shift(built, 16), bert)
    swaps = built.house.roster.swaps
    swap = await swaps.offer(acting(built, anja), hers.place, wants=[shifts[1]])
    assert swap is not None

    for given in (None, elsewhere.place, hers.place):
        order = swaps.accept(acting(built, bert), swap.swap, given)
        assert await refusal(order) is Code.SWAP_GONE
    assert await who(built, shifts) == [{anja}, {bert}]
    assert await placed(built, his.place) == "published"


async def test_a_ring_of_two_and_one_of_three_close_by_themselves(built: TestHouse) -> None:
    persons, shifts, places = await stand(built, ["a", "b", "c", "d", "e"], [7, 9, 14, 16, 21])
    a, b, c, d, e = persons
    swaps = built.house.roster.swaps

    async def wants(number: int, *days: int) -> bool:
        """Offer somebody's place for shifts; gives whether a ring closed."""
        me = acting(built, persons[number])
        offered = await swaps.offer(me, places[number].place, wants=[shifts[each] for each in days])
        return offered is None

    closed = [
        await wants(0, 1),
        await wants(1, 2),
        await wants(3, 4),
        await wants(4, 3),
        await wants(2, 0),
    ]

    assert closed == [False, False, False, True, True]
    assert await who(built, shifts) == [{c}, {a}, {b}, {e}, {d}]
    assert await open_swaps(built) == 0


async def test_a_ring_that_breaks_halfway_leaves_nothing_half_done(built: TestHouse) -> None:
    # Given a ring of three whose last step breaks a rule: who would come is on leave that day.
    persons, shifts, places = await stand(built, ["a", "b", "c"], [7, 9, 14])
    swaps = built.house.roster.swaps
    day = places[0].during.start.date()
    leave = await built.house.roster.leaves.ask(acting(built, persons[2]), day, day)
    offered = []

    for number, wanted in ((0, 1), (1, 2), (2, 0)):
        swap = await swaps.offer(
            acting(built, persons[number]), places[number].place, wants=[shifts[wanted]]
        )
        assert swap is not None
        offered.append(swap.swap)

    assert await who(built, shifts) == [{each} for each in persons]
    assert await open_swaps(built) == 3
    assert [await placed(built, each.place) for each in places] == ["published"] * 3
    # And when the leave is over, the same ring closes.
    await built.house.roster.leaves.withdraw(acting(built, persons[2]), leave.leave)
    assert await swaps.close_ring(built.branch, offered[0])
    assert await who(built, shifts) == [{persons[2]}, {persons[0]}, {persons[1]}]


async def test_two_who_close_the_same_ring_at_once_close_it_once(built: TestHouse) -> None:
    persons, shifts, places = await stand(built, ["a", "b", "c"], [7, 9, 14])

    async def offer(number: int) -> None:
        wanted = shifts[(number + 1) % 3]
        await built.house.roster.swaps.offer(
            acting(built, persons[number]), places[number].place, wants=[wanted]
        )

    async with asyncio.TaskGroup() as group:
        for number in range(3):
            group.create_task(offer(number))

    assert await who(built, shifts) == [{persons[2]}, {persons[0]}, {persons[1]}]
    assert await open_swaps(built) == 0


async def test_a_ring_gives_a_place_to_nobody_but_the_one_asked(built: TestHouse) -> None:
    (a, b), shifts, places = await stand(built, ["a", "b"], [7, 9])
    [c] = await people(built, "c")
    swaps = built.house.roster.swaps

    one = await swaps.offer(acting(built, a), places[0].place, wants=[shifts[1]], asked=c)
    two = await swaps.offer(acting(built, b), places[1].place, wants=[shifts[0]])

    assert one is not None
    assert two is not None
    assert await who(built, shifts) == [{a}, {b}]


async def test_a_mentor_with_a_trainee_beside_gives_the_place_to_a_mentor_only(
    built: TestHouse,
) -> None:
    mo, tim, max_, anja = await people(built, "mo", "tim", "max", "anja")
    for person, status in ((mo, "mentor"), (max_, "mentor"), (tim, "walking_along")):
        await trained(built, person, status)
    monday = await shift(built, 7, wanted=2)
    place = await put(built, monday, mo)
    await put(built, monday, tim)
    swaps = built.house.roster.swaps
    swap = await swaps.offer(acting(built, mo), place.place)
    assert swap is not None

    assert await refusal(swaps.accept(acting(built, anja), swap.swap)) is Code.TRAINEE_ALONE
    await swaps.accept(acting(built, max_), swap.swap)

    assert await standing(built, monday) == {max_, tim}


async def test_the_last_desk_is_not_given_to_two_who_come_by_one_swap(built: TestHouse) -> None:
    (anja, bert), shifts, (hers, _his) = await stand(built, ["anja", "bert"], [7, 9])
    others = await people(built, *(f"v{each}" for each in range(4)))
    full = await shift(built, 7, 9, wanted=4)
    for each in (*others, bert):
        await known(built, each, home=False)
    for each in others:
        await put(built, full, each)
    swaps = built.house.roster.swaps
    swap = await swaps.offer(acting(built, anja), hers.place)
    assert swap is not None

    assert await refusal(swaps.accept(acting(built, bert), swap.swap)) is Code.DESKS_FULL
    assert await standing(built, shifts[0]) == {anja}


async def test_what_is_offered_ends_with_the_place_and_lapses_when_the_shift_begins(
    built: TestHouse,
) -> None:
    (anja, bert), _shifts, (hers, his) = await stand(built, ["anja", "bert"], [1, 2])
    [carla] = await people(built, "carla")
    swaps = built.house.roster.swaps
    one = await swaps.offer(acting(built, anja), hers.place)
    two = await swaps.offer(acting(built, bert), his.place)
    assert one is not None
    assert two is not None

    await built.house.roster.own.leave_open(acting(built, anja), hers.place)
    await built.time.freeze(his.during.start)
    late = await refusal(swaps.accept(acting(built, carla), two.swap))
    async with built.house.database.transaction(LINE) as tx:
        await swaps.lapse(tx)

    assert late is Code.SWAP_GONE
    assert await refusal(swaps.offer(acting(built, bert), his.place)) is Code.TOO_LATE
    rows = await built.owner.fetch("select id, state from swap")
    assert {row["id"]: row["state"] for row in rows} == {one.swap: "withdrawn", two.swap: "lapsed"}


async def test_only_who_offered_withdraws_and_a_coordinator_of_the_branch(
    built: TestHouse,
) -> None:
    (anja, bert), _shifts, (hers, his) = await stand(built, ["anja", "bert"], [7, 9])
    swaps = built.house.roster.swaps
    one = await swaps.offer(acting(built, anja), hers.place)
    two = await swaps.offer(acting(built, bert), his.place)
    assert one is not None
    assert two is not None
    stranger = coordinator(built, BranchId(new_id(built.house.tokens)))

    assert await refusal(swaps.withdraw(acting(built, bert), one.swap)) is Code.SWAP_GONE
    assert await refusal(swaps.withdraw_for(stranger, one.swap)) is Code.SWAP_GONE
    await swaps.withdraw(acting(built, anja), one.swap)
    await swaps.withdraw_for(coordinator(built), two.swap)

    assert await open_swaps(built) == 0


async def test_a_coordinator_takes_a_swap_for_who_has_no_computer(built: TestHouse) -> None:
    [anja], [monday], [place] = await stand(built, ["anja"], [7])
    [bert] = await people(built, "bert")
    swaps = built.house.roster.swaps
    swap = await swaps.offer(acting(built, anja), place.place)
    assert swap is not None

    new = await swaps.accept_for(coordinator(built), swap.swap, bert, None)

    assert new.on_behalf
    assert await standing(built, monday) == {bert}


async def test_shifts_and_colleagues_of_elsewhere_are_not_found(built: TestHouse) -> None:
    [anja], [monday], [place] = await stand(built, ["anja"], [7])
    swaps, me = built.house.roster.swaps, acting(built, anja)
    nowhere = new_id(built.house.tokens)

    for order in (
        swaps.offer(me, place.place, wants=[ShiftId(nowhere)]),
        swaps.offer(me, place.place, wants=[monday]),
        swaps.offer(me, place.place, asked=PersonId(nowhere)),
        swaps.offer(me, place.place, asked=anja),
        swaps.offer(me, PlaceId(nowhere)),
    ):
        assert await refusal(order) is Code.NOT_FOUND
    assert await open_swaps(built) == 0
