"""Passwords and the second factor."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyotp import TOTP

from luisterlijn.privacy import passwords
from luisterlijn.privacy.redaction import Secret

from .conftest import NIGHT, CountedTokens

STEP = passwords.TOTP_STEP
# RFC 6238, appendix B: the SHA-1 secret, and its codes cut to six digits.
RFC_SECRET = Secret("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")
RFC_CODES = [
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
]


@pytest.fixture(scope="module")
def keeper() -> passwords.Passwords:
    return passwords.Passwords(CountedTokens("passwords"))


def counter(code: str, now: datetime, last_used: int | None = None) -> int | None:
    return passwords.totp_counter(RFC_SECRET, code, now, last_used)


def code_at(moment: datetime) -> str:
    return passwords.totp_code(RFC_SECRET, moment)


def test_the_right_password_fits_and_no_other(keeper: passwords.Passwords) -> None:
    stored = keeper.hash(Secret("vier rustige woorden"))

    assert keeper.matches(stored, Secret("vier rustige woorden"))
    assert not keeper.matches(stored, Secret("vier rustige woorden "))
    assert not keeper.matches(stored, Secret(""))
    assert not keeper.matches("no hash at all", Secret("vier rustige woorden"))


def test_the_figures_are_named_in_the_hash(keeper: passwords.Passwords) -> None:
    stored = keeper.hash(Secret("woord"))

    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not keeper.outdated(stored)
    assert keeper.outdated(stored.replace("m=19456", "m=8"))


def test_one_password_twice_does_not_look_the_same(keeper: passwords.Passwords) -> None:
    assert keeper.hash(Secret("woord")) != keeper.hash(Secret("woord"))


def test_an_accent_typed_in_another_way_fits(keeper: passwords.Passwords) -> None:
    assert keeper.matches(keeper.hash(Secret("caf\u00e9")), Secret("cafe\u0301"))


def test_half_a_sign_matches_nothing_and_breaks_nothing(keeper: passwords.Passwords) -> None:
    assert not keeper.matches(keeper.hash(Secret("woord")), Secret("\ud83d"))


def test_no_password_opens_an_account_that_is_not_there() -> None:
    # Not even the one that the stand-in hash was made of.
    stand_in = Secret(CountedTokens("stand-in").bytes(32).hex())
    keeper = passwords.Passwords(CountedTokens("stand-in"))

    assert not keeper.matches(None, stand_in)
    assert not keeper.matches(None, Secret(""))


def test_an_unknown_name_costs_the_same_work(keeper: passwords.Passwords) -> None:
    stored = keeper.hash(Secret("woord"))

    def work(of: str | None) -> float:
        # The least of five: what the machine did besides does not count.
        spent = []
        for _try in range(5):
            start = time.process_time()
            assert not keeper.matches(of, Secret("ander woord"))
            spent.append(time.process_time() - start)
        return min(spent)

    known, unknown = work(stored), work(None)

    # A refusal without work would be a thousand times quicker.
    assert known / 3 < unknown < known * 3


@pytest.mark.parametrize(("second", "code"), RFC_CODES)
def test_the_rfc_s_codes_fit(second: int, code: str) -> None:
    now = datetime.fromtimestamp(second, tz=NIGHT.tzinfo)

    assert counter(code, now) == second // 30
    assert passwords.totp_code(RFC_SECRET, now) == code


def test_a_code_is_good_once() -> None:
    code = code_at(NIGHT)
    used = counter(code, NIGHT)

    assert used is not None
    assert counter(code, NIGHT, used) is None
    assert counter(code, NIGHT + STEP, used) is None
    assert counter(code_at(NIGHT + STEP), NIGHT + STEP, used) == used + 1


def test_an_older_code_is_not_good_after_a_newer_one() -> None:
    used = counter(code_at(NIGHT), NIGHT)

    assert counter(code_at(NIGHT - STEP), NIGHT) is not None
    assert counter(code_at(NIGHT - STEP), NIGHT, used) is None


@pytest.mark.parametrize(
    ("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_telephone_s_clock_may_be_one_step_off(steps: int, fits: bool) -> None:  # noqa: FBT001
    code = code_at(NIGHT + steps * STEP)

    assert (counter(code, NIGHT) is not None) == fits


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12a456", "-12345", "٠١٢٣٤٥", "½23456"])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert counter(typed, NIGHT) is None


def test_spaces_in_a_code_do_not_count() -> None:
    code = code_at(NIGHT)

    assert counter(f" {code[:3]} {code[3:]} ", NIGHT) is not None


@given(seconds=st.integers(0, 10**9))
@settings(max_examples=100, deadline=None)
def test_an_authenticator_app_shows_the_code_that_fits(seconds: int) -> None:
    secret = passwords.new_totp_secret(CountedTokens(str(seconds)))
    now = NIGHT + timedelta(seconds=seconds)

    shown = TOTP(secret.reveal()).at(now)

    assert passwords.totp_counter(secret, shown, now, None) is not None
    assert passwords.totp_code(secret, now) == shown


def test_the_second_factor_s_secret_is_160_random_bits_and_never_printed() -> None:
    secret = passwords.new_totp_secret(CountedTokens())
    uri = passwords.totp_uri(secret, name="vrijwilliger", issuer="Luisterlijn")

    assert len(secret.reveal()) == 32
    assert secret.reveal() in uri.reveal()
    assert secret.reveal() not in f"{secret!r} {uri} {uri!r}"
