"""A volunteer's presence and console: checking in, being ready, what the screen shows."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from luisterlijn.dispatch import mentoring, store_lookout, store_pairs, store_presence, views
from luisterlijn.dispatch.events import ConsoleReplaced, PresenceChanged, VolunteerFreed
from luisterlijn.dispatch.store_presence import Hours
from luisterlijn.dispatch.wire import (
    AttendanceSide,
    Beside,
    CoachSide,
    ConsoleSnapshot,
    PresentPerson,
)
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import ContactId
from luisterlijn.kernel.scope import LINE, Role, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from luisterlijn.accounts.ports import Person
    from luisterlijn.accounts.service import Accounts
    from luisterlijn.dispatch.ports import Attendance, Channel, ChannelFacts, Coaching
    from luisterlijn.dispatch.wire import Cover
    from luisterlijn.kernel.ids import PersonId, TokenSource
    from luisterlijn.rostering.events import RosterChanged
    from luisterlijn.rostering.ports import OnShift
    from luisterlijn.rostering.service import Roster
    from luisterlijn.store.database import Database, Transaction
    from luisterlijn.volunteers.service import Volunteers

ALIASES = (
    "Anja Bas Carla Daan Els Frits Greet Hans Ilse Jan Karin Leo Marja Niels Olga Piet Ria Sjoerd"
    " Tineke Wim"
).split()
"""A volunteer has another name each shift, so that nobody can be asked for."""


AT_WORK = timedelta(hours=12)
"""How long the console of somebody without a shift counts, who is beside a conversation."""

NO_COACHING = CoachSide(
    on_duty=False,
    agrees_heavy=False,
    emergency=False,
    help=None,
    joined=[],
    requests=[],
    talks=[],
)

NO_ATTENDANCE = AttendanceSide(late_since_at=None, call_ups=[], missed=0, alarms=[])


def alias_from(tokens: TokenSource) -> str:
    """Give a name for a shift."""
    # 256 is no multiple of 20: some names come a little more often, which nobody can use.
    return ALIASES[tokens.bytes(1)[0] % len(ALIASES)]


class Consoles:
    """The use cases of a volunteer's presence."""

    def __init__(
        self,
        database: Database,
        accounts: Accounts,
        volunteers: Volunteers,
        roster: Roster,
        tokens: TokenSource,
    ) -> None:
        """Work on this database."""
        self._database = database
        self._accounts = accounts
        self._volunteers = volunteers
        self._roster = roster
        self._tokens = tokens
        self.channels: list[Channel] = []
        self.coaching: Coaching | None = None
        self.attendance: Attendance | None = None

    async def opened(self, person: PersonId, public_key: bytes) -> None:
        """A console opened: check in when there is a shift, and keep its public key."""
        async with self._database.transaction(LINE) as tx:
            await self._check_in(tx, person)
            if await store_presence.set_key(tx, person, public_key):
                tx.publish_on_commit(ConsoleReplaced(person=person))
            tx.publish_on_commit(PresenceChanged(person=person))

    async def set_state(
        self, person: PersonId, state: str, public_key: bytes | None = None
    ) -> None:
        """Set ready, paused or away.

        Args:
            person: who.
            state: which of the three.
            public_key: of their console, which may have opened before check-in did.

        Raises:
            Refusal: `not-on-shift` when somebody without a shift wants to be ready.
        """
        async with self._database.transaction(LINE) as tx:
            shift = await self._check_in(tx, person)
            if state == "ready" and shift is None:
                raise Refusal(Code.NOT_ON_SHIFT)
            await store_presence.set_state(tx, person, state)
            if state == "ready":
                await self._roster.checked_in(tx, person)
            if public_key is not None and await store_presence.set_key(tx, person, public_key):
                tx.publish_on_commit(ConsoleReplaced(person=person))
            for each in (person, *await store_pairs.of(tx, person)):
                tx.publish_on_commit(PresenceChanged(person=each))
            tx.publish_on_commit(VolunteerFreed(person=person))

    async def set_limit(self, person: PersonId, chats: int) -> None:
        """Set how many chats at once, 1 to 3."""
        async with self._database.transaction(LINE) as tx:
            await store_presence.set_limit(tx, person, chats)
            tx.publish_on_commit(PresenceChanged(person=person))
            tx.publish_on_commit(VolunteerFreed(person=person))

    async def take_calls(self, person: PersonId, at: str) -> None:
        """Take calls in the browser, or on the own phone.

        Raises:
            Refusal: `no-own-phone` when no number is on record.
        """
        async with self._database.transaction(LINE) as tx:
            if at == "own" and not await self._accounts.has_phone(tx, person):
                raise Refusal(Code.NO_OWN_PHONE)
            await store_presence.take_calls(tx, person, at)
            tx.publish_on_commit(PresenceChanged(person=person))

    async def roster_changed(self, tx: Transaction, event: RosterChanged) -> None:
        """Work listener: somebody's hours changed, so does until when they are offered contacts."""
        # Who was beside them may be beside another now.
        await self._follow(tx, event.person)
        for other in await store_pairs.of(tx, event.person):
            await self._follow(tx, other)
        tx.publish_on_commit(PresenceChanged(person=event.person))
        tx.publish_on_commit(VolunteerFreed(person=event.person))

    async def next_hours(self, tx: Transaction) -> None:
        """Timed work: who goes on into a next shift is offered contacts over the boundary.

        Looks at everybody who is there, so that nothing lasts that no event told of: training
        that ended, a branch that somebody left.
        """
        for row in await store_presence.there(tx):
            person = row["person"]
            shift = await self._roster.current(tx, person)
            if shift is None and not row["takes_now"]:
                continue  # without a shift, as a coach may be: nothing is offered anyway
            if await self._follow(tx, person):
                tx.publish_on_commit(PresenceChanged(person=person))
                tx.publish_on_commit(VolunteerFreed(person=person))
            await self._roster.goes_on(tx, person)

    async def _follow(self, tx: Transaction, person_id: PersonId) -> bool:
        """Let the roster say what somebody is offered, beside whom; False when it was so."""
        shift = await self._roster.current(tx, person_id)
        person = await self._accounts.person(tx, person_id)
        if shift is None or person is None:
            bound = await self._bind(tx, None, person_id)
            nothing = Hours(channels=(), takes_until=tx.now, ends=tx.now)
            return await store_presence.hours_changed(tx, person_id, nothing) or bound
        bound = await self._bind(tx, shift, person_id)
        hours = await self._hours(tx, person, shift)
        return await store_presence.hours_changed(tx, person_id, hours) or bound

    async def _pairs(
        self, tx: Transaction, shift: OnShift | None, person: PersonId
    ) -> tuple[set[PersonId], dict[PersonId, PersonId | None]]:
        """Give who is on a shift, this person among them, and each trainee's mentor."""
        if shift is None:
            return {person}, {}
        roles = dict(await self._roster.companions(tx, shift.shift)) | {person: shift.role}
        facts = await self._volunteers.facts(tx, list(roles))
        return set(roles), mentoring.together(roles.items(), facts)

    async def _bind(self, tx: Transaction, shift: OnShift | None, person: PersonId) -> bool:
        """Put the trainees of a shift beside its mentors; without a shift nobody beside them."""
        changed = await store_pairs.bind(tx, *await self._pairs(tx, shift, person))
        for each in changed:
            tx.publish_on_commit(PresenceChanged(person=each))
            tx.publish_on_commit(VolunteerFreed(person=each))
        return person in changed

    async def snapshot(self, person: PersonId) -> ConsoleSnapshot:
        """Give all that the screen shows."""
        async with self._database.transaction(LINE) as tx:
            row = await store_presence.of_person(tx, person)
            shift = await self._roster.current(tx, person)
            later = await self._roster.upcoming(tx, person)
            offer = await store_presence.open_offer(tx, person)
            contacts = await store_presence.contacts_of(tx, person)
            facts = await self.facts(tx, [each["id"] for each in contacts])
            side, beside = NO_COACHING, dict[ContactId, list[Beside]]()
            if self.coaching is not None:
                side = await self.coaching.side(tx, person)
                beside = await self.coaching.beside(tx, [each["id"] for each in contacts])
            attendance = NO_ATTENDANCE
            if self.attendance is not None:
                attendance = await self.attendance.side(tx, person)
            cover: Cover = "good"
            if side.on_duty or (shift is not None and row is not None):
                thin = await store_lookout.noticed(tx)
                cover = thin.kind.value if thin is not None and thin.told else "good"
            if shift is not None and await store_pairs.is_alone(tx, person):
                cover = "no_mentor"
            has_phone = await self._accounts.has_phone(tx, person)
            return ConsoleSnapshot(
                version=row["version"] if row else 0,
                now_at=to_wire(tx.now),
                alias=row["alias"] if row else "",
                shift=views.hours(shift),
                next_shift=views.hours(later),
                presence=views.presence(
                    row, tx.now, on_shift=shift is not None, has_phone=has_phone
                ),
                offer=views.offer(offer),
                contacts=views.contacts(contacts, facts, beside),
                coaching=side,
                attendance=attendance,
                cover=cover,
            )

    async def facts(
        self, tx: Transaction, contacts: Sequence[ContactId]
    ) -> dict[ContactId, ChannelFacts]:
        """Give what the channels say of these contacts."""
        facts: dict[ContactId, ChannelFacts] = {}
        for channel in self.channels:
            facts.update(await channel.facts(tx, contacts))
        return facts

    async def is_there(self, tx: Transaction, person: PersonId) -> bool:
        """Say whether somebody is present, heard of, and has a console with a key."""
        return await store_presence.is_there(tx, person)

    async def seat(self, tx: Transaction, person_id: PersonId, public_key: bytes) -> None:
        """Let somebody without a shift be present with a key; who is on one stays as they are.

        Nothing is offered to who was seated so.
        """
        person = await self._accounts.person(tx, person_id)
        if person is None:
            raise Refusal(Code.NOT_FOUND)
        until = tx.now + AT_WORK
        await store_presence.seat(tx, person, alias_from(self._tokens), until)
        if await store_presence.set_key(tx, person_id, public_key):
            tx.publish_on_commit(ConsoleReplaced(person=person_id))

    async def present(self, scope: Scope) -> list[PresentPerson]:
        """Give who is present, as far as the acting person may see."""
        async with self._database.transaction(scope) as tx:
            rows = await store_presence.present(tx)
        return [
            PresentPerson(
                person=row["person"].hex,
                name=row["name"],
                state=row["state"],
                since_at=to_wire(row["since"]),
            )
            for row in rows
        ]

    async def _check_in(self, tx: Transaction, person_id: PersonId) -> OnShift | None:
        person = await self._accounts.person(tx, person_id)
        shift = await self._roster.current(tx, person_id)
        if person is None or shift is None or Role.VOLUNTEER not in person.roles:
            return None
        people, pairs = await self._pairs(tx, shift, person_id)
        if pairs:  # two who check in at once would wait for each other
            await store_presence.lock(tx, people)
        hours = await self._hours(tx, person, shift)
        await store_presence.check_in(tx, person, hours, alias_from(self._tokens))
        await self._bind(tx, shift, person_id)
        return shift

    async def _hours(self, tx: Transaction, person: Person, shift: OnShift) -> Hours:
        """Give what the person is offered: on the shift, and on the next when that joins on."""
        facts = (await self._volunteers.facts(tx, [person.id])).get(person.id)
        takes = set(person.channels)
        if mentoring.walks_along(shift.role, facts):
            takes |= mentoring.taken_along(facts)
        ends = shift.ends
        later = await self._roster.upcoming(tx, person.id)
        if later is not None and shift.starts < later.starts <= shift.ends:
            ends = later.ends
        return Hours(
            channels=tuple(each for each in shift.channels if each in takes),
            takes_until=ends - person.margin,
            ends=ends,
        )
