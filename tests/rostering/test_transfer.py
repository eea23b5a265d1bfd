"""The roster into the database as a table, and out of it again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering.tabular import COLUMNS, Refused
from tests.support.hours import stop_time

if TYPE_CHECKING:
    from tests.support.house import TestHouse

MONDAY = date(2026, 11, 2)
NOW = datetime(2026, 11, 1, tzinfo=UTC)
TABLE = "\n".join(
    [
        ",".join(COLUMNS),
        "utrecht,2026-11-03,19:00,23:00,chat,anja,listener,published",
        "utrecht,2026-11-03,19:00,23:00,chat,bas,mentor,confirmed",
        "utrecht,2026-11-04,23:00,03:00,chat+phone,anja,reserve,published",
        "utrecht,2026-11-05,07:00,11:00,chat,,,published",
        "utrecht,2026-11-06,07:00,11:00,chat,bas,listener,proposed",
        "",
    ]
)


@pytest.fixture(autouse=True)
async def people(built: TestHouse) -> None:
    """Have two volunteers, on the Sunday before."""
    await stop_time(built, NOW)
    for name in ("anja", "bas"):
        await built.volunteer(name, hours=0)


async def out(built: TestHouse) -> str:
    return await built.house.roster.transfer.table(MONDAY, 7, None)


async def places(built: TestHouse) -> int:
    return int(await built.owner.fetchval("select count(*) from place"))


async def test_a_table_goes_in_and_comes_out_the_same(built: TestHouse) -> None:
    found = await built.house.roster.transfer.take(TABLE)

    assert (len(found.new), found.changed, found.unchanged, found.refused) == (5, [], [], [])
    assert await out(built) == TABLE
    shifts = await built.owner.fetch("select state, wanted, night from shift order by starts")
    assert [tuple(row) for row in shifts] == [
        ("published", 2, False),
        ("published", 1, True),
        ("published", 1, False),
        ("concept", 1, False),
    ]


async def test_the_same_table_again_changes_nothing(built: TestHouse) -> None:
    await built.house.roster.transfer.take(TABLE)
    await built.settle()
    before = await built.owner.fetch("select id, sequence from place order by id")

    again = await built.house.roster.transfer.take(TABLE)

    assert (again.new, again.changed, again.refused) == ([], [], [])
    assert len(again.unchanged) == 5
    assert await built.owner.fetch("select id, sequence from place order by id") == before
    assert await built.owner.fetchval("select count(*) from shift") == 4
    assert await built.owner.fetchval("select count(*) from outbox") == 0


async def test_another_state_is_written_and_nobody_is_taken_off(built: TestHouse) -> None:
    await built.house.roster.transfer.take(TABLE)
    only = "\n".join(TABLE.split("\n")[:2]).replace("published", "confirmed")

    found = await built.house.roster.transfer.take(only)

    assert [row.sign_in for row in found.changed] == ["anja"]
    assert await places(built) == 4
    assert (await out(built)).count("confirmed") == 2


async def test_a_dry_run_says_the_same_and_writes_nothing(built: TestHouse) -> None:
    found = await built.house.roster.transfer.take(TABLE, dry_run=True)

    assert len(found.new) == 5
    assert (await places(built), await built.owner.fetchval("select count(*) from shift")) == (0, 0)


async def test_with_a_line_refused_nothing_is_written_unless_one_says_so(
    built: TestHouse,
) -> None:
    wrong = TABLE + "utrecht,2026-11-07,07:00,11:00,chat,nobody,listener,published\nx\n"

    found = await built.house.roster.transfer.take(wrong)
    nothing = await places(built)
    partly = await built.house.roster.transfer.take(wrong, partial=True)

    reasons = [Refused(line=7, reason="unknown-person"), Refused(line=8, reason="columns")]
    assert found.refused == partly.refused == reasons
    assert nothing == 0
    assert await out(built) == TABLE


async def test_who_stands_elsewhere_already_is_refused(built: TestHouse) -> None:
    start = datetime(2026, 11, 3, 20, tzinfo=UTC)
    during = Interval(start, start + timedelta(hours=4))
    shift = await built.house.roster.add_shift(LINE, built.branch, during, ["chat"], 1)
    async with built.house.database.transaction(LINE) as tx:
        anja = await built.house.accounts.person_by_sign_in(tx, "anja")
    assert anja is not None
    await built.house.roster.put_on(LINE, shift.id, anja)

    found = await built.house.roster.transfer.take(TABLE)

    assert found.refused == [Refused(line=2, reason="overlaps")]
    assert await places(built) == 1


async def test_who_is_put_on_a_running_shift_is_on_it_for_the_line_at_once(
    built: TestHouse,
) -> None:
    today = "utrecht,2026-11-01,00:00,04:00,chat,anja,listener,published"
    await built.house.roster.transfer.take(f"{','.join(COLUMNS)}\n{today}\n")
    await built.settle()
    async with built.house.database.transaction(LINE) as tx:
        anja = await built.house.accounts.person_by_sign_in(tx, "anja")
    assert anja is not None

    await built.ready(anja)
    await built.talking(anja)


async def test_a_table_of_one_branch_holds_no_other(built: TestHouse) -> None:
    await built.house.roster.transfer.take(TABLE)

    with pytest.raises(Refusal) as refusal:
        await built.house.roster.transfer.table(MONDAY, 7, "nowhere")

    assert refusal.value.code is Code.NOT_FOUND
    assert await built.house.roster.transfer.table(MONDAY, 7, "utrecht") == TABLE
    assert await built.house.roster.transfer.table(MONDAY + timedelta(days=7), 7, None) == (
        ",".join(COLUMNS) + "\n"
    )
