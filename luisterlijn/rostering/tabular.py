"""A roster as a table: read, judged line by line, and written. Pure.

One line is one place; a shift on which nobody stands is a line without a person. What is not in
a table is left as it is: a table takes nobody off.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import AMSTERDAM, Interval, local_interval
from luisterlijn.rostering.model import CHANNELS, LONGEST_SHIFT, PlaceRole, PlaceState, ShiftState

if TYPE_CHECKING:
    from collections.abc import Iterable

COLUMNS = ("branch", "date", "starts", "ends", "channels", "sign_in", "role", "state")
SETTABLE = (PlaceState.PROPOSED.value, PlaceState.PUBLISHED.value, PlaceState.CONFIRMED.value)
"""What a table may make of a place; that somebody came or did not, only coming says."""
LONGEST_LINE = 500

Key = tuple[str, datetime, datetime, tuple[str, ...]]
"""A shift in a table: short name of the branch, start, end, channels by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line. `sign_in` empty: a shift on which nobody stands; `state` is the shift's then."""

    line: int
    branch: str
    during: Interval
    channels: tuple[str, ...]
    sign_in: str
    role: str
    state: str

    @property
    def key(self) -> Key:
        """Give which shift it is."""
        return (self.branch, self.during.start, self.during.end, self.channels)

    @property
    def drafted(self) -> bool:
        """Say whether the shift it belongs to is a draft."""
        return self.state in (PlaceState.PROPOSED.value, ShiftState.CONCEPT.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A line that cannot be, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """Somebody with an account. `takes`: channels answered alone; `along`: beside a mentor."""

    branch: str
    takes: frozenset[str]
    along: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownShift:
    """A shift that there is. `places`: sign-in name → role and state of the place that stands."""

    drafted: bool
    places: Mapping[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What there is. `taken`: sign-in name → where that person stands, and on which shift."""

    branches: frozenset[str]
    people: Mapping[str, KnownPerson]
    shifts: Mapping[Key, KnownShift]
    taken: Mapping[str, Sequence[tuple[Interval, Key]]]


@dataclass(slots=True, kw_only=True)
class Judged:
    """What a table comes to: every line is in one of the four."""

    new: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    unchanged: list[Row] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def read(text: str) -> tuple[list[Row], list[Refused]]:
    """Read a table with a head; gives its lines, and those that cannot be read."""
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=";" if ";" in first else ",")
    rows, refused = list[Row](), list[Refused]()
    head: list[str] | None = None
    try:
        for cells in reader:
            if not any(cells):
                continue
            if head is None:
                head = [each.strip().lower() for each in cells]
                if sorted(head) != sorted(COLUMNS):
                    return [], [Refused(line=1, reason="columns")]
                continue
            found = _row(reader.line_num, head, cells)
            if isinstance(found, Row):
                rows.append(found)
            else:
                refused.append(found)
    except csv.Error:
        refused.append(Refused(line=reader.line_num, reason="not-a-table"))
    if head is None:
        refused.append(Refused(line=1, reason="columns"))
    return rows, refused


def write(rows: Iterable[Row]) -> str:
    """Write a table, by start, branch and person."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in sorted(rows, key=lambda each: (each.key[1], each.key, each.sign_in)):
        starts = row.during.start.astimezone(AMSTERDAM)
        ends = row.during.end.astimezone(AMSTERDAM)
        writer.writerow(
            (
                *(row.branch, f"{starts:%Y-%m-%d}", f"{starts:%H:%M}", f"{ends:%H:%M}"),
                *("+".join(row.channels), row.sign_in, row.role, row.state),
            )
        )
    return out.getvalue()


def judge(rows: Sequence[Row], known: Known, now: datetime) -> Judged:
    """Say of each line whether it is new, a change, as it is already, or cannot be."""
    found, seen = Judged(), set[tuple[Key, str]]()
    drafted: dict[Key, bool] = {}
    stands: dict[str, list[tuple[Interval, Key]]] = {
        who: list(each) for who, each in known.taken.items()
    }
    for row in rows:
        shift = known.shifts.get(row.key)
        is_draft = drafted.setdefault(row.key, shift.drafted if shift else row.drafted)
        place = shift.places.get(row.sign_in) if shift is not None and row.sign_in else None
        reason = _unknown(row, known)
        if reason is None and (row.key, row.sign_in) in seen:
            reason = "double"
        seen.add((row.key, row.sign_in))
        if reason is None and row.drafted is not is_draft:
            reason = "state"
        if reason is None and place == (row.role, row.state):
            found.unchanged.append(row)
            continue
        if reason is None and not row.sign_in and shift is not None:
            found.unchanged.append(row)
            continue
        if reason is None:
            reason = _against(row, place, known.people.get(row.sign_in), stands, now)
        if reason is not None:
            found.refused.append(Refused(line=row.line, reason=reason))
            continue
        if row.sign_in and place is None:
            stands.setdefault(row.sign_in, []).append((row.during, row.key))
        (found.new if place is None else found.changed).append(row)
    return found


def _unknown(row: Row, known: Known) -> str | None:
    if row.branch not in known.branches:
        return "unknown-branch"
    if row.sign_in and row.sign_in not in known.people:
        return "unknown-person"
    if row.sign_in and known.people[row.sign_in].branch != row.branch:
        return "other-branch"
    return None


def _against(
    row: Row,
    place: tuple[str, str] | None,
    person: KnownPerson | None,
    stands: Mapping[str, Sequence[tuple[Interval, Key]]],
    now: datetime,
) -> str | None:
    """Say why a line that is not there yet cannot be."""
    if row.during.end <= now:
        return "in-the-past"
    if person is None:
        return None
    if row.state not in SETTABLE or (place is not None and place[1] not in SETTABLE):
        return "state"
    takes = person.takes | (person.along if row.role == PlaceRole.TRAINEE else frozenset())
    if not takes & set(row.channels):
        return "not-trained"
    if any(
        key != row.key and each.overlaps(row.during) for each, key in stands.get(row.sign_in, ())
    ):
        return "overlaps"
    return None


def _row(line: int, head: Sequence[str], cells: Sequence[str]) -> Row | Refused:
    if len(cells) != len(head) or sum(map(len, cells)) > LONGEST_LINE:
        return Refused(line=line, reason="columns")
    told = dict(zip(head, (each.strip() for each in cells), strict=True))
    try:
        day, starts, ends = (
            date.fromisoformat(told["date"]),
            time.fromisoformat(told["starts"]),
            time.fromisoformat(told["ends"]),
        )
        if starts.tzinfo or ends.tzinfo:
            return Refused(line=line, reason="date")
    except ValueError:
        return Refused(line=line, reason="date")
    if starts == ends:
        return Refused(line=line, reason="zero-length")
    try:
        during = local_interval(day, starts, ends)
    except (ValueError, OverflowError):
        return Refused(line=line, reason="date")
    reason = _impossible(told, during, starts, ends)
    if reason is not None:
        return Refused(line=line, reason=reason)
    channels = {each.strip() for each in told["channels"].split("+")}
    return Row(
        line=line,
        branch=told["branch"],
        during=during,
        channels=tuple(sorted(channels)),
        sign_in=told["sign_in"].lower(),
        role=told["role"],
        state=told["state"],
    )


def _impossible(told: Mapping[str, str], during: Interval, starts: time, ends: time) -> str | None:
    wall = during.start.astimezone(AMSTERDAM).time(), during.end.astimezone(AMSTERDAM).time()
    if wall != (starts, ends) or during.end - during.start > LONGEST_SHIFT:
        return "date"  # an hour that this night does not have, or a very long shift
    if not {each.strip() for each in told["channels"].split("+")} <= set(CHANNELS):
        return "channels"
    if not told["sign_in"]:
        of_shift = (ShiftState.CONCEPT.value, ShiftState.PUBLISHED.value)
        return None if told["state"] in of_shift and not told["role"] else "state"
    if told["role"] not in tuple(PlaceRole):
        return "role"
    return None if told["state"] in tuple(PlaceState) else "state"
