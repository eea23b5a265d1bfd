"""The demo's made-up volunteers come to their shifts, but one; and its mail, to be looked at.

Exists in demo mode only.
"""

from __future__ import annotations

import asyncio
from html import escape
from typing import TYPE_CHECKING

import structlog
from aiohttp import web

from luisterlijn.attendance.reach import Ways
from luisterlijn.edge.guard import ANYONE, Call, Face, Routes
from luisterlijn.kernel.clock import AMSTERDAM
from luisterlijn.kernel.errors import Outage
from luisterlijn.kernel.scope import LINE, Role, Scope
from luisterlijn.privacy.redaction import Secret

if TYPE_CHECKING:
    from luisterlijn.accounts.service import Accounts
    from luisterlijn.attendance.room import AttendanceRoom
    from luisterlijn.edge.postman import DemoPostman
    from luisterlijn.store.database import Database

log = structlog.get_logger()

EVERY_S = 30.0
ABSENT = "utrecht-01"
"""Never comes, so that there is something to look at."""
REACHED = "vrijwilliger2"


async def come(database: Database) -> None:
    """Let the made-up volunteers of the cities be there once their shift has begun."""
    async with database.transaction(LINE) as tx:
        await tx.run(
            "update place l set state = 'checked_in' from person p, shift s"
            " where p.id = l.person and s.id = l.shift and s.state = 'published'"
            " and l.role <> 'reserve' and l.state in ('published', 'confirmed')"
            " and s.starts <= line_now() and s.ends > line_now()"
            " and p.sign_in ~ '^[a-z-]+-[0-9]{2}$' and p.sign_in <> $1",
            ABSENT,
        )


async def play(database: Database) -> None:
    """Let them come, shift after shift, until cancelled."""
    while True:
        try:
            await come(database)
        except Outage:
            log.warning("demo_waits")
        await asyncio.sleep(EVERY_S)


async def agree(database: Database, accounts: Accounts, room: AttendanceRoom) -> None:
    """Let one of the demo's volunteers be reminded by mail and asked when it is urgent."""
    async with database.transaction(LINE) as tx:
        known = await accounts.person_by_sign_in(tx, REACHED)
        person = await accounts.person(tx, known) if known is not None else None
    if person is None:
        return
    scope = Scope(person=person.id, branch=person.branch, roles=frozenset({Role.VOLUNTEER}))
    ways, _has_phone = await room.reach.of(scope)
    if ways.mail is None:
        mail = Secret("vrijwilliger2@demo.example")
        await room.reach.choose(
            scope, Ways(mail=mail, reminders=True, urgent=True, quiet=ways.quiet)
        )


def routes(postman: DemoPostman) -> Routes:
    """Give the page on which the demo's mail is looked at."""
    table = Routes("demo-mail")

    @table.add("GET", "/demo/mail", may=ANYONE, face=Face.CONSOLE)
    async def mail(_call: Call[None]) -> web.Response:
        """Show the mail that the demo would have sent, without addresses."""
        return web.Response(body=page(postman), content_type="text/html", charset="utf-8")

    return table


def page(postman: DemoPostman) -> bytes:
    """Write the demo's mail as a page, the newest first."""
    parts = []
    for at, subject, text in postman.letters():
        when = f"{at.astimezone(AMSTERDAM):%H.%M}"
        lines = [_linked(line) for line in text.splitlines()]
        parts.append(f"<h2>{when} {escape(subject)}</h2><p>{'<br>'.join(lines)}</p>")
    found = "".join(parts) or "<p>Er is nog geen mail.</p>"
    title = "Demo: verzonnen mail"
    return (
        f'<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><h1>{title}</h1>{found}</main></body></html>"
    ).encode()


def _linked(line: str) -> str:
    if not line.startswith(("http://", "https://")):
        return escape(line)
    return f'<a href="{escape(line)}">{escape(line)}</a>'
