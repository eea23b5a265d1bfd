"""The doors of a node: every declared route, behind one application that serves."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from aiohttp import web

from luisterlijn.accounts import routes as accounts_routes
from luisterlijn.attendance import routes as attendance_routes
from luisterlijn.attendance import routes_reach as reach_routes
from luisterlijn.chat import routes as chat_routes
from luisterlijn.coaching import routes as coaching_routes
from luisterlijn.contract import openapi
from luisterlijn.dispatch import routes as dispatch_routes
from luisterlijn.dispatch import werkwijzer
from luisterlijn.edge.assets import Assets
from luisterlijn.edge.guard import ANYONE, Call, Face, Routes, bind, nobody_signs
from luisterlijn.edge.headers import Policies, console_policy, middleware, public_policy
from luisterlijn.edge.house import BUILT
from luisterlijn.edge.pages import Pages
from luisterlijn.edge.postman import DemoPostman
from luisterlijn.edge.visitors import Networks
from luisterlijn.planner import routes as planner_routes
from luisterlijn.planner import routes_demand as planner_routes_demand
from luisterlijn.planner import routes_plans as planner_routes_plans
from luisterlijn.rostering import routes as rostering_routes
from luisterlijn.rostering import routes_assign, routes_feed, routes_own, routes_plan
from luisterlijn.simulation import demo, demo_attendance
from luisterlijn.telephony import routes as telephony_routes
from luisterlijn.volunteers import routes as volunteer_routes
from luisterlijn.volunteers.routes_meeting import gathering_routes, message_routes
from luisterlijn.volunteers.routes_own import own_routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from luisterlijn.house import House
    from luisterlijn.settings import Settings

SHUTDOWN_S = 2.0
"""What still hangs on then is cut; sockets find another node, or this one again."""
MOVED_S = 1.0
"""Between "moved" and the end: clients open their next socket meanwhile."""


def tables(built: House, pages: Pages) -> list[Routes]:
    """Give the declared routes of every room; the OpenAPI document is made of these too."""
    networks = Networks(built.settings.trusted_proxies, built.pseudonyms, built.clock)
    found = [
        dispatch_routes.routes(
            built.line,
            built.consoles,
            pages,
            werkwijzer.read(third_parties=built.settings.third_parties),
            built.origins,
        ),
        accounts_routes.routes(built.accounts),
        rostering_routes.routes(built.roster),
        routes_own.routes(built.roster),
        routes_plan.routes(built.roster),
        routes_assign.routes(built.roster),
        routes_feed.routes(built.calendar_feed),
        coaching_routes.routes(built.coaching.rota),
        attendance_routes.routes(built.attendance),
        reach_routes.routes(built.attendance, pages),
        chat_routes.routes(
            built.chats,
            built.chat_room,
            built.line,
            built.crowd,
            networks.of,
            built.reporting.count_one,
        ),
        planner_routes.routes(built.planner.boards, built.planner.people),
        planner_routes_demand.routes(built.planner.boards, built.planner.forecasts),
        planner_routes_plans.routes(built.planner.boards, built.planner.plans, built.planner.mends),
        volunteer_routes.routes(built.people.volunteers, built.people.intake, built.people.leaving),
        gathering_routes(built.people.gatherings),
        message_routes(built.people.messages),
        own_routes(built.people.leaving),
        _probes(built),
    ]
    if built.telephone is not None:
        room = built.telephone
        found.append(telephony_routes.routes(room.calls, room.provider, room.prompts))
    if built.settings.demo:
        if isinstance(built.attendance.postman, DemoPostman):
            found.append(demo_attendance.routes(built.attendance.postman))
        if built.demo_telephone is not None:
            found.append(built.demo_telephone.routes())
        found.append(demo.routes(built.database, built.accounts, built.roster))
    return found


def _probes(built: House) -> Routes:
    table = Routes("probes")

    @table.add("GET", "/healthz", may=ANYONE, face=Face.BOTH)
    async def healthz(_call: Call[None]) -> web.Response:
        """Say that the process lives."""
        return web.json_response({"ok": True})

    @table.add("GET", "/readyz", may=ANYONE, face=Face.BOTH)
    async def readyz(_call: Call[None]) -> web.Response:
        """Say that contacts can be taken: the database answers."""
        await built.database.line_row("select 1")
        return web.json_response({"ok": True})

    return table


def signalling(chosen: Settings) -> str | None:
    """Give the host where the provider's library in a console signs on; None: no such library."""
    if chosen.demo or chosen.twilio is None:
        return None
    return f"voice-js.{chosen.twilio.edge}.twilio.com"


def web_app(built: House) -> web.Application:
    """Give the application that aiohttp serves."""
    pages = Pages(neutral_url=built.settings.neutral_url, demo=built.settings.demo)
    policies = Policies(
        public=public_policy([pages.script.hash], [pages.style.hash]),
        console=console_policy(signalling(built.settings)),
        https=built.settings.public_url.startswith("https://"),
    )
    app = web.Application(
        middlewares=[middleware(policies, built.origins, built.metrics.refused)],
        client_max_size=128 * 1024,
    )
    routes = [route for table in tables(built, pages) for route in table]
    signed = built.telephone.provider.is_signed if built.telephone is not None else nobody_signs
    for route in routes:
        app.router.add_routes([bind(route, built.accounts, built.origins, signed=signed)])
    document = openapi(routes)

    async def describe(_request: web.Request) -> web.Response:
        return web.Response(body=document, content_type="application/json")

    app.router.add_get("/openapi.json", describe)
    app.router.add_get("/assets/{name:.*}", Assets(BUILT / "assets").give)
    built.realtime.attach(app)
    return app


@contextlib.asynccontextmanager
async def serving(
    built: House, *, goodbye_s: float = MOVED_S, cut_s: float = SHUTDOWN_S
) -> AsyncIterator[None]:
    """Serve until the block ends; clients are told before the door closes.

    Args:
        built: the node.
        goodbye_s: between "moved" and closing the door.
        cut_s: what still hangs on so long after that is cut.
    """
    runner = web.AppRunner(
        web_app(built), access_log=None, handle_signals=False, shutdown_timeout=cut_s
    )
    await runner.setup()
    try:
        site = web.TCPSite(
            runner, built.settings.bind, built.settings.port, reuse_address=True, backlog=1024
        )
        await site.start()
        yield
        built.console_room.everyone("moved")
        built.chat_room.everyone("moved")
        await asyncio.sleep(goodbye_s)
    finally:
        await runner.cleanup()
