"""A coordinator plans a period over HTTP: templates, lay out, put on, publish."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.kernel.scope import Role
from tests.support.roster import MONDAY, acting, begin, people
from tests.support.served import served

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import TestHouse
    from tests.support.served import Answer, Served

NEXT = MONDAY + timedelta(days=7)
MORNING: dict[str, Any] = {
    "weekdays": 1,
    "starts": "07:00",
    "ends": "11:00",
    "channels": ["chat"],
    "wanted": 2,
}


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    await begin(built)
    async with served(built) as found:
        yield found


class Desk:
    """A coordinator's way to ask."""

    def __init__(self, node: Served, session: bytes) -> None:
        """Keep the session."""
        self.node = node
        self.session = session

    async def send(self, path: str, body: object = None, method: str = "POST") -> Answer:
        """Send an order."""
        return await self.node.ask(method, path, session=self.session, json=body or {})

    async def get(self, path: str) -> Any:
        """Give what an answer says."""
        answer = await self.node.ask("GET", path, session=self.session)
        assert answer.status == 200, answer.body
        return answer.json()


async def desk(node: Served) -> Desk:
    return Desk(node, await node.signed_in("cor", Role.COORDINATOR, node.built.branch))


async def test_a_period_from_its_templates_to_what_everybody_sees(node: Served) -> None:
    [anja] = await people(node.built, "anja")
    cor = await desk(node)
    await cor.send("/planner/templates", MORNING)
    period = (await cor.send("/planner/periods", {"first": str(NEXT), "days": 7})).json()
    path = f"/planner/periods/{period['period']}"
    wish = {"levels": ["111111"] * 7, "wanted": 1, "most": 2, "nights": 0}
    wished = await cor.send(f"{path}/wishes/{anja.hex}", wish, "PUT")

    laid = (await cor.send(f"{path}/lay-out")).json()
    late = await cor.send(f"{path}/wishes/{anja.hex}", wish, "PUT")
    [row] = await node.built.owner.fetch("select id from shift")
    put = await cor.send(f"/planner/shifts/{row['id'].hex}/places", {"person": anja.hex})
    published = (await cor.send(f"{path}/publish")).json()

    assert (period["state"], wished.status, late.code) == ("open", 204, "too-late")
    assert (laid, put.json()["state"]) == ({"shifts": 1}, "proposed")
    assert published == {"shifts": 1, "places": 1, "left": []}
    [told] = (await cor.get("/planner/periods"))["periods"]
    assert (told["state"], told["wishes"], told["running"]) == ("published", 1, False)
    own = await node.built.house.roster.own_views.roster(acting(node.built, anja), NEXT, 7)
    assert [each.state for each in own.places] == ["published"]
    assert (await cor.get(f"{path}/wishes"))["people"][0]["on_behalf"]


async def test_a_template_is_added_changed_and_removed(node: Served) -> None:
    cor = await desk(node)

    added = await cor.send("/planner/templates", MORNING)
    path = f"/planner/templates/{added.json()['template']}"
    night = {**MORNING, "weekdays": 96, "starts": "23:00", "ends": "03:00"}
    changed = await cor.send(path, night, "PUT")
    shown = (await cor.get("/planner/templates"))["templates"]
    gone = await cor.send(f"{path}/remove")

    assert (added.status, added.json()["night"], added.json()["weekend"]) == (201, False, False)
    assert (changed.json()["night"], changed.json()["weekend"]) == (True, True)
    assert shown == [changed.json()]
    assert gone.status == 204
    assert (await cor.get("/planner/templates"))["templates"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ends": "07:00"}, "zero-length"),
        ({"ends": "20:00"}, "bad-request"),
        ({"starts": "02:30"}, "bad-request"),
        ({"starts": "08:00\n"}, "bad-request"),
        ({"weekdays": 0}, "bad-request"),
        ({"weekdays": 128}, "bad-request"),
        ({"channels": []}, "bad-request"),
        ({"least": 3}, "bad-request"),
        ({"branch": "0" * 32}, "not-found"),
    ],
)
async def test_a_template_that_cannot_be_is_refused(
    node: Served, change: dict[str, Any], code: str
) -> None:
    answer = await (await desk(node)).send("/planner/templates", MORNING | change)

    assert answer.code == code
    assert await node.built.owner.fetchval("select count(*) from shift_template") == 0


async def test_a_week_is_copied_and_days_that_are_none_are_refused(node: Served) -> None:
    cor = await desk(node)
    added = {"date": str(NEXT), "starts": "10:00", "ends": "14:00", "channels": ["chat"]}
    await cor.send("/branch/shifts", added)
    target = str(NEXT + timedelta(days=7))

    copied = await cor.send("/planner/copy-week", {"source": str(NEXT), "target": target})
    far = await cor.send("/planner/copy-week", {"source": str(NEXT), "target": "9999-12-31"})
    tuesday = await cor.send("/planner/periods", {"first": str(NEXT + timedelta(days=1))})
    distant = await cor.send("/planner/periods", {"first": "9999-12-27"})

    assert copied.json() == {"shifts": 1, "places": 0, "left": 0}
    assert (far.code, tuesday.code, distant.code) == ("bad-request",) * 3
