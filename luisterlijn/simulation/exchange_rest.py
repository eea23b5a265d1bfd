"""The part of the provider's API that we use, answered by the exchange in the provider's words."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from luisterlijn.simulation.exchange_parts import OVER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from luisterlijn.simulation.exchange import Exchange
    from luisterlijn.simulation.exchange_parts import Leg, Room

ERASABLE_S = 60.0
"""A leg's record can be deleted so long after it ended, not before (error 20009)."""
BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
"""The exchange counts its own seconds; its records say dates from here on."""
Answer = tuple[int, dict[str, Any]]


def answer(exchange: Exchange, method: str, path: str, form: Mapping[str, str]) -> Answer:
    """Answer one request; `path` from `/Calls` on, without `.json`."""
    match method, path.strip("/").split("/"):
        case "POST", ["Calls"]:
            return _place(exchange, form)
        case "GET", ["Calls"]:
            return _list_calls(exchange, form)
        case _, ["Calls", sid]:
            return _of_leg(exchange, method, sid, form)
        case "GET", ["Conferences"]:
            return _list_rooms(exchange, form)
        case "POST", ["Conferences", sid]:
            return _of_room(exchange, sid, form)
        case "POST", ["Conferences", sid, "Participants", leg]:
            return _of_participant(exchange, sid, leg, form)
        case _:
            return _error(404, 20404, "The requested resource was not found")


def _place(exchange: Exchange, form: Mapping[str, str]) -> Answer:
    to = form.get("To", "")
    if not re.fullmatch(r"client:\w{1,121}|\+[1-9]\d{6,14}", to):
        return _error(400, 21211, "The phone number is not valid")
    if form.get("From") != exchange.number:
        return _error(400, 21210, "The source phone number is not verified")
    leg = exchange.place(
        to,
        form["From"],
        form["Url"],
        form.get("StatusCallback", ""),
        float(form.get("Timeout", "60")),
    )
    return 201, _leg(exchange, leg)


def _list_calls(exchange: Exchange, form: Mapping[str, str]) -> Answer:
    to, status = form.get("To"), form.get("Status")
    found = [
        _leg(exchange, each)
        for each in exchange.legs.values()
        if to in (None, each.to) and status in (None, each.status)
    ]
    return 200, {"calls": found[::-1], "page": 0, "page_size": 50, **_page(exchange, "Calls")}


def _of_leg(exchange: Exchange, method: str, sid: str, form: Mapping[str, str]) -> Answer:
    leg = exchange.legs.get(sid)
    if leg is None:
        return _error(404, 20404, f"The requested resource /Calls/{sid} was not found")
    if method == "DELETE":
        if leg.ended_at is None or exchange.now < leg.ended_at + ERASABLE_S:
            return _error(409, 20009, "Cannot delete this resource before it has completed")
        del exchange.legs[sid]
        return 204, {}
    if method == "POST":
        if leg.over or (leg.status != "in-progress" and "Url" in form):
            return _error(400, 21220, "Call is not in-progress. Cannot redirect.")
        if "Url" in form:
            exchange.redirect(leg, form["Url"])
        elif form.get("Status") == "completed":
            if leg.status == "in-progress":
                exchange.hang_up(leg)
            else:
                exchange.refuse(leg, "canceled")
    return 200, _leg(exchange, leg)


def _list_rooms(exchange: Exchange, form: Mapping[str, str]) -> Answer:
    name = form.get("FriendlyName")
    found = [
        _room(exchange, each)
        for each in exchange.rooms.values()
        if name in (None, each.name) and not each.over
    ]
    rooms = {"conferences": found, "page": 0, "page_size": 50}
    return 200, rooms | _page(exchange, "Conferences")


def _of_room(exchange: Exchange, sid: str, form: Mapping[str, str]) -> Answer:
    room = exchange.rooms.get(sid)
    if room is None or room.over:
        return _error(404, 20404, f"The requested resource /Conferences/{sid} was not found")
    if "AnnounceUrl" in form:
        exchange.announce(room, form["AnnounceUrl"])
    return 200, _room(exchange, room)


def _of_participant(exchange: Exchange, sid: str, leg_sid: str, form: Mapping[str, str]) -> Answer:
    room = exchange.rooms.get(sid)
    leg = next((each for each in room.legs if each.sid == leg_sid), None) if room else None
    if room is None or leg is None:
        return _error(404, 20404, f"The requested resource /Participants/{leg_sid} was not found")
    if "Hold" in form:
        leg.hold = form["Hold"].lower() == "true"
        if leg.hold:
            leg.heard.append(form.get("HoldUrl", ""))
    if "Muted" in form:
        leg.muted = form["Muted"].lower() == "true"
    if "Coaching" in form:
        coaches = form["Coaching"].lower() == "true"
        leg.coaches = form.get("CallSidToCoach", "") if coaches else ""
    if "EndConferenceOnExit" in form:
        leg.ends_room = form["EndConferenceOnExit"].lower() == "true"
    exchange.changed(leg)
    return 200, {
        "account_sid": exchange.account,
        "call_sid": leg.sid,
        "conference_sid": room.sid,
        "coaching": bool(leg.coaches),
        "call_sid_to_coach": leg.coaches or None,
        "end_conference_on_exit": leg.ends_room,
        "start_conference_on_enter": True,
        "hold": leg.hold,
        "muted": leg.muted,
        "status": "connected",
        "label": None,
        "uri": _uri(exchange, f"Conferences/{room.sid}/Participants/{leg.sid}"),
    }


def _leg(exchange: Exchange, leg: Leg) -> dict[str, Any]:
    ended = None if leg.ended_at is None else _date(leg.ended_at)
    return {
        "sid": leg.sid,
        "account_sid": exchange.account,
        "api_version": "2010-04-01",
        "direction": leg.direction,
        "from": leg.sender,
        "to": leg.to,
        "status": leg.status,
        "date_created": _date(0),
        "date_updated": _date(exchange.now),
        "start_time": None if leg.status in ("queued", "ringing") else _date(0),
        "end_time": ended,
        "duration": None if leg.status not in OVER else "0",
        "uri": _uri(exchange, f"Calls/{leg.sid}"),
        "subresource_uris": {},
    }


def _room(exchange: Exchange, room: Room) -> dict[str, Any]:
    return {
        "sid": room.sid,
        "account_sid": exchange.account,
        "api_version": "2010-04-01",
        "friendly_name": room.name,
        "region": "ie1",
        "status": "completed" if room.over else "in-progress",
        "date_created": _date(0),
        "date_updated": _date(exchange.now),
        "uri": _uri(exchange, f"Conferences/{room.sid}"),
        "subresource_uris": {},
    }


def _page(exchange: Exchange, what: str) -> dict[str, Any]:
    uri = _uri(exchange, what)
    return {
        "start": 0,
        "end": 0,
        "uri": uri,
        "first_page_uri": uri,
        "next_page_uri": None,
        "previous_page_uri": None,
    }


def _uri(exchange: Exchange, path: str) -> str:
    return f"/2010-04-01/Accounts/{exchange.account}/{path}.json"


def _date(second: float) -> str:
    return (BEGAN + timedelta(seconds=second)).strftime("%a, %d %b %Y %H:%M:%S +0000")


def _error(status: int, code: int, message: str) -> Answer:
    return status, {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
