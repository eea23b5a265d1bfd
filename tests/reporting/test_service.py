"""What stays of a contact: sums, and for seven days a sealed record of a listed length."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import msgspec
import pytest

from luisterlijn.dispatch.events import ContactClosed
from luisterlijn.kernel.clock import half_hour, to_wire
from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy import retention, sealing
from luisterlijn.reporting.service import Reporting
from tests.support.clock import NOON, StandingClock

if TYPE_CHECKING:
    from tests.support.house import TestHouse

CLOSED = ContactClosed(
    channel="chat",
    reason="ended_by_caller",
    half_hour_at=to_wire(half_hour(NOON)),
    waited_s=41,
    lasted_s=900,
    wrap_up={"nature": ["talk"], "topics": ["alone", "family"], "heaviness": ["3"]},
)


async def counters(built: TestHouse) -> dict[tuple[str, str], int]:
    """Give every counter, over all half hours."""
    rows = await built.owner.fetch(
        "select kind, value, sum(count)::int as n from counter group by kind, value"
    )
    return {(row["kind"], row["value"]): row["n"] for row in rows}


async def hear(built: TestHouse, *events: ContactClosed) -> None:
    """Let reporting hear of closed contacts."""
    async with built.house.database.transaction(LINE) as tx:
        for event in events:
            await built.house.reporting.count(tx, event)


async def test_nothing_is_written_before_the_hour_and_then_sums_only(built: TestHouse) -> None:
    await hear(built, CLOSED, CLOSED, CLOSED)
    before = await counters(built)

    await built.house.reporting.flush()
    await built.house.reporting.flush()

    assert before == {}
    assert await counters(built) == {
        ("closed", "ended_by_caller"): 3,
        ("answered", "all"): 3,
        ("wait", "30-60s"): 3,
        ("length", "10-20m"): 3,
        ("nature", "talk"): 3,
        ("topics", "alone"): 3,
        ("topics", "family"): 3,
        ("heaviness", "3"): 3,
    }
    # One row per class and half hour, however many contacts there were.
    assert await built.owner.fetchval("select count(*) from counter") == 8


async def test_two_nodes_add_to_the_same_sums(built: TestHouse) -> None:
    house = built.house
    other = Reporting(
        *(house.database, house.keyring, house.tokens, house.clock), show=lambda *_: None
    )
    await hear(built, CLOSED)
    async with house.database.transaction(LINE) as tx:
        await other.count(tx, CLOSED)

    await house.reporting.flush()
    await other.flush()

    assert (await counters(built))["closed", "ended_by_caller"] == 2


async def test_a_counter_knows_the_half_hour_and_nothing_finer(built: TestHouse) -> None:
    await hear(built, CLOSED)
    built.house.reporting.count_one("chat", "attempts", "all")
    await built.house.reporting.flush()

    moments = await built.owner.fetch("select distinct half_hour from counter")

    assert all(row["half_hour"] == half_hour(row["half_hour"]) for row in moments)


async def test_what_was_counted_survives_a_database_that_is_away(built: TestHouse) -> None:
    await hear(built, CLOSED)
    async with built.owner.transaction():
        await built.owner.execute("lock table counter in access exclusive mode")
        with pytest.raises(Outage):
            await built.house.reporting.flush()

    await built.house.reporting.flush()

    assert (await counters(built))["closed", "ended_by_caller"] == 1


async def test_the_order_of_writing_says_nothing_about_the_order_of_closing(
    built: TestHouse,
) -> None:
    orders = set()
    for _ in range(6):
        await built.owner.execute("truncate counter")
        for number in range(6):
            built.house.reporting.count_one("chat", "opinion", f"v{number}")
        await built.house.reporting.flush()
        rows = await built.owner.fetch("select value from counter order by ctid")
        orders.add(tuple(row["value"] for row in rows))

    assert len(orders) > 1


async def test_the_operator_sees_what_became_of_contacts_and_nothing_of_the_wrap_up(
    built: TestHouse,
) -> None:
    shown: list[tuple[str, str]] = []
    house = built.house
    reporting = Reporting(
        *(house.database, house.keyring, house.tokens, StandingClock()),
        show=lambda channel, outcome: shown.append((channel, outcome)),
    )
    reporting.count_one("chat", "attempts", "all")
    reporting.count_one("chat", "opinion", "yes")
    async with house.database.transaction(LINE) as tx:
        await reporting.count(tx, CLOSED)

    assert shown == [("chat", "attempts"), ("chat", "ended_by_caller")]


async def test_a_whole_chat_leaves_counters_of_each_wrap_up_field(built: TestHouse) -> None:
    person = await built.volunteer("anja")
    await built.ready(person)
    contact = await built.talking(person)
    await built.house.hall.end_by_volunteer(person, contact, abuse=False)
    form = {"nature": ["talk"], "loneliness": ["social"], "age": ["80plus"], "referred": ["113"]}

    await built.house.hall.wrap_up(person, contact, form, pause=False)
    await built.settle()
    await built.house.reporting.flush()

    found = await counters(built)
    assert {(field, value) for field, [value] in form.items()} <= set(found)
    assert set(found.values()) == {1}


async def test_a_record_has_only_listed_lengths_and_shows_only_its_days_key(
    built: TestHouse,
) -> None:
    reporting, keyring = built.house.reporting, built.house.keyring
    short: dict[str, object] = {"channel": "chat", "reason": "ended_by_caller"}
    long: dict[str, object] = {"volunteers": [new_id(built.house.tokens).hex for _ in range(12)]}

    async with built.house.database.transaction(LINE) as tx:
        for facts in ({}, short, long):
            await reporting.keep(tx, facts)
        today = keyring.current(retention.RetentionClass.WEEK_1, tx.now).id

    rows = await built.owner.fetch("select * from session_record")
    lengths = {len(row["sealed"]) for row in rows}
    assert lengths == sealing.stored_lengths(retention.SESSION_RECORD_SEALED)
    assert {row["key_id"] for row in rows} == {today}
    assert {len(row["dek"]) for row in rows} == {sealing.WRAPPED_DEK_BYTES}
    assert set(rows[0].keys()) == {"id", "key_id", "dek", "sealed"}
    opened: list[dict[str, object]] = []
    for row in rows:
        dek = sealing.open_dek(keyring, row["id"], row["dek"])
        opened.append(
            msgspec.json.decode(
                sealing.unseal(dek, retention.SESSION_RECORD_SEALED, row["id"].hex, row["sealed"])
            )
        )
    assert all(facts in opened for facts in ({}, short, long))


async def test_records_go_after_seven_days_and_not_before(built: TestHouse) -> None:
    await built.time.freeze(NOON)
    database, reporting = built.house.database, built.house.reporting

    async def left_after(days: float) -> int:
        await built.time.freeze(NOON + timedelta(days=days))
        async with database.transaction(LINE) as tx:
            await reporting.forget_records(tx)
        return int(await built.owner.fetchval("select count(*) from session_record"))

    async with database.transaction(LINE) as tx:
        await reporting.keep(tx, {"channel": "chat"})

    assert await left_after(6.9) == 1
    assert await left_after(8.1) == 0
