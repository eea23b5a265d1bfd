"""A line as a console is given it: by which name, and nothing that the row does not say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from luisterlijn.kernel.ids import PersonId
from luisterlijn.shiftroom.views import line

ANJA = PersonId(UUID(int=1))
ROW: dict[str, Any] = {
    "id": UUID(int=7),
    "number": 3,
    "person": ANJA,
    "member": bytes(16),
    "coach": False,
    "sealed": b"sealed",
    "until": datetime(2026, 11, 24, 22, tzinfo=UTC),
    "box": b"box",
    "name": "Anja de Vries",
    "alias": "Greet",
    "branch_name": "Utrecht",
    "members": [b"a" * 16, b"b" * 16],
}


def shown(person: PersonId = ANJA, **changed: object) -> Any:
    """Give the line of a row."""
    return line({**ROW, **changed}, person)  # type: ignore[arg-type] # reads like a record


def test_a_volunteer_is_called_by_alias_and_branch_never_by_name() -> None:
    assert (shown().name, shown().branch_name) == ("Greet", "Utrecht")
    assert "Anja" not in repr(shown())


def test_a_coach_is_called_by_first_name_and_has_no_branch() -> None:
    ada = shown(coach=True, name="Ada Smit")

    assert (ada.name, ada.branch_name, ada.is_coach) == ("Ada", None, True)


def test_who_said_it_knows_their_own_line() -> None:
    assert shown().is_mine
    assert not shown(PersonId(UUID(int=2))).is_mine
