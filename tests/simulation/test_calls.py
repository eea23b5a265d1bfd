"""Simulated callers and volunteers play whole calls against a real node, and nobody is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.simulation import demo
from luisterlijn.simulation.calls import CallPlan, main, play
from tests.support.house import free_port
from tests.support.served import served

if TYPE_CHECKING:
    import pytest

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


def plan(calls: int, volunteers: int, speed: float) -> CallPlan:
    nowhere = f"http://localhost:{free_port()}"
    return CallPlan(
        public_url=nowhere,
        console_url=nowhere,
        calls=calls,
        volunteers=volunteers,
        speed=speed,
        seed=1,
    )


def test_every_fault_of_a_plan_is_named_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert plan(1, 1, 0.5).faults() == []
    assert main(plan(0, 99, 0)) == 2
    faults = capsys.readouterr().err.splitlines()
    assert [fault.partition(":")[0] for fault in faults] == ["N", "--volunteers", "--speed"]


def test_without_a_demo_it_says_so_and_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    nobody = plan(1, 1, 1)

    assert main(nobody) == 2
    assert nobody.console_url in capsys.readouterr().err
