"""The demo's own branch has a roster to plan and to choose from, laid out once."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.clock import AMSTERDAM, local_day
from luisterlijn.kernel.scope import Role, Scope
from luisterlijn.simulation import demo, demo_roster

if TYPE_CHECKING:
    from tests.support.house import TestHouse

NOON = datetime.combine(date(2026, 11, 24), time(12), AMSTERDAM)


async def start(built: TestHouse) -> None:
    """Do what a start of the demo does."""
    house = built.house
    parts = (house.database, house.accounts, house.roster, house.tokens)
    await demo.fill(*parts)
    await demo_roster.lay_out(*parts, demo.TEMPLATES, demo.HOME)


@pytest.fixture
async def country(built: TestHouse) -> TestHouse:
    """A demo that was loaded at noon."""
    await built.owner.execute("delete from branch")
    await built.time.freeze(NOON)
    await start(built)
    return built


async def vera(country: TestHouse) -> Scope:
    """Give the demo's volunteer, who acts."""
    row = await country.owner.fetchrow(
        "select id, branch from person where sign_in = $1", demo_roster.VOLUNTEER
    )
    assert row is not None
    return Scope(person=row["id"], branch=row["branch"], roles=frozenset({Role.VOLUNTEER}))


async def on_now(country: TestHouse) -> set[str]:
    """Give who of the demo's volunteers stands on a shift that runs now."""
    rows = await country.owner.fetch(
        "select p.sign_in from place l join person p on p.id = l.person"
        " where l.during @> line_now() and l.state = 'published'"
    )
    return {row["sign_in"] for row in rows} & {demo_roster.VOLUNTEER, demo_roster.ALWAYS}


async def test_the_volunteer_has_a_shift_now_at_each_start_and_few_later_on(
    country: TestHouse,
) -> None:
    both = {demo_roster.VOLUNTEER, demo_roster.ALWAYS}
    assert await on_now(country) == both

    await country.time.freeze(NOON + timedelta(days=3, hours=8))
    assert await on_now(country) == {demo_roster.ALWAYS}
    await start(country)
    assert await on_now(country) == both
    scope = await vera(country)
    mine = await country.house.roster.own_views.roster(scope, local_day(NOON), 28)
    assert len(mine.places) < 9


async def test_a_colleague_asks_her_to_take_over_and_another_to_swap(country: TestHouse) -> None:
    mine = await country.house.roster.own_views.roster(await vera(country), local_day(NOON), 28)

    assert [(each.to_me, bool(each.mine)) for each in mine.asked] == [(True, False), (False, True)]
    asked = await country.owner.fetchval(
        "select id from swap where asked = $1", (await vera(country)).person
    )
    taken = await country.house.roster.swaps.accept(await vera(country), asked)
    assert taken.origin == "swap"


async def test_she_may_choose_from_open_shifts_and_give_wishes(country: TestHouse) -> None:
    scope, roster = await vera(country), country.house.roster
    found = await roster.own_views.open_shifts(scope, local_day(NOON), 28)

    assert 2 <= len(found.shifts) <= 12
    wished = await roster.wishes.of(scope)
    assert [(each.period.state, each.given) for each in wished] == [
        ("published", False),
        ("concept", True),
        ("open", False),
    ]


async def test_a_coordinator_finds_a_draft_to_plan_and_questions_to_answer(
    country: TestHouse,
) -> None:
    drafts = await country.owner.fetchval("select count(*) from shift where state = 'concept'")
    assert drafts == 28 * 6
    assert await country.owner.fetchval("select count(*) from leave where state = 'asked'") == 1
    assert await country.owner.fetchval("select count(*) from shift_template") == 6


async def test_a_year_of_shifts_is_counted_and_nights_went_round(country: TestHouse) -> None:
    mine = await country.house.roster.own_views.roster(await vera(country), local_day(NOON), 28)
    nights = await country.owner.fetch(
        "select p.sign_in, count(*) as n from place l join shift s on s.id = l.shift"
        " join person p on p.id = l.person where s.night and s.ends < line_now()"
        " and p.sign_in like 'utrecht-%' group by 1"
    )

    assert mine.balance.weekends_year == 13
    assert (mine.balance.nights_year, mine.balance.nights_branch) == (0, 15)
    assert {row["n"] for row in nights} <= set(range(14, 18))
    assert len(nights) == demo.PER_BRANCH


async def test_a_later_start_lays_nothing_out_again(country: TestHouse) -> None:
    tables = ("shift_template", "roster_period", "swap", "leave", "wish")

    async def rows() -> list[int]:
        return [
            await country.owner.fetchval(f"select count(*) from {each}")  # noqa: S608 - own names
            for each in tables
        ]

    before = await rows()
    await start(country)
    assert await rows() == before
