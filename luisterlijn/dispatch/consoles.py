"""A volunteer's presence and console: checking in, being ready, what the screen shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.dispatch import store_presence
from luisterlijn.dispatch.events import ConsoleReplaced, PresenceChanged, VolunteerFreed
from luisterlijn.dispatch.store_presence import Hours
from luisterlijn.dispatch.wire import (
    ConsoleSnapshot,
    ContactView,
    OfferView,
    Presence,
    PresentPerson,
    ShiftHours,
)
from luisterlijn.kernel.clock import to_wire
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.scope import LINE, Role, Scope

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    import asyncpg

    from luisterlijn.accounts.ports import Person
    from luisterlijn.accounts.service import Accounts
    from luisterlijn.dispatch.ports import Channel, ChannelFacts
    from luisterlijn.kernel.ids import ContactId, PersonId, TokenSource
    from luisterlijn.rostering.events import RosterChanged
    from luisterlijn.rostering.ports import OnShift
    from luisterlijn.rostering.service import Roster
    from luisterlijn.store.database import Database, Transaction

ALIASES = (
    "Anja Bas Carla Daan Els Frits Greet Hans Ilse Jan Karin Leo Marja Niels Olga Piet Ria Sjoerd"
    " Tineke Wim"
).split()
"""A volunteer has another name each shift, so that nobody can be asked for."""


class Consoles:
    """The use cases of a volunteer's presence."""

    def __init__(
        self, database: Database, accounts: Accounts, roster: Roster, tokens: TokenSource
    ) -> None:
        """Work on this database."""
        self._database = database
        self._accounts = accounts
        self._roster = roster
        self._tokens = tokens
        self.channels: list[Channel] = []

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
            tx.publish_on_commit(PresenceChanged(person=person))
            tx.publish_on_commit(VolunteerFreed(person=person))

    async def set_limit(self, person: PersonId, chats: int) -> None:
        """Set how many chats at once, 1 to 3."""
        async with self._database.transaction(LINE) as tx:
            await store_presence.set_limit(tx, person, chats)
            tx.publish_on_commit(PresenceChanged(person=person))
            tx.publish_on_commit(VolunteerFreed(person=person))

    async def roster_changed(self, tx: Transaction, event: RosterChanged) -> None:
        """Work listener: somebody's hours changed, so does until when they are offered contacts."""
        shift = await self._roster.current(tx, event.person)
        person = await self._accounts.person(tx, event.person)
        hours = Hours(channels=(), takes_until=tx.now, ends=tx.now)
        if shift is not None and person is not None:
            hours = await self._hours(tx, person, shift)
        await store_presence.hours_changed(tx, event.person, hours)
        tx.publish_on_commit(PresenceChanged(person=event.person))
        tx.publish_on_commit(VolunteerFreed(person=event.person))

    async def next_hours(self, tx: Transaction) -> None:
        """Timed work: who goes on into a next shift is offered contacts over the boundary."""
        for person_id in await store_presence.soon_over(tx):
            person = await self._accounts.person(tx, person_id)
            shift = await self._roster.current(tx, person_id)
            if person is not None and shift is not None:
                hours = await self._hours(tx, person, shift)
                await store_presence.hours_changed(tx, person_id, hours)
                await self._roster.checked_in(tx, person_id)
                tx.publish_on_commit(PresenceChanged(person=person_id))

    async def snapshot(self, person: PersonId) -> ConsoleSnapshot:
        """Give all that the screen shows."""
        async with self._database.transaction(LINE) as tx:
            row = await store_presence.of_person(tx, person)
            shift = await self._roster.current(tx, person)
            later = await self._roster.upcoming(tx, person)
            offer = await store_presence.open_offer(tx, person)
            contacts = await store_presence.contacts_of(tx, person)
            facts: dict[ContactId, ChannelFacts] = {}
            for channel in self.channels:
                facts.update(await channel.facts(tx, [each["id"] for each in contacts]))
            return ConsoleSnapshot(
                version=row["version"] if row else 0,
                now_at=to_wire(tx.now),
                alias=row["alias"] if row else "",
                shift=_hours(shift),
                next_shift=_hours(later),
                presence=_presence(row, tx.now, on_shift=shift is not None),
                offer=_offer(offer),
                contacts=_views(contacts, facts),
            )

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
        # 256 is no multiple of 20: some names come a little more often, which nobody can use.
        alias = ALIASES[self._tokens.bytes(1)[0] % len(ALIASES)]
        await store_presence.check_in(tx, person, await self._hours(tx, person, shift), alias)
        return shift

    async def _hours(self, tx: Transaction, person: Person, shift: OnShift) -> Hours:
        """Give what the person is offered: on the shift, and on the next when that joins on."""
        ends = shift.ends
        later = await self._roster.upcoming(tx, person.id)
        if later is not None and shift.starts < later.starts <= shift.ends:
            ends = later.ends
        return Hours(
            channels=tuple(each for each in person.channels if each in shift.channels),
            takes_until=ends - person.margin,
            ends=ends,
        )


def _hours(shift: OnShift | None) -> ShiftHours | None:
    if shift is None:
        return None
    return ShiftHours(
        starts_at=to_wire(shift.starts),
        ends_at=to_wire(shift.ends),
        branch_name=shift.branch_name,
    )


def _presence(row: asyncpg.Record | None, now: datetime, *, on_shift: bool) -> Presence:
    if row is None:
        return Presence(state="none", since_at=to_wire(now), capacity=1, load=0, rest_until_at=None)
    resting = row["rest_until"] is not None and row["rest_until"] > now
    return Presence(
        state=row["state"] if on_shift or row["load"] else "none",
        since_at=to_wire(row["since"]),
        capacity=row["own_limit"],
        load=row["load"],
        rest_until_at=to_wire(row["rest_until"]) if resting else None,
    )


def _offer(row: asyncpg.Record | None) -> OfferView | None:
    if row is None:
        return None
    return OfferView(
        contact=row["contact"].hex,
        epoch=row["epoch"],
        channel=row["channel"],
        language=row["language"],
        until_at=to_wire(row["until"]),
    )


def _views(
    rows: Sequence[asyncpg.Record], facts: dict[ContactId, ChannelFacts]
) -> list[ContactView]:
    views = []
    for number, row in enumerate(rows, start=1):
        fact = facts.get(row["id"])
        views.append(
            ContactView(
                contact=row["id"].hex,
                number=number,
                epoch=row["epoch"],
                state=row["state"],
                language=row["language"],
                seq=fact.seq if fact else 0,
                members_version=fact.members_version if fact else 0,
                visitor_up=row["caller_up"],
                away_asked=row["asked"],
                kept=row["kept"],
                frozen=row["frozen"],
                until_at=to_wire(row["deadline"]) if row["deadline"] else None,
                started_at=to_wire(row["accepted"]),
            )
        )
    return views
