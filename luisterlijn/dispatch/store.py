"""The only SQL about contacts, offers and presence. Lock order: contact → presence → offer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.dispatch.model import (
    VISITOR_SILENT,
    VOLUNTEER_SILENT,
    WRAP_UP_LASTS,
    Contact,
    Reason,
    State,
)
from luisterlijn.dispatch.queue import Waiting
from luisterlijn.kernel.ids import ContactId, PersonId

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import asyncpg

    from luisterlijn.kernel.ids import BranchId
    from luisterlijn.store.database import Database, Transaction

HEADS = 64
FIELDS = (
    "id, channel, state, epoch, enq, heard, caller_up, probe_until, deadline, volunteer, asked,"
    " kept, frozen, missed, reason, prefer, prefer_until, handing_to, handing_until, urgent"
)


def _contact(row: asyncpg.Record) -> Contact:
    return Contact(
        id=ContactId(row["id"]),
        channel=row["channel"],
        state=State(row["state"]),
        epoch=row["epoch"],
        enq=row["enq"],
        heard=row["heard"],
        caller_up=row["caller_up"],
        probe_until=row["probe_until"],
        deadline=row["deadline"],
        volunteer=row["volunteer"],
        asked=row["asked"],
        kept=row["kept"],
        frozen=row["frozen"],
        missed=row["missed"],
        reason=Reason(row["reason"]) if row["reason"] else None,
        prefer=row["prefer"],
        prefer_until=row["prefer_until"],
        handing_to=row["handing_to"],
        handing_until=row["handing_until"],
        urgent=row["urgent"],
    )


async def insert_contact(
    tx: Transaction,
    contact_id: ContactId,
    *,
    channel: str,
    language: str,
    enq: datetime,
    deadline: datetime,
) -> None:
    """Write an admitted contact; it has no page yet."""
    await tx.run(
        "insert into contact (id, channel, language, state, arrived, enq, heard, deadline)"
        " values ($1, $2, $3, 'admitted', line_now(), $4, line_now(), $5)",
        contact_id,
        channel,
        language,
        enq,
        deadline,
    )


async def contact_for_update(tx: Transaction, contact_id: ContactId) -> Contact | None:
    """Give the contact and lock it; None when it is gone."""
    row = await tx.row(
        f"select {FIELDS} from contact where id = $1 for update",  # noqa: S608 - a constant
        contact_id,
    )
    return _contact(row) if row is not None else None


async def save(tx: Transaction, contact: Contact) -> None:
    """Write back what may have changed."""
    await tx.run(
        "update contact set state = $2, epoch = $3, heard = $4, caller_up = $5, probe_until = $6,"
        " deadline = $7, volunteer = $8, asked = $9, kept = $10, frozen = $11, missed = $12,"
        " reason = $13, prefer = $14, prefer_until = $15, handing_to = $16, handing_until = $17,"
        " urgent = $18, version = version + 1,"
        " ended = case when $2 in ('wrapup', 'closed') then coalesce(ended, line_now()) end"
        " where id = $1",
        contact.id,
        contact.state.value,
        contact.epoch,
        contact.heard,
        contact.caller_up,
        contact.probe_until,
        contact.deadline,
        contact.volunteer,
        contact.asked,
        contact.kept,
        contact.frozen,
        contact.missed,
        contact.reason.value if contact.reason else None,
        contact.prefer,
        contact.prefer_until,
        contact.handing_to,
        contact.handing_until,
        contact.urgent,
    )


async def mark_accepted(tx: Transaction, contact_id: ContactId) -> asyncpg.Record | None:
    """Note the acceptance on offer and contact; gives channel and how long was waited."""
    await tx.run(
        "update offer set state = 'accepted', answered = line_now()"
        " where contact = $1 and state = 'open'",
        contact_id,
    )
    return await tx.row(
        "update contact set accepted = coalesce(accepted, line_now()),"
        " waited_s = coalesce(waited_s, extract(epoch from line_now() - arrived)::integer)"
        " where id = $1 returning channel, waited_s",
        contact_id,
    )


async def delete_contact(tx: Transaction, contact_id: ContactId) -> asyncpg.Record | None:
    """Remove the contact with all that hangs on it; gives what the counters and record need."""
    return await tx.row(
        "delete from contact where id = $1 returning channel, reason, arrived, waited_s,"
        " accepted, ended",
        contact_id,
    )


async def free_seat(
    tx: Transaction, contact_id: ContactId, volunteer: PersonId, offer_state: str
) -> None:
    """Give back the seat that this contact takes with this volunteer, once."""
    await tx.row("select 1 from presence where person = $1 for update", volunteer)
    row = await tx.row(
        "update offer set state = $3, answered = coalesce(answered, line_now())"
        " where contact = $1 and volunteer = $2 and state in ('open', 'accepted')"
        " returning weight, (select o.state = 'open' from offer o where o.id = offer.id) as open,"
        " extract(epoch from line_now() - coalesce(answered, line_now()))::integer as busy_s",
        contact_id,
        volunteer,
        offer_state,
    )
    if row is not None:
        await tx.run(
            "update presence set load = load - $2, capacity = greatest(own_limit, load - $2),"
            " offered = case when $3 then false else offered end, busy_s = busy_s + $4,"
            " version = version + 1 where person = $1",
            volunteer,
            row["weight"],
            row["open"],
            row["busy_s"],
        )


async def exclude(
    tx: Transaction, contact_id: ContactId, volunteer: PersonId, until: datetime
) -> None:
    """Do not offer this contact to this volunteer until then."""
    await tx.run(
        "insert into exclusion (contact, volunteer, until) values ($1, $2, $3)"
        " on conflict (contact, volunteer) do update"
        " set until = greatest(exclusion.until, excluded.until)",
        contact_id,
        volunteer,
        until,
    )


async def heads(tx: Transaction) -> list[Waiting]:
    """Give the first 64 waiting of each channel and language whose page is not away."""
    rows = await tx.rows(
        "select id, epoch, channel, language, enq, heard, entry_branch,"
        " case when prefer_until > line_now() then prefer end as prefer, array("
        "  select volunteer from exclusion e where e.contact = q.id and e.until > line_now()"
        " ) as excluded from ("
        "  select *, row_number() over (partition by channel, language order by enq, id) as place"
        "  from contact where state = 'queued' and caller_up"
        " ) q where place <= $1 order by enq, id",
        HEADS,
    )
    return [
        Waiting(
            id=ContactId(row["id"]),
            epoch=row["epoch"],
            channel=row["channel"],
            language=row["language"],
            enq=row["enq"],
            heard=row["heard"],
            excluded=frozenset(row["excluded"]),
            entry_branch=row["entry_branch"],
            prefer=row["prefer"],
        )
        for row in rows
    ]


async def ask_proof(tx: Transaction, contact_id: ContactId, until: datetime) -> bool:
    """Note until when the page may prove itself; False when it was asked already."""
    return bool(
        await tx.run(
            "update contact set probe_until = $2 where id = $1 and probe_until is null",
            contact_id,
            until,
        )
    )


async def due(tx: Transaction) -> list[ContactId]:
    """Give the contacts whose time is over, whose proof did not come, or whose page is silent."""
    rows = await tx.rows(
        "select id from contact where deadline <= line_now()"
        " or (state = 'queued' and probe_until <= line_now())"
        " or handing_until <= line_now()"
        " or (caller_up and state in ('queued', 'offered', 'active', 'volunteer_away')"
        "     and channel <> 'phone' and heard <= line_now() - $1::interval)"
        " order by coalesce(deadline, heard), id limit 500",
        VISITOR_SILENT,
    )
    return [ContactId(row["id"]) for row in rows]


async def unwritten(tx: Transaction) -> list[ContactId]:
    """Give the wrap-ups that nobody wrote in two hours."""
    rows = await tx.rows(
        "select id from contact where state = 'wrapup' and ended <= line_now() - $1::interval"
        " order by ended, id limit 500",
        WRAP_UP_LASTS,
    )
    return [ContactId(row["id"]) for row in rows]


async def of_silent_volunteers(tx: Transaction) -> list[asyncpg.Record]:
    """Give (id, volunteer, heard) of conversations whose console is silent."""
    return await tx.rows(
        "select c.id, c.volunteer, p.heard from contact c join presence p on p.person = c.volunteer"
        " where c.state in ('active', 'caller_away') and c.channel <> 'phone'"
        " and p.heard <= line_now() - $1::interval"
        " order by p.heard, c.id",
        VOLUNTEER_SILENT,
    )


async def waiting_places(
    database: Database,
) -> tuple[dict[ContactId, tuple[str, int]], dict[str, int]]:
    """Give each waiting contact's channel and place in its queue, and how many wait per channel."""
    rows = await database.line_rows(
        "select id, channel, row_number() over (partition by channel order by enq, id) as place"
        " from contact where state in ('queued', 'offered') and (caller_up or not urgent)"
        " order by place, id"
    )
    return (
        {ContactId(row["id"]): (row["channel"], row["place"]) for row in rows},
        {row["channel"]: row["place"] for row in rows},
    )


async def is_full(tx: Transaction, channel: str, most: int) -> bool:
    """Say whether so many wait that a new one hears it; who was put behind does not count."""
    waiting = await tx.value(
        "select count(*) from contact where channel = $1 and state in ('queued', 'offered')"
        " and enq <= line_now()",
        channel,
    )
    return bool(waiting >= most)


async def give_everyone_time(tx: Transaction) -> None:
    """Nobody was heard while we were away: open contacts and ready volunteers get 30 s at least."""
    await tx.rows("select 1 from contact order by id for update")
    await tx.run(
        "update contact set heard = case when caller_up then line_now() else heard end,"
        " probe_until = null, deadline = case when deadline is not null"
        " then greatest(deadline, line_now() + interval '30 s') end,"
        " handing_until = case when handing_until is not null"
        " then greatest(handing_until, line_now() + interval '30 s') end"
        " where state not in ('wrapup', 'closed')"
    )
    await tx.rows("select 1 from presence order by person for update")
    await tx.run("update presence set heard = line_now() where state <> 'away' or load > 0")
    await tx.run(
        "update offer set until = coalesce((select case offer.kind when 'queue' then deadline"
        " else handing_until end from contact c where c.id = offer.contact), until)"
        " where state = 'open'"
    )


async def entry_branch(tx: Transaction, contact_id: ContactId, branch: BranchId) -> None:
    """Note through which municipality's link the page was opened: the last tie-break only."""
    await tx.run("update contact set entry_branch = $2 where id = $1", contact_id, branch)


async def waiting_of(tx: Transaction, channel: str, language: str) -> Sequence[ContactId]:
    """Give all who wait on a channel in a language, longest first."""
    rows = await tx.rows(
        "select id from contact where channel = $1 and language = $2 and state = 'queued'"
        " order by enq, id",
        channel,
        language,
    )
    return [ContactId(row["id"]) for row in rows]


async def has(database: Database, person: PersonId, contact_id: ContactId) -> bool:
    """Say whether the volunteer has this conversation in hand."""
    row = await database.line_row(
        "select 1 from contact where id = $1 and volunteer = $2"
        " and state in ('active', 'volunteer_away', 'caller_away')",
        contact_id,
        person,
    )
    return row is not None
