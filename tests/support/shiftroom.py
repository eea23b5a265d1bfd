"""The far end of the room's encryption, as a console does it in the browser."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from luisterlijn.edge.guard import b64, read_b64
from luisterlijn.edge.world import SystemTokens
from luisterlijn.privacy.endtoend import (
    BoxBroken,
    MemberKeys,
    new_member_keys,
    new_secret,
    open_secret,
    seal_secret,
)
from tests.support.ends import Console, console

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from luisterlijn.kernel.ids import PersonId
    from tests.support.served import Served

TOKENS = SystemTokens()
NONCE = bytes(12)
"""Each line has a key of its own."""


class Closed(Exception):
    """A line that this key does not open."""


def member(public_key: bytes) -> str:
    """Give the name of a console."""
    return sha256(public_key).digest()[:16].hex()


def bound(word: str, line: str, by: str, members: Iterable[str]) -> bytes:
    """Give what a line and its boxes are bound to."""
    listed = sha256(",".join(sorted(members)).encode()).hexdigest()
    return f"{word}|{line}|{by}|{listed}".encode()


def sealed(
    text: str, by: MemberKeys, members: Mapping[str, bytes], line: str = "", at: int = 0
) -> dict[str, Any]:
    """Encrypt a line to these members (name → public key), ready to be said."""
    line, key, words = line or TOKENS.bytes(16).hex(), new_secret(TOKENS), text.encode()
    head = len(words).to_bytes(2, "big") + at.to_bytes(6, "big")
    size = next(size for size in (256, 1_024, 4_096) if size >= len(head + words))
    who = member(by.public)
    padded = (head + words).ljust(size, b"\0")
    cipher = AESGCM(key.reveal()).encrypt(NONCE, padded, bound("ll-room", line, who, members))
    info = bound("ll-room-key", line, who, members)
    boxes = [
        {"member": each, "box": b64(seal_secret(key, public, info))}
        for each, public in members.items()
    ]
    return {"line": line, "sealed": b64(cipher), "boxes": boxes}


def opened(line: Mapping[str, Any], keys: MemberKeys) -> str:
    """Decrypt a line as it was given.

    Raises:
        Closed: another key, or something was changed.
    """
    where = (line["line"], line["by"], line["members"])
    try:
        key = open_secret(read_b64(line["box"]), keys, bound("ll-room-key", *where))
        padded = AESGCM(key.reveal()).decrypt(
            NONCE, read_b64(line["sealed"]), bound("ll-room", *where)
        )
    except (BoxBroken, InvalidTag):
        raise Closed from None
    return padded[8 : 8 + int.from_bytes(padded[:2], "big")].decode()


@dataclass(slots=True)
class Desk:
    """A console with the room in it."""

    console: Console
    keys: MemberKeys

    async def ask(self, after: int = 0) -> dict[str, Any]:
        """Give who is on now, and the lines after a number."""
        answer = await self.console.wire.ask("shift-room", {"after": after})
        assert answer["ok"], answer
        return answer

    async def members(self) -> dict[str, bytes]:
        """Give whom a line is to be sealed to."""
        return {
            each["member"]: read_b64(each["public_key"]) for each in (await self.ask())["members"]
        }

    async def say(self, text: str, line: str = "") -> dict[str, Any]:
        """Say something to who is there now; gives the answer."""
        said = sealed(text, self.keys, await self.members(), line)
        return await self.console.wire.ask("shift-room-say", said)

    async def reads(self) -> list[str]:
        """Give all that this console can read, oldest first."""
        return [opened(each, self.keys) for each in (await self.ask())["lines"]]

    async def close(self) -> None:
        """Close the console."""
        await self.console.wire.close()


async def desk(node: Served, person: PersonId, keys: MemberKeys | None = None) -> Desk:
    """Open somebody's console, and ask for the room as a console does at once."""
    keys = keys or new_member_keys()
    made = Desk(await console(node, person, keys), keys)
    await made.ask()
    return made
