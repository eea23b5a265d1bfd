"""Only what Twilio signed with the token of now, for our own address, is believed."""

from __future__ import annotations

import hmac
from base64 import b64encode
from hashlib import sha1
from typing import TYPE_CHECKING

import aiohttp
import pytest
from aiohttp import web

from luisterlijn.edge.guard import PROVIDER, Call, Face, Routes, bind
from luisterlijn.edge.headers import Policies, middleware
from luisterlijn.telephony.twilio import TwilioProvider
from tests.support.twilio_api import BASE, TOKEN, settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from luisterlijn.kernel.errors import Code
    from luisterlijn.kernel.scope import Scope

PATH = "/phone/leg/00000000000000000000000000000005/keys"
FORM = {"CallSid": "CA" + "3" * 32, "Digits": "1", "From": "anonymous", "Empty": "", "é": "ü & +"}


def sign(token: str, url: str, form: Mapping[str, str]) -> str:
    """Sign as Twilio writes it down: the address, then each field and value in order of names."""
    text = url
    for name in sorted(form):
        text += name + form[name]
    return b64encode(hmac.digest(token.encode(), text.encode(), sha1)).decode()


@pytest.fixture
async def provider() -> AsyncIterator[TwilioProvider]:
    """The adapter, with the token of now."""
    made = TwilioProvider(settings(), BASE)
    yield made
    await made.close()


async def test_the_example_of_twilios_own_documentation_is_believed() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    known = "RSOYDt4T1cUTdK1PDd93/VVr8B8="
    path = "/myapp.php?foo=1&bar=2"
    provider = TwilioProvider(settings(auth_token="12345"), "https://mycompany.com")
    try:
        believed = provider.is_signed(path, form, known)
    finally:
        await provider.close()

    assert believed
    assert sign("12345", f"https://mycompany.com{path}", form) == known


async def test_a_signature_made_by_others_code_is_believed(provider: TwilioProvider) -> None:
    for path in (PATH, f"{PATH}?x=1&y=a%20b", "/phone/incoming"):
        assert provider.is_signed(path, FORM, sign(TOKEN, BASE + path, FORM))
        assert provider.is_signed(path, {}, sign(TOKEN, BASE + path, {}))


@pytest.mark.parametrize(
    ("path", "form", "signature"),
    [
        (PATH, FORM, ""),
        (PATH, FORM, "nonsense"),
        (PATH, FORM, "é" * 28),
        (PATH, FORM, sign("f" * 32, BASE + PATH, FORM)),
        (PATH, FORM, sign("", BASE + PATH, FORM)),
        (PATH, FORM, sign(TOKEN, "https://anderen.example" + PATH, FORM)),
        (PATH, FORM, sign(TOKEN, "http://lijn.example" + PATH, FORM)),
        (PATH, FORM, sign(TOKEN, BASE + "/phone/incoming", FORM)),
        (PATH, FORM | {"Digits": "2"}, sign(TOKEN, BASE + PATH, FORM)),
        (PATH, FORM | {"More": "1"}, sign(TOKEN, BASE + PATH, FORM)),
        (f"{PATH}?x=1", FORM, sign(TOKEN, BASE + PATH, FORM)),
        (PATH, FORM, sign(TOKEN, BASE + PATH, FORM)[:-1]),
    ],
)
async def test_anything_else_is_not_believed(
    provider: TwilioProvider, path: str, form: dict[str, str], signature: str
) -> None:
    assert not provider.is_signed(path, form, signature)


async def test_without_a_token_nothing_is_believed() -> None:
    provider = TwilioProvider(settings(auth_token=""), BASE)
    try:
        believed = provider.is_signed(PATH, FORM, sign("", BASE + PATH, FORM))
    finally:
        await provider.close()

    assert not believed


class NoSessions:
    """Nobody is signed in."""

    async def acting(self, _token: bytes) -> Scope | None:
        """Give nobody."""
        return None


@pytest.fixture
async def door(provider: TwilioProvider) -> AsyncIterator[tuple[str, list[Code]]]:
    """One webhook behind the guard; gives its address, and what was refused."""
    table, refused = Routes("door"), list["Code"]()

    @table.add("POST", "/phone/leg/{leg}/keys", may=PROVIDER, face=Face.PUBLIC, gives=dict)
    async def keys(call: Call[dict[str, str]]) -> dict[str, str]:
        """Give back what was sent."""
        return call.body

    origins = {Face.PUBLIC: BASE, Face.CONSOLE: "https://werk.example"}
    policies = Policies(public="", console="", https=False)
    app = web.Application(middlewares=[middleware(policies, origins, refused.append)])
    for route in table:
        app.router.add_routes([bind(route, NoSessions(), origins, signed=provider.is_signed)])
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", refused
    finally:
        await runner.cleanup()


async def post(url: str, signature: str | None, form: Mapping[str, str] = FORM) -> tuple[int, str]:
    """Send a webhook as it comes through a proxy; gives status and body."""
    headers = {"Host": "lijn.example"}
    if signature is not None:
        headers["X-Twilio-Signature"] = signature
    async with (
        aiohttp.ClientSession() as client,
        client.post(url + PATH, data=form, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


async def test_a_signed_webhook_comes_in_and_an_unsigned_one_is_forbidden_and_counted(
    door: tuple[str, list[Code]],
) -> None:
    url, refused = door
    good = sign(TOKEN, BASE + PATH, FORM)

    signed, body = await post(url, good)
    wrong = [
        await post(url, signature, form)
        for signature, form in (
            (None, FORM),
            ("", FORM),
            ("nonsense", FORM),
            (sign("d" * 32, BASE + PATH, FORM), FORM),
            (good, FORM | {"Digits": "2"}),
        )
    ]

    assert signed == 200
    assert "anonymous" in body
    assert {status for status, _body in wrong} == {403}
    assert {each.value for each in refused} == {"bad-signature"}
    assert len(refused) == len(wrong)


async def test_the_address_that_a_header_names_is_not_the_one_that_is_signed(
    door: tuple[str, list[Code]],
) -> None:
    url, _refused = door

    status, _body = await post(url, sign(TOKEN, url + PATH, FORM))

    assert status == 403
