"""The server's signature under a member's key: so a page seals only to whom the line let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from luisterlijn.privacy.endtoend import public_bytes, public_key_from

if TYPE_CHECKING:
    from luisterlijn.privacy.endtoend import Vouched
    from luisterlijn.privacy.keyring import Keyring

_SCALAR_BYTES = 32


class Voucher:
    """Signs members. Its key lies in the key folder: a page that has it outlives a restart."""

    def __init__(self, keyring: Keyring) -> None:
        """Take the signing key from the key folder, or make it at the very first start."""
        fresh = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
        kept = keyring.lasting("voucher", fresh.to_bytes(_SCALAR_BYTES, "big"))
        self._private = ec.derive_private_key(int.from_bytes(kept.reveal(), "big"), ec.SECP256R1())
        self.public = public_bytes(self._private.public_key())

    def vouch(self, vouched: Vouched) -> bytes:
        """Sign for a member: r ‖ s, 64 bytes.

        Raises:
            ValueError: the member's public key is no point of P-256.
        """
        public_key_from(vouched.public_key)
        encoded = self._private.sign(vouched.statement(), ec.ECDSA(SHA256()))
        r, s = decode_dss_signature(encoded)
        return r.to_bytes(_SCALAR_BYTES, "big") + s.to_bytes(_SCALAR_BYTES, "big")
