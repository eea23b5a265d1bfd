"""Whatever people do, in whatever order: the promises about a contact's life hold.

And the machine that says so is itself on trial: each broken rule must be found by it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from luisterlijn.dispatch import model, queue
from luisterlijn.dispatch.model import TALKING, WAITING, Contact, Reason, State
from luisterlijn.kernel.ids import PersonId
from tests.support.life import NIGHT, Broken, Rules, Volunteer, World, mutant, promise

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

SETTINGS = settings(
    max_examples=300,
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


def some(*states: State) -> Callable[[Any], Any]:
    """Let a rule run only while a contact is in one of these states."""
    return precondition(
        lambda self: any(each.state in states for each in self.world.contacts.values())
    )


class _Life(RuleBasedStateMachine):
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


def play(law: Rules) -> None:
    """Let the machine play under these rules."""
    run_state_machine_as_test(type("Life", (_Life,), {"law": law}), settings=SETTINGS)


def test_every_promise_about_a_contact_holds_whatever_people_do() -> None:
    play(Rules())


# Broken rules. Each is a mistake that somebody could make, and what it would do to people.


def _declined_under_the_old_epoch(contact: Contact, by: PersonId, epoch: int) -> Contact:
    return replace(model.declined(contact, by, epoch), epoch=contact.epoch)


def _lapsed_to_the_end_of_the_queue(contact: Contact, now: datetime) -> Contact:
    after = model.deadline_passed(contact, now)
    lapsed = contact.state is State.OFFERED and after.state is State.QUEUED
    return replace(after, enq=now) if lapsed else after


def _taken_late(contact: Contact, by: PersonId, epoch: int, _now: datetime) -> Contact:
    return model.accepted(contact, by, epoch, NIGHT - timedelta(days=1))


def _taken_by_anybody(contact: Contact, by: PersonId, epoch: int, now: datetime) -> Contact:
    return model.accepted(contact, contact.volunteer or by, epoch, now)


def _taken_with_any_epoch(contact: Contact, by: PersonId, _epoch: int, now: datetime) -> Contact:
    return model.accepted(contact, by, contact.epoch, now)


def _taken_from_a_page_that_left(
    contact: Contact, by: PersonId, epoch: int, now: datetime
) -> Contact:
    return replace(model.accepted(contact, by, epoch, now), state=State.ACTIVE, deadline=None)


def _given_back_but_kept(contact: Contact, by: PersonId) -> Contact:
    return replace(model.released(contact, by), volunteer=by)


def _given_back_frozen(contact: Contact, by: PersonId) -> Contact:
    return replace(model.released(contact, by), frozen=contact.frozen)


def _given_back_by_anybody(contact: Contact, by: PersonId) -> Contact:
    return model.released(contact, contact.volunteer or by)


def _closed_without_a_wrap_up(contact: Contact, reason: Reason) -> Contact:
    return replace(model.ended(contact, reason), state=State.CLOSED, volunteer=None)


def _closed_for_no_reason(contact: Contact, reason: Reason) -> Contact:
    return replace(model.ended(contact, reason), reason=None)


def _back_with_the_clock_running(contact: Contact, now: datetime) -> Contact:
    return replace(model.heard_visitor(contact, now), deadline=contact.deadline)


def _back_but_still_asked(contact: Contact, now: datetime) -> Contact:
    return replace(model.heard_visitor(contact, now), asked=contact.asked, kept=contact.kept)


def _heard_after_the_end(contact: Contact, now: datetime) -> Contact:
    if contact.state is State.CLOSED:
        return replace(contact, state=State.QUEUED, heard=now)
    return model.heard_visitor(contact, now)


def _back_to_nobody(contact: Contact) -> Contact:
    if contact.state is not State.VOLUNTEER_AWAY:
        return contact
    return replace(contact, state=State.ACTIVE, deadline=None)


def _back_to_a_shorter_wait(contact: Contact) -> Contact:
    after = model.volunteer_back(contact)
    away = after.state is State.CALLER_AWAY
    return replace(after, deadline=contact.heard + model.CALLER_GRACE) if away else after


def _waited_for_without_a_clock(contact: Contact, now: datetime) -> Contact:
    after = model.visitor_silent(contact, now)
    return replace(after, deadline=None) if after.state is State.QUEUED else after


def _given_up_after_two_minutes(contact: Contact, now: datetime) -> Contact:
    after = model.deadline_passed(contact, now)
    if after.asked and not contact.asked:
        return model.ended(contact, Reason.CALLER_GONE)
    return after


def _lost_with_the_volunteer(contact: Contact, now: datetime) -> Contact:
    after = model.deadline_passed(contact, now)
    if contact.state is State.VOLUNTEER_AWAY and after != contact:
        return replace(after, state=State.CLOSED, reason=Reason.CALLER_GONE, deadline=None)
    return after


def _written_up_by_anybody(contact: Contact, by: PersonId) -> Contact:
    return model.wrapped_up(contact, contact.volunteer or by)


def _offered_under_the_old_epoch(contact: Contact, volunteer: PersonId, now: datetime) -> Contact:
    return replace(model.offered(contact, volunteer, now), epoch=contact.epoch)


def _asked_again_at_once(heads: Any, free: Any, now: datetime) -> list[queue.Pair]:
    return queue.pairs([replace(head, excluded=frozenset()) for head in heads], free, now)


def _asked_for_everybody(heads: Any, free: Any, now: datetime) -> list[queue.Pair]:
    return [pair for head in heads for pair in queue.pairs([head], free, now)]


def _last_come_first_served(heads: Any, free: Any, now: datetime) -> list[queue.Pair]:
    return queue.pairs(heads[-1:], free, now)


MUTANTS: dict[str, dict[str, Callable[..., Any]]] = {
    "a decline keeps the epoch": {"declined": _declined_under_the_old_epoch},
    "a missed offer costs the place": {"deadline_passed": _lapsed_to_the_end_of_the_queue},
    "an offer is taken late": {"accepted": _taken_late},
    "an offer is taken by anybody": {"accepted": _taken_by_anybody},
    "an offer is taken with any epoch": {"accepted": _taken_with_any_epoch},
    "a page that left is not waited for": {"accepted": _taken_from_a_page_that_left},
    "who gave it back still has it": {"released": _given_back_but_kept},
    "who is next finds it frozen": {"released": _given_back_frozen},
    "anybody gives it back": {"released": _given_back_by_anybody},
    "an end goes past the wrap-up": {"ended": _closed_without_a_wrap_up},
    "an end has no reason": {"ended": _closed_for_no_reason},
    "who is back is still timed": {"heard_visitor": _back_with_the_clock_running},
    "who is back is still asked about": {"heard_visitor": _back_but_still_asked},
    "a closed contact is heard": {"heard_visitor": _heard_after_the_end},
    "a volunteer is back to nobody": {"volunteer_back": _back_to_nobody},
    "a kept place is cut short": {"volunteer_back": _back_to_a_shorter_wait},
    "an away place is kept for ever": {"visitor_silent": _waited_for_without_a_clock},
    "nobody asks the volunteer to keep": {"deadline_passed": _given_up_after_two_minutes},
    "a lost volunteer loses the caller": {"deadline_passed": _lost_with_the_volunteer},
    "anybody writes up": {"wrapped_up": _written_up_by_anybody},
    "an offer has the epoch of the last": {"offered": _offered_under_the_old_epoch},
    "who declined is asked again": {"pairs": _asked_again_at_once},
    "one volunteer is asked for all": {"pairs": _asked_for_everybody},
    "the last comes first": {"pairs": _last_come_first_served},
}


@pytest.mark.parametrize("broken", MUTANTS.values(), ids=list(MUTANTS))
def test_a_broken_rule_is_found(broken: dict[str, Callable[..., Any]]) -> None:
    with pytest.raises(Broken):
        play(mutant(Rules(), **broken))
