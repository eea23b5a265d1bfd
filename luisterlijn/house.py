"""Every part of one node, and what runs by itself in it."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog

from luisterlijn.accounts.service import Accounts
from luisterlijn.attendance.room import AttendanceRoom
from luisterlijn.audit.service import Audit
from luisterlijn.chat.crowd import Crowd
from luisterlijn.chat.service import Chats
from luisterlijn.chat.sockets import ChatRoom
from luisterlijn.coaching.service import Coaching
from luisterlijn.coaching.sockets import CoachConsole
from luisterlijn.dispatch import store as dispatch_store
from luisterlijn.dispatch.consoles import Consoles
from luisterlijn.dispatch.line import Line
from luisterlijn.dispatch.rounds import Rounds
from luisterlijn.dispatch.service import Hall
from luisterlijn.dispatch.sockets import ConsoleRoom
from luisterlijn.edge.guard import Face
from luisterlijn.edge.metrics import Metrics
from luisterlijn.edge.realtime import Realtime
from luisterlijn.jobs import Jobs, Part, until_ended
from luisterlijn.kernel.clock import Clock
from luisterlijn.kernel.errors import Outage, Refusal
from luisterlijn.kernel.ids import TokenSource
from luisterlijn.kernel.scope import LINE
from luisterlijn.planner.room import PlannerRoom
from luisterlijn.privacy.keyring import Keyring
from luisterlijn.privacy.pseudonyms import PseudonymKeys
from luisterlijn.reporting.service import Reporting
from luisterlijn.rostering.feed import CalendarFeed
from luisterlijn.rostering.service import Roster
from luisterlijn.settings import Settings
from luisterlijn.shiftroom.service import ShiftRoom
from luisterlijn.shiftroom.sockets import ShiftRoomConsole
from luisterlijn.simulation import demo_attendance
from luisterlijn.simulation.telephone import DemoTelephone
from luisterlijn.store.database import Database
from luisterlijn.store.outbox import Outbox
from luisterlijn.telephony.room import TelephoneRoom
from luisterlijn.volunteers.room import PeopleRoom
from luisterlijn.volunteers.service import Volunteers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from luisterlijn.kernel.ids import ContactId

log = structlog.get_logger()


@dataclass(slots=True, kw_only=True)
class House:
    """Every part of one node, built once."""

    settings: Settings
    database: Database
    outbox: Outbox
    keyring: Keyring
    accounts: Accounts
    volunteers: Volunteers
    people: PeopleRoom
    roster: Roster
    reporting: Reporting
    hall: Hall
    rounds: Rounds
    line: Line
    consoles: Consoles
    chats: Chats
    audit: Audit
    coaching: Coaching
    coach_console: CoachConsole
    attendance: AttendanceRoom
    realtime: Realtime
    console_room: ConsoleRoom
    chat_room: ChatRoom
    calendar_feed: CalendarFeed
    shift_room: ShiftRoom
    shift_room_console: ShiftRoomConsole
    planner: PlannerRoom
    jobs: Jobs
    metrics: Metrics
    pseudonyms: PseudonymKeys
    crowd: Crowd
    telephone: TelephoneRoom | None
    demo_telephone: DemoTelephone | None
    clock: Clock
    tokens: TokenSource

    @property
    def origins(self) -> dict[Face, str]:
        """Give the origin of each face."""
        return {
            Face.PUBLIC: self.settings.public_url,
            Face.CONSOLE: self.settings.console_url,
        }

    async def back(self, contact: ContactId) -> None:
        """A page that was away gave a sign of life."""
        with contextlib.suppress(Refusal):
            await self.hall.heard(contact)

    async def chat_sweep(self) -> None:
        """Do what is overdue in chats, each second until cancelled."""
        while True:
            try:
                await self.chats.sweep()
            except Outage:
                log.warning("keys_wait")
            await asyncio.sleep(1)

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Run everything that runs by itself; ends it all at the end."""
        async with self.database.transaction(LINE) as tx:
            await dispatch_store.give_everyone_time(tx)
        await self.line.look()
        parts: dict[str, Part] = {
            "outbox": partial(self.outbox.run, self.database),
            "rounds": self.rounds.run,
            "line": self.line.run,
            "hints": self.realtime.run,
            "pages": self.chat_room.run,
            "heartbeats": partial(self.console_room.run, self.back),
            "keys": self.chat_sweep,
            "help": self.coaching.run,
            "attendance": self.attendance.attendance.run,
            "plans": self.planner.plans.run,
            "shift-room": self.shift_room_console.run,
            "jobs": self.jobs.run,
        }
        if self.attendance.postman is not None:
            parts["letters"] = self.attendance.letters.run
        if self.telephone is not None:
            parts["orders"] = self.telephone.orders.run
            parts["upkeep"] = self.telephone.upkeep.run
        if self.settings.demo:
            parts["demo-attendance"] = partial(demo_attendance.play, self.database)
        if self.demo_telephone is not None:
            parts["exchange"] = self.demo_telephone.run
        ends = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(until_ended(ends, do), name=n) for n, do in parts.items()]
            try:
                yield
            finally:
                ends.set()
                for task in tasks:
                    task.cancel()
        with contextlib.suppress(Outage):
            await self.reporting.flush()
