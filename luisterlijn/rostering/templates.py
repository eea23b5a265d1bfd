"""Shifts that come back: what a branch lays its weeks out by."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.rostering import life, store_plan

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.kernel.ids import BranchId, TokenSource
    from luisterlijn.kernel.scope import LineScope, Scope
    from luisterlijn.rostering.model import Template
    from luisterlijn.store.database import Database


class Templates:
    """The use cases of a branch's templates."""

    def __init__(self, database: Database, tokens: TokenSource) -> None:
        """Work on this database."""
        self._database = database
        self._tokens = tokens

    async def all(self, scope: Scope | LineScope, branch: BranchId) -> list[Template]:
        """Give the templates of a branch, by start."""
        async with self._database.transaction(scope) as tx:
            return await store_plan.templates(tx, branch)

    async def add(self, scope: Scope | LineScope, new: Template) -> Template:
        """Add a template; its id is made here.

        Raises:
            Refusal: `zero-length`, `not-found`; `bad-request` as `life.check_template`, and for
                more at least than wanted.
        """
        _check(new)
        made = replace(new, template=new_id(self._tokens))
        async with self._database.transaction(scope) as tx:
            await store_plan.write_template(tx, made)
        return made

    async def change(self, scope: Scope | LineScope, new: Template) -> Template:
        """Let a template be another from now on; shifts that came of it stay. Refuses as `add`."""
        _check(new)
        async with self._database.transaction(scope) as tx:
            before = await store_plan.template(tx, new.template)
            if before is None:
                raise Refusal(Code.NOT_FOUND)
            changed = replace(new, branch=before.branch)
            await store_plan.write_template(tx, changed)
        return changed

    async def remove(self, scope: Scope | LineScope, template_id: UUID) -> None:
        """Lay nothing more out by this template; shifts that came of it stay.

        Raises:
            Refusal: `not-found`.
        """
        async with self._database.transaction(scope) as tx:
            if await store_plan.template(tx, template_id) is None:
                raise Refusal(Code.NOT_FOUND)
            await store_plan.forget_template(tx, template_id)


def _check(new: Template) -> None:
    life.check_template(new.starts, new.ends, new.channels)
    if new.least > new.wanted:
        raise Refusal(Code.BAD_REQUEST)
