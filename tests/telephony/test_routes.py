"""Webhooks that are wrong: refused or ignored, never a fault, never silence for who waits."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from luisterlijn.telephony.loopback import signed
from tests.support.served import served
from tests.support.telephones import telephones

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.house import TestHouse
    from tests.support.served import Answer, Served
    from tests.support.telephones import Telephones

NOWHERE = "0" * 32
PATHS = (
    "/phone/incoming",
    "/phone/status",
    f"/phone/leg/{NOWHERE}",
    f"/phone/leg/{NOWHERE}/wait",
    f"/phone/leg/{NOWHERE}/keys",
    f"/phone/leg/{NOWHERE}/status",
    f"/phone/room/{NOWHERE}/status",
)
GOOD = {
    "CallSid": "CA" + "1" * 32,
    "CallStatus": "ringing",
    "From": "anonymous",
    "To": "+31850000000",
}


@pytest.fixture
async def node(built: TestHouse) -> AsyncIterator[Served]:
    """A node that serves."""
    async with served(built) as made:
        yield made


async def post(
    node: Served, path: str, form: dict[str, str], *, signature: str | None = None
) -> Answer:
    """Send a webhook, signed unless another signature is told."""
    demo = node.built.house.demo_telephone
    assert demo is not None
    base = node.built.house.settings.public_url
    right = signed(demo.token, base + path, form)
    headers = {"X-Twilio-Signature": right if signature is None else signature}
    return await node.ask("POST", path, host=node.public, data=form, headers=headers)


async def test_what_is_not_signed_is_refused_whatever_it_says(node: Served) -> None:
    for path in PATHS:
        for signature in ("", "AAAA", "x" * 5_000, signed(b"old token", path, GOOD)):
            answer = await post(node, path, GOOD, signature=signature)
            assert (answer.status, answer.code) == (403, "bad-signature")


async def test_a_signed_form_with_anything_in_it_is_no_fault(node: Served) -> None:
    changes = (
        {"CallSid": ""},
        {"CallSid": "x" * 500},
        {"CallSid": "é"},
        {"CallStatus": "no such status"},
        {"From": "", "To": ""},
        {"From": "x" * 5_000},
        {"From": "+31612345678\x00"},
        {"Digits": "٣"},
        {"Digits": "1" * 500},
        {"SequenceNumber": "-1"},
        {"SequenceNumber": "9" * 300},
        {"StatusCallbackEvent": "participant-join"},
    )
    for path, change in product(PATHS, changes):
        answer = await post(node, path, {**GOOD, **change})
        assert answer.status < 500, (change, answer.body)
        if answer.status == 200:
            assert ET.fromstring(answer.body).tag == "Response"  # noqa: S314 - our own


async def test_a_body_that_is_too_long_or_no_form_is_refused(node: Served) -> None:
    headers = {"X-Twilio-Signature": "AAAA", "Content-Type": "application/x-www-form-urlencoded"}
    for body, code in (
        (b"a=" + b"x" * 20_000, "message-too-long"),
        (b"\xff\xfe", "bad-signature"),
        (b"&".join(b"a%d=1" % each for each in range(200)), "bad-signature"),
        (b"CallSid=1&CallSid=2", "bad-signature"),
        (b"", "bad-signature"),
    ):
        answer = await node.ask(
            "POST", "/phone/incoming", host=node.public, data=body, headers=headers
        )
        assert answer.code == code


async def test_an_unknown_leg_hears_a_goodbye_and_no_silence(node: Served) -> None:
    answer = await post(node, f"/phone/leg/{NOWHERE}", GOOD)

    tags = [verb.tag for verb in ET.fromstring(answer.body)]  # noqa: S314 - our own
    assert tags == ["Play", "Pause", "Hangup"]


async def test_a_leg_is_told_nothing_under_another_calls_name(built: TestHouse) -> None:
    async with telephones(built) as phones:
        await phones.built.volunteer("anna", channels=("phone",))
        await phones.open()
        await phones.caller()
        await phones.go(25)
        path = next(path for path, _form, _status in phones.sent if path.endswith("/wait"))
        base = built.house.settings.public_url
        form = {**GOOD, "Digits": "8"}
        status, _body = await phones.exchange.deliver(base + path.replace("/wait", "/keys"), form)

    assert status == 404


async def test_without_the_database_who_waits_hears_words_and_new_callers_the_fallback(
    built: TestHouse,
) -> None:
    async with telephones(built) as phones:
        await phones.built.volunteer("anna", channels=("phone",))
        await phones.open()
        await phones.caller()
        await phones.go(25)
        path = next(path for path, _form, _status in phones.sent if path.endswith("/wait"))
        base = built.house.settings.public_url
        # Locked until past every time-out: as a database that does not answer.
        async with built.owner.transaction():
            await built.owner.execute("lock table leg in access exclusive mode")
            waits = await phones.exchange.deliver(base + path, GOOD)
        async with built.owner.transaction():
            await built.owner.execute("lock table leg in access exclusive mode")
            new = {**GOOD, "CallSid": "CA" + "2" * 32}
            comes = await phones.exchange.deliver(f"{base}/phone/incoming", new)

    assert waits[0] == 200
    assert b"stay.wav" in waits[1]
    assert comes[0] == 503


async def test_every_prompt_can_be_fetched_and_nothing_else(phones: Telephones) -> None:
    base = phones.built.house.settings.public_url
    async with phones.client.get(f"{base}/phone/prompts/nl/welcome.wav") as found:
        assert found.status == 200
        assert found.content_type == "audio/wav"
    for path in ("nl/welcome", "nl/../welcome.wav", "xx/nothing.wav", "nl/%00.wav"):
        async with phones.client.get(f"{base}/phone/prompts/{path}") as missing:
            assert missing.status == 404
