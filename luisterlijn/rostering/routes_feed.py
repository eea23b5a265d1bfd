"""The link to one's own calendar, and the calendar behind it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from aiohttp import web

from luisterlijn.edge.guard import ANYONE, Call, Face, Nothing, Routes
from luisterlijn.rostering.routes_own import VOLUNTEERS
from luisterlijn.rostering.wire_feed import CalendarLink, NewCalendarLink

if TYPE_CHECKING:
    from luisterlijn.rostering.feed import CalendarFeed, Feed

TAG_SIGNS = 32


def routes(feed: CalendarFeed) -> Routes:
    """Give the routes of the calendar."""
    table = Routes("calendar")

    @table.add("GET", "/my/calendar", may=VOLUNTEERS, face=Face.CONSOLE, gives=CalendarLink)
    async def has(call: Call[None]) -> CalendarLink:
        """Say whether there is a link to the own calendar."""
        return CalendarLink(has_link=await feed.has(call.scope))

    @table.add(
        "POST",
        "/my/calendar",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=NewCalendarLink,
        status=201,
    )
    async def make(call: Call[Nothing]) -> NewCalendarLink:
        """Make a link to the own calendar; an older one ends by that."""
        return NewCalendarLink(path=f"/calendar/{await feed.make(call.scope)}.ics")

    @table.add("DELETE", "/my/calendar", may=VOLUNTEERS, face=Face.CONSOLE, status=204)
    async def revoke(call: Call[None]) -> None:
        """End the link to the own calendar."""
        await feed.revoke(call.scope)

    @table.add("GET", "/calendar/{token}.ics", may=ANYONE, face=Face.CONSOLE)
    async def read(call: Call[None]) -> web.Response:
        """Give the calendar behind a link, for an app that has no session."""
        return _answer(call.request, await feed.read(call.request.match_info["token"]))

    return table


def _answer(request: web.Request, found: Feed) -> web.Response:
    tag = sha256(found.body).hexdigest()[:TAG_SIGNS]
    headers = {
        "ETag": f'"{tag}"',
        # Kept by the app that asks and by nobody between, and asked about each time.
        "Cache-Control": "private, no-cache",
        "X-Robots-Tag": "noindex",
    }
    if found.changed is not None:
        headers["Last-Modified"] = format_datetime(
            found.changed.astimezone(UTC).replace(microsecond=0), usegmt=True
        )
    if _is_known(request, tag, found.changed):
        return web.Response(status=304, headers=headers)
    return web.Response(
        body=found.body, content_type="text/calendar", charset="utf-8", headers=headers
    )


def _is_known(request: web.Request, tag: str, changed: datetime | None) -> bool:
    """Say whether the app has this already; a tag says it better than a moment."""
    tags = request.if_none_match
    if tags is not None:
        return any(each.value in (tag, "*") for each in tags)
    since = request.if_modified_since
    return since is not None and changed is not None and changed.replace(microsecond=0) <= since
