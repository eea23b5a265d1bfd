"""Leave: asked without a why, and what granting it opens."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId, new_id
from tests.support.roster import (
    MONDAY,
    acting,
    begin,
    coordinator,
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


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


async def test_granting_leave_opens_the_published_places_of_those_days_and_drops_drafts(
    built: TestHouse,
) -> None:
    [anja] = await people(built, "anja")
    roster, cora = built.house.roster, coordinator(built)
    before, after = await shift(built, 6), await shift(built, 12)
    # The night begins before the leave and runs into it; the evening is on its last day.
    night, evening = await shift(built, 8, 23), await shift(built, 11, 19)
    draft = await shift(built, 10, 7, state="concept")
    places = {
        each: await put(built, each, anja, allowed="own-wish")
        for each in (before, night, evening, draft, after)
    }
    leave = await roster.leaves.ask(acting(built, anja), day(9), day(11))
    waiting = await roster.leaves.waiting(cora, built.branch)

    done = await roster.leaves.grant(cora, leave.leave)

    [(asked, touched)] = waiting
    assert asked.leave == leave.leave
    assert [each.shift for each in touched] == [night, draft, evening]
    assert [each.shift for each in done.released] == [night, evening]
    assert done.dropped == 1
    assert {each: await placed(built, place.place) for each, place in places.items()} == {
        before: "published",
        night: "cannot",
        evening: "cannot",
        draft: "taken_off",
        after: "published",
    }
    [other] = await people(built, "other")
    assert await refusal(roster.own.sign_up(acting(built, other), night)) is None


async def test_during_leave_one_signs_up_for_nothing_and_after_taking_it_back_one_may(
    built: TestHouse,
) -> None:
    [anja] = await people(built, "anja")
    roster, me = built.house.roster, acting(built, anja)
    leave = await roster.leaves.ask(me, day(7), day(8))
    monday = await shift(built, 7)

    while_asked = await refusal(roster.own.sign_up(me, monday))
    await roster.leaves.grant(coordinator(built), leave.leave)
    while_granted = await refusal(roster.own.sign_up(me, monday))
    await roster.leaves.withdraw(me, leave.leave)

    assert (while_asked, while_granted) == (Code.ON_LEAVE, Code.ON_LEAVE)
    assert await refusal(roster.own.sign_up(me, monday)) is None


async def test_who_has_come_stays_and_a_trainee_of_who_goes_is_released_too(
    built: TestHouse,
) -> None:
    anja, mo, tim = await people(built, "anja", "mo", "tim")
    await trained(built, mo, "mentor")
    await trained(built, tim, "walking_along")
    roster, cora = built.house.roster, coordinator(built)
    now = await shift(built, 0, 11)
    here = await put(built, now, anja)
    await built.owner.execute("update place set state = 'checked_in' where id = $1", here.place)
    monday = await shift(built, 7, wanted=2)
    await put(built, monday, mo)
    walking = await put(built, monday, tim)
    today = await roster.leaves.ask(acting(built, anja), day(0), day(0))
    later = await roster.leaves.ask(acting(built, mo), day(7), day(7))

    one = await roster.leaves.grant(cora, today.leave)
    two = await roster.leaves.grant(cora, later.leave)

    assert one.released == ()
    assert await standing(built, now) == {anja}
    assert {each.person for each in two.released} == {mo, tim}
    assert await placed(built, walking.place) == "taken_off"


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [(5, 4, Code.BAD_REQUEST), (0, 400, Code.BAD_REQUEST), (-3, -1, Code.IN_THE_PAST)],
)
async def test_days_that_cannot_be_are_refused(
    built: TestHouse, first: int, last: int, code: Code
) -> None:
    [anja] = await people(built, "anja")

    order = built.house.roster.leaves.ask(acting(built, anja), day(first), day(last))

    assert await refusal(order) is code


async def test_leave_is_answered_once_and_by_the_own_branch_only(built: TestHouse) -> None:
    anja, bert = await people(built, "anja", "bert")
    leaves, cora = built.house.roster.leaves, coordinator(built)
    stranger = coordinator(built, BranchId(new_id(built.house.tokens)))
    leave = (await leaves.ask(acting(built, anja), day(7), day(8))).leave

    for order in (
        leaves.grant(stranger, leave),
        leaves.decline(stranger, leave),
        leaves.withdraw(acting(built, bert), leave),
        leaves.ask_for(stranger, anja, day(7), day(8)),
    ):
        assert await refusal(order) is Code.NOT_FOUND
    await leaves.decline(cora, leave)

    assert await refusal(leaves.grant(cora, leave)) is Code.TOO_LATE
    assert await refusal(leaves.withdraw(acting(built, anja), leave)) is Code.TOO_LATE


async def test_leave_that_is_over_is_not_withdrawn(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    leave = await built.house.roster.leaves.ask(acting(built, anja), day(0), day(0))
    await built.time.freeze(datetime(2026, 3, 3, 11, tzinfo=UTC))

    order = built.house.roster.leaves.withdraw(acting(built, anja), leave.leave)

    assert await refusal(order) is Code.TOO_LATE


async def test_a_coordinator_asks_for_who_has_no_computer_and_no_row_says_why(
    built: TestHouse,
) -> None:
    [anja] = await people(built, "anja")

    leave = await built.house.roster.leaves.ask_for(coordinator(built), anja, day(7), day(8))

    assert (leave.on_behalf, leave.state) == (True, "asked")
    columns = await built.owner.fetch(
        "select column_name as name from information_schema.columns where table_name = 'leave'"
    )
    assert {each["name"] for each in columns} == {
        *("id", "person", "branch", "first", "last", "state", "on_behalf")
    }
