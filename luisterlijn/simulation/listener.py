"""A volunteer's console: sees offers, reads what it has keys for, answers, ends, writes up."""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from luisterlijn.accounts.wire import SocketTicket
from luisterlijn.chat.wire import Line, Lines, MemberKeys
from luisterlijn.dispatch.wire import ConsoleSnapshot, ContactView
from luisterlijn.edge.guard import COOKIE, b64
from luisterlijn.privacy.endtoend import Side, new_member_keys
from luisterlijn.simulation.record import Record
from luisterlijn.simulation.room import Conversation, Room
from luisterlijn.simulation.visitor import spelled
from luisterlijn.simulation.wire import Link, Pulse, Refused, post

if TYPE_CHECKING:
    import aiohttp

    from luisterlijn.dispatch.wire import OfferView
    from luisterlijn.kernel.clock import Clock
    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.privacy.endtoend import LineAddress

NAMESPACE = "/console"


@dataclass(slots=True)
class Talk:
    """A conversation in hand. `version`: the newest key period that we fetched boxes of."""

    conversation: Conversation
    view: ContactView
    version: int = 0

    @property
    def has_key(self) -> bool:
        """Say whether we can read and write now."""
        return self.version > 0 and self.conversation.room.has(self.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An offer as it came on screen; moments in the loop's time."""

    contact: str
    epoch: int
    seen_at: float
    free_since: float


class Listener:
    """One console of one volunteer. `run` is its life; the rest is what the person does."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        console_url: str,
        session: str,
        tokens: TokenSource,
        clock: Clock,
    ) -> None:
        """Sit down with a session's token (hex)."""
        self._http = http
        self._console_url = console_url
        self._session = session
        self._tokens = tokens
        self._clock = clock
        self._keys = new_member_keys()
        self._begins_anew = False
        self.snapshot: ConsoleSnapshot | None = None
        self.talks: dict[str, Talk] = {}
        self.records: dict[str, Record] = {}
        self.offers: dict[tuple[str, int], Offered] = {}
        self.free_since = math.inf
        self.changed = Pulse()
        self.ack_ms: list[float] = []
        self.link = Link(
            console_url,
            NAMESPACE,
            http=http,
            tokens=tokens,
            knock=self._knock,
            hear=self._hear,
        )

    async def run(self) -> None:
        """Keep the console open until `close`."""
        await self.link.run()
        self.changed.beat()

    @property
    def offer(self) -> OfferView | None:
        """Give the offer on screen."""
        return self.snapshot.offer if self.snapshot is not None and self.link.up else None

    # What the person does.

    async def presence(self, to: str) -> None:
        """Be ready, paused or away."""
        await self.link.ask("presence", {"to": to})
        self._freed()

    async def capacity(self, chats: int) -> None:
        """Take so many chats at once."""
        await self.link.ask("capacity", {"chats": chats})

    async def accept(self, offer: OfferView) -> bool:
        """Press "Aannemen"; False when the offer was gone."""
        return await self._answer("accept", offer)

    async def decline(self, offer: OfferView) -> bool:
        """Press "Nu niet"; False when the offer was gone."""
        return await self._answer("decline", offer)

    def say(self, contact: str, text: str) -> str | None:
        """Send a line; what cannot go now goes when it can. None: the chat is not ours."""
        talk = self.talks.get(contact)
        if talk is None:
            return None
        client_id = talk.conversation.write(text)
        self.link.nudge("flush")
        return client_id

    async def end(self, contact: str) -> None:
        """End the conversation."""
        await self.link.ask("end", {"contact": contact, "reason": "ended"})

    async def wrap_up(self, contact: str, form: dict[str, Any], then: str = "ready") -> None:
        """Hand in the short form."""
        await self.link.ask("wrapup", {"contact": contact, "form": form, "then": then})
        self._freed()

    async def anew(self, away_s: float) -> None:
        """Fall away, and come back with nothing: another key, no lines, no secrets."""
        self._begins_anew = True
        await self.link.drop(away_s)

    async def close(self) -> None:
        """Be gone without a word."""
        await self.link.close()

    async def _answer(self, answer: str, offer: OfferView) -> bool:
        try:
            await self.link.ask(answer, {"contact": offer.contact, "epoch": offer.epoch})
        except Refused as refused:
            if refused.code != "offer-gone":
                raise
            return False
        self._freed()
        return True

    def _freed(self) -> None:
        self.free_since = asyncio.get_running_loop().time()

    # The console's side of the protocol.

    async def _knock(self) -> dict[str, Any]:
        # The old console is silent by now: nothing of it can still take in a line.
        if self._begins_anew:
            self._begins_anew = False
            self._keys = new_member_keys()
            self.talks.clear()
            self.snapshot = None
        given = await post(
            self._http,
            self._console_url,
            "/session/ticket",
            {},
            SocketTicket,
            cookie=f"{COOKIE}={self._session}",
        )
        return {"ticket": given.ticket, "public_key": b64(self._keys.public)}

    async def _hear(self, event: str, data: Any) -> None:
        try:
            match event:
                case "up" | "changed":
                    await self._look()
                case "line":
                    await self._line(_read(data, Line))
                case "key":
                    await self._fetch_keys(data["contact"])
                case "flush":
                    for talk in list(self.talks.values()):
                        await self._flush(talk)
                case "moved":
                    await self.link.moved()
                case "replaced" | "signed_out":
                    await self.link.close()
        except Refused as refused:
            self._later(refused)
        self.changed.beat()

    def _later(self, refused: Refused) -> None:
        """Ours no more, or something that cannot be now: a later snapshot says what is so."""
        asyncio.get_running_loop().call_later(refused.retry_s, self.link.nudge, "changed")

    async def _look(self) -> None:
        answer = await self.link.ask("snapshot", {})
        snapshot = _read(answer["snapshot"], ConsoleSnapshot)
        self.snapshot = snapshot
        if snapshot.offer is not None:
            self._note(snapshot.offer)
        here = {
            view.contact: view
            for view in snapshot.contacts
            if view.state != "wrapup" and view.channel == "chat"
        }
        for contact in [contact for contact in self.talks if contact not in here]:
            del self.talks[contact]
        self.changed.beat()
        for view in here.values():
            try:
                await self._follow(view)
            except Refused as refused:
                self._later(refused)

    def _note(self, offer: OfferView) -> None:
        seen = Offered(
            contact=offer.contact,
            epoch=offer.epoch,
            seen_at=asyncio.get_running_loop().time(),
            free_since=self.free_since,
        )
        self.offers.setdefault((offer.contact, offer.epoch), seen)

    async def _follow(self, view: ContactView) -> None:
        talk = self.talks.get(view.contact)
        if talk is None or talk.view.epoch != view.epoch:
            talk = self._sit_down(view)
        talk.view = view
        if view.members_version != talk.version or not talk.has_key:
            await self._fetch_keys(view.contact)
        if view.seq > talk.conversation.last:
            await self._resume(talk)
        await self._flush(talk)

    def _sit_down(self, view: ContactView) -> Talk:
        conversation = Conversation(
            Room(view.contact, Side.VOLUNTEER, self._tokens),
            self.records.setdefault(view.contact, Record()),
            self._tokens,
            self._clock,
        )
        talk = self.talks[view.contact] = Talk(conversation, view)
        return talk

    async def _line(self, line: Line) -> None:
        talk = self.talks.get(line.contact)
        if talk is not None and not talk.conversation.hear(line):
            await self._resume(talk)

    async def _fetch_keys(self, contact: str) -> None:
        talk = self.talks.get(contact)
        if talk is None:
            return
        keys: MemberKeys = _read(await self.link.ask("keys", {"contact": contact}), MemberKeys)
        talk.conversation.room.learn_from(keys.boxes, self._keys)
        talk.version = keys.version
        talk.conversation.open_waiting()
        await self._flush(talk)

    async def _resume(self, talk: Talk) -> None:
        async def lines(after: int) -> Lines:
            asked = {"contact": talk.view.contact, "after": after}
            found: Lines = _read(await self.link.ask("resume", asked), Lines)
            return found

        await talk.conversation.resume(lines)

    async def _flush(self, talk: Talk) -> None:
        async def say(place: LineAddress, sealed: bytes) -> int:
            began = asyncio.get_running_loop().time()
            where = {"contact": talk.view.contact, "epoch": talk.view.epoch}
            answer = await self.link.wire.ask("say", where | spelled(place, sealed))
            self.ack_ms.append(1000 * (asyncio.get_running_loop().time() - began))
            return int(answer["seq"])

        try:
            if not await talk.conversation.flush(talk.version, say):
                await self._resume(talk)
        except Refused as refused:
            self._later(refused)

    async def until_up(self, within_s: float) -> bool:
        """Wait until the console shows something; False when it does not, or never will."""
        await self.changed.until(lambda: self._shows or self.link.over, within_s)
        return self._shows

    @property
    def _shows(self) -> bool:
        return self.link.up and self.snapshot is not None


def _read(value: Any, shape: Any) -> Any:
    return msgspec.convert(value, shape, builtin_types=(bytes,))
