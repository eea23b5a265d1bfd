"""Who acts when a person does."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from luisterlijn.accounts.model import Person
from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.kernel.scope import Role

BRANCH = BranchId(UUID(int=7))


@pytest.mark.parametrize(
    ("roles", "branch", "sees"),
    [
        ({Role.VOLUNTEER}, BRANCH, ""),
        ({Role.COORDINATOR}, BRANCH, BRANCH.hex),
        ({Role.COORDINATOR}, None, ""),
        ({Role.COORDINATOR, Role.VOLUNTEER}, BRANCH, BRANCH.hex),
        ({Role.PLANNER}, None, "*"),
        ({Role.COACH}, BRANCH, "*"),
        ({Role.ADMINISTRATOR}, None, "*"),
        ({Role.EDITOR}, BRANCH, ""),
        (set(), BRANCH, ""),
    ],
)
def test_a_persons_scope_sees_as_far_as_the_roles_reach(
    roles: set[Role], branch: BranchId | None, sees: str
) -> None:
    person = Person(
        id=PersonId(UUID(int=1)),
        sign_in="anja",
        name="Anja",
        branch=branch,
        branch_name=None,
        roles=frozenset(roles),
        languages=("nl",),
        channels=("chat",),
        chats=2,
        margin=timedelta(minutes=10),
    )

    assert person.scope.person == person.id
    assert person.scope.branches == sees
