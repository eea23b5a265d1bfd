"""Names for a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from luisterlijn.privacy.pseudonyms import KEY_LASTS, PseudonymKeys, network_of

from .conftest import NIGHT, CountedTokens

NUMBER = "+31612345678"
SECOND = timedelta(seconds=1)


def test_a_value_has_one_name_for_a_day(tokens: CountedTokens) -> None:
    keys = PseudonymKeys(tokens)

    name = keys.of(NUMBER, NIGHT)

    assert keys.of(NUMBER, NIGHT + KEY_LASTS - SECOND) == name
    assert keys.of("+31612345679", NIGHT) != name
    assert len(name) == 16
    assert keys.of(NUMBER, NIGHT + KEY_LASTS) != name


def test_yesterday_s_name_can_be_looked_up_for_a_day_more(tokens: CountedTokens) -> None:
    keys = PseudonymKeys(tokens)
    name = keys.of(NUMBER, NIGHT)

    assert keys.former(NUMBER, NIGHT) is None
    assert keys.former(NUMBER, NIGHT + KEY_LASTS) == name
    assert keys.former(NUMBER, NIGHT + 2 * KEY_LASTS - SECOND) == name
    assert keys.former(NUMBER, NIGHT + 2 * KEY_LASTS) != name


class WatchedTokens(CountedTokens):
    """Chance that remembers how much was asked of it."""

    asked: tuple[int, ...] = ()

    def bytes(self, size: int) -> bytes:
        """Give the next bytes."""
        self.asked = (*self.asked, size)
        return super().bytes(size)


def test_after_48_hours_nobody_is_known_though_nobody_was_named_since(
    tokens: CountedTokens,
) -> None:
    keys = PseudonymKeys(tokens)
    name = keys.of(NUMBER, NIGHT)
    later = NIGHT + 2 * KEY_LASTS

    keys.forget_old(later)

    assert keys.former(NUMBER, later) is None
    assert keys.of(NUMBER, later) != name


def test_a_restart_forgets_everybody(tokens: CountedTokens) -> None:
    before = PseudonymKeys(tokens).of(NUMBER, NIGHT)

    assert PseudonymKeys(tokens).of(NUMBER, NIGHT) != before


def test_the_key_turns_though_nobody_asks_for_a_name() -> None:
    watched = WatchedTokens()
    keys = PseudonymKeys(watched)
    keys.forget_old(NIGHT)
    keys.of(NUMBER, NIGHT)

    keys.forget_old(NIGHT + KEY_LASTS)

    assert watched.asked == (32, 32)


def test_a_name_comes_from_256_random_bits() -> None:
    watched = WatchedTokens()
    PseudonymKeys(watched).of(NUMBER, NIGHT)

    assert watched.asked == (32,)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.77", "192.0.2.0/24"),
        ("2001:db8:1:2345::9", "2001:db8:1:2300::/56"),
        ("::ffff:192.0.2.77", "192.0.2.0/24"),
        ("fe80::1%eth0", "fe80::/56"),
    ],
)
def test_a_network_is_what_a_household_or_school_shares(address: str, network: str) -> None:
    assert network_of(address) == network


def test_neighbours_in_a_network_share_a_name(tokens: CountedTokens) -> None:
    keys = PseudonymKeys(tokens)

    one, two = keys.of_network("192.0.2.1", NIGHT), keys.of_network("192.0.2.2", NIGHT)

    assert one == two != keys.of_network("192.0.3.1", NIGHT)


def test_what_is_no_address_is_refused(tokens: CountedTokens) -> None:
    with pytest.raises(ValueError, match=r"."):
        PseudonymKeys(tokens).of_network("unknown", NIGHT)
