"""Boards as a planner reads them: one branch by days and hours, and the whole line. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from luisterlijn.demand.days import HALF_HOUR
from luisterlijn.kernel.clock import DAY_TURNS, Interval, service_day, to_wire
from luisterlijn.planner import wire
from luisterlijn.planner.gaps import Cover, Expected, Pool
from luisterlijn.planner.model import begins, wall

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from luisterlijn.kernel.ids import BranchId
    from luisterlijn.planner.model import Planned, Staffed, Standing

HOURS = timedelta(hours=1)
NEGLIGIBLE = 0.005
"""Hundredths of a contact are not shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which days are looked at."""

    first: date
    days: int

    @property
    def during(self) -> Interval:
        """Give the stretch, from 06:00 on."""
        return Interval(begins(self.first), begins(self.first + timedelta(days=self.days)))

    def day(self, number: int) -> date:
        """Give one of the days, counted from 0."""
        return self.first + timedelta(days=number)


def pool(expected: Expected, shifts: Iterable[Staffed], *, published: bool = False) -> Pool:
    """Let who stands on these shifts meet what is expected.

    Args:
        expected: what comes.
        shifts: of the whole line.
        published: only what the line knows of; else proposals count too.
    """
    cover = Cover.empty(len(expected))
    for shift in shifts:
        if shift.state != "cancelled":
            for kind, people in (shift.published if published else shift.here).items():
                cover.add(expected.part(shift.during), kind, people)
    return Pool(expected, cover)


def gap(line: Pool, shift: Planned) -> float | None:
    """Give how many contacts fewer are lost if the open places of a shift were taken."""
    if shift.kind is None or shift.state == "cancelled":
        return None
    return _told(line.saved(shift.during, shift.kind, shift.missing))


def board(
    asked: Asked,
    branch: tuple[BranchId, str],
    shifts: Sequence[Planned],
    places: Iterable[Standing],
    line: Pool,
) -> wire.Board:
    """Give the board of a branch.

    Args:
        asked: the days.
        branch: id and name.
        shifts: of the branch, by start.
        places: on them.
        line: what the whole line expects and has.
    """
    on: defaultdict[object, list[wire.BoardPlace]] = defaultdict(list)
    for place in places:
        on[place.shift].append(_place(place))
    shown = [_shift(shift, on[shift.shift], line) for shift in shifts]
    rows = {(each.starts, each.ends): each.night for each in shown}
    gaps = [each.gap for each in shown if each.gap is not None]
    return wire.Board(
        branch=branch[0].hex,
        branch_name=branch[1],
        first=asked.first,
        days=asked.days,
        expectation=line.expected.state,  # type: ignore[arg-type] # one of the three
        rows=[
            wire.BoardRow(starts=starts, ends=ends, night=night)
            for (starts, ends), night in sorted(rows.items(), key=lambda row: _from_six(row[0]))
        ],
        shifts=shown,
        missing=sum(each.missing for each in shown),
        gap=round(sum(gaps), 2) if gaps else None,
    )


def nation(
    asked: Asked, branches: Sequence[tuple[BranchId, str]], shifts: Sequence[Planned], line: Pool
) -> wire.Nation:
    """Give the board of the whole line."""
    return wire.Nation(
        first=asked.first,
        days=asked.days,
        expectation=line.expected.state,  # type: ignore[arg-type] # one of the three
        branches=[wire.BranchToPlan(branch=each.hex, name=name) for each, name in branches],
        cells=_cells(asked, branches, shifts, line),
        totals=[_day(asked, number, line) for number in range(asked.days)],
        slots=_slots(asked, line),
    )


def outlook(asked: Asked, now: Pool, draft: Pool) -> wire.Outlook:
    """Give what publishing would bring: as it is published now, and with the concept."""
    whole = now.expected.part(asked.during)
    days = [now.expected.part(Asked(first=asked.day(n), days=1).during) for n in range(asked.days)]
    return wire.Outlook(
        expectation=now.expected.state,  # type: ignore[arg-type] # one of the three
        now=_share(now, whole),
        draft=_share(draft, whole),
        totals=[
            wire.OutlookDay(day=asked.day(number), now=_share(now, part), draft=_share(draft, part))
            for number, part in enumerate(days)
        ],
    )


def _share(line: Pool, part: slice) -> wire.OutlookShare | None:
    found = line.outlook(part)
    if found is None:
        return None
    answered, within, lost = found
    return wire.OutlookShare(
        answered=round(answered, 4), within=round(within, 4), lost=round(lost, 2)
    )


def _shift(shift: Planned, places: list[wire.BoardPlace], line: Pool) -> wire.BoardShift:
    return wire.BoardShift(
        shift=shift.shift.hex,
        branch=shift.branch.hex,
        template=shift.template.hex if shift.template else None,
        day=service_day(shift.during.start),
        starts=wall(shift.during.start),
        ends=wall(shift.during.end),
        starts_at=to_wire(shift.during.start),
        ends_at=to_wire(shift.during.end),
        channels=list(shift.channels),
        night=shift.night,
        state=shift.state,
        least=shift.least,
        wanted=shift.wanted,
        here=shift.standing,
        missing=shift.missing,
        short=shift.short,
        gap=gap(line, shift),
        busy=line.busy(shift.during),  # type: ignore[arg-type] # one of the three, or None
        places=places,
    )


def _place(place: Standing) -> wire.BoardPlace:
    return wire.BoardPlace(
        place=place.place.hex,
        person=place.person.hex if place.person else None,
        name=place.name,
        role=place.role,
        state=place.state,
        origin=place.origin,
        pinned=place.pinned,
        on_behalf=place.on_behalf,
        allowed=place.allowed,
    )


def _from_six(hours: tuple[str, str]) -> tuple[bool, str, str]:
    starts, ends = hours
    return starts < f"{DAY_TURNS // HOURS:02}:00", starts, ends


def _cells(
    asked: Asked, branches: Sequence[tuple[BranchId, str]], shifts: Sequence[Planned], line: Pool
) -> list[wire.NationCell]:
    of: defaultdict[tuple[BranchId, date], list[Planned]] = defaultdict(list)
    for shift in shifts:
        if shift.state != "cancelled":
            of[shift.branch, service_day(shift.during.start)].append(shift)
    cells = []
    for branch, _name in branches:
        for number in range(asked.days):
            day = asked.day(number)
            there = of[branch, day]
            gaps = [found for shift in there if (found := gap(line, shift)) is not None]
            cells.append(
                wire.NationCell(
                    branch=branch.hex,
                    day=day,
                    wanted=sum(shift.wanted for shift in there),
                    here=sum(shift.standing for shift in there),
                    missing=sum(shift.missing for shift in there),
                    gap=round(sum(gaps), 2) if gaps else None,
                )
            )
    return cells


def _day(asked: Asked, number: int, line: Pool) -> wire.NationDay:
    part = line.expected.part(Asked(first=asked.day(number), days=1).during)
    here = float(line.cover.everybody[part].sum()) / 2
    if not line.expected.known[part].any():
        return wire.NationDay(
            day=asked.day(number),
            here_hours=here,
            required_hours=None,
            expected=None,
            lost=None,
            answered=None,
        )
    came = sum(float(each[part].sum()) for each in line.expected.rates.values())
    lost = float(line.lost()[part].sum())
    return wire.NationDay(
        day=asked.day(number),
        here_hours=here,
        required_hours=sum(float(each[part].sum()) for each in line.expected.need.values()) / 2,
        expected=round(came, 1),
        lost=round(lost, 2),
        answered=round(1 - lost / came, 4) if came else None,
    )


def _slots(asked: Asked, line: Pool) -> list[wire.NationSlot]:
    part = line.expected.part(asked.during)
    here, lost, known = line.cover.everybody, line.lost(), line.expected.known
    came, need = (sum(of.values()) for of in (line.expected.rates, line.expected.need))
    slots = []
    for index in range(*part.indices(len(line.expected))):
        is_known = bool(known[index])
        rate, gone = float(came[index]), float(lost[index])  # type: ignore[index] # arrays
        slots.append(
            wire.NationSlot(
                starts_at=to_wire(line.expected.start + index * HALF_HOUR),
                here=int(here[index]),
                required=int(need[index]) if is_known else None,  # type: ignore[index] # array
                expected=round(rate, 2) if is_known else None,
                lost=round(gone, 3) if is_known else None,
                answered=round(1 - gone / rate, 4) if is_known and rate else None,
            )
        )
    return slots


def _told(contacts: float | None) -> float | None:
    if contacts is None:
        return None
    return round(contacts, 2) if contacts > NEGLIGIBLE else 0.0
