"""What a request may name."""

from __future__ import annotations

from uuid import UUID

import pytest

from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.kernel.scope import Role, Scope
from luisterlijn.volunteers.asking import branch_asked, person_named

OWN, OTHER = BranchId(UUID(int=1)), BranchId(UUID(int=2))


def scope(role: Role, branch: BranchId | None) -> Scope:
    return Scope(person=PersonId(UUID(int=9)), branch=branch, roles=frozenset({role}))


def test_who_plans_a_branch_means_that_one_and_may_say_so() -> None:
    cora = scope(Role.COORDINATOR, OWN)

    assert branch_asked(cora, None) == branch_asked(cora, OWN.hex) == OWN


def test_who_plans_the_line_means_all_or_the_one_named() -> None:
    planner = scope(Role.PLANNER, None)

    assert branch_asked(planner, None) is None
    assert branch_asked(planner, OTHER.hex) == OTHER


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        (scope(Role.COORDINATOR, OWN), OTHER.hex),
        (scope(Role.COORDINATOR, None), None),
        (scope(Role.COORDINATOR, None), OWN.hex),
        (scope(Role.PLANNER, None), "x"),
    ],
)
def test_another_branch_or_none_is_not_found(who: Scope, asked: str | None) -> None:
    with pytest.raises(Refusal, match="not-found"):
        branch_asked(who, asked)


def test_a_person_is_named_by_an_id() -> None:
    assert person_named("0" * 31 + "1") == UUID(int=1)
    with pytest.raises(Refusal, match="not-found"):
        person_named("anja")
