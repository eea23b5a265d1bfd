"""What the hall asks of a channel, and of whoever keeps the sealed record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from luisterlijn.dispatch.wire import CallView
from luisterlijn.kernel.ids import PersonId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from luisterlijn.dispatch.wire import AttendanceSide, Beside, CoachSide
    from luisterlijn.kernel.ids import ContactId


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFacts:
    """What a channel adds to a contact in the console.

    `seq` is the number of its last line; `members_version` its key period, 0 before the first.
    `call`: the telephone side; None on every other channel.
    """

    seq: int
    members_version: int
    call: CallView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a contact stands in the hall.

    `stage`: waiting, talking or over. `volunteer`: who has it; None while it waits. `talked`: how
    long the conversation lasted by now, zero before it began. `reason`: why it ended, else None.
    `helped`: a coach took a request for help that was about it.
    """

    channel: str
    stage: str
    volunteer: PersonId | None
    epoch: int
    language: str
    talked: timedelta
    reason: str | None
    helped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """A volunteer's newest console: its public key, and when the shift ends."""

    public_key: bytes
    shift_ends: datetime


class Channel(Protocol):
    """One way in."""

    name: str

    async def facts(self, tx: Any, contacts: Sequence[ContactId]) -> dict[ContactId, ChannelFacts]:
        """Give the channel's facts of those contacts that are its own."""
        ...


class Archive(Protocol):
    """Keeps what a closed contact leaves for seven days, sealed."""

    async def keep(self, tx: Any, facts: dict[str, Any]) -> None:
        """Seal one session's metadata in the transaction that closes it."""
        ...


class Care(Protocol):
    """Watches over who listens."""

    async def heavy(self, tx: Any, person: PersonId) -> None:
        """Somebody marked a conversation as heavy; the mark itself is kept nowhere."""
        ...


class Coaching(Protocol):
    """What the coach's room adds to a screen."""

    async def side(self, tx: Any, person: PersonId) -> CoachSide:
        """Give the own request for help, and for a coach the list of all."""
        ...

    async def on_call(self, tx: Any) -> Sequence[PersonId]:
        """Give who is on duty now, coaches and who stands in."""
        ...

    async def reachable(self, tx: Any) -> Sequence[PersonId]:
        """Give who of them has a console that is heard, or a phone that rings."""
        ...

    async def beside(self, tx: Any, contacts: Sequence[ContactId]) -> dict[ContactId, list[Beside]]:
        """Give who is beside each conversation."""
        ...


class Attendance(Protocol):
    """What the room of attendance adds to a screen."""

    async def side(self, tx: Any, person: PersonId) -> AttendanceSide:
        """Give who is called up, who is late, and for who looks after a shift who did not come."""
        ...
