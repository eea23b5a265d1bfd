"""Whatever people do, in whatever order: the promises about a contact's life hold.

And the machine that says so is itself on trial: each broken rule must be found by it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.dispatch import model, queue
from luisterlijn.dispatch.model import Contact, Reason, State
from tests.support.night import UNTIL_FOUND, play
from tests.support.promises import NIGHT, Broken, Rules, mutant

if TYPE_CHECKING:
    from collections.abc import Callable

    from luisterlijn.kernel.ids import PersonId


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


def _urgent_but_timed(contact: Contact) -> Contact:
    return replace(model.urgent(contact), deadline=contact.deadline)


def _urgent_until_the_visitor_is_away(contact: Contact, now: datetime) -> Contact:
    return replace(model.visitor_silent(replace(contact, urgent=False), now), urgent=contact.urgent)


def _urgent_for_one_volunteer(contact: Contact, by: PersonId) -> Contact:
    return replace(model.released(contact, by), urgent=False)


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
    "help comes and the clock runs on": {"urgent": _urgent_but_timed},
    "an urgent one is given up": {"visitor_silent": _urgent_until_the_visitor_is_away},
    "who is next does not know it is urgent": {"released": _urgent_for_one_volunteer},
    "anybody writes up": {"wrapped_up": _written_up_by_anybody},
    "an offer has the epoch of the last": {"offered": _offered_under_the_old_epoch},
    "who declined is asked again": {"pairs": _asked_again_at_once},
    "one volunteer is asked for all": {"pairs": _asked_for_everybody},
    "the last comes first": {"pairs": _last_come_first_served},
}


@pytest.mark.parametrize("broken", MUTANTS.values(), ids=list(MUTANTS))
def test_a_broken_rule_is_found(broken: dict[str, Callable[..., Any]]) -> None:
    with pytest.raises(Broken):
        play(mutant(Rules(), **broken), nights=UNTIL_FOUND)
