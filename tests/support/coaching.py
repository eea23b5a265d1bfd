"""Coaches on duty, and what the coach's room tells, for tests of help and of being beside."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn import app
from luisterlijn.accounts.service import NewPerson
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy.endtoend import new_member_keys
from luisterlijn.privacy.redaction import Secret
from tests.support.house import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Awaitable, Iterable
    from uuid import UUID

    import asyncpg

    from luisterlijn.dispatch.wire import CoachSide
    from luisterlijn.kernel.events import Event
    from luisterlijn.kernel.ids import BranchId, ContactId, PersonId
    from tests.support.house import TestHouse

KEY = new_member_keys().public


async def refused(doing: Awaitable[object]) -> Code:
    """Give the code with which something is refused."""
    with pytest.raises(Refusal) as refusal:
        await doing
    return refusal.value.code


async def somebody(
    built: TestHouse, name: str, *roles: Role, branch: BranchId | None = None, phone: bool = False
) -> PersonId:
    """Give an account; `phone`: an own number is on record."""
    house = built.house
    async with house.database.transaction(LINE) as tx:
        [person] = await house.accounts.add_people(
            tx,
            [
                NewPerson(
                    sign_in=name,
                    name=f"{name.title()} Smit",
                    branch=branch,
                    roles=frozenset(roles),
                    phone=Secret("+31201234567") if phone else None,
                )
            ],
            Secret(PASSWORD),
        )
    return person


async def on_duty(
    built: TestHouse,
    person: PersonId,
    *,
    order: int = 1,
    stands_in: bool = False,
    hours: float = 8,
) -> None:
    """Put somebody on duty from now on."""
    now = await built.time.now()
    await built.house.coaching.rota.add(
        LINE,
        person,
        now,
        now + timedelta(hours=hours),
        phone_order=order,
        stands_in=stands_in,
    )


async def coach(
    built: TestHouse, name: str = "ada", *, order: int = 1, phone: bool = False
) -> PersonId:
    """Give an account to a coach, on duty from now on."""
    person = await somebody(built, name, Role.COACH, phone=phone)
    await on_duty(built, person, order=order)
    return person


async def stand_in(built: TestHouse, name: str = "cora", *, phone: bool = True) -> PersonId:
    """Give an account to a coordinator who stands in from now on."""
    person = await somebody(built, name, Role.COORDINATOR, branch=built.branch, phone=phone)
    await on_duty(built, person, stands_in=True)
    return person


async def request(built: TestHouse, request_id: UUID) -> asyncpg.Record:
    """Give the row of a request that is there."""
    row = await built.house.database.line_row(
        "select * from help_request where id = $1", request_id
    )
    assert row is not None
    return row


async def side(built: TestHouse, person: PersonId) -> CoachSide:
    """Give what the coach's room adds to somebody's screen."""
    return (await built.house.consoles.snapshot(person)).coaching


async def later(built: TestHouse, seconds: float) -> None:
    """Let time pass, and do what is overdue."""
    await built.time.advance(seconds)
    await built.house.coaching.sweep()


async def trail(built: TestHouse) -> list[tuple[str, PersonId]]:
    """Give what the audit trail says, in order, once it is seen to be whole."""
    assert (await built.house.audit.verify()).faults == ()
    rows = await built.owner.fetch("select what, person from audit order by seq")
    return [(row["what"], row["person"]) for row in rows]


async def as_call(built: TestHouse, contact: ContactId) -> None:
    """Make a call of a chat that goes on, for rules that ask for nothing but the channel."""
    await built.owner.execute("update contact set channel = 'phone' where id = $1", contact)


def overheard(built: TestHouse, *kinds: type[Event]) -> list[Event]:
    """Listen in on these kinds of event, beside those who listen already."""
    heard: list[Event] = []
    work, hints = app._work(built.house), dict(app._hints(built.house))  # noqa: SLF001 - the table
    for kind in kinds:
        hints[kind] = [*hints.get(kind, ()), heard.append]
    built.house.outbox.listen(work, hints)
    return heard


def names(heard: Iterable[Event]) -> list[str]:
    """Give the events' names in order."""
    return [each.name for each in heard]
