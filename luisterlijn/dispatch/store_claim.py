"""The only SQL that puts a contact before a volunteer. Lock order as in `store`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.dispatch.mentoring import Side, may_be_asked
from luisterlijn.dispatch.model import (
    OFFER_LASTS,
    OFFER_LASTS_OWN,
    PROOF_LASTS,
    VOLUNTEER_SILENT,
)
from luisterlijn.dispatch.queue import Free, Waiting
from luisterlijn.dispatch.store_pairs import MENTOR_READY, PAIR_ALLOWS, lock
from luisterlijn.kernel.ids import PersonId

if TYPE_CHECKING:
    from datetime import datetime

    import asyncpg

    from luisterlijn.store.database import Transaction

CLAIM = f"""
with c as (select id, epoch, channel, language from contact
            where id = $1 and epoch = $2 and state = 'queued' and caller_up
              and (channel = 'phone' or heard > line_now() - $4::interval) for update skip locked),
     v as (update presence p set load = load + case c.channel when 'phone' then capacity else 1 end,
                  offered = true, version = version + 1 from c
            where person = $3 and p.state = 'ready' and not p.offered
              and takes_until > line_now() and heard > line_now() - $5::interval
              and coalesce(rest_until, '-infinity') <= line_now()
              and c.channel = any(p.channels) and c.language = any(p.languages)
              and load + case c.channel when 'phone' then capacity else 1 end <= capacity
              and p.beside is not distinct from $8 and {PAIR_ALLOWS}
           returning person, case c.channel when 'phone' then capacity else 1 end as weight,
                  line_now() + case when c.channel = 'phone' and phone_at = 'own'
                  then $7::interval else $6::interval end as until),
     o as (insert into offer (contact, volunteer, epoch, weight, state, until)
           select c.id, v.person, c.epoch + 1, v.weight, 'open', v.until from c, v
           returning contact, volunteer, epoch, until)
update contact set state = 'offered', epoch = o.epoch, deadline = o.until, volunteer = o.volunteer,
       probe_until = null, version = version + 1 from o
 where contact.id = o.contact returning contact.epoch, contact.deadline
"""  # noqa: S608 - our own words only
FREE = f"""
select p.person, p.branch, p.channels, p.languages, p.load, p.busy_s, p.beside, p.walks_along,
       o.person is not null as accompanied, o.load > 0 or o.offered as busy,
       {MENTOR_READY} as ready
  from presence p left join presence o on o.person = p.beside and o.beside = p.person
 where p.state = 'ready' and not p.offered and p.load < p.capacity
   and p.takes_until > line_now() and p.heard > line_now() - $1::interval
   and coalesce(p.rest_until, '-infinity') <= line_now() order by p.person
"""  # noqa: S608 - our own words only


async def free(tx: Transaction) -> list[Free]:
    """Give every volunteer who may be asked now."""
    rows = await tx.rows(FREE, VOLUNTEER_SILENT)
    return [
        Free(
            person=PersonId(row["person"]),
            branch=row["branch"],
            channels=frozenset(row["channels"]),
            languages=frozenset(row["languages"]),
            load=row["load"],
            busy_s=row["busy_s"],
            beside=PersonId(row["beside"]) if row["beside"] else None,
        )
        for row in rows
        if may_be_asked(walks_along=row["walks_along"], other=_other(row))
    ]


async def claim(
    tx: Transaction, waiting: Waiting, volunteer: PersonId, beside: PersonId | None = None
) -> tuple[int, datetime] | None:
    """Put the contact before the volunteer: both or nothing.

    `beside`: the other of their pair, as the round saw it.

    Returns:
        The offer's epoch and end; None: somebody was quicker, or the pair changed.
    """
    if beside is not None:
        # Two rounds that claim the two of a pair would not see each other's offer.
        await lock(tx, volunteer)
    row = await tx.row(
        CLAIM,
        waiting.id,
        waiting.epoch,
        volunteer,
        PROOF_LASTS,
        VOLUNTEER_SILENT,
        OFFER_LASTS,
        OFFER_LASTS_OWN,
        beside,
    )
    return (row["epoch"], row["deadline"]) if row is not None else None


def _other(row: asyncpg.Record) -> Side | None:
    return Side(busy=row["busy"], ready=row["ready"]) if row["accompanied"] else None
