"""Where a visitor comes from: known for one request, kept only as a dying pseudonym."""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipaddress import IPv4Network, IPv6Network

    from aiohttp import web

    from luisterlijn.kernel.clock import Clock
    from luisterlijn.privacy.pseudonyms import PseudonymKeys


class Networks:
    """Gives a pseudonym of the visitor's network, to slow a flood. The address is dropped."""

    def __init__(
        self,
        proxies: tuple[IPv4Network | IPv6Network, ...],
        pseudonyms: PseudonymKeys,
        clock: Clock,
    ) -> None:
        """Believe `X-Forwarded-For` of these proxies only, and only its last word."""
        self._proxies = proxies
        self._pseudonyms = pseudonyms
        self._clock = clock

    def of(self, request: web.Request) -> bytes:
        """Give the pseudonym of the /24 or /56 that the request comes from."""
        address = request.remote or "0.0.0.0"  # noqa: S104 - none known
        if self._proxies and any(ip_address(address) in each for each in self._proxies):
            told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
            address = told if _is_address(told) else address
        return self._pseudonyms.of_network(address, self._clock.now())


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
