"""Encryption at rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from luisterlijn.privacy import sealing
from luisterlijn.privacy.keyring import KeyGone, Readings
from luisterlijn.privacy.retention import (
    LINE_SEALED,
    PERSON_TOTP,
    SEALED,
    SESSION_WRAP,
    RetentionClass,
    SealedColumn,
)

from .conftest import NIGHT, CountedTokens

if TYPE_CHECKING:
    from luisterlijn.privacy.keyring import Keyring

CONTACT = UUID("0f" * 16)
OTHER = UUID("1f" * 16)
LINE = bytes(range(256)) + b"line"


@pytest.fixture
def dek(keyring: Keyring, tokens: CountedTokens) -> sealing.Dek:
    return sealing.new_dek(keyring.current(RetentionClass.AT_CLOSE, NIGHT), CONTACT, tokens)


@given(plaintext=st.binary(max_size=4112), row=st.text(max_size=80), owner=st.uuids())
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_sealed_opens(keyring: Keyring, plaintext: bytes, row: str, owner: UUID) -> None:
    tokens = CountedTokens("round trip")
    kek = keyring.current(RetentionClass.AT_CLOSE, NIGHT)
    dek = sealing.new_dek(kek, owner, tokens)

    sealed = sealing.seal(dek, LINE_SEALED, row, plaintext, tokens=tokens)
    again = sealing.open_dek(keyring, owner, dek.wrapped)

    assert sealing.unseal(again, LINE_SEALED, row, sealed) == plaintext


@pytest.mark.parametrize("column", SEALED, ids=lambda column: column.purpose)
def test_a_sealed_column_takes_only_its_listed_lengths(
    keyring: Keyring, tokens: CountedTokens, column: SealedColumn
) -> None:
    kek = keyring.current(column.retention, NIGHT)
    met = set()

    for length in range(column.sizes[-1] + 1):
        if column.own_dek:
            sealed = sealing.seal_alone(kek, CONTACT, column, "r", bytes(length), tokens=tokens)
        else:
            dek = sealing.new_dek(kek, CONTACT, tokens)
            sealed = sealing.seal(dek, column, "r", bytes(length), tokens=tokens)
        met.add(len(sealed))

    assert met == sealing.stored_lengths(column)
    assert list(column.sizes) == sorted(set(column.sizes))


def test_what_is_too_long_is_not_sealed(dek: sealing.Dek, tokens: CountedTokens) -> None:
    with pytest.raises(ValueError, match="too long"):
        sealing.seal(dek, LINE_SEALED, "r", bytes(4113), tokens=tokens)


def test_a_sealed_value_is_made_as_the_design_says(dek: sealing.Dek, tokens: CountedTokens) -> None:
    # By hand: the column's subkey, and version, table, column, row, owner, key id bound with
    # their lengths before them.
    parts = (b"\x01", b"line", b"sealed", b"r", CONTACT.bytes, dek.kek_id)
    bound = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    subkey = HKDFExpand(SHA256(), 32, b"ll1/line.sealed").derive(dek.key.reveal())

    sealed = sealing.seal(dek, LINE_SEALED, "r", LINE, tokens=tokens)

    padded = len(LINE).to_bytes(4, "big") + LINE.ljust(272, b"\0")
    assert AESGCM(subkey).decrypt(sealed[17:29], sealed[29:], bound) == padded


def test_each_owner_has_a_key_of_its_own(keyring: Keyring, tokens: CountedTokens) -> None:
    kek = keyring.current(RetentionClass.AT_CLOSE, NIGHT)

    keys = {sealing.new_dek(kek, CONTACT, tokens).key.reveal() for _ in range(100)}

    assert len(keys) == 100
    assert {len(key) for key in keys} == {32}


def test_a_sealed_value_is_version_key_nonce_then_ciphertext(
    dek: sealing.Dek, tokens: CountedTokens
) -> None:
    sealed = sealing.seal(dek, LINE_SEALED, "r", LINE, tokens=tokens)

    assert sealed[:1] == b"\x01"
    assert sealed[1:17] == dek.kek_id == sealing.kek_id_of(sealed)
    assert len(sealed) == 1 + 16 + 12 + (4 + 272) + 16
    assert LINE[:16] not in sealed


def test_the_same_words_twice_do_not_look_the_same(dek: sealing.Dek, tokens: CountedTokens) -> None:
    sealed = {sealing.seal(dek, LINE_SEALED, "r", LINE, tokens=tokens) for _ in range(1000)}

    assert len({value[17:29] for value in sealed}) == 1000


def test_a_sealed_value_with_any_byte_changed_does_not_open(
    dek: sealing.Dek, tokens: CountedTokens
) -> None:
    sealed = sealing.seal(dek, LINE_SEALED, "r", LINE, tokens=tokens)

    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(dek, LINE_SEALED, "r", bytes(changed))
    for cut in (0, 1, 28, 44, 45, len(sealed) - 1):
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(dek, LINE_SEALED, "r", sealed[:cut])


def test_a_sealed_value_does_not_open_in_another_place(
    keyring: Keyring, dek: sealing.Dek, tokens: CountedTokens
) -> None:
    sealed = sealing.seal(dek, LINE_SEALED, "r", LINE, tokens=tokens)
    next_hour = keyring.current(RetentionClass.AT_CLOSE, NIGHT + timedelta(hours=1))
    elsewhere = [
        (dek, LINE_SEALED, "q"),
        (dek, replace(LINE_SEALED, table="lines"), "r"),
        (dek, replace(LINE_SEALED, column="seal"), "r"),
        (replace(dek, owner=OTHER), LINE_SEALED, "r"),
        (replace(dek, kek_id=next_hour.id), LINE_SEALED, "r"),
        (sealing.new_dek(next_hour, CONTACT, tokens), LINE_SEALED, "r"),
    ]

    for key, column, row in elsewhere:
        with pytest.raises(sealing.SealBroken):
            sealing.unseal(key, column, row, sealed)
    assert sealing.unseal(dek, LINE_SEALED, "r", sealed) == LINE


def test_each_fact_is_bound_on_its_own(dek: sealing.Dek, tokens: CountedTokens) -> None:
    # The subkey is the same for "a.b" + "c" and "a" + "b.c": only the bound names keep them apart.
    one = replace(LINE_SEALED, table="a.b", column="c")
    two = replace(LINE_SEALED, table="a", column="b.c")
    sealed = sealing.seal(dek, one, "r", LINE, tokens=tokens)

    with pytest.raises(sealing.SealBroken):
        sealing.unseal(dek, two, "r", sealed)


def test_a_key_of_another_class_seals_nothing_here(keyring: Keyring, tokens: CountedTokens) -> None:
    week = sealing.new_dek(keyring.current(RetentionClass.WEEK_1, NIGHT), CONTACT, tokens)

    with pytest.raises(ValueError, match="at-close"):
        sealing.seal(week, LINE_SEALED, "r", LINE, tokens=tokens)


def test_a_data_key_opens_for_its_owner_only(
    keyring: Keyring, dek: sealing.Dek, tokens: CountedTokens
) -> None:
    assert len(dek.wrapped) == sealing.WRAPPED_DEK_BYTES == 77
    assert dek.key.reveal() not in dek.wrapped
    with pytest.raises(sealing.SealBroken):
        sealing.open_dek(keyring, OTHER, dek.wrapped)
    for place in [0, *range(17, len(dek.wrapped))]:
        changed = bytearray(dek.wrapped)
        changed[place] ^= 1
        with pytest.raises(sealing.SealBroken):
            sealing.open_dek(keyring, CONTACT, bytes(changed))
    with pytest.raises(KeyGone):
        sealing.open_dek(keyring, CONTACT, b"\x01" + tokens.bytes(16) + dek.wrapped[17:])


def test_a_value_with_its_own_key_opens_in_its_place_only(
    keyring: Keyring, tokens: CountedTokens
) -> None:
    kek = keyring.current(RetentionClass.ACCOUNT, NIGHT)
    sealed = sealing.seal_alone(kek, CONTACT, PERSON_TOTP, "r", b"S" * 32, tokens=tokens)

    assert sealing.unseal_alone(keyring, CONTACT, PERSON_TOTP, "r", sealed) == b"S" * 32
    assert sealing.kek_id_of(sealed) == kek.id
    for owner, row in ((OTHER, "r"), (CONTACT, "q")):
        with pytest.raises(sealing.SealBroken):
            sealing.unseal_alone(keyring, owner, PERSON_TOTP, row, sealed)
    for cut in (0, 44, 77, 100):
        with pytest.raises(sealing.SealBroken):
            sealing.unseal_alone(keyring, CONTACT, PERSON_TOTP, "r", sealed[:cut])


def test_after_its_day_a_stolen_copy_opens_for_nobody(
    keyring: Keyring, tokens: CountedTokens
) -> None:
    # Given: a copy of the row that a thief, or a backup, keeps.
    kek = keyring.current(RetentionClass.DAY_1, NIGHT)
    copy = sealing.seal_alone(kek, CONTACT, SESSION_WRAP, "r", b"S" * 32, tokens=tokens)
    later = NIGHT + timedelta(hours=26)

    # When.
    keyring.destroy_expired(
        Readings(database=later, node=later, monotonic=timedelta()), in_use={kek.id}
    )

    # Then.
    with pytest.raises(KeyGone):
        sealing.unseal_alone(keyring, CONTACT, SESSION_WRAP, "r", copy)


def test_a_data_key_is_never_printed(dek: sealing.Dek) -> None:
    assert str(dek.key.reveal()) not in repr(dek)
