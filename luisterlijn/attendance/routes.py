"""Who comes and who does not, and jumping in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.attendance.wire import CallUps, Tonight
from luisterlijn.edge.guard import Call, Face, Nothing, Routes
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import PlaceId, ShiftId
from luisterlijn.kernel.scope import VOLUNTEERS, Role

if TYPE_CHECKING:
    from luisterlijn.attendance.room import AttendanceRoom

WATCH = frozenset({Role.COORDINATOR, Role.PLANNER, Role.COACH})


def routes(room: AttendanceRoom) -> Routes:
    """Give the routes of the room."""
    table = Routes("attendance")

    @table.add("GET", "/tonight", may=WATCH, face=Face.CONSOLE, gives=Tonight)
    async def tonight(call: Call[None]) -> Tonight:
        """Say who is on, who did not come, and who was asked."""
        return await room.views.tonight(call.scope)

    @table.add(
        "POST",
        "/tonight/shifts/{shift}/reserve",
        may=WATCH,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=Tonight,
        refuses=(Code.NOBODY_FREE,),
    )
    async def call_reserve(call: Call[Nothing]) -> Tonight:
        """Call the reserves of a shift up."""
        await room.attendance.call_reserve(call.scope, ShiftId(call.id("shift")))
        return await room.views.tonight(call.scope)

    @table.add(
        "POST",
        "/tonight/shifts/{shift}/open",
        may=WATCH,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=Tonight,
        refuses=(Code.NOBODY_FREE, Code.SHIFT_FULL),
    )
    async def open_up(call: Call[Nothing]) -> Tonight:
        """Ask everybody of the branch who agreed and can."""
        await room.attendance.open_up(call.scope, ShiftId(call.id("shift")))
        return await room.views.tonight(call.scope)

    @table.add(
        "POST",
        "/tonight/places/{place}/present",
        may=WATCH,
        face=Face.CONSOLE,
        takes=Nothing,
        gives=Tonight,
    )
    async def present(call: Call[Nothing]) -> Tonight:
        """Note that somebody is there after all."""
        await room.attendance.present(call.scope, PlaceId(call.id("place")))
        return await room.views.tonight(call.scope)

    @table.add("GET", "/call-ups", may=VOLUNTEERS, face=Face.CONSOLE, gives=CallUps)
    async def call_ups(call: Call[None]) -> CallUps:
        """Give the shifts on which one can jump in now."""
        return await room.views.open_to(call.scope.person)

    for answer, comes in (("yes", True), ("no", False)):
        _answer(table, room, answer, comes=comes)

    return table


def _answer(table: Routes, room: AttendanceRoom, answer: str, *, comes: bool) -> None:
    """Declare one of the two answers to a call-up."""

    @table.add(
        "POST",
        f"/call-ups/{{call_up}}/{answer}",
        may=VOLUNTEERS,
        face=Face.CONSOLE,
        takes=Nothing,
        status=204,
        refuses=(
            Code.CALL_UP_GONE,
            Code.NOT_TRAINED,
            Code.OVERLAPS,
            Code.TOO_LITTLE_REST,
            Code.TOO_LONG_A_DAY,
            Code.ACCOUNT_ENDED,
            Code.TOO_LATE,
        )
        if comes
        else (),
    )
    async def answered(call: Call[Nothing]) -> None:
        """Say whether one comes to the shift on which somebody is looked for."""
        await room.attendance.answers(call.scope.person, call.id("call_up"), yes=comes)
