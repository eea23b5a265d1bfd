"""Builds every adapter and wires every listener. Ends with who hears what."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from luisterlijn.accounts import routes as accounts_routes
from luisterlijn.accounts.service import Accounts
from luisterlijn.chat import routes as chat_routes
from luisterlijn.chat.crowd import Crowd
from luisterlijn.chat.events import KeysStored, MembersChanged
from luisterlijn.chat.service import Chats
from luisterlijn.chat.sockets import ChatRoom
from luisterlijn.contract import openapi
from luisterlijn.dispatch import routes as dispatch_routes
from luisterlijn.dispatch import store as dispatch_store
from luisterlijn.dispatch import werkwijzer
from luisterlijn.dispatch.consoles import Consoles
from luisterlijn.dispatch.events import (
    ConsoleReplaced,
    ContactAccepted,
    ContactChanged,
    ContactClosed,
    ContactOpened,
    ContactQueuedAgain,
    ConversationEnded,
    PresenceChanged,
    ProofAsked,
    VolunteerFreed,
)
from luisterlijn.dispatch.line import Line
from luisterlijn.dispatch.rounds import Rounds
from luisterlijn.dispatch.service import Hall
from luisterlijn.dispatch.sockets import ConsoleRoom
from luisterlijn.edge.assets import Assets
from luisterlijn.edge.guard import ANYONE, Call, Face, Routes, bind
from luisterlijn.edge.headers import CONSOLE_POLICY, Policies, middleware, public_policy
from luisterlijn.edge.house import BUILT
from luisterlijn.edge.metrics import Metrics
from luisterlijn.edge.pages import Pages
from luisterlijn.edge.realtime import Realtime
from luisterlijn.edge.visitors import Networks
from luisterlijn.edge.world import SystemClock, SystemTokens
from luisterlijn.jobs import Jobs
from luisterlijn.kernel.clock import Clock
from luisterlijn.kernel.errors import Outage, Refusal
from luisterlijn.kernel.ids import TokenSource
from luisterlijn.kernel.scope import LINE
from luisterlijn.privacy.keyring import Keyring
from luisterlijn.privacy.pseudonyms import PseudonymKeys
from luisterlijn.privacy.vouching import Voucher
from luisterlijn.reporting.service import Reporting
from luisterlijn.rostering import routes as rostering_routes
from luisterlijn.rostering.events import RosterChanged
from luisterlijn.rostering.service import Roster
from luisterlijn.settings import Settings
from luisterlijn.simulation import demo
from luisterlijn.store.database import Database, open_database
from luisterlijn.store.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from luisterlijn.kernel.events import Hints, Listeners
    from luisterlijn.kernel.ids import ContactId

log = structlog.get_logger()

SHUTDOWN_S = 2.0
"""What still hangs on then is cut; sockets find another node, or this one again."""
MOVED_S = 1.0
"""Between "moved" and the end: clients open their next socket meanwhile."""


@dataclass(slots=True, kw_only=True)
class House:
    """Every part of one node, built once."""

    settings: Settings
    database: Database
    outbox: Outbox
    keyring: Keyring
    accounts: Accounts
    roster: Roster
    reporting: Reporting
    hall: Hall
    rounds: Rounds
    line: Line
    consoles: Consoles
    chats: Chats
    realtime: Realtime
    console_room: ConsoleRoom
    chat_room: ChatRoom
    jobs: Jobs
    metrics: Metrics
    pseudonyms: PseudonymKeys
    crowd: Crowd
    clock: Clock
    tokens: TokenSource

    @property
    def origins(self) -> dict[Face, str]:
        """Give the origin of each face."""
        return {
            Face.PUBLIC: self.settings.public_url,
            Face.CONSOLE: self.settings.console_url,
        }

    async def back(self, contact: ContactId) -> None:
        """A page that was away gave a sign of life."""
        with contextlib.suppress(Refusal):
            await self.hall.heard(contact)

    async def chat_sweep(self) -> None:
        """Do what is overdue in chats, each second until cancelled."""
        while True:
            try:
                await self.chats.sweep()
            except Outage:
                log.warning("keys_wait")
            await asyncio.sleep(1)

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Run everything that runs by itself; ends it all at the end."""
        async with self.database.transaction(LINE) as tx:
            await dispatch_store.give_everyone_time(tx)
        await self.line.look()
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self.outbox.run(self.database), name="outbox"),
                group.create_task(self.rounds.run(), name="rounds"),
                group.create_task(self.line.run(), name="line"),
                group.create_task(self.realtime.run(), name="hints"),
                group.create_task(self.chat_room.run(), name="pages"),
                group.create_task(self.console_room.run(self.back), name="heartbeats"),
                group.create_task(self.chat_sweep(), name="keys"),
                group.create_task(self.jobs.run(), name="jobs"),
            ]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
        with contextlib.suppress(Outage):
            await self.reporting.flush()


@contextlib.asynccontextmanager
async def house(
    settings: Settings,
    database_url: str,
    *,
    clock: Clock | None = None,
    tokens: TokenSource | None = None,
) -> AsyncIterator[House]:
    """Build a node on a migrated database.

    Args:
        settings: what the operator chose.
        database_url: of the application's own role.
        clock: for session codes and counters; deadlines follow the database.
        tokens: chance.
    """
    clock, tokens = clock or SystemClock(), tokens or SystemTokens()
    outbox = Outbox()
    async with open_database(database_url, outbox) as database:
        built = _build(settings, database, outbox, clock, tokens)
        outbox.listen(_work(built), _hints(built))
        yield built


def _build(
    settings: Settings, database: Database, outbox: Outbox, clock: Clock, tokens: TokenSource
) -> House:
    keyring = Keyring(settings.keys, tokens)
    pseudonyms = PseudonymKeys(tokens)
    accounts = Accounts(database, keyring, tokens, clock)
    roster = Roster(database, accounts, tokens)
    metrics = Metrics(tokens.bytes(4).hex())
    reporting = Reporting(database, keyring, tokens, clock, metrics.contact)
    hall = Hall(database, reporting, settings.most_waiting)
    line = Line(database, roster, hall)
    consoles = Consoles(database, accounts, roster, tokens)
    chats = Chats(database, hall, keyring, Voucher(keyring), tokens)
    consoles.channels.append(chats)
    realtime = Realtime([settings.public_url, settings.console_url])
    console_room = ConsoleRoom(realtime, database, accounts, hall, consoles)
    chat_room = ChatRoom(realtime, chats, hall, line, tokens, console_room.tell)
    console_room.visitor_beats = chat_room.beats
    console_room.room.heard.update(chat_room.console_orders())
    line.on_change.append(chat_room.places_changed)
    realtime.open_room(console_room.room)
    realtime.open_room(chat_room.room)
    return House(
        settings=settings,
        database=database,
        outbox=outbox,
        keyring=keyring,
        accounts=accounts,
        roster=roster,
        reporting=reporting,
        hall=hall,
        rounds=Rounds(database, hall),
        line=line,
        consoles=consoles,
        chats=chats,
        realtime=realtime,
        console_room=console_room,
        chat_room=chat_room,
        jobs=Jobs(
            *(database, keyring, accounts, chats, consoles, reporting, pseudonyms),
            metrics=metrics,
            clock=clock,
        ),
        metrics=metrics,
        pseudonyms=pseudonyms,
        crowd=Crowd(),
        clock=clock,
        tokens=tokens,
    )


def tables(built: House, pages: Pages) -> list[Routes]:
    """Give the declared routes of every room; the OpenAPI document is made of these too."""
    networks = Networks(built.settings.trusted_proxies, built.pseudonyms, built.clock)
    found = [
        dispatch_routes.routes(built.line, built.consoles, pages, werkwijzer.read(), built.origins),
        accounts_routes.routes(built.accounts),
        rostering_routes.routes(built.roster),
        chat_routes.routes(
            built.chats,
            built.chat_room,
            built.line,
            built.crowd,
            networks.of,
            built.reporting.count_one,
        ),
        _probes(built),
    ]
    if built.settings.demo:
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


def web_app(built: House) -> web.Application:
    """Give the application that aiohttp serves."""
    pages = Pages(neutral_url=built.settings.neutral_url, demo=built.settings.demo)
    policies = Policies(
        public=public_policy([pages.script.hash], [pages.style.hash]),
        console=CONSOLE_POLICY,
        https=built.settings.public_url.startswith("https://"),
    )
    app = web.Application(
        middlewares=[middleware(policies, built.origins, built.metrics.refused)],
        client_max_size=128 * 1024,
    )
    routes = [route for table in tables(built, pages) for route in table]
    for route in routes:
        app.router.add_routes([bind(route, built.accounts, built.origins)])
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


# Who hears what. Work: in a transaction, at least once. Hints: after the commit, may be lost.


def _work(built: House) -> Listeners:
    return {
        ContactAccepted: [built.chats.periods.connect],
        ContactQueuedAgain: [built.chats.periods.let_out],
        ConsoleReplaced: [built.chats.periods.rekey],
        ConversationEnded: [built.chats.forget],
        ContactClosed: [built.reporting.count],
        RosterChanged: [built.consoles.roster_changed],
    }


def _hints(built: House) -> Hints:
    console, page = built.console_room, built.chat_room
    return {
        ContactOpened: [built.rounds.wake],
        ContactAccepted: [built.line.accepted, built.crowd.went, built.rounds.wake],
        ContactQueuedAgain: [built.rounds.wake, console.show_lost],
        ContactChanged: [console.show_contact, page.show, built.rounds.wake],
        ConversationEnded: [built.crowd.went, console.show_contact, page.ended],
        PresenceChanged: [console.show_presence],
        VolunteerFreed: [built.rounds.wake],
        ProofAsked: [page.ask_proof],
        MembersChanged: [page.show],
        KeysStored: [page.connected],
    }
