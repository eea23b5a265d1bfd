"""The console's events about the room, and the hints that follow."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

import structlog

from luisterlijn.edge.guard import read_b64
from luisterlijn.edge.ratelimits import Buckets
from luisterlijn.edge.realtime import Heard
from luisterlijn.kernel.errors import Code, Outage, Refusal
from luisterlijn.shiftroom.wire import (
    AskShiftRoom,
    SaidInShiftRoom,
    SayInShiftRoom,
    ShiftRoomView,
)

if TYPE_CHECKING:
    from luisterlijn.edge.realtime import Seat
    from luisterlijn.kernel.events import Event
    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.shiftroom.events import RoomLineSaid
    from luisterlijn.shiftroom.service import ShiftRoom, Who

log = structlog.get_logger()

LOOK_S = 1.0
"""Presence changes all the time on a busy line; who is on seldom does. Looked at once a second."""
LINES_PER_S = 0.5
BURST = 6
"""Somebody who types fast keeps below both; a program that runs wild does not."""
HINT = "shift-room"


class Console(Protocol):
    """What we ask of the console's room."""

    def newest(self, seat: Seat) -> PersonId:
        """Give who acts; an older console of the same person may not."""
        ...

    def tell(self, person: PersonId | None, event: str, data: object) -> None:
        """Tell the person's console something, if it is open on this node."""
        ...

    def everyone(self, event: str) -> None:
        """Tell every console on this node."""
        ...


class ShiftRoomConsole:
    """The room in the console."""

    def __init__(self, room: ShiftRoom, console: Console) -> None:
        """Add to this console."""
        self._room = room
        self._console = console
        self._limits = Buckets(per_s=LINES_PER_S, burst=BURST)
        self._is_stirred = False
        self._who: Who = ()

    def orders(self) -> dict[str, Heard]:
        """Give the console's events of this room."""
        return {
            "shift-room": Heard(takes=AskShiftRoom, do=self._shown, counted=False),
            "shift-room-say": Heard(takes=SayInShiftRoom, do=self._say),
        }

    async def _shown(self, seat: Seat, asked: AskShiftRoom) -> ShiftRoomView:
        person = self._console.newest(seat)
        return await self._room.shown(person, seat.who.public_key, asked.after)

    async def _say(self, seat: Seat, said: SayInShiftRoom) -> SaidInShiftRoom:
        person = self._console.newest(seat)
        if not self._limits.take(person, asyncio.get_running_loop().time()):
            raise Refusal(Code.TOO_FAST)
        boxes = {bytes.fromhex(each.member): read_b64(each.box) for each in said.boxes}
        if len(boxes) != len(said.boxes):
            raise Refusal(Code.BAD_REQUEST)
        line = UUID(hex=said.line)
        return SaidInShiftRoom(await self._room.say(person, line, read_b64(said.sealed), boxes))

    # Hints.

    def show_said(self, event: RoomLineSaid) -> None:
        """Hint listener: something was said, for who was there."""
        for person in event.told:
            self._console.tell(person, HINT, {})

    def stir(self, _event: Event) -> None:
        """Hint listener: somebody may have come, left, or opened another console."""
        self._is_stirred = True

    async def run(self) -> None:
        """Tell every console when who is on has changed, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            await self.look()

    async def look(self) -> None:
        """Look whether who is on has changed, if anything stirred since the last time."""
        if not self._is_stirred:
            return
        self._is_stirred = False
        try:
            who = await self._room.who()
        except Outage:
            self._is_stirred = True
            log.warning("shift_room_waits")
            return
        if who != self._who:
            self._who = who
            self._console.everyone(HINT)
