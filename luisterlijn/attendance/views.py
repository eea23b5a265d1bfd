"""What screens show of shifts that run or are near."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from luisterlijn.attendance import model, store, store_tonight
from luisterlijn.attendance.model import Reason, Standing
from luisterlijn.attendance.wire import (
    CallUps,
    Tonight,
    TonightAsked,
    TonightCallUp,
    TonightPlace,
    TonightShift,
)
from luisterlijn.dispatch.wire import AttendanceSide, CallUpView
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.ids import ShiftId
from luisterlijn.kernel.scope import LINE, Role

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    import asyncpg

    from luisterlijn.attendance.service import Attendance
    from luisterlijn.coaching.rota import Rota
    from luisterlijn.kernel.ids import PersonId
    from luisterlijn.kernel.scope import Scope
    from luisterlijn.rostering.attending import Attending
    from luisterlijn.store.database import Database, Transaction

OWN_BRANCH, WHOLE_LINE = timedelta(hours=12), timedelta(hours=1)
"""How far ahead the list goes: thirty branches for half a day are no list any more."""
LATE = timedelta(minutes=5)


class Views:
    """Reads only."""

    def __init__(
        self, database: Database, attendance: Attendance, attending: Attending, rota: Rota
    ) -> None:
        """Show this database."""
        self._database = database
        self._attendance = attendance
        self._attending = attending
        self._rota = rota

    async def tonight(self, scope: Scope) -> Tonight:
        """Give who is on and who is not, as far as the acting person may see."""
        ahead = WHOLE_LINE if scope.national else OWN_BRANCH
        async with self._database.transaction(scope) as tx:
            rows = await store_tonight.shifts(tx, ahead)
            ids = [ShiftId(row["id"]) for row in rows]
            places = _by(await store_tonight.places(tx, ids), "shift")
            call_ups = _by(await store_tonight.call_ups(tx, ids), "shift")
            asked = _by(
                await store_tonight.asked(
                    tx, [each["id"] for found in call_ups.values() for each in found]
                ),
                "call_up",
            )
            standing = await store.standings(tx, ids)
            now = tx.now
        async with self._database.transaction(LINE) as tx:
            alarms = await self._attendance.alarms(tx)
            coaches = len(await self._rota.on_call(tx))
            there = await store_tonight.there(tx)
        return Tonight(
            now_at=to_wire(now),
            on_duty=there,
            coaches=coaches,
            alarms=[each.value for each in alarms],
            may_phone=Role.COORDINATOR in scope.roles,
            shifts=[
                _shift(row, places[row["id"]], call_ups[row["id"]], asked, known, now)
                for row in rows
                if (known := standing.get(ShiftId(row["id"]))) is not None
            ],
        )

    async def open_to(self, person: PersonId) -> CallUps:
        """Give the shifts of the own branch on which this person can jump in now."""
        async with self._database.transaction(LINE) as tx:
            found = await store_tonight.asked_of_person(tx, person)
            known = {row["id"] for row in found}
            for row in await store_tonight.of_branch(tx, person):
                opens = model.opens(Reason(row["reason"]), row["starts"], row["made"])
                shift = await self._attending.lock(tx, ShiftId(row["shift"]))
                is_open = opens is not None and opens <= tx.now and shift is not None
                if row["id"] in known or not is_open or shift is None:
                    continue
                if person in await self._attending.who_can(tx, shift):
                    found.append(row)
        return CallUps([_call_up_view(row) for row in sorted(found, key=lambda row: row["starts"])])

    # What a console shows (`dispatch.ports.Attendance`).

    async def side(self, tx: Transaction, person: PersonId) -> AttendanceSide:
        """Give who is called up, who is late, and for who looks after a shift who did not come."""
        late = await store_tonight.late_since(tx, person)
        asked = await store_tonight.asked_of_person(tx, person)
        missed, alarms = 0, []
        looks = await store_tonight.looks_after(tx, person)
        if looks is not None:
            national = bool({"planner", "coach"} & set(looks["roles"]))
            if national or looks["branch"] is not None:
                missed = await store_tonight.missed(tx, None if national else looks["branch"])
            if person in await self._rota.on_call(tx) or "planner" in looks["roles"]:
                alarms = [each.value for each in await self._attendance.alarms(tx)]
        return AttendanceSide(
            late_since_at=to_wire(late["starts"]) if late is not None else None,
            call_ups=[_call_up_view(row) for row in asked],
            missed=missed,
            alarms=alarms,
        )


def _by(rows: list[asyncpg.Record], key: str) -> defaultdict[Any, list[asyncpg.Record]]:
    found: defaultdict[Any, list[asyncpg.Record]] = defaultdict(list)
    for row in rows:
        found[row[key]].append(row)
    return found


def _shift(
    row: asyncpg.Record,
    places: list[asyncpg.Record],
    call_ups: list[asyncpg.Record],
    asked: defaultdict[UUID, list[asyncpg.Record]],
    standing: Standing,
    now: datetime,
) -> TonightShift:
    opened = [each for each in call_ups if each["state"] == "open"]
    told = {who["person"] for each in opened for who in asked[each["id"]]}
    reserves = {
        each["person"]
        for each in places
        if each["role"] == "reserve" and each["state"] in ("published", "confirmed")
    }
    times = [_opens(each, row) for each in opened]
    is_opened = any(each is not None and each <= now for each in times)
    return TonightShift(
        shift=row["id"].hex,
        branch_name=row["branch_name"],
        starts_at=to_wire(row["starts"]),
        ends_at=to_wire(row["ends"]),
        channels=list(row["channels"]),
        wanted=row["wanted"],
        missing=missing(standing),
        may_call_reserve=bool(reserves - told) and model.is_needed(Reason.RESERVE, standing, now),
        may_open=not is_opened and model.is_needed(Reason.OPEN_SOON, standing, now),
        places=[
            TonightPlace(
                place=each["id"].hex,
                person=each["person"].hex,
                name=each["name"],
                role=each["role"],
                state=each["state"],
                late=each["role"] != "reserve"
                and each["state"] in ("published", "confirmed")
                and row["starts"] + LATE <= now,
                has_phone=each["has_phone"],
            )
            for each in places
        ],
        call_ups=[
            TonightCallUp(
                call_up=each["id"].hex,
                reason=each["reason"],
                state=each["state"],
                opens_at=None if (opens := _opens(each, row)) is None else to_wire(opens),
                asked=[
                    TonightAsked(name=who["name"], state=who["state"]) for who in asked[each["id"]]
                ],
            )
            for each in call_ups
        ],
    )


def missing(shift: Standing) -> int:
    """Count who is still to be found for a shift."""
    return max(0, shift.missed - shift.filled, shift.wanted - shift.counted)


def _opens(call_up: asyncpg.Record, shift: asyncpg.Record) -> datetime | None:
    return model.opens(Reason(call_up["reason"]), shift["starts"], call_up["made"])


def _call_up_view(row: asyncpg.Record) -> CallUpView:
    return CallUpView(
        call_up=row["id"].hex,
        starts_at=to_wire(row["starts"]),
        ends_at=to_wire(row["ends"]),
        branch_name=row["branch_name"],
        channels=list(row["channels"]),
    )
