"""The demo country is whole, is loaded once, and grows a day at each start."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.clock import AMSTERDAM, local_interval
from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.kernel.scope import LINE
from luisterlijn.simulation import demo

if TYPE_CHECKING:
    from tests.support.house import TestHouse

NOON = datetime.combine(date(2026, 11, 24), time(12), AMSTERDAM)
GAPS = """
select count(*) from (select s.branch, s.ends, lead(s.starts) over (partition by s.branch
 order by s.starts) as next from shift s) one where next is not null and next <> ends
"""


@pytest.fixture
async def country(built: TestHouse) -> TestHouse:
    """A demo that was loaded at noon."""
    await built.owner.execute("delete from branch")
    await built.time.freeze(NOON)
    await fill(built)
    return built


async def fill(built: TestHouse) -> None:
    house = built.house
    await demo.fill(house.database, house.accounts, house.roster, house.tokens)


async def test_thirty_branches_and_three_hundred_volunteers_stand_around_the_clock(
    country: TestHouse,
) -> None:
    owner = country.owner
    assert await owner.fetchval("select count(*) from branch") == 30
    listeners = await owner.fetchval(
        "select count(*) from person where 'volunteer' = any(roles)"
        " and sign_in ~ '-[0-9][0-9]$' and sign_in not like 'sim-%'"
    )
    assert listeners == 300
    assert await owner.fetchval(GAPS) == 0
    assert (
        await owner.fetchval(
            "select count(*) from place l join shift s on s.id = l.shift"
            " where s.starts <= $1 and s.ends > $1",
            NOON,
        )
        == 32
    )


async def test_each_next_day_adds_that_day_alone(country: TestHouse) -> None:
    owner = country.owner
    before = await owner.fetchval("select count(*) from shift")
    await fill(country)
    assert await owner.fetchval("select count(*) from shift") == before

    await country.time.freeze(NOON + timedelta(days=1))
    await fill(country)

    assert await owner.fetchval("select count(*) from shift") == before + 30 * 6
    assert await owner.fetchval(GAPS) == 0


async def test_a_coordinators_own_shift_far_ahead_stops_no_filling(country: TestHouse) -> None:
    owner = country.owner
    row = await owner.fetchrow("select id, branch from person where sign_in = 'vrijwilliger2'")
    assert row is not None
    day = NOON.date() + demo.AHEAD + timedelta(days=1)
    shift = await country.house.roster.add_shift(
        LINE, BranchId(row["branch"]), local_interval(day, time(8), time(12)), ["chat"], 1
    )
    await country.house.roster.put_on(LINE, shift.id, PersonId(row["id"]))

    await country.time.freeze(NOON + timedelta(days=1))
    await fill(country)

    on_that_day = "select count(*) from shift where starts >= $1 and starts < $1 + interval '1 day'"
    begin = datetime.combine(day, time(), AMSTERDAM)
    assert await owner.fetchval(on_that_day, begin) > 30 * 5


async def test_people_whom_the_demo_did_not_make_are_never_mixed_with_it(
    built: TestHouse,
) -> None:
    await built.volunteer("anja")
    with pytest.raises(RuntimeError):
        await fill(built)


async def test_a_coach_is_on_duty_around_the_clock_and_somebody_stands_in(
    country: TestHouse,
) -> None:
    house = country.house
    for _start in range(2):
        await demo.put_on_duty(house.database, house.accounts, house.coaching.rota)

    async def on_duty() -> list[tuple[str, bool]]:
        rows = await country.owner.fetch(
            "select p.sign_in, d.stands_in from duty d join person p on p.id = d.person"
            " where d.starts <= line_now() and d.ends > line_now() order by d.stands_in"
        )
        return [(row["sign_in"], row["stands_in"]) for row in rows]

    found = []
    for _day in range(14):
        found.append(await on_duty())
        await country.time.advance(86_400)
    assert found == [[("achterwacht", False), ("coordinator", True)]] * 14
    assert await country.owner.fetchval("select count(*) from duty") == 6


async def test_simulated_volunteers_get_a_shift_that_runs_now(country: TestHouse) -> None:
    house = country.house
    sessions = await demo.put_on_shift(house.database, house.accounts, house.roster, 3)
    again = await demo.put_on_shift(house.database, house.accounts, house.roster, 3)

    assert len(set(sessions) | set(again)) == 6
    assert {number for _token, number in sessions} == {""}
    for token, _number in sessions:
        acting = await house.accounts.acting(token)
        assert acting is not None
        async with house.database.transaction(LINE) as tx:
            assert await house.roster.current(tx, acting.person) is not None


async def test_simulated_volunteers_for_calls_have_phones_each_other_one(
    country: TestHouse,
) -> None:
    house = country.house
    people = await demo.put_on_shift(house.database, house.accounts, house.roster, 4, "phone")

    assert [number.startswith("+3197010") for _token, number in people] == [True, False] * 2


async def test_all_simulated_volunteers_can_stand_on_one_shift(country: TestHouse) -> None:
    house = country.house
    people = await demo.put_on_shift(
        house.database, house.accounts, house.roster, demo.SIMULATED, "phone"
    )

    assert len(people) == demo.SIMULATED
    async with house.database.transaction(LINE) as tx:
        acting = [await house.accounts.acting(token) for token, _number in people]
        on_shift = [each and await house.roster.current(tx, each.person) for each in acting]
    assert None not in on_shift
