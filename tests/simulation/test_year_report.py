"""What `simulate-year` prints."""

from __future__ import annotations

import pytest

from luisterlijn.simulation.year_plan import Plan
from luisterlijn.simulation.year_report import UNUSABLE, main


def test_it_says_that_the_demand_is_an_example_and_what_came_of_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(Plan(days=3), more=False)

    lines = capsys.readouterr().out.splitlines()
    assert code == 0
    assert lines[0].startswith("what comes: example: ")
    told = {line[:62].strip(): line[62:].split() for line in lines[1:]}
    assert told["overtaken in a queue"] == ["0", "0"]
    assert 70 < float(told["answered within 60 s (%)"][0]) < 100
    assert float(told["gave up (%)"][0]) < 20


def test_more_of_it_stands_beside_the_ideal_queue_and_the_chain(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(Plan(days=3), more=True)

    out = capsys.readouterr().out
    for name in (
        "routing against the ideal queue, taken at once",
        "routing against the ideal queue, with offers",
        "5% of offers missed: gave up, more (points)",
        "10% do not come, some stand in: gave up, more (points)",
        "calls alone: within 60 s, by the chain (%)",
    ):
        assert name in out


@pytest.mark.parametrize("plan", [Plan(days=0), Plan(days=366), Plan(contacts=0)])
def test_a_year_that_cannot_be_is_told_in_a_sentence(
    plan: Plan, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(plan, more=False) == UNUSABLE
    assert capsys.readouterr().err.startswith("cannot play this year:\n  --")
