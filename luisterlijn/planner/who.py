"""Who can take one shift, the best first with reasons, and why the others cannot. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import service_day
from luisterlijn.kernel.errors import Code
from luisterlijn.planning.suggest import Reason
from luisterlijn.rostering.rules import WITH_YES, Book, period_of, role_of, stint, wished
from luisterlijn.volunteers.ports import Facts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.rostering.ports import PlaceRow, Sheet, ShiftRow, WishRow

NO_WISHES = "no-wishes"
RATHER_NOT = "rather-not"
PREFERRED, LOATH = "2", "r"
TRAINEE = "trainee"
HOUR_S = 3600
SHIFT_HOURS = 4
"""So long is a usual shift: what was agreed in hours, counted in shifts."""
EAGER = (Reason.PREFERS.value, Reason.CAN.value, NO_WISHES, RATHER_NOT)
"""From who likes to, to who would rather not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody beside one shift.

    Args:
        facts: who.
        role: as what.
        reasons: what speaks for or against asking them first.
        rules: what stands in the way; empty: nothing does.
        hours: of theirs in the period that the shift lies in.
        turns: how many shifts that are.
    """

    facts: Facts
    role: str
    reasons: tuple[str, ...]
    rules: tuple[Code, ...]
    hours: float
    turns: int

    @property
    def never(self) -> bool:
        """Say whether one of the rules can be set aside by nobody."""
        return any(rule not in WITH_YES for rule in self.rules)


def candidates(sheet: Sheet, shift: ShiftRow) -> tuple[list[Candidate], list[Candidate]]:
    """Judge everybody of a shift's branch who is not on it.

    Args:
        sheet: around the shift.
        shift: one of the sheet's.

    Returns:
        Those who can, the best to ask first; then those who cannot, nearest to a yes first.
    """
    book, day = Book(sheet), service_day(shift.during.start)
    period = period_of([each for each in sheet.periods if each.branch == shift.branch], day)
    own: dict[PersonId, list[PlaceRow]] = {}
    there = set()
    for row in sheet.places:
        if row.person is not None:
            own.setdefault(row.person, []).append(row)
            if row.shift == shift.shift:
                there.add(row.person)
    found = [
        _judged(sheet, book, shift, facts, _within(own.get(person, ()), period))
        for person, facts in sheet.people.items()
        if facts.branch == shift.branch and facts.status and person not in there
    ]
    can = sorted((each for each in found if not each.rules), key=_best)
    cannot = sorted((each for each in found if each.rules), key=_nearest)
    return can, cannot


def wish_of(sheet: Sheet, person: PersonId, day: date) -> WishRow | None:
    """Give what somebody wishes for the period that a day lies in; None: nothing was said."""
    for wish in sheet.wishes.get(person, ()):
        if 0 <= (day - wish.first).days < len(wish.levels):
            return wish
    return None


def _judged(
    sheet: Sheet, book: Book, shift: ShiftRow, facts: Facts, mine: Sequence[PlaceRow]
) -> Candidate:
    role = role_of(facts, shift.channels)
    wish = wish_of(sheet, facts.person, service_day(shift.during.start))
    reasons = [_eagerness(wish, shift)]
    wanted = wish.wanted if wish is not None else facts.hours_agreed // SHIFT_HOURS
    reasons.append((Reason.BELOW_WANTED if len(mine) < wanted else Reason.AT_WANTED).value)
    if shift.night:
        night = any(row.night for row in mine)
        reasons.append((Reason.FURTHER_NIGHT if night else Reason.FIRST_NIGHT).value)
    if role == TRAINEE:
        reasons.append(Reason.COVERS_NOBODY.value)
    seconds = sum((row.during.end - row.during.start).total_seconds() for row in mine)
    return Candidate(
        facts=facts,
        role=role,
        reasons=tuple(reasons),
        rules=book.against(facts.person, shift),
        hours=round(seconds / HOUR_S, 1),
        turns=len(mine),
    )


def _eagerness(wish: WishRow | None, shift: ShiftRow) -> str:
    signs = wished(wish, shift.during) if wish is not None else ""
    if not signs:
        return NO_WISHES
    if LOATH in signs:
        return RATHER_NOT
    return (Reason.PREFERS if set(signs) == {PREFERRED} else Reason.CAN).value


def _within(rows: Sequence[PlaceRow], period: range) -> list[PlaceRow]:
    return [row for row in rows if stint(row.during, (), night=row.night).day in period]


def _best(one: Candidate) -> tuple[bool, int, bool, bool, int, str]:
    return (
        one.role == TRAINEE,
        EAGER.index(one.reasons[0]),
        Reason.FURTHER_NIGHT.value in one.reasons,
        Reason.AT_WANTED.value in one.reasons,
        one.turns,
        one.facts.name,
    )


def _nearest(one: Candidate) -> tuple[bool, int, str]:
    return one.never, len(one.rules), one.facts.name
