"""The only SQL about giving a conversation to somebody else. Lock order as in `store`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.dispatch.model import (
    OFFER_LASTS,
    OFFER_LASTS_OWN,
    OVER,
    VOLUNTEER_SILENT,
    WAITING,
    State,
)
from luisterlijn.dispatch.ports import Standing
from luisterlijn.dispatch.store_pairs import PAIR_ALLOWS, lock

if TYPE_CHECKING:
    from datetime import datetime

    import asyncpg

    from luisterlijn.kernel.ids import ContactId, PersonId
    from luisterlijn.store.database import Transaction

FREE = (
    "p.state = 'ready' and not p.offered and p.takes_until > line_now()"
    " and p.heard > line_now() - $1::interval"
    " and coalesce(p.rest_until, '-infinity') <= line_now()"
    " and c.channel = any(p.channels) and c.language = any(p.languages)"
    " and p.load + case c.channel when 'phone' then p.capacity else 1 end <= p.capacity"
    f" and {PAIR_ALLOWS}"
    # "Ik ken deze persoon" holds for a colleague's question too.
    " and not exists (select from exclusion e where e.contact = c.id and e.volunteer = p.person"
    " and e.until > line_now())"
)


async def standing(tx: Transaction, contact: ContactId) -> Standing | None:
    """Lock a contact and say where it stands; None when it is gone."""
    row = await tx.row(
        "select channel, state, volunteer, epoch, language, reason, helped, accepted,"
        " coalesce(ended, line_now()) - coalesce(accepted, ended, line_now()) as talked"
        " from contact where id = $1 for update",
        contact,
    )
    if row is None:
        return None
    state = State(row["state"])
    waits = state in WAITING
    return Standing(
        channel=row["channel"],
        stage="over" if state in OVER else "waiting" if waits else "talking",
        volunteer=None if waits else row["volunteer"],
        epoch=row["epoch"],
        language=row["language"],
        talked=row["talked"],
        reason=row["reason"],
        helped=row["helped"],
    )


async def set_language(tx: Transaction, contact: ContactId, language: str) -> None:
    """Let a contact that waits wait for somebody who speaks this language."""
    await tx.run(
        "update contact set language = $2, version = version + 1 where id = $1"
        " and state in ('admitted', 'queued', 'offered')",
        contact,
        language,
    )


async def helped(tx: Transaction, contact: ContactId) -> None:
    """Note that a coach helps in this conversation."""
    await tx.run("update contact set helped = true where id = $1", contact)


async def ask(tx: Transaction, contact: ContactId, to: PersonId) -> datetime | None:
    """Put a conversation before a colleague, who takes a seat for it; gives until when.

    None: not ready, no room, not trained for it, or not to be asked for it. The caller of this
    function has locked the contact.
    """
    await lock(tx, to)
    row = await tx.row(
        "with c as (select id, epoch, channel, language from contact where id = $2),"  # noqa: S608
        " v as (update presence p"
        "  set load = load + case c.channel when 'phone' then capacity else 1 end,"
        "  offered = true, version = version + 1 from c"
        f"  where person = $3 and {FREE}"
        "  returning person, case c.channel when 'phone' then capacity else 1 end as weight,"
        "  line_now() + case when c.channel = 'phone' and phone_at = 'own'"
        "  then $5::interval else $4::interval end as until)"
        " insert into offer (contact, volunteer, epoch, weight, state, until, kind)"
        " select c.id, v.person, c.epoch + 1, v.weight, 'open', v.until, 'hand_over' from c, v"
        " returning until",
        VOLUNTEER_SILENT,
        contact,
        to,
        OFFER_LASTS,
        OFFER_LASTS_OWN,
    )
    return row["until"] if row is not None else None


async def colleagues(tx: Transaction, contact: ContactId, person: PersonId) -> list[asyncpg.Record]:
    """Give (person, alias, name, roles, free) of who is present beside the asker, free first."""
    return await tx.rows(
        f"select p.person, p.alias, q.name, q.roles, ({FREE}) as free"  # noqa: S608
        " from contact c, presence p join person q on q.id = p.person"
        " where c.id = $2 and p.person <> $3 and p.state <> 'away'"
        " order by free desc, p.alias, p.person limit 100",
        VOLUNTEER_SILENT,
        contact,
        person,
    )


async def seat_taker(tx: Transaction, contact: ContactId, person: PersonId) -> bool:
    """Give a seat to who took a conversation over without being offered it; False: no room.

    As ever a call takes all there is. The former volunteer's seat was given back before.
    """
    row = await tx.row(
        "with c as (select id, epoch, channel from contact where id = $1),"
        " v as (update presence p set capacity = greatest(p.capacity, p.load + 1),"
        "  load = case c.channel when 'phone' then greatest(p.capacity, p.load + 1)"
        "  else p.load + 1 end, version = version + 1 from c"
        "  where p.person = $2 and p.load < 3 returning p.person, p.load)"
        " insert into offer (contact, volunteer, epoch, weight, state, until, kind, answered)"
        " select c.id, v.person, c.epoch, v.load - coalesce((select sum(o.weight) from offer o"
        "  where o.volunteer = $2 and o.state in ('open', 'accepted')), 0),"
        " 'accepted', line_now(), 'hand_over', line_now() from c, v returning id",
        contact,
        person,
    )
    return row is not None
