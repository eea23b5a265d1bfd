"""What pages and consoles send and hear about a chat: typed, closed, ciphertext only."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from luisterlijn.dispatch.wire import Hex, Openness, Wait
from luisterlijn.kernel.errors import Code, Refusal

SEALED_SIZES = (272, 1_040, 4_112)
"""256, 1,024 or 4,096 bytes of padded text, and a tag of 16."""
LONGEST_SEALED = 4_200
"""More is refused by its own code; a text of 4,000 bytes always fits."""
BOX_BYTES = 113
"""65 of the sender's key, 32 of the secret, 16 of the tag."""
MOST_BOXES = 64

Count = Annotated[int, Meta(ge=0, lt=2**31)]
Language = Literal["nl", "en"]
Role = Literal["visitor", "volunteer"]
MemberRole = Literal["volunteer", "coach", "mentor", "colleague"]

EndReason = Literal[
    "ended_by_caller",
    "ended_by_volunteer",
    "caller_gone",
    "abandoned",
    "refused_full",
    "line_closed",
    "limit",
    "abuse_ended",
]


class BeginChat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Begin a chat; `ticket` is an old queue number of somebody who came back too late."""

    language: Language = "nl"
    ticket: str | None = None


class ChatBegun(msgspec.Struct, frozen=True):
    """The chat's id, the page's own token, and the key that vouches for members (base64url)."""

    contact: str
    token: str
    signer: str


class Leave(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Leave by "Snel weg"."""

    token: str


class Opinion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the conversation helped."""

    ticket: str
    answer: Literal["yes", "a_bit", "no"]


class Knock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a page brings to its socket."""

    token: str


class SealedKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A period's secret, sealed to one member."""

    member: Hex
    period: Count
    box: bytes


class Keys(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The boxes of a key period, and of earlier ones for a successor."""

    period: Count
    sealed: Annotated[list[SealedKey], Meta(max_length=MOST_BOXES)]


class VisitorSay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One encrypted line of the page."""

    client_id: Hex
    period: Count
    stream: Hex
    counter: Count
    sealed: bytes


class ConsoleSay(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One encrypted line of the volunteer, fenced by the epoch."""

    client_id: Hex
    period: Count
    stream: Hex
    counter: Count
    sealed: bytes
    contact: Hex
    epoch: Count


class Resume(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for all lines above a number."""

    after: Count


class ConsoleResume(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask for all lines of a chat above a number; who reads along gets those since they came in."""

    contact: Hex
    after: Count


class Said(msgspec.Struct, frozen=True):
    """The number that a line has."""

    seq: int


class Line(msgspec.Struct, frozen=True):
    """A numbered line. `seq` is the server's order, and not part of what is encrypted."""

    client_id: str
    period: int
    stream: str
    counter: int
    sealed: bytes
    contact: str
    seq: int
    by: Role


class Lines(msgspec.Struct, frozen=True):
    """Lines in order; `more`: ask again from the last."""

    lines: list[Line]
    more: bool


class Member(msgspec.Struct, frozen=True):
    """Who may read the chat now, vouched for by the server's signature.

    `role`: volunteer has the chat, and gets every secret; any other reads along, and gets none of a
    key period before `reads_from`.
    """

    member: str
    role: MemberRole
    reads_from: int
    epoch: int
    public_key: bytes
    until_at: int
    signature: bytes


class Members(msgspec.Struct, frozen=True):
    """The members of a key period; 0 is the time before the first."""

    version: int
    present: list[Member] = msgspec.field(name="list")


class VisitorSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """All that a page shows. `position` None: not waiting. `half`: the server's half, 32 bytes."""

    version: int
    contact: str
    state: Literal["queued", "offered", "active", "volunteer_away", "caller_away"]
    position: int | None
    wait: Wait
    line: Openness
    members: Members
    seq: int
    half: bytes | None
    ticket: str
    frozen: bool


class SnapshotAnswer(msgspec.Struct, frozen=True):
    """The answer to `open`, and the body of `changed`."""

    snapshot: VisitorSnapshot


class Ended(msgspec.Struct, frozen=True):
    """The talking is over; `opinion` is good for one answer, None after mere waiting."""

    reason: EndReason
    opinion: str | None


class KeyBox(msgspec.Struct, frozen=True):
    """A period's secret, sealed to this console.

    `members`: who was on the list it was sealed under; empty when it was sealed in a later period.
    """

    period: int
    box: bytes
    members: list[str]


class MemberKeys(msgspec.Struct, frozen=True):
    """The boxes of a console's present stay in a chat.

    `after`: the number of the last line before it, 0 for who has the chat; the lines above it are
    the ones that this console may ask for.
    """

    version: int
    boxes: list[KeyBox]
    after: int


def check_sealed(sealed: bytes) -> None:
    """Refuse what cannot be a padded line."""
    if len(sealed) > LONGEST_SEALED:
        raise Refusal(Code.MESSAGE_TOO_LONG)
    if len(sealed) not in SEALED_SIZES:
        raise Refusal(Code.BAD_REQUEST)
