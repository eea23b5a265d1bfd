"""School holidays: how much of the country is away."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date

import pytest

from luisterlijn.demand.school import AWAY
from luisterlijn.edge.house import HOUSE

LISTED = HOUSE.parent / "shared" / "data" / "nl-feestdagen" / "schoolvakanties.csv"


def test_a_day_says_which_share_of_the_regions_is_away() -> None:
    assert AWAY[date(2026, 8, 10)] == 1.0
    assert AWAY[date(2018, 2, 17)] == pytest.approx(1 / 3)
    assert date(2026, 6, 1) not in AWAY
    assert AWAY[date(2019, 1, 6)] == 1.0, "a holiday that spans the turn of the year"


@pytest.mark.skipif(not LISTED.exists(), reason="the list of PyPI holidays is not on this machine")
def test_the_table_is_the_list_it_was_taken_from() -> None:
    with LISTED.open(encoding="utf-8") as rows:
        listed = Counter(date.fromisoformat(row["datum"]) for row in csv.DictReader(rows))

    assert {day: round(share * 3) for day, share in AWAY.items()} == dict(listed)
