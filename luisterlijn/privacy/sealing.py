"""Encryption at rest, version 1 ("LL1").

A period's key (KEK) wraps a data key (DEK) per owner and retention class; each sealed column has a
subkey of it. A sealed value is version ‖ key id ‖ nonce ‖ ciphertext ‖ tag, and opens only in the
table, column, row and for the owner it was sealed for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from luisterlijn.privacy.keyring import KEY_BYTES, KEY_ID_BYTES, Kek
from luisterlijn.privacy.redaction import Secret
from luisterlijn.privacy.retention import RetentionClass

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.privacy.retention import SealedColumn

_VERSION = b"\x01"
_NONCE_BYTES = 12
_TAG_BYTES = 16
_LENGTH_BYTES = 4
_HEAD_BYTES = len(_VERSION) + KEY_ID_BYTES + _NONCE_BYTES
WRAPPED_DEK_BYTES = _HEAD_BYTES + KEY_BYTES + _TAG_BYTES


class SealBroken(Exception):
    """A sealed value was changed, moved, cut, or belongs to another key."""


class Keys(Protocol):
    """Where a period's key is found; the keyring."""

    def find(self, key_id: bytes) -> Kek:
        """Give the key, or raise `KeyGone`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Dek:
    """The data key of one owner (a contact, a person, a record) in one retention class.

    `wrapped` is what the database keeps; `kek_id` names the period's key that opens it.
    """

    owner: UUID
    retention: RetentionClass
    kek_id: bytes
    wrapped: bytes
    key: Secret[bytes]
    subkeys: dict[str, AESGCM] = field(default_factory=dict, repr=False, compare=False)
    """One per sealed column, made when first used; they die with this value."""


def new_dek(kek: Kek, owner: UUID, tokens: TokenSource) -> Dek:
    """Make a data key, wrapped by the period's key."""
    key = tokens.bytes(KEY_BYTES)
    bound = _bound("dek", str(kek.retention), "", owner, kek.id)
    return Dek(
        owner=owner,
        retention=kek.retention,
        kek_id=kek.id,
        wrapped=_encrypt(AESGCM(kek.key.reveal()), kek.id, key, bound, tokens),
        key=Secret(key),
    )


def open_dek(keys: Keys, owner: UUID, wrapped: bytes) -> Dek:
    """Open a data key that the database kept.

    Raises:
        KeyGone: the period's key was destroyed.
        SealBroken: it was changed, or is another owner's.
    """
    kek = keys.find(kek_id_of(wrapped))
    bound = _bound("dek", str(kek.retention), "", owner, kek.id)
    key = _decrypt(AESGCM(kek.key.reveal()), wrapped, bound)
    return Dek(
        owner=owner, retention=kek.retention, kek_id=kek.id, wrapped=wrapped, key=Secret(key)
    )


def seal(
    dek: Dek, column: SealedColumn, row: str, plaintext: bytes, *, tokens: TokenSource
) -> bytes:
    """Seal a value for one column of one row.

    Args:
        dek: the owner's key, of the column's class.
        column: where the value is stored; names the sizes it is padded to.
        row: what tells the row from all others of the table and never changes.
        plaintext: at most the column's largest size.
        tokens: where the nonce comes from.

    Raises:
        ValueError: the plaintext is too long, or the key is of another class.
    """
    _check_class(dek, column)
    bound = _bound(column.table, column.column, row, dek.owner, dek.kek_id)
    padded = _padded(plaintext, column)
    return _encrypt(_subkey(dek, column), dek.kek_id, padded, bound, tokens)


def unseal(dek: Dek, column: SealedColumn, row: str, sealed: bytes) -> bytes:
    """Open a sealed value.

    Raises:
        SealBroken: it was changed, or was sealed for another place, owner or key.
        ValueError: the key is of another class than the column.
    """
    _check_class(dek, column)
    if kek_id_of(sealed) != dek.kek_id:
        raise SealBroken("sealed under another key")
    bound = _bound(column.table, column.column, row, dek.owner, dek.kek_id)
    return _unpadded(_decrypt(_subkey(dek, column), sealed, bound))


def seal_alone(
    kek: Kek, owner: UUID, column: SealedColumn, row: str, plaintext: bytes, *, tokens: TokenSource
) -> bytes:
    """Seal a value together with a data key of its own, for a row that holds no other."""
    dek = new_dek(kek, owner, tokens)
    return dek.wrapped + seal(dek, column, row, plaintext, tokens=tokens)


def unseal_alone(keys: Keys, owner: UUID, column: SealedColumn, row: str, sealed: bytes) -> bytes:
    """Open a value that carries its own data key.

    Raises:
        KeyGone: the period's key was destroyed.
        SealBroken: it was changed, or was sealed for another place or owner.
    """
    dek = open_dek(keys, owner, sealed[:WRAPPED_DEK_BYTES])
    return unseal(dek, column, row, sealed[WRAPPED_DEK_BYTES:])


def kek_id_of(sealed: bytes) -> bytes:
    """Give the id of the period's key that a sealed value or wrapped key needs: bytes 1 to 16.

    Raises:
        SealBroken: it is no such value.
    """
    if len(sealed) < _HEAD_BYTES + _TAG_BYTES or sealed[:1] != _VERSION:
        raise SealBroken("not a sealed value")
    return sealed[1 : 1 + KEY_ID_BYTES]


def stored_lengths(column: SealedColumn) -> frozenset[int]:
    """Give the only lengths that the column may hold, in bytes."""
    added = _HEAD_BYTES + _LENGTH_BYTES + _TAG_BYTES
    added += WRAPPED_DEK_BYTES if column.own_dek else 0
    return frozenset(added + size for size in column.sizes)


def _check_class(dek: Dek, column: SealedColumn) -> None:
    if dek.retention is not column.retention:
        raise ValueError(f"{column.purpose} is sealed for {column.retention} only")


def _bound(table: str, column: str, row: str, owner: UUID, key_id: bytes) -> bytes:
    """Give what a value is bound to; lengths before the parts, so that no two spell the same."""
    parts = (_VERSION, table.encode(), column.encode(), row.encode(), owner.bytes, key_id)
    return b"".join(len(part).to_bytes(_LENGTH_BYTES, "big") + part for part in parts)


def _subkey(dek: Dek, column: SealedColumn) -> AESGCM:
    made = dek.subkeys.get(column.purpose)
    if made is None:
        info = f"ll1/{column.purpose}".encode()
        key = HKDFExpand(SHA256(), KEY_BYTES, info).derive(dek.key.reveal())
        made = dek.subkeys[column.purpose] = AESGCM(key)
    return made


def _padded(plaintext: bytes, column: SealedColumn) -> bytes:
    size = next((size for size in column.sizes if size >= len(plaintext)), None)
    if size is None:
        raise ValueError(f"too long for {column.purpose}")
    return len(plaintext).to_bytes(_LENGTH_BYTES, "big") + plaintext.ljust(size, b"\0")


def _unpadded(padded: bytes) -> bytes:
    end = _LENGTH_BYTES + int.from_bytes(padded[:_LENGTH_BYTES], "big")
    return padded[_LENGTH_BYTES:end]


def _encrypt(
    cipher: AESGCM, key_id: bytes, plaintext: bytes, bound: bytes, tokens: TokenSource
) -> bytes:
    nonce = tokens.bytes(_NONCE_BYTES)
    return _VERSION + key_id + nonce + cipher.encrypt(nonce, plaintext, bound)


def _decrypt(cipher: AESGCM, sealed: bytes, bound: bytes) -> bytes:
    nonce = sealed[_HEAD_BYTES - _NONCE_BYTES : _HEAD_BYTES]
    try:
        return cipher.decrypt(nonce, sealed[_HEAD_BYTES:], bound)
    except InvalidTag:
        raise SealBroken("does not open here") from None
