"""What an account's owner knows (a password) and has (a second factor)."""

from __future__ import annotations

import unicodedata
from base64 import b32encode
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import TYPE_CHECKING

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from pyotp import HOTP, TOTP

from luisterlijn.privacy.redaction import Secret

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import TokenSource

MEMORY_KIB = 19 * 1024
ROUNDS = 2
LANES = 1
"""OWASP's floor for argon2id: 19 MiB, 2 rounds, 1 lane; about 20 ms of one core."""
TOTP_STEP = timedelta(seconds=30)
TOTP_DIGITS = 6
TOTP_DRIFT_STEPS = 1
"""A telephone's clock may be this many steps off."""

_SALT_BYTES = 16
_TOTP_SECRET_BYTES = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Passwords:
    """Hashes and compares passwords; takes a noticeable time, so it belongs in a thread."""

    def __init__(self, tokens: TokenSource) -> None:
        """Make a hash that no password has, for the names that nobody has."""
        self._tokens = tokens
        self._hasher = PasswordHasher(
            time_cost=ROUNDS,
            memory_cost=MEMORY_KIB,
            parallelism=LANES,
            salt_len=_SALT_BYTES,
            type=Type.ID,
        )
        self._nobody = self.hash(Secret(tokens.bytes(32).hex()))

    def hash(self, password: Secret[str]) -> str:
        """Give what is stored of a password."""
        return self._hasher.hash(_normal(password), salt=self._tokens.bytes(_SALT_BYTES))

    def matches(self, stored: str | None, password: Secret[str]) -> bool:
        """Say whether the password is the stored one.

        `stored` None: there is no such account. The answer is no, and takes as long.
        """
        try:
            self._hasher.verify(self._nobody if stored is None else stored, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    def outdated(self, stored: str) -> bool:
        """Say whether the hash was made with other figures than today's, and is to be renewed."""
        return self._hasher.check_needs_rehash(stored)


def new_totp_secret(tokens: TokenSource) -> Secret[str]:
    """Make a second factor's secret: 160 random bits in 32 signs of base 32."""
    return Secret(b32encode(tokens.bytes(_TOTP_SECRET_BYTES)).decode())


def totp_uri(secret: Secret[str], *, name: str, issuer: str) -> Secret[str]:
    """Give what an authenticator app reads from a QR code."""
    return Secret(TOTP(secret.reveal()).provisioning_uri(name=name, issuer_name=issuer))


def totp_code(secret: Secret[str], now: datetime) -> str:
    """Give the code of the moment: for a demo's sign-in page and for simulated people."""
    return HOTP(secret.reveal(), digits=TOTP_DIGITS).at(_step(now))


def totp_counter(
    secret: Secret[str], code: str, now: datetime, last_used: int | None
) -> int | None:
    """Give the step that a code belongs to, or None when the code is refused.

    Args:
        secret: the account's secret.
        code: what was typed; spaces in it do not count.
        now: the moment.
        last_used: the step given at the last sign-in; a code is good once, and no older one is
            good after it. The caller stores the new step in the transaction that signs in, under
            the condition that the stored one is still lower.
    """
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit() and len(typed) == TOTP_DIGITS):
        return None
    codes = HOTP(secret.reveal(), digits=TOTP_DIGITS)
    middle = _step(now)
    found: int | None = None
    for step in range(middle - TOTP_DRIFT_STEPS, middle + TOTP_DRIFT_STEPS + 1):
        fresh = last_used is None or step > last_used
        if compare_digest(codes.at(step), typed) and fresh:
            found = step
    return found


def _step(moment: datetime) -> int:
    return (moment - _EPOCH) // TOTP_STEP


def _normal(password: Secret[str]) -> bytes:
    # One letter can be typed in two ways (é as one sign or as e and an accent): both must fit.
    normal = unicodedata.normalize("NFKC", password.reveal())
    # Half a surrogate pair is no text, but no fault of ours either: it matches nothing.
    return normal.encode(errors="surrogatepass")
