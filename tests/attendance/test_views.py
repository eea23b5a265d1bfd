"""What screens show: only what is near, only of whom one may see, and what can be pressed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.attendance.model import Standing
from luisterlijn.attendance.views import missing
from luisterlijn.kernel.scope import Role
from tests.support.attending import NOW, pass_by, person, scope_of, shift, stands
from tests.support.coaching import coach

if TYPE_CHECKING:
    from tests.support.house import TestHouse


@pytest.fixture(autouse=True)
async def still(built: TestHouse) -> None:
    """Let time pass only where a test says so."""
    await built.time.freeze(await built.time.now())


def standing(**change: int) -> Standing:
    """Give a shift for two on which both are expected."""
    usual = {"wanted": 2, "counted": 2, "missed": 0, "given_up": 0, "filled": 0}
    return Standing(during=NOW, **{**usual, **change})


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        (standing(), 0),
        (standing(counted=1), 1),
        (standing(counted=1, missed=1), 1),
        (standing(counted=2, missed=1, filled=1), 0),
        (standing(counted=3), 0),
    ],
)
def test_who_is_missing_is_counted_once(shown: Standing, number: int) -> None:
    assert missing(shown) == number


async def test_a_coordinator_sees_half_a_day_and_a_coach_an_hour(built: TestHouse) -> None:
    for starts_in in (0, 59, 11 * 60, 13 * 60):
        await shift(built, starts_in)
    await shift(built, -300)
    cora = await person(built, "cora", Role.COORDINATOR)
    views = built.house.attendance.views

    own = await views.tonight(scope_of(cora, built.branch, Role.COORDINATOR))
    whole = await views.tonight(scope_of(await coach(built), None, Role.COACH))

    assert len(own.shifts) == 3
    assert len(whole.shifts) == 2
    assert whole.coaches == 1


async def test_who_is_late_is_marked_until_it_is_a_no_show(built: TestHouse) -> None:
    on = await shift(built)
    await stands(built, await person(built, "wim"), on)
    await stands(built, await person(built, "rita"), on, role="reserve")
    scope = scope_of(await person(built, "cora", Role.COORDINATOR), built.branch, Role.COORDINATOR)
    seen = []
    for minutes in (0, 5, 5):
        await pass_by(built, minutes)
        [found] = (await built.house.attendance.views.tonight(scope)).shifts
        seen.append({each.name: (each.state, each.late) for each in found.places})

    assert [each["Wim"] for each in seen] == [
        ("published", False),
        ("published", True),
        ("no_show", False),
    ]
    assert {each["Rita"] for each in seen} == {("published", False)}


async def test_a_volunteer_is_shown_nothing_of_others(built: TestHouse) -> None:
    wim = await person(built, "wim")
    await stands(built, wim, await shift(built))
    bas = await person(built, "bas")
    await pass_by(built, 10)

    side = (await built.house.consoles.snapshot(bas)).attendance

    assert (side.missed, side.alarms, side.call_ups, side.late_since_at) == (0, [], [], None)
