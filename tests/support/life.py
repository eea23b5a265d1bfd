"""A small line in memory: people under the pure rules, each promise checked."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from luisterlijn.dispatch import model, queue
from luisterlijn.dispatch.model import OVER, TALKING, Contact, State
from luisterlijn.kernel.errors import Refusal
from luisterlijn.kernel.ids import ContactId, PersonId
from tests.support.promises import SECOND, Kept, Offer, Volunteer, fits, promise, weight_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


@dataclass
class World(Kept):
    """What may happen on the line."""

    def arrive(self, channel: str = "chat") -> None:
        """Somebody fills in the form, or dials."""
        name = ContactId(UUID(int=len(self.contacts) + 1))
        self.contacts[name] = Contact(
            id=name,
            channel=channel,
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
            self._take_seat(after, after.volunteer, after.epoch)
        elif after.handing_to is not None and before.handing_to is None:
            self._take_seat(after, after.handing_to, after.epoch + 1)
        elif before.volunteer is not None and after.volunteer != before.volunteer:
            self._free_seat(before, after)
        if before.handing_to is not None and after.handing_to is None:
            self.volunteers[before.handing_to].offered = False
            if after.volunteer != before.handing_to:
                self._give_back(before.id, before.handing_to)
        answered = before.state is State.OFFERED and after.state is not State.OFFERED
        if answered and before.volunteer is not None:
            self.volunteers[before.volunteer].offered = False

    def _take_seat(self, contact: Contact, who: PersonId | None, epoch: int) -> None:
        promise("an offer has a volunteer", who is not None)
        person = self.volunteers[PersonId(who or UUID(int=0))]
        weight = weight_of(contact, person)
        offer = Offer(contact.id, person.id, epoch, self.now + 20 * SECOND, weight)
        self.offers.append(offer)
        self.open_or_taken[contact.id, person.id] = offer
        person.load += weight
        person.offered = True

    def _give_back(self, contact: ContactId, who: PersonId) -> None:
        offer = self.open_or_taken.pop((contact, who), None)
        promise("I2 each seat has its offer", offer is not None)
        self.volunteers[who].load -= offer.weight if offer is not None else 0

    def _free_seat(self, before: Contact, after: Contact) -> None:
        person = self.volunteers[PersonId(before.volunteer or UUID(int=0))]
        self._give_back(before.id, person.id)
        if before.state is State.OFFERED and after.state is State.QUEUED:
            lapsed = before.deadline is not None and self.now >= before.deadline
            rest = timedelta(days=1) if lapsed else 60 * SECOND
            self.excluded[before.id, person.id] = self.now + rest
            person.ready = person.ready and not lapsed
            person.rest_until = self.now + 60 * SECOND

    def answer(self, offer: Offer, by: PersonId, *, accept: bool) -> None:
        """Somebody answers an offer: the right one or another, in time or late, once or twice."""
        contact = self.contacts[offer.contact]
        talks = contact.state in TALKING
        if accept and talks and (contact.volunteer, contact.epoch) == (by, offer.epoch):
            return  # told twice
        asked = contact.handing_to is not None if talks else contact.state is State.OFFERED
        open_now = asked and self.newest(contact.id) == offer
        may = open_now and by == offer.volunteer and (self.now < offer.until or not accept)
        if accept:
            take = self.rules.handed_over if talks else self.rules.accepted
            did = self.attempt(contact, take, by, offer.epoch, self.now)
        else:
            leave = self.rules.not_handed_over if talks else self.rules.declined
            did = self.attempt(contact, leave, by, offer.epoch)
        promise("I5 an offer is answered by whom it was made to, in time, once", did == may)
        if talks and did:
            after = self.contacts[contact.id]
            has = by if accept else contact.volunteer
            promise("a hand-over never goes back to the queue", after.state in TALKING)
            promise("only a yes hands over", after.volunteer == has)

    def ask(self, contact: Contact, by: PersonId, to: PersonId) -> None:
        """Somebody asks a colleague with room to take a conversation over."""
        person = self.volunteers[to]
        excluded = self.excluded.get((contact.id, to), self.now) > self.now
        full = person.load + weight_of(contact, person) > person.capacity
        if excluded or full or not self._is_free(person):
            return  # the rows say so before the rules are asked
        mine = contact.state is State.ACTIVE and contact.volunteer == by
        may = mine and contact.handing_to is None and to != by
        did = self.attempt(contact, self.rules.handing, by, to, self.now + 20 * SECOND)
        promise("one colleague is asked, by who has it", did == may)
        after = self.contacts[contact.id]
        promise("only a yes hands over", after.volunteer == contact.volunteer)

    def drop(self, contact: Contact, by: PersonId) -> None:
        """Somebody's line drops: the caller is at the old place, and the same is asked first."""
        excluded = dict(self.excluded)
        did = self.attempt(contact, self.rules.line_dropped, by, self.now)
        promise("only one's own line drops", did == (contact.volunteer == by))
        if did:
            after = self.contacts[contact.id]
            asked_first = after.prefer == by and after.prefer_until == self.now + 300 * SECOND
            promise("the same is asked first for 5 minutes", asked_first)
            promise("who was cut off may be asked", self.excluded == excluded)

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
                self._check_preferred(heads, free, pairs, pair)
        left = [each for each in free if each.person not in asked]
        missed = [head for head in heads if head.id not in {pair.contact.id for pair in pairs}]
        promise("I11 who waits is offered", all(self._kept_back(h, missed, left) for h in missed))

    @staticmethod
    def _kept_back(
        head: queue.Waiting, missed: list[queue.Waiting], left: list[queue.Free]
    ) -> bool:
        """Say whether who could take this one is kept for a caller who came before, one for one."""
        before = [
            each
            for each in missed
            if each.channel == model.PHONE and (each.enq, each.id) < (head.enq, head.id)
        ]
        could = [each for each in left if fits(head, each)]
        return len(could) <= len(before) and all(
            each.load and any(each.person not in caller.excluded for caller in before)
            for each in could
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
            prefer=contact.prefer
            if contact.prefer_until is not None and contact.prefer_until > self.now
            else None,
        )

    def _is_free(self, person: Volunteer) -> bool:
        rested = person.rest_until <= self.now
        room = person.load < person.capacity and not person.offered
        return person.ready and rested and room and self.now - person.heard < 11 * SECOND

    @staticmethod
    def _free(person: Volunteer) -> queue.Free:
        return queue.Free(
            person=person.id,
            branch=None,
            channels=frozenset({"chat", "phone"}),
            languages=frozenset({"nl"}),
            load=person.load,
            busy_s=0,
        )

    def pass_time(self, seconds: int) -> None:
        """Let time pass; pages and consoles that are up beat, then all that is overdue is done."""
        self.now += timedelta(seconds=seconds)
        for contact in list(self.contacts.values()):
            page = contact.channel != model.PHONE and contact.id in self.pages_up
            if page and contact.state not in OVER | {State.ADMITTED}:
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
            until, asked = contact.handing_until, contact.handing_to
            if asked is not None and until is not None and self.now >= until:
                self.attempt(contact, self.rules.not_handed_over, asked, contact.epoch + 1)
                continue
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
