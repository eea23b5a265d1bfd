"""A period from its opening to its publishing, laid out by templates; and a week that is copied."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from luisterlijn.kernel.clock import AMSTERDAM, Interval, local_interval
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import BranchId, ShiftId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering.model import Template, Wish
from tests.support.roster import (
    MONDAY,
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
    from tests.support.house import TestHouse

NEXT = MONDAY + timedelta(days=7)
ALL_WEEK = 127


@pytest.fixture(autouse=True)
async def _still(built: TestHouse) -> None:
    await begin(built)


def template(built: TestHouse, starts: str, ends: str, **changed: object) -> Template:
    values: dict[str, object] = {
        "template": UUID(int=0),
        "branch": built.branch,
        "weekdays": ALL_WEEK,
        "starts": time.fromisoformat(starts),
        "ends": time.fromisoformat(ends),
        "channels": ("chat",),
        "least": 1,
        "wanted": 2,
        "night": False,
    }
    return Template(**{**values, **changed})  # type: ignore[arg-type] # mixed values


async def shifts(built: TestHouse, state: str) -> list[tuple[datetime, datetime]]:
    rows = await built.owner.fetch(
        "select starts, ends from shift where state = $1 order by starts", state
    )
    return [(row["starts"].astimezone(AMSTERDAM), row["ends"]) for row in rows]


async def test_a_template_lays_out_its_weekdays_once_however_often_it_is_asked(
    built: TestHouse,
) -> None:
    roster, cora = built.house.roster, coordinator(built)
    await roster.templates.add(cora, template(built, "07:00", "11:00", weekdays=1 + 64))
    period = await roster.periods.open(cora, built.branch, NEXT, 28)

    counts = [await roster.periods.lay_out(cora, period.period) for _each in range(2)]

    assert counts == [8, 0]
    assert {starts.weekday() for starts, _ends in await shifts(built, "concept")} == {0, 6}
    assert {starts.hour for starts, _ends in await shifts(built, "concept")} == {7}


async def test_a_laid_out_shift_that_was_cancelled_does_not_come_back(built: TestHouse) -> None:
    roster, cora = built.house.roster, coordinator(built)
    await roster.templates.add(cora, template(built, "07:00", "11:00"))
    period = await roster.periods.open(cora, built.branch, NEXT, 7)
    await roster.periods.lay_out(cora, period.period)
    first = await built.owner.fetchval("select id from shift order by starts limit 1")

    await roster.cancel(cora, ShiftId(first))

    assert await roster.periods.lay_out(cora, period.period) == 0
    assert len(await shifts(built, "concept")) == 6


@pytest.mark.parametrize(
    ("first", "hours"), [(date(2026, 3, 23), 3), (date(2026, 10, 19), 5), (date(2026, 12, 28), 4)]
)
async def test_nights_are_laid_out_right_when_the_clock_jumps_and_over_new_year(
    built: TestHouse, first: date, hours: int
) -> None:
    await begin(built, datetime.combine(first, time(), UTC) - timedelta(days=3))
    roster, cora = built.house.roster, coordinator(built)
    await roster.templates.add(cora, template(built, "23:00", "03:00", night=True))
    await roster.templates.add(cora, template(built, "03:00", "07:00", night=True))
    period = await roster.periods.open(cora, built.branch, first, 7)

    assert await roster.periods.lay_out(cora, period.period) == 14

    made = await shifts(built, "concept")
    # One after the other without a gap or an overlap, from the Monday to the Monday after.
    assert all(each[1] == after[0] for each, after in zip(made[::2], made[1::2], strict=True))
    assert {starts.hour for starts, _ends in made} == {23, 3}
    assert made[0][0].date() == first
    assert made[-1][0].date() == first + timedelta(days=7)
    saturday = made[10]
    length = {(ends - starts.astimezone(UTC)) / timedelta(hours=1) for starts, ends in made}
    assert (saturday[1] - saturday[0].astimezone(UTC)) / timedelta(hours=1) == hours
    assert length <= {3.0, 4.0, 5.0}


async def test_a_period_opens_on_a_monday_to_come_and_shares_no_day_with_another(
    built: TestHouse,
) -> None:
    periods, cora = built.house.roster.periods, coordinator(built)
    await periods.open(cora, built.branch, NEXT, 28)
    nowhere = BranchId(new_id(built.house.tokens))

    for first, code in (
        (NEXT + timedelta(days=1), Code.BAD_REQUEST),
        (NEXT - timedelta(days=28), None),
        (NEXT - timedelta(days=56), Code.IN_THE_PAST),
        (NEXT + timedelta(days=21), Code.OVERLAPS),
        (NEXT + timedelta(days=28), None),
    ):
        assert await refusal(periods.open(cora, built.branch, first, 28)) is code
    assert await refusal(periods.open(LINE, nowhere, NEXT, 28)) is Code.NOT_FOUND


async def test_a_draft_is_no_volunteers_and_no_lines_until_all_is_published_at_once(
    built: TestHouse,
) -> None:
    anja, bert = await people(built, "anja", "bert")
    roster, cora = built.house.roster, coordinator(built)
    period = await roster.periods.open(cora, built.branch, NEXT, 7)
    monday = await shift(built, 7, state="concept")
    tuesday = await shift(built, 8, state="concept")
    hers, his = await put(built, monday, anja), await put(built, tuesday, bert)

    async def seen() -> list[object]:
        async with built.house.database.transaction(LINE) as tx:
            opens = await roster.opens_at(tx, "chat")
        own = await roster.own_views.roster(acting(built, anja), NEXT, 7)
        return [opens is not None, len(own.places)]

    before = await seen()
    done = await roster.periods.publish(cora, period.period)

    assert (hers.state, his.state, before) == ("proposed", "proposed", [False, 0])
    assert (done.shifts, done.places, done.left) == (2, 2, ())
    assert await seen() == [True, 1]
    [(known_period, _wishes)], _today = await roster.periods.all(cora, built.branch)
    assert known_period.state == "published"
    again = await roster.periods.publish(cora, period.period)
    assert (again.shifts, again.places) == (0, 0)


async def test_publishing_leaves_out_what_a_rule_is_in_the_way_of_by_then_and_names_it(
    built: TestHouse,
) -> None:
    anja, mo, tim, bert = await people(built, "anja", "mo", "tim", "bert")
    await trained(built, mo, "mentor")
    await trained(built, tim, "walking_along")
    roster, cora = built.house.roster, coordinator(built)
    period = await roster.periods.open(cora, built.branch, NEXT, 7)
    monday = await shift(built, 7, state="concept", wanted=3)
    kept = await put(built, monday, anja)
    gone = [await put(built, monday, each) for each in (mo, tim)]
    willing = await put(built, monday, bert)
    # Given that the mentor stops meanwhile, and somebody asks leave but said yes to this one.
    await trained(built, mo, "stopped")
    await known(built, bert, away_until=NEXT)
    await built.owner.execute("update place set allowed = 'own-wish' where id = $1", willing.place)

    done = await roster.periods.publish(cora, period.period)

    assert {each.place for each in done.left} == {each.place for each in gone}
    assert [await placed(built, each.place) for each in gone] == ["taken_off"] * 2
    assert await placed(built, kept.place) == "published"
    assert await placed(built, willing.place) == "published"
    assert (done.shifts, done.places) == (1, 2)


async def test_of_two_drafts_that_exclude_each_other_one_is_published(built: TestHouse) -> None:
    [anja] = await people(built, "anja")
    roster, cora = built.house.roster, coordinator(built)
    period = await roster.periods.open(cora, built.branch, NEXT, 7)
    places = [await put(built, await shift(built, day, state="concept"), anja) for day in (7, 9)]
    await known(built, anja, most_shifts=1)

    done = await roster.periods.publish(cora, period.period)

    assert (done.places, len(done.left)) == (1, 1)
    assert {await placed(built, each.place) for each in places} == {"published", "taken_off"}


async def test_a_shift_added_while_a_period_is_a_draft_is_a_draft(built: TestHouse) -> None:
    roster, cora = built.house.roster, coordinator(built)
    period = await roster.periods.open(cora, built.branch, NEXT, 7)
    one = await roster.add_shift(cora, built.branch, hours(7), ("chat",), 1)
    await roster.periods.publish(cora, period.period)
    two = await roster.add_shift(cora, built.branch, hours(8), ("chat",), 1)
    before = await roster.add_shift(cora, built.branch, hours(1), ("chat",), 1)

    assert [each.state for each in (one, two, before)] == ["concept", "published", "published"]


def hours(day: int) -> Interval:
    """Give an afternoon some days after the first Monday."""
    return local_interval(MONDAY + timedelta(days=day), time(15), time(19))


async def test_a_week_is_copied_by_the_wall_clock_with_who_may_stand_there(
    built: TestHouse,
) -> None:
    # Given a week whose copy lies over the night that is an hour short.
    anja, bert = await people(built, "anja", "bert")
    roster, cora = built.house.roster, coordinator(built)
    night = await shift(built, 5 + 7, 23)
    day = await shift(built, 1 + 7, wanted=2)
    await shift(built, 2 + 7, state="cancelled")
    await put(built, night, anja)
    await put(built, day, bert)
    await known(built, bert, leaves=date(2026, 3, 20))
    target = date(2026, 3, 23)

    done = await roster.periods.copy_week(cora, built.branch, NEXT, target, people=True)
    again = await roster.periods.copy_week(cora, built.branch, NEXT, target, people=True)

    assert (done.shifts, done.places, done.left) == (2, 1, 1)
    assert (again.shifts, again.places) == (0, 0)
    copies = await shifts(built, "concept")
    assert [starts.isoformat()[:16] for starts, _ends in copies] == [
        "2026-03-24T07:00",
        "2026-03-28T23:00",
    ]
    assert copies[1][1] - copies[1][0].astimezone(UTC) == timedelta(hours=3)
    made = await built.owner.fetchval("select id from shift where starts = $1", copies[1][0])
    assert await standing(built, ShiftId(made)) == {anja}


async def test_a_week_is_not_copied_over_itself(built: TestHouse) -> None:
    order = built.house.roster.periods.copy_week(
        coordinator(built), built.branch, NEXT, NEXT + timedelta(days=6), people=False
    )

    assert await refusal(order) is Code.BAD_REQUEST


async def test_a_period_of_another_branch_is_not_found(built: TestHouse) -> None:
    roster = built.house.roster
    period = await roster.periods.open(coordinator(built), built.branch, NEXT, 7)
    stranger = coordinator(built, BranchId(new_id(built.house.tokens)))
    [anja] = await people(built, "anja")
    wish = Wish(levels=("111111",) * 7, wanted=1, most=1, nights=0)

    for order in (
        roster.periods.lay_out(stranger, period.period),
        roster.periods.publish(stranger, period.period),
        roster.plan_views.wishes(stranger, period.period),
        roster.wishes.write_for(stranger, period.period, anja, wish),
    ):
        assert await refusal(order) is Code.NOT_FOUND
    found, _today = await roster.periods.all(stranger, built.branch)
    assert found == []
