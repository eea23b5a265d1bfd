"""The Dutch feast days, without arithmetic: for who counts days and not contacts. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from enum import IntEnum, unique
from functools import lru_cache

SUNDAY = 6
LUSTRUM = 5


@unique
class Feast(IntEnum):
    """Which kind of feast day a local day is; days of a kind share one factor."""

    NONE = 0
    CHRISTMAS = 1
    NEW_YEAR = 2
    OTHER = 3


@lru_cache(maxsize=128)
def easter(year: int) -> date:
    """Give Easter Sunday of the Gregorian calendar (Meeus, Jones, Butcher)."""
    century, rest = divmod(year, 100)
    golden = year % 19
    epact = (
        19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
    late = (golden + 11 * epact + 22 * week) // 451
    month, day = divmod(epact + week - 7 * late + 114, 31)
    return date(year, month, day + 1)


def feast(day: date) -> Feast:
    """Say which kind of feast day a day is.

    Christmas and New Year count with their eves: who is alone feels those evenings too. Good Friday
    is an ordinary working day for most; Liberation Day is one outside lustrum years.
    """
    return _feasts(day.year).get((day.month, day.day), Feast.NONE)


@lru_cache(maxsize=128)
def _feasts(year: int) -> dict[tuple[int, int], Feast]:
    easter_day = easter(year)
    moving = [easter_day + timedelta(days=days) for days in (0, 1, 39, 49, 50)]
    king = date(year, 4, 27)
    # On a Sunday, King's Day moves a day forward.
    moving.append(king - timedelta(days=1) if king.weekday() == SUNDAY else king)
    if year % LUSTRUM == 0:
        moving.append(date(year, 5, 5))
    found = {(each.month, each.day): Feast.OTHER for each in moving}
    found |= {(12, each): Feast.CHRISTMAS for each in (24, 25, 26)}
    found |= {(12, 31): Feast.NEW_YEAR, (1, 1): Feast.NEW_YEAR}
    return found
