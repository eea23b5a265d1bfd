"""The only SQL about notices, call-ups and how somebody may be reached.

Places and shifts are only read here. Lock order: shift → person → call-up → who is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from luisterlijn.attendance.model import (
    OPEN_SOON,
    Candidate,
    Expected,
    Kind,
    Quiet,
    Reason,
    Standing,
)
from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from luisterlijn.store.database import Transaction

COUNTS = "l.role <> 'reserve' and l.state in ('published', 'confirmed', 'checked_in')"
"""Places of people who are to take contacts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectedRow:
    """A place that stands, with what was told about it."""

    place: PlaceId
    shift: ShiftId
    branch: BranchId
    person: PersonId
    expected: Expected


@dataclass(frozen=True, slots=True, kw_only=True)
class CallUp:
    """A call-up that is open."""

    id: UUID
    shift: ShiftId
    branch: BranchId
    reason: Reason
    made: datetime


def _expected(row: asyncpg.Record) -> ExpectedRow:
    return ExpectedRow(
        place=PlaceId(row["id"]),
        shift=ShiftId(row["shift"]),
        branch=BranchId(row["branch"]),
        person=PersonId(row["person"]),
        expected=Expected(
            during=Interval(row["starts"], row["ends"]),
            state=row["state"],
            reserve=row["role"] == "reserve",
            since=row["changed"],
            told=frozenset(Kind(kind) for kind in row["told"]),
        ),
    )


def _call_up(row: asyncpg.Record) -> CallUp:
    return CallUp(
        id=row["id"],
        shift=ShiftId(row["shift"]),
        branch=BranchId(row["branch"]),
        reason=Reason(row["reason"]),
        made=row["made"],
    )


# Who is expected.


async def expected(tx: Transaction, shift: ShiftId | None = None) -> list[ExpectedRow]:
    """Give the places of which something may be due within a day, or those of one shift."""
    rows = await tx.rows(
        "select l.id, l.shift, l.branch, l.person, l.state, l.role, l.changed, s.starts, s.ends,"
        " array(select n.kind from notice n where n.place = l.id order by n.kind) as told"
        " from place l join shift s on s.id = l.shift where s.state = 'published'"
        " and l.state in ('published', 'confirmed', 'no_show') and l.person is not null"
        " and s.starts <= line_now() + interval '1 day' and s.ends > line_now()"
        " and ($1::uuid is null or s.id = $1) order by s.starts, s.id, l.id",
        shift,
    )
    return [_expected(row) for row in rows]


async def note(tx: Transaction, place: PlaceId, kind: Kind, *, mail: bool) -> bool:
    """Note that something is told about a place; False when it was before.

    `mail`: a mail about it is to be sent, too.
    """
    return bool(
        await tx.run(
            "insert into notice (place, kind, due)"
            " values ($1, $2, case when $3 then line_now() end) on conflict do nothing",
            place,
            kind.value,
            mail,
        )
    )


async def standing(tx: Transaction, shift: ShiftId) -> Standing | None:
    """Give how a shift stands; None: it does not go on."""
    return (await standings(tx, [shift])).get(shift)


async def standings(tx: Transaction, shifts: Sequence[ShiftId]) -> dict[ShiftId, Standing]:
    """Give how each of these shifts stands; one that does not go on is left out."""
    rows = await tx.rows(
        "select s.id, s.starts, s.ends, s.wanted,"  # noqa: S608 - a constant
        f" count(*) filter (where {COUNTS}) as counted,"
        " count(*) filter (where l.state = 'no_show' and l.role <> 'trainee') as missed,"
        " count(*) filter (where l.state = 'cannot' and l.role <> 'reserve') as given_up,"
        " (select count(*) from call_up c where c.shift = s.id and c.state = 'filled'"
        "   and c.made >= s.starts) as filled"
        " from shift s left join place l on l.shift = s.id"
        " where s.id = any($1::uuid[]) and s.state = 'published' group by s.id order by s.id",
        list(shifts),
    )
    return {
        ShiftId(row["id"]): Standing(
            during=Interval(row["starts"], row["ends"]),
            wanted=row["wanted"],
            counted=row["counted"],
            missed=row["missed"],
            given_up=row["given_up"],
            filled=row["filled"],
        )
        for row in rows
    }


async def given_up_soon(tx: Transaction) -> list[ShiftId]:
    """Give the shifts near in time of which a place was given up and nobody is called up yet."""
    rows = await tx.rows(
        "select s.id from shift s where s.state = 'published' and s.ends > line_now()"
        " and s.starts <= line_now() + $1::interval"
        " and exists (select from place l where l.shift = s.id and l.state = 'cannot')"
        " and not exists (select from call_up c where c.shift = s.id and c.state = 'open'"
        "   and c.reason = 'open_soon') order by s.starts, s.id",
        OPEN_SOON,
    )
    return [ShiftId(row["id"]) for row in rows]


async def in_all(tx: Transaction) -> tuple[int, int]:
    """Give (planned, there): people of shifts that began ten minutes ago, in the whole country."""
    row = await tx.row(
        "select count(distinct l.person) as planned,"  # noqa: S608 - a constant
        " count(distinct l.person) filter (where l.state = 'checked_in') as there"
        " from place l join shift s on s.id = l.shift where s.state = 'published'"
        f" and ({COUNTS} or l.state = 'no_show')"
        " and s.starts + interval '10 minutes' <= line_now() and s.ends > line_now()"
    )
    return (row["planned"], row["there"]) if row is not None else (0, 0)


async def watchers(tx: Transaction, branch: BranchId) -> list[PersonId]:
    """Give the coordinators of a branch."""
    rows = await tx.rows(
        "select id from person where branch = $1 and 'coordinator' = any(roles) order by id",
        branch,
    )
    return [PersonId(row["id"]) for row in rows]


# Call-ups.


async def make_call_up(
    tx: Transaction, call_up: UUID, shift: ShiftId, branch: BranchId, reason: Reason
) -> UUID:
    """Give the open call-up of a shift for this reason; it is made when there is none."""
    await tx.run(
        "insert into call_up (id, shift, branch, reason, state) values ($1, $2, $3, $4, 'open')"
        " on conflict (shift, reason) where state = 'open' do nothing",
        call_up,
        shift,
        branch,
        reason.value,
    )
    found: UUID = await tx.value(
        "select id from call_up where shift = $1 and reason = $2 and state = 'open'",
        shift,
        reason.value,
    )
    return found


async def open_call_ups(tx: Transaction) -> list[CallUp]:
    """Give what is open, the oldest first."""
    rows = await tx.rows(
        "select id, shift, branch, reason, made from call_up where state = 'open' order by made, id"
    )
    return [_call_up(row) for row in rows]


async def call_up(tx: Transaction, call_up_id: UUID) -> CallUp | None:
    """Give a call-up that is open; None: it is filled, over, or there is none."""
    row = await tx.row(
        "select id, shift, branch, reason, made from call_up where id = $1 and state = 'open'",
        call_up_id,
    )
    return _call_up(row) if row is not None else None


async def settle(tx: Transaction, call_up_id: UUID, state: str) -> bool:
    """End a call-up as filled or over; False when it is ended already."""
    return bool(
        await tx.run(
            "update call_up set state = $2 where id = $1 and state = 'open'", call_up_id, state
        )
    )


async def asked_of(tx: Transaction, call_up_id: UUID) -> list[PersonId]:
    """Give who was asked."""
    rows = await tx.rows(
        "select person from call_up_asked where call_up = $1 order by person", call_up_id
    )
    return [PersonId(row["person"]) for row in rows]


async def ask(tx: Transaction, call_up_id: UUID, person: PersonId, due: datetime | None) -> bool:
    """Ask somebody; `due`: when the own phone rings. False when they were asked before."""
    return bool(
        await tx.run(
            "insert into call_up_asked (call_up, person, state, due)"
            " values ($1, $2, 'asked', $3) on conflict do nothing",
            call_up_id,
            person,
            due,
        )
    )


async def answer(tx: Transaction, call_up_id: UUID, person: PersonId, state: str) -> bool:
    """Write what somebody said; who was not asked and says yes is written down, too."""
    return bool(
        await tx.run(
            "insert into call_up_asked (call_up, person, state) values ($1, $2, $3)"
            " on conflict (call_up, person) do update set state = excluded.state, due = null"
            " where call_up_asked.state <> 'yes'",
            call_up_id,
            person,
            state,
        )
    )


async def silent(tx: Transaction, call_up_id: UUID, person: PersonId) -> bool:
    """Note that a phone was not answered, or nobody pressed a key."""
    return bool(
        await tx.run(
            "update call_up_asked set state = 'silent', due = null"
            " where call_up = $1 and person = $2 and state = 'ringing'",
            call_up_id,
            person,
        )
    )


async def is_ringing(tx: Transaction, call_up_id: UUID, person: PersonId) -> bool:
    """Say whether somebody's own phone is to ring now."""
    return bool(
        await tx.value(
            "select exists (select from call_up_asked a join call_up c on c.id = a.call_up"
            " where a.call_up = $1 and a.person = $2 and a.state = 'ringing'"
            " and c.state = 'open')",
            call_up_id,
            person,
        )
    )


async def take_ringing(tx: Transaction) -> list[tuple[UUID, PersonId]]:
    """Let the phones ring that are due; gives (call-up, person) in order of time."""
    rows = await tx.rows(
        "with due as (select a.call_up, a.person, a.due from call_up_asked a"
        "  join call_up c on c.id = a.call_up and c.state = 'open'"
        "  where a.state = 'asked' and a.due <= line_now() for update of a skip locked),"
        " rung as (update call_up_asked a set state = 'ringing',"
        "  due = line_now() + interval '2 minutes' from due"
        "  where a.call_up = due.call_up and a.person = due.person returning a.call_up, a.person)"
        " select rung.call_up, rung.person from rung join due using (call_up, person)"
        " order by due.due, person"
    )
    return [(row["call_up"], PersonId(row["person"])) for row in rows]


async def rang_out(tx: Transaction) -> int:
    """Count those as silent whose phone rang and of whom nothing was heard."""
    return await tx.run(
        "update call_up_asked set state = 'silent', due = null"
        " where state = 'ringing' and due <= line_now()"
    )


async def candidates(
    tx: Transaction, shift: ShiftId, people: Sequence[PersonId] | None
) -> list[Candidate]:
    """Give the reserves of a shift, or (of these people) who agreed to be called up.

    `people` None: the reserves. Hours: of four weeks around now.
    """
    rows = await tx.rows(
        "select p.id, l.id is not null as reserve, coalesce(r.urgent, false) as urgent,"
        " p.phone is not null as has_phone,"
        " coalesce(r.quiet_from, '22:00') as quiet_from,"
        " coalesce(r.quiet_until, '08:00') as quiet_until,"
        " coalesce((select sum(extract(epoch from upper(w.during) - lower(w.during)))"
        "  from place w where w.person = p.id and w.role <> 'reserve'"
        "  and w.state in ('published', 'confirmed', 'checked_in') and w.during &&"
        "  tstzrange(line_now() - interval '14 days', line_now() + interval '14 days')), 0)"
        "  / 3600 as hours"
        " from person p left join reach r on r.person = p.id"
        " left join place l on l.person = p.id and l.shift = $1 and l.role = 'reserve'"
        "  and l.state in ('published', 'confirmed')"
        " where case when $2::uuid[] is null then l.id is not null"
        "  else p.id = any($2::uuid[]) and r.urgent and l.id is null end order by p.id",
        shift,
        list(people) if people is not None else None,
    )
    return [
        Candidate(
            person=PersonId(row["id"]),
            reserve=row["reserve"],
            urgent=row["urgent"],
            has_phone=row["has_phone"],
            quiet=Quiet(start=row["quiet_from"], end=row["quiet_until"]),
            hours=float(row["hours"]),
        )
        for row in rows
    ]
