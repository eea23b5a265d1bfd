"""What the tests of this room start from: chance that can be repeated, and a key folder."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import blake2b
from typing import TYPE_CHECKING

import pytest

from luisterlijn.privacy.keyring import Keyring

if TYPE_CHECKING:
    from pathlib import Path

NIGHT = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)


class CountedTokens:
    """Chance for tests: never the same bytes twice, the same row of bytes each run."""

    def __init__(self, seed: str = "") -> None:
        """Start a row of its own for each seed."""
        self._seed = seed
        self._given = 0

    def bytes(self, size: int) -> bytes:
        """Give the next bytes."""
        self._given += 1
        text = b"".join(
            blake2b(f"{self._seed}|{self._given}|{block}".encode()).digest()
            for block in range(size // 64 + 1)
        )
        return text[:size]


@pytest.fixture
def tokens() -> CountedTokens:
    return CountedTokens()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def keyring(folder: Path, tokens: CountedTokens) -> Keyring:
    return Keyring(folder, tokens)
