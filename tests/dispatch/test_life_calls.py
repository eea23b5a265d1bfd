"""Calls and hand-overs join the night: the same promises hold, and each broken rule is found."""
# ruff: noqa: D102 - each rule is named after what happens

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from luisterlijn.dispatch import model, queue
from luisterlijn.dispatch.model import PHONE, TALKING, Contact, Reason, State
from tests.support.night import MOST_CONTACTS, PICK, UNTIL_FOUND, Life, play, some
from tests.support.promises import NIGHT, Broken, Rules, mutant

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from luisterlijn.kernel.ids import PersonId


def asked_about(machine: Any) -> list[Contact]:
    """Give the conversations that a colleague is asked to take."""
    return [each for each in machine.world.contacts.values() if each.handing_to is not None]


class Calls(Life):
    """A night with telephones, on which conversations are given to colleagues."""

    @precondition(lambda self: len(self.world.living()) < MOST_CONTACTS)
    @rule(index=PICK, accept=st.booleans())
    def somebody_calls(self, index: int, *, accept: bool) -> None:
        self.a_volunteer_is_ready(index)
        self.world.arrive(PHONE)
        newest = list(self.world.contacts.values())[-1]
        self.world.attempt(newest, self.law.opened, self.world.now)
        self.world.round()
        if accept and self.world.contacts[newest.id].state is State.OFFERED:
            offer = self.world.newest(newest.id)
            self.world.answer(offer, offer.volunteer, accept=True)

    @some(*TALKING)
    @rule(index=PICK, by=PICK, to=PICK)
    def a_colleague_is_asked(self, index: int, by: int, to: int) -> None:
        contact = self.pick(index, TALKING)
        self.a_volunteer_is_ready(to)
        self.world.ask(contact, self.by(contact, by), self.person(to).id)

    @precondition(lambda self: bool(asked_about(self)))
    @rule(index=PICK, by=PICK, accept=st.booleans(), seconds=st.sampled_from((0, 1, 12, 19)))
    def the_colleague_answers(self, index: int, by: int, seconds: int, *, accept: bool) -> None:
        self.world.pass_time(seconds)
        asked = asked_about(self)
        if asked:
            offer = self.world.newest(asked[index % len(asked)].id)
            who = self.person(by).id if by else offer.volunteer
            self.world.answer(offer, who, accept=accept)

    @precondition(lambda self: bool(asked_about(self)))
    @rule(index=PICK, accept=st.booleans())
    def the_colleague_answers_too_late(self, index: int, *, accept: bool) -> None:
        asked = asked_about(self)
        offer = self.world.newest(asked[index % len(asked)].id)
        self.world.now = max(self.world.now, offer.until)
        if accept:
            self.world.answer(offer, offer.volunteer, accept=True)
        self.world.pass_time(1)
        self.world.check_nothing_is_late()

    @precondition(lambda self: bool(asked_about(self)))
    @rule(index=PICK, end=st.booleans())
    def it_ends_or_goes_back_meanwhile(self, index: int, *, end: bool) -> None:
        asked = asked_about(self)
        contact = asked[index % len(asked)]
        if end:
            self.world.attempt(contact, self.law.ended, Reason.ENDED_BY_CALLER)
        else:
            self.world.attempt(contact, self.law.released, contact.volunteer)

    @some(*TALKING)
    @rule(index=PICK, by=PICK)
    def a_line_drops(self, index: int, by: int) -> None:
        contact = self.pick(index, TALKING)
        self.world.drop(contact, self.by(contact, by))

    def everybody_is_there(self) -> None:
        for contact in self.world.contacts.values():
            if contact.state is State.WRAPUP:
                self.world.attempt(contact, self.law.wrapped_up, contact.volunteer)
        for index in range(3):
            self.a_volunteer_is_ready(index)

    @some(State.ACTIVE)
    @rule(
        index=PICK,
        to=PICK,
        page_away=st.booleans(),
        by=st.sampled_from((None, None, 0, 1, 2)),
        off=st.sampled_from((0, 0, 0, -1, 1)),
        accept=st.booleans(),
    )
    def a_conversation_is_given_to_a_colleague(
        self, index: int, to: int, off: int, *, by: int | None, page_away: bool, accept: bool
    ) -> None:
        self.everybody_is_there()
        contact = self.pick(index, {State.ACTIVE})
        for turn in range(3):
            self.world.ask(contact, self.by(contact, 0), self.person(to + turn).id)
            contact = self.world.contacts[contact.id]
        if page_away:
            self.world.pages_up.discard(contact.id)
            self.world.pass_time(12)
        if self.world.contacts[contact.id].handing_to is not None:
            offer = self.world.newest(contact.id)
            who = offer.volunteer if by is None else self.person(by).id
            self.world.answer(replace(offer, epoch=offer.epoch + off), who, accept=accept)

    @some(*TALKING)
    @rule(index=PICK)
    def a_line_drops_while_others_are_free(self, index: int) -> None:
        self.everybody_is_there()
        contact = self.pick(index, TALKING)
        self.world.drop(contact, self.by(contact, 0))
        self.world.round()


def test_every_promise_holds_with_calls_and_hand_overs_too() -> None:
    play(Rules(), Calls)


# Broken rules.


def _taken_over_under_the_old_epoch(c: Contact, by: PersonId, epoch: int, now: datetime) -> Contact:
    return replace(model.handed_over(c, by, epoch, now), epoch=c.epoch)


def _taken_over_late(c: Contact, by: PersonId, epoch: int, _now: datetime) -> Contact:
    return model.handed_over(c, by, epoch, NIGHT)


def _taken_over_by_anybody(c: Contact, by: PersonId, epoch: int, now: datetime) -> Contact:
    return replace(model.handed_over(c, c.handing_to or by, epoch, now), volunteer=by)


def _taken_over_with_any_epoch(c: Contact, by: PersonId, _epoch: int, now: datetime) -> Contact:
    return model.handed_over(c, by, c.epoch + 1, now)


def _taken_over_through_the_queue(c: Contact, by: PersonId, epoch: int, now: datetime) -> Contact:
    after = model.handed_over(c, by, epoch, now)
    return replace(after, state=State.QUEUED, volunteer=None, deadline=None)


def _taken_over_as_if_the_page_were_there(
    c: Contact, by: PersonId, epoch: int, now: datetime
) -> Contact:
    return replace(model.handed_over(c, by, epoch, now), state=State.ACTIVE, deadline=None)


def _still_asking_after_a_yes(c: Contact, by: PersonId, epoch: int, now: datetime) -> Contact:
    after = model.handed_over(c, by, epoch, now)
    return replace(after, handing_to=c.handing_to, handing_until=c.handing_until)


def _asked_is_given(c: Contact, by: PersonId, to: PersonId, until: datetime) -> Contact:
    return replace(model.handing(c, by, to, until), volunteer=to)


def _asked_by_anybody(c: Contact, by: PersonId, to: PersonId, until: datetime) -> Contact:
    return model.handing(c, c.volunteer or by, to, until)


def _asked_two_at_once(c: Contact, by: PersonId, to: PersonId, until: datetime) -> Contact:
    return model.handing(replace(c, handing_to=None), by, to, until)


def _asked_without_a_clock(c: Contact, by: PersonId, to: PersonId, until: datetime) -> Contact:
    return model.handing(c, by, to, until.replace(year=until.year + 1))


def _a_no_gives_it_back(c: Contact, by: PersonId, epoch: int) -> Contact:
    after = model.not_handed_over(c, by, epoch)
    return model.released(after, after.volunteer or by)


def _a_no_counts_from_anybody(c: Contact, by: PersonId, epoch: int) -> Contact:
    return model.not_handed_over(c, c.handing_to or by, epoch)


def _an_end_leaves_the_colleague_asked(c: Contact, reason: Reason) -> Contact:
    after = model.ended(c, reason)
    return replace(after, handing_to=c.handing_to, handing_until=c.handing_until)


def _given_back_and_the_colleague_still_asked(c: Contact, by: PersonId) -> Contact:
    after = model.released(c, by)
    return replace(after, handing_to=c.handing_to, handing_until=c.handing_until)


def _a_silent_console_takes_a_call_away(c: Contact, heard: datetime) -> Contact:
    after = model.volunteer_silent(replace(c, channel="chat"), heard)
    return replace(after, channel=c.channel)


def _a_silent_caller_is_away(c: Contact, now: datetime) -> Contact:
    return replace(model.visitor_silent(replace(c, channel="chat"), now), channel=c.channel)


def _dropped_to_the_end_of_the_queue(c: Contact, by: PersonId, now: datetime) -> Contact:
    return replace(model.line_dropped(c, by, now), enq=now)


def _dropped_and_anybody_is_asked(c: Contact, by: PersonId, now: datetime) -> Contact:
    return replace(model.line_dropped(c, by, now), prefer=None, prefer_until=None)


def _dropped_under_the_old_epoch(c: Contact, by: PersonId, now: datetime) -> Contact:
    return replace(model.line_dropped(c, by, now), epoch=c.epoch)


def _dropped_by_anybody(c: Contact, by: PersonId, now: datetime) -> Contact:
    return replace(model.line_dropped(c, c.volunteer or by, now), prefer=by)


def _a_call_beside_a_chat(heads: Any, free: Any, now: datetime) -> list[queue.Pair]:
    return queue.pairs(heads, [replace(each, load=0) for each in free], now)


def _preferred_is_forgotten(heads: Any, free: Any, now: datetime) -> list[queue.Pair]:
    return queue.pairs([replace(each, prefer=None) for each in heads], free, now)


MUTANTS: dict[str, dict[str, Callable[..., Any]]] = {
    "who takes over has the old epoch": {"handed_over": _taken_over_under_the_old_epoch},
    "a yes counts late": {"handed_over": _taken_over_late},
    "anybody takes over": {"handed_over": _taken_over_by_anybody},
    "a yes to another question counts": {"handed_over": _taken_over_with_any_epoch},
    "a hand-over goes by the queue": {"handed_over": _taken_over_through_the_queue},
    "a page that left is not waited for": {"handed_over": _taken_over_as_if_the_page_were_there},
    "after a yes it still asks": {"handed_over": _still_asking_after_a_yes},
    "who is asked has it already": {"handing": _asked_is_given},
    "anybody hands over": {"handing": _asked_by_anybody},
    "two are asked at once": {"handing": _asked_two_at_once},
    "a question never ends": {"handing": _asked_without_a_clock},
    "a no loses the conversation": {"not_handed_over": _a_no_gives_it_back},
    "anybody says no": {"not_handed_over": _a_no_counts_from_anybody},
    "an end leaves a colleague asked": {"ended": _an_end_leaves_the_colleague_asked},
    "given back, still asked": {"released": _given_back_and_the_colleague_still_asked},
    "a silent console loses the caller": {"volunteer_silent": _a_silent_console_takes_a_call_away},
    "a silent caller is away": {"visitor_silent": _a_silent_caller_is_away},
    "a dropped line costs the place": {"line_dropped": _dropped_to_the_end_of_the_queue},
    "a dropped line is anybody's": {"line_dropped": _dropped_and_anybody_is_asked},
    "a dropped line keeps the epoch": {"line_dropped": _dropped_under_the_old_epoch},
    "another's line drops it": {"line_dropped": _dropped_by_anybody},
    "a call comes beside a chat": {"pairs": _a_call_beside_a_chat},
    "who was cut off waits for anybody": {"pairs": _preferred_is_forgotten},
}


@pytest.mark.parametrize("broken", MUTANTS.values(), ids=list(MUTANTS))
def test_a_broken_rule_is_found(broken: dict[str, Callable[..., Any]]) -> None:
    with pytest.raises(Broken):
        play(mutant(Rules(), **broken), Calls, nights=UNTIL_FOUND)
