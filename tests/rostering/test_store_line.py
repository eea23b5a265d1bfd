"""Who counts for the line, and who only stands in the roster."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.ids import BranchId, PersonId, ShiftId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering import store_line
from tests.support.hours import plan, stop_time

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def set_place(built: TestHouse, person: PersonId, **columns: str) -> None:
    """Write columns of somebody's place as they are, whoever may do so."""
    for column, value in columns.items():
        await built.owner.execute(
            f"update place set {column} = $2 where person = $1",  # noqa: S608 - named in this file
            person,
            value,
        )


async def seen(built: TestHouse, person: PersonId) -> dict[str, bool]:
    """Give by which of the line's questions somebody's running place is found."""
    async with built.house.database.transaction(LINE) as tx:
        shift = ShiftId(await tx.value("select shift from place where person = $1", person))
        return {
            "current": await store_line.current(tx, person) is not None,
            "cover": person in [each.person for each in await store_line.cover(tx, "chat", "nl")],
            "companions": person in [who for who, _role in await store_line.companions(tx, shift)],
        }


ALL = {"current": True, "cover": True, "companions": True}
NONE = dict.fromkeys(ALL, False)


@pytest.mark.parametrize(
    ("state", "counts"),
    [
        ("proposed", NONE),
        ("published", ALL),
        ("confirmed", ALL),
        ("checked_in", ALL),
        ("taken_off", NONE),
        ("cannot", NONE),
        ("handed_over", NONE),
        # Who was missed is no cover, and may still come.
        ("no_show", {"current": True, "cover": False, "companions": False}),
    ],
)
async def test_only_a_place_that_counts_is_seen_by_the_line(
    built: TestHouse, state: str, counts: dict[str, bool]
) -> None:
    person = await built.volunteer("anja")
    await set_place(built, person, state=state)

    assert await seen(built, person) == counts


@pytest.mark.parametrize(
    ("role", "counts"), [("listener", ALL), ("mentor", ALL), ("trainee", ALL), ("reserve", NONE)]
)
async def test_a_reserve_does_not_count(
    built: TestHouse, role: str, counts: dict[str, bool]
) -> None:
    person = await built.volunteer("anja")
    await set_place(built, person, role=role)

    assert await seen(built, person) == counts


@pytest.mark.parametrize("state", ["concept", "cancelled"])
async def test_a_shift_that_is_not_published_does_not_count(built: TestHouse, state: str) -> None:
    person = await built.volunteer("anja")
    await built.owner.execute("update shift set state = $1", state)

    assert await seen(built, person) == NONE


async def test_a_place_in_a_branch_that_somebody_left_does_not_count(built: TestHouse) -> None:
    person, other = await built.volunteer("anja"), BranchId(new_id(built.house.tokens))
    async with built.house.database.transaction(LINE) as tx:
        await built.house.accounts.add_branch(tx, other, "zwolle", "Zwolle")
    await built.owner.execute("update person set branch = $1 where id = $2", other, person)

    assert await seen(built, person) == NONE


async def test_the_next_shift_and_the_opening_hour_are_those_that_count(built: TestHouse) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=0)
    await plan(built, person, 60, 60)
    await plan(built, person, 180, 60)
    first = "lower(during) = (select min(lower(during)) from place)"
    await built.owner.execute(f"update place set state = 'proposed' where {first}")  # noqa: S608 - above

    async with built.house.database.transaction(LINE) as tx:
        later = await store_line.upcoming(tx, person)
        opens = await store_line.opens_at(tx, "chat")

    assert later is not None
    assert later.starts == opens == await built.time.now() + timedelta(minutes=180)


async def test_coming_notes_the_place_whose_check_in_is_open_and_no_later_one(
    built: TestHouse,
) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=0)
    await plan(built, person, 14, 60)
    await plan(built, person, 300, 60)

    async with built.house.database.transaction(LINE) as tx:
        await store_line.mark_checked_in(tx, person)

    states = await built.owner.fetch("select state from place order by lower(during)")
    assert [each["state"] for each in states] == ["checked_in", "published"]


@pytest.mark.parametrize(
    ("columns", "after"),
    [
        ({"state": "confirmed"}, "checked_in"),
        ({"state": "no_show"}, "checked_in"),
        ({"state": "taken_off"}, "taken_off"),
        ({"role": "reserve"}, "published"),
    ],
)
async def test_who_was_missed_may_still_come_and_a_reserve_comes_only_when_called_up(
    built: TestHouse, columns: dict[str, str], after: str
) -> None:
    person = await built.volunteer("anja")
    await set_place(built, person, **columns)

    async with built.house.database.transaction(LINE) as tx:
        await store_line.mark_checked_in(tx, person)

    assert await built.owner.fetchval("select state from place") == after


async def test_who_came_is_there_for_what_joins_on_and_for_nothing_else(built: TestHouse) -> None:
    await stop_time(built)
    person = await built.volunteer("anja", hours=0)
    for starts in (-30, 10):
        await plan(built, person, starts, 40)
    alone = await built.volunteer("bas", hours=0)
    await plan(built, alone, 10, 40)

    async with built.house.database.transaction(LINE) as tx:
        await store_line.mark_goes_on(tx, person)
        nothing_yet = await tx.value("select count(*) from place where state = 'checked_in'")
        await tx.run(
            "update place set state = 'checked_in' where lower(during) < line_now()",
        )
        for each in (person, alone):
            await store_line.mark_goes_on(tx, each)

    states = await built.owner.fetch(
        "select person, state from place order by person = $1 desc, lower(during)", person
    )
    assert nothing_yet == 0
    assert [row["state"] for row in states] == ["checked_in", "checked_in", "published"]


async def test_who_stands_on_a_shift_comes_with_the_role_of_the_place(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await set_place(built, person, role="mentor")

    async with built.house.database.transaction(LINE) as tx:
        current = await store_line.current(tx, person)
        assert current is not None
        there = await store_line.companions(tx, current.shift)

    assert current.role == "mentor"
    assert there == [(person, "mentor")]


async def test_what_starts_within_the_hour_is_seen_coming(built: TestHouse) -> None:
    await stop_time(built)
    soon, later = await built.volunteer("anja", hours=0), await built.volunteer("bas", hours=0)
    await plan(built, soon, 60, 60)
    await plan(built, later, 60.1, 60)

    async with built.house.database.transaction(LINE) as tx:
        cover = await store_line.cover(tx, "chat", "nl")

    assert [each.person for each in cover] == [soon]
    assert cover[0].starts - await built.time.now() == timedelta(hours=1)


async def test_asked_for_several_at_once_each_has_the_shift_of_when_asked_alone(
    built: TestHouse,
) -> None:
    await stop_time(built)
    names = ("anja", "bas", "els", "joop", "mia")
    people = [await built.volunteer(name, hours=0) for name in names]
    anja, bas, els, joop, _mia = people
    for person, starts in ((anja, -60), (anja, 10), (bas, 10), (els, 20), (joop, -60)):
        await plan(built, person, starts, 70)
    await set_place(built, joop, role="reserve")

    async with built.house.database.transaction(LINE) as tx:
        at_once = await store_line.current_of(tx, people)
        alone = {each: await store_line.current(tx, each) for each in people}

    assert set(at_once) == {anja, bas}
    assert at_once == {each: shift for each, shift in alone.items() if shift is not None}
