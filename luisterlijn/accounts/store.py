"""The only SQL about people, branches and sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import asyncpg

from luisterlijn.accounts.model import HEARD_EVERY, IDLE, LONGEST, Person
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.kernel.scope import Role

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from luisterlijn.store.database import Database, Transaction

PERSON = (
    "select p.id, p.sign_in, p.name, p.branch, b.name as branch_name, p.roles, p.languages,"
    " p.channels, p.chats, p.margin_min from person p left join branch b on b.id = p.branch"
)


def _person(row: asyncpg.Record) -> Person:
    return Person(
        id=PersonId(row["id"]),
        sign_in=row["sign_in"],
        name=row["name"],
        branch=BranchId(row["branch"]) if row["branch"] else None,
        branch_name=row["branch_name"],
        roles=frozenset(Role(role) for role in row["roles"]),
        languages=tuple(row["languages"]),
        channels=tuple(row["channels"]),
        chats=row["chats"],
        margin=timedelta(minutes=row["margin_min"]),
    )


async def person(tx: Transaction, person_id: PersonId) -> Person | None:
    """Give the person; None when gone or not to be seen."""
    row = await tx.row(f"{PERSON} where p.id = $1", person_id)
    return _person(row) if row is not None else None


async def people(tx: Transaction, role: Role) -> list[Person]:
    """Give everybody with the role whom the acting scope may see, by name."""
    rows = await tx.rows(f"{PERSON} where $1 = any(p.roles) order by p.name, p.id", role.value)
    return [_person(row) for row in rows]


async def demo_people(tx: Transaction) -> list[asyncpg.Record]:
    """Give the demo's named accounts, by name."""
    return await tx.rows(
        "select id, sign_in, name, roles, totp from person where demo order by roles, sign_in"
    )


async def for_sign_in(tx: Transaction, sign_in: str) -> asyncpg.Record | None:
    """Give what a sign-in is checked against."""
    return await tx.row(
        "select id, password, totp, totp_counter from person where sign_in = $1"
        " and (ends is null or ends > line_now())",
        sign_in,
    )


async def with_totp(tx: Transaction, person_id: PersonId) -> tuple[str, bytes]:
    """Give sign-in name and sealed second factor of somebody who is there."""
    row = await tx.row("select sign_in, totp from person where id = $1", person_id)
    if row is None:
        raise LookupError(person_id)
    return row["sign_in"], row["totp"]


async def code_used(tx: Transaction, person_id: PersonId, counter: int) -> bool:
    """Note that a code was used; False when it, or a later one, was used already."""
    return bool(
        await tx.run(
            "update person set totp_counter = $2 where id = $1 and totp_counter < $2",
            person_id,
            counter,
        )
    )


async def insert_branch(tx: Transaction, branch: BranchId, slug: str, name: str) -> None:
    """Write a branch."""
    await tx.run("insert into branch (id, slug, name) values ($1, $2, $3)", branch, slug, name)


async def branch_by_slug(tx: Transaction, slug: str) -> BranchId | None:
    """Give the branch with this short name."""
    branch: BranchId | None = await tx.value("select id from branch where slug = $1", slug)
    return branch


async def insert_people(tx: Transaction, rows: Sequence[Sequence[object]]) -> None:
    """Write people.

    Args:
        tx: where.
        rows: id, sign_in, name, branch, roles, languages, channels, chats, margin in minutes,
            password hash, sealed second factor, demo.
    """
    await tx.run_many(
        "insert into person (id, sign_in, name, branch, roles, languages, channels, chats,"
        " margin_min, password, totp, demo)"
        " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        rows,
    )


async def insert_session(tx: Transaction, token: bytes, person_id: PersonId, wrap: bytes) -> None:
    """Write a session under the hash of its token."""
    await tx.run(
        "insert into session (token, person, wrap, heard, until)"
        " values ($1, $2, $3, line_now(), line_now() + $4::interval)",
        token,
        person_id,
        wrap,
        LONGEST,
    )


async def session(database: Database, token: bytes) -> asyncpg.Record | None:
    """Give who a living session belongs to, and note its use; None when it is over."""
    row = await database.line_row(
        "select s.person, s.wrap, s.heard, p.branch, p.roles,"
        " line_now() - s.heard > $2::interval as quiet"
        " from session s join person p on p.id = s.person"
        " where s.token = $1 and s.until > line_now() and s.heard > line_now() - $3::interval"
        " and (p.ends is null or p.ends > line_now())",
        token,
        HEARD_EVERY,
        IDLE,
    )
    if row is not None and row["quiet"]:
        await sessions_heard(database, [token])
    return row


async def sessions_heard(database: Database, tokens: Sequence[bytes]) -> None:
    """Note that these sessions are in use; one that is over does not come back."""
    await database.line_row(
        "update session set heard = line_now() where token = any($1::bytea[])"
        " and heard < line_now() - $2::interval and heard > line_now() - $3::interval",
        list(tokens),
        HEARD_EVERY,
        IDLE,
    )


async def delete_session(tx: Transaction, token: bytes) -> None:
    """End a session; the secret that wraps its console's key goes with it."""
    await tx.run("delete from session where token = $1", token)


async def delete_old_sessions(tx: Transaction) -> None:
    """Remove every session that is over."""
    await tx.run(
        "delete from session where until <= line_now() or heard <= line_now() - $1::interval", IDLE
    )


async def sealed_of_people(tx: Transaction) -> list[bytes]:
    """Give every sealed second factor and number: their keys are in use."""
    rows = await tx.rows(
        "select totp as sealed from person union all"
        " select phone from person where phone is not null order by 1"
    )
    return [row["sealed"] for row in rows]


async def set_phone(tx: Transaction, person_id: PersonId, sealed: bytes | None) -> None:
    """Keep, or drop, somebody's sealed number."""
    await tx.run("update person set phone = $2 where id = $1", person_id, sealed)


async def phone(tx: Transaction, person_id: PersonId) -> bytes | None:
    """Give somebody's sealed number; None: none."""
    sealed: bytes | None = await tx.value("select phone from person where id = $1", person_id)
    return sealed


async def set_channels(tx: Transaction, person_id: PersonId, channels: Sequence[str]) -> None:
    """Write what somebody answers alone."""
    await tx.run("update person set channels = $2 where id = $1", person_id, list(channels))


async def rename(tx: Transaction, person_id: PersonId, name: str) -> None:
    """Write somebody's name."""
    await tx.run("update person set name = $2 where id = $1", person_id, name)


async def set_ends(tx: Transaction, person_id: PersonId, ends: datetime | None) -> None:
    """Write when somebody's account ends; None: it does not."""
    await tx.run("update person set ends = $2 where id = $1", person_id, ends)


async def ended_before(tx: Transaction, moment: datetime) -> list[PersonId]:
    """Give whose account ended before a moment."""
    rows = await tx.rows("select id from person where ends <= $1 order by id", moment)
    return [PersonId(row["id"]) for row in rows]


async def delete_person(tx: Transaction, person_id: PersonId) -> None:
    """Remove an account, and with it all rows that are about this person only.

    Raises:
        Refusal: `try-again`, while something of this person goes on.
    """
    try:
        async with tx.savepoint():
            await tx.run("delete from person where id = $1", person_id)
    except asyncpg.ForeignKeyViolationError:
        raise Refusal(Code.TRY_AGAIN) from None


async def is_empty(tx: Transaction) -> bool:
    """Say whether nobody has an account yet."""
    return not await tx.value("select exists (select from person)")


async def made_by_demo(tx: Transaction) -> bool:
    """Say whether the demo made this database."""
    return bool(await tx.value("select exists (select from person where demo)"))
