"""The use cases of a shift that is near or runs: reminders, no-shows, call-ups, jumping in.

Deadlines are rows and database time: any node may sweep, each thing is told once.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from luisterlijn.attendance import model, store
from luisterlijn.attendance.events import AttendanceChanged, CallUpRinging, CallUpSettled
from luisterlijn.attendance.model import Alarm, Kind, Reason
from luisterlijn.kernel.errors import Code, Outage, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from luisterlijn.attendance.store import CallUp
    from luisterlijn.coaching.rota import Rota
    from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId, TokenSource
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.rostering.attending import Attending
    from luisterlijn.rostering.ports import ShiftRow
    from luisterlijn.store.database import Database, Transaction

log = structlog.get_logger()

TICK_S = 2.0
"""Nothing here is finer than minutes, but for an own phone that is to ring."""


class Attendance:
    """Who comes and who does not."""

    def __init__(
        self, database: Database, attending: Attending, rota: Rota, tokens: TokenSource
    ) -> None:
        """Work on this database; `rota` knows who is on call."""
        self._database = database
        self._attending = attending
        self._rota = rota
        self._tokens = tokens
        self._alarms: tuple[Alarm, ...] = ()

    # Time passes.

    async def run(self) -> None:
        """Sweep until cancelled."""
        while True:
            try:
                await self.sweep()
            except Outage:
                log.warning("attendance_waits")
            except Exception:
                log.exception("attendance_failed")
            await asyncio.sleep(TICK_S)

    async def sweep(self) -> None:
        """Do what is due: tell, mark who did not come, call up, ring, take back."""
        async with self._database.transaction(LINE) as tx:
            rows = await store.expected(tx)
            now = tx.now
        shifts = dict.fromkeys(each.shift for each in rows if model.due(each.expected, now))
        for shift in shifts:
            async with self._database.transaction(LINE) as tx:
                await self._tell(tx, shift)
        async with self._database.transaction(LINE) as tx:
            soon = await store.given_up_soon(tx)
            opened = await store.open_call_ups(tx)
        for shift in soon:
            async with self._database.transaction(LINE) as tx:
                await self._open_soon(tx, shift)
        for each in opened:
            async with self._database.transaction(LINE) as tx:
                await self._look(tx, each)
        await self._ring()
        await self._count()

    async def _tell(self, tx: Transaction, shift_id: ShiftId) -> None:
        shift = await self._attending.lock(tx, shift_id)
        if shift is None:
            return
        told: set[PersonId] = set()
        missed = False
        for row in await store.expected(tx, shift_id):
            for kind in model.due(row.expected, tx.now):
                if kind is Kind.MISSED and not await self._attending.mark_missed(tx, row.place):
                    continue
                if await store.note(tx, row.place, kind, mail=kind in model.MAILED):
                    told.add(row.person)
                    missed = missed or kind in (Kind.MISSED, Kind.OPENED)
        if missed:
            told |= set(await self._watchers(tx, shift.branch))
            await self._missing(tx, shift)
        self._changed(tx, told)

    async def _missing(self, tx: Transaction, shift: ShiftRow) -> None:
        """Call up the reserves of a shift on which somebody is missing; later, the others."""
        standing = await store.standing(tx, shift.shift)
        if standing is not None and model.is_needed(Reason.NO_SHOW, standing, tx.now):
            call_up = await self._call_up(tx, shift, Reason.NO_SHOW)
            await self._ask(tx, shift, call_up)

    async def _open_soon(self, tx: Transaction, shift_id: ShiftId) -> None:
        shift = await self._attending.lock(tx, shift_id)
        standing = await store.standing(tx, shift_id)
        if shift is not None and standing is not None and model.is_open_soon(standing, tx.now):
            await self._ask(tx, shift, await self._call_up(tx, shift, Reason.OPEN_SOON))
            self._changed(tx, await self._watchers(tx, shift.branch))

    async def _look(self, tx: Transaction, known: CallUp) -> None:
        """Take back a call-up that is needed no more; ask the others when it is time."""
        shift = await self._attending.lock(tx, known.shift)
        standing = await store.standing(tx, known.shift)
        needed = standing is not None and model.is_needed(known.reason, standing, tx.now)
        if shift is not None and needed:
            opens = model.opens(known.reason, shift.during.start, known.made)
            if opens is not None and opens <= tx.now:
                await self._ask(tx, shift, known)
            return
        if await store.settle(tx, known.id, "over"):
            tx.publish_on_commit(CallUpSettled(call_up=known.id))
            asked = await store.asked_of(tx, known.id)
            self._changed(tx, {*asked, *await self._watchers(tx, known.branch)})

    async def _ask(self, tx: Transaction, shift: ShiftRow, call_up: CallUp) -> None:
        """Ask the reserves; and, when it is open to them, who of the branch agreed and can."""
        people = await store.candidates(tx, shift.shift, None)
        opens = model.opens(call_up.reason, shift.during.start, call_up.made)
        if opens is not None and opens <= tx.now:
            can = await self._attending.who_can(tx, shift)
            people += await store.candidates(tx, shift.shift, sorted(can))
        known = set(await store.asked_of(tx, call_up.id))
        new = [each for each in model.in_order(people) if each.person not in known]
        for person, due in model.rings(new, tx.now, shift.during.end).items():
            await store.ask(tx, call_up.id, person, due)
        self._changed(tx, {each.person for each in new})

    async def _call_up(self, tx: Transaction, shift: ShiftRow, reason: Reason) -> CallUp:
        made = await store.make_call_up(tx, new_id(self._tokens), shift.shift, shift.branch, reason)
        found = await store.call_up(tx, made)
        if found is None:
            raise LookupError(reason)
        return found

    async def _ring(self) -> None:
        async with self._database.transaction(LINE) as tx:
            for call_up, person in await store.take_ringing(tx):
                tx.publish_on_commit(CallUpRinging(call_up=call_up, person=person))
            await store.rang_out(tx)

    async def _count(self) -> None:
        """Tell who is on call when too few are there, once each time it changes."""
        async with self._database.transaction(LINE) as tx:
            now = await self.alarms(tx)
            if now != self._alarms:
                self._changed(tx, await self._rota.on_call(tx))
        self._alarms = now

    async def alarms(self, tx: Transaction) -> tuple[Alarm, ...]:
        """Say what is wrong in the whole country now; read under the line's own scope."""
        planned, there = await store.in_all(tx)
        coaches = await self._rota.on_call(tx)
        return model.alarms(planned=planned, on_duty=there, coaches=len(coaches))

    # Who is asked answers.

    async def come(self, tx: Transaction, person: PersonId, call_up: UUID) -> None:
        """Let somebody fill the place: the first yes counts.

        Raises:
            Refusal: `call-up-gone` when somebody was quicker or it is over; or why they may not
                jump in (`not-trained`, `overlaps`, `too-little-rest`, `too-long-a-day`).
        """
        known = await store.call_up(tx, call_up)
        shift = await self._attending.lock(tx, known.shift) if known is not None else None
        # Read again under the lock: whoever was quicker has committed by now.
        known = await store.call_up(tx, call_up)
        if known is None or shift is None or not await self._may_answer(tx, known, shift, person):
            raise Refusal(Code.CALL_UP_GONE)
        if not await self._attending.fill_from_reserve(tx, shift.shift, person):
            await self._attending.jump_in(tx, shift, person)
        await store.answer(tx, call_up, person, "yes")
        await store.settle(tx, call_up, "filled")
        tx.publish_on_commit(CallUpSettled(call_up=call_up))
        asked = await store.asked_of(tx, call_up)
        self._changed(tx, {*asked, *await self._watchers(tx, shift.branch)})

    async def cannot(self, tx: Transaction, person: PersonId, call_up: UUID) -> None:
        """Note that somebody cannot; no reason is asked, and nobody counts it."""
        known = await store.call_up(tx, call_up)
        if known is None or person not in await store.asked_of(tx, call_up):
            return
        if await store.answer(tx, call_up, person, "no"):
            self._changed(tx, {person, *await self._watchers(tx, known.branch)})

    async def answers(self, person: PersonId, call_up: UUID, *, yes: bool) -> None:
        """Take the answer of a console; see `come` and `cannot`."""
        async with self._database.transaction(LINE) as tx:
            await (self.come if yes else self.cannot)(tx, person, call_up)

    async def _may_answer(
        self, tx: Transaction, known: CallUp, shift: ShiftRow, person: PersonId
    ) -> bool:
        """Who was asked may; others of the branch may once it is open to them."""
        if person in await store.asked_of(tx, known.id):
            return True
        opens = model.opens(known.reason, shift.during.start, known.made)
        return (
            opens is not None
            and opens <= tx.now
            and person in await self._attending.who_can(tx, shift)
        )

    # What the telephone asks, inside its own transaction (`ports.CallUpDesk`).

    async def is_ringing(self, tx: Transaction, call_up: UUID, person: PersonId) -> bool:
        """Say whether this person's own phone is to ring for a call-up now."""
        return await store.is_ringing(tx, call_up, person)

    async def is_open(self, tx: Transaction, call_up: UUID) -> bool:
        """Say whether somebody is still looked for."""
        return await store.call_up(tx, call_up) is not None

    async def not_reached(self, tx: Transaction, call_up: UUID, person: PersonId) -> None:
        """Note that nobody answered, or no key was pressed."""
        known = await store.call_up(tx, call_up)
        if await store.silent(tx, call_up, person) and known is not None:
            self._changed(tx, await self._watchers(tx, known.branch))

    # What a coordinator presses.

    async def call_reserve(self, scope: Scope, shift_id: ShiftId) -> None:
        """Call up the reserves of a shift.

        Raises:
            Refusal: `not-found`; `nobody-free` when there is no reserve who was not asked.
        """
        await self._press(scope, shift_id, Reason.RESERVE)

    async def open_up(self, scope: Scope, shift_id: ShiftId) -> None:
        """Ask everybody of the branch who agreed to be called up and can.

        Raises:
            Refusal: `not-found`; `shift-full` when nobody is missing; `nobody-free` when there is
                nobody who was not asked.
        """
        await self._press(scope, shift_id, Reason.OPEN_SOON)

    async def present(self, scope: Scope, place: PlaceId) -> None:
        """Note that somebody is there after all, as the coordinator saw or heard.

        Raises:
            Refusal: `not-found`.
        """
        async with self._database.transaction(scope) as tx:
            shift = await self._attending.shift_of(tx, place)
            locked = await self._attending.lock(tx, shift) if shift is not None else None
            if locked is None or not await self._attending.mark_come(tx, place):
                raise Refusal(Code.NOT_FOUND)
            branch = locked.branch
        async with self._database.transaction(LINE) as tx:
            self._changed(tx, await self._watchers(tx, branch))

    async def _press(self, scope: Scope, shift_id: ShiftId, reason: Reason) -> None:
        async with self._database.transaction(scope) as tx:
            if await self._attending.lock(tx, shift_id) is None:
                raise Refusal(Code.NOT_FOUND)
        async with self._database.transaction(LINE) as tx:
            shift = await self._attending.lock(tx, shift_id)
            standing = await store.standing(tx, shift_id)
            if shift is None or standing is None:
                raise Refusal(Code.NOT_FOUND)
            if not model.is_needed(reason, standing, tx.now):
                raise Refusal(Code.SHIFT_FULL)
            call_up = await self._call_up(tx, shift, reason)
            before = await store.asked_of(tx, call_up.id)
            await self._ask(tx, shift, call_up)
            if len(await store.asked_of(tx, call_up.id)) == len(before):
                raise Refusal(Code.NOBODY_FREE)
            self._changed(tx, await self._watchers(tx, shift.branch))

    async def _watchers(self, tx: Transaction, branch: BranchId) -> list[PersonId]:
        return [*await store.watchers(tx, branch), *await self._rota.on_call(tx)]

    @staticmethod
    def _changed(tx: Transaction, told: Iterable[PersonId]) -> None:
        people = tuple(sorted(set(told)))
        if people:
            tx.publish_on_commit(AttendanceChanged(told=people))
