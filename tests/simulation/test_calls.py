"""Simulated callers and volunteers play whole calls against a real node, and nobody is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.simulation import demo
from luisterlijn.simulation.calls import CallPlan, play
from tests.support.served import served

if TYPE_CHECKING:
    from tests.support.house import TestHouse


async def test_ten_calls_are_played_and_none_is_lost_or_doubled(built: TestHouse) -> None:
    house = built.house
    await built.owner.execute("delete from branch")  # the demo makes its own
    await demo.fill(house.database, house.accounts, house.roster, house.tokens)
    async with served(built):
        await house.line.look()
        report = await play(
            CallPlan(
                public_url=house.settings.public_url,
                console_url=house.settings.console_url,
                calls=10,
                volunteers=5,
                speed=30,
                seed=3,
                erased=False,
            )
        )

    assert report["started"] == 10
    assert report["answered"] + report["abandoned"] == 10
    assert (report["lost"], report["doubled"]) == (0, 0)
    assert report["webhooks"] > 100
    assert report["webhooks_refused"] == 0
    assert await built.owner.fetchval("select count(*) from contact where state <> 'wrapup'") == 0


def test_a_plan_that_cannot_be_played_says_why() -> None:
    plan = CallPlan(public_url="", console_url="", calls=0, volunteers=99, speed=0, seed=1)

    assert len(plan.faults()) == 3
