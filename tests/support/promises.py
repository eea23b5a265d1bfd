"""What was promised about a line, checked on a small one in memory at any moment.

The rules come in as a table, so that a broken one can be put in its place and must be found.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from luisterlijn.dispatch import model, queue
from luisterlijn.dispatch.model import OVER, TALKING, Contact, Reason, State
from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import ContactId, PersonId

NIGHT = datetime(2026, 3, 14, 3, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MAY_FOLLOW = {
    State.ADMITTED: {State.QUEUED, State.CLOSED},
    State.QUEUED: {State.OFFERED, State.CLOSED},
    State.OFFERED: {State.ACTIVE, State.CALLER_AWAY, State.QUEUED, State.CLOSED},
    State.ACTIVE: {State.CALLER_AWAY, State.VOLUNTEER_AWAY, State.QUEUED, State.WRAPUP},
    State.CALLER_AWAY: {State.ACTIVE, State.VOLUNTEER_AWAY, State.QUEUED, State.WRAPUP},
    State.VOLUNTEER_AWAY: {State.ACTIVE, State.CALLER_AWAY, State.QUEUED, State.WRAPUP},
    State.WRAPUP: {State.CLOSED},
    State.CLOSED: set[State](),
}
HELD = {State.OFFERED, State.WRAPUP} | TALKING


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The rules under test; a mutant replaces one."""

    opened: Callable[..., Contact] = model.opened
    offered: Callable[..., Contact] = model.offered
    accepted: Callable[..., Contact] = model.accepted
    declined: Callable[..., Contact] = model.declined
    heard_visitor: Callable[..., Contact] = model.heard_visitor
    wrote: Callable[..., Contact] = model.wrote
    visitor_silent: Callable[..., Contact] = model.visitor_silent
    volunteer_silent: Callable[..., Contact] = model.volunteer_silent
    volunteer_back: Callable[..., Contact] = model.volunteer_back
    deadline_passed: Callable[..., Contact] = model.deadline_passed
    kept: Callable[..., Contact] = model.kept
    frozen: Callable[..., Contact] = model.frozen
    urgent: Callable[..., Contact] = model.urgent
    released: Callable[..., Contact] = model.released
    ended: Callable[..., Contact] = model.ended
    handing: Callable[..., Contact] = model.handing
    handed_over: Callable[..., Contact] = model.handed_over
    not_handed_over: Callable[..., Contact] = model.not_handed_over
    line_dropped: Callable[..., Contact] = model.line_dropped
    wrapped_up: Callable[..., Contact] = model.wrapped_up
    pairs: Callable[..., list[queue.Pair]] = queue.pairs


@dataclass
class Volunteer:
    """One person with a console."""

    id: PersonId
    capacity: int
    heard: datetime
    ready: bool = True
    console_up: bool = True
    load: int = 0
    offered: bool = False
    rest_until: datetime = NIGHT


@dataclass(frozen=True)
class Offer:
    """What one volunteer was asked, and until when they may answer; `weight`: of the seat."""

    contact: ContactId
    volunteer: PersonId
    epoch: int
    until: datetime
    weight: int


class Broken(AssertionError):
    """A promise was broken."""


def promise(name: str, kept: object) -> None:
    """Say which promise is broken when it is not kept."""
    if not kept:
        raise Broken(name)


@dataclass
class Kept:
    """The line's whole state, and what was promised about it."""

    rules: Rules
    now: datetime = NIGHT
    contacts: dict[ContactId, Contact] = field(default_factory=dict)
    numbers: dict[ContactId, datetime] = field(default_factory=dict)
    pages_up: set[ContactId] = field(default_factory=set)
    volunteers: dict[PersonId, Volunteer] = field(default_factory=dict)
    offers: list[Offer] = field(default_factory=list)
    open_or_taken: dict[tuple[ContactId, PersonId], Offer] = field(default_factory=dict)
    excluded: dict[tuple[ContactId, PersonId], datetime] = field(default_factory=dict)

    # Who is where.

    def newest(self, contact: ContactId) -> Offer:
        """Give the contact's last offer."""
        return [each for each in self.offers if each.contact == contact][-1]

    def living(self) -> list[Contact]:
        """Give who has not ended."""
        return [each for each in self.contacts.values() if each.state not in OVER]

    def gone(self) -> list[Contact]:
        """Give who has not ended and whose page is away."""
        return [each for each in self.living() if each.id not in self.pages_up]

    def of(self, person: PersonId) -> list[Contact]:
        """Give what the volunteer has in hand."""
        return [each for each in self.contacts.values() if each.volunteer == person]

    # What was promised.

    def _check_step(self, before: Contact, after: Contact) -> None:
        changed = after.state is not before.state
        follows = not changed or after.state in MAY_FOLLOW[before.state]
        promise(f"{after.state} never follows {before.state}", follows)
        promise("I5 the epoch never falls", after.epoch >= before.epoch)
        new_turn = changed and after.state in (State.QUEUED, State.OFFERED)
        if new_turn and before.state is not State.ADMITTED:
            promise("I5 a new turn has a new epoch", after.epoch > before.epoch)
        if after.state is State.OFFERED and changed:
            promise("I4 offered only while the page is up", before.caller_up)
        promise("who was in danger stays it", after.urgent or not before.urgent)
        if before.state is State.CLOSED:
            promise("I8 closed is final", after == before)
        both = before.volunteer is not None and after.volunteer is not None
        if both and before.volunteer != after.volunteer:
            promise("I5 who takes over has a new epoch", after.epoch > before.epoch)
        if before.channel == model.PHONE:
            away = {State.VOLUNTEER_AWAY, State.CALLER_AWAY}
            promise("a call lives by its leg", after.state not in away and after.caller_up)
        if after.state in OVER:
            promise("I12 ended for a listed reason", isinstance(after.reason, Reason))

    def _check_time_up(self, before: Contact, after: Contact) -> None:
        if before.state in TALKING and after.state in OVER:
            promise("no time ends an urgent conversation", not before.urgent)
            kept = self.now >= before.heard + model.KEPT_LASTS
            promise("a visitor is given up after 15 minutes away, no sooner", kept)
        if before.state is State.QUEUED and after.state in OVER:
            kept = self.now >= before.heard + model.KEPT_LASTS
            promise("a waiting place is kept for 15 minutes", kept)
            long = not before.urgent or self.now >= before.heard + model.NOBODY_LASTS
            promise("who was in danger finds the place again for hours", long)

    def check(self) -> None:
        """Check all that must hold at any moment."""
        promise("I1 nobody is lost", set(self.contacts) == set(self.numbers))
        for contact in self.contacts.values():
            promise("I6 the number never changes", contact.enq == self.numbers[contact.id])
            has = contact.volunteer is not None
            promise("who is with a volunteer has one", has == (contact.state in HELD))
            self._check_clock(contact)
            away = not contact.caller_up and contact.state in TALKING
            promise("asked while away only", not contact.asked or away or contact.state in OVER)
            promise("kept only when asked", contact.asked or not contact.kept)
            talks = contact.state in TALKING | OVER
            promise("only a conversation freezes", talks or not contact.frozen)
            asking = contact.handing_to is not None
            promise("only a conversation is handed over", contact.state in TALKING or not asking)
        self._check_seats()

    def _check_clock(self, contact: Contact) -> None:
        up = contact.caller_up
        runs = contact.state in (
            State.ADMITTED,
            State.OFFERED,
            State.VOLUNTEER_AWAY,
        ) or (contact.state is State.QUEUED and not up)
        runs = runs or (contact.state is State.CALLER_AWAY and not contact.urgent)
        promise("I10 a clock runs where one must", (contact.deadline is not None) == runs)
        promise("who is away is waited for by the clock", contact.state is not State.ACTIVE or up)
        promise("who is there is not away", contact.state is not State.CALLER_AWAY or not up)

    def check_nothing_is_late(self) -> None:
        """Check, after a sweep, that no clock has run out unseen."""
        clocks = [each for c in self.contacts.values() for each in (c.deadline, c.handing_until)]
        late = [each for each in clocks if each is not None and each <= self.now - SECOND]
        promise("I10 no clock is more than a second late", not late)

    def _check_seats(self) -> None:
        for person in self.volunteers.values():
            mine = [each for each in self.open_or_taken.values() if each.volunteer == person.id]
            load = sum(each.weight for each in mine)
            promise("I3 the load is what is in hand", person.load == load)
            promise("I3 nobody has more than they can", 0 <= person.load <= person.capacity)
            asked = [c for c in self.contacts.values() if self._asks(c) == person.id]
            promise("one question at a time", len(asked) == person.offered)
        held = {(c.id, c.volunteer) for c in self.contacts.values() if c.state in HELD}
        asked_too = {(c.id, c.handing_to) for c in self.contacts.values() if c.handing_to}
        promise("I2 each seat has its offer", held | asked_too == set(self.open_or_taken))
        promise("I2 nobody is asked for what they have", not held & asked_too)

    @staticmethod
    def _asks(contact: Contact) -> PersonId | None:
        return contact.volunteer if contact.state is State.OFFERED else contact.handing_to

    def check_over(self, contact: Contact) -> None:
        """Try everything on a contact that is closed: all refused, or nothing changed."""
        rules, person, now = self.rules, next(iter(self.volunteers)), self.now
        tries: list[tuple[Callable[..., Any], tuple[object, ...]]] = [
            (rules.opened, (now,)),
            (rules.offered, (person, now)),
            (rules.accepted, (person, contact.epoch, now)),
            (rules.declined, (person, contact.epoch)),
            (rules.heard_visitor, (now,)),
            (rules.wrote, (now,)),
            (rules.frozen, ()),
            (rules.kept, (person,)),
            (rules.released, (person,)),
            (rules.handing, (person, PersonId(UUID(int=2)), now)),
            (rules.handed_over, (person, contact.epoch + 1, now)),
            (rules.not_handed_over, (person, contact.epoch + 1)),
            (rules.line_dropped, (person, now)),
            (rules.urgent, ()),
            (rules.ended, (Reason.LIMIT,)),
            (rules.wrapped_up, (person,)),
            (rules.volunteer_silent, (now,)),
            (rules.volunteer_back, ()),
            (rules.deadline_passed, (now,)),
        ]
        for move, facts in tries:
            try:
                after = move(contact, *facts)
            except Refusal:
                continue
            promise("I8 closed is final", after == contact)

    @staticmethod
    def _check_preferred(
        heads: list[queue.Waiting],
        free: list[queue.Free],
        pairs: list[queue.Pair],
        pair: queue.Pair,
    ) -> None:
        [wanted] = [each.prefer for each in heads if each.id == pair.contact.id]
        others = [each.volunteer.person for each in pairs if each is not pair]
        could = any(each.person == wanted and fits(pair.contact, each) for each in free)
        if could and wanted not in others:
            promise("who had the dropped call is asked first", pair.volunteer.person == wanted)

    def _overtaken(
        self, heads: list[queue.Waiting], pairs: list[queue.Pair], later: queue.Pair
    ) -> bool:
        served = {pair.contact.id for pair in pairs}
        return any(
            head.id not in served
            and (head.enq, head.id) < (later.contact.enq, later.contact.id)
            and fits(head, later.volunteer)
            for head in heads
        )


def fits(head: queue.Waiting, free: queue.Free) -> bool:
    room = head.channel != model.PHONE or free.load == 0
    return room and free.person not in head.excluded


def weight_of(contact: Contact, person: Volunteer) -> int:
    """Give what the contact takes of somebody: a call takes all."""
    return person.capacity if contact.channel == model.PHONE else 1


def mutant(rules: Rules, **broken: Callable[..., Any]) -> Rules:
    """Give the rules with one of them broken."""
    return replace(rules, **broken)
