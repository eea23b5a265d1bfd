"""Some days, as a page asks for them."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID

import pytest

from luisterlijn.edge.queries import branch_or_all, days_asked, hours_told, id_named
from luisterlijn.kernel.clock import local_interval
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.kernel.scope import Role, Scope

OWN, OTHER = BranchId(UUID(int=1)), BranchId(UUID(int=2))


def scope(role: Role, branch: BranchId | None) -> Scope:
    return Scope(person=PersonId(UUID(int=9)), branch=branch, roles=frozenset({role}))


def test_a_week_is_given_when_no_number_of_days_is_named() -> None:
    assert days_asked({"from": "2026-03-29"}) == (date(2026, 3, 29), 7)
    assert days_asked({"from": "2026-03-29", "days": "31"}) == (date(2026, 3, 29), 31)


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"from": "29-03-2026"},
        {"from": "2026-03-29", "days": "many"},
        {"from": "2026-03-29", "days": "0"},
        {"from": "2026-03-29", "days": "32"},
        {"from": "1999-12-31"},
        {"from": "2200-01-01"},
    ],
)
def test_what_cannot_be_looked_up_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(Refusal) as refusal:
        days_asked(query)

    assert refusal.value.code is Code.BAD_REQUEST


def test_who_plans_a_branch_means_that_one_and_may_say_so() -> None:
    cora = scope(Role.COORDINATOR, OWN)

    assert branch_or_all(cora, None) == branch_or_all(cora, OWN.hex) == OWN


def test_who_plans_the_line_means_all_or_the_one_named() -> None:
    planner = scope(Role.PLANNER, None)

    assert branch_or_all(planner, None) is None
    assert branch_or_all(planner, OTHER.hex) == OTHER


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
        branch_or_all(who, asked)


def test_what_is_no_id_names_nothing() -> None:
    assert id_named("0" * 31 + "1") == UUID(int=1)
    with pytest.raises(Refusal, match="not-found"):
        id_named("anja")


def test_hours_that_end_before_they_start_end_on_the_next_day() -> None:
    night = date(2026, 3, 28)

    assert hours_told(night, "23:00", "03:00") == local_interval(night, time(23), time(3))


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [("07:00", "07:00", Code.ZERO_LENGTH), ("7 uur", "11:00", Code.BAD_REQUEST)],
)
def test_hours_that_are_none_are_refused(starts: str, ends: str, code: Code) -> None:
    with pytest.raises(Refusal) as refusal:
        hours_told(date(2026, 3, 28), starts, ends)

    assert refusal.value.code is code
