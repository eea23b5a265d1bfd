"""What consoles send and hear about who is on now, and about what is said: ciphertext only.

Bytes are base64url: a socket would send each as a packet of its own.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from luisterlijn.dispatch.wire import Hex

LONGEST_SEALED = 6_000
"""Signs; more is refused unread. The longest line has 5,483."""
LONGEST_BOX = 200
MOST_BOXES = 300


class AskShiftRoom(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Ask who is on now, and what was said after the line with this number."""

    after: Annotated[int, Meta(ge=0, lt=2**53)]


class RoomBox(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line's key, sealed to one member."""

    member: Hex
    box: Annotated[str, Meta(max_length=LONGEST_BOX)]


class SayInShiftRoom(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Say something to who is there now; `line` is a random id that the console draws."""

    line: Hex
    sealed: Annotated[str, Meta(max_length=LONGEST_SEALED)]
    boxes: Annotated[list[RoomBox], Meta(min_length=1, max_length=MOST_BOXES)]


class SaidInShiftRoom(msgspec.Struct, frozen=True):
    """The line is there, with this number."""

    number: int


class OnNow(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is on now. `branch_name` None: a coach on duty, by first name."""

    name: str
    branch_name: str | None
    is_coach: bool
    is_me: bool


class RoomMember(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody to seal a line to."""

    member: str
    public_key: str


class RoomLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line that one may read. `members`: whom it was sealed to."""

    line: str
    number: int
    by: str
    name: str
    branch_name: str | None
    is_coach: bool
    is_mine: bool
    sealed: str
    box: str
    members: list[str]
    until_at: int


class ShiftRoomView(msgspec.Struct, frozen=True, kw_only=True):
    """Who is on now, and what is new in the room.

    `me` None: one is not on now, and sees nobody. `has_room`: somebody stands on a shift.
    `more`: ask again after the last line.
    """

    me: str | None
    has_room: bool
    people: list[OnNow]
    members: list[RoomMember]
    lines: list[RoomLine]
    more: bool
