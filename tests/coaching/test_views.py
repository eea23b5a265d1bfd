"""What the console shows of help and of who is beside: no more than is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from luisterlijn.coaching import views
from luisterlijn.kernel.ids import ContactId

if TYPE_CHECKING:
    import asyncpg

CONTACT = ContactId(UUID(int=9))


def row(**fields: object) -> asyncpg.Record:
    """Give what reads like a row."""
    return cast("asyncpg.Record", fields)


def beside(**changed: Any) -> asyncpg.Record:
    """Give somebody beside the conversation."""
    fields: dict[str, Any] = {
        "id": UUID(int=1),
        "contact": CONTACT,
        "role": "colleague",
        "mode": "read",
        "state": "present",
        "name": "Bas de Wit",
        "alias": "Carla",
    }
    return row(**{**fields, **changed})


def test_a_colleague_goes_by_the_alias_of_the_shift_and_a_coach_by_the_first_name() -> None:
    shown = views.beside(
        [beside(), beside(role="mentor"), beside(role="coach"), beside(role="mentor", alias=None)]
    )

    assert [each.alias for each in shown[CONTACT]] == ["Carla", "Carla", "Bas", "Bas"]


def test_a_conversation_that_no_channel_knows_is_shown_without_lines() -> None:
    joined = row(
        id=UUID(int=1),
        state="present",
        mode="listen",
        contact=CONTACT,
        until=None,
        channel="phone",
        epoch=3,
        language="nl",
        alias=None,
    )

    [shown] = views.joined_views([joined], {})

    assert (shown.seq, shown.members_version, shown.alias) == (0, 0, "")
