"""Who acts when a person does."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from luisterlijn.accounts.model import Person, first_name, may_ring
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


@pytest.mark.parametrize(
    "number",
    [
        "+31612345678",
        "+31201234567",
        "+31881234567",
        "+3197010000001",
        "+4930123456789",
        "+3225551234",
        "+35312345678",
    ],
)
def test_a_telephone_at_home_may_be_rung(number: str) -> None:
    assert may_ring(number)


@pytest.mark.parametrize(
    "number",
    [
        "112",
        "113",
        "+31112",
        "+31113",
        "0612345678",
        "+31900123456",
        "+31909123456",
        "",
        "+31842345678",
        "+31872345678",
        "+31676123456",
        "+31662345678",
        "+310612345678",
        "+316123456789",
        "+12025550123",
        "+442071234567",
        "+31612345678\n",
        " +31612345678",
        "anonymous",
        "+3161234567a",
        "+31\uff1612345678",
        "sip:iemand@example.org",
    ],
)
def test_what_costs_is_elsewhere_or_is_no_number_is_never_rung(number: str) -> None:
    assert not may_ring(number)


def test_colleagues_call_somebody_by_the_first_name() -> None:
    assert first_name("Ada de Vries") == "Ada"
    assert first_name("Ada") == "Ada"
