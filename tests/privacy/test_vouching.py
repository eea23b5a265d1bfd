"""The server's signature under a member's key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from luisterlijn.privacy.endtoend import Vouched, new_member_keys, verify_member
from luisterlijn.privacy.keyring import Keyring
from luisterlijn.privacy.vouching import Voucher

from .conftest import CountedTokens

if TYPE_CHECKING:
    from pathlib import Path

MEMBER = Vouched(
    contact="0f" * 16,
    epoch=2,
    member="ab" * 16,
    public_key=new_member_keys().public,
    until_at=1_795_000_000_000,
)


READER = replace(MEMBER, role="coach", reads_from=3)


def test_a_vouched_member_is_believed(keyring: Keyring) -> None:
    voucher = Voucher(keyring)

    signature = voucher.vouch(MEMBER)

    assert (len(voucher.public), len(signature)) == (65, 64)
    assert verify_member(voucher.public, MEMBER, signature)


def test_the_statement_is_spelt_as_the_contract_spells_it() -> None:
    spelt = f"ll-member|{'0f' * 16}|2|{'ab' * 16}|{MEMBER.public_key.hex()}|1795000000000"

    assert MEMBER.statement() == spelt.encode()
    tail = spelt.removeprefix("ll-member|")
    assert READER.statement() == f"ll-reader|coach|3|{tail}".encode()


@pytest.mark.parametrize(
    "other",
    [
        replace(MEMBER, contact="1f" * 16),
        replace(MEMBER, epoch=3),
        replace(MEMBER, member="ac" * 16),
        replace(MEMBER, public_key=new_member_keys().public),
        replace(MEMBER, until_at=1_795_000_000_001),
    ],
)
def test_a_signature_says_nothing_of_anything_else(keyring: Keyring, other: Vouched) -> None:
    voucher = Voucher(keyring)

    assert not verify_member(voucher.public, other, voucher.vouch(MEMBER))


@pytest.mark.parametrize(
    "other",
    [
        MEMBER,
        replace(READER, role="colleague"),
        replace(READER, reads_from=1),
        replace(READER, epoch=3),
    ],
)
def test_no_change_of_a_row_hides_a_reader_or_lets_them_read_more(
    keyring: Keyring, other: Vouched
) -> None:
    voucher = Voucher(keyring)

    assert verify_member(voucher.public, READER, voucher.vouch(READER))
    assert not verify_member(voucher.public, other, voucher.vouch(READER))


def test_who_has_the_chat_may_have_every_secret_and_a_reader_those_since_they_came() -> None:
    assert [period for period in (1, 2, 3, 4) if MEMBER.may_have(period)] == [1, 2, 3, 4]
    assert [period for period in (1, 2, 3, 4) if READER.may_have(period)] == [3, 4]


def test_a_changed_signature_is_not_believed(keyring: Keyring) -> None:
    voucher = Voucher(keyring)
    signature = voucher.vouch(MEMBER)

    for place in range(len(signature)):
        changed = bytearray(signature)
        changed[place] ^= 1
        assert not verify_member(voucher.public, MEMBER, bytes(changed))
    longer = signature[:32] + b"\0" + signature[32:]  # the same two numbers, spelt otherwise
    for nonsense in (b"", signature[:63], signature + b"\0", longer, bytes(64)):
        assert not verify_member(voucher.public, MEMBER, nonsense)
    assert not verify_member(b"nonsense", MEMBER, signature)


def test_an_intruder_s_signature_is_not_believed(keyring: Keyring, tmp_path: Path) -> None:
    intruder = Voucher(Keyring(tmp_path / "elsewhere", CountedTokens("intruder")))

    assert not verify_member(Voucher(keyring).public, MEMBER, intruder.vouch(MEMBER))


def test_a_restart_keeps_the_voucher(keyring: Keyring, folder: Path) -> None:
    before = Voucher(keyring)

    after = Voucher(Keyring(folder, CountedTokens("restart")))

    assert after.public == before.public
    assert verify_member(before.public, MEMBER, after.vouch(MEMBER))


def test_the_voucher_is_not_in_clear_in_its_file(keyring: Keyring, folder: Path) -> None:
    Voucher(keyring)
    kept = keyring.lasting("voucher", b"").reveal()

    for path in folder.iterdir():
        assert kept not in path.read_bytes()


def test_no_point_is_vouched_for_as_a_key(keyring: Keyring) -> None:
    with pytest.raises(ValueError, match=r"."):
        Voucher(keyring).vouch(replace(MEMBER, public_key=b"\x04" + bytes(64)))
