"""The calendar of one volunteer, behind an address that only they know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from luisterlijn.edge.guard import hashed
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import ID_BYTES, parse_id
from luisterlijn.kernel.scope import LINE, Scope
from luisterlijn.rostering import store_feed
from luisterlijn.rostering.calendar import calendar

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A calendar, and when it last changed (None: there is nothing in it)."""

    body: bytes
    changed: datetime | None


class CalendarFeed:
    """The use cases of the link: made, renewed and revoked by the volunteer, read by an app."""

    def __init__(self, database: Database, tokens: TokenSource) -> None:
        """Work on this database."""
        self._database = database
        self._tokens = tokens

    async def has(self, scope: Scope) -> bool:
        """Say whether the acting person has a link; what it is cannot be told again."""
        async with self._database.transaction(scope) as tx:
            return await store_feed.has(tx, scope.person)

    async def make(self, scope: Scope) -> str:
        """Give the acting person a new link, 128 random bits; an older one ends by that."""
        token = self._tokens.bytes(ID_BYTES)
        async with self._database.transaction(scope) as tx:
            await store_feed.keep(tx, scope.person, hashed(token))
        return token.hex()

    async def revoke(self, scope: Scope) -> None:
        """End the acting person's link."""
        async with self._database.transaction(scope) as tx:
            await store_feed.drop(tx, scope.person)

    async def read(self, token: str) -> Feed:
        """Give the calendar behind a link; nothing is noted of who read it.

        Raises:
            Refusal: `not-found` for whatever opens nothing, whyever it does not.
        """
        parsed = parse_id(token)
        if parsed is None:
            raise Refusal(Code.NOT_FOUND)
        async with self._database.transaction(LINE) as tx:
            person = await store_feed.owner(tx, hashed(parsed.bytes))
            if person is None:
                raise Refusal(Code.NOT_FOUND)
            entries = await store_feed.entries(tx, person)
        changed = max((entry.changed for entry in entries), default=None)
        return Feed(body=calendar(entries), changed=changed)
