"""The machine that plays a night on the line: whatever people may do, in whatever order."""
# ruff: noqa: D102 - each rule is named after what happens

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from luisterlijn.dispatch.model import TALKING, WAITING, Contact, Reason, State
from luisterlijn.kernel.ids import PersonId
from tests.support.life import World
from tests.support.promises import NIGHT, Rules, Volunteer, promise

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

SETTINGS = settings(
    stateful_step_count=50,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
PICK = st.integers(min_value=0, max_value=4)
AWAY = st.sampled_from((1, 12, 12, 12, 31, 121))
MOST_CONTACTS = 4
UNTIL_FOUND = 3_000
"""So many nights at most until a broken rule is found."""


def some(*states: State) -> Callable[[Any], Any]:
    """Let a rule run only while a contact is in one of these states."""
    return precondition(
        lambda self: any(each.state in states for each in self.world.contacts.values())
    )


class Life(RuleBasedStateMachine):
    """A line at night: one talks, one is offered, one waits, and then anything happens."""

    law = Rules()

    def __init__(self) -> None:
        super().__init__()
        self.world = World(self.law)
        for number, capacity in enumerate((1, 2, 3), start=1):
            person = PersonId(UUID(int=number))
            self.world.volunteers[person] = Volunteer(person, capacity, NIGHT)
        for _each in range(3):
            self.world.arrive()
        for contact in list(self.world.contacts.values())[:2]:
            self.world.attempt(contact, self.law.opened, NIGHT)
        self.world.round()
        first = self.world.offers[0]
        self.world.answer(first, first.volunteer, accept=True)

    def pick(self, index: int, states: Collection[State]) -> Contact:
        found = [each for each in self.world.contacts.values() if each.state in states]
        return found[index % len(found)]

    def person(self, index: int) -> Volunteer:
        return list(self.world.volunteers.values())[index % 3]

    def by(self, contact: Contact, index: int) -> PersonId:
        """Give mostly who has the contact, now and then another."""
        return self.person(index).id if index else PersonId(contact.volunteer or UUID(int=1))

    @precondition(lambda self: len(self.world.living()) < MOST_CONTACTS)
    @rule()
    def somebody_begins(self) -> None:
        self.world.arrive()

    @precondition(lambda self: len(self.world.living()) < MOST_CONTACTS)
    @rule(index=PICK, accept=st.booleans())
    def somebody_is_offered_and_perhaps_taken(self, index: int, *, accept: bool) -> None:
        self.a_volunteer_is_ready(index)
        self.world.arrive()
        newest = list(self.world.contacts.values())[-1]
        self.world.attempt(newest, self.law.opened, self.world.now)
        self.world.round()
        offered = self.world.contacts[newest.id].state is State.OFFERED
        if offered and accept:
            offer = self.world.newest(newest.id)
            self.world.answer(offer, offer.volunteer, accept=True)

    @some(State.ADMITTED)
    @rule(index=PICK)
    def the_page_opens(self, index: int) -> None:
        contact = self.pick(index, {State.ADMITTED})
        promise("it opens", self.world.attempt(contact, self.law.opened, self.world.now))

    @some(*WAITING, *TALKING)
    @rule(index=PICK, seconds=AWAY)
    def a_page_loses_its_signal(self, index: int, seconds: int) -> None:
        self.world.pages_up.discard(self.pick(index, WAITING | TALKING).id)
        self.world.pass_time(seconds)

    @precondition(lambda self: self.world.gone())
    @rule(index=PICK)
    def a_page_is_back(self, index: int) -> None:
        away = self.world.gone()
        contact = away[index % len(away)]
        self.world.pages_up.add(contact.id)
        heard = self.world.attempt(contact, self.law.heard_visitor, self.world.now)
        promise("a sign of life is heard", heard)

    @some(*TALKING)
    @rule(index=PICK, seconds=AWAY)
    def a_console_is_lost_or_back(self, index: int, seconds: int) -> None:
        contact = self.pick(index, TALKING)
        self.world.volunteers[self.by(contact, 0)].console_up ^= True
        self.world.pass_time(seconds)

    @rule(index=PICK)
    def a_volunteer_is_ready(self, index: int) -> None:
        person = self.person(index)
        person.ready, person.console_up, person.heard = True, True, self.world.now
        person.rest_until = self.world.now

    @rule(seconds=st.sampled_from((1, 2, 5, 12, 12, 19, 20, 31, 110, 121, 780)))
    def time_passes(self, seconds: int) -> None:
        self.world.pass_time(seconds)
        self.world.check_nothing_is_late()

    @some(State.QUEUED)
    @rule()
    def a_round_runs(self) -> None:
        self.world.round()

    @some(State.OFFERED)
    @rule(index=PICK, by=PICK, accept=st.booleans())
    def an_offer_is_answered(self, index: int, by: int, *, accept: bool) -> None:
        contact = self.pick(index, {State.OFFERED})
        self.world.answer(self.world.newest(contact.id), self.by(contact, by), accept=accept)

    @some(State.OFFERED)
    @rule(index=PICK)
    def an_offer_is_taken(self, index: int) -> None:
        contact = self.pick(index, {State.OFFERED})
        self.world.answer(self.world.newest(contact.id), self.by(contact, 0), accept=True)

    @some(State.OFFERED)
    @rule(index=PICK)
    def an_offer_is_taken_while_the_page_is_away(self, index: int) -> None:
        contact = self.pick(index, {State.OFFERED})
        self.world.pages_up.discard(contact.id)
        self.world.pass_time(12)
        if self.world.contacts[contact.id].state is State.OFFERED:
            offer = self.world.newest(contact.id)
            self.world.answer(offer, offer.volunteer, accept=True)

    @some(State.OFFERED)
    @rule(index=PICK, accept=st.booleans())
    def an_offer_is_answered_too_late(self, index: int, *, accept: bool) -> None:
        contact = self.pick(index, {State.OFFERED})
        offer = self.world.newest(contact.id)
        self.world.now = max(self.world.now, offer.until)
        if accept:
            self.world.answer(offer, offer.volunteer, accept=True)
        self.world.pass_time(1)

    @some(State.OFFERED)
    @rule(index=PICK, accept=st.booleans())
    def an_offer_is_answered_as_if_it_were_the_last(self, index: int, *, accept: bool) -> None:
        offer = self.world.newest(self.pick(index, {State.OFFERED}).id)
        old = replace(offer, epoch=offer.epoch - 1)
        self.world.answer(old, offer.volunteer, accept=accept)

    @precondition(lambda self: self.world.offers)
    @rule(index=st.integers(0, 40), accept=st.booleans())
    def any_offer_is_answered_again(self, index: int, *, accept: bool) -> None:
        offer = self.world.offers[-1 - index % len(self.world.offers)]
        self.world.answer(offer, offer.volunteer, accept=accept)

    @some(*WAITING, *TALKING)
    @rule(index=PICK)
    def the_visitor_ends(self, index: int) -> None:
        contact = self.pick(index, WAITING | TALKING)
        waits = contact.state in WAITING
        reason = Reason.ABANDONED if waits else Reason.ENDED_BY_CALLER
        promise("it ends", self.world.attempt(contact, self.law.ended, reason))

    @some(*TALKING)
    @rule(index=PICK, by=PICK)
    def a_volunteer_gives_it_back(self, index: int, by: int) -> None:
        contact = self.pick(index, TALKING)
        person = self.by(contact, by)
        did = self.world.attempt(contact, self.law.released, person)
        promise("given back by who has it", did == (contact.volunteer == person))

    @some(*TALKING)
    @rule(index=PICK, by=PICK)
    def a_volunteer_keeps_the_place(self, index: int, by: int) -> None:
        contact = self.pick(index, TALKING)
        person = self.by(contact, by)
        may = contact.state is State.CALLER_AWAY and contact.asked
        did = self.world.attempt(contact, self.law.kept, person)
        promise("kept by who was asked", did == (may and contact.volunteer == person))

    @some(*TALKING)
    @rule(index=PICK, write=st.booleans())
    def the_visitor_freezes_or_writes(self, index: int, *, write: bool) -> None:
        contact = self.pick(index, TALKING)
        if contact.id in self.world.pages_up:
            move: Callable[..., Contact] = self.law.wrote if write else self.law.frozen
            facts = (self.world.now,) if write else ()
            promise("heard", self.world.attempt(contact, move, *facts))
            promise("frozen", self.world.contacts[contact.id].frozen is not write)

    @some(*TALKING)
    @rule(index=PICK)
    def help_is_asked_for_as_urgent(self, index: int) -> None:
        contact = self.pick(index, TALKING)
        promise("it is urgent", self.world.attempt(contact, self.law.urgent))
        promise("it is urgent", self.world.contacts[contact.id].urgent)

    @some(State.WRAPUP)
    @rule(index=PICK, by=PICK)
    def a_volunteer_writes_up(self, index: int, by: int) -> None:
        contact = self.pick(index, {State.WRAPUP})
        person = self.by(contact, by)
        did = self.world.attempt(contact, self.law.wrapped_up, person)
        promise("written up by who had it", did == (contact.volunteer == person))

    @some(State.CLOSED)
    @rule(index=PICK)
    def everything_is_tried_on_what_is_closed(self, index: int) -> None:
        self.world.check_over(self.pick(index, {State.CLOSED}))

    @invariant()
    def promises_hold(self) -> None:
        self.world.check()


def play(law: Rules, machine: type[Life] = Life, *, nights: int = 300) -> None:
    """Let the machine play so many nights under these rules; a broken promise ends it."""
    chosen = settings(SETTINGS, max_examples=nights)
    run_state_machine_as_test(type("Life", (machine,), {"law": law}), settings=chosen)
