"""Never fewer than two there, never one alone without a coach to be reached. Pure.

The line stays open for who is there: this only says when somebody must know.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum, unique

FEWEST = 2


@unique
class Thin(StrEnum):
    """How the line is covered too thinly."""

    NOBODY = "nobody"
    ALONE = "alone"
    ALONE_NO_COACH = "alone_no_coach"


TOLD_AFTER = {
    Thin.NOBODY: timedelta(minutes=5),
    Thin.ALONE: timedelta(minutes=5),
    Thin.ALONE_NO_COACH: timedelta(minutes=1),
}
"""A reload or the change of shifts alarms nobody; one alone without a coach waits less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """What was noticed, since when, and whether it was told."""

    kind: Thin
    since: datetime
    told: bool = False


def thin(there: int, *, coach: bool) -> Thin | None:
    """Say how an open line is covered too thinly; None: it is not.

    Args:
        there: who of those on a shift has a console that is heard; a trainee counts for nobody.
        coach: one on duty can be reached.
    """
    if there >= FEWEST:
        return None
    if there == 0:
        return Thin.NOBODY
    return Thin.ALONE if coach else Thin.ALONE_NO_COACH


def noticed(before: Noticed | None, kind: Thin | None, now: datetime) -> Noticed | None:
    """Give what is noticed now; `told` turns true in the look in which it is to be told.

    What grows worse, or less bad, is told anew, and has waited already.
    """
    if kind is None:
        return None
    after = before or Noticed(kind=kind, since=now)
    if after.kind is not kind:
        after = replace(after, kind=kind, told=False)
    return replace(after, told=after.told or now - after.since >= TOLD_AFTER[kind])
