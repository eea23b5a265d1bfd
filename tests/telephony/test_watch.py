"""The account at the provider is looked at whole: each thing that breaks a promise has a name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.telephony.watch import LOOKS, MILD
from tests.support.twilio_api import (
    BASE,
    FALLBACK,
    KEY,
    NUMBER,
    Account,
    Trouble,
    asking,
    twilio_api,
)

if TYPE_CHECKING:
    from collections.abc import Callable


async def found(account: Account, **changed: Any) -> dict[str, bool]:
    """Look at an account; gives each code, and whether it is grave."""
    async with twilio_api(account) as api, asking(api, **changed) as provider:
        findings = await provider.findings()
        assert {each.method for each in api.asked} == {"GET"}
    return {each.code: each.grave for each in findings}


async def test_an_account_with_nothing_wrong_has_no_finding_and_is_only_looked_at() -> None:
    assert await found(Account()) == {}


def lists(name: str, *rows: dict[str, Any]) -> Callable[[Account], None]:
    return lambda account: account.lists.update({name: list(rows)})


def used(*categories: str) -> Callable[[Account], None]:
    return lists("usage_records", *({"category": each, "count": "1"} for each in categories))


def number(**changed: object) -> Callable[[Account], None]:
    return lists("incoming_phone_numbers", Account.number(**changed))


def sets(name: str, value: object) -> Callable[[Account], None]:
    return lambda account: setattr(account, name, value)


WRONG: list[tuple[Callable[[Account], None], str, bool]] = [
    (lists("recordings", {"sid": "RE" + "1" * 32}), "recordings", True),
    (used("calls", "calls-recordings"), "recordings", True),
    (lists("transcriptions", {"sid": "TR" + "1" * 32}), "transcripts", True),
    (used("transcriptions"), "transcripts", True),
    (used("calls-media-stream-minutes"), "streams", True),
    (sets("sinks", [{"sid": "DG" + "1" * 32}]), "event-sinks", True),
    (lists("keys", {"sid": KEY}, {"sid": "SK" + "9" * 32}), "unknown-key", True),
    (lists("incoming_phone_numbers"), "number-missing", True),
    (number(phone_number=f"{NUMBER}1"), "number-missing", True),
    (number(voice_url="https://anderen.example/phone/incoming"), "voice-url", True),
    (number(voice_url=f"{BASE}/phone/incoming?x=1"), "voice-url", True),
    (number(voice_method="GET"), "voice-url", True),
    (number(voice_application_sid="AP" + "1" * 32), "voice-url", True),
    (number(trunk_sid="TK" + "1" * 32), "voice-url", True),
    (number(voice_fallback_url=""), "fallback-url", True),
    (number(voice_fallback_url=FALLBACK, voice_fallback_method="POST"), "fallback-url", True),
    (number(status_callback=""), "status-url", False),
    (number(status_callback_method="GET"), "status-url", False),
    (sets("region", "us1"), "region", True),
    (sets("balance", "49.99"), "low-balance", False),
    (sets("balance", "0"), "no-balance", True),
    (sets("balance", "-3.20"), "no-balance", True),
    (sets("balance", "much"), "unseen-balance", False),
]


@pytest.mark.parametrize(("change", "code", "grave"), WRONG)
async def test_each_wrong_thing_is_named_and_nothing_else_is(
    change: Callable[[Account], None], code: str, *, grave: bool
) -> None:
    account = Account()
    change(account)

    assert await found(account) == {code: grave}


async def test_use_of_nothing_is_no_finding() -> None:
    account = Account()
    rows: list[dict[str, Any]] = [
        {"category": "calls-recordings", "count": "0"},
        {"category": "x", "count": None},
    ]
    account.lists["usage_records"] = rows

    assert await found(account) == {}


@pytest.mark.parametrize(
    ("where", "code"),
    [
        ("/Recordings", "unseen-recordings"),
        ("/Transcriptions", "unseen-transcripts"),
        ("/Usage", "unseen-usage"),
        ("/Sinks", "unseen-sinks"),
        ("/Keys", "unseen-keys"),
        ("/IncomingPhoneNumbers", "unseen-numbers"),
        ("/v2/", "unseen-region"),
        ("/Balance", "unseen-balance"),
    ],
)
async def test_what_the_key_may_not_see_is_a_finding_and_the_rest_is_still_seen(
    where: str, code: str
) -> None:
    account = Account()
    account.refused = {where}
    account.lists["keys"].append({"sid": "SK" + "9" * 32})

    expected = {code: code not in MILD}
    if where != "/Keys":
        expected["unknown-key"] = True
    assert await found(account) == expected
    assert code.removeprefix("unseen-") in LOOKS


async def test_a_key_of_another_region_and_a_provider_that_is_away_are_told_apart() -> None:
    account = Account()
    account.refused = {"/"}
    refused = await found(account)
    async with twilio_api(Account()) as api, asking(api) as provider:
        api.troubles.extend([Trouble.BREAKS_OFF] * 100)
        away = await provider.findings()

    assert refused == {"key-refused": True}
    assert [(each.code, each.grave) for each in away] == [("away", True)]


async def test_every_number_of_the_line_is_looked_at() -> None:
    account = Account()
    second = "+31880000000"
    numbers = {NUMBER: "welcome", second: "welcome-utrecht"}
    account.lists["incoming_phone_numbers"] += [Account.number(phone_number=second, voice_url="")]

    assert await found(account, numbers=numbers) == {"voice-url": True}
