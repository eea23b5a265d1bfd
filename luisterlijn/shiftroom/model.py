"""Who is in the room, by which key, and what a line must look like. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import ID_BYTES, PersonId

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

SEALED_SIZES = (272, 1_040, 4_112)
"""256, 1,024 or 4,096 bytes of padded text, and a tag of 16."""
BOX_BYTES = 113
"""65 of the sender's key, 32 of the line's key, 16 of the tag."""
SEAT_LASTS = timedelta(seconds=130)
"""A browser lets a page in the background ask once a minute: one question may be lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """Somebody who is on now: a volunteer on a shift by alias, or a coach on duty by first name.

    `public_key` None: no console is open. `ends`: the end of a volunteer's shift, None for a coach.
    """

    person: PersonId
    name: str
    branch_name: str | None
    public_key: bytes | None
    ends: datetime | None

    @property
    def is_coach(self) -> bool:
        """Say whether this is a coach on duty."""
        return self.ends is None


def member_of(public_key: bytes) -> bytes:
    """Give the name of a console in the room: it follows from its key, and names nobody."""
    return sha256(public_key).digest()[:ID_BYTES]


def members(here: Iterable[Here]) -> dict[bytes, Here]:
    """Give who reads what is said now, by member."""
    return {member_of(one.public_key): one for one in here if one.public_key is not None}


def said_until(writer: Here, here: Iterable[Here]) -> datetime:
    """Give when a line goes: with the writer's shift, a coach's with the last shift that runs.

    Raises:
        Refusal: `not-on-shift` when nobody stands on a shift: there is no room then.
    """
    if writer.ends is not None:
        return writer.ends
    ends = [one.ends for one in here if one.ends is not None]
    if not ends:
        raise Refusal(Code.NOT_ON_SHIFT)
    return max(ends)


def check_line(sealed: bytes, boxes: Mapping[bytes, bytes], now: Collection[bytes]) -> None:
    """Refuse a line that is not sealed to exactly those who are in the room now.

    Args:
        sealed: the line's ciphertext.
        boxes: the line's key per member.
        now: the members of this moment.

    Raises:
        Refusal: `message-too-long`, `bad-request` for a length that no line or box has,
            `room-changed` when somebody is missing or does not belong.
    """
    if len(sealed) > SEALED_SIZES[-1]:
        raise Refusal(Code.MESSAGE_TOO_LONG)
    if len(sealed) not in SEALED_SIZES or any(len(box) != BOX_BYTES for box in boxes.values()):
        raise Refusal(Code.BAD_REQUEST)
    if set(boxes) != set(now):
        raise Refusal(Code.ROOM_CHANGED)
