"""What a page and a console hand to the server, where only the server's part is tested.

The server sees lengths and addresses, never what is inside, so the insides are chance.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

if TYPE_CHECKING:
    from luisterlijn.chat.wire import Members
    from luisterlijn.kernel.ids import ContactId, PersonId
    from tests.support.house import TestHouse

BOX_BYTES = 113
SHORT_LINE = 272


class Sealed(TypedDict):
    """The fields of one encrypted line."""

    client_id: UUID
    period: int
    stream: UUID
    counter: int
    sealed: bytes


def any_id() -> UUID:
    """Give an id that nobody has."""
    return UUID(bytes=secrets.token_bytes(16))


def sealed_line(period: int, *, counter: int = 0, size: int = SHORT_LINE) -> Sealed:
    """Give a line as the server sees it."""
    return Sealed(
        client_id=any_id(),
        period=period,
        stream=any_id(),
        counter=counter,
        sealed=secrets.token_bytes(size),
    )


def sealed_box() -> bytes:
    """Give a secret as the server sees it."""
    return secrets.token_bytes(BOX_BYTES)


async def members(built: TestHouse, contact: ContactId) -> Members:
    """Give the members as the page sees them."""
    [page] = await built.house.chats.pages([contact])
    return page.members


async def give_keys(built: TestHouse, contact: ContactId, *earlier: int) -> int:
    """Give the secret of the period that is now, and of earlier ones; gives the period."""
    now = await members(built, contact)
    await built.house.chats.periods.give_keys(
        contact,
        now.version,
        [
            (UUID(hex=each.member), period, sealed_box())
            for each in now.present
            for period in (*earlier, now.version)
            if each.role == "volunteer" or period >= each.reads_from
        ],
    )
    await built.settle()
    return now.version


async def keyed(built: TestHouse, person: PersonId) -> tuple[ContactId, int]:
    """Let a chatter talk with this ready volunteer, who can read; gives contact and period."""
    contact = await built.talking(person)
    return contact, await give_keys(built, contact)


async def epoch(built: TestHouse, contact: ContactId) -> int:
    """Give the contact's epoch."""
    row = await built.contact(contact)
    assert row is not None
    return int(row["epoch"])


async def visitor_says(built: TestHouse, contact: ContactId, line: Sealed) -> int:
    """Let the page say it; gives its number."""
    seq, _who = await built.house.chats.say(contact, by="visitor", **line)
    return seq


async def volunteer_says(
    built: TestHouse, contact: ContactId, person: PersonId, line: Sealed, **changed: Any
) -> int:
    """Let the volunteer say it, at the contact's epoch unless another is named."""
    fence = {"volunteer": person, "epoch": await epoch(built, contact), **changed}
    seq, _who = await built.house.chats.say(contact, by="volunteer", **line, **fence)
    return seq
