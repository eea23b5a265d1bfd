"""A chatter's page: begins a chat, waits, hands out keys, talks, reloads, comes back."""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Any

import msgspec

from luisterlijn.chat.wire import ChatBegun, Ended, Line, Lines, VisitorSnapshot
from luisterlijn.edge.guard import read_b64
from luisterlijn.kernel.clock import to_wire
from luisterlijn.privacy.endtoend import Side, verify_member
from luisterlijn.simulation.record import Record
from luisterlijn.simulation.room import Conversation, Room, vouched
from luisterlijn.simulation.wire import Gone, Link, Pulse, Refused, post

if TYPE_CHECKING:
    import aiohttp

    from luisterlijn.chat.wire import Member, Members
    from luisterlijn.kernel.clock import Clock
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.privacy.endtoend import LineAddress

NAMESPACE = "/visitor"
MOST_BOXES = 64
LAST_WORD_S = 1.0
"""After "Stop" the page still hears why it ended, and what it may be asked."""
WAITING = frozenset({"queued", "offered"})


class Visitor:
    """One page with one chat. `run` is its life; the rest is what the person does."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        public_url: str,
        begun: ChatBegun,
        tokens: TokenSource,
        clock: Clock,
    ) -> None:
        """Hold a chat that was begun; see `begin`."""
        self._http = http
        self._public_url = public_url
        self._token = begun.token
        self._signer = read_b64(begun.signer)
        self._clock = clock
        self.contact = begun.contact
        self.record = Record()
        self.conversation = Conversation(
            Room(begun.contact, Side.VISITOR, tokens), self.record, tokens, clock
        )
        self.snapshot: VisitorSnapshot | None = None
        self._half: bytes | None = None
        self._published = 0
        self.ended: Ended | None = None
        self.over = False
        self.untrusted = 0
        self.changed = Pulse()
        self.first_open = math.inf
        """When, in the loop's time, the page first showed a sign of life."""
        self._loads_again = False
        self.ack_ms: list[float] = []
        self.link = Link(
            public_url,
            NAMESPACE,
            http=http,
            tokens=tokens,
            knock=self._knock,
            hear=self._hear,
        )

    @classmethod
    async def begin(
        cls,
        http: aiohttp.ClientSession,
        public_url: str,
        tokens: TokenSource,
        clock: Clock,
        language: str = "nl",
    ) -> Visitor:
        """Press "Begin een chat".

        Raises:
            Refused: `line-closed`, `line-full`, `too-fast`.
            Gone: nobody answered.
        """
        begun = await post(http, public_url, "/chat", {"language": language}, ChatBegun)
        return cls(http, public_url, begun, tokens, clock)

    async def run(self) -> None:
        """Show the page until the chat is over, or `close`."""
        await self.link.run()
        self.over = self.over or self.link.refusal == "contact-gone"
        self.changed.beat()

    @property
    def state(self) -> str:
        """Give the chat's state as the page shows it; `opening` before the first answer."""
        return self.snapshot.state if self.snapshot is not None else "opening"

    @property
    def waits(self) -> bool:
        """Say whether no volunteer has the chat."""
        return self.state in WAITING or self.state == "opening"

    # What the person does.

    def say(self, text: str) -> str:
        """Send a line; what cannot go now goes when it can. Gives its client id."""
        client_id = self.conversation.write(text)
        self.link.nudge("flush")
        return client_id

    async def end(self) -> None:
        """Press "Stop het gesprek", or stop waiting; again when the answer was lost."""
        while not self.over:
            try:
                await self.link.ask("end", {})
            except Refused:
                self.over = True  # it was over already
            except Gone:
                if not self.link.over:
                    await self.link.changed.until(lambda: self.link.up or self.link.over, 1.0)
                    continue
            break
        await self.changed.until(lambda: self.ended is not None or self.link.over, LAST_WORD_S)
        await self._finish()

    async def opinion(self, answer: str) -> bool:
        """Say whether it helped; False when it was not asked."""
        if self.ended is None or self.ended.opinion is None:
            return False
        body = {"ticket": self.ended.opinion, "answer": answer}
        await post(self._http, self._public_url, "/chat/opinion", body, object)
        return True

    async def leave(self) -> None:
        """Press "Snel weg": the page is gone at once, the server hears a beacon."""
        await self.link.close()
        await post(self._http, self._public_url, "/chat/leave", {"token": self._token}, object)

    async def reload(self) -> None:
        """Load the page again: new socket, new stream, all lines anew; kept secrets stay."""
        self._loads_again = True
        await self.link.drop(0.0)

    async def close(self) -> None:
        """Close the page without a word."""
        await self.link.close()

    # The page's side of the protocol.

    async def _knock(self) -> dict[str, Any]:
        # The old load is silent by now: nothing of it can still take in a line.
        if self._loads_again:
            self._loads_again = False
            self.snapshot = None
            self.conversation.reload()
        return {"token": self._token}

    async def _hear(self, event: str, data: Any) -> None:
        try:
            match event:
                case "up":
                    await self._open()
                case "changed":
                    await self._take(_read(data["snapshot"], VisitorSnapshot))
                case "line":
                    if not self.conversation.hear(_read(data, Line)):
                        await self._resume()
                case "flush":
                    await self._flush()
                case _:
                    await self._hear_order(event, data)
        except Refused as refused:
            if refused.code == "contact-gone":
                # Why it ended may be on its way still.
                asyncio.get_running_loop().call_later(LAST_WORD_S, self.link.nudge, "gone")
            elif refused.code != "not-your-contact":  # an older socket of this very page
                again = "flush" if refused.code == "too-fast" else "up"
                asyncio.get_running_loop().call_later(refused.retry_s, self.link.nudge, again)
        self.changed.beat()

    async def _hear_order(self, event: str, data: Any) -> None:
        match event:
            case "prove":
                await self.link.ask("here", {})
            case "ended":
                self.ended = _read(data, Ended)
                await self._finish()
            case "gone":
                await self._finish()
            case "moved":
                await self.link.moved()
            case "replaced":
                await self.link.close()

    async def _finish(self) -> None:
        self.over = True
        await self.link.close()
        self.changed.beat()

    async def _open(self) -> None:
        asked_at = asyncio.get_running_loop().time()
        answer = await self.link.ask("open", {})
        snapshot = _read(answer["snapshot"], VisitorSnapshot)
        if snapshot.state in WAITING:
            self.first_open = min(self.first_open, asked_at)
        await self._take(snapshot)

    async def _take(self, snapshot: VisitorSnapshot) -> None:
        if self.snapshot is not None and snapshot.version < self.snapshot.version:
            return
        self._keep_keys(snapshot.half)
        self.snapshot = snapshot
        self.changed.beat()
        await self._publish(snapshot.members)
        if snapshot.seq > self.conversation.last:
            await self._resume()
        await self._flush()

    def _keep_keys(self, half: bytes | None) -> None:
        """Do as the browser: what is kept opens only together with the server's same half."""
        if self._half is not None and half != self._half:
            self.conversation.room.forget()
        self._half = half or self._half

    async def _publish(self, members: Members) -> None:
        if self._published == members.version or not any(
            each.role == Side.VOLUNTEER.value for each in members.present
        ):
            return
        if not all(self._trusts(each) for each in members.present):
            self.untrusted += 1
            return
        room = self.conversation.room
        room.begin(members.version)
        boxes = room.boxes(members)
        own = [box for box in boxes if box["period"] == members.version]
        earlier = [box for box in boxes if box["period"] != members.version]
        step = MOST_BOXES - len(own)
        for at in range(0, max(len(earlier), 1), step):
            sealed = [*own, *earlier[at : at + step]]
            try:
                await self.link.ask("keys", {"period": members.version, "sealed": sealed})
            except Refused as refused:
                if refused.code == "key-period-passed":
                    return  # the members changed; their new list is on its way
                raise
        self._published = members.version

    def _trusts(self, member: Member) -> bool:
        lasts = member.until_at > to_wire(self._clock.now())
        return lasts and verify_member(
            self._signer, vouched(self.contact, member), member.signature
        )

    async def _resume(self) -> None:
        await self.conversation.resume(self._lines)
        self.changed.beat()

    async def _lines(self, after: int) -> Lines:
        found: Lines = _read(await self.link.ask("resume", {"after": after}), Lines)
        return found

    async def _flush(self) -> None:
        if self.snapshot is None or self._published != self.snapshot.members.version:
            return
        if not await self.conversation.flush(self.snapshot.members.version, self._say):
            await self._resume()
        self.changed.beat()

    async def _say(self, place: LineAddress, sealed: bytes) -> int:
        began = asyncio.get_running_loop().time()
        answer = await self.link.wire.ask("say", spelled(place, sealed))
        self.ack_ms.append(1000 * (asyncio.get_running_loop().time() - began))
        return int(answer["seq"])


def spelled(place: LineAddress, sealed: bytes) -> dict[str, Any]:
    """Give a sealed line as the wire wants it."""
    return {
        "client_id": place.client_id,
        "period": place.period,
        "stream": place.stream,
        "counter": place.counter,
        "sealed": sealed,
    }


def _read(value: Any, shape: Any) -> Any:
    return msgspec.convert(value, shape, builtin_types=(bytes,))
