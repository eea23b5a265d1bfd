"""The hard rules of a roster, in one place: for the engine, and for who signs up or swaps. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING, NamedTuple, Protocol

from luisterlijn.planning.instance import HOUR_MINUTES, PHONE, Role

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from luisterlijn.planning.instance import Assignment, Instance, Volunteer

REST_HOURS = 11
"""Between the end of one shift and the start of the next: what the law asks for employees."""
WEEK_DAYS = 7
"""A week is counted from day 0 of the period."""
MOST_A_WEEK = 2
DESKS = 4
"""In a branch at one moment, for those who cannot work from home."""


@unique
class Rule(StrEnum):
    """What no engine ever breaks; the code stands in files, answers and texts."""

    NOT_AVAILABLE = "not-available"
    NOT_TRAINED = "not-trained"
    OVERLAPS = "overlaps"
    TWO_SHIFTS_A_DAY = "two-shifts-a-day"
    TOO_LITTLE_REST = "too-little-rest"
    TOO_MANY_A_WEEK = "too-many-a-week"
    TOO_MANY_SHIFTS = "too-many-shifts"
    TOO_MANY_NIGHTS = "too-many-nights"
    TRAINEE_ALONE = "trainee-alone"
    DESKS_FULL = "desks-full"


NEVER = frozenset({Rule.NOT_TRAINED, Rule.OVERLAPS, Rule.TRAINEE_ALONE, Rule.DESKS_FULL})
"""Nobody can allow these. The others a coordinator can, with the volunteer's yes and a reason; such
an assignment is then pinned."""


class Sentence(NamedTuple):
    """What a planner reads, in both languages."""

    nl: str
    en: str


SENTENCES = {
    Rule.NOT_AVAILABLE: Sentence("kan dan niet", "cannot then"),
    Rule.NOT_TRAINED: Sentence(
        "is niet opgeleid voor dit kanaal", "is not trained for this channel"
    ),
    Rule.OVERLAPS: Sentence("heeft dan al een dienst", "has another shift then"),
    Rule.TWO_SHIFTS_A_DAY: Sentence("heeft die dag al een dienst", "has another shift that day"),
    Rule.TOO_LITTLE_REST: Sentence(
        f"heeft dan geen {REST_HOURS} uur rust tussen twee diensten",
        f"would not have {REST_HOURS} hours of rest between two shifts",
    ),
    Rule.TOO_MANY_A_WEEK: Sentence(
        f"heeft die week al {MOST_A_WEEK} diensten", f"has {MOST_A_WEEK} shifts that week already"
    ),
    Rule.TOO_MANY_SHIFTS: Sentence(
        "heeft al het hoogste aantal diensten", "has as many shifts as allowed already"
    ),
    Rule.TOO_MANY_NIGHTS: Sentence(
        "heeft al het hoogste aantal nachten", "has as many nights as allowed already"
    ),
    Rule.TRAINEE_ALONE: Sentence(
        "heeft geen eigen mentor naast zich", "has no mentor of the branch beside"
    ),
    Rule.DESKS_FULL: Sentence(
        "heeft geen bureau op de vestiging", "has no desk left at the branch"
    ),
}
"""Each is said of a person in a shift: name and day go before it."""


class Stint(NamedTuple):
    """Somebody's work from a minute to a minute, however it is stored.

    Args:
        start: minutes on a line of time that never jumps, from any beginning.
        end: the first minute after it.
        day: of service: a night belongs to the day before it. A week begins at every multiple of 7.
        night: counts as one.
        channels: being trained for one of them is enough.
    """

    start: int
    end: int
    day: int
    night: bool
    channels: tuple[str, ...]


class Limits(Protocol):
    """What holds for one person in one period."""

    @property
    def channels(self) -> Collection[str]:
        """Give what the person is trained for."""
        ...

    @property
    def max_shifts(self) -> int:
        """Give how many shifts in the period are the most."""
        ...

    @property
    def max_nights(self) -> int:
        """Give how many nights in the period are the most."""
        ...


def alone(
    limits: Limits, own: Iterable[Stint], wanted: Stint, within: range | None = None
) -> list[Rule]:
    """Say which rules of the person alone one more stint would break; availability is not asked.

    Args:
        limits: what holds for the person.
        own: the person's other stints, in any order.
        wanted: the stint.
        within: days of the period that `max_shifts` and `max_nights` are about; None: all of them.

    Returns:
        The rules in the order they are written.
    """
    rest = REST_HOURS * HOUR_MINUTES
    week = wanted.day // WEEK_DAYS
    overlaps = same_day = tired = False
    in_week = in_period = nights = 0
    for each in own:
        gap = max(each.start - wanted.end, wanted.start - each.end)
        overlaps |= gap < 0
        tired |= 0 <= gap < rest
        same_day |= each.day == wanted.day
        in_week += each.day // WEEK_DAYS == week
        if within is None or each.day in within:
            in_period += 1
            nights += each.night
    wrong = {
        Rule.NOT_TRAINED: not any(each in limits.channels for each in wanted.channels),
        Rule.OVERLAPS: overlaps,
        Rule.TWO_SHIFTS_A_DAY: same_day,
        Rule.TOO_LITTLE_REST: tired,
        Rule.TOO_MANY_A_WEEK: in_week >= MOST_A_WEEK,
        Rule.TOO_MANY_SHIFTS: in_period >= limits.max_shifts,
        Rule.TOO_MANY_NIGHTS: wanted.night and nights >= limits.max_nights,
    }
    return [rule for rule, is_broken in wrong.items() if is_broken]


def most_at_once(stints: Iterable[Stint], wanted: Stint) -> int:
    """Give how many of these there are at the busiest moment of the wanted one."""
    moments = []
    for each in stints:
        start, end = max(each.start, wanted.start), min(each.end, wanted.end)
        if start < end:
            # Who goes makes room for who comes at that very minute.
            moments += [(start, 1), (end, -1)]
    count = most = 0
    for _minute, change in sorted(moments):
        count += change
        most = max(most, count)
    return most


@dataclass(frozen=True, slots=True, order=True)
class Broken:
    """One assignment that breaks one rule, beside those that come before it."""

    volunteer: int
    day: int
    template: int
    rule: Rule


class Book:
    """Who is where in a roster, to judge assignments by. It does not change."""

    def __init__(self, instance: Instance, roster: Iterable[Assignment]) -> None:
        """Write the assignments down; all name people and shifts that the instance has."""
        self.instance = instance
        self.volunteers = {each.id: each for each in instance.volunteers}
        self.rows = sorted(roster, key=lambda each: (_start(instance, each), each))
        own: defaultdict[int, list[Assignment]] = defaultdict(list)
        self._mentors: Counter[tuple[int, int, int]] = Counter()
        self._trainees: Counter[tuple[int, int, int]] = Counter()
        self._desks: Counter[tuple[int, int]] = Counter()
        for row in self.rows:
            who = self.volunteers[row.volunteer]
            own[who.id].append(row)
            shift = (who.branch, row.day, row.template)
            self._mentors[shift] += is_mentoring(who, row)
            self._trainees[shift] += who.role is Role.TRAINEE
            if not who.home:
                self._desks.update((who.branch, slot) for slot in _slots(instance, row))
        self._own = {volunteer: tuple(rows) for volunteer, rows in own.items()}

    def own(self, volunteer: int) -> Sequence[Assignment]:
        """Give somebody's assignments, the earliest first."""
        return self._own.get(volunteer, ())

    def against(self, wanted: Assignment) -> list[Rule]:
        """Say which rules one more assignment would break.

        Returns:
            The rules in the order they are written; empty: it may be.
        """
        who = self.volunteers[wanted.volunteer]
        found = personal(self.instance, who, self.own(who.id), wanted)
        if who.role is Role.TRAINEE and self._all_taken(who.branch, wanted):
            found.append(Rule.TRAINEE_ALONE)
        slots = _slots(self.instance, wanted)
        if not who.home and any(self._desks[who.branch, slot] >= DESKS for slot in slots):
            found.append(Rule.DESKS_FULL)
        return found

    def holds_a_trainee(self, leaving: Assignment) -> bool:
        """Say whether a trainee would be alone if this assignment were taken away."""
        who = self.volunteers[leaving.volunteer]
        return is_mentoring(who, leaving) and self._all_taken(who.branch, leaving)

    def mentors(self, branch: int, day: int, template: int) -> int:
        """Give how many mentors of a branch are on the phone in a shift."""
        return self._mentors[branch, day, template]

    def _all_taken(self, branch: int, shift: Assignment) -> bool:
        key = (branch, shift.day, shift.template)
        return self._mentors[key] <= self._trainees[key]


def broken(instance: Instance, roster: Iterable[Assignment]) -> tuple[Broken, ...]:
    """Name each rule that a roster breaks, with the person and the shift.

    Each assignment is judged beside the person's and the branch's earlier ones, so that the third
    shift of a week is named and not the first two.

    Args:
        instance: the problem.
        roster: assignments in any order, all of people and shifts that the instance has.

    Returns:
        Sorted; empty when the roster holds.
    """
    book = Book(instance, roster)
    own: defaultdict[int, list[Assignment]] = defaultdict(list)
    trainees: Counter[tuple[int, int, int]] = Counter()
    desks: Counter[tuple[int, int]] = Counter()
    found = []
    for row in book.rows:
        who = book.volunteers[row.volunteer]
        rules = personal(instance, who, own[who.id], row)
        own[who.id].append(row)
        if who.role is Role.TRAINEE:
            shift = (who.branch, row.day, row.template)
            trainees[shift] += 1
            if trainees[shift] > book.mentors(*shift):
                rules.append(Rule.TRAINEE_ALONE)
        if not who.home:
            slots = _slots(instance, row)
            desks.update((who.branch, slot) for slot in slots)
            if any(desks[who.branch, slot] > DESKS for slot in slots):
                rules.append(Rule.DESKS_FULL)
        found += [Broken(row.volunteer, row.day, row.template, rule) for rule in rules]
    return tuple(sorted(found))


def personal(
    instance: Instance, who: Volunteer, own: Iterable[Assignment], wanted: Assignment
) -> list[Rule]:
    """Say which rules of the person alone one more assignment would break.

    Args:
        instance: the problem.
        who: the person.
        own: the person's other assignments.
        wanted: the assignment.
    """
    found = alone(who, [stint(instance, each) for each in own], stint(instance, wanted))
    if who.availability[wanted.day][wanted.template] == "0":
        found.insert(0, Rule.NOT_AVAILABLE)
    return found


def stint(instance: Instance, row: Assignment) -> Stint:
    """Give an assignment as minutes since the period began."""
    start = _start(instance, row) * instance.slot_minutes
    return Stint(
        start,
        start + instance.shift_slots * instance.slot_minutes,
        row.day,
        instance.templates[row.template].night,
        (row.channel,),
    )


def told(instance: Instance, found: Broken, language: str = "en") -> str:
    """Say in words who breaks which rule and when; `language` is nl or en."""
    hour = instance.templates[found.template].start_hour
    when = f"{found.day + 1}, {hour % 24:02}:00"
    who = {"nl": "vrijwilliger", "en": "volunteer"}[language]
    day = {"nl": "dag", "en": "day"}[language]
    sentence = getattr(SENTENCES[found.rule], language)
    return f"{who} {found.volunteer}, {day} {when}: {sentence}"


def is_mentoring(who: Volunteer, row: Assignment) -> bool:
    """Say whether the person can have a trainee beside in this shift: a mentor on the phone."""
    return who.role is Role.MENTOR and row.channel == PHONE


def _start(instance: Instance, row: Assignment) -> int:
    return instance.start(row.day, row.template)


def _slots(instance: Instance, row: Assignment) -> range:
    start = _start(instance, row)
    return range(start, start + instance.shift_slots)
