"""Who acts, and which branches' rows they see."""

from __future__ import annotations

from uuid import UUID

import pytest

from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.kernel.scope import Role, Scope

UTRECHT = BranchId(UUID(int=5))


def acting(*roles: Role, branch: BranchId | None = UTRECHT) -> Scope:
    return Scope(person=PersonId(UUID(int=1)), branch=branch, roles=frozenset(roles))


@pytest.mark.parametrize("role", [Role.PLANNER, Role.COACH, Role.ADMINISTRATOR])
def test_who_works_for_the_whole_line_sees_every_branch(role: Role) -> None:
    assert acting(role).branches == "*"
    assert acting(role, branch=None).branches == "*"
    assert acting(role, Role.VOLUNTEER).branches == "*"


def test_a_coordinator_sees_the_own_branch_and_no_other() -> None:
    assert acting(Role.COORDINATOR).branches == UTRECHT.hex
    assert acting(Role.COORDINATOR, branch=None).branches == ""


@pytest.mark.parametrize("role", [Role.VOLUNTEER, Role.MENTOR, Role.EDITOR])
def test_everybody_else_sees_no_branch(role: Role) -> None:
    assert acting(role).branches == ""
    assert acting().branches == ""
