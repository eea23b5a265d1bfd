"""What we ask of whoever carries the calls. Two adapters keep it: `twilio` and `loopback`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NewType, Protocol
from uuid import UUID

from luisterlijn.kernel.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from luisterlijn.kernel.ids import ContactId, PersonId
    from luisterlijn.telephony.script import Script

CallId = NewType("CallId", str)
"""The provider's own name of one leg; sealed at rest, in no URL and no log."""


@dataclass(frozen=True, slots=True)
class Browser:
    """A console that is signed on under a random name."""

    identity: str


@dataclass(frozen=True, slots=True)
class Number:
    """A telephone number in international spelling, `+31…`."""

    number: Secret[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """One leg to call. `beside`: a leg of the same conversation, None when there is none yet."""

    leg: UUID
    to: Browser | Number
    rings: timedelta
    beside: CallId | None = None


class HelpAsked(Protocol):
    """What a request for help is about."""

    @property
    def urgent(self) -> bool:
        """Say whether somebody is in acute danger."""
        ...

    @property
    def in_call(self) -> bool:
        """Say whether it is about a conversation by telephone that still goes on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who hears a leg: `muted` nobody; else the one leg in `only_to`, or everybody (None)."""

    muted: bool
    only_to: CallId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is missing or wrong in the account at the provider.

    `code` is stable; `grave` True: calls are not safe or not possible, somebody must act now.
    """

    code: str
    grave: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneTicket:
    """What a console signs on with: which kind of phone, where, and a token good for an hour."""

    kind: str
    identity: str
    token: str
    edge: str = ""


class CallGone(Exception):
    """The provider has no such call any more: hung up meanwhile, or never there."""


class NotErased(Exception):
    """The provider cannot forget this call yet; try again later."""


class NotPlaced(Exception):
    """The provider refused to call: nobody was rung, and nobody will be."""


class NotNow(Exception):
    """The provider has too much to do: nobody was rung, and it may be asked again in a while."""


class HelpDesk(Protocol):
    """What the telephone asks of the coach's room, in its own transaction."""

    async def calling(self, tx: Any, request: UUID) -> PersonId | None:
        """Give whose phone is to ring for a request now; None: nobody's."""
        ...

    async def taken_by(self, tx: Any, request: UUID) -> PersonId | None:
        """Give who took a request; None: nobody yet, or it is over."""
        ...

    async def about(self, tx: Any, request: UUID) -> HelpAsked | None:
        """Give what a request is about; None: it is over."""
        ...

    async def take_by_phone(self, tx: Any, person: PersonId, request: UUID) -> None:
        """Somebody who was rung pressed the key: the request is theirs.

        Raises:
            Refusal: `request-gone` when it is over, or somebody was quicker.
        """
        ...

    async def join_by_phone(self, tx: Any, person: PersonId, request: UUID, mode: str) -> None:
        """Who took a request by phone chose how to help.

        Raises:
            Refusal: `request-gone`, `contact-gone`, or a code for a way that is not to be had.
        """
        ...

    async def mode_of(self, tx: Any, joining: UUID) -> str | None:
        """Give how somebody takes part who joined a conversation; None: they do no more."""
        ...

    async def not_reached(self, tx: Any, request: UUID, person: PersonId) -> None:
        """Somebody was rung and did not take the request: the next is rung at once."""
        ...

    async def line_gone(self, tx: Any, contact: ContactId, person: PersonId) -> None:
        """Somebody who had joined a call hung up: they are beside it no more."""
        ...

    async def talk_over(self, tx: Any, room: UUID) -> None:
        """A talk without a caller is over; `room`: the joining or request it was for."""
        ...


class CallUpDesk(Protocol):
    """What the telephone asks of the room of attendance, in its own transaction."""

    async def is_ringing(self, tx: Any, call_up: UUID, person: PersonId) -> bool:
        """Say whether this person's own phone is to ring for a call-up now."""
        ...

    async def is_open(self, tx: Any, call_up: UUID) -> bool:
        """Say whether somebody is still looked for."""
        ...

    async def come(self, tx: Any, person: PersonId, call_up: UUID) -> None:
        """Who was rung pressed the key: the first yes fills the place.

        Raises:
            Refusal: `call-up-gone` when somebody was quicker, or why they may not jump in.
        """
        ...

    async def not_reached(self, tx: Any, call_up: UUID, person: PersonId) -> None:
        """Somebody was rung and pressed no key."""
        ...


class PhoneProvider(Protocol):
    """Carries calls. Every method but `place` may be told twice.

    Each raises `Outage` when the provider did not answer in time or failed; only then is it not
    known whether a `place` rang somebody.
    """

    async def place(self, ring: Ring) -> CallId:
        """Call somebody; the leg's script is asked at `/phone/leg/{leg}` when it is answered.

        Raises:
            NotPlaced: nobody was rung, and nobody will be.
            NotNow: nobody was rung; ask again in a while.
            Outage: not known whether somebody was; look with `find`, never place again.
        """
        ...

    async def find(self, ring: Ring) -> CallId | None:
        """Give the call that a `place` of unknown outcome made; None: it made none."""
        ...

    async def refetch(self, call: CallId, leg: UUID) -> None:
        """Let the leg ask at `/phone/leg/{leg}` at once what it is to do now.

        Raises:
            CallGone: it hung up.
        """
        ...

    async def end(self, call: CallId) -> None:
        """End the leg; already ended is fine."""
        ...

    async def hold(self, room: UUID, call: CallId, *, on: bool, music: str) -> None:
        """Let the leg hear `music` (a path) instead of its conference, or the conference again.

        Raises:
            CallGone: it is not in the conference.
        """
        ...

    async def voice(self, room: UUID, call: CallId, voice: Voice) -> None:
        """Change who hears this leg in its conference.

        Raises:
            CallGone: it is not in the conference.
        """
        ...

    async def stay(self, room: UUID, call: CallId) -> None:
        """Let the conference go on when this leg leaves it.

        Raises:
            CallGone: it is not in the conference.
        """
        ...

    async def announce(self, room: UUID, sound: str) -> None:
        """Let everybody in the conference hear a sound (a path to a WAV), once.

        Raises:
            CallGone: there is no such conference.
        """
        ...

    async def is_over(self, call: CallId) -> bool:
        """Say whether the leg has ended, for whoever missed the news."""
        ...

    async def erase(self, call: CallId) -> None:
        """Let the provider forget the call; already forgotten is fine.

        Raises:
            NotErased: not yet.
        """
        ...

    async def findings(self) -> Sequence[Finding]:
        """Give what is missing or wrong in the account, without placing a call. Empty: all well."""
        ...

    def ticket(self, identity: str) -> PhoneTicket:
        """Give a token with which a console takes calls, and can make none."""
        ...

    def is_signed(self, path: str, form: Mapping[str, str], signature: str) -> bool:
        """Say whether the provider sent this. `path` with its query, as it was asked."""
        ...

    def written(self, script: Script) -> bytes:
        """Write a script in the provider's language."""
        ...
