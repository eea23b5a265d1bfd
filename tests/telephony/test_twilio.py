"""The Twilio adapter when its other side breaks: nobody is called twice, no call is given up."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import jwt
import pytest

from luisterlijn.kernel.errors import Outage
from luisterlijn.privacy.redaction import Secret
from luisterlijn.telephony.ports import (
    Browser,
    CallGone,
    CallId,
    NotErased,
    NotNow,
    NotPlaced,
    Number,
)
from luisterlijn.telephony.twilio import Pace, Patience, TwilioProvider
from tests.support.twilio_api import (
    ACCOUNT,
    BASE,
    CALL,
    CALM,
    CONFERENCE,
    KEY,
    LEG,
    NUMBER,
    QUICK,
    ROOM,
    Account,
    Answer,
    Api,
    Trouble,
    asking,
    call,
    error,
    ring,
    settings,
    twilio_api,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

UNKNOWN_NUMBER = error(400, 21211)
OTHER = CallId("CA" + "8" * 32)
ANOTHER_WAY = 400, {"type": "https://x", "title": "no", "status": 400, "code": 21211}
"""Newer parts of the API say no in the words of RFC 9457."""


@pytest.fixture
async def account() -> Account:
    """An account with nothing wrong."""
    return Account()


@pytest.fixture
async def api(account: Account) -> AsyncIterator[Api]:
    """Twilio's API on this account."""
    async with twilio_api(account) as made:
        yield made


@pytest.fixture
async def provider(api: Api) -> AsyncIterator[TwilioProvider]:
    """The adapter that asks it."""
    async with asking(api) as made:
        yield made


def patience(trouble: Answer | Trouble) -> Patience:
    """Give how long to wait for what comes after such a trouble."""
    return QUICK if trouble is Trouble.SILENCE else CALM


# Placing.


@pytest.mark.parametrize("trouble", [*Trouble, error(500), error(502), error(503, 20503)])
async def test_a_call_of_unknown_outcome_is_asked_for_once(
    api: Api, trouble: Answer | Trouble
) -> None:
    api.troubles.extend([trouble] * 5)

    async with asking(api, patience(trouble)) as provider:
        with pytest.raises(Outage):
            await provider.place(ring())

    assert api.paths == ["POST /Calls.json"]


@pytest.mark.parametrize(
    ("refusal", "raised"),
    [
        (error(429, 20429), NotNow),
        (UNKNOWN_NUMBER, NotPlaced),
        (ANOTHER_WAY, NotPlaced),
        (error(401, 20003), NotPlaced),
        (error(403, 21215), NotPlaced),
    ],
)
async def test_a_refused_call_says_whether_it_may_be_asked_for_again_and_is_asked_for_once(
    api: Api, provider: TwilioProvider, refusal: Answer, raised: type[Exception]
) -> None:
    api.troubles.extend([refusal] * 5)

    with pytest.raises(raised):
        await provider.place(ring())

    assert len(api.asked) == 1


async def test_a_placed_call_shows_our_number_and_asks_at_its_own_leg(
    api: Api, provider: TwilioProvider
) -> None:
    placed = await provider.place(ring())

    assert placed == CALL
    [asked] = api.asked
    assert asked.form == {
        "To": "+31612345678",
        "From": NUMBER,
        "Url": f"{BASE}/phone/leg/{LEG.hex}",
        "Method": "POST",
        "Timeout": "15",
        "StatusCallback": f"{BASE}/phone/leg/{LEG.hex}/status",
        "StatusCallbackMethod": "POST",
        "StatusCallbackEvent": "initiated ringing answered completed",
    }


async def test_only_a_call_that_lives_is_found(
    account: Account, api: Api, provider: TwilioProvider
) -> None:
    account.lists["calls"] = [call("completed"), call("queued", OTHER), call("ringing")]
    found = await provider.find(ring(Browser("abc")))
    account.lists["calls"] = [call("no-answer"), call("canceled")]

    assert found == OTHER
    assert await provider.find(ring()) is None
    assert [each.form["To"] for each in api.asked] == ["client:abc", "+31612345678"]


# Telling: twice does no harm, so that a no for now is tried again.


@pytest.mark.parametrize("trouble", [*Trouble, error(429, 20429), error(500), error(503)])
async def test_what_may_be_told_twice_is_told_again(api: Api, trouble: Answer | Trouble) -> None:
    api.troubles.extend([trouble, trouble])

    async with asking(api, patience(trouble)) as provider:
        await provider.refetch(CALL, LEG)

    assert api.paths == [f"POST /Calls/{CALL}.json"] * 3


async def test_a_provider_that_stays_away_is_an_outage_after_three_tries(
    api: Api, provider: TwilioProvider
) -> None:
    api.troubles.extend([error(503)] * 12)

    for asked in (
        provider.is_over(CALL),
        provider.refetch(CALL, LEG),
        provider.hold(ROOM, CALL, on=True, music="/m.wav"),
        provider.find(ring()),
    ):
        with pytest.raises(Outage):
            await asked

    assert len(api.asked) == 12


async def test_all_tries_together_have_an_end(api: Api) -> None:
    api.troubles.extend([Trouble.SILENCE] * 9)
    clock = asyncio.get_running_loop()
    began = clock.time()

    async with asking(api, Patience(asks_s=5, turn_s=1, all_s=0.2, pause_s=0.01)) as provider:
        with pytest.raises(Outage):
            await provider.hold(ROOM, CALL, on=True, music="/m.wav")

    assert clock.time() - began < 3


@pytest.mark.parametrize("refusal", [error(400, 21220), error(404, 20404)])
async def test_a_call_that_hung_up_is_gone_at_the_first_no(
    api: Api, provider: TwilioProvider, refusal: Answer
) -> None:
    api.troubles.append(refusal)
    with pytest.raises(CallGone):
        await provider.refetch(CALL, LEG)
    api.troubles.extend([refusal, refusal, refusal])

    await provider.end(CALL)
    await provider.erase(CALL)

    assert await provider.is_over(CALL)
    assert len(api.asked) == 4


@pytest.mark.parametrize("refusal", [error(401, 20003), error(403, 20008), error(400, 20001)])
async def test_a_key_that_is_refused_makes_no_call_gone(
    api: Api, provider: TwilioProvider, refusal: Answer
) -> None:
    api.troubles.extend([refusal] * 3)

    for asked in (provider.is_over(CALL), provider.refetch(CALL, LEG), provider.erase(CALL)):
        with pytest.raises(Outage):
            await asked

    assert len(api.asked) == 3


async def test_a_record_that_cannot_be_deleted_yet_says_so(
    api: Api, provider: TwilioProvider
) -> None:
    api.troubles.append(error(409, 20009))

    with pytest.raises(NotErased):
        await provider.erase(CALL)

    assert len(api.asked) == 1


# Conferences.


async def test_a_conference_is_looked_up_by_its_random_name_once(
    api: Api, provider: TwilioProvider
) -> None:
    await provider.hold(ROOM, CALL, on=True, music="/m.wav")
    await provider.stay(ROOM, CALL)
    await provider.announce(ROOM, "/s.wav")

    participant = f"POST /Conferences/{CONFERENCE}/Participants/{CALL}.json"
    assert api.paths == [
        *("GET /Conferences.json", participant, participant),
        f"POST /Conferences/{CONFERENCE}.json",
    ]
    assert api.asked[0].form["FriendlyName"] == ROOM.hex
    assert api.asked[1].form == {"Hold": "true", "HoldUrl": f"{BASE}/m.wav", "HoldMethod": "GET"}
    assert api.asked[2].form == {"EndConferenceOnExit": "false"}


async def test_a_new_conference_of_that_name_is_found_when_the_old_one_is_over(
    account: Account, api: Api, provider: TwilioProvider
) -> None:
    await provider.stay(ROOM, CALL)
    account.lists["conferences"] = [{"sid": "CF" + "7" * 32, "friendly_name": ROOM.hex}]
    api.troubles.append(error(404, 20404))

    await provider.stay(ROOM, CALL)
    account.lists["conferences"] = []
    api.troubles.append(error(404, 20404))
    with pytest.raises(CallGone):
        await provider.stay(ROOM, CALL)

    old, new = (f"POST /Conferences/CF{each * 32}/Participants/{CALL}.json" for each in "47")
    look = "GET /Conferences.json"
    assert api.paths == [look, old, old, look, new, new, look]


# Pace.


async def test_browsers_go_first_and_the_rest_in_the_order_they_came() -> None:
    pace, went = Pace(100), []

    async def go(name: str, *, browser: bool) -> None:
        await pace.turn(browser=browser)
        went.append(name)

    async with asyncio.TaskGroup() as group:
        for name in ("one", "two", "three"):
            group.create_task(go(name, browser=False))
        for name in ("browser", "browser 2"):
            group.create_task(go(name, browser=True))

    # The first was already under way when the browsers came.
    assert went == ["one", "browser", "browser 2", "two", "three"]


async def test_no_more_calls_are_placed_in_a_second_than_the_account_may(api: Api) -> None:
    clock = asyncio.get_running_loop()
    async with asking(api, calls_per_s=20) as provider, asyncio.TaskGroup() as group:
        began = clock.time()
        for _each in range(5):
            group.create_task(provider.place(ring()))

    assert clock.time() - began >= 4 / 20


async def test_who_waits_too_long_for_a_turn_is_not_called_and_leaves_the_row(api: Api) -> None:
    async with asking(
        api, Patience(asks_s=1, turn_s=0.05, all_s=2, pause_s=0.01), calls_per_s=1
    ) as provider:
        await provider.place(ring())
        for _each in range(3):
            with pytest.raises(NotNow):
                await provider.place(ring(Number(Secret("+31600000000"))))

    assert len(api.asked) == 1


# What leaves us.


async def test_the_region_is_named_and_no_setting_of_the_library_is_taken() -> None:
    provider = TwilioProvider(settings(), BASE)
    try:
        address = provider.client.get_hostname("https://api.twilio.com/2010-04-01/x")
        client = provider.client
    finally:
        await provider.close()

    assert address == "https://api.dublin.ie1.twilio.com/2010-04-01/x"
    assert (client.username, client.account_sid) == (KEY, ACCOUNT)
    assert logging.getLogger("twilio.async_http_client").getEffectiveLevel() == logging.WARNING


async def test_a_ticket_takes_calls_for_an_hour_and_makes_none(provider: TwilioProvider) -> None:
    ticket = provider.ticket("abc")

    said = jwt.decode(ticket.token, options={"verify_signature": False})
    assert said["grants"] == {"identity": "abc", "voice": {"incoming": {"allow": True}}}
    assert (said["iss"], said["sub"], said["exp"] - said["nbf"]) == (KEY, ACCOUNT, 3600)
    assert jwt.get_unverified_header(ticket.token)["twr"] == "ie1"
