"""The only SQL about presence: who is ready, and how much they have in hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from luisterlijn.dispatch.model import VOLUNTEER_GRACE, VOLUNTEER_SILENT
from luisterlijn.dispatch.ports import Console

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import asyncpg

    from luisterlijn.accounts.ports import Person
    from luisterlijn.kernel.ids import ContactId, PersonId
    from luisterlijn.store.database import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """What somebody is offered, and until when: the shift they are on, and what joins on to it."""

    channels: tuple[str, ...]
    takes_until: datetime
    ends: datetime


async def check_in(tx: Transaction, volunteer: Person, hours: Hours, alias: str) -> None:
    """Write the presence of somebody whose console opened on a shift.

    Who is there already keeps state, load and alias; a new shift gives a new alias.
    """
    await tx.run(
        "insert into presence as p (person, branch, state, since, heard, alias, channels,"
        " languages, own_limit, capacity, takes_until, shift_ends)"
        " values ($1, $2, 'paused', line_now(), line_now(), $3, $4, $5, $6, $6, $7, $8)"
        " on conflict (person) do update set heard = line_now(), branch = excluded.branch,"
        " channels = excluded.channels, languages = excluded.languages,"
        " takes_until = excluded.takes_until,"
        " alias = case when p.shift_ends <= line_now() then excluded.alias else p.alias end,"
        " busy_s = case when p.shift_ends <= line_now() then 0 else p.busy_s end,"
        " phone_identity = case when p.shift_ends <= line_now() then excluded.phone_identity"
        " else p.phone_identity end,"
        " shift_ends = excluded.shift_ends, version = p.version + 1",
        volunteer.id,
        volunteer.branch,
        alias,
        list(hours.channels),
        list(volunteer.languages),
        volunteer.chats,
        hours.takes_until,
        hours.ends,
    )


async def seat(tx: Transaction, person: Person, alias: str, until: datetime) -> None:
    """Write the presence of somebody without a shift, who takes nothing from the queue by that."""
    await tx.run(
        "insert into presence as p (person, branch, state, since, heard, alias, channels,"
        " languages, own_limit, capacity, takes_until, shift_ends)"
        " values ($1, $2, 'paused', line_now(), line_now(), $3, '{}', $4, 1, 1, line_now(), $5)"
        " on conflict (person) do update set heard = line_now(),"
        " since = case when p.state = 'away' then line_now() else p.since end,"
        " state = case when p.state = 'away' then 'paused' else p.state end,"
        " shift_ends = greatest(p.shift_ends, excluded.shift_ends), version = p.version + 1",
        person.id,
        person.branch,
        alias,
        list(person.languages),
        until,
    )


async def is_there(tx: Transaction, person: PersonId) -> bool:
    """Say whether somebody is present, heard of, and has a console with a key."""
    return bool(
        await tx.value(
            "select exists (select from presence where person = $1"
            " and state in ('ready', 'paused') and public_key is not null"
            " and heard > line_now() - $2::interval)",
            person,
            VOLUNTEER_SILENT,
        )
    )


async def of_person(tx: Transaction, person: PersonId) -> asyncpg.Record | None:
    """Give the presence row; None when the person never checked in."""
    return await tx.row(
        "select person, state, since, heard, alias, own_limit, capacity, load, takes_until,"
        " shift_ends, rest_until, care_until, phone_at, channels, version"
        " from presence where person = $1",
        person,
    )


async def set_state(tx: Transaction, person: PersonId, state: str) -> None:
    """Set ready, paused or away; `since` moves only when it changes. Ready ends a rest.

    A pause ends no after-care: only "ik ben er weer" does, or going away.
    """
    await tx.run(
        "with n as (select person, case when state = 'after_care' and $2 = 'paused'"
        "  then state else $2 end as state from presence where person = $1 for update)"
        " update presence p set since = case when p.state = n.state then since else line_now() end,"
        " care_until = case when n.state = 'after_care' then care_until end,"
        " rest_until = case when n.state = 'ready' then null else rest_until end,"
        " heard = case when n.state = 'ready' then line_now() else heard end,"
        " state = n.state, version = version + 1 from n where p.person = n.person",
        person,
        state,
    )


async def set_limit(tx: Transaction, person: PersonId, chats: int) -> None:
    """Set the own limit; what is in hand stays in hand."""
    await lock(tx, (person,))  # an offer that is just being made is seen
    await tx.run(
        # A call takes the whole capacity: raising it meanwhile would make room for a chat.
        "update presence p set own_limit = $2, version = version + 1,"
        " capacity = case when exists (select from offer o join contact c on c.id = o.contact"
        "  where o.volunteer = $1 and o.state in ('open', 'accepted') and c.channel = 'phone')"
        " then greatest(load, 1) else greatest($2, load) end where person = $1",
        person,
        chats,
    )


async def lock(tx: Transaction, people: Iterable[PersonId]) -> None:
    """Lock the presence of several people in one order, so that no two wait for each other."""
    await tx.rows(
        "select 1 from presence where person = any($1::uuid[]) order by person for update",
        list(people),
    )


async def speaks(tx: Transaction, person: PersonId, language: str) -> bool:
    """Say whether somebody who is present speaks the language."""
    return bool(
        await tx.value(
            "select $2 = any(languages) from presence where person = $1", person, language
        )
    )


async def rest(tx: Transaction, person: PersonId, until: datetime) -> None:
    """Offer nothing until then; a longer rest stays."""
    await tx.run(
        "update presence set rest_until = greatest(rest_until, $2), version = version + 1"
        " where person = $1",
        person,
        until,
    )


async def offer_answered(tx: Transaction, person: PersonId) -> None:
    """Note that the open offer was taken: another may follow when there is room."""
    await tx.run(
        "update presence set offered = false, version = version + 1 where person = $1", person
    )


async def ready_again(tx: Transaction, person: PersonId) -> None:
    """Set who has written up to ready, while the shift lasts; a rest or after-care stays one."""
    await tx.run(
        "update presence set state = 'ready', since = line_now(), heard = line_now(),"
        " version = version + 1"
        " where person = $1 and state not in ('ready', 'after_care') and shift_ends > line_now()",
        person,
    )


async def care(tx: Transaction, person: PersonId, until: datetime) -> None:
    """Offer nothing until the person says "ik ben er weer"; `until` is only proposed."""
    await tx.run(
        "update presence set state = 'after_care', since = line_now(), care_until = $2,"
        " version = version + 1 where person = $1",
        person,
        until,
    )


async def take_calls(tx: Transaction, person: PersonId, at: str) -> None:
    """Set where calls are taken: browser or own."""
    await tx.run(
        "update presence set phone_at = $2, version = version + 1 where person = $1", person, at
    )


async def phone_of(tx: Transaction, person: PersonId) -> tuple[str, str] | None:
    """Give where calls are taken, and the name of their browser at the provider; None: no row."""
    row = await tx.row("select phone_at, phone_identity from presence where person = $1", person)
    return (row["phone_at"], row["phone_identity"].hex) if row is not None else None


async def hours_changed(tx: Transaction, person: PersonId, hours: Hours) -> bool:
    """Take new contacts of these channels, until then only; False when it was so already."""
    return bool(
        await tx.run(
            "update presence set channels = $2, takes_until = $3, shift_ends = $4,"
            " version = version + 1 where person = $1"
            " and (channels, takes_until, shift_ends) is distinct from ($2, $3, $4)",
            person,
            list(hours.channels),
            hours.takes_until,
            hours.ends,
        )
    )


async def consoles_heard(
    database: Database, people: Sequence[PersonId]
) -> tuple[set[PersonId], list[ContactId]]:
    """Write the consoles' signs of life of the last second in one go, locking in one order.

    Returns:
        Who of them is on duty (ready, or with a contact in hand), and the conversations whose
        console is back, for the model to decide on.
    """
    if not people:
        return set(), []
    rows = await database.line_rows(
        "with l as (select person from presence where person = any($1::uuid[])"
        " order by person for update),"
        " b as (update presence p set heard = line_now() from l where p.person = l.person"
        " returning p.person, p.load > 0 or p.state = 'ready' and p.shift_ends > line_now()"
        " as on_duty)"
        " select b.person, b.on_duty, c.id from b left join contact c on c.volunteer = b.person"
        " and c.state = 'volunteer_away' order by c.id",
        list(people),
    )
    return (
        {row["person"] for row in rows if row["on_duty"]},
        [row["id"] for row in rows if row["id"] is not None],
    )


async def pages_heard(database: Database, contacts: Sequence[ContactId]) -> list[ContactId]:
    """Write the pages' signs of life; gives those that were away or have to prove themselves."""
    if not contacts:
        return []
    rows = await database.line_rows(
        "with l as (select id from contact where id = any($1::uuid[]) order by id for update)"
        " update contact c set heard = line_now() from l where c.id = l.id"
        " returning c.id, not c.caller_up or c.state = 'caller_away'"
        " or c.probe_until is not null as back",
        list(contacts),
    )
    return [row["id"] for row in rows if row["back"]]


async def open_offer(tx: Transaction, person: PersonId) -> asyncpg.Record | None:
    """Give the offer that waits for this volunteer's answer."""
    return await tx.row(
        "select o.contact, o.epoch, o.until, c.channel, c.language,"
        " case o.kind when 'hand_over' then p.alias end as from_alias from offer o"
        " join contact c on c.id = o.contact left join presence p on p.person = c.volunteer"
        " where o.volunteer = $1 and o.state = 'open'"
        " and (c.state = 'offered' or c.handing_to = $1)",
        person,
    )


async def contacts_of(tx: Transaction, person: PersonId) -> list[asyncpg.Record]:
    """Give the volunteer's conversations and wrap-ups, oldest first."""
    return await tx.rows(
        "select c.id, c.channel, c.language, c.state, c.epoch, c.caller_up, c.asked, c.kept,"
        " c.frozen, c.deadline, c.accepted, c.handing_until, h.alias as handing_alias"
        " from contact c left join presence h on h.person = c.handing_to where c.volunteer = $1"
        " and c.state in ('active', 'volunteer_away', 'caller_away', 'wrapup')"
        " order by c.accepted, c.id",
        person,
    )


async def seen(tx: Transaction, people: Sequence[PersonId]) -> dict[PersonId, datetime]:
    """Give the last heartbeat of each who has one and is not away."""
    rows = await tx.rows(
        "select person, heard from presence where person = any($1::uuid[]) and state <> 'away'",
        list(people),
    )
    return {row["person"]: row["heard"] for row in rows}


async def anybody_left(tx: Transaction, channel: str, language: str) -> bool:
    """Say whether a volunteer of channel and language is still there to take those who wait."""
    return bool(
        await tx.value(
            "select exists (select from presence where $1 = any(channels)"
            " and not walks_along and $2 = any(languages) and state <> 'away'"
            " and takes_until > line_now())",
            channel,
            language,
        )
    )


async def serving(tx: Transaction) -> dict[str, int]:
    """Give how many are ready for each channel, those in conversation too."""
    rows = await tx.rows(
        "select channel, count(*) as people from presence, unnest(channels) as channel"
        " where state = 'ready' and not walks_along and shift_ends > line_now()"
        " and heard > line_now() - $1::interval group by channel",
        VOLUNTEER_SILENT,
    )
    return {row["channel"]: row["people"] for row in rows}


async def there(tx: Transaction) -> list[asyncpg.Record]:
    """Give (person, takes_now) of who is not away and was on a shift today, by person."""
    return await tx.rows(
        "select person, takes_until > line_now() as takes_now from presence"
        " where state <> 'away' and shift_ends > line_now() - interval '12 hours' order by person"
    )


async def long_silent(tx: Transaction) -> list[PersonId]:
    """Set who gave no sign of life for 30 s to away; gives who that was."""
    rows = await tx.rows(
        "with l as (select person from presence"
        " where state <> 'away' and heard <= line_now() - $1::interval order by person for update)"
        " update presence p set state = 'away', since = line_now(), care_until = null,"
        " version = version + 1 from l where p.person = l.person returning p.person",
        VOLUNTEER_GRACE,
    )
    return [row["person"] for row in rows]


async def present(tx: Transaction) -> list[asyncpg.Record]:
    """Give who is present, as the acting scope may see; by name."""
    return await tx.rows(
        "select p.person, q.name, case when p.load > 0 and p.state = 'ready' then 'talking'"
        " else p.state end as state, p.since from presence p join person q on q.id = p.person"
        " where p.state <> 'away' order by q.name, p.person"
    )


async def set_key(tx: Transaction, person: PersonId, public_key: bytes) -> bool:
    """Keep the public key of the person's newest console; False when it is the same one."""
    return bool(
        await tx.run(
            "update presence set public_key = $2, version = version + 1"
            " where person = $1 and public_key is distinct from $2",
            person,
            public_key,
        )
    )


async def console_of(tx: Transaction, person: PersonId) -> Console | None:
    """Give the newest console; None when none was opened."""
    row = await tx.row(
        "select public_key, shift_ends from presence where person = $1 and public_key is not null",
        person,
    )
    if row is None:
        return None
    return Console(public_key=bytes(row["public_key"]), shift_ends=row["shift_ends"])
