"""The only SQL of the planner's boards: shifts with who answers, names, and days to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId
from luisterlijn.planner.model import ANSWERS, STANDS, Crew, Event, Kind, Planned, Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime
    from uuid import UUID

    import asyncpg

    from luisterlijn.store.database import Transaction

COUNTED = (
    "with there as ("
    " select l.shift, l.state <> 'proposed' as known,"
    "  coalesce('phone' = any(p.channels), true) as phone,"
    "  coalesce('chat' = any(p.channels), true) as chat"
    " from place l join shift s on s.id = l.shift left join person p on p.id = l.person"
    " where s.starts >= $1 and s.starts < $2 and ($3::uuid is null or s.branch = $3)"
    "  and l.role = any($4::text[]) and l.state = any($5::text[])),"
    " counted as (select shift,"
    "  count(*) filter (where phone and chat) as both,"
    "  count(*) filter (where phone and not chat) as phone,"
    "  count(*) filter (where chat and not phone) as chat,"
    "  count(*) filter (where not chat and not phone) as none,"
    "  count(*) filter (where phone and chat and known) as known_both,"
    "  count(*) filter (where phone and not chat and known) as known_phone,"
    "  count(*) filter (where chat and not phone and known) as known_chat"
    " from there group by shift)"
)
"""How many answer on each shift from $1 to $2, of branch $3 or all, by what they take."""
PLANNED = f"""{COUNTED}
select s.id, s.branch, s.template, s.starts, s.ends, s.channels, s.least, s.wanted, s.night,
  s.state, c.*
  from shift s left join counted c on c.shift = s.id
where s.starts >= $1 and s.starts < $2 and ($3::uuid is null or s.branch = $3)
order by s.starts, s.ends, s.id
"""  # noqa: S608 - our own words
COVER = f"""{COUNTED}
select s.starts, s.ends, s.channels, s.state,
  sum(c.both) as both, sum(c.phone) as phone, sum(c.chat) as chat,
  sum(c.known_both) as known_both, sum(c.known_phone) as known_phone,
  sum(c.known_chat) as known_chat
  from counted c join shift s on s.id = c.shift where s.state <> 'cancelled'
group by s.starts, s.ends, s.channels, s.state
"""  # noqa: S608 - our own words
LEFT = "vrijwilliger"
"""How who left is called: that somebody was there stays countable."""


async def branches(tx: Transaction) -> list[tuple[BranchId, str]]:
    """Give every branch that the scope may see, by name."""
    rows = await tx.rows("select id, name from branch order by name, id")
    return [(BranchId(row["id"]), row["name"]) for row in rows]


async def branch_named(tx: Transaction, slug: str) -> BranchId | None:
    """Give the branch with a short name; None: there is none."""
    found = await tx.value("select id from branch where slug = $1", slug)
    return BranchId(found) if found is not None else None


async def period_days(tx: Transaction, branch: BranchId | None, first: date) -> int | None:
    """Give how long the period is that begins on a day: the longest; None: there is none."""
    days: int | None = await tx.value(
        "select max(days) from roster_period"
        " where first = $1 and ($2::uuid is null or branch = $2)",
        first,
        branch,
    )
    return days


async def planned(
    tx: Transaction, start: datetime, end: datetime, branch: BranchId | None = None
) -> list[Planned]:
    """Give the shifts that start in the stretch with how many answer, by start; None: all."""
    rows = await tx.rows(
        PLANNED,
        start,
        end,
        branch,
        sorted(ANSWERS),
        sorted(STANDS),
    )
    return [_planned(row) for row in rows]


async def cover(tx: Transaction, start: datetime, end: datetime) -> list[Crew]:
    """Give who answers on all shifts of the line that start in the stretch, by hours."""
    rows = await tx.rows(
        COVER,
        start,
        end,
        None,
        sorted(ANSWERS),
        sorted(STANDS),
    )
    return [
        Crew(
            during=Interval(row["starts"], row["ends"]),
            state=row["state"],
            here=_here(row, row["channels"], ""),
            published=_here(row, row["channels"], "known_") if row["state"] == "published" else {},
        )
        for row in rows
    ]


def _planned(row: asyncpg.Record) -> Planned:
    channels = tuple(row["channels"])
    return Planned(
        shift=ShiftId(row["id"]),
        branch=BranchId(row["branch"]),
        template=row["template"],
        during=Interval(row["starts"], row["ends"]),
        channels=channels,
        least=row["least"],
        wanted=row["wanted"],
        night=row["night"],
        state=row["state"],
        here=_here(row, channels, ""),
        published=_here(row, channels, "known_") if row["state"] == "published" else {},
    )


def _here(row: asyncpg.Record, channels: Sequence[str], known: str) -> dict[Kind, int]:
    """Give how many answer what in a shift: trained for it, and it is a shift for it."""
    counts = {kind: int(row[f"{known}{kind}"] or 0) for kind in Kind}
    if "phone" not in channels:
        chats = counts[Kind.BOTH] + counts[Kind.CHAT]
        counts = {Kind.CHAT: chats if "chat" in channels else 0}
    elif "chat" not in channels:
        counts = {Kind.PHONE: counts[Kind.BOTH] + counts[Kind.PHONE]}
    return {kind: count for kind, count in counts.items() if count}


async def standing(tx: Transaction, shifts: Sequence[ShiftId]) -> list[Standing]:
    """Give who stands on these shifts, or missed it, by name."""
    rows = await tx.rows(
        "select l.id, l.shift, l.person, l.role, l.state, l.origin, l.pinned, l.on_behalf,"
        " l.allowed, coalesce(p.name, $2) as name"
        " from place l left join person p on p.id = l.person"
        " where l.shift = any($1::uuid[]) and l.state = any($3::text[]) order by name, l.id",
        list(shifts),
        LEFT,
        [*sorted(STANDS), "no_show"],
    )
    return [
        Standing(
            place=PlaceId(row["id"]),
            shift=ShiftId(row["shift"]),
            person=PersonId(row["person"]) if row["person"] else None,
            name=row["name"],
            role=row["role"],
            state=row["state"],
            origin=row["origin"],
            pinned=row["pinned"],
            on_behalf=row["on_behalf"],
            allowed=row["allowed"],
        )
        for row in rows
    ]


async def hole(tx: Transaction, place: PlaceId) -> tuple[ShiftId, PersonId | None, str] | None:
    """Give shift, person and role of a place that stands or was given up; None: none is seen."""
    row = await tx.row(
        "select shift, person, role from place where id = $1 and state = any($2::text[])",
        place,
        [*sorted(STANDS), "no_show", "cannot", "taken_off"],
    )
    if row is None:
        return None
    person = PersonId(row["person"]) if row["person"] else None
    return ShiftId(row["shift"]), person, row["role"]


async def whereabouts(tx: Transaction, shift: ShiftId) -> tuple[BranchId, datetime] | None:
    """Give a shift's branch and start; None when the scope sees none."""
    row = await tx.row("select branch, starts from shift where id = $1", shift)
    return (BranchId(row["branch"]), row["starts"]) if row is not None else None


async def allowed(tx: Transaction, people: Sequence[PersonId]) -> dict[PersonId, int]:
    """Give for how many places of twelve months a rule of the person was set aside."""
    rows = await tx.rows(
        "select person, count(*) as count from place where person = any($1::uuid[])"
        " and allowed is not null and state = any($2::text[])"
        " and during && tstzrange(line_now() - interval '1 year', line_now() + interval '8 weeks')"
        " group by person",
        list(people),
        sorted(STANDS),
    )
    return {PersonId(row["person"]): row["count"] for row in rows}


async def events(tx: Transaction, first: date, last: date | None = None) -> list[Event]:
    """Give the events that touch these days, by first day; None: of all days after, too."""
    rows = await tx.rows(
        "select id, name, kind, first, last, channel, factor from demand_event"
        " where last >= $1 and ($2::date is null or first <= $2) order by first, last, id",
        first,
        last,
    )
    return [Event(**dict(row)) for row in rows]


async def insert_event(tx: Transaction, event: Event) -> None:
    """Write an event."""
    await tx.run(
        "insert into demand_event (id, name, kind, first, last, channel, factor)"
        " values ($1, $2, $3, $4, $5, $6, $7)",
        event.id,
        event.name,
        event.kind,
        event.first,
        event.last,
        event.channel,
        event.factor,
    )


async def delete_event(tx: Transaction, event: UUID) -> bool:
    """Remove an event; False: there is none."""
    return bool(await tx.run("delete from demand_event where id = $1", event))
