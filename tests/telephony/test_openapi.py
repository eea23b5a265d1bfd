"""Every request of the adapter is one that Twilio describes, with no field that it would drop."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from openapi_core.exceptions import OpenAPIError

from tests.support.openapi import check, check_answer, check_question
from tests.support.twilio_api import ACCOUNT, CALL, NUMBER, Account, asking, everything, twilio_api

HEAD = f"/2010-04-01/Accounts/{ACCOUNT}"
PLACE: dict[str, str] = {"To": "client:abc", "From": NUMBER, "Url": "https://lijn.example/x"}


async def test_all_that_the_adapter_asks_is_described() -> None:
    # The API checks each question as it comes in, and fails this test for one it does not know.
    async with twilio_api(Account()) as api, asking(api) as provider:
        await everything(provider)

    changed = {path.split("/")[1].split(".")[0] for path in api.paths if path[:3] != "GET"}
    assert len(api.asked) >= 18
    assert changed == {"Calls", "Conferences"}


async def asks_for_a_colour() -> None:
    """Ask for what Twilio would leave out without a word."""
    async with twilio_api(Account()) as api, aiohttp.ClientSession(api.address) as client:
        await client.post(f"{HEAD}/Calls.json", data={**PLACE, "Colour": "red"})


async def test_a_question_that_is_not_described_fails_the_test_that_asks_it() -> None:
    with pytest.raises(AssertionError, match="Colour"):
        await asks_for_a_colour()


@pytest.mark.parametrize(
    ("method", "path", "form"),
    [
        ("POST", f"{HEAD}/Calls.json", {**PLACE, "Colour": "red"}),
        ("POST", f"{HEAD}/Calls.json", {"From": NUMBER, "Url": "https://lijn.example/x"}),
        ("POST", f"{HEAD}/Calls.json", {**PLACE, "Timeout": "soon"}),
        ("GET", f"{HEAD}/Calls.json", {"Too": "client:abc"}),
        ("PUT", f"{HEAD}/Calls.json", {}),
        ("POST", f"{HEAD}/Callers.json", PLACE),
        ("GET", "/2010-04-01/Accounts/me/Calls.json", {}),
    ],
)
def test_a_wrong_question_is_found(method: str, path: str, form: dict[str, str]) -> None:
    with pytest.raises((AssertionError, OpenAPIError)):
        check_question(method, path, form)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (201, {"sid": "CA1", "status": "queued"}),
        (201, {"sid": CALL, "status": "dreaming"}),
        (201, {"sid": CALL, "status": "queued", "mood": "blue"}),
        (200, {"sid": CALL, "status": "queued"}),
        (404, {"code": 20404, "message": "no"}),
        (404, {"code": 20404, "message": "no", "more_info": "x", "status": 400}),
    ],
)
def test_a_wrong_answer_is_found(status: int, body: dict[str, Any]) -> None:
    check("POST", f"{HEAD}/Calls.json", PLACE, 201, {"sid": CALL, "status": "queued"})
    with pytest.raises((AssertionError, OpenAPIError, KeyError)):
        check_answer("POST", f"{HEAD}/Calls.json", PLACE, status, body)
