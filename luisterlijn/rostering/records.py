"""What the roster knows of one volunteer: counts, the own rows, and what leaving lets go."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from luisterlijn.demand.feasts import Feast, feast
from luisterlijn.kernel.clock import AMSTERDAM, DAY_TURNS, local_day, midnight
from luisterlijn.rostering import store, store_records
from luisterlijn.rostering.events import RosterChanged
from luisterlijn.volunteers.ports import Worked

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from luisterlijn.kernel.ids import BranchId, PersonId, ShiftId
    from luisterlijn.store.database import Transaction

FOUR_WEEKS = timedelta(days=28)
YEAR = timedelta(days=365)
NOTHING = Worked(hours=0.0, nights=0, weekends=0, feasts=0, next_shift=None)


class Records:
    """Answers what the volunteers' room asks of the roster; it promises `ports.Ledger`."""

    async def worked(self, tx: Transaction, people: Sequence[PersonId]) -> dict[PersonId, Worked]:
        """Give what each did: hours of the past four weeks, the rest of twelve months."""
        today = local_day(tx.now)
        first = today - YEAR
        rows = await store_records.worked(
            tx,
            people,
            lately=midnight(today - FOUR_WEEKS),
            year=midnight(first),
            feasts=_feasts(first, today),
        )
        found = {
            row["person"]: Worked(
                hours=row["hours"],
                nights=row["nights"],
                weekends=row["weekends"],
                feasts=row["feasts"],
                next_shift=row["next_shift"],
            )
            for row in rows
        }
        return {person: found.get(person, NOTHING) for person in people}

    async def walked(self, tx: Transaction, people: Sequence[PersonId]) -> dict[PersonId, int]:
        """Give how many shifts each has walked along with a mentor."""
        found = await store_records.walked(tx, people)
        return {person: found.get(person, 0) for person in people}

    async def on_shift(
        self, tx: Transaction, shift: ShiftId
    ) -> tuple[BranchId, list[PersonId]] | None:
        """Give a published shift's branch and who stands on it; None: there is no such shift."""
        return await store_records.on_shift(tx, shift)

    async def own(self, tx: Transaction, person: PersonId) -> dict[str, Any]:
        """Give somebody's places since a year ago, wishes, leave and swaps; of nobody else."""
        since = midnight(local_day(tx.now) - YEAR)
        return {
            "places": _plain(await store_records.own_places(tx, person, since)),
            "wishes": _plain(await store_records.own_wishes(tx, person)),
            "leave": _plain(await store_records.own_leave(tx, person)),
            "swaps": _plain(await store_records.own_swaps(tx, person)),
        }

    async def release(self, tx: Transaction, person: PersonId, last_day: date) -> int:
        """Take somebody off every shift after a day; gives off how many.

        The night that begins on that day still belongs to it.
        """
        morning = datetime.combine(last_day + timedelta(days=1), time(), AMSTERDAM) + DAY_TURNS
        shifts = await store_records.shifts_from(tx, person, morning)
        await store.lock_person(tx, person)
        await store_records.end_swaps(tx, person, shifts)
        off = await store_records.release(tx, person, shifts)
        await store_records.drop_wishes(tx, person, last_day)
        if off:
            tx.publish_on_commit(RosterChanged(person=person))
        return len(off)


def _feasts(first: date, last: date) -> list[date]:
    days = ((first + timedelta(days=n)) for n in range((last - first).days + 1))
    return [day for day in days if feast(day) is not Feast.NONE]


def _plain(rows: Sequence[asyncpg.Record]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]
