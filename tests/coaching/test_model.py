"""Who may be on duty, and how somebody may be beside a conversation; pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from luisterlijn.coaching import model
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import Role

NOW = datetime(2026, 3, 14, 3, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("channel", "mode", "code"),
    [
        ("chat", "read", None),
        ("chat", "alone", None),
        ("chat", "listen", Code.NOT_A_CALL),
        ("chat", "whisper", Code.NOT_A_CALL),
        ("chat", "join", Code.NOT_A_CALL),
        ("phone", "read", Code.BAD_REQUEST),
        ("phone", "alone", None),
        ("phone", "listen", None),
        ("phone", "whisper", None),
        ("phone", "join", None),
    ],
)
def test_a_chat_is_read_and_a_call_is_heard_and_both_have_a_word_alone(
    channel: str, mode: str, code: Code | None
) -> None:
    if code is None:
        model.check_mode(channel, mode)
        return
    with pytest.raises(Refusal) as refusal:
        model.check_mode(channel, mode)
    assert refusal.value.code is code


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        (NOW, NOW + HOUR, None),
        (NOW - HOUR, NOW + HOUR, None),
        (NOW, NOW + 168 * HOUR, None),
        (NOW, NOW, Code.ZERO_LENGTH),
        (NOW + HOUR, NOW, Code.ZERO_LENGTH),
        (NOW - 2 * HOUR, NOW, Code.IN_THE_PAST),
        (NOW, NOW + 169 * HOUR, Code.BAD_REQUEST),
    ],
)
def test_a_duty_has_hours_that_somebody_can_keep(
    starts: datetime, ends: datetime, code: Code | None
) -> None:
    if code is None:
        model.check_duty(starts, ends, NOW)
        return
    with pytest.raises(Refusal) as refusal:
        model.check_duty(starts, ends, NOW)
    assert refusal.value.code is code


@pytest.mark.parametrize("role", Role)
def test_only_a_coach_is_on_duty_and_only_who_plans_stands_in(role: Role) -> None:
    assert model.may_be_on_duty({role}, stands_in=False) == (role is Role.COACH)
    assert model.may_be_on_duty({role}, stands_in=True) == (
        role in {Role.COORDINATOR, Role.PLANNER, Role.COACH}
    )
