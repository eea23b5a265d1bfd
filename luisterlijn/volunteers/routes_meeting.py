"""Gatherings and messages: made by who plans, read and answered by volunteers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.edge.guard import Call, Face, Nothing, Routes
from luisterlijn.edge.queries import branch_or_all, hours_told, id_named
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import PersonId, ShiftId
from luisterlijn.kernel.scope import COORDINATORS, VOLUNTEERS
from luisterlijn.volunteers.ports import Audience
from luisterlijn.volunteers.wire import (
    GatheringList,
    GatheringSeat,
    GatheringView,
    MessageList,
    MessageView,
    NewGathering,
    SentTo,
    Unread,
    WhoCame,
    WriteMessage,
)

if TYPE_CHECKING:
    from luisterlijn.volunteers.gatherings import Evening, Gatherings
    from luisterlijn.volunteers.messages import Message, Messages

SEAT = (Code.GATHERING_OFF, Code.GATHERING_FULL, Code.IN_THE_PAST)


def gathering_routes(gatherings: Gatherings) -> Routes:
    """Give the routes about gatherings."""
    table = Routes("gatherings")

    @table.add("GET", "/gatherings", may=VOLUNTEERS, face=Face.CONSOLE, gives=GatheringList)
    async def to_come(call: Call[None]) -> GatheringList:
        """Give the gatherings that a volunteer may come to; of who comes, only themselves."""
        found = await gatherings.to_come(call.scope)
        return GatheringList(gatherings=[_evening(each, call.scope.person) for each in found])

    @table.add(
        "POST",
        "/gatherings/{gathering}/sign-up",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
        refuses=SEAT,
    )
    async def sign_up(call: Call[Nothing]) -> None:
        """Take a seat."""
        await gatherings.sign_up(call.scope, call.id("gathering"))

    @table.add(
        "POST",
        "/gatherings/{gathering}/sign-off",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
        refuses=(Code.IN_THE_PAST,),
    )
    async def sign_off(call: Call[Nothing]) -> None:
        """Give one's seat free; no reason is asked."""
        await gatherings.sign_off(call.scope, call.id("gathering"))

    @table.add(
        "GET", "/branch/gatherings", may=COORDINATORS, face=Face.CONSOLE, gives=GatheringList
    )
    async def to_plan(call: Call[None]) -> GatheringList:
        """Give the gatherings of the past 30 days and to come, with who comes."""
        branch = branch_or_all(call.scope, call.request.query.get("branch"))
        found = await gatherings.to_plan(call.scope, branch)
        return GatheringList(gatherings=[_evening(each, call.scope.person) for each in found])

    @table.add(
        "POST",
        "/branch/gatherings",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=NewGathering,
        status=204,
        refuses=(Code.ZERO_LENGTH, Code.IN_THE_PAST),
    )
    async def add(call: Call[NewGathering]) -> None:
        """Add a gathering."""
        new = call.body
        await gatherings.add(
            call.scope,
            branch_or_all(call.scope, new.branch),
            new.kind,
            new.title,
            hours_told(new.day, new.starts, new.ends),
            new.seats,
        )

    @table.add(
        "POST",
        "/branch/gatherings/{gathering}/cancel",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
        refuses=(Code.IN_THE_PAST,),
    )
    async def cancel(call: Call[Nothing]) -> None:
        """Call a gathering off; who signed up sees it."""
        await gatherings.cancel(call.scope, call.id("gathering"))

    @table.add(
        "POST",
        "/branch/gatherings/{gathering}/came",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=WhoCame,
        status=204,
    )
    async def came(call: Call[WhoCame]) -> None:
        """Note who came."""
        people = [PersonId(id_named(each)) for each in call.body.people]
        await gatherings.note_came(call.scope, call.id("gathering"), people)

    @table.add(
        "POST",
        "/branch/gatherings/{gathering}/people/{person}/sign-up",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
        refuses=SEAT,
    )
    async def sign_up_for(call: Call[Nothing]) -> None:
        """Take a seat on behalf of a volunteer."""
        await gatherings.sign_up(call.scope, call.id("gathering"), call.id("person"))

    @table.add(
        "POST",
        "/branch/gatherings/{gathering}/people/{person}/sign-off",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
        refuses=(Code.IN_THE_PAST,),
    )
    async def sign_off_for(call: Call[Nothing]) -> None:
        """Give a volunteer's seat free on behalf of them."""
        await gatherings.sign_off(call.scope, call.id("gathering"), call.id("person"))

    return table


def message_routes(messages: Messages) -> Routes:
    """Give the routes about messages."""
    table = Routes("messages")

    @table.add("GET", "/messages", may=VOLUNTEERS, face=Face.CONSOLE, gives=MessageList)
    async def inbox(call: Call[None]) -> MessageList:
        """Give what was written to the volunteer in the past 30 days."""
        found = await messages.inbox(call.scope)
        return MessageList(
            messages=[_message(each) for each in found],
            unread=sum(not each.is_read for each in found),
        )

    @table.add("GET", "/messages/unread", may=VOLUNTEERS, face=Face.CONSOLE, gives=Unread)
    async def unread(call: Call[None]) -> Unread:
        """Count what the volunteer has not read."""
        return Unread(unread=await messages.unread(call.scope))

    @table.add(
        "POST",
        "/messages/{message}/read",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
    )
    async def read(call: Call[Nothing]) -> None:
        """Note that the volunteer read a message."""
        await messages.read(call.scope, call.id("message"))

    @table.add("GET", "/branch/messages", may=COORDINATORS, face=Face.CONSOLE, gives=MessageList)
    async def sent(call: Call[None]) -> MessageList:
        """Give what was written in the past 30 days, and how many read it."""
        branch = branch_or_all(call.scope, call.request.query.get("branch"))
        found = await messages.sent(call.scope, branch)
        return MessageList(messages=[_message(each) for each in found], unread=0)

    @table.add(
        "POST",
        "/branch/messages",
        may=COORDINATORS,
        face=Face.CONSOLE,
        takes=WriteMessage,
        gives=SentTo,
        refuses=(Code.NOBODY_THERE,),
    )
    async def send(call: Call[WriteMessage]) -> SentTo:
        """Write to who stands on a shift, to a group, or to the branch."""
        new = call.body
        is_shift = new.audience == Audience.SHIFT.value
        people = await messages.send(
            call.scope,
            Audience(new.audience),
            new.text,
            branch=None if is_shift else branch_or_all(call.scope, new.branch),
            shift=ShiftId(id_named(new.shift)) if new.shift is not None else None,
        )
        return SentTo(people=people)

    return table


def _evening(evening: Evening, me: PersonId) -> GatheringView:
    mine = next((each for each in evening.people if each.person == me), None)
    return GatheringView(
        gathering=evening.gathering.hex,
        branch=evening.branch.hex if evening.branch else None,
        kind=evening.kind,  # type: ignore[arg-type] # one of the three
        title=evening.title,
        starts_at=to_wire(evening.starts),
        ends_at=to_wire(evening.ends),
        seats=evening.seats,
        taken=evening.taken,
        cancelled=evening.cancelled,
        mine=mine is not None,
        mine_on_behalf=mine is not None and mine.on_behalf,
        people=[
            GatheringSeat(
                person=each.person.hex, name=each.name, came=each.came, on_behalf=each.on_behalf
            )
            for each in evening.people
        ],
    )


def _message(message: Message) -> MessageView:
    return MessageView(
        message=message.message.hex,
        audience=message.audience.value,
        text=message.text,
        writer=message.writer,
        written_at=to_wire(message.written),
        read=message.is_read,
        shift_starts_at=to_wire(message.shift[0]) if message.shift else None,
        branch_name=message.branch_name,
        people=message.people,
        readers=message.readers,
    )
