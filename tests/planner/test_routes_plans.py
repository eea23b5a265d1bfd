"""Plans over HTTP: ordered, polled, stopped, compared."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from luisterlijn.kernel.scope import Role
from tests.support.planner import at, listener, shift, wishes
from tests.support.served import served

if TYPE_CHECKING:
    from tests.support.house import TestHouse

ORDER = {"from": "2031-05-05", "days": 7, "seconds": 1}


async def test_a_coordinator_orders_a_plan_and_sees_what_it_changed(built: TestHouse) -> None:
    await shift(built, at(0, 7), wanted=1)
    await wishes(built, await listener(built, "anja"))

    async with served(built) as node:
        session = await node.signed_in("cora", Role.COORDINATOR, built.branch)
        made = await node.ask("POST", "/planner/plans", session=session, json=ORDER)
        plan = made.json()["plan"]
        async with asyncio.timeout(30):
            state = ""
            while state != "done":  # the node works on it by itself
                await asyncio.sleep(0.2)
                listed = await node.ask("GET", "/planner/plans", session=session)
                state = listed.json()["plans"][0]["state"]
        told = await node.ask("GET", f"/planner/plans/{plan}/difference", session=session)

    assert made.status == 201
    assert made.json()["branch"] == built.branch.hex, "a coordinator plans the own branch"
    assert [each["name"] for each in told.json()["people"]] == ["Anja"]


async def test_an_overnight_plan_of_the_line_waits_and_is_cancelled(built: TestHouse) -> None:
    async with served(built) as node:
        session = await node.signed_in("pieter", Role.PLANNER, None)
        body = {**ORDER, "overnight": True, "branch": None}
        made = await node.ask("POST", "/planner/plans", session=session, json=body)
        again = await node.ask("POST", "/planner/plans", session=session, json=body)
        path = f"/planner/plans/{made.json()['plan']}/cancel"
        stopped = await node.ask("POST", path, session=session, json={})
        far = {**ORDER, "from": "9999-12-01"}
        wrong = await node.ask("POST", "/planner/plans", session=session, json=far)

    assert (made.json()["state"], made.json()["branch"]) == ("queued", None)
    assert again.code == "overlaps"
    assert stopped.json()["state"] == "cancelled"
    assert wrong.code == "bad-request"
