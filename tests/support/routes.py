"""Every declared route of a node, and one good body for each that takes one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from luisterlijn.doors import tables
from luisterlijn.edge.pages import Pages

if TYPE_CHECKING:
    from luisterlijn.edge.guard import Route
    from luisterlijn.house import House

NOWHERE = "0" * 32

GOOD: dict[str, dict[str, Any]] = {
    "Attach": {"url": "http://127.0.0.1:9"},
    "BeginChat": {"language": "nl", "ticket": None},
    "DemoKey": {"key": "1"},
    "Leave": {"token": "AAAA"},
    "Nothing": {},
    "NewDuty": {
        "person": NOWHERE,
        "starts_at": 1_935_000_000_000,
        "ends_at": 1_935_030_000_000,
        "phone_order": 1,
        "stands_in": False,
    },
    "NewShift": {
        "date": "2031-05-05",
        "starts": "10:00",
        "ends": "12:00",
        "channels": ["chat"],
        "wanted": 1,
        "branch": None,
    },
    "Opinion": {"ticket": "x", "answer": "yes"},
    "PutOn": {"person": NOWHERE},
    "Reach": {
        "mail": None,
        "reminders": True,
        "urgent": False,
        "quiet_from": "22:00",
        "quiet_until": "08:00",
    },
    "SignIn": {"name": "nobody", "password": "x", "code": "000000"},
    "EditVolunteer": {
        "name": "Anja de Vries",
        "vog": "2025-01-01",
        "intervision": None,
        "hours_agreed": 16,
        "most_shifts": 8,
        "most_nights": 2,
        "home": False,
        "no_computer": False,
        "away_until": None,
    },
    "NewStep": {"channel": "chat", "status": "mentor", "since": "2026-01-01"},
    "GiveMentor": {"mentor": None},
    "LastDay": {"last": None},
    "BringList": {"file": "aW5sb2duYWFtO25hYW0K"},
    "TakeList": {"file": "aW5sb2duYWFtO25hYW0K", "mark": NOWHERE},
    "NewGathering": {
        "kind": "training",
        "title": "Luisteren",
        "day": "2031-05-05",
        "starts": "19:00",
        "ends": "21:00",
        "seats": 8,
        "branch": None,
    },
    "WhoCame": {"people": []},
    "WriteMessage": {"audience": "branch", "text": "Hallo", "shift": None, "branch": None},
    "Wanted": {"count": 1},
    "AcceptFor": {"person": NOWHERE},
    "AcceptSwap": {"place": None},
    "CopyWeek": {"source": "2031-05-05", "target": "2031-05-12"},
    "GiveUp": {"how": "open"},
    "LeaveFor": {"person": NOWHERE, "first": "2031-05-05", "last": "2031-05-06"},
    "NewLeave": {"first": "2031-05-05", "last": "2031-05-06"},
    "NewPeriod": {"first": "2031-05-05", "branch": None},
    "NewTemplate": {"weekdays": 1, "starts": "07:00", "ends": "11:00", "channels": ["chat"]},
    "NewWishes": {"levels": [], "wanted": 1, "most": 2, "nights": 0},
    "PutOnShift": {"person": NOWHERE},
    "NewPlan": {
        "from": "2031-05-05",
        "branch": None,
        "days": 7,
        "engine": "builtin",
        "seconds": 1,
        "overnight": True,
    },
    "AcceptMend": {"changes": [{"person": NOWHERE, "old": None, "new": NOWHERE}]},
    "NewDraft": {"weeks": 1, "share": None},
    "StopPlan": {"keep": True},
    "NewDemandEvent": {
        "name": "Week tegen eenzaamheid",
        "kind": "campaign",
        "first": "2031-05-05",
        "last": "2031-05-11",
        "channel": None,
        "factor": 1.2,
    },
}
"""By the name of what a route takes; a new one is added here."""


def declared(house: House) -> list[Route]:
    """Give every route that the node answers."""
    pages = Pages(neutral_url=house.settings.neutral_url, demo=house.settings.demo)
    return [route for table in tables(house, pages) for route in table]


def filled(route: Route, **ids: str) -> str:
    """Give the route's path; an id that is not told is one that nothing has."""
    known = {"language": "nl", "name": "welcome.wav", **ids}
    return re.sub(r"{(\w+)}", lambda found: known.get(found[1], NOWHERE), route.path)


def good(route: Route) -> dict[str, Any] | None:
    """Give a body that the route understands; None when it takes none."""
    if route.takes is None:
        return None
    return dict(GOOD[route.takes.__name__])
