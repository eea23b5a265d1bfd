"""Which days are feast days, over twenty years."""

from __future__ import annotations

import csv
from datetime import date, timedelta

import pytest

from luisterlijn.demand.feasts import Feast, easter, feast
from luisterlijn.edge.house import HOUSE

LISTED = HOUSE.parent / "shared" / "data" / "nl-feestdagen" / "feestdagen-2015-2035.csv"


def test_feast_days_are_those_of_the_law_and_the_two_eves() -> None:
    assert easter(2026) == date(2026, 4, 5)
    assert feast(date(2026, 12, 24)) is Feast.CHRISTMAS
    assert feast(date(2025, 4, 26)) is Feast.OTHER, "King's Day moves when the 27th is a Sunday"
    assert feast(date(2025, 4, 27)) is Feast.NONE
    assert feast(date(2025, 5, 5)) is Feast.OTHER
    assert feast(date(2026, 5, 5)) is Feast.NONE


@pytest.mark.skipif(not LISTED.exists(), reason="the list of PyPI holidays is not on this machine")
def test_feast_days_of_twenty_years_are_those_that_another_program_lists() -> None:
    with LISTED.open(encoding="utf-8") as rows:
        listed = {
            date.fromisoformat(row["datum"])
            for row in csv.DictReader(rows)
            if row["categorie"] == "public" and row["naam"] != "Goede vrijdag"
        }
    first, last = date(2015, 1, 1), date(2035, 12, 31)
    every = [first + timedelta(days=each) for each in range((last - first).days + 1)]
    eves = {(12, 24), (12, 31)}

    ours = {each for each in every if feast(each) and (each.month, each.day) not in eves}

    assert ours == listed
