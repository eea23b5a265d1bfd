"""What a console may send about help, joinings and after-care."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from luisterlijn.dispatch.wire import Hex, JoinMode


class AskHelp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for help, inside a conversation or outside one (None)."""

    contact: Hex | None
    urgent: bool


class OfRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order about one request for help."""

    request: Hex


class EmergencyDecided(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say whether the emergency services are called for a request that one has taken."""

    request: Hex
    called: bool


class ReadAlong(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Invite somebody present to read a chat along."""

    contact: Hex
    to: Hex


class JoinAnswer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answer an invitation to read along."""

    joining: Hex
    yes: bool


class Join(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Join the conversation of a request that one has taken."""

    request: Hex
    mode: JoinMode


class JoinChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Take part in another way."""

    joining: Hex
    mode: JoinMode


class OfJoining(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An order about one joining: leave it, or (its volunteer) end it."""

    joining: Hex


class WantTalk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answer to "Wil je erover praten?"; "nee" sends nothing."""

    wanted: Literal["now", "after_shift"]


class OfTalk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A talk that was had."""

    talk: Hex


class LeaveShift(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Answer to "Hoe ga je naar huis?"; only `call_me` is kept."""

    mood: Literal["good", "so_so", "call_me"]


class AgreeHeavy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the coach may be told after three heavy conversations in one shift."""

    agrees: bool


class NewDuty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Put somebody on duty. `stands_in`: a coordinator on call, rung after all coaches."""

    person: Hex
    starts_at: int
    ends_at: int
    phone_order: Annotated[int, Meta(ge=1, le=9)]
    stands_in: bool


class DutyView(msgspec.Struct, frozen=True, kw_only=True):
    """One duty. `has_phone`: a number is on record; without one nobody can be rung."""

    duty: str
    person: str
    person_name: str
    starts_at: int
    ends_at: int
    phone_order: int
    stands_in: bool
    has_phone: bool


class CanCoach(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may be put on duty. `stands_in`: as a coordinator."""

    person: str
    person_name: str
    stands_in: bool
    has_phone: bool


class DutyRota(msgspec.Struct, frozen=True):
    """The rota of some days, by start and phone order, and who may be put on it."""

    duties: list[DutyView]
    people: list[CanCoach]
