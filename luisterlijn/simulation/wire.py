"""A real Socket.IO connection as pages and consoles have it, and what keeps it up."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
from collections import deque
from typing import TYPE_CHECKING, Any, TypeVar

import aiohttp
import msgspec
import socketio

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from luisterlijn.kernel.ids import TokenSource

CONNECT_S = 10.0
ANSWER_S = 10.0
"""A server that says nothing for so long is taken for dead: the next connection asks again."""
BEAT_S = 5.0
RETRY_S = 0.5
MOVED_S = 5.0
PATIENCE = 60
"""So often an order that came too fast, or while the database was away, is given again."""
PASSING = frozenset({"too-fast", "try-again"})
QUIET = logging.getLogger(__name__)
"""Takes what the library says about every lost connection; losing them is what we do."""
QUIET.addHandler(logging.NullHandler())
QUIET.propagate = False

Answer = TypeVar("Answer")


class Gone(Exception):
    """The connection is lost; what was asked may or may not have happened."""


class Refused(Exception):
    """The server said no, with a stable code."""

    def __init__(self, code: str, retry_s: float = 1.0) -> None:
        """Remember the code, and after how long it makes sense to ask again."""
        super().__init__(code)
        self.code = code
        self.retry_s = retry_s


class Pulse:
    """Wakes everybody who waits for something about an end to become true."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._event = asyncio.Event()

    def beat(self) -> None:
        """Let all who wait look again."""
        self._event.set()
        self._event = asyncio.Event()

    async def next(self, within_s: float) -> None:
        """Wait for the next change, or for so long."""
        event = self._event
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                await event.wait()

    async def until(self, holds: Callable[[], bool], within_s: float) -> bool:
        """Wait until it holds; False when it does not within the time."""
        try:
            async with asyncio.timeout(within_s):
                while not holds():
                    await self._event.wait()
        except TimeoutError:
            return holds()
        return True


class Wire:
    """One connection to one namespace: it asks, and keeps hints in the order they came."""

    def __init__(self, client: socketio.AsyncClient, namespace: str) -> None:
        """Wrap a client; use `connected`."""
        self._client = client
        self._namespace = namespace
        self._hints: deque[tuple[str, Any]] = deque()
        self._heard = asyncio.Event()
        self._asked: set[asyncio.Future[Any]] = set()
        self._lost = False
        self._refusal = ""
        client.on("*", self.put, namespace=namespace)
        client.on("connect_error", self._refuse, namespace=namespace)
        client.on("disconnect", self._lose, namespace=namespace)

    @classmethod
    async def connected(
        cls, http: aiohttp.ClientSession, origin: str, namespace: str, auth: dict[str, Any]
    ) -> Wire:
        """Connect as a browser on this origin does.

        Raises:
            Refused: by the room, with its code.
            Gone: nobody answered.
        """
        client = socketio.AsyncClient(
            reconnection=False,
            handle_sigint=False,
            http_session=http,
            logger=QUIET,
            engineio_logger=QUIET,
        )
        wire = cls(client, namespace)
        try:
            async with asyncio.timeout(CONNECT_S):
                await client.connect(
                    origin,
                    headers={"Origin": origin},
                    auth=auth,
                    transports=["websocket"],
                    namespaces=[namespace],
                    wait_timeout=CONNECT_S,
                )
        except (socketio.exceptions.ConnectionError, aiohttp.ClientError, OSError):
            await wire.abort()
            if wire._refusal:
                raise Refused(wire._refusal) from None
            raise Gone("no connection") from None
        except BaseException:
            await wire.abort()
            raise
        return wire

    async def ask(self, event: str, body: dict[str, Any]) -> dict[str, Any]:
        """Send one event and give its answer.

        Raises:
            Refused: the server said no.
            Gone: the connection was lost before the answer.
        """
        if self._lost:
            raise Gone(event)
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._asked.add(answered)

        def answer(given: Any = None) -> None:
            if not answered.done():
                answered.set_result(given)

        try:
            async with asyncio.timeout(ANSWER_S):
                await self._client.emit(event, body, namespace=self._namespace, callback=answer)
                given = await answered
        except TimeoutError:
            await self.abort()
            raise Gone(event) from None
        except socketio.exceptions.SocketIOError:
            raise Gone(event) from None
        finally:
            self._asked.discard(answered)
        if not isinstance(given, dict):
            raise Gone(event)
        if not given.pop("ok"):
            raise Refused(given["code"], given.get("retry_ms", 1000) / 1000)
        return given

    async def insist(self, event: str, body: dict[str, Any]) -> dict[str, Any]:
        """As `ask`, but wait and ask again when it only came too fast."""
        for _ in range(PATIENCE):
            try:
                return await self.ask(event, body)
            except Refused as refused:
                if refused.code not in PASSING:
                    raise
                await asyncio.sleep(refused.retry_s)
        raise Gone(event)

    def put(self, event: str, *data: Any) -> None:
        """Add a hint at the end; the same hint twice in a row is one."""
        hint = (event, data[0] if data else None)
        if not self._hints or self._hints[-1] != hint:
            self._hints.append(hint)
        self._heard.set()

    async def next(self) -> tuple[str, Any]:
        """Give the next hint.

        Raises:
            Gone: the connection is lost; hints that were left are dropped, as in a browser.
        """
        while not self._lost:
            if self._hints:
                return self._hints.popleft()
            self._heard.clear()
            await self._heard.wait()
        raise Gone("hints")

    async def abort(self) -> None:
        """Drop the connection without a goodbye."""
        self._lose()
        # What came in before is handled first: half a packet would be a fault in the library.
        self._client.eio.handlers.pop("message", None)
        await asyncio.sleep(0)
        with contextlib.suppress(TimeoutError, OSError, aiohttp.ClientError):
            async with asyncio.timeout(CONNECT_S):
                await self._client.eio.disconnect(abort=True)

    def _lose(self, *_reason: object) -> None:
        self._lost = True
        self._heard.set()
        for answered in self._asked:
            if not answered.done():
                answered.set_exception(Gone("lost"))

    def _refuse(self, data: Any = None) -> None:
        self._refusal = data.get("message", "") if isinstance(data, dict) else ""


class Link:
    """Keeps one end connected: knocks, beats, hands over hints one by one, comes back."""

    def __init__(
        self,
        origin: str,
        namespace: str,
        *,
        http: aiohttp.ClientSession,
        tokens: TokenSource,
        knock: Callable[[], Awaitable[dict[str, Any]]],
        hear: Callable[[str, Any], Awaitable[None]],
    ) -> None:
        """Know where to connect.

        `knock` gives what the room wants to see at the door. `hear` is called with `up` after
        each connecting, then with each hint; it may raise Gone.
        """
        self._origin = origin
        self._namespace = namespace
        self._http = http
        self._tokens = tokens
        self._knock = knock
        self._hear = hear
        self._away_until = 0.0
        self._wire: Wire | None = None
        self.over = False
        self.refusal = ""
        self.changed = Pulse()

    @property
    def up(self) -> bool:
        """Say whether there is a connection."""
        return self._wire is not None

    async def run(self) -> None:
        """Stay connected until it is over, or the room refuses us for good."""
        loop = asyncio.get_running_loop()
        while not self.over:
            if loop.time() < self._away_until:
                within = min(self._away_until - loop.time(), BEAT_S)
                await self.changed.until(lambda: self.over, within)
                continue
            try:
                await self._stay()
            except Gone:
                await asyncio.sleep(RETRY_S)
            except Refused as refused:
                if refused.code not in PASSING:
                    self.refusal = refused.code
                    self.over = True
                await asyncio.sleep(RETRY_S)
        self.changed.beat()

    async def ask(self, event: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask over the present connection, patiently; see `Wire.insist`."""
        return await self.wire.insist(event, body)

    @property
    def wire(self) -> Wire:
        """Give the present connection.

        Raises:
            Gone: there is none.
        """
        if self._wire is None:
            raise Gone("away")
        return self._wire

    def nudge(self, event: str) -> None:
        """Let `hear` be called with an own event, in its turn. Nothing when there is no one."""
        if self._wire is not None:
            self._wire.put(event)

    async def drop(self, away_s: float) -> None:
        """Lose the connection for so long."""
        self._away_until = asyncio.get_running_loop().time() + away_s
        if self._wire is not None:
            await self._wire.abort()

    async def close(self) -> None:
        """Leave for good."""
        self.over = True
        await self.drop(math.inf)
        self.changed.beat()

    async def moved(self) -> None:
        """Come back elsewhere within some seconds, not all at once."""
        await self.drop(MOVED_S * self._tokens.bytes(1)[0] / 256)

    async def _stay(self) -> None:
        wire = await Wire.connected(self._http, self._origin, self._namespace, await self._knock())
        self._wire = wire
        try:
            async with asyncio.TaskGroup() as group:
                beats = group.create_task(self._beat(wire), name="beats")
                await self._hear_all(wire)
                beats.cancel()
        finally:
            self._wire = None
            await wire.abort()
            self.changed.beat()

    async def _hear_all(self, wire: Wire) -> None:
        with contextlib.suppress(Gone):
            await self._hear("up", None)
            while not self.over:
                await self._hear(*await wire.next())

    async def _beat(self, wire: Wire) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            try:
                await wire.ask("beat", {})
            except Gone:
                return
            except Refused:
                continue


async def post(
    http: aiohttp.ClientSession,
    origin: str,
    path: str,
    body: dict[str, Any],
    gives: type[Answer],
    cookie: str = "",
) -> Answer:
    """Post JSON as a page of this origin does.

    Raises:
        Refused: with the problem's code.
        Gone: nobody answered.
    """
    headers = {"Origin": origin, "Content-Type": "application/json"}
    if cookie:
        headers["Cookie"] = cookie
    try:
        async with (
            asyncio.timeout(ANSWER_S),
            http.post(origin + path, data=msgspec.json.encode(body), headers=headers) as answer,
        ):
            raw = await answer.read()
    except (TimeoutError, OSError, aiohttp.ClientError):
        raise Gone(path) from None
    if not answer.ok:
        raise Refused(msgspec.json.decode(raw)["code"])
    return msgspec.json.decode(raw or b"null", type=gives)


@contextlib.asynccontextmanager
async def browsers() -> AsyncIterator[aiohttp.ClientSession]:
    """Give what all simulated browsers connect with; it keeps no cookies."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
    ) as http:
        yield http
