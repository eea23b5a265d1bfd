"""Some days, as a page asks for them."""

from __future__ import annotations

from datetime import date

import pytest

from luisterlijn.edge.queries import days_asked
from luisterlijn.kernel.errors import Code, Refusal


def test_a_week_is_given_when_no_number_of_days_is_named() -> None:
    assert days_asked({"from": "2026-03-29"}) == (date(2026, 3, 29), 7)
    assert days_asked({"from": "2026-03-29", "days": "31"}) == (date(2026, 3, 29), 31)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"from": "29-03-2026"},
        {"from": "2026-03-29", "days": "many"},
        {"from": "2026-03-29", "days": "0"},
        {"from": "2026-03-29", "days": "32"},
        {"from": "1999-12-31"},
        {"from": "2200-01-01"},
    ],
)
def test_what_cannot_be_looked_up_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refusal:
        days_asked(query)

    assert refusal.value.code is Code.BAD_REQUEST
