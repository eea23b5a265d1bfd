"""The statements of a hand-over, on a real PostgreSQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.dispatch import store_handing
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_who_has_no_room_or_another_language_is_not_asked(built: TestHouse) -> None:
    anna = await built.volunteer("anna")
    await built.ready(anna)
    contact = await built.talking(anna, "en")
    dutch = await built.volunteer("bea", languages=("nl",))
    full = await built.volunteer("cas", chats=1)
    await built.ready(dutch)
    await built.ready(full)
    await built.owner.execute("update presence set load = 1 where person = $1", full)

    async with built.house.database.transaction(LINE) as tx:
        assert await store_handing.ask(tx, contact, dutch) is None
        assert await store_handing.ask(tx, contact, full) is None


async def test_the_language_of_a_conversation_under_way_stays(built: TestHouse) -> None:
    anna = await built.volunteer("anna")
    await built.ready(anna)
    contact, waits = await built.talking(anna), await built.waiting()
    async with built.house.database.transaction(LINE) as tx:
        await store_handing.set_language(tx, contact, "en")
        await store_handing.set_language(tx, waits, "en")

    rows = {row["id"]: row["language"] for row in await built.owner.fetch("select * from contact")}
    assert rows == {contact: "nl", waits: "en"}
