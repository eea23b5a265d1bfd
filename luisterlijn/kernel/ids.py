"""Names of things: 128 random bits each, never ordered by time, never to be guessed."""

from __future__ import annotations

from typing import NewType, Protocol
from uuid import UUID

ContactId = NewType("ContactId", UUID)
PersonId = NewType("PersonId", UUID)
BranchId = NewType("BranchId", UUID)
ShiftId = NewType("ShiftId", UUID)
PlaceId = NewType("PlaceId", UUID)

ID_BYTES = 16
"""128 bits: nobody finds an id by trying."""


class TokenSource(Protocol):
    """Where chance comes from; the real one lives in `edge.world`."""

    def bytes(self, size: int) -> bytes:
        """Give `size` unpredictable bytes."""
        ...


def new_id(tokens: TokenSource) -> UUID:
    """Give a fresh id of 128 random bits (a UUID type without a UUID's version bits)."""
    return UUID(bytes=tokens.bytes(ID_BYTES))


def parse_id(text: str) -> UUID | None:
    """Read an id as the wire spells it: 32 lower-case hex signs; None when it is anything else."""
    if len(text) != 2 * ID_BYTES or any(sign not in "0123456789abcdef" for sign in text):
        return None
    return UUID(hex=text)
