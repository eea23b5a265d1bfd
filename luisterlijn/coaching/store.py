"""The only SQL about duty and requests for help. Lock order: contact → … → request → joining."""

from __future__ import annotations

from typing import TYPE_CHECKING

import asyncpg

from luisterlijn.coaching.escalation import OnCall, Request, State
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import ContactId, PersonId

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from uuid import UUID

    from luisterlijn.accounts.ports import Person
    from luisterlijn.store.database import Database, Transaction

ON_CALL = (
    "d.starts <= line_now() and d.ends > line_now() and case when d.stands_in"
    " then p.roles && '{coordinator,planner,coach}' else 'coach' = any(p.roles) end"
)
"""On duty now, in a role that the person still has."""
REQUEST = (
    "select id, contact, person, urgent, state, rung, calling, taken_by, asked, deadline"
    " from help_request"
)
SHOWN = (
    "select r.id, r.urgent, r.state, r.taken_by, r.contact, r.asked, p.name,"
    " b.name as branch_name, c.channel from help_request r join person p on p.id = r.person"
    " left join branch b on b.id = p.branch left join contact c on c.id = r.contact"
)


def _request(row: asyncpg.Record) -> Request:
    return Request(
        id=row["id"],
        contact=row["contact"],
        person=PersonId(row["person"]),
        urgent=row["urgent"],
        state=State(row["state"]),
        rung=tuple(row["rung"]),
        calling=row["calling"],
        taken_by=row["taken_by"],
        asked=row["asked"],
        deadline=row["deadline"],
    )


# Duty.


async def reachable(tx: Transaction) -> list[PersonId]:
    """Give who is on duty now and has a phone of their own, or a console that is heard."""
    rows = await tx.rows(
        "select d.person from duty d join person p on p.id = d.person"  # noqa: S608
        f" where {ON_CALL} and (p.phone is not null or exists (select from presence c"
        "  where c.person = d.person and c.state <> 'away'"
        "  and c.heard > line_now() - interval '30 s')) order by d.person"
    )
    return [PersonId(row["person"]) for row in rows]


async def on_call(tx: Transaction) -> list[OnCall]:
    """Give who is on duty now, in the order in which they are rung; who helps already, later."""
    rows = await tx.rows(
        "select d.person, d.stands_in, p.phone is not null as has_phone from duty d"  # noqa: S608
        f" join person p on p.id = d.person where {ON_CALL} order by d.stands_in,"
        " exists (select from help_request r where r.taken_by = d.person), d.phone_order, d.person"
    )
    return [
        OnCall(
            person=PersonId(row["person"]), stands_in=row["stands_in"], has_phone=row["has_phone"]
        )
        for row in rows
    ]


async def on_duty_of(database: Database, people: list[PersonId]) -> set[PersonId]:
    """Give who of these is on duty now."""
    rows = await database.line_rows(
        "select d.person from duty d join person p on p.id = d.person"  # noqa: S608
        f" where d.person = any($1::uuid[]) and {ON_CALL}",
        people,
    )
    return {PersonId(row["person"]) for row in rows}


async def viewer(tx: Transaction, person: PersonId) -> asyncpg.Record | None:
    """Give what decides what somebody is shown: on duty or not, roles, branch, what they agreed."""
    return await tx.row(
        "select p.roles, p.branch, coalesce(c.agrees and c.shift_ends > line_now(), false)"  # noqa: S608
        f" as agrees, exists (select from duty d where d.person = p.id and {ON_CALL}) as on_duty"
        " from person p left join care c on c.person = p.id where p.id = $1",
        person,
    )


async def duties(tx: Transaction, start: datetime, end: datetime) -> list[asyncpg.Record]:
    """Give the duties that touch the stretch, as the scope may see, by start and phone order."""
    return await tx.rows(
        "select d.id, d.person, d.starts, d.ends, d.phone_order, d.stands_in, p.name,"
        " p.phone is not null as has_phone from duty d join person p on p.id = d.person"
        " where d.starts < $2 and d.ends > $1"
        " order by d.starts, d.stands_in, d.phone_order, d.id",
        start,
        end,
    )


async def insert_duty(
    tx: Transaction,
    duty: UUID,
    person: Person,
    *,
    starts: datetime,
    ends: datetime,
    phone_order: int,
    stands_in: bool,
) -> None:
    """Write a duty.

    Raises:
        Refusal: `overlaps` when the person has one at that time.
    """
    # Two at once would find each other's duty and wait for each other.
    await tx.row("select 1 from person where id = $1 for no key update", person.id)
    try:
        async with tx.savepoint():
            await tx.run(
                "insert into duty (id, person, branch, starts, ends, phone_order, stands_in)"
                " values ($1, $2, $3, $4, $5, $6, $7)",
                duty,
                person.id,
                person.branch,
                starts,
                ends,
                phone_order,
                stands_in,
            )
    except asyncpg.ExclusionViolationError:
        raise Refusal(Code.OVERLAPS) from None


async def delete_duty(tx: Transaction, duty: UUID) -> PersonId | None:
    """Remove a duty that the scope may see; gives whose it was."""
    row = await tx.row("delete from duty where id = $1 returning person", duty)
    return PersonId(row["person"]) if row is not None else None


async def forget_duties(tx: Transaction, kept: timedelta) -> None:
    """Remove duties that ended so long ago."""
    await tx.run("delete from duty where ends <= line_now() - $1::interval", kept)


# Requests for help.


async def insert_request(tx: Transaction, request: Request) -> bool:
    """Write a request; False when the person has one already."""
    return bool(
        await tx.run(
            "insert into help_request (id, contact, person, urgent, state, rung, calling,"
            " taken_by, asked, deadline) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            " on conflict (person) do nothing",
            *_values(request),
        )
    )


async def save_request(tx: Transaction, request: Request) -> None:
    """Write back what may have changed."""
    await tx.run(
        "update help_request set contact = $2, urgent = $4, state = $5, rung = $6, calling = $7,"
        " taken_by = $8, asked = $9, deadline = $10,"
        # Taken anew it is another matter, which is decided on anew.
        " emergency = case when taken_by is not distinct from $8 then emergency end"
        " where id = $1 and person = $3",
        *_values(request),
    )


def _values(request: Request) -> tuple[object, ...]:
    return (
        request.id,
        request.contact,
        request.person,
        request.urgent,
        request.state.value,
        list(request.rung),
        request.calling,
        request.taken_by,
        request.asked,
        request.deadline,
    )


async def request_for_update(tx: Transaction, request: UUID) -> Request | None:
    """Give a request and lock it; None when it is over."""
    row = await tx.row(f"{REQUEST} where id = $1 for update", request)
    return _request(row) if row is not None else None


async def request_of_for_update(tx: Transaction, person: PersonId) -> Request | None:
    """Give somebody's request and lock it; None: they have none."""
    row = await tx.row(f"{REQUEST} where person = $1 for update", person)
    return _request(row) if row is not None else None


async def request_now(tx: Transaction, request: UUID) -> Request | None:
    """Give a request as it is now, without waiting for anybody; None when it is over."""
    row = await tx.row(f"{REQUEST} where id = $1", request)
    return _request(row) if row is not None else None


async def overdue(tx: Transaction) -> list[UUID]:
    """Give the requests whose next step is due."""
    rows = await tx.rows(
        "select id from help_request where deadline <= line_now() order by deadline, id"
    )
    return [row["id"] for row in rows]


async def delete_request(tx: Transaction, request: UUID) -> None:
    """Remove a request that is over."""
    await tx.run("delete from help_request where id = $1", request)


async def emergency_told(tx: Transaction, request: UUID, *, called: bool) -> bool:
    """Note what was decided about the emergency services; False when that was told last too."""
    return bool(
        await tx.run(
            "update help_request set emergency = $2"
            " where id = $1 and emergency is distinct from $2",
            request,
            called,
        )
    )


async def forget_requests(tx: Transaction, kept: timedelta) -> None:
    """Remove requests that nobody closed, of shifts long over."""
    await tx.run("delete from help_request where asked <= line_now() - $1::interval", kept)


async def requests_shown(tx: Transaction) -> list[asyncpg.Record]:
    """Give every request for the coaches' one list: urgent first, then who asked first."""
    return await tx.rows(f"{SHOWN} order by r.urgent desc, r.asked, r.id")


async def requests_taken(tx: Transaction, person: PersonId) -> list[asyncpg.Record]:
    """Give the requests that somebody took, in the same order."""
    return await tx.rows(
        f"{SHOWN} where r.taken_by = $1 order by r.urgent desc, r.asked, r.id", person
    )


async def help_shown(tx: Transaction, person: PersonId) -> asyncpg.Record | None:
    """Give somebody's own request, with the name of who is called or who took it."""
    return await tx.row(
        "select r.id, r.urgent, r.state, p.name from help_request r"
        " left join person p on p.id = coalesce(r.taken_by, r.calling) where r.person = $1",
        person,
    )


async def is_in_call(tx: Transaction, request: UUID) -> bool:
    """Say whether a request is about a conversation by telephone that still goes on."""
    return bool(
        await tx.value(
            "select exists (select from help_request r join contact c on c.id = r.contact"
            " where r.id = $1 and c.channel = 'phone'"
            " and c.state in ('active', 'volunteer_away', 'caller_away'))",
            request,
        )
    )


async def contact_of(tx: Transaction, request: UUID) -> ContactId | None:
    """Give the conversation that a request is about, unlocked: it is to be locked first."""
    contact: ContactId | None = await tx.value(
        "select contact from help_request where id = $1", request
    )
    return contact
