"""What the routes of the room read from a request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, parse_id
from luisterlijn.kernel.scope import Role

if TYPE_CHECKING:
    from luisterlijn.kernel.scope import Scope

PLANNERS = frozenset({Role.COORDINATOR, Role.PLANNER})
VOLUNTEERS = frozenset({Role.VOLUNTEER})


def branch_asked(scope: Scope, asked: str | None) -> BranchId | None:
    """Give the branch that is meant; None: all, for who plans the whole line.

    Raises:
        Refusal: `not-found` for the branch of somebody else, or for who has none.
    """
    named = parse_id(asked) if asked else None
    if asked and named is None:
        raise Refusal(Code.NOT_FOUND)
    if scope.national:
        return BranchId(named) if named is not None else None
    if scope.branch is None or (named is not None and named != scope.branch):
        raise Refusal(Code.NOT_FOUND)
    return scope.branch


def person_named(told: str) -> PersonId:
    """Read a person's id out of a body.

    Raises:
        Refusal: `not-found`.
    """
    found = parse_id(told)
    if found is None:
        raise Refusal(Code.NOT_FOUND)
    return PersonId(found)
