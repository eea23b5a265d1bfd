"""A list of volunteers compared with what is known: what each line of it would do. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Any, TypeVar

from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import BranchId
from luisterlijn.volunteers import model
from luisterlijn.volunteers.listing import CHANNELS, WORDS, Column, Table, cells_of
from luisterlijn.volunteers.model import Record
from luisterlijn.volunteers.ports import Agreed, Step

if TYPE_CHECKING:
    from luisterlijn.volunteers.ports import Status

MOST_NEW = 60
"""So many accounts are made at once: each first password takes a core for a moment."""
LONGEST_NAME = 80
SIGN_IN = re.compile(r"[a-z0-9][a-z0-9.@_-]{1,59}", re.ASCII)
DUTCH_DAY = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", re.ASCII)
YES, NO = frozenset({"ja", "yes", "j", "y", "x", "1"}), frozenset({"nee", "no", "n", "0"})


@unique
class Reason(StrEnum):
    """Why a line is not taken over."""

    EMPTY_SIGN_IN = "empty-sign-in"
    BAD_SIGN_IN = "bad-sign-in"
    EMPTY_NAME = "empty-name"
    LONG_NAME = "long-name"
    UNKNOWN_BRANCH = "unknown-branch"
    OTHER_BRANCH = "other-branch"
    DOUBLE = "double"
    TAKEN = "taken"
    BAD_DATE = "bad-date"
    BAD_NUMBER = "bad-number"
    BAD_YES_NO = "bad-yes-no"
    BAD_CHANNEL = "bad-channel"
    BAD_TRAINING = "bad-training"
    STEP_NOT_POSSIBLE = "step-not-possible"
    TOO_MANY_CELLS = "too-many-cells"
    TOO_MANY_NEW = "too-many-new"


@unique
class What(StrEnum):
    """What a line would do."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class BadCell(Exception):
    """One cell of a line cannot be used."""

    def __init__(self, column: Column, reason: Reason) -> None:
        """Remember which, and why."""
        super().__init__(column, reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One cell that differs, as it would be written in the file."""

    column: Column
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What would become of one line of the file.

    `after`: how the record would be; None when the line is refused. For somebody new `person` in
    it names nobody yet. `steps`: what would be written down of training.
    """

    line: int
    what: What
    sign_in: str
    name: str
    column: Column | None = None
    reason: Reason | None = None
    changes: tuple[Change, ...] = ()
    after: Record | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a list is compared with.

    Args:
        records: the volunteers whom the acting person plans, by sign-in name.
        taken: sign-in names of the file that somebody else has.
        branches: short name and name, in lower case → the branch and its name.
        own: the branch of who brings the list; None: works for the whole line.
        today: the local date.
        nobody: stands for the person of somebody new.
    """

    records: Mapping[str, Record]
    taken: frozenset[str]
    branches: Mapping[str, tuple[BranchId, str]]
    own: tuple[BranchId, str] | None
    today: date
    nobody: Any


def compare(table: Table, known: Known) -> list[Line]:
    """Say of each line what it would do, in the order of the file."""
    seen: set[str] = set()
    found: list[Line] = []
    new = 0
    for number, cells, is_long in table.lines:
        sign_in = cells.get(Column.SIGN_IN, "").lower()
        name = cells.get(Column.NAME, "")
        try:
            _check_sign_in(sign_in, seen, known, is_long=is_long)
            line = _compared(number, sign_in, cells, known)
        except BadCell as bad:
            line = _refused(number, sign_in, name, bad)
        if line.what is What.NEW:
            new += 1
            if new > MOST_NEW:
                too_many = BadCell(Column.SIGN_IN, Reason.TOO_MANY_NEW)
                line = _refused(number, sign_in, name, too_many)
        seen.add(sign_in)
        found.append(line)
    return found


def _refused(number: int, sign_in: str, name: str, bad: BadCell) -> Line:
    return Line(
        line=number,
        what=What.REFUSED,
        sign_in=sign_in,
        name=name,
        column=bad.column,
        reason=bad.reason,
    )


def _compared(number: int, sign_in: str, cells: Mapping[Column, str], known: Known) -> Line:
    before = known.records.get(sign_in)
    reading = _Reading(cells, known.today)
    name = cells.get(Column.NAME, "")
    if not name and (before is None or Column.NAME in cells):
        raise BadCell(Column.NAME, Reason.EMPTY_NAME)
    if len(name) > LONGEST_NAME:
        raise BadCell(Column.NAME, Reason.LONG_NAME)
    branch, branch_name = _branch(cells.get(Column.BRANCH, ""), before, known)
    start = before or Record(
        person=known.nobody,
        sign_in=sign_in,
        name=name,
        branch=branch,
        branch_name=branch_name,
        channels=(),
        agreed=Agreed(),
        mentor=None,
        leaves=None,
        history=(),
    )
    after = replace(start, name=name or start.name, agreed=reading.agreed(start.agreed))
    steps = reading.steps(start)
    after = replace(after, history=_with(start.steps, steps))
    old = cells_of(start, known.today) if before else dict.fromkeys(Column, "")
    cells_after = cells_of(after, known.today)
    changes = tuple(
        Change(column=column, before=old[column], after=cells_after[column])
        for column in Column
        if old[column] != cells_after[column]
    )
    what = What.NEW if before is None else What.CHANGED if changes else What.UNCHANGED
    return Line(
        line=number,
        what=what,
        sign_in=sign_in,
        name=after.name,
        changes=changes,
        after=after,
        steps=steps,
    )


def _check_sign_in(sign_in: str, seen: set[str], known: Known, *, is_long: bool) -> None:
    column = Column.SIGN_IN
    if is_long:
        raise BadCell(column, Reason.TOO_MANY_CELLS)
    if not sign_in:
        raise BadCell(column, Reason.EMPTY_SIGN_IN)
    if not SIGN_IN.fullmatch(sign_in):
        raise BadCell(column, Reason.BAD_SIGN_IN)
    if sign_in in seen:
        raise BadCell(column, Reason.DOUBLE)
    if sign_in in known.taken:
        raise BadCell(column, Reason.TAKEN)


def _branch(named: str, before: Record | None, known: Known) -> tuple[BranchId, str]:
    """Give the branch that a line is about: the one named, else where the person is, else ours."""
    if not named:
        there = (before.branch, before.branch_name) if before else known.own
        if there is None:
            raise BadCell(Column.BRANCH, Reason.UNKNOWN_BRANCH)
        return there
    found = known.branches.get(named.lower())
    if found is None:
        raise BadCell(Column.BRANCH, Reason.UNKNOWN_BRANCH)
    elsewhere = known.own is not None and found[0] != known.own[0]
    if elsewhere or (before is not None and found[0] != before.branch):
        raise BadCell(Column.BRANCH, Reason.OTHER_BRANCH)
    return found


_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class _Reading:
    """The cells of one line; an empty one leaves things as they are."""

    cells: Mapping[Column, str]
    today: date
    most: Mapping[Column, int] = field(
        default_factory=lambda: {Column.HOURS: 160, Column.SHIFTS: 28, Column.NIGHTS: 28}
    )

    def agreed(self, before: Agreed) -> Agreed:
        return Agreed(
            vog=self._or(Column.VOG, self._past, before.vog),
            intervision=self._or(Column.INTERVISION, self._past, before.intervision),
            hours=self._or(Column.HOURS, self._number, before.hours),
            most_shifts=self._or(Column.SHIFTS, self._number, before.most_shifts),
            most_nights=self._or(Column.NIGHTS, self._number, before.most_nights),
            home=self._or(Column.HOME, _yes, before.home),
            no_computer=self._or(Column.NO_COMPUTER, _yes, before.no_computer),
            away_until=self._or(Column.AWAY_UNTIL, self._day, before.away_until),
        )

    def steps(self, start: Record) -> tuple[Step, ...]:
        """Give the steps of today that the cell asks for: only where it differs."""
        told = self.cells.get(Column.TRAINING, "")
        now = model.standing(start.steps, self.today)
        found = []
        for part in filter(None, (each.strip() for each in told.split("+"))):
            channel, status = _pair(part)
            if now.get(channel) is not status:
                step = Step(channel=channel, status=status, since=self.today)
                try:
                    model.check_step(start.steps, step, self.today)
                except Refusal:
                    raise BadCell(Column.TRAINING, Reason.STEP_NOT_POSSIBLE) from None
                found.append(step)
        if len({each.channel for each in found}) != len(found):
            raise BadCell(Column.TRAINING, Reason.BAD_TRAINING)
        return tuple(found)

    def _or(self, column: Column, read: Callable[[Column, str], _Value], before: _Value) -> _Value:
        told = self.cells.get(column, "")
        return read(column, told) if told else before

    def _past(self, column: Column, told: str) -> date:
        day = self._day(column, told)
        if day > self.today:
            raise BadCell(column, Reason.BAD_DATE)
        return day

    def _day(self, column: Column, told: str) -> date:
        dutch = DUTCH_DAY.fullmatch(told)
        try:
            day = (
                date(int(dutch[3]), int(dutch[2]), int(dutch[1]))
                if dutch
                else date.fromisoformat(told)
            )
        except ValueError:
            raise BadCell(column, Reason.BAD_DATE) from None
        if not model.FIRST_DAY <= day <= self.today + model.FURTHEST_AWAY:
            raise BadCell(column, Reason.BAD_DATE)
        return day

    def _number(self, column: Column, told: str) -> int:
        if not (told.isascii() and told.isdigit()) or int(told[:9]) > self.most[column]:
            raise BadCell(column, Reason.BAD_NUMBER)
        return int(told)


def _yes(column: Column, told: str) -> bool:
    if told.lower() in YES | NO:
        return told.lower() in YES
    raise BadCell(column, Reason.BAD_YES_NO)


def _pair(told: str) -> tuple[str, Status]:
    """Read a channel and how far somebody is with it, as `telefoon in opleiding`."""
    named, _, word = told.lower().replace(":", " ").partition(" ")
    channel = next((code for code, dutch in CHANNELS.items() if named in (code, dutch)), None)
    if channel is None:
        raise BadCell(Column.TRAINING, Reason.BAD_CHANNEL)
    word = " ".join(word.split())
    status = next((each for each, dutch in WORDS.items() if word in (dutch, each.value)), None)
    if status is None:
        raise BadCell(Column.TRAINING, Reason.BAD_TRAINING)
    return channel, status


def _with(history: Sequence[Step], steps: Sequence[Step]) -> tuple[Step, ...]:
    new = {(each.channel, each.since) for each in steps}
    kept = [each for each in history if (each.channel, each.since) not in new]
    return tuple(sorted([*kept, *steps], key=lambda each: (each.channel, each.since)))
