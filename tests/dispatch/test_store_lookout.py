"""Who counts as there, and the one row about too few of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from luisterlijn.dispatch import store_lookout
from luisterlijn.dispatch.coverage import Noticed, Thin
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_what_was_noticed_is_one_row_that_goes_when_all_is_well(built: TestHouse) -> None:
    async with built.house.database.transaction(LINE) as tx:
        first = Noticed(kind=Thin.ALONE, since=tx.now)
        second = Noticed(kind=Thin.NOBODY, since=tx.now, told=True)

        nothing = await store_lookout.noticed(tx)
        for each in (first, second):
            await store_lookout.notice(tx, each)
        found, rows = (
            await store_lookout.noticed(tx),
            await tx.value("select count(*) from thin_cover"),
        )
        await store_lookout.notice(tx, None)

        assert (nothing, found, rows) == (None, second, 1)
        assert await store_lookout.noticed(tx) is None


@pytest.mark.parametrize(
    "change",
    [
        "state = 'away'",
        "walks_along = true",
        "channels = '{}'",
        "shift_ends = line_now()",
        "heard = line_now() - interval '30 s'",
    ],
)
async def test_who_is_away_silent_a_trainee_or_without_a_shift_is_not_there(
    built: TestHouse, change: str
) -> None:
    person = await built.volunteer("anja")
    await built.house.consoles.opened(person, b"k" * 65)

    async with built.house.database.transaction(LINE) as tx:
        before = await store_lookout.there(tx)
        await tx.run(f"update presence set {change}")  # noqa: S608 - a constant above

        assert before == [person], "a pause is no absence"
        assert await store_lookout.there(tx) == []
