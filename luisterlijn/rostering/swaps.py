"""Giving a place away, swapping it, and rings in which each gets what they want."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import new_id
from luisterlijn.kernel.scope import LINE, Scope
from luisterlijn.rostering import life, store_sheet, store_swaps
from luisterlijn.rostering.events import RosterChanged
from luisterlijn.rostering.model import PlaceRole, PlaceState
from luisterlijn.rostering.ports import SwapRow
from luisterlijn.rostering.rules import role_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from luisterlijn.kernel.ids import BranchId, PersonId, PlaceId, ShiftId, TokenSource
    from luisterlijn.kernel.scope import LineScope
    from luisterlijn.rostering.own import Own
    from luisterlijn.rostering.placing import Placing
    from luisterlijn.rostering.ports import PlaceRow, ShiftRow
    from luisterlijn.store.database import Database, Transaction

MOST_TRIED = 200
"""Rings that are looked at each time; more are there only when nobody may take any."""


class Swaps:
    """The use cases of a swap. The places are untouched until all of it can be done at once."""

    def __init__(self, database: Database, placing: Placing, own: Own, tokens: TokenSource) -> None:
        """Work on this database."""
        self._database = database
        self._placing = placing
        self._own = own
        self._tokens = tokens

    async def offer(
        self,
        scope: Scope,
        place_id: PlaceId,
        *,
        wants: Sequence[ShiftId] = (),
        asked: PersonId | None = None,
    ) -> SwapRow | None:
        """Give a place away, or swap it for one of the shifts wanted; no reason is asked.

        It stays the volunteer's until somebody takes it. Gives None when a ring with what others
        offered closed at once, so that the swap is done.

        Raises:
            Refusal: `not-found`, `too-late`.
        """
        async with self._database.transaction(LINE) as tx:
            place, shift = await self._own.locked(tx, scope.person, place_id)
            if not life.may_swap(place, tx.now):
                raise Refusal(Code.TOO_LATE)
            await self._check_named(tx, shift, wants, asked, scope.person)
            swap = SwapRow(
                swap=new_id(self._tokens),
                branch=shift.branch,
                person=scope.person,
                place=place.place,
                shift=shift.shift,
                wants=tuple(dict.fromkeys(wants)),
                asked=asked,
                until=shift.during.start,
            )
            await store_swaps.insert(tx, swap)
            self._placing.tell(tx, [place])
            if asked is not None:
                tx.publish_on_commit(RosterChanged(person=asked))
        done = bool(wants) and await self.close_ring(shift.branch, swap.swap)
        return None if done else swap

    async def accept(self, scope: Scope, swap_id: UUID, given: PlaceId | None = None) -> PlaceRow:
        """Take a colleague's place, giving an own one for it when a swap asks that.

        Raises:
            Refusal: `swap-gone`, or the first rule that is in the way of either of the two.
        """
        async with self._database.transaction(LINE) as tx:
            return await self._taken(tx, swap_id, scope.person, given, on_behalf=False)

    async def accept_for(
        self, scope: Scope, swap_id: UUID, person: PersonId, given: PlaceId | None
    ) -> PlaceRow:
        """Take a swap for somebody of the branch who has no computer; refuses as `accept`."""
        async with self._database.transaction(scope) as tx:
            return await self._taken(tx, swap_id, person, given, on_behalf=True)

    async def decline(self, scope: Scope, swap_id: UUID) -> None:
        """Say no to what was asked of oneself alone; no reason is asked.

        Raises:
            Refusal: `swap-gone`.
        """
        async with self._database.transaction(LINE) as tx:
            swap = await store_swaps.swap(tx, swap_id)
            if swap is None or swap.asked != scope.person:
                raise Refusal(Code.SWAP_GONE)
            await self._settled(tx, [swap], "declined")

    async def withdraw(self, scope: Scope, swap_id: UUID) -> None:
        """Keep the own place after all.

        Raises:
            Refusal: `swap-gone`.
        """
        async with self._database.transaction(LINE) as tx:
            swap = await store_swaps.swap(tx, swap_id)
            if swap is None or swap.person != scope.person:
                raise Refusal(Code.SWAP_GONE)
            await self._settled(tx, [swap], "withdrawn")

    async def withdraw_for(self, scope: Scope | LineScope, swap_id: UUID) -> None:
        """Let somebody of the branch keep their place; refuses as `withdraw`."""
        async with self._database.transaction(scope) as tx:
            swap = await store_swaps.swap(tx, swap_id)
            if swap is None:
                raise Refusal(Code.SWAP_GONE)
            await self._settled(tx, [swap], "withdrawn")

    async def lapse(self, tx: Transaction) -> None:
        """Let go of what nobody took before the shift began."""
        for person in await store_swaps.lapse(tx):
            tx.publish_on_commit(RosterChanged(person=person))

    async def close_ring(self, branch: BranchId, with_swap: UUID) -> bool:
        """Carry out the first ring with this swap that breaks no rule; False when there is none.

        It happens whole or not at all.
        """
        async with self._database.transaction(LINE) as tx:
            swaps = await store_swaps.open_of_branch(tx, branch)
            with_it = (
                ring
                for ring in life.rings([each for each in swaps if each.wants])
                if with_swap in {each.swap for each in ring}
            )
            for ring in islice(with_it, MOST_TRIED):
                try:
                    async with tx.savepoint():
                        await self._turned(tx, ring)
                except Refusal:
                    continue
                return True
        return False

    async def _taken(
        self,
        tx: Transaction,
        swap_id: UUID,
        person: PersonId,
        given: PlaceId | None,
        *,
        on_behalf: bool,
    ) -> PlaceRow:
        swap = await store_swaps.swap(tx, swap_id)
        mine = await store_sheet.place(tx, given) if given is not None else None
        if swap is None or (given is not None and (mine is None or mine.person != person)):
            raise Refusal(Code.SWAP_GONE)
        moves = [(swap.place, person)] + ([(mine.place, swap.person)] if mine is not None else [])
        locked = await self._locked(tx, [swap], moves)
        given_shift = locked[mine.place].shift if mine is not None else None
        if not life.fits(swap, person, given_shift, tx.now):
            raise Refusal(Code.SWAP_GONE)
        # Settled first: a place that ends withdraws what was offered of it.
        await self._settled(tx, [swap], "done")
        return (await self._moved(tx, locked, moves, on_behalf=on_behalf))[0]

    async def _turned(self, tx: Transaction, ring: Sequence[SwapRow]) -> None:
        """Give each of a ring the place of the next."""
        takers = [ring[-1], *ring[:-1]]
        moves = [(swap.place, taker.person) for swap, taker in zip(ring, takers, strict=True)]
        locked = await self._locked(tx, ring, moves)
        await self._settled(tx, ring, "done")
        await self._moved(tx, locked, moves, on_behalf=False)

    async def _locked(
        self, tx: Transaction, swaps: Sequence[SwapRow], moves: Sequence[tuple[PlaceId, PersonId]]
    ) -> dict[PlaceId, PlaceRow]:
        """Lock shifts, people and swaps; give the places that change hands.

        Raises:
            Refusal: `swap-gone`, when one of them is no longer as it was.
        """
        before = {place: await store_sheet.place(tx, place) for place, _person in moves}
        rows = [each for each in before.values() if each is not None]
        people = {person for _place, person in moves} | {
            each.person for each in rows if each.person is not None
        }
        await self._placing.lock(tx, [each.shift for each in rows], people)
        still = await store_swaps.lock(tx, [each.swap for each in swaps])
        now = {place: await store_sheet.place(tx, place) for place in before}
        found = {
            place: row
            for place, row in now.items()
            if row is not None and life.may_swap(row, tx.now)
        }
        if len(still) != len(swaps) or len(found) != len(moves):
            raise Refusal(Code.SWAP_GONE)
        if any(found[each.place].person != each.person for each in swaps):
            raise Refusal(Code.SWAP_GONE)
        return found

    async def _moved(
        self,
        tx: Transaction,
        places: dict[PlaceId, PlaceRow],
        moves: Sequence[tuple[PlaceId, PersonId]],
        *,
        on_behalf: bool,
    ) -> list[PlaceRow]:
        """Let every place end and stand again as another's, in the order of `moves`.

        Raises:
            Refusal: the first rule that is in the way; then nothing has changed.
        """
        ids = {row.shift for row in places.values()}
        shifts = {each.shift: each for each in await store_sheet.shifts_of(tx, ids)}
        facts = await self._placing.volunteers.facts(tx, [person for _place, person in moves])
        await self._placing.end(tx, list(places.values()), PlaceState.HANDED_OVER)
        new = []
        for place, person in moves:
            shift, role = shifts[places[place].shift], places[place].role
            if role != PlaceRole.RESERVE and person in facts:
                role = role_of(facts[person], shift.channels)
            # Read anew each time: who came before is beside them.
            book = await self._placing.seen(tx, [person], [shift])
            for code in book.against_own(person, shift, role=role):
                if code is not Code.SHIFT_FULL:  # they come in somebody's place
                    raise Refusal(code)
            await self._placing.drop_drafts(tx, person, shift)
            new.append(
                await self._placing.put(
                    tx, shift, person, role=role, origin="swap", on_behalf=on_behalf
                )
            )
        if await self._placing.trainees_alone(tx, ids):
            raise Refusal(Code.TRAINEE_ALONE)
        return new

    async def _check_named(
        self,
        tx: Transaction,
        shift: ShiftRow,
        wants: Sequence[ShiftId],
        asked: PersonId | None,
        person: PersonId,
    ) -> None:
        """Refuse shifts and colleagues that are not of the branch."""
        named = await store_sheet.shifts_of(tx, wants)
        if asked is not None:
            facts = (await self._placing.volunteers.facts(tx, [asked])).get(asked)
            if asked == person or facts is None or facts.branch != shift.branch:
                raise Refusal(Code.NOT_FOUND)
        here = [each for each in named if each.branch == shift.branch and each.shift != shift.shift]
        if len(here) != len(set(wants)):
            raise Refusal(Code.NOT_FOUND)

    async def _settled(self, tx: Transaction, swaps: Sequence[SwapRow], state: str) -> None:
        done = await store_swaps.settle(tx, [each.swap for each in swaps], state)
        if len(done) != len(swaps):
            raise Refusal(Code.SWAP_GONE)
        people = {each.person for each in swaps} | {
            each.asked for each in swaps if each.asked is not None
        }
        for person in sorted(people):
            tx.publish_on_commit(RosterChanged(person=person))
