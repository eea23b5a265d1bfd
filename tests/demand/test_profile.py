"""The example: the public totals come out, and it says that it is an example."""

from __future__ import annotations

import pytest

from luisterlijn.demand.profile import A_YEAR, CHANNELS, SOURCE, WEEKS_A_YEAR, example_week


def test_a_year_of_the_example_has_the_public_totals() -> None:
    for channel in CHANNELS:
        assert example_week(channel).sum() * WEEKS_A_YEAR == pytest.approx(A_YEAR[channel])
    assert sum(A_YEAR.values()) == 280_000


def test_more_than_half_of_the_calls_come_outside_office_hours() -> None:
    week = example_week("phone")

    assert week[:5, 18:34].sum() < week.sum() / 2


def test_nothing_comes_when_the_chat_is_closed_and_somebody_calls_at_every_hour() -> None:
    chat = example_week("chat")

    assert chat[:, :20].sum() == chat[:, 44:].sum() == 0
    assert (chat[:, 20:44] > 0).all()
    assert (example_week("phone") > 0).all()


def test_the_example_says_that_it_is_one() -> None:
    assert SOURCE.startswith("example: ")
