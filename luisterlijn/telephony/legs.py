"""A call as its legs, as the rows say. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum, unique
from uuid import UUID

from luisterlijn.kernel.ids import ContactId, PersonId


@unique
class Kind(StrEnum):
    """Whose leg it is.

    A coach is beside a call, or alone with a volunteer. A helper is rung for a request for help;
    who is called up, because somebody is needed on a shift.
    """

    CALLER = "caller"
    VOLUNTEER = "volunteer"
    THIRD = "third"
    COACH = "coach"
    HELPER = "helper"
    CALLED_UP = "called_up"


@unique
class LegState(StrEnum):
    """A placed leg: due → placing → ringing → heard → joining → talking → over.

    A caller's: waiting ⇄ joining → talking, then leaving (last words) → over. A helper waits
    between taking the request and choosing how to help.
    """

    DUE = "due"
    PLACING = "placing"
    RINGING = "ringing"
    HEARD = "heard"
    WAITING = "waiting"
    JOINING = "joining"
    TALKING = "talking"
    LEAVING = "leaving"
    OVER = "over"


@unique
class Stage(StrEnum):
    """Where the hall has the contact."""

    WAITING = "waiting"
    TALKING = "talking"
    OVER = "over"


NOT_YET = frozenset({LegState.DUE, LegState.PLACING, LegState.RINGING, LegState.HEARD})
THERE = frozenset({LegState.JOINING, LegState.TALKING})
ENDING = frozenset({LegState.LEAVING, LegState.OVER})
ALONE, LISTEN, WHISPER = "alone", "listen", "whisper"
"""How a coach takes part beside speaking with everybody ("join")."""
LATE = "late"
"""The mode of a coach's leg that still rings while they took the call over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One leg as its row says.

    `at`: number, browser, or caller (it called us). `epoch`: the offer's. `word`: the last words,
    or why a caller waits again; of a third party that is to be called, its entry's id. `mode`: how
    a coach takes part. `request`: the request for help, or call-up, it was rung for. `room`: a
    conference of its own, without a caller; None: the call's.
    """

    id: UUID
    kind: Kind
    state: LegState
    at: str
    language: str = "nl"
    person: PersonId | None = None
    epoch: int = 0
    word: str | None = None
    mode: str | None = None
    request: UUID | None = None
    room: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call: where the hall has it, and its legs. `volunteer`: who has it now."""

    contact: ContactId
    room: UUID
    stage: Stage
    held: bool = False
    volunteer: PersonId | None = None
    epoch: int = 0
    legs: tuple[Leg, ...] = ()

    def of(self, kind: Kind) -> tuple[Leg, ...]:
        """Give the legs of a kind that are not over."""
        return tuple(
            each for each in self.legs if each.kind is kind and each.state is not LegState.OVER
        )

    @property
    def caller(self) -> Leg | None:
        """Give the caller's leg, unless it is over."""
        return next(iter(self.of(Kind.CALLER)), None)

    def leg(self, leg_id: UUID) -> Leg | None:
        """Give the leg with this id."""
        return next((each for each in self.legs if each.id == leg_id), None)

    def coach(self, person: PersonId) -> Leg | None:
        """Give the leg of somebody who joined, unless it is over."""
        return next((each for each in self.of(Kind.COACH) if each.person == person), None)

    @property
    def with_coach_alone(self) -> bool:
        """Say whether a coach and the volunteer speak without the caller."""
        return any(each.mode == ALONE and each.state in THERE for each in self.of(Kind.COACH))

    def having(self, leg: Leg) -> Call:
        """Give the call with this leg as it is now."""
        if self.leg(leg.id) is None:
            return replace(self, legs=(*self.legs, leg))
        return replace(self, legs=tuple(leg if each.id == leg.id else each for each in self.legs))
