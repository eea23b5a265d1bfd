"""The faces themselves, the state of the line, the werkwijzer, who is present."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from aiohttp import web

from luisterlijn.dispatch.werkwijzer import Werkwijzer
from luisterlijn.dispatch.wire import BranchPresent, LineStatus
from luisterlijn.edge.guard import ANYONE, SIGNED_IN, Call, Face, Routes, check_face
from luisterlijn.edge.pages import SLUGS
from luisterlijn.kernel.clock import AMSTERDAM, from_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import Role

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from luisterlijn.dispatch.consoles import Consoles
    from luisterlijn.dispatch.line import Line
    from luisterlijn.edge.pages import Pages

PLANNERS = frozenset({Role.COORDINATOR, Role.PLANNER, Role.COACH, Role.ADMINISTRATOR})


def routes(
    line: Line,
    consoles: Consoles,
    pages: Pages,
    werkwijzer: Werkwijzer,
    origins: dict[Face, str],
) -> Routes:
    """Give the routes of the room."""
    table = Routes("dispatch")

    @table.add("GET", "/", may=ANYONE, face=Face.BOTH)
    async def home(call: Call[None]) -> web.Response:
        """The public page in Dutch, or the console, by host name."""
        if call.request.host == origins[Face.CONSOLE].partition("://")[2]:
            return web.Response(body=pages.console, content_type="text/html", charset="utf-8")
        check_face(call.request, Face.PUBLIC, origins)
        return _page(call.request, line, pages, "nl")

    @table.add("GET", "/en", may=ANYONE, face=Face.PUBLIC)
    async def english(call: Call[None]) -> web.Response:
        """The public page in English."""
        return _page(call.request, line, pages, "en")

    for language, root in (("nl", ""), ("en", "/en")):
        for slug in SLUGS:
            table.add("GET", f"{root}/{slug}", may=ANYONE, face=Face.PUBLIC)(
                _info(pages, language, slug)
            )

    @table.add("GET", "/line", may=ANYONE, face=Face.PUBLIC, gives=LineStatus)
    async def status(call: Call[None]) -> LineStatus:
        """Say whether the chat is open and how long the wait is; `?language=en` for English."""
        language = call.request.query.get("language", "nl")
        if language not in ("nl", "en"):
            raise Refusal(Code.BAD_REQUEST)
        return line.status(language)

    @table.add("GET", "/werkwijzer", may=SIGNED_IN, face=Face.CONSOLE, gives=Werkwijzer)
    async def cards(_call: Call[None]) -> Werkwijzer:
        """Give all cards and numbers at once; which one is opened is asked of nobody."""
        return werkwijzer

    @table.add("GET", "/branch/present", may=PLANNERS, face=Face.CONSOLE, gives=BranchPresent)
    async def present(call: Call[None]) -> BranchPresent:
        """Say who is present."""
        return BranchPresent(present=await consoles.present(call.scope))

    return table


def _page(request: web.Request, line: Line, pages: Pages, language: str) -> web.Response:
    status = line.status(language)
    opening = None
    if status.next_opening_at is not None:
        local = from_wire(status.next_opening_at).astimezone(AMSTERDAM)
        opening = f"{local.hour}.{local.minute:02d}"
    return pages.chat(request, language, msgspec.to_builtins(status), opening)


def _info(
    pages: Pages, language: str, slug: str
) -> Callable[[Call[None]], Awaitable[web.Response]]:
    async def info(call: Call[None]) -> web.Response:
        """A plain page."""
        return pages.info(call.request, language, slug)

    return info
