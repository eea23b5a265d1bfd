"""How somebody may be beside a conversation, who may be on duty, and how long each may last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import Role

if TYPE_CHECKING:
    from collections.abc import Collection

CHAT = "chat"
READ = "read"
ALONE = "alone"
IN_CHAT = frozenset({READ, ALONE})
"""Alone: the coach and the volunteer talk by telephone, and the chatter hears nothing of it."""
IN_CALL = frozenset({ALONE, "listen", "whisper", "join"})

INVITED_LASTS = timedelta(seconds=20)
"""How long somebody present is asked to read along."""
HEAVY_TOLD = 3
"""So many heavy conversations in one shift are told to the coaches, with a yes to that."""
LONGEST_DUTY = timedelta(days=7)
DUTY_KEPT = timedelta(days=7)
TALK_KEPT = timedelta(days=30)
REQUEST_KEPT = timedelta(hours=12)
"""A request that nobody closed by then is of a shift long over."""
STAND_INS = frozenset({Role.COORDINATOR, Role.PLANNER, Role.COACH})


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a request is about. `in_call`: a conversation by telephone that still goes on."""

    urgent: bool
    in_call: bool


def check_mode(channel: str, mode: str) -> None:
    """Refuse a way to take part that the channel does not have."""
    if channel == CHAT and mode not in IN_CHAT:
        raise Refusal(Code.NOT_A_CALL)
    if channel != CHAT and mode not in IN_CALL:
        raise Refusal(Code.BAD_REQUEST)


def check_change(channel: str) -> None:
    """Refuse to change how somebody takes part in a chat: reading and calling are two things."""
    if channel == CHAT:
        raise Refusal(Code.NOT_A_CALL)


def check_duty(starts: datetime, ends: datetime, now: datetime) -> None:
    """Refuse hours of duty that are none, that are over, or that nobody keeps up."""
    if ends <= starts:
        raise Refusal(Code.ZERO_LENGTH)
    if ends <= now:
        raise Refusal(Code.IN_THE_PAST)
    if ends - starts > LONGEST_DUTY:
        raise Refusal(Code.BAD_REQUEST)


def may_be_on_duty(roles: Collection[Role], *, stands_in: bool) -> bool:
    """Say whether somebody may be put on duty: as a coach, or as who stands in for one."""
    return bool(STAND_INS & set(roles)) if stands_in else Role.COACH in roles
