"""Messages to who stands on a shift, to a group, to a branch. In the console only, for 30 days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy import retention, sealing
from luisterlijn.privacy.keyring import KeyGone
from luisterlijn.privacy.retention import RULES, RetentionClass
from luisterlijn.volunteers import model, store_messages
from luisterlijn.volunteers.ports import Audience

if TYPE_CHECKING:
    from collections.abc import Iterable

    import asyncpg

    from luisterlijn.kernel.ids import BranchId, PersonId, ShiftId, TokenSource
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.privacy.keyring import Keyring
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.volunteers.ports import Ledger
    from luisterlijn.volunteers.service import Volunteers

CLASS = retention.MESSAGE_BODY.retention


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message, opened. `writer` None: has left.

    `people`, `readers`: to how many it went and how many read it; None to who received it.
    """

    message: UUID
    audience: Audience
    text: str
    writer: str | None
    written: datetime
    is_read: bool
    shift: tuple[datetime, datetime] | None
    branch_name: str | None = None
    people: int | None = None
    readers: int | None = None


class Messages:
    """The use cases of messages."""

    def __init__(
        self,
        database: Database,
        volunteers: Volunteers,
        ledger: Ledger,
        keyring: Keyring,
        tokens: TokenSource,
    ) -> None:
        """Work on this database; `ledger` is the roster's."""
        self._database = database
        self._volunteers = volunteers
        self._ledger = ledger
        self._keyring = keyring
        self._tokens = tokens

    async def send(
        self,
        scope: Scope,
        audience: Audience,
        text: str,
        *,
        branch: BranchId | None = None,
        shift: ShiftId | None = None,
    ) -> int:
        """Send a message; gives to how many.

        Args:
            scope: who writes.
            audience: to whom.
            text: at most 2,000 signs.
            branch: whose group is meant; not for a shift.
            shift: who stands on it is meant, now; only for a shift.

        Raises:
            Refusal: `not-found`; `nobody-there`; `bad-request` for a shift without one.
        """
        async with self._database.transaction(scope) as tx:
            where, people = await self._people(tx, audience, branch, shift)
            people = [each for each in people if each != scope.person]
            if not people:
                raise Refusal(Code.NOBODY_THERE)
            message = new_id(self._tokens)
            body = sealing.seal_alone(
                self._keyring.current(CLASS, tx.now),
                message,
                retention.MESSAGE_BODY,
                message.hex,
                text.encode(),
                tokens=self._tokens,
            )
            await store_messages.insert(
                tx,
                message,
                branch=where,
                shift=shift,
                audience=audience.value,
                writer=scope.person,
                body=body,
                to=people,
            )
        return len(people)

    async def inbox(self, scope: Scope) -> list[Message]:
        """Give what was sent to the acting person, the newest first."""
        # The line's scope: who wrote is not among those whom a volunteer sees.
        async with self._database.transaction(LINE) as tx:
            return self._opened(await store_messages.inbox(tx, scope.person))

    async def sent(self, scope: Scope, branch: BranchId | None) -> list[Message]:
        """Give what was sent in the branch, the newest first."""
        async with self._database.transaction(scope) as tx:
            return self._opened(await store_messages.sent(tx, branch))

    async def unread(self, scope: Scope) -> int:
        """Count what the acting person has not read."""
        async with self._database.transaction(scope) as tx:
            return await store_messages.unread(tx, scope.person)

    async def read(self, scope: Scope, message: UUID) -> None:
        """Note that the acting person read a message.

        Raises:
            Refusal: `not-found`.
        """
        async with self._database.transaction(scope) as tx:
            if not await store_messages.mark_read(tx, message, scope.person):
                raise Refusal(Code.NOT_FOUND)

    async def forget_old(self, tx: Transaction) -> None:
        """Timed work: a message goes after 30 days, read or not."""
        lasts = RULES[RetentionClass.DAYS_30].lasts
        if lasts is not None:
            await store_messages.delete_old(tx, tx.now - lasts)

    async def _people(
        self,
        tx: Transaction,
        audience: Audience,
        branch: BranchId | None,
        shift: ShiftId | None,
    ) -> tuple[BranchId, list[PersonId]]:
        if audience is Audience.SHIFT:
            if shift is None:
                raise Refusal(Code.BAD_REQUEST)
            found = await self._ledger.on_shift(tx, shift)
            if found is None:
                raise Refusal(Code.NOT_FOUND)
            return found[0], list(found[1])
        if branch is None or shift is not None:
            raise Refusal(Code.BAD_REQUEST)
        facts = await self._volunteers.facts(tx, branch=branch)
        return branch, [who for who, known in facts.items() if model.belongs(known, audience)]

    def _opened(self, rows: Iterable[asyncpg.Record]) -> list[Message]:
        found = []
        for row in rows:
            message: UUID = row["id"]
            try:
                body = sealing.unseal_alone(
                    self._keyring, message, retention.MESSAGE_BODY, message.hex, row["body"]
                )
            except KeyGone:
                continue  # its time is over; the row goes within the hour
            counts = "people" in row.keys()  # noqa: SIM118 - a record is no mapping
            found.append(
                Message(
                    message=message,
                    audience=Audience(row["audience"]),
                    text=body.decode(),
                    writer=row["writer"],
                    written=row["written"],
                    is_read=row["read"],
                    shift=(row["starts"], row["ends"]) if row["starts"] else None,
                    branch_name=row["branch_name"] if counts else None,
                    people=row["people"] if counts else None,
                    readers=row["readers"] if counts else None,
                )
            )
        return found
