"""What a play may be, and what its answer says to a script."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from luisterlijn.simulation.chats import Plan, main
from luisterlijn.simulation.stage import percentile
from tests.support.house import free_port

if TYPE_CHECKING:
    import pytest

PLAN = Plan(
    public_url="http://127.0.0.1:8080",
    console_url="http://localhost:8080",
    chats=60,
    volunteers=10,
    speed=20.0,
    seed=1,
    calm=False,
)


def test_a_plan_that_can_be_played_has_no_faults() -> None:
    assert PLAN.faults() == []


def test_every_fault_of_a_plan_is_named_at_once() -> None:
    plan = replace(PLAN, chats=0, volunteers=61, speed=0.0)

    assert [fault.partition(":")[0] for fault in plan.faults()] == ["N", "--volunteers", "--speed"]


def test_a_plan_that_cannot_be_played_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(replace(PLAN, chats=-1)) == 2
    assert "at least one chat" in capsys.readouterr().err


def test_without_a_demo_it_says_so_and_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = f"http://localhost:{free_port()}"

    assert main(replace(PLAN, console_url=nowhere)) == 2
    assert nowhere in capsys.readouterr().err


def test_a_percentile_of_few_is_honest() -> None:
    assert percentile([], 99) == 0.0
    assert percentile([12.34], 50) == 12.3
    assert percentile([float(value) for value in range(1, 102)], 99) == 100.0
