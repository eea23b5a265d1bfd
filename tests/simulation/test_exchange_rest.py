"""The exchange answers our questions in the provider's words, as its own description has them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.simulation.exchange import Exchange
from luisterlijn.simulation.exchange_rest import ERASABLE_S, answer
from tests.support.openapi import check
from tests.support.switchboard import (
    ACCOUNT,
    ANNA,
    BASE,
    JO,
    NUMBER,
    Line,
    exchange_to,
    heard,
    meet,
    play,
)

if TYPE_CHECKING:
    from luisterlijn.simulation.exchange_parts import Leg

PLACE = {"To": ANNA, "From": NUMBER, "Url": f"{BASE}/placed", "Timeout": "15"}


@dataclass(slots=True)
class Api:
    """The exchange's own API; each question and answer is held against the description."""

    line: Line = field(default_factory=Line)
    exchange: Exchange = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nobody calling."""
        self.exchange = exchange_to(self.line)

    def ask(self, method: str, path: str, **form: str) -> tuple[int, dict[str, Any]]:
        """Ask one thing."""
        status, body = answer(self.exchange, method, path, form)
        check(method, f"/2010-04-01/Accounts/{ACCOUNT}{path}.json", form, status, body)
        return status, body

    def code(self, method: str, path: str, **form: str) -> int:
        """Give the provider's number of a refusal."""
        status, body = self.ask(method, path, **form)
        assert status >= 400, body
        return int(body["code"])

    async def caller(self, script: str) -> Leg:
        """Let Jo call and hear this."""
        self.line.scripts["/incoming"] = script
        leg = self.exchange.call_in(JO)
        await self.exchange.run_until(self.exchange.now)
        return leg


@pytest.fixture
def api() -> Api:
    return Api()


async def test_a_placed_call_begins_queued_and_rings_soon(api: Api) -> None:
    status, body = api.ask("POST", "/Calls", **PLACE, StatusCallback=f"{BASE}/news")
    begun = body["status"]
    await api.exchange.run_until(1)
    _status, later = api.ask("GET", f"/Calls/{body['sid']}")

    assert (status, begun, later["status"]) == (201, "queued", "ringing")
    assert (later["to"], later["from"]) == (ANNA, NUMBER)
    assert api.line.told("/news", "CallSid") == [body["sid"]] * 2


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"To": "0612345678"}, 21211),
        ({"To": "client:"}, 21211),
        ({"To": "client:a b"}, 21211),
        ({"From": "+31850000001"}, 21210),
    ],
)
def test_nobody_is_rung_for_a_wrong_number_or_in_anothers_name(
    api: Api, changed: dict[str, str], code: int
) -> None:
    assert api.code("POST", "/Calls", **{**PLACE, **changed}) == code
    assert api.exchange.legs == {}


async def test_calls_are_listed_by_telephone_and_state_newest_first(api: Api) -> None:
    sids = [api.ask("POST", "/Calls", **PLACE)[1]["sid"] for _each in range(2)]
    api.ask("POST", "/Calls", **{**PLACE, "To": "client:abc"})
    await api.exchange.run_until(1)
    api.exchange.refuse(api.exchange.legs[sids[0]], "busy")

    def listed(**by: str) -> list[str]:
        return [each["sid"] for each in api.ask("GET", "/Calls", **by)[1]["calls"]]

    assert listed(To=ANNA) == sids[::-1]
    assert listed(To=ANNA, Status="ringing") == sids[1:]
    assert len(listed()) == 3


async def test_a_call_in_progress_is_sent_elsewhere(api: Api) -> None:
    leg = await api.caller('<Pause length="60"/>')
    api.line.scripts["/other"] = play("b")
    status, _body = api.ask("POST", f"/Calls/{leg.sid}", Url=f"{BASE}/other")
    await api.exchange.run_until(1)

    assert status == 200
    assert heard(leg) == ["/b"]


async def test_a_call_that_only_rings_or_is_over_cannot_be_sent_elsewhere(api: Api) -> None:
    sid = api.ask("POST", "/Calls", **PLACE)[1]["sid"]
    await api.exchange.run_until(1)
    ringing = api.code("POST", f"/Calls/{sid}", Url=f"{BASE}/other")
    api.exchange.refuse(api.exchange.legs[sid], "busy")

    assert ringing == 21220
    assert api.code("POST", f"/Calls/{sid}", Url=f"{BASE}/other") == 21220
    assert api.code("POST", f"/Calls/{sid}", Status="completed") == 21220


async def test_ending_a_call_hangs_up_and_a_call_that_rings_is_cancelled(api: Api) -> None:
    leg = await api.caller('<Pause length="60"/>')
    sid = api.ask("POST", "/Calls", **PLACE)[1]["sid"]
    await api.exchange.run_until(1)
    ends = [api.ask("POST", f"/Calls/{each}", Status="completed")[1] for each in (leg.sid, sid)]

    assert [each["status"] for each in ends] == ["completed", "canceled"]


async def test_a_record_can_be_deleted_some_time_after_its_call_and_is_gone_then(
    api: Api,
) -> None:
    leg = await api.caller('<Pause length="3600"/>')
    path = f"/Calls/{leg.sid}"
    during = api.code("DELETE", path)
    api.exchange.hang_up(leg)
    soon = api.code("DELETE", path)
    await api.exchange.run_until(ERASABLE_S)
    status, _body = api.ask("DELETE", path)

    assert (during, soon, status) == (20009, 20009, 204)
    assert api.code("GET", path) == 20404
    assert api.code("DELETE", path) == 20404
    assert api.code("POST", path, Status="completed") == 20404


async def test_a_conference_is_found_by_its_name_while_it_lasts(api: Api) -> None:
    leg = await api.caller(meet("room"))

    def found(name: str) -> list[str]:
        asked = api.ask("GET", "/Conferences", FriendlyName=name, Status="in-progress")
        return [each["friendly_name"] for each in asked[1]["conferences"]]

    here, elsewhere = found("room"), found("another")
    [sid] = api.exchange.rooms
    api.exchange.hang_up(leg)

    assert (here, elsewhere, found("room")) == (["room"], [], [])
    assert api.code("POST", f"/Conferences/{sid}", AnnounceUrl=f"{BASE}/x") == 20404


async def test_who_is_in_a_conference_is_held_muted_and_let_go_without_ending_it(
    api: Api,
) -> None:
    leg = await api.caller(meet("room"))
    [sid] = api.exchange.rooms
    path = f"/Conferences/{sid}/Participants/{leg.sid}"

    _status, held = api.ask("POST", path, Hold="True", HoldUrl=f"{BASE}/music", HoldMethod="GET")
    _status, back = api.ask("POST", path, Hold="False")
    _status, muted = api.ask("POST", path, Muted="True")
    _status, stays = api.ask("POST", path, EndConferenceOnExit="False")

    assert [held["hold"], back["hold"], muted["muted"]] == [True, False, True]
    assert not stays["end_conference_on_exit"]
    assert heard(leg) == ["/music"]


async def test_who_is_heard_by_one_leg_only_is_then_heard_by_all(api: Api) -> None:
    leg = await api.caller(meet("room"))
    other = await api.caller(meet("room"))
    [sid] = api.exchange.rooms
    path = f"/Conferences/{sid}/Participants/{other.sid}"

    _status, one = api.ask("POST", path, Coaching="True", CallSidToCoach=leg.sid)
    _status, everybody = api.ask("POST", path, Coaching="False")

    assert (one["coaching"], one["call_sid_to_coach"]) == (True, leg.sid)
    assert (everybody["coaching"], everybody["call_sid_to_coach"]) == (False, None)


async def test_who_is_not_in_a_conference_is_not_found_there(api: Api) -> None:
    leg = await api.caller(meet("room"))
    other = await api.caller('<Pause length="60"/>')
    [sid] = api.exchange.rooms

    assert api.code("POST", f"/Conferences/{sid}/Participants/{other.sid}", Hold="True") == 20404
    assert (
        api.code("POST", f"/Conferences/CF{'0' * 32}/Participants/{leg.sid}", Hold="True") == 20404
    )


def test_what_the_exchange_does_not_have_is_not_found(api: Api) -> None:
    status, body = answer(api.exchange, "GET", "/Recordings", {})

    assert (status, body["code"]) == (404, 20404)
