"""A small line in memory: contacts and volunteers under the pure rules, with every promise checked.

The rules come in as a table, so that a broken one can be put in its place and must be found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
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
    released: Callable[..., Contact] = model.released
    ended: Callable[..., Contact] = model.ended
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
    """What one volunteer was asked, and until when they may answer."""

    contact: ContactId
    volunteer: PersonId
    epoch: int
    until: datetime


class Broken(AssertionError):
    """A promise was broken."""


def promise(name: str, kept: object) -> None:
    """Say which promise is broken when it is not kept."""
    if not kept:
        raise Broken(name)


@dataclass
class World:
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

    # What may happen.

    def arrive(self) -> None:
        """Somebody fills in the form."""
        name = ContactId(UUID(int=len(self.contacts) + 1))
        self.contacts[name] = Contact(
            id=name,
            channel="chat",
            state=State.ADMITTED,
            epoch=0,
            enq=self.now,
            heard=self.now,
            deadline=self.now + model.ADMITTED_LASTS,
        )
        self.numbers[name] = self.now
        self.pages_up.add(name)

    def attempt(self, contact: Contact, move: Callable[..., Contact], *facts: object) -> bool:
        """Try a move; False when it was refused."""
        try:
            after = move(contact, *facts)
        except Refusal:
            return False
        self.put(contact, after)
        return True

    def put(self, before: Contact, after: Contact) -> None:
        """Write a contact as the hall does, its seat too; and check the step."""
        self._check_step(before, after)
        self.contacts[after.id] = after
        if after.state is State.OFFERED and before.state is State.QUEUED:
            self._take_seat(after)
        elif before.volunteer is not None and after.volunteer != before.volunteer:
            self._free_seat(before, after)
        answered = before.state is State.OFFERED and after.state is not State.OFFERED
        if answered and before.volunteer is not None:
            self.volunteers[before.volunteer].offered = False

    def _take_seat(self, contact: Contact) -> None:
        promise("an offer has a volunteer", contact.volunteer is not None)
        person = self.volunteers[PersonId(contact.volunteer or UUID(int=0))]
        offer = Offer(contact.id, person.id, contact.epoch, self.now + 20 * SECOND)
        self.offers.append(offer)
        self.open_or_taken[contact.id, person.id] = offer
        person.load += 1
        person.offered = True

    def _free_seat(self, before: Contact, after: Contact) -> None:
        person = self.volunteers[PersonId(before.volunteer or UUID(int=0))]
        self.open_or_taken.pop((before.id, person.id), None)
        person.load -= 1
        if before.state is State.OFFERED and after.state is State.QUEUED:
            lapsed = before.deadline is not None and self.now >= before.deadline
            rest = timedelta(days=1) if lapsed else 60 * SECOND
            self.excluded[before.id, person.id] = self.now + rest
            person.ready = person.ready and not lapsed
            person.rest_until = self.now + 60 * SECOND

    def answer(self, offer: Offer, by: PersonId, *, accept: bool) -> None:
        """Somebody answers an offer: the right one or another, in time or late, once or twice."""
        contact = self.contacts[offer.contact]
        open_now = contact.state is State.OFFERED and self.newest(contact.id) == offer
        may = open_now and by == offer.volunteer and (self.now < offer.until or not accept)
        if accept:
            did = self.attempt(contact, self.rules.accepted, by, offer.epoch, self.now)
        else:
            did = self.attempt(contact, self.rules.declined, by, offer.epoch)
        promise("I5 an offer is answered by whom it was made to, in time, once", did == may)

    def newest(self, contact: ContactId) -> Offer:
        """Give the contact's last offer."""
        return [each for each in self.offers if each.contact == contact][-1]

    def round(self) -> None:
        """Pair who waits with who is free, as each second."""
        heads = [self._head(each) for each in self._waiting()]
        free = [self._free(each) for each in self.volunteers.values() if self._is_free(each)]
        pairs = self.rules.pairs(heads, free, self.now)
        asked = Counter(pair.volunteer.person for pair in pairs)
        promise("one contact at a time", all(count == 1 for count in asked.values()))
        for pair in pairs:
            until = self.excluded.get((pair.contact.id, pair.volunteer.person), self.now)
            promise("I7 who declined is not asked again for 60 s", until <= self.now)
            promise("I11 nobody is overtaken", not self._overtaken(heads, pairs, pair))
            if pair.proven:
                did = self.attempt(
                    self.contacts[pair.contact.id],
                    self.rules.offered,
                    pair.volunteer.person,
                    self.now,
                )
                promise("I4 who waits can be offered", did)
        left = [each for each in free if each.person not in asked]
        missed = [head for head in heads if head.id not in {pair.contact.id for pair in pairs}]
        promise("I11 who waits is offered", not any(_fit(h, v) for h in missed for v in left))

    def _overtaken(
        self, heads: list[queue.Waiting], pairs: list[queue.Pair], later: queue.Pair
    ) -> bool:
        served = {pair.contact.id for pair in pairs}
        return any(
            head.id not in served
            and (head.enq, head.id) < (later.contact.enq, later.contact.id)
            and _fit(head, later.volunteer)
            for head in heads
        )

    def _waiting(self) -> Iterable[Contact]:
        return [c for c in self.contacts.values() if c.state is State.QUEUED and c.caller_up]

    def _head(self, contact: Contact) -> queue.Waiting:
        return queue.Waiting(
            id=contact.id,
            epoch=contact.epoch,
            channel=contact.channel,
            language="nl",
            enq=contact.enq,
            heard=contact.heard,
            excluded=frozenset(
                person
                for (name, person), until in self.excluded.items()
                if name == contact.id and until > self.now
            ),
        )

    def _is_free(self, person: Volunteer) -> bool:
        rested = person.rest_until <= self.now
        room = person.load < person.capacity and not person.offered
        return person.ready and rested and room and self.now - person.heard < 11 * SECOND

    @staticmethod
    def _free(person: Volunteer) -> queue.Free:
        chat, dutch = frozenset({"chat"}), frozenset({"nl"})
        return queue.Free(
            person=person.id,
            branch=None,
            channels=chat,
            languages=dutch,
            load=person.load,
            busy_s=0,
        )

    def pass_time(self, seconds: int) -> None:
        """Let time pass; pages and consoles that are up beat, then all that is overdue is done."""
        self.now += timedelta(seconds=seconds)
        for contact in list(self.contacts.values()):
            if contact.id in self.pages_up and contact.state not in OVER | {State.ADMITTED}:
                self.attempt(contact, self.rules.heard_visitor, self.now)
        for person in self.volunteers.values():
            if person.console_up:
                person.heard = self.now
                for contact in self.of(person.id):
                    self.attempt(contact, self.rules.volunteer_back)
        for _again in range(4):
            self.sweep()

    def sweep(self) -> None:
        """Do what time alone brings."""
        for contact in list(self.contacts.values()):
            after = self.rules.deadline_passed(contact, self.now)
            quiet = contact.caller_up and self.now - contact.heard >= model.VISITOR_SILENT
            if after != contact:
                self._check_time_up(contact, after)
                self.put(contact, after)
            elif quiet and contact.state not in OVER | {State.ADMITTED}:
                self.attempt(contact, self.rules.visitor_silent, self.now)
        for person in self.volunteers.values():
            if self.now - person.heard >= model.VOLUNTEER_SILENT:
                for contact in self.of(person.id):
                    self.attempt(contact, self.rules.volunteer_silent, person.heard)
            if self.now - person.heard >= model.VOLUNTEER_GRACE:
                person.ready = False

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
        if before.state is State.CLOSED:
            promise("I8 closed is final", after == before)
        if after.state in OVER:
            promise("I12 ended for a listed reason", isinstance(after.reason, Reason))

    def _check_time_up(self, before: Contact, after: Contact) -> None:
        if before.state in TALKING and after.state in OVER:
            kept = self.now >= before.heard + model.KEPT_LASTS
            promise("a visitor is given up after 15 minutes away, no sooner", kept)
        if before.state is State.QUEUED and after.state in OVER:
            kept = self.now >= before.heard + model.KEPT_LASTS
            promise("a waiting place is kept for 15 minutes", kept)

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
        self._check_seats()

    def _check_clock(self, contact: Contact) -> None:
        up = contact.caller_up
        runs = contact.state in (
            State.ADMITTED,
            State.OFFERED,
            State.VOLUNTEER_AWAY,
            State.CALLER_AWAY,
        ) or (contact.state is State.QUEUED and not up)
        promise("I10 a clock runs where one must", (contact.deadline is not None) == runs)
        promise("who is away is waited for by the clock", contact.state is not State.ACTIVE or up)
        promise("who is there is not away", contact.state is not State.CALLER_AWAY or not up)

    def check_nothing_is_late(self) -> None:
        """Check, after a sweep, that no clock has run out unseen."""
        late = [c for c in self.contacts.values() if c.deadline and c.deadline <= self.now - SECOND]
        promise("I10 no clock is more than a second late", not late)

    def _check_seats(self) -> None:
        for person in self.volunteers.values():
            mine = self.of(person.id)
            promise("I3 the load is what is in hand", person.load == len(mine))
            promise("I3 nobody has more than they can", 0 <= person.load <= person.capacity)
            asked = [each for each in mine if each.state is State.OFFERED]
            promise("one question at a time", len(asked) <= 1)
        holders = Counter(name for name, _person in self.open_or_taken)
        promise("I2 one offer per contact", all(count == 1 for count in holders.values()))
        seats = {(c.id, c.volunteer) for c in self.contacts.values() if c.state in HELD}
        promise("I2 each seat has its offer", seats == set(self.open_or_taken))

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


def _fit(head: queue.Waiting, free: queue.Free) -> bool:
    return free.person not in head.excluded


def mutant(rules: Rules, **broken: Callable[..., Any]) -> Rules:
    """Give the rules with one of them broken."""
    return replace(rules, **broken)
