"""Where a visitor comes from is believed from a listed proxy only, and kept only as a pseudonym."""

from __future__ import annotations

from ipaddress import ip_network

import pytest
from aiohttp.test_utils import make_mocked_request

from luisterlijn.edge.visitors import Networks
from luisterlijn.edge.world import SystemClock, SystemTokens
from luisterlijn.privacy.pseudonyms import PseudonymKeys

PROXY = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.fixture
def keys() -> PseudonymKeys:
    return PseudonymKeys(SystemTokens())


def pseudonym(keys: PseudonymKeys, remote: str, told: str | None, *, proxies: bool = True) -> bytes:
    """Give what is kept of a request from `remote` that says it comes from `told`."""
    headers = {} if told is None else {"X-Forwarded-For": told}
    request = make_mocked_request("GET", "/", headers=headers).clone(remote=remote)
    return Networks(PROXY if proxies else (), keys, SystemClock()).of(request)


def test_a_network_is_one_pseudonym_and_another_network_is_another(keys: PseudonymKeys) -> None:
    here = pseudonym(keys, "192.0.2.1", None)

    assert here == pseudonym(keys, "192.0.2.250", None)
    assert here != pseudonym(keys, "192.0.3.1", None)
    assert b"192.0.2" not in here


@pytest.mark.parametrize("proxy", ["10.1.2.3", "fd00::1"])
def test_a_listed_proxys_last_word_is_believed(keys: PseudonymKeys, proxy: str) -> None:
    direct = pseudonym(keys, "192.0.2.1", None)

    assert pseudonym(keys, proxy, "203.0.113.9, 192.0.2.1") == direct


def test_a_header_from_elsewhere_is_not_believed(keys: PseudonymKeys) -> None:
    direct = pseudonym(keys, "198.51.100.7", None)

    assert pseudonym(keys, "198.51.100.7", "192.0.2.1") == direct
    assert pseudonym(keys, "198.51.100.7", "192.0.2.1", proxies=False) == direct


@pytest.mark.parametrize("told", ["", "unknown", "192.0.2.1, x", "192.0.2.1:80", "\x7f", ","])
def test_a_proxy_that_says_no_address_counts_itself(keys: PseudonymKeys, told: str) -> None:
    assert pseudonym(keys, "10.1.2.3", told) == pseudonym(keys, "10.1.2.3", None)


def test_another_nodes_key_gives_another_pseudonym(keys: PseudonymKeys) -> None:
    assert pseudonym(keys, "192.0.2.1", None) != pseudonym(
        PseudonymKeys(SystemTokens()), "192.0.2.1", None
    )
