"""How somebody may be reached outside the console: their own choice, and sealed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from luisterlijn.attendance import store_reach
from luisterlijn.attendance.model import Quiet
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy import retention, sealing
from luisterlijn.privacy.redaction import Secret

if TYPE_CHECKING:
    from luisterlijn.accounts.service import Accounts
    from luisterlijn.audit.service import Audit
    from luisterlijn.kernel.ids import PersonId, TokenSource
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.privacy.keyring import Keyring
    from luisterlijn.store.database import Database, Transaction

LONGEST_MAIL = 254
"""What a mail host must take (RFC 5321)."""
PHONE_READ = "phone-read"
_MAIL = re.compile(
    r"[^\s@<>(),;:\"\\\[\]]{1,64}@[a-z0-9-]+(\.[a-z0-9-]+)+", re.ASCII | re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What somebody chose. `mail` None: no mail. `urgent`: the own phone may ring."""

    mail: Secret[str] | None
    reminders: bool
    urgent: bool
    quiet: Quiet


class Reach:
    """The use cases of that choice."""

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        audit: Audit,
        keyring: Keyring,
        tokens: TokenSource,
    ) -> None:
        """Work on this database, with these keys."""
        self._database = database
        self._accounts = accounts
        self._audit = audit
        self._keyring = keyring
        self._tokens = tokens

    async def of(self, scope: Scope) -> tuple[Ways, bool]:
        """Give the own choice, and whether an own number is on record."""
        async with self._database.transaction(scope) as tx:
            return await self._ways(tx, scope.person), await self._accounts.has_phone(
                tx, scope.person
            )

    async def choose(self, scope: Scope, ways: Ways) -> None:
        """Keep the own choice.

        Raises:
            Refusal: `bad-request` for what is no mail address.
        """
        sealed = None
        async with self._database.transaction(scope) as tx:
            if ways.mail is not None:
                if not is_mail(ways.mail.reveal()):
                    raise Refusal(Code.BAD_REQUEST)
                sealed = sealing.seal_alone(
                    self._keyring.current(retention.RetentionClass.ACCOUNT, tx.now),
                    scope.person,
                    retention.REACH_MAIL,
                    scope.person.hex,
                    ways.mail.reveal().encode(),
                    tokens=self._tokens,
                )
            await store_reach.save(
                tx,
                scope.person,
                sealed,
                reminders=ways.reminders,
                urgent=ways.urgent,
                quiet=ways.quiet,
            )

    async def mail_of(self, tx: Transaction, person: PersonId) -> Secret[str] | None:
        """Give where somebody wants to be reminded; None: nowhere."""
        ways = await self._ways(tx, person)
        return ways.mail if ways.reminders else None

    async def phone_for(self, scope: Scope, person: PersonId) -> Secret[str] | None:
        """Give a volunteer's number to their own coordinator, and note on the trail that it was.

        Raises:
            Refusal: `not-found` for who is not of the own branch.
        """
        async with self._database.transaction(scope) as tx:
            known = await self._accounts.person(tx, person)
            if known is None or known.branch is None or known.branch != scope.branch:
                raise Refusal(Code.NOT_FOUND)
        async with self._database.transaction(LINE) as tx:
            number = await self._accounts.phone_of(tx, person)
            if number is not None:
                await self._audit.note(
                    tx, what=PHONE_READ, person=scope.person, facts={"of": person.hex}
                )
        return number

    async def keys_in_use(self, tx: Transaction) -> set[bytes]:
        """Give the ids of the keys that mail addresses need."""
        return {sealing.kek_id_of(sealed) for sealed in await store_reach.sealed(tx)}

    async def _ways(self, tx: Transaction, person: PersonId) -> Ways:
        row = await store_reach.row(tx, person)
        mail = row.mail
        if mail is not None:
            opened = sealing.unseal_alone(
                self._keyring, person, retention.REACH_MAIL, person.hex, mail
            )
            return Ways(
                mail=Secret(opened.decode()),
                reminders=row.reminders,
                urgent=row.urgent,
                quiet=row.quiet,
            )
        return Ways(mail=None, reminders=row.reminders, urgent=row.urgent, quiet=row.quiet)


def is_mail(text: str) -> bool:
    """Say whether this can be a mail address: one, without a name around it."""
    return len(text) <= LONGEST_MAIL and _MAIL.fullmatch(text) is not None
