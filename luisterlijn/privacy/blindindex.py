"""A name by which a sealed value can be found again, and from which nobody learns it."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from luisterlijn.privacy.keyring import KEY_BYTES

if TYPE_CHECKING:
    from datetime import datetime

    from luisterlijn.privacy.keyring import Kek, Keyring
    from luisterlijn.privacy.retention import RetentionClass

INDEX_BYTES = 16


class BlindIndex:
    """Names of one kind of value, keyed by the periods' keys: they die with them."""

    def __init__(self, keyring: Keyring, retention: RetentionClass, purpose: str) -> None:
        """Name values for one purpose; the same value has another name for another."""
        self._keyring = keyring
        self._retention = retention
        self._info = f"ll1/index/{purpose}".encode()
        self._keys: dict[bytes, bytes] = {}

    def of(self, value: str, now: datetime) -> tuple[bytes, bytes]:
        """Give the id of this period's key, and the value's name under it."""
        kek = self._keyring.current(self._retention, now)
        return kek.id, self._name(kek, value)

    def all_of(self, value: str) -> list[bytes]:
        """Give every name the value may have been stored under, newest first."""
        held = self._keyring.held(self._retention)
        self._keys = {kek.id: self._keys[kek.id] for kek in held if kek.id in self._keys}
        return [self._name(kek, value) for kek in held]

    def _name(self, kek: Kek, value: str) -> bytes:
        key = self._keys.get(kek.id)
        if key is None:
            key = HKDFExpand(SHA256(), KEY_BYTES, self._info).derive(kek.key.reveal())
            self._keys[kek.id] = key
        return blake2b(value.encode(), key=key, digest_size=INDEX_BYTES).digest()
