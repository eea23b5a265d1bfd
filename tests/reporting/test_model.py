"""Classes wide enough that no figure fits one person."""

from __future__ import annotations

import pytest

from luisterlijn.reporting.model import LENGTHS, WAITS, class_of, counted


@pytest.mark.parametrize(
    ("seconds", "name"),
    [
        *((0, "0-30s"), (29, "0-30s"), (30, "30-60s"), (59, "30-60s"), (60, "1-3m")),
        *((179, "1-3m"), (180, "3-10m"), (600, "10-30m"), (1_799, "10-30m"), (1_800, "more")),
        (10**9, "more"),
    ],
)
def test_every_wait_lies_in_one_class(seconds: int, name: str) -> None:
    assert class_of(seconds, WAITS) == name


@pytest.mark.parametrize(
    ("seconds", "name"),
    [(0, "0-2m"), (120, "2-10m"), (1_199, "10-20m"), (2_400, "40-60m"), (3_600, "more")],
)
def test_every_length_lies_in_one_class(seconds: int, name: str) -> None:
    assert class_of(seconds, LENGTHS) == name


def test_a_contact_that_was_answered_counts_once_in_each_kind() -> None:
    found = counted("ended_by_caller", 41, 900, {"topics": ["alone", "health"], "nature": ["talk"]})

    assert found == [
        ("closed", "ended_by_caller"),
        ("answered", "all"),
        ("wait", "30-60s"),
        ("length", "10-20m"),
        ("nature", "talk"),
        ("topics", "alone"),
        ("topics", "health"),
    ]


def test_a_contact_that_nobody_took_counts_as_lost_and_has_no_length() -> None:
    assert counted("abandoned", None, None, {}) == [("closed", "abandoned"), ("lost", "all")]


def test_no_exact_figure_of_a_contact_is_counted() -> None:
    values = {value for _kind, value in counted("abandoned", 1_234, 5_678, {})}

    assert not {value for value in values if "1234" in value or "5678" in value}
