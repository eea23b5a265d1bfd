"""What holds in every roster, told out of the rows alone: nothing here asks the rules it judges."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Any

from luisterlijn.kernel.clock import AMSTERDAM

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import asyncpg

SEEN = ("published", "confirmed", "checked_in", "no_show")
ROWS = """
select l.id, l.shift, l.branch, l.person, l.state, l.role, l.allowed, s.starts, s.ends, s.night,
  s.state as shift_state, v.home, v.most_shifts, v.most_nights, t.status
from place l join shift s on s.id = l.shift join volunteer v on v.person = l.person
left join training t on t.person = l.person and t.channel = 'chat'
where l.state in ('proposed', 'published', 'confirmed', 'checked_in', 'no_show')
order by s.starts, l.id
"""
REST = timedelta(hours=11)
DESKS = 4
A_WEEK = 2

Row = Any


async def broken(owner: asyncpg.Connection, period: Mapping[date, int]) -> list[str]:
    """Name each rule that the roster in the database breaks; empty: it holds.

    `period`: day of service → number of its period; other days are in none.
    """
    rows = await owner.fetch(ROWS)
    seen = [row for row in rows if row["state"] in SEEN]
    swaps = await owner.fetch(
        "select w.id from swap w join place l on l.id = w.place"
        " where w.state = 'open' and (l.state not in ('published', 'confirmed')"
        " or l.person <> w.person)"
    )
    return [
        *(f"{row['id']}: a draft is seen" for row in seen if row["shift_state"] != "published"),
        *(f"{row['id']}: what ended is offered" for row in swaps),
        *_overlaps(rows),
        *_personal(seen, period),
        *_trainees(seen),
        *_desks(seen),
        *(f"{row['id']}: not trained" for row in seen if row["status"] in ("paused", "stopped")),
    ]


def day(row: Row) -> date:
    """Give the day of service of a place."""
    wall = row["starts"].astimezone(AMSTERDAM).replace(tzinfo=None)
    found: date = (wall - timedelta(hours=6)).date()
    return found


def _by(rows: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    found: defaultdict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def _overlaps(rows: Iterable[Row]) -> list[str]:
    return [
        f"{one['person']}: in two places at once"
        for own in _by(rows, "person").values()
        for one, two in combinations(own, 2)
        if one["starts"] < two["ends"] and two["starts"] < one["ends"]
    ]


def _personal(rows: Iterable[Row], period: Mapping[date, int]) -> list[str]:
    """Judge people; what was allowed with a yes is left out of every count."""
    found = []
    for person, own in _by(rows, "person").items():
        plain = [row for row in own if row["allowed"] is None]
        for one, two in combinations(plain, 2):
            if day(one) == day(two):
                found.append(f"{person}: two shifts a day")
            if max(two["starts"] - one["ends"], one["starts"] - two["ends"]) < REST:
                found.append(f"{person}: too little rest")
        weeks = defaultdict[Any, list[Row]](list)
        periods = defaultdict[Any, list[Row]](list)
        for row in plain:
            weeks[day(row).isocalendar()[:2]].append(row)
            if day(row) in period:
                periods[period[day(row)]].append(row)
        found += [f"{person}: too many a week" for each in weeks.values() if len(each) > A_WEEK]
        for each in periods.values():
            if len(each) > own[0]["most_shifts"]:
                found.append(f"{person}: too many shifts")
            if sum(row["night"] for row in each) > own[0]["most_nights"]:
                found.append(f"{person}: too many nights")
    return found


def _trainees(rows: Iterable[Row]) -> list[str]:
    found = []
    for shift, on in _by(rows, "shift").items():
        trainees = sum(row["role"] == "trainee" for row in on)
        mentors = sum(row["status"] == "mentor" and row["role"] != "reserve" for row in on)
        if trainees > mentors:
            found.append(f"{shift}: a trainee alone")
    return found


def _desks(rows: Iterable[Row]) -> list[str]:
    sitting = [row for row in rows if not row["home"] and row["role"] != "reserve"]
    return [
        f"{row['branch']}: more people than desks"
        for row in sitting
        if sum(
            each["branch"] == row["branch"] and each["starts"] <= row["starts"] < each["ends"]
            for each in sitting
        )
        > DESKS
    ]
