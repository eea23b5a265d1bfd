"""Real browsers on a served node: people who chat and volunteers who listen, as they see it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from aiohttp import web
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped] # no stubs
from playwright.async_api import async_playwright, expect

from luisterlijn.accounts.service import NewPerson
from luisterlijn.edge.guard import COOKIE
from luisterlijn.kernel.scope import LINE, Role
from luisterlijn.privacy import passwords, retention, sealing
from luisterlijn.privacy.redaction import Secret
from tests.support.house import PASSWORD, free_port

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Request

    from luisterlijn.kernel.ids import PersonId
    from tests.support.house import TestHouse

COMES_TRUE_MS = 15_000
"""Until then we look again: a busy machine shows what is right later, and never what is wrong."""
expect.set_options(timeout=COMES_TRUE_MS)

CHROMIUM = Path("/usr/bin/chromium")
MISSING = (
    "NO CHROMIUM at /usr/bin/chromium, so this browser test did not run."
    " Install it (Debian): sudo apt-get install chromium fonts-noto-core"
)
ARGUMENTS = (
    "--no-sandbox --disable-gpu --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync --disable-quic"
).split()
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
ZOOMED = {"width": 320, "height": 256}
"""A screen of 1280 by 1024 at 400 %."""
NETWORK = ("Failed to load resource", "WebSocket connection to")
"""What Chromium itself writes about an answer of 400 and up, and about a line that was cut."""


@contextlib.asynccontextmanager
async def neutral_page() -> AsyncIterator[str]:
    """Serve another site of one plain page; gives its origin."""

    async def weather(_request: web.Request) -> web.Response:
        return web.Response(
            text="<!doctype html><link rel=icon href=data:,><title>Weer</title><h1>Regen</h1>",
            content_type="text/html",
        )

    app, port = web.Application(), free_port()
    app.router.add_get("/{any:.*}", weather)
    async with on_port(app, port):
        yield f"http://127.0.0.1:{port}"


@contextlib.asynccontextmanager
async def on_port(app: web.Application, port: int) -> AsyncIterator[None]:
    """Serve an application; ends at once, without the second that real clients get to move."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
        yield
    finally:
        await runner.cleanup()


def need_chromium() -> None:
    """Skip, and say what to install, where there is no Chromium."""
    if not CHROMIUM.is_file():
        pytest.skip(MISSING)


@contextlib.asynccontextmanager
async def chromium(*more: str) -> AsyncIterator[Browser]:
    """Start Debian's Chromium; `more`: what else it is told on its command line."""
    need_chromium()
    async with async_playwright() as tool:
        browser = await tool.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS, *more])
        try:
            yield browser
        finally:
            await browser.close()


@dataclass
class Seen:
    """What pages asked for and complained about."""

    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    network: list[str] = field(default_factory=list)

    def watch(self, context: BrowserContext) -> None:
        """Look along with every page of this context."""
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda fault: self.complaints.append(str(fault.error)))

    def foreign(self, *origins: str) -> list[str]:
        """Give the requests that went to none of these origins."""
        return [url for url in self.requests if _origin(url) not in origins]

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            kind = self.network if message.text.startswith(NETWORK) else self.complaints
            kind.append(f"{message.text} ({message.location['url']})")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
    return f"{scheme}://{parts.netloc}"


class Faces:
    """Both faces of one served node, in one browser; each person has a profile of their own."""

    def __init__(self, built: TestHouse, browser: Browser, neutral: str) -> None:
        """All live as long as the test; `neutral` is where "Snel weg" goes."""
        self.neutral = neutral
        self.built = built
        self.browser = browser
        self.public = built.house.settings.public_url
        self.desk = built.house.settings.console_url
        self.seen = Seen()
        self.contexts: list[BrowserContext] = []

    async def profile(self, size: dict[str, int], **options: Any) -> BrowserContext:
        """Open a fresh profile with a window of this size."""
        context = await self.browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            locale="nl-NL",
            timezone_id="Europe/Amsterdam",
            **options,
        )
        self.contexts.append(context)
        self.seen.watch(context)
        return context

    async def visitor(
        self, path: str = "/", *, size: dict[str, int] = PHONE, **options: Any
    ) -> Page:
        """Open the public page in a profile of its own."""
        page = await (await self.profile(size, **options)).new_page()
        await page.goto(self.public + path)
        return page

    async def person(self, name: str, role: Role) -> PersonId:
        """Give somebody of the branch an account, without a shift."""
        house = self.built.house
        async with house.database.transaction(LINE) as tx:
            [person] = await house.accounts.add_people(
                tx,
                [
                    NewPerson(
                        sign_in=name,
                        name=name.title(),
                        branch=self.built.branch,
                        roles=frozenset({role}),
                        languages=("nl",),
                        channels=("chat",),
                    )
                ],
                Secret(PASSWORD),
            )
        return person

    async def volunteer(
        self, person: PersonId, *, size: dict[str, int] = DESK, **options: Any
    ) -> Page:
        """Open the console of somebody who has signed in, in a profile of its own."""
        context = await self.profile(size, **options)
        token = await self.built.house.accounts.demo_session(person)
        await context.add_cookies(
            [
                {
                    "name": COOKIE,
                    "value": token.hex(),
                    "url": self.desk.replace("http:", "https:"),
                    "secure": True,
                    "httpOnly": True,
                    "sameSite": "Strict",
                }
            ]
        )
        page = await context.new_page()
        await page.goto(self.desk)
        return page

    async def code(self, person: PersonId) -> str:
        """Give the person's second factor of this moment; good once."""
        house = self.built.house
        async with house.database.transaction(LINE) as tx:
            row = await tx.row("select totp from person where id = $1", person)
        assert row is not None
        opened = sealing.unseal_alone(
            house.keyring, person, retention.PERSON_TOTP, person.hex, row["totp"]
        )
        return passwords.totp_code(Secret(opened.decode()), house.clock.now())

    async def let_pass(self, seconds: float, *away: Page) -> None:
        """Let time pass for the line; whoever is there goes on giving signs of life.

        Args:
            seconds: how long.
            away: pages of chatters that give none.
        """
        gone = [await contact_of(page) for page in away]
        async with self.built.owner.transaction():
            await self.built.time.advance(seconds)
            await self.built.owner.execute("update presence set heard = line_now()")
            await self.built.owner.execute(
                "update contact set heard = line_now()"
                " where caller_up and state <> 'admitted' and id <> all($1::uuid[])",
                gone,
            )

    async def close(self) -> None:
        """Close every profile."""
        for context in self.contexts:
            await context.close()


async def contact_of(page: Page) -> UUID:
    """Give the conversation that this page keeps over a reload."""
    kept: str = await page.evaluate("JSON.parse(sessionStorage.getItem('ll')).contact")
    return UUID(hex=kept)


_AXE = Axe()


async def faults(page: Page) -> list[str]:
    """Give what axe finds wrong on this page as it is now."""
    found = await _AXE.run(page)
    return [
        f"{rule['id']}: {node['html']} ({node['failureSummary']})"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


async def overflow(page: Page) -> int:
    """Give how many pixels the page is wider than its window."""
    wide: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return wide
