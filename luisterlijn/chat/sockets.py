"""A chat in real time: the page's namespace, and a chat's orders in the console's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, cast
from uuid import UUID

import msgspec
import structlog

from luisterlijn.chat.wire import (
    BOX_BYTES,
    ConsoleResume,
    ConsoleSay,
    Ended,
    Keys,
    Knock,
    Line,
    Lines,
    MemberKeys,
    Resume,
    Role,
    Said,
    SnapshotAnswer,
    VisitorSay,
    VisitorSnapshot,
    check_sealed,
)
from luisterlijn.dispatch.wire import OfContact, contact_of
from luisterlijn.edge.guard import Nothing, read_b64
from luisterlijn.edge.realtime import Heard, Room, Seat
from luisterlijn.kernel.errors import Code, Outage, Refusal
from luisterlijn.store.shortlived import Tickets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from luisterlijn.chat.events import KeysStored, MembersChanged
    from luisterlijn.chat.service import Chats
    from luisterlijn.chat.wire import EndReason
    from luisterlijn.dispatch.events import ContactChanged, ConversationEnded, ProofAsked
    from luisterlijn.dispatch.line import Line as WholeLine
    from luisterlijn.dispatch.service import Hall
    from luisterlijn.edge.realtime import Realtime
    from luisterlijn.kernel.ids import ContactId, PersonId, TokenSource

log = structlog.get_logger()

NAMESPACE = "/visitor"
TICKET_S = 3_600.0
OPINION_S = 1_800.0
COMES_BACK = frozenset({"caller_gone", "abandoned"})
"""Ends after which an old queue number is honoured: a conversation that was had is no such end."""


class ChatRoom:
    """The page's namespace, and the part of the console's that is about chats."""

    def __init__(
        self,
        realtime: Realtime,
        chats: Chats,
        hall: Hall,
        line: WholeLine,
        tokens: TokenSource,
        tell_volunteer: Callable[[PersonId, str, object], None],
    ) -> None:
        """Open the room.

        `tell_volunteer` hands a hint to a person's console.
        """
        self._realtime = realtime
        self._chats = chats
        self._hall = hall
        self._line = line
        self._tokens = tokens
        self._tell_volunteer = tell_volunteer
        self._sids: dict[ContactId, str] = {}
        self._stale: dict[ContactId, None] = {}
        self._wake = asyncio.Event()
        self._told: dict[ContactId, tuple[object, ...]] = {}
        self._tickets: dict[ContactId, str] = {}
        self.beats: set[ContactId] = set()
        self.opinions: Tickets[str] = Tickets(lasts_s=OPINION_S)
        self.numbers: Tickets[datetime] = Tickets(lasts_s=TICKET_S)
        self.room = Room(
            namespace=NAMESPACE,
            sit=self._sit,
            leave=self._leave,
            heard={
                "open": Heard(takes=Nothing, do=self._open),
                "beat": Heard(takes=Nothing, do=self._beat, counted=False),
                "here": Heard(takes=Nothing, do=self._here, counted=False),
                "keys": Heard(takes=Keys, do=self._keys),
                "say": Heard(takes=VisitorSay, do=self._say),
                "resume": Heard(takes=Resume, do=self._resume),
                "end": Heard(takes=Nothing, do=self._end),
                "freeze": Heard(takes=Nothing, do=self._freeze),
            },
        )

    def console_orders(self) -> dict[str, Heard]:
        """Give what a console may ask about its chats, and those it reads along with."""
        return {
            "say": Heard(takes=ConsoleSay, do=self._say_volunteer),
            "resume": Heard(takes=ConsoleResume, do=self._resume_volunteer),
            "keys": Heard(takes=OfContact, do=self._keys_volunteer),
        }

    # The page.

    async def _sit(self, sid: str, auth: object) -> ContactId:
        try:
            token = read_b64(msgspec.convert(auth, Knock).token)
        except msgspec.ValidationError:
            raise Refusal(Code.BAD_REQUEST) from None
        contact = await self._chats.of_token(token)
        older = self._sids.get(contact)
        self._sids[contact] = sid
        if older is not None:
            self._realtime.tell(NAMESPACE, older, "replaced", {})
        return contact

    async def _leave(self, seat: Seat) -> None:
        # No goodbye: a phone in a lift looks the same. The missing heartbeat is what counts.
        if self._sids.get(seat.who) == seat.sid:
            del self._sids[seat.who]
            self._told.pop(seat.who, None)

    async def _open(self, seat: Seat, _nothing: Nothing) -> SnapshotAnswer:
        contact = self._newest(seat)
        await self._hall.open_contact(contact)
        for snapshot in await self._snapshots([contact], fresh_ticket=True):
            return SnapshotAnswer(snapshot)
        raise Refusal(Code.CONTACT_GONE)

    async def _beat(self, seat: Seat, _nothing: Nothing) -> None:
        self.beats.add(self._newest(seat))

    async def _here(self, seat: Seat, _nothing: Nothing) -> None:
        await self._hall.heard(self._newest(seat))

    async def _keys(self, seat: Seat, keys: Keys) -> None:
        if any(len(box.box) != BOX_BYTES for box in keys.sealed):
            raise Refusal(Code.BAD_REQUEST)
        await self._chats.periods.give_keys(
            self._newest(seat),
            keys.period,
            [(UUID(hex=box.member), box.period, box.box) for box in keys.sealed],
        )

    async def _say(self, seat: Seat, line: VisitorSay) -> Said:
        contact = self._newest(seat)
        check_sealed(line.sealed)
        seq, readers = await self._chats.say(
            contact,
            by="visitor",
            client_id=UUID(hex=line.client_id),
            period=line.period,
            stream=UUID(hex=line.stream),
            counter=line.counter,
            sealed=line.sealed,
        )
        for person in readers:
            self._tell_volunteer(person, "line", _line(contact, seq, "visitor", line))
        return Said(seq)

    async def _resume(self, seat: Seat, order: Resume) -> Lines:
        return await self._chats.lines(self._newest(seat), order.after)

    async def _end(self, seat: Seat, _nothing: Nothing) -> None:
        await self._hall.end_by_visitor(self._newest(seat))

    async def _freeze(self, seat: Seat, _nothing: Nothing) -> None:
        await self._hall.freeze(self._newest(seat))

    def _newest(self, seat: Seat) -> ContactId:
        contact: ContactId = seat.who
        if self._sids.get(contact) != seat.sid:
            raise Refusal(Code.NOT_YOUR_CONTACT)
        return contact

    # The console.

    async def _say_volunteer(self, seat: Seat, line: ConsoleSay) -> Said:
        contact = contact_of(line.contact)
        check_sealed(line.sealed)
        seq, readers = await self._chats.say(
            contact,
            by="volunteer",
            client_id=UUID(hex=line.client_id),
            period=line.period,
            stream=UUID(hex=line.stream),
            counter=line.counter,
            sealed=line.sealed,
            volunteer=seat.who.person,
            epoch=line.epoch,
        )
        said = _line(contact, seq, "volunteer", line)
        if readers:
            self._tell_page(contact, "line", said)
        for person in readers:
            if person != seat.who.person:
                self._tell_volunteer(person, "line", said)
        return Said(seq)

    async def _resume_volunteer(self, seat: Seat, order: ConsoleResume) -> Lines:
        contact = contact_of(order.contact)
        since = await self._chats.periods.reads_after(contact, seat.who.person)
        return await self._chats.lines(contact, max(order.after, since))

    async def _keys_volunteer(self, seat: Seat, order: OfContact) -> MemberKeys:
        return await self._chats.periods.keys(contact_of(order.contact), seat.who.person)

    # Hints.

    def _tell_page(self, contact: ContactId, event: str, data: object) -> None:
        sid = self._sids.get(contact)
        if sid is not None:
            self._realtime.tell(NAMESPACE, sid, event, data)

    def show(self, event: ContactChanged | MembersChanged) -> None:
        """Hint listener: the page has to see something new."""
        if event.contact in self._sids:
            self._stale[event.contact] = None
            self._wake.set()

    def connected(self, event: KeysStored) -> None:
        """Hint listener: the page gave its secret, members can read."""
        for person in event.people:
            self._tell_volunteer(person, "key", {"contact": event.contact.hex})

    def ask_proof(self, event: ProofAsked) -> None:
        """Hint listener: the page shows within 3 s that it is there."""
        self._tell_page(event.contact, "prove", {})

    def ended(self, event: ConversationEnded) -> None:
        """Hint listener: the talking is over; the page may give one opinion."""
        self._stale.pop(event.contact, None)
        self._told.pop(event.contact, None)
        ticket = self._tickets.pop(event.contact, None)
        if ticket is not None and event.reason not in COMES_BACK:
            self.numbers.take(ticket, asyncio.get_running_loop().time())
        opinion = None
        if event.volunteer is not None:
            opinion = self._tokens.bytes(16).hex()
            self.opinions.put(opinion, event.channel, asyncio.get_running_loop().time())
        self._tell_page(event.contact, "ended", Ended(cast("EndReason", event.reason), opinion))

    def left(self, contact: ContactId) -> None:
        """The page left by "Snel weg": its last heartbeat may not call it back."""
        self.beats.discard(contact)
        sid = self._sids.pop(contact, None)
        if sid is not None:
            self._realtime.tell(NAMESPACE, sid, "replaced", {})

    def everyone(self, event: str) -> None:
        """Tell every page on this node."""
        for sid in self._sids.values():
            self._realtime.tell(NAMESPACE, sid, event, {})

    def places_changed(self) -> None:
        """The queue or the opening changed: who waits sees the new place."""
        self._stale.update(
            (contact, None)
            for contact in self._sids
            if contact in self._line.places and self._told.get(contact) != self._place(contact)
        )
        if self._stale:
            self._wake.set()

    async def run(self) -> None:
        """Show pages what changed until cancelled; many changes at once are one look."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            stale, self._stale = list(self._stale), {}
            try:
                for snapshot in await self._snapshots(stale, fresh_ticket=False):
                    contact = contact_of(snapshot.contact)
                    self._tell_page(contact, "changed", SnapshotAnswer(snapshot))
            except Outage:
                log.warning("pages_wait")
                self._stale.update(dict.fromkeys(stale))
                await asyncio.sleep(1)
                self._wake.set()
            except Exception:
                # A page that asks itself still gets its snapshot; nobody else waits for it.
                log.exception("pages_failed")

    async def _snapshots(
        self, contacts: Iterable[ContactId], *, fresh_ticket: bool
    ) -> list[VisitorSnapshot]:
        snapshots = []
        for page in await self._chats.pages(list(contacts)):
            self._told[page.contact] = self._place(page.contact)
            waits = page.state in ("queued", "offered")
            place = self._line.places.get(page.contact, self._line.last_place("chat"))
            ticket = self._number_ticket(page.contact, page.enq) if fresh_ticket else ""
            snapshots.append(
                VisitorSnapshot(
                    version=page.version,
                    contact=page.contact.hex,
                    state=page.state,
                    position=place if waits else None,
                    wait=self._line.wait_of("chat", place),
                    line=self._line.opening_of("chat", page.language).value,
                    members=page.members,
                    seq=page.seq,
                    half=page.half,
                    ticket=ticket,
                    frozen=page.frozen,
                )
            )
        return snapshots

    def _number_ticket(self, contact: ContactId, enq: datetime) -> str:
        """Give the contact's ticket, good for an hour from now; one per contact."""
        ticket = self._tickets.setdefault(contact, self._tokens.bytes(16).hex())
        self.numbers.put(ticket, enq, asyncio.get_running_loop().time())
        return ticket

    def give_back(self, ticket: str | None, number: datetime | None) -> None:
        """Keep an old number that could not be honoured now."""
        if ticket is not None and number is not None:
            self.numbers.put(ticket, number, asyncio.get_running_loop().time())

    def _place(self, contact: ContactId) -> tuple[object, ...]:
        line = self._line
        openings = [line.opening_of("chat", language).value for language in ("nl", "en")]
        place = line.places.get(contact)
        return (place, line.wait_of("chat", place), *openings)


def old_number(room: ChatRoom, ticket: str | None) -> datetime | None:
    """Give the queue number (a moment) behind a ticket; None when it is not honoured."""
    if ticket is None:
        return None
    return room.numbers.take(ticket, asyncio.get_running_loop().time())


def _line(contact: ContactId, seq: int, by: Role, line: VisitorSay | ConsoleSay) -> Line:
    return Line(
        client_id=line.client_id,
        period=line.period,
        stream=line.stream,
        counter=line.counter,
        sealed=line.sealed,
        contact=contact.hex,
        seq=seq,
        by=by,
    )
