"""Days to come over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.scope import Role
from tests.support.served import served

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_a_planner_keeps_events_and_freezes_a_draft(built: TestHouse) -> None:
    event = {"name": "Kerst", "kind": "holiday", "first": "2031-12-24", "last": "2031-12-26"}
    freeze = "/planner/forecast/freeze"

    async with served(built) as node:
        session = await node.signed_in("pieter", Role.PLANNER, None)
        other = await node.signed_in("cora", Role.COORDINATOR, built.branch)
        made = await node.ask(
            "POST", "/planner/events", session=session, json={**event, "factor": 1.4}
        )
        listed = await node.ask("GET", "/planner/events", session=other)
        path = f"/planner/events/{made.json()['event']}/remove"
        kept = await node.ask("POST", path, session=other, json={})
        removed = await node.ask("POST", path, session=session, json={})
        nation = await node.ask("GET", "/planner/nation?from=2031-05-05&days=31", session=session)
        early = await node.ask("POST", freeze, session=session, json={})
        drafted = await node.ask(
            "POST", "/planner/forecast/draft", session=session, json={"weeks": 1}
        )
        frozen = await node.ask("POST", freeze, session=session, json={})
        shown = await node.ask("GET", "/planner/forecast?from=2031-05-05", session=other)

    assert (made.status, removed.status, nation.status) == (201, 204, 200)
    assert kept.code == "not-found", "a coordinator keeps no events"
    assert listed.json()["events"] == [made.json()]
    assert made.json() == {**event, "event": made.json()["event"], "channel": None, "factor": 1.4}
    assert len(nation.json()["slots"]) == 31 * 48
    assert (early.code, drafted.status, frozen.status) == ("not-found", 204, 204)
    assert (shown.json()["expectation"], shown.json()["draft"]) == ("none", False)
