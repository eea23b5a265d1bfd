"""The two ends of a chat on real sockets with real encryption, as browsers do it."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING, Any, Protocol, Self

import aiohttp
import socketio

from luisterlijn.edge.guard import b64, read_b64
from luisterlijn.edge.world import SystemTokens
from luisterlijn.privacy.endtoend import (
    LineAddress,
    MemberKeys,
    Side,
    Stream,
    Vouched,
    earlier_key_info,
    key_info,
    new_member_keys,
    new_secret,
    open_line,
    open_secret,
    seal_line,
    seal_secret,
    verify_member,
)
from luisterlijn.privacy.redaction import PlainText, Secret

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from luisterlijn.kernel.ids import PersonId
    from tests.support.served import Served

WAITS_S = 10.0
TOKENS = SystemTokens()
SIGNED = ("epoch", "member", "public_key", "until_at", "role", "reads_from")
"""Fields of a member that the server's signature covers, beside the contact."""


class Node(Protocol):
    """Where a node is: the host and port of its two faces."""

    @property
    def public(self) -> str:
        """Give the host and port of the public face."""
        ...

    @property
    def console(self) -> str:
        """Give the host and port of the console's face."""
        ...


class Wire:
    """One Socket.IO connection in one namespace; what it hears is kept until somebody asks."""

    def __init__(self, namespace: str, http: aiohttp.ClientSession | None = None) -> None:
        """Connect later; by `http` when its address or headers matter."""
        self.namespace = namespace
        self.client = socketio.AsyncClient(
            reconnection=False, handle_sigint=False, http_session=http
        )
        self.refusal = ""
        self.down = asyncio.Event()
        self._heard: dict[str, asyncio.Queue[Any]] = {}
        self.client.on("*", self._keep, namespace=namespace)
        self.client.on("connect_error", self._refused, namespace=namespace)
        self.client.on("disconnect", self._down, namespace=namespace)

    async def connect(self, url: str, auth: object, origin: str) -> Self:
        """Connect; `refusal` holds the code when the server does not let us in."""
        with contextlib.suppress(socketio.exceptions.ConnectionError):
            await self.client.connect(
                url,
                headers={"Origin": origin} if origin else {},
                auth=auth,
                transports=["websocket"],
                namespaces=[self.namespace],
                wait_timeout=WAITS_S,
            )
        return self

    async def ask(self, event: str, data: object = None) -> dict[str, Any]:
        """Send an event, and give its answer."""
        answer: dict[str, Any] = await self.client.call(
            event, data, namespace=self.namespace, timeout=WAITS_S
        )
        return answer

    async def hears(self, event: str) -> Any:
        """Give the next of this event that nobody took yet."""
        async with asyncio.timeout(WAITS_S):
            return await self._of(event).get()

    def unheard(self, event: str) -> int:
        """Give how many of this event wait to be taken."""
        return self._of(event).qsize()

    async def close(self) -> None:
        """Go away."""
        await self.client.disconnect()

    def _of(self, event: str) -> asyncio.Queue[Any]:
        return self._heard.setdefault(event, asyncio.Queue())

    async def _keep(self, event: str, data: Any = None) -> None:
        self._of(event).put_nowait(data)
        if event == "prove":
            await self.client.emit("here", namespace=self.namespace)

    async def _refused(self, data: Any = None) -> None:
        self.refusal = data["message"] if isinstance(data, dict) else str(data)

    async def _down(self, *_reason: object) -> None:
        self.down.set()


class End:
    """What page and console share: secrets of periods, a stream, lines in order."""

    def __init__(self, side: Side, contact: str) -> None:
        """Start without a secret."""
        self.side = side
        self.contact = contact
        self.period = 0
        self.secrets: dict[int, Secret[bytes]] = {}
        self.stream = Stream(TOKENS)

    def write(self, text: str, client_id: str = "") -> dict[str, Any]:
        """Encrypt a line for the period that is now."""
        client_id = client_id or TOKENS.bytes(16).hex()
        at = LineAddress(
            contact=self.contact,
            period=self.period,
            side=self.side,
            stream=self.stream.id,
            counter=self.stream.take(),
            client_id=client_id,
        )
        sealed = seal_line(self.secrets[self.period], at, PlainText(text), 0)
        return {
            "client_id": client_id,
            "period": at.period,
            "stream": at.stream,
            "counter": at.counter,
            "sealed": sealed,
        }

    def read(self, line: dict[str, Any]) -> str:
        """Decrypt a line of either side."""
        at = LineAddress(
            contact=line["contact"],
            period=line["period"],
            side=Side(line["by"]),
            stream=line["stream"],
            counter=line["counter"],
            client_id=line["client_id"],
        )
        return open_line(self.secrets[line["period"]], at, line["sealed"]).text.reveal()


class Page(End):
    """A visitor's page."""

    def __init__(
        self, node: Node, begun: dict[str, Any], http: aiohttp.ClientSession | None = None
    ) -> None:
        """Keep what `POST /chat` gave; `http` when address or headers matter."""
        super().__init__(Side.VISITOR, begun["contact"])
        self.node = node
        self.begun = begun
        self.http = http
        self.wire = Wire("/visitor")
        self.snapshot: dict[str, Any] = {}

    async def knock(self, *, origin: str | None = None) -> Self:
        """Open a socket with the token; `wire.refusal` tells when it is not let in."""
        self.wire = Wire("/visitor", self.http)
        own = f"http://{self.node.public}"
        auth = {"token": self.begun["token"]}
        await self.wire.connect(own, auth, own if origin is None else origin)
        return self

    async def open(self) -> dict[str, Any]:
        """Open a socket and the conversation; gives the snapshot."""
        await self.knock()
        answer = await self.wire.ask("open")
        assert answer["ok"], answer
        self.snapshot = answer["snapshot"]
        return self.snapshot

    async def until(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Follow the hints until the snapshot fits."""
        while not fits(self.snapshot):
            self.snapshot = (await self.wire.hears("changed"))["snapshot"]
        return self.snapshot

    def boxes(self) -> dict[str, Any]:
        """Check the members' signatures, and seal to each the secrets they may have."""
        members = self.snapshot["members"]
        self.period = members["version"]
        self.secrets.setdefault(self.period, new_secret(TOKENS))
        names = [each["member"] for each in members["list"]]
        sealed = []
        for each in members["list"]:
            vouched = Vouched(contact=self.contact, **{name: each[name] for name in SIGNED})
            assert verify_member(read_b64(self.begun["signer"]), vouched, each["signature"])
            for period, secret in self.secrets.items():
                if not vouched.may_have(period):
                    continue
                info = (
                    key_info(self.contact, period, names)
                    if period == self.period
                    else earlier_key_info(self.contact, period)
                )
                box = seal_secret(secret, each["public_key"], info)
                sealed.append({"member": each["member"], "period": period, "box": box})
        return {"period": self.period, "sealed": sealed}

    async def give_keys(self) -> None:
        """Wait for somebody, and give them the secret; the list may change meanwhile."""
        while True:
            await self.until(lambda now: bool(now["members"]["list"]))
            answer = await self.wire.ask("keys", self.boxes())
            if answer.get("code") != "key-period-passed":
                break
            await self.until(lambda now: now["members"]["version"] != self.period)
        assert answer == {"ok": True}, answer

    async def say(self, text: str) -> int:
        """Say something; gives its number."""
        answer = await self.wire.ask("say", self.write(text))
        assert answer["ok"], answer
        return int(answer["seq"])


class Console(End):
    """A volunteer's console, in one conversation at a time."""

    def __init__(
        self, node: Node, ticket: Callable[[], Awaitable[str]], keys: MemberKeys | None = None
    ) -> None:
        """Make a key pair unless one is brought along; `ticket` gives one for one socket."""
        super().__init__(Side.VOLUNTEER, "")
        self.node = node
        self.ticket = ticket
        self.keys = keys or new_member_keys()
        self.wire = Wire("/console")
        self.epoch = 0

    async def connect(self) -> Self:
        """Sit down, with a ticket for one socket."""
        self.wire = Wire("/console")
        ticket = await self.ticket()
        own = f"http://{self.node.console}"
        await self.wire.connect(own, {"ticket": ticket, "public_key": b64(self.keys.public)}, own)
        assert not self.wire.refusal, self.wire.refusal
        return self

    async def until(self, fits: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Follow the hints until the snapshot fits."""
        while True:
            snapshot: dict[str, Any] = (await self.wire.ask("snapshot"))["snapshot"]
            if fits(snapshot):
                return snapshot
            await self.wire.hears("changed")

    async def take(self) -> None:
        """Be ready, and accept the offer that comes."""
        await self.order("presence", to="ready")
        offer = (await self.until(lambda now: now["offer"] is not None))["offer"]
        self.contact, self.epoch = offer["contact"], offer["epoch"]
        await self.order("accept", contact=self.contact, epoch=self.epoch)

    async def fetch_keys(self) -> None:
        """Wait until the page gave a secret, and open the boxes."""
        await self.wire.hears("key")
        answer = await self.wire.ask("keys", {"contact": self.contact})
        self.period = answer["version"]
        for each in answer["boxes"]:
            info = (
                key_info(self.contact, each["period"], each["members"])
                if each["members"]
                else earlier_key_info(self.contact, each["period"])
            )
            self.secrets[each["period"]] = open_secret(each["box"], self.keys, info)

    def speech(self, text: str) -> dict[str, Any]:
        """Encrypt a line with its fence."""
        return {**self.write(text), "contact": self.contact, "epoch": self.epoch}

    async def say(self, text: str) -> int:
        """Say something; gives its number."""
        answer = await self.wire.ask("say", self.speech(text))
        assert answer["ok"], answer
        return int(answer["seq"])

    async def order(self, event: str, **fields: object) -> None:
        """Order something that may not be refused."""
        answer = await self.wire.ask(event, fields)
        assert answer["ok"], answer


def _small_ear(address: tuple[Any, ...]) -> socket.socket:
    ear = socket.socket(address[0], address[1], address[2])
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    return ear


class DeafSocket:
    """A page that asks and never reads: its window is full soon."""

    def __init__(self, node: Served, token: str) -> None:
        """Connect when entered."""
        self._node = node
        self._token = token
        self._stack = contextlib.AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Shake hands, sit down, and stop reading."""
        own = f"http://{self._node.public}"
        client = await self._stack.enter_async_context(
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(socket_factory=_small_ear))
        )
        self._ws = await self._stack.enter_async_context(
            client.ws_connect(
                f"{own}/socket.io/?EIO=4&transport=websocket",
                origin=own,
                timeout=aiohttp.ClientWSTimeout(ws_close=0.1),
            )
        )
        await self._ws.receive()
        await self._ws.send_str('40/visitor,{"token":"' + self._token + '"}')
        await self._ws.receive()
        return self

    async def send(self, text: str) -> None:
        """Ask; the answer is never read."""
        with contextlib.suppress(ConnectionError):
            await self._ws.send_str(text)

    async def __aexit__(self, *_error: object) -> None:
        """Close without a goodbye."""
        await self._stack.aclose()


async def begin(node: Served, language: str = "nl", ticket: str | None = None) -> Page:
    """Press "Begin" on the page."""
    await node.built.house.line.look()
    answer = await node.ask(
        "POST", "/chat", host=node.public, json={"language": language, "ticket": ticket}
    )
    assert answer.status == 201, answer.body
    return Page(node, answer.json())


async def console(node: Served, person: PersonId, keys: MemberKeys | None = None) -> Console:
    """Sign a volunteer in and open the console."""
    session = await node.built.house.accounts.demo_session(person)

    async def ticket() -> str:
        now_s = asyncio.get_running_loop().time()
        return node.built.house.accounts.socket_ticket(session, now_s)

    return await Console(node, ticket, keys).connect()


@contextlib.asynccontextmanager
async def talk(node: Served, person: PersonId) -> AsyncIterator[tuple[Page, Console]]:
    """Let a chatter and this volunteer talk, both able to read; closes both at the end."""
    listener = await console(node, person)
    page = await begin(node)
    try:
        await page.open()
        await listener.take()
        await page.give_keys()
        await listener.fetch_keys()
        yield page, listener
    finally:
        await close(page, listener)


async def close(*ends: Page | Console) -> None:
    """Close every socket."""
    for end in ends:
        await end.wire.close()


def texts(end: End, lines: Iterable[dict[str, Any]]) -> list[str]:
    """Read lines that one end was given."""
    return [end.read(line) for line in lines]
