"""The far end of a chat's encryption: published vectors, the contract's formats, who can read."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given, settings
from hypothesis import strategies as st

from luisterlijn.privacy import endtoend as far
from luisterlijn.privacy.redaction import PlainText, Secret

from .conftest import CountedTokens

VECTOR: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "vectors" / "hpke_p256.json").read_text(encoding="utf-8")
)["vectors"][0]
CONTACT = "0f" * 16
TEXT = PlainText("Het is zo stil in huis.")
AT = far.LineAddress(
    contact=CONTACT,
    period=3,
    side=far.Side.VISITOR,
    stream="5a" * 16,
    counter=7,
    client_id="c1" * 16,
)
OTHER_ADDRESSES = {
    "contact": replace(AT, contact="1f" * 16),
    "period": replace(AT, period=4),
    "side": replace(AT, side=far.Side.VOLUNTEER),
    "stream": replace(AT, stream="5b" * 16),
    "counter": replace(AT, counter=8),
    "client_id": replace(AT, client_id="c2" * 16),
}
TEXTS = st.text().filter(lambda text: len(text.encode()) <= far.MAX_TEXT_BYTES)


def vector(name: str) -> bytes:
    return bytes.fromhex(VECTOR[name])


def vector_member() -> far.MemberKeys:
    private = ec.derive_private_key(int.from_bytes(vector("skRm"), "big"), ec.SECP256R1())
    return far.MemberKeys(Secret(private), vector("pkRm"))


def test_the_vector_file_is_the_suite_that_we_use() -> None:
    suite = (VECTOR["mode"], VECTOR["kem_id"], VECTOR["kdf_id"], VECTOR["aead_id"])

    assert suite == (0x00, 0x0010, 0x0001, 0x0002)
    assert far.public_bytes(vector_member().private.reveal().public_key()) == vector("pkRm")


def test_a_box_under_the_rfc_s_key_opens() -> None:
    # The vectors carry an AAD and our boxes do not. So: the RFC's key and nonce seal, its own
    # ciphertext shows that they are the right ones, and our side must derive the same two.
    cipher, nonce = AESGCM(vector("key")), vector("base_nonce")
    first = VECTOR["encryptions"][0]
    aad, plain = bytes.fromhex(first["aad"]), bytes.fromhex(first["pt"])
    assert cipher.encrypt(nonce, plain, aad).hex() == first["ct"]

    box = vector("enc") + cipher.encrypt(nonce, plain, b"")

    assert far.open_secret(box, vector_member(), vector("info")).reveal() == plain


def test_a_box_is_enc_then_ciphertext() -> None:
    member, secret = far.new_member_keys(), far.new_secret(CountedTokens())

    box = far.seal_secret(secret, member.public, b"info")

    assert len(box) == far.BOX_BYTES == 113
    far.public_key_from(box[: far.PUBLIC_KEY_BYTES])
    assert far.open_secret(box, member, b"info").reveal() == secret.reveal()


def test_a_box_with_any_byte_changed_does_not_open() -> None:
    member = far.new_member_keys()
    box = far.seal_secret(far.new_secret(CountedTokens()), member.public, b"info")

    for place in range(len(box)):
        changed = bytearray(box)
        changed[place] ^= 1
        with pytest.raises(far.BoxBroken):
            far.open_secret(bytes(changed), member, b"info")


@pytest.mark.parametrize("cut", [0, 1, 64, 65, 80, 112])
def test_half_a_box_does_not_open(cut: int) -> None:
    member = far.new_member_keys()
    box = far.seal_secret(far.new_secret(CountedTokens()), member.public, b"info")

    with pytest.raises(far.BoxBroken):
        far.open_secret(box[:cut], member, b"info")


def test_a_box_opens_only_for_its_member_period_contact_and_member_list() -> None:
    member, other = far.new_member_keys(), far.new_member_keys()
    info = far.key_info(CONTACT, 3, ["aa", "bb"])
    box = far.seal_secret(far.new_secret(CountedTokens()), member.public, info)

    far.open_secret(box, member, far.key_info(CONTACT, 3, ["bb", "aa"]))
    with pytest.raises(far.BoxBroken):
        far.open_secret(box, other, info)
    for wrong in (
        far.key_info("1f" * 16, 3, ["aa", "bb"]),
        far.key_info(CONTACT, 4, ["aa", "bb"]),
        far.key_info(CONTACT, 3, ["aa"]),
        far.earlier_key_info(CONTACT, 3),
    ):
        with pytest.raises(far.BoxBroken):
            far.open_secret(box, member, wrong)


def test_the_infos_are_spelt_as_the_contract_spells_them() -> None:
    # sha256 of "aa,bb" by another program.
    listed = "8eae44cc9f517d836c01209fbb197924260b54101e3d5be260983d8d24c8e41b"

    assert far.key_info("c0", 2, ["bb", "aa"]) == f"ll-key|c0|2|{listed}".encode()
    assert far.earlier_key_info("c0", 1) == b"ll-key|c0|1|-"


def test_a_line_is_encrypted_as_the_contract_says() -> None:
    secret = far.new_secret(CountedTokens())
    info = f"ll-msg|{CONTACT}|3|visitor|{AT.stream}".encode()
    key = HKDF(SHA256(), 32, salt=b"", info=info).derive(secret.reveal())
    bound = f"ll-line|{CONTACT}|3|visitor|{AT.stream}|7|{AT.client_id}".encode()
    words = TEXT.reveal().encode()
    plain = len(words).to_bytes(2, "big") + (1_795_000_000_123).to_bytes(6, "big") + words

    sealed = far.seal_line(secret, AT, TEXT, 1_795_000_000_123)

    assert sealed == AESGCM(key).encrypt((7).to_bytes(12, "big"), plain.ljust(256, b"\0"), bound)


@given(text=TEXTS, said_at=st.integers(0, 2**48 - 1), counter=st.integers(0, 2**63))
@settings(max_examples=150, deadline=None)
def test_what_was_said_is_what_is_read(text: str, said_at: int, counter: int) -> None:
    secret, at = far.new_secret(CountedTokens(text)), replace(AT, counter=counter)

    opened = far.open_line(secret, at, far.seal_line(secret, at, PlainText(text), said_at))

    assert (opened.text.reveal(), opened.said_at) == (text, said_at)


@pytest.mark.parametrize(
    ("text_bytes", "sealed_bytes"),
    [(0, 272), (248, 272), (249, 1040), (1016, 1040), (1017, 4112), (4000, 4112)],
)
def test_a_line_s_length_tells_only_which_of_three(text_bytes: int, sealed_bytes: int) -> None:
    secret = far.new_secret(CountedTokens())

    sealed = far.seal_line(secret, AT, PlainText("a" * text_bytes), 0)

    assert len(sealed) == sealed_bytes
    assert sealed_bytes in far.SEALED_BYTES


def test_a_line_over_4000_bytes_is_not_sealed() -> None:
    with pytest.raises(ValueError, match=r"4,000"):
        far.seal_line(far.new_secret(CountedTokens()), AT, PlainText("é" * 2000 + "a"), 0)


def test_a_line_with_any_byte_changed_does_not_open() -> None:
    secret = far.new_secret(CountedTokens())
    sealed = far.seal_line(secret, AT, TEXT, 0)

    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(far.LineBroken):
            far.open_line(secret, AT, bytes(changed))


@pytest.mark.parametrize("part", sorted(OTHER_ADDRESSES))
def test_a_line_does_not_open_at_another_address(part: str) -> None:
    secret = far.new_secret(CountedTokens())
    sealed = far.seal_line(secret, AT, TEXT, 0)

    with pytest.raises(far.LineBroken):
        far.open_line(secret, OTHER_ADDRESSES[part], sealed)


@pytest.mark.parametrize(
    "inside",
    [
        b"\x0f\xa1".ljust(4096, b"\0"),  # says 4,001 bytes
        (300).to_bytes(2, "big").ljust(256, b"\0"),  # says more than there is
        b"\0\x01".ljust(300, b"\0"),  # is padded to a length of its own
        (b"\0\x01" + b"\0" * 6 + b"\xff").ljust(256, b"\0"),  # is no UTF-8
        (b"\0\x01" + b"\0" * 6 + b"ab").ljust(256, b"\0"),  # says less than there is
    ],
)
def test_a_member_who_seals_nonsense_is_not_read(inside: bytes) -> None:
    secret = far.new_secret(CountedTokens())
    info = f"ll-msg|{CONTACT}|3|visitor|{AT.stream}".encode()
    key = HKDF(SHA256(), 32, salt=None, info=info).derive(secret.reveal())
    bound = f"ll-line|{CONTACT}|3|visitor|{AT.stream}|7|{AT.client_id}".encode()

    with pytest.raises(far.LineBroken):
        far.open_line(secret, AT, AESGCM(key).encrypt((7).to_bytes(12, "big"), inside, bound))


def test_no_key_and_nonce_meet_twice_over_a_thousand_reloads() -> None:
    tokens = CountedTokens()
    met = set()

    for _load in range(1000):
        stream = far.Stream(tokens)
        for _line in range(3):
            met.add((stream.id, stream.take()))

    assert len(met) == 3000


def test_the_counter_runs_on_over_key_periods() -> None:
    stream = far.Stream(CountedTokens())

    assert [stream.take() for _ in range(4)] == [0, 1, 2, 3]


def test_a_member_who_left_cannot_open_a_later_line() -> None:
    # Given: A had period 1; A left, B came, the page made period 2.
    tokens = CountedTokens()
    first, second = far.new_secret(tokens), far.new_secret(tokens)
    a, b = far.new_member_keys(), far.new_member_keys()
    box_a = far.seal_secret(first, a.public, far.key_info(CONTACT, 1, ["aa"]))
    box_b = far.seal_secret(second, b.public, far.key_info(CONTACT, 2, ["bb"]))
    later = far.seal_line(second, replace(AT, period=2), TEXT, 0)

    # When: A tries all that A holds, and B's box.
    held = far.open_secret(box_a, a, far.key_info(CONTACT, 1, ["aa"]))

    # Then.
    for period in (1, 2):
        with pytest.raises(far.LineBroken):
            far.open_line(held, replace(AT, period=period), later)
    with pytest.raises(far.BoxBroken):
        far.open_secret(box_b, a, far.key_info(CONTACT, 2, ["bb"]))


def test_a_successor_opens_every_line() -> None:
    # Given: a line of each period, and the page's boxes for B.
    tokens = CountedTokens()
    secrets = {period: far.new_secret(tokens) for period in (1, 2, 3)}
    lines = {
        period: far.seal_line(secret, replace(AT, period=period), PlainText(f"regel {period}"), 0)
        for period, secret in secrets.items()
    }
    b = far.new_member_keys()
    infos = {
        1: far.earlier_key_info(CONTACT, 1),
        2: far.earlier_key_info(CONTACT, 2),
        3: far.key_info(CONTACT, 3, ["bb"]),
    }
    boxes = {period: far.seal_secret(secrets[period], b.public, infos[period]) for period in infos}

    # When.
    held = {period: far.open_secret(box, b, infos[period]) for period, box in boxes.items()}
    read = [
        far.open_line(held[period], replace(AT, period=period), line).text.reveal()
        for period, line in lines.items()
    ]

    # Then.
    assert read == ["regel 1", "regel 2", "regel 3"]


def test_a_compressed_public_key_is_refused() -> None:
    # One key has one spelling: what the server signs is what the page seals to.
    public = far.new_member_keys().public
    compressed = bytes([2 + public[-1] % 2]) + public[1:33]

    with pytest.raises(ValueError, match="65 bytes"):
        far.seal_secret(far.new_secret(CountedTokens()), compressed, b"")


@pytest.mark.parametrize("raw", [b"", b"\x04" + b"\0" * 64, b"\x02" + b"\x01" * 32, b"\x04" * 66])
def test_a_public_key_that_is_no_point_is_refused(raw: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        far.seal_secret(far.new_secret(CountedTokens()), raw, b"")


def test_an_opened_line_does_not_show_its_words() -> None:
    assert TEXT.reveal() not in repr(far.OpenedLine(TEXT, 0))
