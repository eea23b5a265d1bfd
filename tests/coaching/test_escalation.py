"""Playbooks of a request for help: consoles, phone by phone, a card; pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from luisterlijn.coaching import escalation
from luisterlijn.coaching.escalation import OnCall, Request, State
from luisterlijn.kernel.errors import Code
from luisterlijn.kernel.ids import ContactId, PersonId
from tests.support.play import Play

NIGHT = datetime(2026, 3, 14, 3, tzinfo=UTC)
ANJA = PersonId(UUID(int=1))
ADA, BEN, CORA, DIRK = (PersonId(UUID(int=number)) for number in (11, 12, 13, 14))
HERE, THERE = ContactId(UUID(int=91)), ContactId(UUID(int=92))


def after(seconds: float) -> datetime:
    """Give the moment so many seconds after the request."""
    return NIGHT + timedelta(seconds=seconds)


def on_call(
    *coaches: PersonId, without: tuple[PersonId, ...] = (), stands_in: tuple[PersonId, ...] = ()
) -> list[OnCall]:
    """Give who is on call; `without`: has no phone on record."""
    return [
        OnCall(person=each, stands_in=each in stands_in, has_phone=each not in without)
        for each in (*coaches, *stands_in)
    ]


def new(**fields: object) -> Request:
    """Give a request that was just made."""
    made = Request(id=UUID(int=5), person=ANJA, contact=HERE, urgent=False, asked=NIGHT)
    return replace(made, **fields)  # type: ignore[arg-type] # mixed fields


def begun(people: list[OnCall]) -> Play:
    """Start with a request that these could hear."""
    return Play(escalation.asked(new(), people))


def test_with_a_coach_on_duty_it_is_in_the_consoles_for_fifteen_seconds() -> None:
    people = on_call(ADA)
    begun(people).shows(state=State.OPEN, calling=None, deadline=after(15)).ignored(
        escalation.time_passed, people, after(14.9)
    )


def test_then_the_first_phone_rings_and_then_the_next_and_then_who_stands_in() -> None:
    people = on_call(ADA, BEN, stands_in=(CORA,))
    (
        begun(people)
        .step(
            escalation.time_passed,
            *(people, after(15)),
            state=State.CALLING,
            calling=ADA,
            deadline=after(40),
        )
        .step(escalation.time_passed, people, after(40), calling=BEN, deadline=after(65))
        .step(escalation.time_passed, people, after(65), calling=CORA, deadline=after(90))
        .step(
            escalation.time_passed,
            *(people, after(90)),
            state=State.NOBODY,
            calling=None,
            deadline=None,
            rung=(ADA, BEN, CORA),
        )
        .ignored(escalation.time_passed, people, after(9_999))
    )


def test_who_stands_in_comes_last_in_whatever_order_they_are_told() -> None:
    people = on_call(ADA, stands_in=(CORA,))[::-1]

    begun(people).step(escalation.time_passed, people, after(15), calling=ADA).step(
        escalation.time_passed, people, after(40), calling=CORA
    )


def test_who_does_not_answer_is_passed_over_at_once() -> None:
    people = on_call(ADA, BEN)
    (
        begun(people)
        .step(escalation.time_passed, people, after(15), calling=ADA)
        .step(escalation.not_reached, ADA, people, after(18), calling=BEN, deadline=after(43))
        .ignored(escalation.not_reached, ADA, people, after(19))
        .step(escalation.not_reached, BEN, people, after(20), state=State.NOBODY, deadline=None)
        .ignored(escalation.not_reached, BEN, people, after(21))
    )


def test_who_has_no_phone_on_record_is_not_rung() -> None:
    people = on_call(ADA, BEN, without=(ADA,))

    begun(people).step(escalation.time_passed, people, after(15), calling=BEN).step(
        escalation.time_passed, people, after(40), state=State.NOBODY
    )


def test_without_a_coach_on_duty_who_stands_in_is_rung_at_once() -> None:
    begun(on_call(stands_in=(CORA, DIRK))).shows(
        state=State.CALLING, calling=CORA, deadline=after(25)
    )


def test_without_anybody_it_is_said_at_once() -> None:
    begun([]).shows(state=State.NOBODY, deadline=None)
    begun(on_call(stands_in=(CORA,), without=(CORA,))).shows(state=State.NOBODY)


def test_nobody_is_asked_to_help_themselves() -> None:
    begun(on_call(ANJA)).shows(state=State.NOBODY)
    people = on_call(ANJA, ADA)
    begun(people).step(escalation.time_passed, people, after(15), calling=ADA).step(
        escalation.time_passed, people, after(40), state=State.NOBODY
    )


@pytest.mark.parametrize("count", range(1, 19))
def test_however_many_are_on_call_all_are_rung_and_it_is_said_within_two_minutes(
    count: int,
) -> None:
    everybody = [PersonId(UUID(int=100 + number)) for number in range(count)]
    people = on_call(*everybody)
    found = escalation.asked(new(), people)
    now = NIGHT
    while found.deadline is not None:
        # Deadlines are seen up to a second late.
        now = found.deadline + timedelta(seconds=1)
        found = escalation.time_passed(found, people, now)

    assert found.state is State.NOBODY
    assert now <= after(120)
    assert list(found.rung) == everybody or count > 12, "with a dozen, everybody was rung"


def test_nobody_rings_longer_than_twenty_five_seconds() -> None:
    people = on_call(ADA)

    begun(people).step(escalation.time_passed, people, after(15), deadline=after(40))


def test_a_rota_that_changes_meanwhile_counts_at_once() -> None:
    begun(on_call(ADA, BEN)).step(
        escalation.time_passed, on_call(BEN), after(15), calling=BEN
    ).step(escalation.time_passed, on_call(BEN, DIRK), after(40), calling=DIRK).step(
        escalation.time_passed, on_call(BEN, DIRK), after(65), state=State.NOBODY
    )


@pytest.mark.parametrize("state", [State.OPEN, State.CALLING, State.NOBODY])
def test_it_can_be_taken_as_long_as_it_stands_also_when_nobody_was_reached(state: State) -> None:
    calling = ADA if state is State.CALLING else None

    Play(new(state=state, calling=calling, deadline=after(9))).step(
        escalation.taken, BEN, state=State.TAKEN, taken_by=BEN, calling=None, deadline=None
    )


def test_the_first_to_take_it_has_it_and_saying_it_twice_does_no_harm() -> None:
    begun(on_call(ADA, BEN)).step(escalation.taken, ADA, taken_by=ADA).ignored(
        escalation.taken, ADA
    ).refused(escalation.taken, BEN, code=Code.REQUEST_GONE)


def again(
    request: Request, contact: ContactId | None, people: list[OnCall], at: float, *, urgent: bool
) -> Request:
    """Ask once more."""
    return escalation.asked_again(request, contact, people, after(at), urgent=urgent)


def test_asking_again_may_make_it_urgent_and_never_less_so() -> None:
    people = on_call(ADA)
    first = escalation.asked(new(), people)

    urgent = again(first, HERE, people, 5, urgent=True)
    calmer = again(urgent, None, people, 6, urgent=False)

    assert urgent == replace(first, urgent=True)
    assert calmer == urgent


def test_asking_again_after_nobody_was_reached_begins_anew() -> None:
    people = on_call(ADA)
    nobody = new(state=State.NOBODY, rung=(ADA,), urgent=True)

    found = again(nobody, HERE, people, 300, urgent=False)

    assert (found.state, found.rung, found.deadline, found.urgent) == (
        *(State.OPEN, (), after(315)),
        False,
    )


def test_asking_about_another_conversation_is_a_new_request_when_the_former_was_taken() -> None:
    people = on_call(ADA)
    taken = new(state=State.TAKEN, taken_by=ADA)

    elsewhere = again(taken, THERE, people, 60, urgent=False)
    same = again(taken, HERE, people, 60, urgent=False)
    outside = again(taken, None, people, 60, urgent=False)

    assert (elsewhere.state, elsewhere.contact, elsewhere.taken_by) == (State.OPEN, THERE, None)
    assert same == outside == taken
