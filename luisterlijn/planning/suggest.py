"""Who can take a shift, and why the others cannot. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from luisterlijn.planning.instance import Assignment, Role
from luisterlijn.planning.objective import (
    FREE_NIGHTS,
    SURPLUS,
    missing_cost,
    need_left,
    nights_cost,
    not_preferred_cost,
    wanted_cost,
)
from luisterlijn.planning.rules import Book, Rule, Sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from luisterlijn.planning.instance import Instance, Volunteer

REACH_DAYS = 2


@unique
class Reason(StrEnum):
    """What speaks for somebody, or less for one than for another."""

    PREFERS = "prefers"
    CAN = "can"
    BELOW_WANTED = "below-wanted"
    AT_WANTED = "at-wanted"
    FIRST_NIGHT = "first-night"
    FURTHER_NIGHT = "further-night"
    COVERS_NOBODY = "covers-nobody"


SENTENCES = {
    Reason.PREFERS: Sentence("werkt dan graag", "prefers this shift"),
    Reason.CAN: Sentence("kan dan", "can take this shift"),
    Reason.BELOW_WANTED: Sentence(
        "heeft minder diensten dan gevraagd", "has fewer shifts than wanted"
    ),
    Reason.AT_WANTED: Sentence(
        "heeft al zoveel diensten als gevraagd", "has as many shifts as wanted already"
    ),
    Reason.FIRST_NIGHT: Sentence("heeft nog geen nacht", "has no night yet"),
    Reason.FURTHER_NIGHT: Sentence("heeft al een nacht", "has a night already"),
    Reason.COVERS_NOBODY: Sentence(
        "is in opleiding en telt nog niet mee", "is a trainee and does not count yet"
    ),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who may take the shift.

    `rise` is what the roster's cost changes by, in points; the lowest fits best.
    """

    volunteer: int
    rise: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Who can take one shift.

    Args:
        can: the best first.
        cannot: everybody else with the rules in the way, nearest to a yes first; in the order of
            their ids where that is alike.
    """

    can: tuple[Candidate, ...]
    cannot: tuple[tuple[int, tuple[Rule, ...]], ...]


def who_can(
    instance: Instance, roster: Iterable[Assignment], day: int, template: int, channel: str
) -> Suggestion:
    """Say who can take a shift beside the roster as it is.

    Args:
        instance: the problem.
        roster: who stands where; it may break rules, whoever is suggested adds nothing to that.
        day: from 0.
        template: from 0.
        channel: one of the instance's.
    """
    rows = list(roster)
    book = Book(instance, rows)
    worth = _worth(instance, rows, day, template, channel)
    can, cannot = [], []
    for who in instance.volunteers:
        wanted = Assignment(who.id, day, template, channel)
        rules = book.against(wanted)
        if rules:
            cannot.append((who.id, tuple(rules)))
        else:
            can.append(_candidate(instance, who, book.own(who.id), wanted, worth))
    can.sort(key=lambda each: (each.rise, each.volunteer))
    cannot.sort(key=lambda each: (len(each[1]), each[0]))
    return Suggestion(tuple(can), tuple(cannot))


def _candidate(
    instance: Instance, who: Volunteer, own: Sequence[Assignment], wanted: Assignment, worth: int
) -> Candidate:
    rise = not_preferred_cost(who, wanted)
    reasons = [Reason.CAN if rise else Reason.PREFERS]
    rise += wanted_cost(who, len(own) + 1) - wanted_cost(who, len(own))
    reasons.append(Reason.BELOW_WANTED if len(own) < who.wanted else Reason.AT_WANTED)
    if instance.templates[wanted.template].night:
        nights = sum(instance.templates[row.template].night for row in own)
        rise += nights_cost(nights + 1) - nights_cost(nights)
        reasons.append(Reason.FIRST_NIGHT if nights < FREE_NIGHTS else Reason.FURTHER_NIGHT)
    if who.role is Role.TRAINEE:
        reasons.append(Reason.COVERS_NOBODY)
    else:
        rise += worth
    return Candidate(who.id, rise, tuple(reasons))


def _worth(
    instance: Instance, roster: Sequence[Assignment], day: int, template: int, channel: str
) -> int:
    """Give what one more person in the shift changes: below 0 where somebody is missing."""
    # A shift reaches into the second day after its own at most.
    near = [row for row in roster if abs(row.day - day) <= REACH_DAYS and row.channel == channel]
    gaps = need_left(instance, near)[instance.channels.index(channel)]
    start = instance.start(day, template)
    first = max(start, instance.first_counted_slot)
    last = min(start + instance.shift_slots, instance.slots)
    return sum(
        missing_cost(channel, gap - 1) - missing_cost(channel, gap) if gap > 0 else SURPLUS
        for gap in gaps[first:last]
    )
