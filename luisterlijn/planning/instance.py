"""The problem as values: what is needed, who can, and a roster; reading and writing them. Pure."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Thing = TypeVar("Thing")

PHONE = "phone"
CHANNELS = (PHONE, "chat")
"""Mail is answered from the same shifts, so it asks for nobody of its own."""
DAY_MINUTES = 24 * 60
HOUR_MINUTES = 60
LAST_START_HOUR = 48
"""A template of a day starts on that day or in the night after it."""
LONGEST_SHIFT_HOURS = 12
MOST_DAYS = 366
MOST_NEEDED = 10_000
LARGEST_BYTES = 64 * 1024 * 1024
"""Of an unpacked file: a national instance has 1 MB, and a small file can unpack to any size."""
MOST_FAULTS = 20
"""So many are told: who made the file mends it after the first few."""
LEVELS = frozenset("012")


@unique
class Role(StrEnum):
    """What somebody is in a roster."""

    VOLUNTEER = "volunteer"
    TRAINEE = "trainee"
    MENTOR = "mentor"


class Fault(NamedTuple):
    """One thing that is wrong with a file: the field (or line), and why."""

    where: str
    why: str


class BadFile(Exception):
    """A file holds no problem or roster that can be used; `faults` says where and why."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults, the first twenty."""
        self.faults = tuple(faults)[:MOST_FAULTS]
        super().__init__("; ".join(f"{where}: {why}" for where, why in self.faults))


@dataclass(frozen=True, slots=True)
class Template:
    """A shift that can be planned on each day.

    `start_hour` counts from 00:00 of the day: 27 is 03:00 in the night after it.
    """

    index: int
    start_hour: int
    night: bool


@dataclass(frozen=True, slots=True)
class Volunteer:
    """Somebody who can be planned.

    Args:
        id: a number of its own.
        branch: the branch's number.
        role: a trainee covers no demand and needs a mentor beside.
        channels: what the person is trained for.
        home: may work from home, so needs no desk.
        wanted: shifts asked for in the period.
        max_shifts: never more in the period.
        max_nights: never more nights in the period.
        availability: a string a day, one sign a template: 0 cannot, 1 can, 2 prefers.
    """

    id: int
    branch: int
    role: Role
    channels: tuple[str, ...]
    home: bool
    wanted: int
    max_shifts: int
    max_nights: int
    availability: tuple[str, ...]


class Assignment(NamedTuple):
    """One volunteer in one shift; day and template are counted from 0."""

    volunteer: int
    day: int
    template: int
    channel: str


Roster = tuple[Assignment, ...]
"""Each assignment once, sorted."""


@dataclass(frozen=True, slots=True)
class Instance:
    """What a roster is to be made of.

    Args:
        days: length of the period, from 00:00 of day 0.
        slot_minutes: length of a slot of demand; half an hour nationally.
        first_counted_slot: what is needed before it is another period's affair.
        shift_slots: how many slots every shift lasts.
        templates: in order of their index.
        channels: in the order of `need`.
        need: people wanted; shape (channels, slots of the period or longer).
        volunteers: everybody, in any order.
    """

    days: int
    slot_minutes: int
    first_counted_slot: int
    shift_slots: int
    templates: tuple[Template, ...]
    channels: tuple[str, ...]
    need: tuple[tuple[int, ...], ...]
    volunteers: tuple[Volunteer, ...]

    @property
    def day_slots(self) -> int:
        """Give the number of slots in a day."""
        return DAY_MINUTES // self.slot_minutes

    @property
    def slots(self) -> int:
        """Give the number of slots in the period: what lies behind them is not counted."""
        return self.days * self.day_slots

    def start(self, day: int, template: int) -> int:
        """Give the slot in which a shift starts."""
        hour = self.templates[template].start_hour
        return day * self.day_slots + hour * HOUR_MINUTES // self.slot_minutes


def roster(assignments: Iterable[Sequence[object]]) -> Roster:
    """Give the assignments in the one order that a roster has."""
    return tuple(sorted(Assignment(*each) for each in assignments))  # type: ignore[arg-type] # four each


def read_instance(data: bytes) -> Instance:
    """Read an INSTANCE.json.gz, or the same unpacked.

    Raises:
        BadFile: it is no such file, or says something that cannot be.
    """
    found = _decoded(_unpacked(data), Instance)
    # What a person must have is counted by the form, so the form comes first.
    faults = [*_form_faults(found)] or [*_people_faults(found)]
    if faults:
        raise BadFile(faults)
    return found


def write_instance(instance: Instance) -> bytes:
    """Give an INSTANCE.json.gz; the same instance gives the same bytes."""
    return gzip.compress(msgspec.json.encode(instance), mtime=0)


def read_roster(data: bytes, instance: Instance) -> Roster:
    """Read a ROSTER.json: a list of [volunteer, day, template, channel].

    That it breaks no rule is not said; see `rules.broken`.

    Raises:
        BadFile: it is no such list, or names what the instance does not have, or one twice.
    """
    rows = _decoded(_unpacked(data), list[Assignment])
    known = {each.id for each in instance.volunteers}
    faults, seen = [], set()
    for number, row in enumerate(rows):
        why = {
            "no volunteer has this id": row.volunteer not in known,
            "no such day": not 0 <= row.day < instance.days,
            "no such template": not 0 <= row.template < len(instance.templates),
            "no such channel": row.channel not in instance.channels,
            "stands here twice": row in seen,
        }
        seen.add(row)
        faults += [Fault(f"[{number}]", reason) for reason, wrong in why.items() if wrong]
    if faults:
        raise BadFile(faults)
    return roster(rows)


def write_roster(assignments: Iterable[Assignment]) -> bytes:
    """Give a ROSTER.json, one assignment a line."""
    lines = ",\n".join(msgspec.json.encode(each).decode() for each in roster(assignments))
    return f"[\n{lines}\n]\n".encode()


def _unpacked(data: bytes) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        found = unpacking.decompress(data, LARGEST_BYTES)
    except zlib.error:
        raise BadFile([Fault("file", "the gzip data is damaged")]) from None
    if unpacking.unconsumed_tail:
        raise BadFile([Fault("file", "unpacks to more than 64 MB")])
    if not unpacking.eof:
        raise BadFile([Fault("file", "the gzip data ends too early")])
    return found


def _decoded(data: bytes, kind: type[Thing]) -> Thing:
    """Read JSON of this form; what is wrong is said in the reader's words, with field or byte."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise BadFile([Fault("file", str(fault))]) from None


def _form_faults(found: Instance) -> Iterator[Fault]:
    """Give what is wrong with the period, the templates, the channels and the need."""
    yield from _wrong("days", 1 <= found.days <= MOST_DAYS, f"1 to {MOST_DAYS} days")
    slot = found.slot_minutes
    fits = slot > 0 and DAY_MINUTES % slot == 0 and HOUR_MINUTES % slot == 0
    yield from _wrong("slot_minutes", fits, "an hour must be a whole number of slots")
    yield from _wrong("first_counted_slot", found.first_counted_slot >= 0, "0 or more")
    length = slot * found.shift_slots
    longest = f"a shift lasts from one slot to {LONGEST_SHIFT_HOURS} hours"
    yield from _wrong("shift_slots", 0 < length <= LONGEST_SHIFT_HOURS * HOUR_MINUTES, longest)
    yield from _wrong("templates", bool(found.templates), "there is none")
    for number, template in enumerate(found.templates):
        where = f"templates[{number}]"
        yield from _wrong(f"{where}.index", template.index == number, f"must be {number}")
        starts = 0 <= template.start_hour < LAST_START_HOUR
        yield from _wrong(f"{where}.start_hour", starts, f"0 to {LAST_START_HOUR - 1}")
    known = set(found.channels) <= set(CHANNELS)
    yield from _wrong("channels", known and found.channels, f"some of {', '.join(CHANNELS)}")
    once = len(set(found.channels)) == len(found.channels)
    yield from _wrong("channels", once, "each once")
    yield from _wrong("need", len(found.need) == len(found.channels), "one row for each channel")
    least = found.slots if fits else 0
    for number, row in enumerate(found.need):
        where = f"need[{number}]"
        yield from _wrong(where, len(row) >= least, f"must have a number for {least} slots or more")
        people = all(0 <= each <= MOST_NEEDED for each in row)
        yield from _wrong(where, people, f"each from 0 to {MOST_NEEDED}")


def _people_faults(found: Instance) -> Iterator[Fault]:
    """Give what is wrong with the volunteers; the rest of the instance is right."""
    seen: set[int] = set()
    signs = len(found.templates)
    for number, each in enumerate(found.volunteers):
        where = f"volunteers[{number}]"
        yield from _wrong(f"{where}.id", each.id not in seen, "somebody before has this id")
        seen.add(each.id)
        trained = set(each.channels) <= set(found.channels)
        yield from _wrong(f"{where}.channels", trained, "names one that the instance has not")
        for name in ("wanted", "max_shifts", "max_nights"):
            yield from _wrong(f"{where}.{name}", getattr(each, name) >= 0, "0 or more")
        days = len(each.availability) == found.days
        yield from _wrong(f"{where}.availability", days, f"must have {found.days} days")
        for day, levels in enumerate(each.availability):
            right = len(levels) == signs and set(levels) <= LEVELS
            reason = f"must be {signs} signs of 0, 1 or 2"
            yield from _wrong(f"{where}.availability[{day}]", right, reason)


def _wrong(where: str, right: object, why: str) -> Iterator[Fault]:
    if not right:
        yield Fault(where, why)
