"""The console's events about help, joinings and after-care, and the hints that follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from luisterlijn.coaching.wire import (
    AgreeHeavy,
    AskHelp,
    EmergencyDecided,
    Join,
    JoinAnswer,
    JoinChange,
    LeaveShift,
    OfJoining,
    OfRequest,
    OfTalk,
    ReadAlong,
    WantTalk,
)
from luisterlijn.dispatch.wire import contact_of
from luisterlijn.edge.realtime import Heard
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PersonId, parse_id

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.coaching.events import HelpChanged, TalkWanted
    from luisterlijn.coaching.service import Coaching
    from luisterlijn.edge.realtime import Seat


class Console(Protocol):
    """What we ask of the console's room."""

    def newest(self, seat: Seat) -> PersonId:
        """Give who acts; an older console of the same person may not."""
        ...

    def tell(self, person: PersonId | None, event: str, data: object) -> None:
        """Tell the person's console something, if it is open on this node."""
        ...


class CoachConsole:
    """The coach's room in the console."""

    def __init__(self, coaching: Coaching, console: Console) -> None:
        """Add to this console."""
        self._coaching = coaching
        self._console = console

    def orders(self) -> dict[str, Heard]:
        """Give the console's events of this room."""
        return {
            "help": Heard(takes=AskHelp, do=self._help),
            "help-withdraw": Heard(takes=OfRequest, do=self._withdraw),
            "help-take": Heard(takes=OfRequest, do=self._take),
            "help-done": Heard(takes=OfRequest, do=self._done),
            "emergency": Heard(takes=EmergencyDecided, do=self._emergency),
            "read-along": Heard(takes=ReadAlong, do=self._read_along),
            "join-answer": Heard(takes=JoinAnswer, do=self._answer),
            "join": Heard(takes=Join, do=self._join),
            "join-mode": Heard(takes=JoinChange, do=self._change),
            "join-leave": Heard(takes=OfJoining, do=self._leave),
            "join-stop": Heard(takes=OfJoining, do=self._stop),
            "take-over": Heard(takes=OfRequest, do=self._take_over),
            "talk": Heard(takes=WantTalk, do=self._talk),
            "talk-done": Heard(takes=OfTalk, do=self._talked),
            "leave-shift": Heard(takes=LeaveShift, do=self._leave_shift),
            "agree-heavy": Heard(takes=AgreeHeavy, do=self._agree),
        }

    # Help.

    async def _help(self, seat: Seat, order: AskHelp) -> None:
        contact = contact_of(order.contact) if order.contact is not None else None
        await self._coaching.ask(self._console.newest(seat), contact, urgent=order.urgent)

    async def _withdraw(self, seat: Seat, order: OfRequest) -> None:
        await self._coaching.withdraw(self._console.newest(seat), _id(order.request))

    async def _take(self, seat: Seat, order: OfRequest) -> None:
        await self._coaching.take(
            self._console.newest(seat), _id(order.request), seat.who.public_key
        )

    async def _done(self, seat: Seat, order: OfRequest) -> None:
        await self._coaching.done(self._console.newest(seat), _id(order.request))

    async def _emergency(self, seat: Seat, order: EmergencyDecided) -> None:
        await self._coaching.emergency.decided(
            self._console.newest(seat), _id(order.request), called=order.called
        )

    # Beside a conversation.

    async def _read_along(self, seat: Seat, order: ReadAlong) -> None:
        await self._coaching.joinings.invite(
            self._console.newest(seat), contact_of(order.contact), PersonId(_id(order.to))
        )

    async def _answer(self, seat: Seat, order: JoinAnswer) -> None:
        await self._coaching.joinings.answer(
            self._console.newest(seat), _id(order.joining), yes=order.yes
        )

    async def _join(self, seat: Seat, order: Join) -> None:
        await self._coaching.join(
            self._console.newest(seat), _id(order.request), order.mode, seat.who.public_key
        )

    async def _change(self, seat: Seat, order: JoinChange) -> None:
        await self._coaching.joinings.change(
            self._console.newest(seat), _id(order.joining), order.mode
        )

    async def _leave(self, seat: Seat, order: OfJoining) -> None:
        await self._coaching.joinings.leave(self._console.newest(seat), _id(order.joining))

    async def _stop(self, seat: Seat, order: OfJoining) -> None:
        await self._coaching.joinings.stop(self._console.newest(seat), _id(order.joining))

    async def _take_over(self, seat: Seat, order: OfRequest) -> None:
        await self._coaching.joinings.take_over(
            self._console.newest(seat), _id(order.request), seat.who.public_key
        )

    # After-care.

    async def _talk(self, seat: Seat, order: WantTalk) -> None:
        await self._coaching.care.want_talk(self._console.newest(seat), order.wanted)

    async def _talked(self, seat: Seat, order: OfTalk) -> None:
        await self._coaching.care.talked(self._console.newest(seat), _id(order.talk))

    async def _leave_shift(self, seat: Seat, order: LeaveShift) -> None:
        await self._coaching.care.leave_shift(self._console.newest(seat), order.mood)

    async def _agree(self, seat: Seat, order: AgreeHeavy) -> None:
        await self._coaching.care.agree(self._console.newest(seat), agrees=order.agrees)

    # Hints.

    def show_help(self, event: HelpChanged) -> None:
        """Hint listener: a request changed, for who asked and for everybody on duty."""
        for person in {event.person, *event.told}:
            self._console.tell(person, "changed", {})

    def show_talks(self, event: TalkWanted) -> None:
        """Hint listener: somebody wants to talk, for who may know."""
        for person in event.told:
            self._console.tell(person, "changed", {})


def _id(text: str) -> UUID:
    found = parse_id(text)
    if found is None:
        raise Refusal(Code.BAD_REQUEST)
    return found
