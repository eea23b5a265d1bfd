"""A contact's life, told step by step: waiting, being offered, the end."""

from __future__ import annotations

import pytest

from luisterlijn.dispatch import model
from luisterlijn.dispatch.model import Reason, State
from luisterlijn.kernel.errors import Code
from tests.support.contacts import ANJA, BAS, NIGHT, after, asked, contact, waiting
from tests.support.play import Play

LIVING = [state for state in State if state not in model.OVER]


# Waiting.


def test_a_page_that_shows_itself_waits_at_the_number_it_was_admitted_with() -> None:
    Play(contact(deadline=after(60), enq=after(-900))).step(
        model.opened,
        after(2),
        state=State.QUEUED,
        enq=after(-900),
        heard=after(2),
        deadline=None,
        epoch=4,
    )


@pytest.mark.parametrize("state", [each for each in State if each is not State.ADMITTED])
def test_a_contact_is_put_into_the_queue_once(state: State) -> None:
    Play(contact(state)).refused(model.opened, NIGHT, code=Code.CONTACT_GONE)


def test_an_admitted_page_that_never_shows_itself_is_given_up_after_its_minute() -> None:
    (
        Play(contact(deadline=NIGHT + model.ADMITTED_LASTS))
        .ignored(model.deadline_passed, after(59.9))
        .step(
            model.deadline_passed,
            after(60),
            state=State.CLOSED,
            reason=Reason.ABANDONED,
            deadline=None,
        )
    )


def test_a_waiting_page_that_falls_silent_keeps_its_place_for_15_minutes() -> None:
    (
        waiting()
        .step(
            model.visitor_silent,
            after(11),
            state=State.QUEUED,
            caller_up=False,
            deadline=after(900),
            enq=NIGHT,
        )
        .refused(model.offered, ANJA, after(12), code=Code.OFFER_GONE)
        .ignored(model.deadline_passed, after(899))
        .step(
            model.deadline_passed, after(900), state=State.CLOSED, reason=Reason.ABANDONED, epoch=4
        )
    )


def test_a_waiting_page_that_comes_back_within_15_minutes_has_its_old_number() -> None:
    (
        waiting()
        .step(model.visitor_silent, after(11))
        .step(
            model.heard_visitor,
            after(800),
            state=State.QUEUED,
            caller_up=True,
            deadline=None,
            enq=NIGHT,
            heard=after(800),
        )
        .ignored(model.deadline_passed, after(5000))
        .step(model.offered, ANJA, after(801), state=State.OFFERED)
    )


def test_a_sign_of_life_is_the_proof_that_was_asked_for() -> None:
    Play(contact(State.QUEUED, probe_until=after(3))).step(
        model.heard_visitor, after(1), probe_until=None, heard=after(1)
    )


def test_a_late_sign_of_life_never_turns_time_back() -> None:
    Play(contact(State.QUEUED, heard=after(9))).step(model.heard_visitor, after(4), heard=after(9))


def test_a_waiting_chatter_who_leaves_is_closed_without_a_volunteer() -> None:
    waiting().step(
        model.ended, Reason.ABANDONED, state=State.CLOSED, reason=Reason.ABANDONED, volunteer=None
    )


# Being offered.


def test_an_offer_lasts_20_seconds_under_a_new_epoch() -> None:
    Play(contact(State.QUEUED, probe_until=after(2))).step(
        model.offered,
        ANJA,
        NIGHT,
        state=State.OFFERED,
        epoch=5,
        volunteer=ANJA,
        deadline=after(20),
        probe_until=None,
        enq=NIGHT,
    )


@pytest.mark.parametrize("state", [each for each in State if each is not State.QUEUED])
def test_nobody_is_offered_a_contact_that_does_not_wait(state: State) -> None:
    Play(contact(state)).refused(model.offered, ANJA, NIGHT, code=Code.OFFER_GONE)


def test_who_was_asked_takes_the_contact_up_to_the_last_moment_of_the_offer() -> None:
    asked().step(
        model.accepted,
        ANJA,
        5,
        after(19.9),
        state=State.ACTIVE,
        volunteer=ANJA,
        epoch=5,
        deadline=None,
    )


def test_an_offer_that_is_over_cannot_be_taken_nor_left() -> None:
    (
        asked()
        .refused(model.accepted, ANJA, 5, after(20), code=Code.OFFER_GONE)
        .step(model.deadline_passed, after(20), state=State.QUEUED)
        .refused(model.accepted, ANJA, 5, after(20), code=Code.OFFER_GONE)
        .refused(model.accepted, ANJA, 6, after(20), code=Code.OFFER_GONE)
        .refused(model.declined, ANJA, 5, code=Code.OFFER_GONE)
        .refused(model.lapsed, after(20), code=Code.OFFER_GONE)
    )


def test_nobody_takes_or_leaves_an_offer_made_to_somebody_else() -> None:
    (
        asked()
        .refused(model.accepted, BAS, 5, after(1), code=Code.OFFER_GONE)
        .refused(model.declined, BAS, 5, code=Code.OFFER_GONE)
    )


@pytest.mark.parametrize("epoch", [3, 4, 6])
def test_an_answer_to_another_offer_than_this_one_is_refused(epoch: int) -> None:
    (
        asked()
        .refused(model.accepted, ANJA, epoch, after(1), code=Code.OFFER_GONE)
        .refused(model.declined, ANJA, epoch, code=Code.OFFER_GONE)
    )


@pytest.mark.parametrize(
    ("move", "facts"),
    [
        (model.declined, (ANJA, 5)),
        (model.lapsed, (after(20),)),
        (model.deadline_passed, (after(20),)),
    ],
)
def test_an_offer_that_is_not_taken_costs_the_chatter_no_place(
    move: object, facts: tuple[object, ...]
) -> None:
    assert callable(move)
    asked().step(
        move,
        *facts,
        state=State.QUEUED,
        enq=NIGHT,
        epoch=6,
        volunteer=None,
        deadline=None,
        missed=1,
    )


def test_a_page_that_falls_silent_while_offered_is_waited_for_like_any_other_once_taken() -> None:
    (
        asked()
        .step(
            model.visitor_silent,
            after(11),
            state=State.OFFERED,
            caller_up=False,
            deadline=after(20),
        )
        .step(
            model.accepted,
            ANJA,
            5,
            after(15),
            state=State.CALLER_AWAY,
            volunteer=ANJA,
            deadline=after(120),
        )
    )


def test_a_page_that_falls_silent_while_offered_keeps_its_place_when_the_offer_lapses() -> None:
    (
        asked()
        .step(model.visitor_silent, after(11))
        .step(
            model.deadline_passed,
            after(20),
            state=State.QUEUED,
            caller_up=False,
            deadline=after(900),
        )
    )


def test_a_page_back_before_the_offer_is_answered_is_simply_there() -> None:
    (
        asked()
        .step(model.visitor_silent, after(11))
        .step(model.heard_visitor, after(14), state=State.OFFERED, caller_up=True)
        .step(model.accepted, ANJA, 5, after(15), state=State.ACTIVE, deadline=None)
    )


# The end.


@pytest.mark.parametrize("state", sorted(model.TALKING))
def test_a_conversation_that_ends_is_written_up_by_its_volunteer(state: State) -> None:
    (
        Play(contact(state, volunteer=ANJA, deadline=after(60)))
        .step(
            model.ended,
            Reason.ENDED_BY_CALLER,
            state=State.WRAPUP,
            volunteer=ANJA,
            reason=Reason.ENDED_BY_CALLER,
            deadline=None,
        )
        .refused(model.wrapped_up, BAS, code=Code.NOT_YOUR_CONTACT)
        .step(
            model.wrapped_up,
            ANJA,
            state=State.CLOSED,
            volunteer=None,
            reason=Reason.ENDED_BY_CALLER,
        )
        .refused(model.wrapped_up, ANJA, code=Code.NOT_YOUR_CONTACT)
    )


@pytest.mark.parametrize("state", sorted(model.WAITING))
def test_who_leaves_while_waiting_leaves_nothing_to_write_up(state: State) -> None:
    Play(contact(state, volunteer=ANJA if state is State.OFFERED else None)).step(
        model.ended, Reason.ABANDONED, state=State.CLOSED, volunteer=None
    )


@pytest.mark.parametrize("state", LIVING)
def test_nothing_is_written_up_before_the_end(state: State) -> None:
    Play(contact(state, volunteer=ANJA)).refused(model.wrapped_up, ANJA, code=Code.NOT_YOUR_CONTACT)


@pytest.mark.parametrize("state", sorted(model.OVER))
def test_what_is_over_stays_over(state: State) -> None:
    (
        Play(contact(state, volunteer=ANJA, reason=Reason.LIMIT))
        .refused(model.opened, NIGHT, code=Code.CONTACT_GONE)
        .refused(model.heard_visitor, NIGHT, code=Code.CONTACT_GONE)
        .refused(model.wrote, NIGHT, code=Code.CONTACT_GONE)
        .refused(model.frozen, code=Code.CONTACT_GONE)
        .refused(model.ended, Reason.ENDED_BY_CALLER, code=Code.CONTACT_GONE)
        .refused(model.offered, BAS, NIGHT, code=Code.OFFER_GONE)
        .refused(model.accepted, ANJA, 4, NIGHT, code=Code.OFFER_GONE)
        .refused(model.declined, ANJA, 4, code=Code.OFFER_GONE)
        .refused(model.released, ANJA, code=Code.NOT_YOUR_CONTACT)
        .refused(model.kept, ANJA, code=Code.NOT_YOUR_CONTACT)
        .ignored(model.volunteer_silent, NIGHT)
        .ignored(model.volunteer_back)
        .ignored(model.without_key, ANJA)
        .ignored(model.deadline_passed, after(1e6))
    )


@pytest.mark.parametrize("state", list(State))
def test_who_does_not_have_the_conversation_may_not_act_in_it(state: State) -> None:
    Play(contact(state, volunteer=ANJA)).refused(model.mine, BAS, code=Code.NOT_YOUR_CONTACT)


@pytest.mark.parametrize("state", [State.QUEUED, State.ACTIVE, State.WRAPUP, State.CLOSED])
def test_a_state_without_a_deadline_lasts(state: State) -> None:
    Play(contact(state, volunteer=ANJA)).ignored(model.deadline_passed, after(1e7))
