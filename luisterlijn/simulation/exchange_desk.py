"""The exchange in real time: its webhooks by HTTP, and requests to it from here or from outside."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import aiohttp
import structlog
from aiohttp import web

from luisterlijn.kernel.errors import Outage
from luisterlijn.simulation.exchange_rest import answer
from luisterlijn.telephony.loopback import signed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from luisterlijn.simulation.exchange import Exchange
    from luisterlijn.simulation.exchange_parts import Action, Deliver

log = structlog.get_logger()

REQUEST_S = 5.0
FALLBACK = "/fallback"
FALLBACK_S = 10
IDLE_S = 0.05


def by_http(session: aiohttp.ClientSession, token: bytes) -> Deliver:
    """Give the way to send signed webhooks."""

    async def deliver(url: str, form: dict[str, str]) -> tuple[int, bytes]:
        headers = {"X-Twilio-Signature": signed(token, url, form)}
        try:
            async with session.post(url, data=form, headers=headers) as response:
                return response.status, await response.read()
        except aiohttp.ClientError as fault:
            raise OSError(str(type(fault).__name__)) from None

    return deliver


async def drive(exchange: Exchange, speed: float = 1.0) -> None:
    """Run an exchange in real time until cancelled; what happens at once runs side by side."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    async with asyncio.TaskGroup() as group:
        while True:
            now = (loop.time() - began) * speed
            while (action := exchange.take(now)) is not None:
                group.create_task(_done(action))
            await asyncio.sleep(IDLE_S / max(1.0, speed / 4))


async def _done(action: Action) -> None:
    try:
        await action()
    except Exception:
        log.exception("exchange_failed")


class Here:
    """Requests to an exchange in this process."""

    def __init__(self, exchange: Exchange) -> None:
        """Ask this exchange."""
        self.exchange = exchange

    async def request(
        self, method: str, path: str, form: Mapping[str, str], _beside: str | None
    ) -> tuple[int, dict[str, Any]]:
        """Answer at once."""
        return answer(self.exchange, method, path, form)


class DemoDesk:
    """Requests to the demo's own exchange, or to one outside that a simulation attached.

    Where the outside one is stands in a file: a server that was killed goes on with it.
    """

    def __init__(self, here: Here, file: Path) -> None:
        """Begin with what the file says."""
        self._here = here
        self._file = file
        self._session: aiohttp.ClientSession | None = None

    def attach(self, url: str) -> None:
        """Go to an exchange outside from now on, for calls that are not ours."""
        self._file.write_text(url, encoding="utf-8")

    def detach(self) -> None:
        """Go to the own exchange only."""
        self._file.unlink(missing_ok=True)

    async def request(
        self, method: str, path: str, form: Mapping[str, str], beside: str | None
    ) -> tuple[int, dict[str, Any]]:
        """Ask the exchange that knows the call."""
        ours = beside in self._here.exchange.legs or beside in self._here.exchange.rooms
        if ours or not self._file.exists():
            return await self._here.request(method, path, form, beside)
        try:
            return await self._outside(self._file.read_text(encoding="utf-8"), method, path, form)
        except aiohttp.ClientConnectorError:
            # The simulation is gone, and all its calls with it.
            self.detach()
            return await self._here.request(method, path, form, beside)

    async def _outside(
        self, url: str, method: str, path: str, form: Mapping[str, str]
    ) -> tuple[int, dict[str, Any]]:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        body = {"method": method, "path": path, "form": dict(form)}
        try:
            async with (
                asyncio.timeout(REQUEST_S),
                self._session.post(f"{url}/request", json=body) as response,
            ):
                status, found = await response.json()
                return status, found
        except aiohttp.ClientConnectorError:
            raise
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise Outage from None

    async def close(self) -> None:
        """Close what was opened."""
        if self._session is not None:
            await self._session.close()


def outside_app(exchange: Exchange) -> web.Application:
    """Give the application by which a server asks an exchange in another process."""
    app = web.Application()

    async def request(asked: web.Request) -> web.Response:
        body = await asked.json()
        found = answer(exchange, body["method"], body["path"], body["form"])
        return web.json_response(found)

    async def rest(asked: web.Request) -> web.Response:
        """The provider's own addresses: `/2010-04-01/Accounts/{account}/Calls.json`."""
        path = "/" + asked.match_info["path"].removesuffix(".json")
        form = dict(asked.query) if asked.method == "GET" else dict(await asked.post())
        status, found = answer(exchange, asked.method, path, {k: str(v) for k, v in form.items()})
        text = json.dumps(found) if found else ""
        return web.Response(status=status, text=text, content_type="application/json")

    async def fallback(_asked: web.Request) -> web.Response:
        """What a line puts elsewhere for when it is away: wait a little, and call in anew."""
        wait = f'<Pause length="{FALLBACK_S}"/>'
        again = f'<Redirect method="POST">{exchange.voice_url}</Redirect>'
        text = f"<Response>{wait}{again}</Response>"
        return web.Response(text=text, content_type="application/xml")

    app.router.add_post("/request", request)
    app.router.add_post(FALLBACK, fallback)
    app.router.add_route("*", "/2010-04-01/Accounts/{account}/{path:.+}", rest)
    return app
