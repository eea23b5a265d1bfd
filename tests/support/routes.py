"""Every declared route of a node, and one good body for each that takes one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from luisterlijn.doors import tables
from luisterlijn.edge.pages import Pages

if TYPE_CHECKING:
    from luisterlijn.app import House
    from luisterlijn.edge.guard import Route

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
    "SignIn": {"name": "nobody", "password": "x", "code": "000000"},
    "Wanted": {"count": 1},
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
