"""The far end of a chat's encryption: what the page and the console do in the browser, in Python.

The server never uses it on a caller's words; simulated people and tests do. Secrets of a key
period travel by HPKE (RFC 9180), lines by AES-256-GCM under a key per period, role and stream.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique
from hashlib import sha256
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from luisterlijn.privacy.redaction import PlainText, Secret

if TYPE_CHECKING:
    from collections.abc import Collection

    from luisterlijn.kernel.ids import TokenSource

SECRET_BYTES = 32
PUBLIC_KEY_BYTES = 65
"""An uncompressed point of P-256."""
SIGNATURE_BYTES = 64
BOX_BYTES = PUBLIC_KEY_BYTES + SECRET_BYTES + 16
MAX_TEXT_BYTES = 4000
PADDED_BYTES = (256, 1024, 4096)
SEALED_BYTES = tuple(size + 16 for size in PADDED_BYTES)

_COORDINATE_BYTES = 32
_NONCE_BYTES = 12
_LENGTH_BYTES = 2
_TIME_BYTES = 6
_SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)


class BoxBroken(Exception):
    """A sealed secret is not for this member, contact or period, or was changed."""


class LineBroken(Exception):
    """A line does not open at this address with this secret, or is no line inside."""


@unique
class Side(StrEnum):
    """Whose line it is; the word on the wire is `role`."""

    VISITOR = "visitor"
    VOLUNTEER = "volunteer"


@dataclass(frozen=True, slots=True)
class MemberKeys:
    """The key pair of one console for one sign-in. `public` is 65 bytes, as on the wire."""

    private: Secret[ec.EllipticCurvePrivateKey]
    public: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """What the server signs of a member. Ids as on the wire, `until_at` in ms since 1970.

    `role`: volunteer for who has the chat, and may read all of it. Any other reads along:
    `reads_from` is the first key period whose secret they may have.
    """

    contact: str
    epoch: int
    member: str
    public_key: bytes
    until_at: int
    role: str = Side.VOLUNTEER
    reads_from: int = 1

    def may_have(self, period: int) -> bool:
        """Say whether a page may seal the secret of this period to the member."""
        return self.role == Side.VOLUNTEER or period >= self.reads_from

    def statement(self) -> bytes:
        """Give the bytes that are signed: another word in front for who reads along.

        So no change of a row makes an unseen volunteer of a reader.
        """
        reads = self.role != Side.VOLUNTEER
        kind = f"ll-reader|{self.role}|{self.reads_from}" if reads else "ll-member"
        return (
            f"{kind}|{self.contact}|{self.epoch}|{self.member}"
            f"|{self.public_key.hex()}|{self.until_at}"
        ).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAddress:
    """Where a line stands; bound to its ciphertext. Ids as on the wire."""

    contact: str
    period: int
    side: Side
    stream: str
    counter: int
    client_id: str


@dataclass(frozen=True, slots=True)
class OpenedLine:
    """What was said, and when by the clock of who said it (ms since 1970)."""

    text: PlainText
    said_at: int


class Stream:
    """Numbers the lines of one load of a page or console; no number is given twice."""

    def __init__(self, tokens: TokenSource) -> None:
        """Draw the stream's id: 128 random bits."""
        self.id = tokens.bytes(16).hex()
        self._next = 0

    def take(self) -> int:
        """Give the next counter, from 0; it runs on over key periods."""
        counter = self._next
        self._next += 1
        return counter


def new_member_keys() -> MemberKeys:
    """Make a key pair (the library draws it: its interface takes no chance from outside)."""
    private = ec.generate_private_key(ec.SECP256R1())
    return MemberKeys(Secret(private), public_bytes(private.public_key()))


def new_secret(tokens: TokenSource) -> Secret[bytes]:
    """Draw the secret of a new key period."""
    return Secret(tokens.bytes(SECRET_BYTES))


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """Give a public key as on the wire: an uncompressed point."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def public_key_from(raw: bytes) -> ec.EllipticCurvePublicKey:
    """Read a public key from the wire.

    Raises:
        ValueError: not 65 bytes, or not a point of P-256.
    """
    if len(raw) != PUBLIC_KEY_BYTES:
        raise ValueError("a public key is an uncompressed point of 65 bytes")
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)


def verify_member(signer: bytes, vouched: Vouched, signature: bytes) -> bool:
    """Say whether the server vouched for exactly this; the caller compares `until_at` itself."""
    if len(signature) != SIGNATURE_BYTES:
        return False
    r, s = signature[:_COORDINATE_BYTES], signature[_COORDINATE_BYTES:]
    encoded = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
    try:
        public_key_from(signer).verify(encoded, vouched.statement(), ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def key_info(contact: str, period: int, members: Collection[str]) -> bytes:
    """Give the HPKE info of a period's secret sealed while `members` were the members."""
    listed = sha256(",".join(sorted(members)).encode()).hexdigest()
    return f"ll-key|{contact}|{period}|{listed}".encode()


def earlier_key_info(contact: str, period: int) -> bytes:
    """Give the HPKE info of an earlier period's secret, sealed later to a successor."""
    return f"ll-key|{contact}|{period}|-".encode()


def seal_secret(secret: Secret[bytes], public_key: bytes, info: bytes) -> bytes:
    """Seal a period's secret to one member: enc ‖ ciphertext, 113 bytes.

    Raises:
        ValueError: the public key is none.
    """
    return _SUITE.encrypt(secret.reveal(), public_key_from(public_key), info)


def open_secret(box: bytes, keys: MemberKeys, info: bytes) -> Secret[bytes]:
    """Open a sealed secret.

    Raises:
        BoxBroken: it is for somebody or something else, or was changed.
    """
    try:
        return Secret(_SUITE.decrypt(box, keys.private.reveal(), info))
    except (InvalidTag, ValueError):
        raise BoxBroken("does not open") from None


def seal_line(secret: Secret[bytes], address: LineAddress, text: PlainText, said_at: int) -> bytes:
    """Encrypt a line: 272, 1,040 or 4,112 bytes, whatever it says.

    Raises:
        ValueError: the text is over 4,000 bytes of UTF-8.
    """
    words = text.reveal().encode()
    if len(words) > MAX_TEXT_BYTES:
        raise ValueError("a line is at most 4,000 bytes")
    head = len(words).to_bytes(_LENGTH_BYTES, "big") + said_at.to_bytes(_TIME_BYTES, "big")
    size = next(size for size in PADDED_BYTES if size >= len(head) + len(words))
    padded = (head + words).ljust(size, b"\0")
    return _cipher(secret, address).encrypt(_nonce(address), padded, _bound(address))


def open_line(secret: Secret[bytes], address: LineAddress, sealed: bytes) -> OpenedLine:
    """Decrypt a line.

    Raises:
        LineBroken: another secret or address, changed, or no line inside.
    """
    if len(sealed) not in SEALED_BYTES:
        raise LineBroken("no line has this length")
    try:
        padded = _cipher(secret, address).decrypt(_nonce(address), sealed, _bound(address))
    except InvalidTag:
        raise LineBroken("does not open here") from None
    start = _LENGTH_BYTES + _TIME_BYTES
    end = start + int.from_bytes(padded[:_LENGTH_BYTES], "big")
    if end > start + MAX_TEXT_BYTES or end > len(padded) or any(padded[end:]):
        raise LineBroken("no line inside")
    try:
        text = padded[start:end].decode()
    except UnicodeDecodeError:
        raise LineBroken("no text inside") from None
    return OpenedLine(PlainText(text), int.from_bytes(padded[_LENGTH_BYTES:start], "big"))


def _cipher(secret: Secret[bytes], at: LineAddress) -> AESGCM:
    info = f"ll-msg|{at.contact}|{at.period}|{at.side}|{at.stream}".encode()
    return AESGCM(HKDF(SHA256(), SECRET_BYTES, salt=None, info=info).derive(secret.reveal()))


def _nonce(at: LineAddress) -> bytes:
    return at.counter.to_bytes(_NONCE_BYTES, "big")


def _bound(at: LineAddress) -> bytes:
    return (
        f"ll-line|{at.contact}|{at.period}|{at.side}|{at.stream}|{at.counter}|{at.client_id}"
    ).encode()
