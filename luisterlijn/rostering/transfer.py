"""The roster out of the database as a table, and into it."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import Interval, midnight
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId, new_id
from luisterlijn.kernel.scope import LINE
from luisterlijn.rostering import model, store_sheet, store_tabular, tabular
from luisterlijn.rostering.model import ShiftState
from luisterlijn.rostering.ports import ShiftRow
from luisterlijn.rostering.tabular import Judged, Key, Known, KnownPerson, KnownShift, Row
from luisterlijn.volunteers.ports import Status

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    import asyncpg

    from luisterlijn.kernel.ids import TokenSource
    from luisterlijn.rostering.placing import Placing
    from luisterlijn.store.database import Database, Transaction

MARGIN = timedelta(days=1)


class Transfer:
    """An operator's use cases; they act for the whole line."""

    def __init__(self, database: Database, placing: Placing, tokens: TokenSource) -> None:
        """Work on this database."""
        self._database = database
        self._placing = placing
        self._tokens = tokens

    async def table(self, first: date, days: int, branch: str | None) -> str:
        """Give the roster of some days as a table; `branch`: only of this short name.

        Raises:
            Refusal: `not-found`, when there is no such branch.
        """
        async with self._database.transaction(LINE) as tx:
            slugs = [row["slug"] for row in await store_tabular.branches(tx)]
            if branch is not None and branch not in slugs:
                raise Refusal(Code.NOT_FOUND)
            start, end = midnight(first), midnight(first + timedelta(days=days))
            found = await store_tabular.places(tx, start, end, branch)
        rows = {(row.key, row.sign_in): row for row in map(_row, found)}
        taken = {key for key, sign_in in rows if sign_in}
        return tabular.write(
            row for (key, sign_in), row in rows.items() if sign_in or key not in taken
        )

    async def take(self, text: str, *, dry_run: bool = False, partial: bool = False) -> Judged:
        """Judge a table, and write what is new or changed.

        Args:
            text: the table.
            dry_run: write nothing.
            partial: write what can be, although lines are refused; else nothing is written then.

        Raises:
            Refusal: `overlaps`, when somebody was put elsewhere meanwhile; nothing is written.
        """
        rows, unreadable = tabular.read(text)
        async with self._database.transaction(LINE) as tx:
            known, shifts, places = await self._known(tx, rows)
            judged = tabular.judge(rows, known, tx.now)
            judged.refused = sorted(
                [*unreadable, *judged.refused], key=lambda each: (each.line, each.reason)
            )
            if not dry_run and (partial or not judged.refused):
                await self._write(tx, judged, shifts, places)
        return judged

    async def _known(
        self, tx: Transaction, rows: Sequence[Row]
    ) -> tuple[Known, dict[Key, ShiftId], dict[tuple[Key, str], PlaceId]]:
        branches = await store_tabular.branches(tx)
        sign_ins = {row.sign_in for row in rows if row.sign_in}
        accounts = await store_tabular.people(tx, sign_ins)
        facts = await self._placing.volunteers.facts(tx, [row["id"] for row in accounts])
        shifts, places = dict[Key, ShiftId](), dict[tuple[Key, str], PlaceId]()
        there: defaultdict[Key, dict[str, tuple[str, str]]] = defaultdict(dict)
        drafted, taken = dict[Key, bool](), defaultdict[str, list[tuple[Interval, "Key"]]](list)
        if rows:
            start = min(row.during.start for row in rows) - MARGIN
            end = max(row.during.end for row in rows) + MARGIN
            for each in await store_tabular.places(tx, start, end, None):
                row = _row(each)
                shifts.setdefault(row.key, ShiftId(each["shift"]))
                drafted.setdefault(row.key, each["shift_state"] == ShiftState.CONCEPT)
                if row.sign_in:
                    there[row.key][row.sign_in] = (row.role, row.state)
                    places[row.key, row.sign_in] = PlaceId(each["place"])
            people = [PersonId(each["id"]) for each in accounts]
            for each in await store_tabular.stands(tx, people, start, end):
                during = Interval(each["starts"], each["ends"])
                taken[each["sign_in"]].append((during, _key(each)))
        known = Known(
            branches=frozenset(row["slug"] for row in branches),
            people={
                row["sign_in"]: KnownPerson(
                    branch=row["slug"],
                    takes=facts[row["id"]].channels,
                    along=frozenset(
                        channel
                        for channel, at in facts[row["id"]].status.items()
                        if at is Status.WALKING_ALONG
                    ),
                )
                for row in accounts
            },
            shifts={key: KnownShift(drafted=drafted[key], places=there[key]) for key in shifts},
            taken=taken,
        )
        return known, shifts, places

    async def _write(
        self,
        tx: Transaction,
        judged: Judged,
        shifts: dict[Key, ShiftId],
        places: dict[tuple[Key, str], PlaceId],
    ) -> None:
        branches = {row["slug"]: BranchId(row["id"]) for row in await store_tabular.branches(tx)}
        wanted: defaultdict[Key, list[Row]] = defaultdict(list)
        for row in judged.new:
            if row.key not in shifts:
                wanted[row.key].append(row)
        new = {key: self._shift(branches[key[0]], rows) for key, rows in wanted.items()}
        await store_sheet.insert_shifts(tx, list(new.values()))
        shifts = shifts | {key: shift.shift for key, shift in new.items()}
        placed = [row for row in (*judged.new, *judged.changed) if row.sign_in]
        accounts = await store_tabular.people(tx, {row.sign_in for row in placed})
        people = {row["sign_in"]: PersonId(row["id"]) for row in accounts}
        locked = await self._placing.lock(
            tx, {shifts[row.key] for row in placed}, {people[row.sign_in] for row in placed}
        )
        for row in judged.new:
            if not row.sign_in:
                continue
            place = await self._placing.put(
                tx,
                locked[shifts[row.key]],
                people[row.sign_in],
                role=row.role,
                origin="coordinator",
            )
            if row.state != place.state:
                await store_tabular.set_place(tx, place.place, row.role, row.state)
        for row in judged.changed:
            place_id = places[row.key, row.sign_in]
            await store_tabular.set_place(tx, place_id, row.role, row.state)
            found = await store_sheet.place(tx, place_id)
            self._placing.tell(tx, [found] if found is not None else [])

    def _shift(self, branch: BranchId, rows: Sequence[Row]) -> ShiftRow:
        first = rows[0]
        return ShiftRow(
            shift=ShiftId(new_id(self._tokens)),
            branch=branch,
            during=first.during,
            channels=first.channels,
            least=0,
            wanted=max(1, sum(row.role in model.LISTENING for row in rows)),
            night=model.at_night(first.during),
            state=(ShiftState.CONCEPT if first.drafted else ShiftState.PUBLISHED).value,
            template=None,
        )


def _key(row: asyncpg.Record) -> Key:
    return (row["slug"], row["starts"], row["ends"], tuple(sorted(row["channels"])))


def _row(row: asyncpg.Record) -> Row:
    branch, start, end, channels = _key(row)
    return Row(
        line=0,
        branch=branch,
        during=Interval(start, end),
        channels=channels,
        sign_in=row["sign_in"] or "",
        role=row["role"] if row["sign_in"] else "",
        state=row["state"] if row["sign_in"] else row["shift_state"],
    )
