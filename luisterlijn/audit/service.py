"""The use cases of the audit trail: note what was done, find what was tampered with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID

import msgspec

from luisterlijn.audit import model, store
from luisterlijn.audit.model import Entry, Fault
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy import retention, sealing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from luisterlijn.kernel.ids import ContactId, PersonId, TokenSource
    from luisterlijn.privacy.keyring import Keyring
    from luisterlijn.store.database import Database, Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a check of the whole trail found.

    `first` and `last`: the numbers between which the trail is held; `hash`: of the last, to be
    written down outside. Who knows it can tell later whether all up to there was written anew.
    """

    faults: tuple[Fault, ...]
    first: int
    last: int
    hash: bytes


class Audit:
    """The trail. One at a time writes to it."""

    def __init__(self, database: Database, keyring: Keyring, tokens: TokenSource) -> None:
        """Work on this database, with these keys."""
        self._database = database
        self._keyring = keyring
        self._tokens = tokens

    async def note(
        self,
        tx: Transaction,
        *,
        what: str,
        person: PersonId | None,
        facts: Mapping[str, str],
        contact: ContactId | None = None,
    ) -> None:
        """Write an entry in the transaction that does the thing; the last lock it takes.

        Args:
            tx: of the thing itself.
            what: in the past tense, like `joined`.
            person: who did it; None: the line itself.
            facts: words from lists and random ids; no name, no text, no contact.
            contact: which it is about: sealed, and after seven days nobody can tell any more.
        """
        head = await store.head_for_update(tx)
        seq = head.seq + 1
        entry = Entry(
            seq=seq,
            hour=model.whole_hour(tx.now),
            what=what,
            person=person,
            facts=msgspec.json.encode(facts, order="sorted"),
            subject=self._sealed(tx, seq, contact),
            before=head.hash,
        )
        await store.append(tx, replace(entry, hash=model.hash_of(entry)))

    async def verify(self, noted: tuple[int, bytes] | None = None) -> Verdict:
        """Name every entry that is not as it was written.

        `noted`: the number and hash of an entry that were written down outside.
        """
        async with self._database.transaction(LINE) as tx:
            entries, head = await store.chain(tx)
        if head is None:
            # Without its head nothing says where the chain ends: no entry can be trusted.
            head = model.Head(seq=0, hash=model.NOTHING)
        found = model.faults(entries, head)
        if noted is not None:
            found += [
                each
                for each in model.not_as_noted(entries, head, *noted)
                if not any(known.first <= each.first <= known.last for known in found)
            ]
        return Verdict(faults=tuple(found), first=head.gone_seq + 1, last=head.seq, hash=head.hash)

    async def forget_old(self, tx: Transaction) -> None:
        """Timed work: remove the entries of more than 18 months ago, from the front only."""
        lasts = retention.RULES[retention.RetentionClass.MONTHS_18].lasts
        if lasts is None:
            raise LookupError(retention.RetentionClass.MONTHS_18)
        await store.head_for_update(tx)
        await store.forget(tx, tx.now - lasts)

    def _sealed(self, tx: Transaction, seq: int, contact: ContactId | None) -> bytes | None:
        if contact is None:
            return None
        return sealing.seal_alone(
            self._keyring.current(retention.AUDIT_SUBJECT.retention, tx.now),
            UUID(int=seq),
            retention.AUDIT_SUBJECT,
            str(seq),
            contact.bytes,
            tokens=self._tokens,
        )
