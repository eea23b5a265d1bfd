"""The console in real time: orders in, hints out. Rows are the truth; a lost hint costs seconds."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import msgspec
import structlog

from luisterlijn.dispatch import store_presence
from luisterlijn.dispatch.wire import (
    Answer,
    Colleagues,
    End,
    HandOver,
    Knock,
    OfContact,
    SetCapacity,
    SetPresence,
    TakeCalls,
    WriteUp,
    contact_of,
)
from luisterlijn.edge.guard import Nothing, read_b64
from luisterlijn.edge.realtime import Heard, Room, Seat
from luisterlijn.kernel.errors import Code, Outage, Refusal
from luisterlijn.kernel.ids import ContactId, PersonId, parse_id
from luisterlijn.privacy.endtoend import public_key_from

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from luisterlijn.accounts.service import Accounts
    from luisterlijn.dispatch.consoles import Consoles
    from luisterlijn.dispatch.events import (
        ContactChanged,
        ContactHandedOver,
        ContactOffered,
        ContactQueuedAgain,
        ConversationEnded,
        OfferOver,
        PresenceChanged,
    )
    from luisterlijn.dispatch.handing import Handing
    from luisterlijn.dispatch.service import Hall
    from luisterlijn.edge.realtime import Realtime
    from luisterlijn.store.database import Database

    OnDuty = Callable[[list[PersonId]], Awaitable[set[PersonId]]]
    """Gives who of these waits for something other than a contact, and so is never idle."""

log = structlog.get_logger()

NAMESPACE = "/console"
FLUSH_S = 1.0
"""Signs of life are written together, once a second."""


class SnapshotAnswer(msgspec.Struct, frozen=True):
    """The answer to `snapshot`."""

    snapshot: Any


class Sitter(msgspec.Struct, frozen=True):
    """Who sits in the console room: the person, the session's token, the console's key."""

    person: PersonId
    session: bytes
    public_key: bytes


class ConsoleRoom:
    """The console's namespace."""

    def __init__(
        self,
        realtime: Realtime,
        database: Database,
        accounts: Accounts,
        hall: Hall,
        consoles: Consoles,
        handing: Handing,
    ) -> None:
        """Open the room; channels add their own events to `heard`."""
        self._realtime = realtime
        self._database = database
        self._accounts = accounts
        self._hall = hall
        self._consoles = consoles
        self._handing = handing
        self._sids: dict[PersonId, str] = {}
        self._beats: dict[PersonId, bytes] = {}
        self.visitor_beats: set[ContactId] = set()
        self.also_on_duty: OnDuty | None = None
        self.room = Room(
            namespace=NAMESPACE, sit=self._sit, leave=self._leave, heard=self._orders()
        )

    def _orders(self) -> dict[str, Heard]:
        return {
            "snapshot": Heard(takes=Nothing, do=self._snapshot, counted=False),
            "beat": Heard(takes=Nothing, do=self._beat, counted=False),
            "presence": Heard(takes=SetPresence, do=self._presence),
            "capacity": Heard(takes=SetCapacity, do=self._capacity),
            "accept": Heard(takes=Answer, do=self._accept),
            "decline": Heard(takes=Answer, do=self._decline),
            "keep": Heard(takes=OfContact, do=self._keep),
            "release": Heard(takes=OfContact, do=self._release),
            "end": Heard(takes=End, do=self._end),
            "wrapup": Heard(takes=WriteUp, do=self._wrap_up),
            "take-calls": Heard(takes=TakeCalls, do=self._take_calls),
            "colleagues": Heard(takes=OfContact, do=self._colleagues),
            "hand-over": Heard(takes=HandOver, do=self._hand_over),
        }

    async def _sit(self, sid: str, auth: object) -> Sitter:
        try:
            knock = msgspec.convert(auth, Knock)
        except msgspec.ValidationError:
            raise Refusal(Code.BAD_REQUEST) from None
        public_key = read_b64(knock.public_key)
        try:
            public_key_from(public_key)
        except ValueError:
            # No page could seal to it: the chatter would wait for a volunteer who reads nothing.
            raise Refusal(Code.BAD_REQUEST) from None
        now_s = asyncio.get_running_loop().time()
        session, scope = await self._accounts.take_ticket(knock.ticket, now_s)
        await self._consoles.opened(scope.person, public_key)
        older = self._sids.get(scope.person)
        self._sids[scope.person] = sid
        if older is not None:
            self._realtime.tell(NAMESPACE, older, "replaced", {})
        return Sitter(scope.person, session, public_key)

    async def _leave(self, seat: Seat) -> None:
        if self._sids.get(seat.who.person) == seat.sid:
            del self._sids[seat.who.person]

    async def _snapshot(self, seat: Seat, _nothing: Nothing) -> SnapshotAnswer:
        self._newest(seat)
        snapshot = await self._consoles.snapshot(seat.who.person)
        return SnapshotAnswer(snapshot)

    async def _beat(self, seat: Seat, _nothing: Nothing) -> None:
        self._newest(seat)
        self._beats[seat.who.person] = seat.who.session

    async def _presence(self, seat: Seat, order: SetPresence) -> None:
        await self._consoles.set_state(self._newest(seat), order.to, seat.who.public_key)

    async def _capacity(self, seat: Seat, order: SetCapacity) -> None:
        await self._consoles.set_limit(self._newest(seat), order.chats)

    async def _accept(self, seat: Seat, order: Answer) -> None:
        await self._hall.accept(self._newest(seat), contact_of(order.contact), order.epoch)

    async def _decline(self, seat: Seat, order: Answer) -> None:
        await self._hall.decline(self._newest(seat), contact_of(order.contact), order.epoch)

    async def _keep(self, seat: Seat, order: OfContact) -> None:
        await self._hall.keep(self._newest(seat), contact_of(order.contact))

    async def _release(self, seat: Seat, order: OfContact) -> None:
        await self._hall.release(self._newest(seat), contact_of(order.contact))

    async def _end(self, seat: Seat, order: End) -> None:
        await self._hall.end_by_volunteer(
            self._newest(seat), contact_of(order.contact), abuse=order.reason == "abuse"
        )

    async def _wrap_up(self, seat: Seat, order: WriteUp) -> None:
        await self._hall.wrap_up(
            self._newest(seat),
            contact_of(order.contact),
            order.form.counted(),
            heaviness=order.form.heaviness,
            pause=order.then == "paused",
        )

    async def _take_calls(self, seat: Seat, order: TakeCalls) -> None:
        await self._consoles.take_calls(self._newest(seat), order.at)

    async def _colleagues(self, seat: Seat, order: OfContact) -> Colleagues:
        return await self._handing.colleagues(self._newest(seat), contact_of(order.contact))

    async def _hand_over(self, seat: Seat, order: HandOver) -> None:
        to = parse_id(order.to)
        if to is None:
            raise Refusal(Code.BAD_REQUEST)
        await self._handing.hand_over(self._newest(seat), contact_of(order.contact), PersonId(to))

    def _newest(self, seat: Seat) -> PersonId:
        """Give who acts; an older console of the same person may not."""
        person: PersonId = seat.who.person
        if self._sids.get(person) != seat.sid:
            raise Refusal(Code.NOT_YOUR_CONTACT)
        return person

    # Hints.

    def tell(self, person: PersonId | None, event: str, data: object) -> None:
        """Tell the person's console something, if it is open on this node."""
        sid = self._sids.get(person) if person is not None else None
        if sid is not None:
            self._realtime.tell(NAMESPACE, sid, event, data)

    def show_contact(self, event: ContactChanged | ConversationEnded) -> None:
        """Hint listener: the volunteer's screen changed."""
        self.tell(event.volunteer, "changed", {})

    def newest(self, seat: Seat) -> PersonId:
        """Give who acts, for the rooms that add events; an older console may not."""
        return self._newest(seat)

    def show_offer(self, event: ContactOffered | OfferOver) -> None:
        """Hint listener: somebody is asked, or is asked no more."""
        self.tell(event.to, "changed", {})

    def show_lost(self, event: ContactQueuedAgain | ContactHandedOver) -> None:
        """Hint listener: who had the contact has it no more."""
        self.tell(event.lost, "changed", {})

    def show_presence(self, event: PresenceChanged) -> None:
        """Hint listener: the own presence changed."""
        self.tell(event.person, "changed", {})

    def everyone(self, event: str) -> None:
        """Tell every console on this node."""
        for sid in self._sids.values():
            self._realtime.tell(NAMESPACE, sid, event, {})

    # Signs of life.

    async def run(self, back: Callable[[ContactId], Any]) -> None:
        """Write the signs of life of consoles and pages each second until cancelled.

        Args:
            back: called with each contact whose page is back, for the model to decide.
        """
        while True:
            await asyncio.sleep(FLUSH_S)
            try:
                await self.flush(back)
            except Outage:
                log.warning("heartbeats_wait")

    async def flush(self, back: Callable[[ContactId], Any]) -> None:
        """Write what was heard since the last time; kept and tried again when it fails."""
        beats, self._beats = self._beats, {}
        # The set itself is shared with the room that fills it.
        visitors = set(self.visitor_beats)
        self.visitor_beats.clear()
        try:
            on_duty, consoles = await store_presence.consoles_heard(self._database, sorted(beats))
            pages = await store_presence.pages_heard(self._database, sorted(visitors))
            if self.also_on_duty is not None:
                on_duty |= await self.also_on_duty(sorted(beats))
            await self._accounts.on_duty(
                [session for person, session in beats.items() if person in on_duty]
            )
        except Outage:
            self._beats = beats | self._beats
            self.visitor_beats |= visitors
            raise
        for contact in consoles:
            await self._returned(contact)
        for contact in pages:
            await back(contact)

    async def _returned(self, contact: ContactId) -> None:
        try:
            await self._hall.volunteer_back(contact)
        except Refusal:
            return
