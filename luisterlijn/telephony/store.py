"""The only SQL about calls and legs. Lock order: contact → call → leg."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from luisterlijn.kernel.ids import ContactId
from luisterlijn.telephony.legs import Kind, Leg, LegState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, timedelta
    from uuid import UUID

    import asyncpg

    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.store.database import Transaction

FIELDS = (
    "id, contact, kind, state, at, language, person, epoch, word, mode, request, room, heard, sid"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """A leg with what only its row knows.

    `contact` None: it is closed, or there never was one. `heard`: how often the waiting room was
    asked for. `sid`: the provider's id, sealed; None: not known yet.
    """

    leg: Leg
    contact: ContactId | None
    heard: int
    sid: bytes | None


def _stored(row: asyncpg.Record) -> Stored:
    leg = Leg(
        id=row["id"],
        kind=Kind(row["kind"]),
        state=LegState(row["state"]),
        at=row["at"],
        language=row["language"],
        person=row["person"],
        epoch=row["epoch"],
        word=row["word"],
        mode=row["mode"],
        request=row["request"],
        room=row["room"],
    )
    contact = ContactId(row["contact"]) if row["contact"] else None
    return Stored(leg=leg, contact=contact, heard=row["heard"], sid=row["sid"])


async def insert_call(tx: Transaction, contact: ContactId, room: UUID) -> None:
    """Write a call that waits."""
    await tx.run("insert into call (contact, room) values ($1, $2)", contact, room)


async def call_for_update(tx: Transaction, contact: ContactId) -> asyncpg.Record | None:
    """Give and lock (room, held, code_given); None when the call is gone."""
    return await tx.row(
        "select room, held, code_given from call where contact = $1 for update", contact
    )


async def save_call(tx: Transaction, contact: ContactId, *, held: bool) -> None:
    """Write whether the caller is on hold."""
    await tx.run("update call set held = $2 where contact = $1 and held <> $2", contact, held)


async def give_code(tx: Transaction, contact: ContactId) -> bool:
    """Note that a code was given; False when one was before."""
    return bool(
        await tx.run(
            "update call set code_given = true where contact = $1 and not code_given", contact
        )
    )


async def calls(tx: Transaction, contacts: Sequence[ContactId]) -> list[asyncpg.Record]:
    """Give (contact, held, code_given, kinds, states and modes of legs), for the console."""
    return await tx.rows(
        "select c.contact, c.held, c.code_given, array_agg("
        "  l.kind || ':' || l.state || ':' || coalesce(l.mode, '') order by l.id"
        " ) filter (where l.id is not null) as legs from call c"
        " left join leg l on l.contact = c.contact and l.state <> 'over'"
        " where c.contact = any($1::uuid[]) group by c.contact order by c.contact",
        list(contacts),
    )


async def insert_leg(
    tx: Transaction, leg: Leg, contact: ContactId | None, *, deadline: datetime
) -> None:
    """Write a leg; `deadline` is when somebody looks whether it still lives."""
    await tx.run(
        "insert into leg (id, contact, kind, state, at, language, person, epoch, word, mode,"
        " request, room, deadline) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        leg.id,
        contact,
        leg.kind.value,
        leg.state.value,
        leg.at,
        leg.language,
        leg.person,
        leg.epoch,
        leg.word,
        leg.mode,
        leg.request,
        leg.room,
        deadline,
    )


async def save_leg(
    tx: Transaction, leg: Leg, contact: ContactId | None, *, deadline: datetime
) -> None:
    """Write back what may have changed."""
    await tx.run(
        "update leg set contact = $2, kind = $3, state = $4, language = $5, epoch = $6,"
        " word = $7, mode = $8, room = $9, deadline = $10 where id = $1",
        leg.id,
        contact,
        leg.kind.value,
        leg.state.value,
        leg.language,
        leg.epoch,
        leg.word,
        leg.mode,
        leg.room,
        deadline,
    )


async def strip_leg(tx: Transaction, leg: UUID) -> bytes | None:
    """Keep of a leg that is over its index only; gives the provider's id, sealed, once."""
    row = await tx.row(
        "with former as (select id, sid from leg where id = $1 for update)"
        " update leg set state = 'over', contact = null, person = null,"
        " word = null, mode = null, request = null, room = null, epoch = 0, heard = 0,"
        " sequence = -1, sid = null,"
        " deadline = null from former where leg.id = former.id returning former.sid",
        leg,
    )
    return row["sid"] if row is not None else None


async def leg(tx: Transaction, leg_id: UUID) -> Stored | None:
    """Give a leg; None when there is none."""
    row = await tx.row(f"select {FIELDS} from leg where id = $1", leg_id)  # noqa: S608 - a constant
    return _stored(row) if row is not None else None


async def leg_of_index(tx: Transaction, indexes: Sequence[bytes]) -> Stored | None:
    """Give the leg whose call the provider names; None when we know none."""
    row = await tx.row(
        f"select {FIELDS} from leg where sid_index = any($1::bytea[])",  # noqa: S608 - a constant
        list(indexes),
    )
    return _stored(row) if row is not None else None


async def legs(tx: Transaction, contact: ContactId) -> list[Stored]:
    """Give a call's legs that are not over, by id."""
    rows = await tx.rows(
        f"select {FIELDS} from leg where contact = $1 and state <> 'over' order by id",  # noqa: S608
        contact,
    )
    return [_stored(row) for row in rows]


async def legs_in_room(tx: Transaction, room: UUID) -> list[Stored]:
    """Give and lock the legs in a conference without a caller, that are not over."""
    rows = await tx.rows(
        f"select {FIELDS} from leg where room = $1 and state <> 'over' order by id for update",  # noqa: S608
        room,
    )
    return [_stored(row) for row in rows]


async def legs_of_request(tx: Transaction, request: UUID) -> list[Stored]:
    """Give and lock the legs that were rung for a request for help, and are not over."""
    rows = await tx.rows(
        f"select {FIELDS} from leg where request = $1"  # noqa: S608 - a constant
        " and state <> 'over' order by id for update",
        request,
    )
    return [_stored(row) for row in rows]


async def helper_of(tx: Transaction, person: PersonId) -> Stored | None:
    """Give and lock the leg on which somebody took a request, while they choose how to help."""
    row = await tx.row(
        f"select {FIELDS} from leg where person = $1 and kind = 'helper'"  # noqa: S608 - a constant
        " and state = 'waiting' order by id limit 1 for update",
        person,
    )
    return _stored(row) if row is not None else None


async def lock_leg(tx: Transaction, leg_id: UUID) -> Stored | None:
    """Give and lock a leg that is in no call; None when there is none."""
    row = await tx.row(f"select {FIELDS} from leg where id = $1 for update", leg_id)  # noqa: S608
    return _stored(row) if row is not None else None


async def name_leg(
    tx: Transaction, leg_id: UUID, *, key_id: bytes, index: bytes, sealed: bytes
) -> bool:
    """Note the provider's id of a leg; False when it has one already."""
    return bool(
        await tx.run(
            "update leg set sid = $2, sid_index = $3, key_id = $4 where id = $1"
            " and sid_index is null",
            leg_id,
            sealed,
            index,
            key_id,
        )
    )


async def newer(tx: Transaction, leg_id: UUID, sequence: int) -> bool:
    """Note the number of a status; False when a later one was heard already."""
    return bool(
        await tx.run(
            "update leg set sequence = $2 where id = $1 and sequence < $2", leg_id, sequence
        )
    )


async def turn(tx: Transaction, leg_id: UUID) -> int:
    """Count that the waiting room was asked for; gives how often before."""
    before = await tx.value(
        "update leg set heard = least(heard + 1, 30000) where id = $1 returning heard - 1", leg_id
    )
    return int(before or 0)


async def mark_placing(tx: Transaction, leg_id: UUID) -> bool:
    """Note that the provider is about to be asked to call; False when it is, or need not be."""
    return bool(
        await tx.run("update leg set state = 'placing' where id = $1 and state = 'due'", leg_id)
    )


async def mark_due(tx: Transaction, leg_id: UUID) -> None:
    """Note that nobody was called after all, and that it may be tried again."""
    await tx.run("update leg set state = 'due' where id = $1 and state = 'placing'", leg_id)


async def mark_ringing(tx: Transaction, leg_id: UUID) -> None:
    """Note that the provider calls, unless more is known by now."""
    await tx.run(
        "update leg set state = 'ringing' where id = $1 and state in ('due', 'placing')", leg_id
    )


async def overdue(tx: Transaction) -> list[Stored]:
    """Give legs nobody heard of for too long, longest first."""
    rows = await tx.rows(
        f"select {FIELDS} from leg where deadline <= line_now() order by deadline, id limit 100"  # noqa: S608
    )
    return [_stored(row) for row in rows]


async def look_again(tx: Transaction, leg_id: UUID, after: timedelta) -> None:
    """Look at a leg again after a while."""
    await tx.run(
        "update leg set deadline = line_now() + $2 where id = $1 and state <> 'over'",
        leg_id,
        after,
    )


async def forget_legs(tx: Transaction, living: Sequence[bytes]) -> int:
    """Delete the legs that are over and whose index nothing can be found by any more."""
    return await tx.run(
        "delete from leg where state = 'over'"
        " and (key_id is null or not key_id = any($1::bytea[]))",
        list(living),
    )
