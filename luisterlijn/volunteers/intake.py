"""Lists of volunteers that come in and go out: shown first, written only when that was pressed."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from luisterlijn.accounts.service import FirstPassword, NewPerson
from luisterlijn.kernel.clock import local_day
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PersonId, new_id
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy.redaction import Secret
from luisterlijn.volunteers import importing, listing, store
from luisterlijn.volunteers.importing import Known, Line, What

if TYPE_CHECKING:
    from collections.abc import Mapping

    from luisterlijn.accounts.service import Accounts
    from luisterlijn.kernel.ids import BranchId, TokenSource
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.volunteers.listing import Table
    from luisterlijn.volunteers.service import Volunteers


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a list would do. `mark` names exactly this; `ignored`: headings that are not read."""

    lines: Sequence[Line]
    ignored: Sequence[str]
    mark: str

    def count(self, what: What) -> int:
        """Count the lines that would do this."""
        return sum(each.what is what for each in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """Somebody who got an account: what they sign in with, shown once."""

    name: str
    sign_in: str
    password: Secret[str]
    code_app: Secret[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What was written."""

    enrolled: Sequence[Enrolled]
    changed: int


class Intake:
    """The use cases of lists."""

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        volunteers: Volunteers,
        tokens: TokenSource,
    ) -> None:
        """Work on this database."""
        self._database = database
        self._accounts = accounts
        self._volunteers = volunteers
        self._nobody = PersonId(new_id(tokens))

    async def export(self, scope: Scope, branch: BranchId | None) -> bytes:
        """Give the volunteers whom the acting person plans as a file, by name."""
        async with self._database.transaction(scope) as tx:
            records = await store.records(tx, None, branch)
            return listing.written(records, local_day(tx.now))

    async def preview(self, scope: Scope, raw: bytes) -> Preview:
        """Say what each line of a list would do; writes nothing.

        Raises:
            Refusal: `message-too-long` above 1 MB; `not-a-list`.
        """
        table = listing.read(raw)
        taken = await self._taken(scope, table)
        async with self._database.transaction(scope) as tx:
            return await self._compared(tx, scope, table, taken)

    async def take_over(self, scope: Scope, raw: bytes, mark: str) -> Imported:
        """Write what was shown under this mark: all of it, or nothing.

        Lines that are refused are left out. The same list again changes nothing.

        Raises:
            Refusal: `preview-passed` when the list would now do something else; `not-a-list`,
                `message-too-long`.
        """
        seen = await self.preview(scope, raw)
        if seen.mark != mark:
            raise Refusal(Code.PREVIEW_PASSED)
        first = await self._accounts.first_passwords(seen.count(What.NEW))
        table = listing.read(raw)
        taken = await self._taken(scope, table)
        async with self._database.transaction(scope) as tx:
            for person in sorted(_changed(seen), key=lambda each: each.int):
                await store.lock(tx, person)
            now = await self._compared(tx, scope, table, taken)
            if now.mark != mark:
                raise Refusal(Code.PREVIEW_PASSED)
            enrolled = await self._enrol(tx, now.lines, first)
            for line in now.lines:
                if line.what is What.CHANGED:
                    await self._change(tx, line)
            return Imported(enrolled=enrolled, changed=now.count(What.CHANGED))

    async def _enrol(
        self, tx: Transaction, lines: Sequence[Line], first: Sequence[FirstPassword]
    ) -> list[Enrolled]:
        new = [each for each in lines if each.what is What.NEW]
        made = await self._accounts.add_people(
            tx,
            [_new_person(line, own) for line, own in zip(new, first, strict=True)],
            None,
        )
        enrolled = []
        for line, own, person in zip(new, first, made, strict=True):
            if line.after is not None:
                record = replace(line.after, person=person)
                await store.save(tx, record)
                await self._volunteers.write_steps(tx, record, line.steps)
                link = await self._accounts.totp_link(tx, person)
                enrolled.append(
                    Enrolled(
                        name=record.name,
                        sign_in=record.sign_in,
                        password=own.shown,
                        code_app=link,
                    )
                )
        return enrolled

    async def _change(self, tx: Transaction, line: Line) -> None:
        record = line.after
        if record is None:
            return
        [before] = await store.records(tx, [record.person], None)
        await store.save(tx, record)
        if before.name != record.name:
            await self._accounts.rename(tx, record.person, record.name)
        await self._volunteers.write_steps(tx, before, line.steps)

    async def _taken(self, scope: Scope, table: Table) -> set[str]:
        """Give which names of the list somebody has whom the acting person does not plan."""
        async with self._database.transaction(LINE) as tx:
            names = await store.taken_names(tx, table.sign_ins)
        async with self._database.transaction(scope) as tx:
            ours = {each.sign_in for each in await store.records(tx, None, None)}
        return names - ours

    async def _compared(
        self, tx: Transaction, scope: Scope, table: Table, taken: set[str]
    ) -> Preview:
        records = await store.records(tx, None, None)
        branches = await store.branches(tx)
        by_name: Mapping[str, tuple[BranchId, str]] = {
            word.lower(): (branch, name) for branch, slug, name in branches for word in (slug, name)
        }
        own = next(
            ((branch, name) for branch, _slug, name in branches if branch == scope.branch), None
        )
        known = Known(
            records={each.sign_in: each for each in records},
            taken=frozenset(taken),
            branches=by_name,
            own=None if scope.national else own,
            today=local_day(tx.now),
            nobody=self._nobody,
        )
        lines = importing.compare(table, known)
        return Preview(lines=lines, ignored=table.ignored, mark=_mark(lines))


def _changed(preview: Preview) -> list[PersonId]:
    return [
        each.after.person
        for each in preview.lines
        if each.what is What.CHANGED and each.after is not None
    ]


def _new_person(line: Line, first: FirstPassword) -> NewPerson:
    record = line.after
    return NewPerson(
        sign_in=line.sign_in,
        name=line.name,
        branch=record.branch if record is not None else None,
        roles=frozenset({Role.VOLUNTEER}),
        channels=(),
        first=first,
    )


def _mark(lines: Sequence[Line]) -> str:
    """Name what the lines would do: another mark means that something else would be written."""
    told = repr(
        [
            (each.line, each.what, each.sign_in, each.name, each.reason, each.changes, each.steps)
            for each in lines
        ]
    )
    return hashlib.sha256(told.encode()).hexdigest()[:32]
