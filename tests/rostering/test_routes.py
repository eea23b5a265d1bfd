"""A coordinator's shifts over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.kernel.scope import Role
from tests.support.served import served

if TYPE_CHECKING:
    from tests.support.house import TestHouse

SHIFT: dict[str, Any] = {
    "date": "2026-03-28",
    "starts": "23:00",
    "ends": "03:00",
    "channels": ["chat"],
}


async def test_a_coordinator_adds_a_shift_puts_somebody_on_it_and_cancels_it(
    built: TestHouse,
) -> None:
    await built.time.freeze(datetime(2026, 3, 20, tzinfo=UTC))
    person = await built.volunteer("anja", hours=0)

    async with served(built) as node:
        session = await node.signed_in("cor", Role.COORDINATOR, built.branch)

        added = await node.ask("POST", "/branch/shifts", session=session, json=SHIFT)
        shift = added.json()
        at = f"/branch/shifts/{shift['shift']}"
        taken = await node.ask("POST", f"{at}/places", session=session, json={"person": person.hex})
        place = taken.json()["places"][0]
        off = await node.ask(
            "POST", f"{at}/places/{place['place']}/remove", session=session, json={}
        )
        gone = await node.ask("POST", f"{at}/cancel", session=session, json={})
        seen = await node.ask("GET", "/branch/shifts?from=2026-03-23&days=7", session=session)

    assert (added.status, shift["ends_at"] - shift["starts_at"]) == (201, 3 * 3_600_000)
    assert (place["person"], place["name"]) == (person.hex, "Anja")
    assert off.json()["places"] == []
    assert gone.json()["state"] == "cancelled"
    assert [each["shift"] for each in seen.json()["shifts"]] == [shift["shift"]]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"ends": "23:00"}, 409, "zero-length"),
        ({"date": "2026-03-01"}, 409, "in-the-past"),
        ({"ends": "12:01"}, 400, "bad-request"),
        ({"date": "9999-12-31"}, 400, "bad-request"),
        ({"date": "2026-03-29", "starts": "02:30", "ends": "03:15"}, 400, "bad-request"),
        ({"ends": "03:00\n"}, 400, "bad-request"),
        ({"channels": ["fax"]}, 400, "bad-request"),
        ({"branch": "0" * 32}, 404, "not-found"),
        ({"branch": "here"}, 404, "not-found"),
    ],
)
async def test_a_shift_that_cannot_be_is_refused_by_its_code(
    built: TestHouse, change: dict[str, Any], status: int, code: str
) -> None:
    await built.time.freeze(datetime(2026, 3, 20, tzinfo=UTC))

    async with served(built) as node:
        session = await node.signed_in("cor", Role.COORDINATOR, built.branch)
        answer = await node.ask("POST", "/branch/shifts", session=session, json=SHIFT | change)

    assert (answer.status, answer.code) == (status, code)
    assert await built.owner.fetchval("select count(*) from shift") == 0


async def test_a_question_about_days_that_are_none_is_a_bad_request(built: TestHouse) -> None:
    async with served(built) as node:
        session = await node.signed_in("cor", Role.COORDINATOR, built.branch)
        for query in (
            "",
            "?from=tomorrow",
            "?from=2026-03-23&days=0",
            "?from=2026-03-23&days=32",
            "?from=2026-03-23&days=x",
            "?from=9999-12-31&days=31",
            "?from=0001-01-01",
        ):
            answer = await node.ask("GET", f"/branch/shifts{query}", session=session)
            assert (answer.status, answer.code) == (400, "bad-request"), query


async def test_a_volunteer_plans_nobody(built: TestHouse) -> None:
    async with served(built) as node:
        session = await node.signed_in("anja", Role.VOLUNTEER, built.branch)
        answer = await node.ask("POST", "/branch/shifts", session=session, json=SHIFT)

    assert answer.status == 404
