"""What the hall tells the other rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from luisterlijn.kernel.events import Event
from luisterlijn.kernel.ids import ContactId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOpened(Event):
    """A page showed itself and its contact waits in the queue."""

    name: ClassVar[str] = "contact.opened"
    contact: ContactId
    channel: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOffered(Event):
    """A contact was put before a volunteer, until then (ms). `kind`: queue, or hand_over."""

    name: ClassVar[str] = "contact.offered"
    contact: ContactId
    channel: str
    to: PersonId
    epoch: int
    kind: str
    until_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferOver(Event):
    """An offer was declined, lapsed, or taken back: nobody is to ring for it any more."""

    name: ClassVar[str] = "offer.over"
    contact: ContactId
    channel: str
    to: PersonId
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactHandedOver(Event):
    """A conversation went from one volunteer to another, without going back to the queue."""

    name: ClassVar[str] = "contact.handed_over"
    contact: ContactId
    channel: str
    lost: PersonId
    by: PersonId
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAccepted(Event):
    """A volunteer took the contact they were offered."""

    name: ClassVar[str] = "contact.accepted"
    contact: ContactId
    channel: str
    by: PersonId
    epoch: int
    waited_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactQueuedAgain(Event):
    """A contact went back to the queue with its old number; `lost` is who had it."""

    name: ClassVar[str] = "contact.queued_again"
    contact: ContactId
    channel: str
    lost: PersonId | None
    was_talking: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactReleased(Event):
    """Somebody knows the person and gave the contact back; they are not theirs until then (ms).

    A hint only: no row says it.
    """

    name: ClassVar[str] = "contact.released"
    contact: ContactId
    channel: str
    by: PersonId
    until_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactChanged(Event):
    """Something about a contact changed that its two ends show."""

    name: ClassVar[str] = "contact.changed"
    contact: ContactId
    volunteer: PersonId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationEnded(Event):
    """The talking is over; a wrap-up may follow. What was written goes now."""

    name: ClassVar[str] = "conversation.ended"
    contact: ContactId
    channel: str
    volunteer: PersonId | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactClosed(Event):
    """A contact is closed and its rows are gone; only these classes of it are left, for counting.

    `half_hour_at`: start of the half hour it arrived in, ms. `waited_s` None: never answered.
    """

    name: ClassVar[str] = "contact.closed"
    channel: str
    reason: str
    half_hour_at: int
    waited_s: int | None
    lasted_s: int | None
    wrap_up: dict[str, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofAsked(Event):
    """A page is asked to show that it is there, before an offer."""

    name: ClassVar[str] = "contact.proof_asked"
    contact: ContactId


@dataclass(frozen=True, slots=True, kw_only=True)
class PresenceChanged(Event):
    """Something a volunteer's console shows changed."""

    name: ClassVar[str] = "presence.changed"
    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerFreed(Event):
    """A volunteer may have room for a contact."""

    name: ClassVar[str] = "volunteer.freed"
    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsoleReplaced(Event):
    """A volunteer opened a console with another key: what goes on needs a new key period."""

    name: ClassVar[str] = "console.replaced"
    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactGone(Event):
    """A contact was written up and is gone. A hint only: no row says it. `nature` None: unsaid."""

    name: ClassVar[str] = "contact.gone"
    contact: ContactId
    channel: str
    nature: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLow(Event):
    """Too few are there on an open line; `kind`: nobody, alone or alone_no_coach. Told once."""

    name: ClassVar[str] = "coverage.low"
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageBack(Event):
    """Of what was told as too few there are enough again."""

    name: ClassVar[str] = "coverage.back"
