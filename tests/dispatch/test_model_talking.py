"""A contact's life, told step by step: in conversation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from luisterlijn.dispatch import model
from luisterlijn.dispatch.model import Reason, State
from luisterlijn.kernel.errors import Code
from tests.support.contacts import ANJA, BAS, NIGHT, after, asked, contact, talking
from tests.support.play import Play

# Talking: the visitor falls silent.


def test_a_visitor_who_comes_back_within_two_minutes_keeps_the_volunteer() -> None:
    (
        talking()
        .step(
            model.visitor_silent,
            after(11),
            state=State.CALLER_AWAY,
            caller_up=False,
            deadline=after(120),
            volunteer=ANJA,
        )
        .ignored(model.deadline_passed, after(119))
        .step(
            model.heard_visitor,
            after(119),
            state=State.ACTIVE,
            volunteer=ANJA,
            epoch=5,
            caller_up=True,
            deadline=None,
        )
        .ignored(model.deadline_passed, after(5000))
    )


def test_after_two_minutes_the_volunteer_is_asked_and_may_keep_the_place() -> None:
    (
        talking()
        .step(model.visitor_silent, after(11))
        .refused(model.kept, ANJA, code=Code.CONTACT_GONE)
        .step(
            model.deadline_passed,
            after(120),
            state=State.CALLER_AWAY,
            asked=True,
            kept=False,
            deadline=after(900),
        )
        .refused(model.kept, BAS, code=Code.NOT_YOUR_CONTACT)
        .step(model.kept, ANJA, kept=True, deadline=after(900))
        .step(
            model.heard_visitor,
            after(890),
            state=State.ACTIVE,
            asked=False,
            kept=False,
            deadline=None,
        )
    )


def test_a_visitor_who_stays_away_is_given_up_after_15_minutes_kept_or_not() -> None:
    for keep in (True, False):
        play = (
            talking()
            .step(model.visitor_silent, after(11))
            .step(model.deadline_passed, after(120), asked=True)
        )
        if keep:
            play.step(model.kept, ANJA)
        play.ignored(model.deadline_passed, after(899)).step(
            model.deadline_passed,
            after(900),
            state=State.WRAPUP,
            reason=Reason.CALLER_GONE,
            volunteer=ANJA,
            deadline=None,
        )


def test_an_urgent_conversation_waits_for_a_visitor_who_is_away_however_long() -> None:
    (
        talking()
        .step(model.urgent, urgent=True, state=State.ACTIVE, deadline=None)
        .ignored(model.urgent)
        .step(model.visitor_silent, after(11), state=State.CALLER_AWAY, deadline=None)
        .ignored(model.deadline_passed, after(100_000))
        .shows(caller_up=False, asked=False, volunteer=ANJA)
        .step(model.heard_visitor, after(100_000), state=State.ACTIVE, urgent=True, epoch=5)
    )


def test_a_conversation_that_becomes_urgent_is_not_timed_any_more() -> None:
    for keep in (True, False):
        play = (
            talking()
            .step(model.visitor_silent, after(11))
            .step(model.deadline_passed, after(120), asked=True, deadline=after(900))
        )
        if keep:
            play.step(model.kept, ANJA)
        play.step(model.urgent, asked=False, kept=False, deadline=None).ignored(
            model.deadline_passed, after(900)
        )


def test_an_urgent_conversation_ends_when_one_of_the_two_ends_it() -> None:
    for reason in (Reason.ENDED_BY_CALLER, Reason.CALLER_GONE):
        (
            talking()
            .step(model.urgent)
            .step(model.visitor_silent, after(11))
            .step(model.ended, reason, state=State.WRAPUP, reason=reason, volunteer=ANJA)
            .ignored(model.urgent)
        )


def test_an_urgent_conversation_whose_volunteer_is_lost_is_the_next_ones_and_stays_urgent() -> None:
    (
        talking()
        .step(model.urgent)
        .step(model.volunteer_silent, after(100), deadline=after(130), urgent=True)
        .step(model.deadline_passed, after(130), state=State.QUEUED, enq=NIGHT, urgent=True)
        .step(model.offered, BAS, after(131))
        .step(model.accepted, BAS, 7, after(132), state=State.ACTIVE, urgent=True)
        .step(model.visitor_silent, after(143), state=State.CALLER_AWAY, deadline=None)
    )


def test_with_nobody_at_either_end_the_place_of_an_urgent_one_is_kept_for_12_hours() -> None:
    (
        talking()
        .step(model.urgent)
        .step(model.visitor_silent, after(11))
        .step(model.volunteer_silent, after(20), deadline=after(50))
        .step(model.deadline_passed, after(50), state=State.QUEUED, deadline=after(12 * 3600))
        .ignored(model.deadline_passed, after(12 * 3600 - 1))
        .step(model.deadline_passed, after(12 * 3600), reason=Reason.ABANDONED)
    )


def test_the_end_of_the_day_sends_nobody_away_who_was_in_danger() -> None:
    waits = contact(State.QUEUED)
    Play(waits).step(model.line_closed, state=State.CLOSED, reason=Reason.LINE_CLOSED)
    Play(replace(waits, urgent=True)).ignored(model.line_closed)
    talking().ignored(model.line_closed)


def test_only_a_conversation_becomes_urgent() -> None:
    for state in (State.ADMITTED, State.QUEUED, State.OFFERED, State.WRAPUP, State.CLOSED):
        Play(contact(state)).ignored(model.urgent)


def test_only_a_place_of_somebody_who_is_away_can_be_kept() -> None:
    talking().refused(model.kept, ANJA, code=Code.CONTACT_GONE)


# Talking: the volunteer falls silent.


def test_a_volunteer_who_falls_silent_has_30_seconds_from_the_last_heartbeat() -> None:
    (
        talking()
        .step(
            model.volunteer_silent,
            after(100),
            state=State.VOLUNTEER_AWAY,
            volunteer=ANJA,
            deadline=after(130),
        )
        .ignored(model.deadline_passed, after(129))
        .step(
            model.deadline_passed,
            after(130),
            state=State.QUEUED,
            enq=NIGHT,
            epoch=6,
            volunteer=None,
            deadline=None,
            missed=0,
        )
    )


def test_a_volunteer_back_in_time_goes_on_with_the_same_conversation() -> None:
    (
        talking()
        .step(model.volunteer_silent, after(100))
        .step(model.volunteer_back, state=State.ACTIVE, volunteer=ANJA, epoch=5, deadline=None)
        .ignored(model.volunteer_back)
    )


@pytest.mark.parametrize(
    "state", [State.ADMITTED, State.QUEUED, State.OFFERED, State.WRAPUP, State.VOLUNTEER_AWAY]
)
def test_a_silent_console_matters_to_a_conversation_only(state: State) -> None:
    Play(contact(state, volunteer=ANJA)).ignored(model.volunteer_silent, NIGHT)


def test_when_both_are_away_the_volunteer_comes_back_to_somebody_who_is_away() -> None:
    (
        talking()
        .step(model.visitor_silent, after(11))
        .step(model.volunteer_silent, after(20), state=State.VOLUNTEER_AWAY, deadline=after(50))
        .step(model.volunteer_back, state=State.CALLER_AWAY, caller_up=False, deadline=after(120))
    )


def test_when_both_are_away_the_visitor_comes_back_to_somebody_who_is_away() -> None:
    (
        talking()
        .step(model.volunteer_silent, after(5), deadline=after(35))
        .step(model.visitor_silent, after(12), state=State.VOLUNTEER_AWAY, caller_up=False)
        .step(
            model.heard_visitor,
            after(20),
            state=State.VOLUNTEER_AWAY,
            caller_up=True,
            deadline=after(35),
        )
        .step(model.volunteer_back, state=State.ACTIVE, deadline=None)
    )


def test_when_both_stay_away_the_place_is_kept_for_the_visitor() -> None:
    (
        talking()
        .step(model.visitor_silent, after(11))
        .step(model.volunteer_silent, after(20))
        .step(
            model.deadline_passed,
            after(50),
            state=State.QUEUED,
            caller_up=False,
            deadline=after(900),
            volunteer=None,
        )
    )


def test_a_kept_place_outlives_a_gap_in_the_volunteers_own_connection() -> None:
    (
        talking()
        .step(model.visitor_silent, after(11))
        .step(model.deadline_passed, after(120), asked=True)
        .step(model.kept, ANJA)
        .step(model.volunteer_silent, after(200), state=State.VOLUNTEER_AWAY)
        .step(
            model.volunteer_back,
            state=State.CALLER_AWAY,
            asked=True,
            kept=True,
            deadline=after(900),
        )
    )


def test_who_dropped_off_before_is_waited_for_anew_the_next_time() -> None:
    (
        talking()
        .step(model.visitor_silent, after(11))
        .step(model.deadline_passed, after(120), asked=True)
        .step(model.volunteer_silent, after(125), state=State.VOLUNTEER_AWAY)
        .step(model.heard_visitor, after(130), asked=False, kept=False)
        .step(model.volunteer_back, state=State.ACTIVE)
        .step(model.visitor_silent, after(145), state=State.CALLER_AWAY, deadline=after(250))
        .step(model.deadline_passed, after(250), state=State.CALLER_AWAY, asked=True)
    )


# Talking: freezing, knowing each other, no key.


def test_somebody_comes_in_and_the_volunteer_may_not_write_until_the_visitor_does() -> None:
    (
        talking()
        .step(model.frozen, frozen=True, state=State.ACTIVE)
        .step(model.heard_visitor, after(5), frozen=True)
        .step(model.wrote, after(6), frozen=False)
    )


@pytest.mark.parametrize("state", [State.ADMITTED, State.QUEUED, State.OFFERED])
def test_who_waits_has_nobody_to_freeze(state: State) -> None:
    Play(contact(state)).step(model.frozen, frozen=False, state=state)


def test_a_volunteer_who_knows_the_person_gives_the_contact_back_at_its_old_number() -> None:
    (
        talking()
        .step(model.frozen)
        .refused(model.released, BAS, code=Code.NOT_YOUR_CONTACT)
        .step(
            model.released,
            ANJA,
            state=State.QUEUED,
            enq=NIGHT,
            epoch=6,
            volunteer=None,
            frozen=False,
            missed=0,
        )
    )


def test_only_a_conversation_can_be_given_back() -> None:
    asked().refused(model.released, ANJA, code=Code.NOT_YOUR_CONTACT)


def test_a_volunteer_without_a_key_is_replaced_and_nobody_else_is() -> None:
    (
        talking()
        .ignored(model.without_key, BAS)
        .step(model.without_key, ANJA, state=State.QUEUED, epoch=6, enq=NIGHT, volunteer=None)
        .ignored(model.without_key, ANJA)
    )


def test_a_coach_takes_a_conversation_over_whoever_is_away_and_nothing_that_waits_or_is_over() -> (
    None
):
    talking().step(
        model.taken_over, BAS, state=State.ACTIVE, volunteer=BAS, epoch=6, deadline=None, enq=NIGHT
    )
    talking().step(model.volunteer_silent, NIGHT).step(
        model.taken_over, BAS, state=State.ACTIVE, volunteer=BAS, deadline=None
    )
    talking().step(model.visitor_silent, after(11)).step(
        model.taken_over, BAS, state=State.CALLER_AWAY, volunteer=BAS, caller_up=False, asked=False
    )
    asked().refused(model.taken_over, BAS, code=Code.CONTACT_GONE)
    talking().step(model.ended, Reason.ENDED_BY_CALLER).refused(
        model.taken_over, BAS, code=Code.CONTACT_GONE
    )
