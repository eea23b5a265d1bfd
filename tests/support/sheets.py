"""Rows of a roster as values, for what is judged without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId, new_id
from luisterlijn.planner.model import Kind, Planned
from luisterlijn.rostering.ports import PlaceRow, Sheet, ShiftRow, WishRow
from luisterlijn.simulation.chance import Chance
from luisterlijn.volunteers.ports import Facts, Status
from tests.support.planner import MONDAY, at

TOKENS = Chance(3, "who")
BRANCH = BranchId(new_id(TOKENS))
HOURS = (7, 11, 15, 19, 23, 27)
NIGHT = 23


def row(day: int, hour: int, *, hours: int = 4, **changed: object) -> ShiftRow:
    """Give a draft of a shift that wants two; see `at`."""
    starts = at(day, hour)
    values: dict[str, object] = {
        "shift": ShiftId(new_id(TOKENS)),
        "branch": BRANCH,
        "during": Interval(starts, starts + timedelta(hours=hours)),
        "channels": ("chat", "phone"),
        "least": 1,
        "wanted": 2,
        "night": False,
        "state": "concept",
        "template": None,
    }
    return ShiftRow(**{**values, **changed})  # type: ignore[arg-type] # mixed values


def on(shift: ShiftRow, who: Facts, *, role: str = "listener", **changed: object) -> PlaceRow:
    """Give somebody's proposed place on a shift."""
    values: dict[str, object] = {
        "place": PlaceId(new_id(TOKENS)),
        "shift": shift.shift,
        "branch": BRANCH,
        "person": who.person,
        "during": shift.during,
        "role": role,
        "state": "proposed",
        "origin": "coordinator",
        "pinned": False,
        "allowed": None,
        "on_behalf": False,
        "night": shift.night,
    }
    return PlaceRow(**{**values, **changed})  # type: ignore[arg-type] # mixed values


def facts(name: str, **changed: object) -> Facts:
    """Give a volunteer who works from home and takes calls."""
    values: dict[str, object] = {
        "person": PersonId(new_id(TOKENS)),
        "branch": BRANCH,
        "name": name,
        "status": {"phone": Status.INDEPENDENT},
        "home": True,
    }
    return Facts(**{**values, **changed})  # type: ignore[arg-type] # mixed values


def sheet(
    people: list[Facts],
    shifts: list[ShiftRow],
    places: list[PlaceRow] | None = None,
    levels: dict[str, str] | None = None,
    *,
    first: date = MONDAY,
) -> Sheet:
    """Give a sheet; `levels`: by name, the same six signs each day of a fortnight."""
    return Sheet(
        shifts=tuple(shifts),
        places=tuple(places or ()),
        people={each.person: each for each in people},
        wishes={
            each.person: (wish(each, [levels[each.name]] * 14, first),)
            for each in people
            if levels and each.name in levels
        },
        leave={},
    )


def wish(who: Facts, levels: list[str], first: date = MONDAY) -> WishRow:
    """Give what somebody wishes: two shifts, four at the most, two nights."""
    return WishRow(person=who.person, first=first, levels=tuple(levels), wanted=2, most=4, nights=2)


def drafted(seed: int) -> Sheet:
    """Give a fortnight of drafts by chance: a dozen people, some of whom stand somewhere."""
    chance = Chance(seed, "drafted")
    status = [Status.INDEPENDENT] * 5 + [Status.MENTOR, Status.WALKING_ALONG, Status.PAUSED]
    people = [
        facts(f"{number}", status={"phone": chance.pick(status)}, home=chance.happens(0.5))
        for number in range(12)
    ]
    shifts = [
        row(
            *(day, hour),
            wanted=1 + chance.below(3),
            night=hour >= NIGHT,
            state="published" if chance.happens(0.2) else "concept",
        )
        for day in range(14)
        for hour in HOURS
        if chance.happens(0.5)
    ]
    places: list[PlaceRow] = []
    for shift in shifts:
        who = chance.pick(people)
        if chance.happens(0.3) and not any(
            each.person == who.person and each.during.overlaps(shift.during) for each in places
        ):
            state = "published" if shift.state == "published" else "proposed"
            places.append(on(shift, who, state=state, pinned=chance.happens(0.5)))
    found = sheet(people, shifts, places)
    signs = [chance.pick(["0", "1", "2", "r"]) for _ in range(12 * 14 * len(HOURS))]
    levels = ["".join(signs[at : at + 6]) for at in range(0, len(signs), 6)]
    return replace(
        found,
        wishes={
            each.person: (wish(each, levels[number * 14 : (number + 1) * 14]),)
            for number, each in enumerate(people)
        },
    )


EARLY = datetime(2031, 5, 5, 8, tzinfo=UTC)


def planned(wanted: int, here: dict[Kind, int], **changed: object) -> Planned:
    """Give a shift of the line with so many who answer."""
    values: dict[str, object] = {
        "shift": ShiftId(new_id(TOKENS)),
        "branch": BranchId(new_id(TOKENS)),
        "template": None,
        "during": Interval(
            datetime(2031, 5, 5, 8, tzinfo=UTC), datetime(2031, 5, 5, 12, tzinfo=UTC)
        ),
        "channels": ("chat", "phone"),
        "least": 1,
        "wanted": wanted,
        "night": False,
        "state": "concept",
        "here": here,
        "published": {},
    }
    return Planned(**{**values, **changed})  # type: ignore[arg-type] # mixed values
