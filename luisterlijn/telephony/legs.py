"""A call as its legs, as the rows say. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum, unique
from uuid import UUID

from luisterlijn.kernel.ids import ContactId, PersonId


@unique
class Kind(StrEnum):
    """Whose leg it is."""

    CALLER = "caller"
    VOLUNTEER = "volunteer"
    THIRD = "third"


@unique
class LegState(StrEnum):
    """A placed leg: due → placing → ringing → heard → joining → talking → over.

    A caller's: waiting ⇄ joining → talking, then leaving (last words) → over.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One leg as its row says.

    `at`: number, browser, or caller (it called us). `epoch`: the offer's. `word`: the last words,
    or why a caller waits again; of a third party that is to be called, its entry's id.
    """

    id: UUID
    kind: Kind
    state: LegState
    at: str
    language: str = "nl"
    person: PersonId | None = None
    epoch: int = 0
    word: str | None = None


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

    def having(self, leg: Leg) -> Call:
        """Give the call with this leg as it is now."""
        if self.leg(leg.id) is None:
            return replace(self, legs=(*self.legs, leg))
        return replace(self, legs=tuple(leg if each.id == leg.id else each for each in self.legs))
