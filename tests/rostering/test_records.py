"""What the roster knows of one volunteer: counted from places, and let go when they leave."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import AMSTERDAM, local_interval
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering.events import RosterChanged
from luisterlijn.rostering.ports import NewShift
from luisterlijn.rostering.records import Records
from tests.support.coaching import overheard

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.volunteers.ports import Worked
    from tests.support.house import TestHouse

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def stand(built: TestHouse, person: PersonId, day: date, starts: int, ends: int) -> None:
    """Put somebody on a shift of some local hours."""
    async with built.house.database.transaction(LINE) as tx:
        new = NewShift(
            branch=built.branch,
            during=local_interval(day, time(starts), time(ends)),
            channels=("chat",),
            wanted=1,
            people=(person,),
        )
        await built.house.roster.plan(tx, [new])


async def worked(built: TestHouse, person: PersonId) -> Worked:
    async with built.house.database.transaction(LINE) as tx:
        return (await Records().worked(tx, [person]))[person]


async def test_hours_are_of_four_weeks_and_the_rest_of_twelve_months(built: TestHouse) -> None:
    await built.time.freeze(NOW)
    anja = await built.volunteer("anja", hours=0)
    for day, starts, ends in (
        (date(2026, 11, 20), 19, 23),  # a Friday within the four weeks
        (date(2026, 11, 2), 9, 11),
        (date(2026, 10, 2), 23, 3),  # a night, before them
        (date(2026, 9, 5), 11, 15),  # a Saturday
        (date(2025, 12, 25), 15, 19),  # Christmas
        (date(2025, 11, 1), 9, 11),  # more than a year ago
        (date(2026, 11, 26), 19, 23),  # to come
        (date(2026, 11, 24), 11, 15),  # goes on
    ):
        await stand(built, anja, day, starts, ends)
    await built.owner.execute(
        "update shift set night = extract(hour from timezone('Europe/Amsterdam', starts)) = 23"
    )

    found = await worked(built, anja)

    assert (found.hours, found.nights, found.weekends, found.feasts) == (6, 1, 1, 1)
    assert found.next_shift == datetime(2026, 11, 26, 19, tzinfo=AMSTERDAM)


async def test_what_was_taken_back_missed_or_kept_in_reserve_is_not_counted(
    built: TestHouse,
) -> None:
    await built.time.freeze(NOW)
    anja = await built.volunteer("anja", hours=0)
    for number, change in enumerate(
        (
            "state = 'taken_off'",
            "state = 'cannot'",
            "state = 'no_show'",
            "state = 'proposed'",
            "role = 'reserve'",
        )
    ):
        await stand(built, anja, date(2026, 11, 10 + number), 9, 11)
        await built.owner.execute(
            f"update place set {change} where upper(during) > $1",  # noqa: S608 - above
            datetime(2026, 11, 10 + number, tzinfo=UTC),
        )

    found = await worked(built, anja)

    assert (found.hours, found.next_shift) == (0, None)


async def test_walking_along_counts_beside_a_mentor_only(built: TestHouse) -> None:
    await built.time.freeze(NOW)
    anja = await built.volunteer("anja", hours=0)
    bert = await built.volunteer("bert", hours=0)
    for day in (10, 11):
        await stand(built, anja, date(2026, 11, day), 9, 11)
    await built.owner.execute("update place set role = 'trainee'")
    await built.owner.execute(
        "insert into place (id, shift, branch, person, during, state, role)"
        " select $1, id, branch, $2, tstzrange(starts, ends), 'checked_in', 'mentor' from shift"
        " order by starts limit 1",
        *(new_id(built.house.tokens), bert),
    )

    async with built.house.database.transaction(LINE) as tx:
        walked = await Records().walked(tx, [anja, bert])

    assert walked == {anja: 1, bert: 0}


async def test_leaving_tells_the_other_rooms_and_drops_later_wishes(built: TestHouse) -> None:
    await built.time.freeze(NOW)
    anja = await built.volunteer("anja", hours=0)
    await stand(built, anja, date(2026, 11, 28), 9, 11)
    for first in (date(2026, 11, 2), date(2026, 11, 30)):
        period = new_id(built.house.tokens)
        await built.owner.execute(
            "insert into roster_period (id, branch, first, state) values ($1, $2, $3, 'open')",
            *(period, built.branch, first),
        )
        await built.owner.execute(
            "insert into wish (period, person, branch, levels, wanted, most, nights)"
            " values ($1, $2, $3, '{}', 4, 8, 1)",
            *(period, anja, built.branch),
        )
    heard = overheard(built, RosterChanged)

    async with built.house.database.transaction(LINE) as tx:
        off = await Records().release(tx, anja, date(2026, 11, 26))

    assert off == 1
    assert heard == [RosterChanged(person=anja)]
    left = await built.owner.fetchval(
        "select count(*) from wish w join roster_period r on r.id = w.period"
    )
    assert left == 1


async def test_own_rows_are_of_the_past_year_and_of_oneself(built: TestHouse) -> None:
    await built.time.freeze(NOW)
    anja = await built.volunteer("anja", hours=0)
    bert = await built.volunteer("bert", hours=0)
    for day in (date(2025, 11, 1), date(2025, 12, 1), date(2026, 12, 1)):
        await stand(built, anja, day, 9, 11)
    await stand(built, bert, date(2026, 12, 2), 9, 11)
    await built.owner.execute(
        "insert into leave (id, person, branch, first, last, state)"
        " values ($1, $2, $3, $4, $4, 'asked')",
        *(new_id(built.house.tokens), bert, built.branch, date(2026, 12, 24)),
    )

    async with built.house.database.transaction(LINE) as tx:
        own = await Records().own(tx, anja)

    assert [each["starts"].date() for each in own["places"]] == [
        date(2025, 12, 1),
        date(2026, 12, 1),
    ]
    assert (own["leave"], own["wishes"], own["swaps"]) == ([], [], [])


async def test_a_shift_says_who_stands_on_it(built: TestHouse) -> None:
    await built.time.freeze(NOW)
    anja = await built.volunteer("anja", hours=0)
    await stand(built, anja, NOW.date() + timedelta(days=1), 9, 11)
    shift = await built.owner.fetchval("select id from shift")

    async with built.house.database.transaction(LINE) as tx:
        found = await Records().on_shift(tx, shift)
        await built.owner.execute("update place set state = 'cannot'")
        empty = await Records().on_shift(tx, shift)
        nothing = await Records().on_shift(tx, new_id(built.house.tokens))  # type: ignore[arg-type] # a fresh id

    assert found == (built.branch, [anja])
    assert empty == (built.branch, [])
    assert nothing is None
