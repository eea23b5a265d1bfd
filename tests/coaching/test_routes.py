"""The rota over HTTP: what is asked, what is answered, what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.kernel.clock import AMSTERDAM, to_wire
from luisterlijn.kernel.scope import Role
from tests.support.coaching import somebody
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import TestHouse
    from tests.support.served import Answer, Served

HOUR_MS = 3_600_000


class Desk:
    """A planner at the console, and a coach to plan."""

    def __init__(self, node: Served, session: bytes, coach: str, now: int, today: str) -> None:
        """See the fixture."""
        self.node = node
        self.session = session
        self.coach = coach
        self.now = now
        self.today = today

    async def ask(self, method: str, path: str, json: object = None) -> Answer:
        """Ask as the planner."""
        return await self.node.ask(method, path, session=self.session, json=json)

    def duty(self, **changed: object) -> dict[str, Any]:
        """Give a body that puts the coach on duty for two hours from now."""
        body = {
            "person": self.coach,
            "starts_at": self.now,
            "ends_at": self.now + 2 * HOUR_MS,
            "phone_order": 2,
            "stands_in": False,
        }
        return {**body, **changed}


@pytest.fixture
async def desk(built: TestHouse) -> AsyncIterator[Desk]:
    """A served node with a planner."""
    coach = await somebody(built, "ada", Role.COACH, phone=True)
    now = await built.time.now()
    async with served(built) as node:
        session = await node.signed_in("piet", Role.PLANNER, None)
        yield Desk(node, session, coach.hex, to_wire(now), str(now.astimezone(AMSTERDAM).date()))


async def test_a_duty_is_added_shown_and_removed(desk: Desk) -> None:
    added = await desk.ask("POST", "/duty", desk.duty())
    shown = await desk.ask("GET", f"/duty?from={desk.today}&days=2")
    removed = await desk.ask("DELETE", f"/duty/{added.json()['duty']}")
    after = await desk.ask("GET", f"/duty?from={desk.today}")
    again = await desk.ask("DELETE", f"/duty/{added.json()['duty']}")

    assert (added.status, removed.status) == (201, 204)
    assert shown.json()["duties"] == [added.json()]
    assert added.json() == {
        "duty": added.json()["duty"],
        "person": desk.coach,
        "person_name": "Ada Smit",
        "starts_at": desk.now,
        "ends_at": desk.now + 2 * HOUR_MS,
        "phone_order": 2,
        "stands_in": False,
        "has_phone": True,
    }
    assert shown.json()["people"] == [
        {"person": desk.coach, "person_name": "Ada Smit", "stands_in": False, "has_phone": True}
    ]
    assert after.json()["duties"] == []
    assert again.code == "not-found"


async def test_no_answer_holds_a_telephone_number(desk: Desk) -> None:
    added = await desk.ask("POST", "/duty", desk.duty())
    shown = await desk.ask("GET", f"/duty?from={desk.today}")

    for answer in (added, shown):
        assert b"201234567" not in answer.body


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"starts_at": 1_935_000_000_000, "ends_at": 1_935_000_000_000}, "zero-length"),
        ({"starts_at": 1_000_000_000_000, "ends_at": 1_000_000_100_000}, "in-the-past"),
        ({"starts_at": 2**62}, "bad-request"),
        ({"ends_at": -(2**62)}, "bad-request"),
        ({"ends_at": 10**15}, "bad-request"),
        ({"person": "0" * 32}, "not-found"),
        ({"person": "x"}, "bad-request"),
        ({"phone_order": 0}, "bad-request"),
        ({"phone_order": 10}, "bad-request"),
        ({"stands_in": None}, "bad-request"),
        ({"phone": "+31612345678"}, "bad-request"),
    ],
    ids=str,
)
async def test_a_duty_that_cannot_be_is_refused_by_its_own_code(
    desk: Desk, changed: dict[str, object], code: str
) -> None:
    answer = await desk.ask("POST", "/duty", desk.duty(**changed))

    assert answer.code == code
    assert await desk.node.built.owner.fetchval("select count(*) from duty") == 0


@pytest.mark.parametrize(
    "query",
    ["", "?from=x", "?from=2031-13-01", "?from=1999-01-01", "?from=2031-01-01&days=0"]
    + [f"?from=2031-01-01&days={days}" for days in ("-1", "32", "x", "9" * 30)],
)
async def test_a_stretch_that_is_none_is_refused(desk: Desk, query: str) -> None:
    assert (await desk.ask("GET", f"/duty{query}")).code == "bad-request"


async def test_somebody_who_is_on_duty_already_and_an_unknown_duty_are_told(desk: Desk) -> None:
    await desk.ask("POST", "/duty", desk.duty())

    twice = await desk.ask("POST", "/duty", desk.duty())
    unknown = await desk.ask("DELETE", f"/duty/{'0' * 32}")
    no_id = await desk.ask("DELETE", "/duty/x")

    assert (twice.code, unknown.code, no_id.code) == ("overlaps", "not-found", "not-found")
