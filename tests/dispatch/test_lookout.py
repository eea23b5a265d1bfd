"""Somebody who is alone on the line is told, and so is who is on call; the line stays open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.dispatch.events import CoverageBack, CoverageLow
from luisterlijn.dispatch.waiting import Opening
from luisterlijn.kernel.scope import Role
from tests.support.coaching import coach, names, on_duty, overheard, somebody
from tests.support.hours import pass_time, plan, stop_time
from tests.support.mentoring import pair

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse


async def night(built: TestHouse, minutes: float, *people: PersonId) -> None:
    """Let so many minutes pass with these consoles open, and the line looked at."""
    for _each in range(round(minutes * 6)):
        await built.time.advance(10)
        await pass_time(built, 0.1, consoles=people)
        await built.house.line.look()


async def low(built: TestHouse) -> list[str]:
    """Give what was told and not yet heard by its listeners."""
    rows = await built.owner.fetch("select kind, told from thin_cover")
    return [row["kind"] for row in rows if row["told"]]


async def shown(built: TestHouse, person: PersonId) -> str:
    return (await built.house.consoles.snapshot(person)).cover


async def test_one_alone_is_told_after_five_minutes_and_so_is_who_is_on_call(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anja, ada = await built.volunteer("anja"), await coach(built)
    cora = await somebody(built, "cora", Role.COORDINATOR, branch=built.branch)
    await on_duty(built, cora, stands_in=True)
    await built.owner.execute("update person set phone = 'x' where id = $1", ada)
    other = await somebody(built, "otto", Role.COORDINATOR, branch=built.branch)
    await built.ready(anja)
    await built.house.line.look()

    await night(built, 4.5, anja)
    early = await shown(built, anja)
    await night(built, 1, anja)

    assert early == "good"
    assert await low(built) == ["alone"]
    assert [await shown(built, each) for each in (anja, ada, cora, other)] == [
        *("alone", "alone", "alone"),
        "good",
    ]
    assert built.house.line.opening_of("chat", "nl") is Opening.OPEN


async def test_one_alone_without_a_coach_to_be_reached_is_told_after_a_minute(
    built: TestHouse,
) -> None:
    await stop_time(built)
    anja = await built.volunteer("anja")
    ada = await coach(built)  # on duty, but with no phone and no console
    await built.ready(anja)

    await night(built, 1.5, anja)

    assert await low(built) == ["alone_no_coach"]
    assert await shown(built, anja) == "alone_no_coach"
    assert await shown(built, ada) == "alone_no_coach"


async def test_it_is_told_once_and_taken_back_once(built: TestHouse) -> None:
    await stop_time(built)
    anja, bas = await built.volunteer("anja"), await built.volunteer("bas")
    await built.ready(anja)
    heard = overheard(built, CoverageLow, CoverageBack)

    await night(built, 7, anja)
    await built.ready(bas)
    await night(built, 0.5, anja, bas)

    assert names(heard) == ["coverage.low", "coverage.back"]
    assert await low(built) == []
    assert await shown(built, anja) == "good"


async def test_a_reload_and_a_short_way_off_tell_nobody(built: TestHouse) -> None:
    await stop_time(built)
    anja, bas = await built.volunteer("anja"), await built.volunteer("bas")
    await built.ready(anja)
    await built.ready(bas)

    await night(built, 1, anja)
    await built.ready(bas)
    await night(built, 0.5, anja, bas)

    assert await built.owner.fetchval("select count(*) from thin_cover") == 0


async def test_a_trainee_is_no_second_one(built: TestHouse) -> None:
    await stop_time(built)
    trainee, mentor = await pair(built)
    await built.ready(mentor)
    await built.ready(trainee)

    await night(built, 1.5, trainee, mentor)

    assert await shown(built, mentor) == "alone_no_coach"


async def test_a_closed_line_needs_nobody(built: TestHouse) -> None:
    await stop_time(built)
    anja = await built.volunteer("anja", hours=0)
    await plan(built, anja, 60 * 24, 60)

    await night(built, 2)

    assert await built.owner.fetchval("select count(*) from thin_cover") == 0


async def test_an_open_line_with_nobody_there_is_told_to_who_is_on_call(
    built: TestHouse,
) -> None:
    await stop_time(built)
    await built.volunteer("anja")
    ada = await coach(built)

    await night(built, 5.5)

    assert await shown(built, ada) == "nobody"
