"""Names for a day: who was limited can be recognised until tomorrow, and by nobody after that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING

from luisterlijn.privacy.redaction import Secret

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import TokenSource

KEY_LASTS = timedelta(hours=24)
"""A key names for this long, and is known for as long again to look up what it named."""
NETWORK_BITS_4 = 24
NETWORK_BITS_6 = 56
"""What a household or a school shares; a whole network may be delayed, never refused."""

_KEY_BYTES = 32
_PSEUDONYM_BYTES = 16


@dataclass(frozen=True, slots=True)
class _DayKey:
    key: Secret[bytes]
    since: datetime


class PseudonymKeys:
    """The key of today and that of yesterday, in memory only: a restart forgets everybody."""

    def __init__(self, tokens: TokenSource) -> None:
        """Start without a key; the first name asked for makes one."""
        self._tokens = tokens
        self._today: _DayKey | None = None
        self._yesterday: _DayKey | None = None

    def of(self, value: str, now: datetime) -> bytes:
        """Give today's name of the value, 16 bytes; write it nowhere but in memory."""
        return _name(self._turned(now), value)

    def former(self, value: str, now: datetime) -> bytes | None:
        """Give the name the value had under yesterday's key; None when that key is gone."""
        self._turned(now)
        return None if self._yesterday is None else _name(self._yesterday, value)

    def of_network(self, address: str, now: datetime) -> bytes:
        """Give today's name of the network that an address lies in.

        Many people share a network: this may only put somebody further back, never refuse.

        Raises:
            ValueError: the text is no address.
        """
        return self.of(network_of(address), now)

    def forget_old(self, now: datetime) -> None:
        """Drop the keys whose time is over, also when nobody asks for a name."""
        if self._today is not None:
            self._turned(now)

    def _turned(self, now: datetime) -> _DayKey:
        today, yesterday = self._today, self._yesterday
        if today is None or now >= today.since + KEY_LASTS:
            yesterday = today
            today = _DayKey(Secret(self._tokens.bytes(_KEY_BYTES)), now)
        if yesterday is not None and now >= yesterday.since + 2 * KEY_LASTS:
            yesterday = None
        self._today, self._yesterday = today, yesterday
        return today


def network_of(address: str) -> str:
    """Give the /24 (IPv4) or /56 (IPv6) that an address lies in.

    Raises:
        ValueError: the text is no address.
    """
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ip_network((int(parsed), NETWORK_BITS_6), strict=False))
        parsed = parsed.ipv4_mapped
    return str(ip_network(f"{parsed}/{NETWORK_BITS_4}", strict=False))


def _name(key: _DayKey, value: str) -> bytes:
    digest = blake2b(value.encode(), key=key.key.reveal(), digest_size=_PSEUDONYM_BYTES)
    return digest.digest()
