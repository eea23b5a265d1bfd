"""What several pages ask in a query: some days, from a day on."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code, Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_DAYS = 31
YEARS = range(2000, 2200)
"""Near the ends of the calendar there is no day before or after."""


def days_asked(query: Mapping[str, str]) -> tuple[date, int]:
    """Read `from`, a local date, and `days`, 7 when it is not named.

    Raises:
        Refusal: `bad-request` for what is no date or number, for too many days, and for far years.
    """
    try:
        first = date.fromisoformat(query["from"])
        days = int(query.get("days", "7"))
    except (KeyError, ValueError):
        raise Refusal(Code.BAD_REQUEST) from None
    if not 0 < days <= MOST_DAYS or first.year not in YEARS:
        raise Refusal(Code.BAD_REQUEST)
    return first, days


def check_day(day: date) -> date:
    """Give a local date back that a calendar can reckon with.

    Raises:
        Refusal: `bad-request` for far years.
    """
    if day.year not in YEARS:
        raise Refusal(Code.BAD_REQUEST)
    return day
