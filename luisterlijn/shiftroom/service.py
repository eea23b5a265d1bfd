"""Who is on now, and what they say to each other. The server never has a word of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.accounts.ports import first_name
from luisterlijn.edge.guard import b64
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PersonId
from luisterlijn.kernel.scope import LINE
from luisterlijn.shiftroom import model, store, views
from luisterlijn.shiftroom.events import RoomLineSaid, RoomMemberCame
from luisterlijn.shiftroom.model import Here
from luisterlijn.shiftroom.wire import OnNow, RoomMember, ShiftRoomView

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from luisterlijn.accounts.service import Accounts
    from luisterlijn.coaching.rota import Rota
    from luisterlijn.rostering.service import Roster
    from luisterlijn.store.database import Database, Transaction

Who = tuple[tuple[PersonId, bytes | None], ...]
"""Each who is there, with the key of their console: to be compared, and nothing else."""
NOT_HERE = ShiftRoomView(me=None, has_room=False, people=[], members=[], lines=[], more=False)


class ShiftRoom:
    """The use cases of the room."""

    def __init__(self, database: Database, accounts: Accounts, roster: Roster, rota: Rota) -> None:
        """Work on this database."""
        self._database = database
        self._accounts = accounts
        self._roster = roster
        self._rota = rota

    async def shown(self, person: PersonId, public_key: bytes, after: int) -> ShiftRoomView:
        """Give who is on now, and the lines after a number that this console may read.

        A coach on duty is in the room from the first time that their console asks.
        """
        async with self._database.transaction(LINE) as tx:
            here = await self._here(tx)
            me = _of(here, person)
            if me is None:
                return NOT_HERE
            if me.is_coach:
                await store.seat(tx, person, public_key)
                if me.public_key != public_key:
                    here = await self._here(tx)
                    tx.publish_on_commit(RoomMemberCame(person=person))
            member = model.member_of(public_key)
            rows = await store.lines(tx, person, member, after)
        return ShiftRoomView(
            me=member.hex(),
            has_room=any(not one.is_coach for one in here),
            people=[
                OnNow(
                    name=one.name,
                    branch_name=one.branch_name,
                    is_coach=one.is_coach,
                    is_me=one.person == person,
                )
                for one in here
            ],
            members=[
                RoomMember(member=each.hex(), public_key=b64(one.public_key or b""))
                for each, one in sorted(model.members(here).items())
            ],
            lines=[views.line(row, person) for row in rows[: store.MOST_LINES]],
            more=len(rows) > store.MOST_LINES,
        )

    async def say(
        self, person: PersonId, line: UUID, sealed: bytes, boxes: Mapping[bytes, bytes]
    ) -> int:
        """Keep a line for who is there now; gives its number, the same when it comes again.

        Raises:
            Refusal: `not-on-shift`, `room-changed` when it is not sealed to exactly those who are
                there, `message-too-long`, `bad-request`.
        """
        async with self._database.transaction(LINE) as tx:
            here = await self._here(tx)
            me = _of(here, person)
            if me is None or me.public_key is None:
                raise Refusal(Code.NOT_ON_SHIFT)
            until = model.said_until(me, here)
            known = await store.number_of(tx, line, person)
            if known is not None:
                return known
            members = model.members(here)
            model.check_line(sealed, boxes, members)
            number = await store.insert_line(
                tx, line, me, model.member_of(me.public_key), sealed, until
            )
            if number is None:
                raise Refusal(Code.BAD_REQUEST)
            await store.insert_boxes(tx, line, boxes, members)
            tx.publish_on_commit(RoomLineSaid(told=tuple(one.person for one in members.values())))
            return number

    async def who(self) -> Who:
        """Give what tells whether somebody came, left, or opened another console."""
        async with self._database.transaction(LINE) as tx:
            on_call = await self._rota.on_call(tx)
            seats = await store.seats(tx)
            present = await store.present(tx)
        return (
            *((person, seats.get(person)) for person in on_call),
            *((row["person"], row["public_key"]) for row in present),
        )

    async def forget_old(self, tx: Transaction) -> None:
        """Timed work: what was said in a shift goes when the shift is over."""
        await store.forget_old(tx)

    async def _here(self, tx: Transaction) -> list[Here]:
        """Give who is on now: coaches on duty as they are rung, then volunteers by alias."""
        seats = await store.seats(tx)
        coaches = []
        for person_id in await self._rota.on_call(tx):
            person = await self._accounts.person(tx, person_id)
            if person is not None:
                coaches.append(
                    Here(
                        person=person_id,
                        name=first_name(person.name),
                        branch_name=None,
                        public_key=seats.get(person_id),
                        ends=None,
                    )
                )
        # A coach is known by name here: their alias of a shift would tell whose it is.
        on_call = {one.person for one in coaches}
        present = [row for row in await store.present(tx) if row["person"] not in on_call]
        shifts = await self._roster.current_of(tx, [row["person"] for row in present])
        volunteers = [
            Here(
                person=row["person"],
                name=row["alias"],
                branch_name=shifts[row["person"]].branch_name,
                public_key=row["public_key"],
                ends=shifts[row["person"]].ends,
            )
            for row in present
            if row["person"] in shifts
        ]
        return [*coaches, *volunteers]


def _of(here: list[Here], person: PersonId) -> Here | None:
    return next((one for one in here if one.person == person), None)
