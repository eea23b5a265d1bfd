"""What can happen to a call, and what must be done then. Pure values."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from luisterlijn.kernel.ids import PersonId
from luisterlijn.telephony.legs import Leg

# What happens.


@dataclass(frozen=True, slots=True)
class Offered:
    """The contact is put before a volunteer: their console or own phone is to ring."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class OfferOver:
    """An offer is over without an answer of "yes"."""

    person: PersonId
    epoch: int


@dataclass(frozen=True, slots=True)
class Taken:
    """The hall gave the contact to a volunteer; `lost`: who had it before, None: nobody.

    `asking`: the leg that asks right now and hears the answer without being told to ask.
    """

    person: PersonId
    epoch: int
    lost: PersonId | None = None
    asking: UUID | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """A leg that we placed was picked up, and asks what to do."""

    leg: UUID


@dataclass(frozen=True, slots=True)
class Pressed:
    """A key on a leg that we placed."""

    leg: UUID
    key: str


@dataclass(frozen=True, slots=True)
class Met:
    """A leg is in the conference."""

    leg: UUID


@dataclass(frozen=True, slots=True)
class HungUp:
    """A leg is over: hung up, busy, no answer, failed."""

    leg: UUID


@dataclass(frozen=True, slots=True)
class QueuedAgain:
    """The hall has the contact waiting again."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The conversation is over; `word`: what the caller hears last."""

    word: str


@dataclass(frozen=True, slots=True)
class Held:
    """The volunteer puts the caller on hold, or takes them back."""

    on: bool


@dataclass(frozen=True, slots=True)
class ThirdRung:
    """A third party is to be called in; the caller is on hold meanwhile."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class ThirdStopped:
    """The volunteer ends the third party's leg."""


@dataclass(frozen=True, slots=True)
class VolunteerLeaves:
    """The volunteer goes; caller and third party go on without us."""


@dataclass(frozen=True, slots=True)
class CoachComes:
    """Somebody joins the call: on the leg that was rung for the request, or on a new one."""

    leg: Leg


@dataclass(frozen=True, slots=True)
class CoachChanges:
    """Who joined takes part in another way."""

    person: PersonId
    mode: str


@dataclass(frozen=True, slots=True)
class CoachGoes:
    """Who joined is beside the call no more."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class Stuck:
    """A leg that should have met by now has not."""

    leg: UUID


Happening = (
    Offered
    | OfferOver
    | Taken
    | Answered
    | Pressed
    | Met
    | HungUp
    | QueuedAgain
    | Ended
    | Held
    | ThirdRung
    | ThirdStopped
    | VolunteerLeaves
    | CoachComes
    | CoachChanges
    | CoachGoes
    | Stuck
)

# What must be done.


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the provider something about a leg; all but `place` may be told twice.

    `what`: place, refetch, end, hold, unhold, stay, voice (as the leg's mode says), announce
    (`sound`: a prompt's name).
    """

    leg: UUID
    what: str
    sound: str | None = None


@dataclass(frozen=True, slots=True)
class Accept:
    """Tell the hall that the volunteer took the offer, on a leg that asks right now."""

    person: PersonId
    epoch: int
    leg: UUID


@dataclass(frozen=True, slots=True)
class Decline:
    """Tell the hall that the volunteer said "nu niet"."""

    person: PersonId
    epoch: int


@dataclass(frozen=True, slots=True)
class CallerGone:
    """Tell the hall that the caller hung up."""


@dataclass(frozen=True, slots=True)
class LineDropped:
    """Tell the hall that the volunteer's line dropped: the caller is next in the queue."""

    person: PersonId


@dataclass(frozen=True, slots=True)
class CoachGone:
    """Tell the coach's room that the line of who joined is gone."""

    person: PersonId


Effect = Tell | Accept | Decline | CallerGone | LineDropped | CoachGone
