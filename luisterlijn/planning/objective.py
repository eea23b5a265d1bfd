"""What a roster costs, with its parts: lower is better. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import pstdev
from typing import TYPE_CHECKING

from luisterlijn.planning.instance import PHONE, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from luisterlijn.planning.instance import Assignment, Instance, Volunteer

MISSING = {PHONE: (10, 15, 20), "chat": (8, 12, 16)}
"""A missing half hour: the first, the second, and each further person at the same moment. The more
are missing at once, the more callers give up for each of them."""
SURPLUS = 1
NOT_PREFERRED = 1
BELOW_WANTED = 4
TRAINEE_BELOW_WANTED = 12
ABOVE_WANTED = 8
NIGHT = 4
"""The second night; each further one costs 8 more than that."""
FREE_NIGHTS = 1
CAN = "1"


@dataclass(frozen=True, slots=True, order=True)
class Cost:
    """What a roster costs, in points; the parts add up to `total`."""

    total: int
    missing: int
    surplus: int
    not_preferred: int
    wanted: int
    nights: int


@dataclass(frozen=True, slots=True)
class Fairness:
    """How a roster treats people.

    Args:
        uncovered_share: of the half hours of demand that nobody covers.
        nights_max: the most nights of one person.
        nights_sd: standard deviation of nights, over those who can work nights at all.
        preferred_share: of the shifts that people said to prefer; 1 without shifts.
        trainee_share: of the wanted shifts of trainees that they have; 1 without trainees.
    """

    uncovered_share: float
    nights_max: int
    nights_sd: float
    preferred_share: float
    trainee_share: float


def cost(instance: Instance, roster: Iterable[Assignment]) -> Cost:
    """Give what a roster costs; that it breaks no rule is not said, see `rules.broken`."""
    rows = list(roster)
    missing = surplus = 0
    for channel, gaps in zip(instance.channels, need_left(instance, rows), strict=True):
        counted = gaps[instance.first_counted_slot :]
        missing += sum(missing_cost(channel, gap) for gap in counted)
        surplus += sum(SURPLUS * -gap for gap in counted if gap < 0)
    own = _own(rows)
    people = [(each, own[each.id]) for each in instance.volunteers]
    not_preferred = sum(not_preferred_cost(who, row) for who, mine in people for row in mine)
    wanted = sum(wanted_cost(who, len(mine)) for who, mine in people)
    nights = sum(nights_cost(_nights(instance, mine)) for _, mine in people)
    return Cost(
        missing + surplus + not_preferred + wanted + nights,
        missing,
        surplus,
        not_preferred,
        wanted,
        nights,
    )


def fairness(instance: Instance, roster: Iterable[Assignment]) -> Fairness:
    """Give how a roster treats people."""
    rows = list(roster)
    own = _own(rows)
    gaps = [row[instance.first_counted_slot :] for row in need_left(instance, rows)]
    needed = sum(sum(row[instance.first_counted_slot : instance.slots]) for row in instance.need)
    uncovered = sum(gap for row in gaps for gap in row if gap > 0)
    nights = [
        _nights(instance, own[each.id])
        for each in instance.volunteers
        if _works_nights(instance, each)
    ]
    trainees = [each for each in instance.volunteers if each.role is Role.TRAINEE]
    wanted = sum(each.wanted for each in trainees)
    had = sum(min(each.wanted, len(own[each.id])) for each in trainees)
    people = {each.id: each for each in instance.volunteers}
    preferred = sum(not not_preferred_cost(people[row.volunteer], row) for row in rows)
    return Fairness(
        uncovered_share=uncovered / needed if needed else 0.0,
        nights_max=max(nights, default=0),
        nights_sd=pstdev(nights) if nights else 0.0,
        preferred_share=preferred / len(rows) if rows else 1.0,
        trainee_share=had / wanted if wanted else 1.0,
    )


def need_left(instance: Instance, roster: Iterable[Assignment]) -> list[list[int]]:
    """Give how many are still missing.

    Returns:
        Shape (channels, slots of the period); negative: so many more than needed.
    """
    number = {channel: row for row, channel in enumerate(instance.channels)}
    trainees = {each.id for each in instance.volunteers if each.role is Role.TRAINEE}
    left = [list(row[: instance.slots]) for row in instance.need]
    for row in roster:
        if row.volunteer in trainees:
            continue
        start = instance.start(row.day, row.template)
        covered = left[number[row.channel]]
        for slot in range(start, min(start + instance.shift_slots, instance.slots)):
            covered[slot] -= 1
    return left


def missing_cost(channel: str, missing: int) -> int:
    """Give what it costs that so many are missing in one slot; nothing when none is."""
    first, second, further = MISSING[channel]
    return first * (missing > 0) + second * (missing > 1) + further * max(0, missing - 2)


def not_preferred_cost(who: Volunteer, row: Assignment) -> int:
    """Give what it costs that somebody is in a shift that was not preferred."""
    return NOT_PREFERRED * (who.availability[row.day][row.template] == CAN)


def wanted_cost(who: Volunteer, shifts: int) -> int:
    """Give what it costs that somebody has so many shifts, beside the number wanted."""
    below = TRAINEE_BELOW_WANTED if who.role is Role.TRAINEE else BELOW_WANTED
    return ABOVE_WANTED * max(0, shifts - who.wanted) + below * max(0, who.wanted - shifts)


def nights_cost(nights: int) -> int:
    """Give what it costs that somebody has so many nights."""
    further = max(0, nights - FREE_NIGHTS)
    return NIGHT * further + 2 * NIGHT * max(0, further - 1)


def _nights(instance: Instance, own: Sequence[Assignment]) -> int:
    return sum(instance.templates[row.template].night for row in own)


def _works_nights(instance: Instance, who: Volunteer) -> bool:
    return any(
        level != "0" and template.night
        for day in who.availability
        for level, template in zip(day, instance.templates, strict=True)
    )


def _own(roster: Iterable[Assignment]) -> defaultdict[int, list[Assignment]]:
    own: defaultdict[int, list[Assignment]] = defaultdict(list)
    for row in roster:
        own[row.volunteer].append(row)
    return own
