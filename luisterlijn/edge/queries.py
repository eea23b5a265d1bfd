"""What several pages ask: some days, a branch, somebody by an id, hours on the wall clock."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import Interval, local_interval
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, parse_id

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from luisterlijn.kernel.scope import Scope

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


def id_named(text: str) -> UUID:
    """Read an id in a path or a body.

    Raises:
        Refusal: `not-found` for what is none.
    """
    found = parse_id(text)
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return found


def branch_or_all(scope: Scope, asked: str | None) -> BranchId | None:
    """Give the branch that is meant; None: all, for who works for the whole line.

    Raises:
        Refusal: `not-found` for the branch of somebody else, or for who has none.
    """
    named = BranchId(id_named(asked)) if asked else None
    if scope.national:
        return named
    if scope.branch is None or (named is not None and named != scope.branch):
        raise Refusal(Code.NOT_FOUND)
    return scope.branch


def hours_told(day: date, starts: str, ends: str) -> Interval:
    """Give the instants of hours on the Amsterdam wall clock; see `local_interval`.

    Raises:
        Refusal: `zero-length`; `bad-request` for what is no time, or no day to reckon with.
    """
    try:
        begins, stops = time.fromisoformat(starts), time.fromisoformat(ends)
        if begins == stops:
            raise Refusal(Code.ZERO_LENGTH)
        return local_interval(day, begins, stops)
    except (ValueError, OverflowError):
        raise Refusal(Code.BAD_REQUEST) from None
