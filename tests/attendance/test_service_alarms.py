"""Too few on duty in the whole country: told to who is on call, once each time it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.attendance.events import AttendanceChanged
from luisterlijn.kernel.scope import LINE
from tests.support.attending import pass_by, person, shift, stands
from tests.support.coaching import coach, overheard

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse


@pytest.fixture
async def wim(built: TestHouse) -> PersonId:
    """Let time pass only where a test says so; gives who is the only one on duty."""
    await built.time.freeze(await built.time.now())
    made = await person(built, "wim")
    await stands(built, made, await shift(built))
    await built.ready(made)
    return made


async def test_too_few_on_duty_is_told_to_who_is_on_call_once(
    built: TestHouse, wim: PersonId
) -> None:
    ada = await coach(built)
    heard = overheard(built, AttendanceChanged)
    await pass_by(built, 10)
    await pass_by(built, 1)

    assert wim != ada
    assert [event.told for event in heard if isinstance(event, AttendanceChanged)] == [(ada,)]
    side = (await built.house.consoles.snapshot(ada)).attendance
    assert side.alarms == ["too_few"]


@pytest.mark.usefixtures("wim")
async def test_somebody_alone_without_a_coach_is_another_alarm(built: TestHouse) -> None:
    await pass_by(built, 10)
    attendance = built.house.attendance.attendance

    async with built.house.database.transaction(LINE) as tx:
        without = await attendance.alarms(tx)
    await coach(built)
    async with built.house.database.transaction(LINE) as tx:
        reached = await attendance.alarms(tx)

    assert [each.value for each in without] == ["too_few", "alone"]
    assert [each.value for each in reached] == ["too_few"]
