"""Values that may not be found anywhere, and the search for each of their forms."""

from __future__ import annotations

import contextlib
from base64 import b64encode, urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

BITS = 8
SEXTET = 6


@dataclass(frozen=True, slots=True)
class Hit:
    """Something was found: which canary, in which form, where."""

    canary: str
    form: str
    where: str


def readable_forms(value: bytes) -> dict[str, bytes]:
    """Give the forms that hold the value itself: they are found inside longer ones, too."""
    forms = {
        "raw": value,
        "hex": value.hex().encode(),
        "HEX": value.hex().upper().encode(),
    }
    with contextlib.suppress(UnicodeDecodeError):
        forms["utf-16"] = value.decode().encode("utf-16-le")
    for offset in range(3):
        for name, encode in (("base64", b64encode), ("base64url", urlsafe_b64encode)):
            forms[f"{name}+{offset}"] = _inner(
                encode(b"\0" * offset + value + b"\0\0"), offset, value
            )
    return forms


def hashed_forms(value: bytes) -> dict[str, bytes]:
    """Give the forms under which somebody who guesses the value recognises it."""
    digest = sha256(value)
    return {"sha256": digest.digest(), "sha256 hex": digest.hexdigest().encode()}


def _inner(encoded: bytes, offset: int, value: bytes) -> bytes:
    """Give the signs that depend on the value alone, whatever stands before and after it."""
    first = -(-offset * BITS // SEXTET)
    return encoded[first : (offset + len(value)) * BITS // SEXTET]


def search(
    forms: Mapping[tuple[str, str], bytes], places: Iterable[tuple[str, bytes]]
) -> list[Hit]:
    """Search each place for each form; forms are named (canary, form)."""
    return [
        Hit(canary, form, where)
        for where, content in places
        for (canary, form), sought in forms.items()
        if sought in content
    ]


def files(*folders: Path) -> Iterable[tuple[str, bytes]]:
    """Give every file below these folders."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield str(path.relative_to(folder)), path.read_bytes()
