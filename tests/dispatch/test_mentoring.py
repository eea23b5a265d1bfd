"""Who is beside whom, and who of the two may be asked."""

from __future__ import annotations

from itertools import product
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luisterlijn.dispatch.mentoring import (
    MENTOR,
    TRAINEE,
    Side,
    may_be_asked,
    taken_along,
    together,
    walks_along,
)
from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.volunteers.ports import Facts, Status

ANJA, BAS, CARLA, DAAN = (PersonId(UUID(int=number)) for number in range(1, 5))
LISTENER = "listener"


def known(person: PersonId, at: Status = Status.INDEPENDENT, **fields: object) -> Facts:
    return Facts(
        person=person,
        branch=BranchId(UUID(int=9)),
        name="",
        status={"chat": at},
        **fields,  # type: ignore[arg-type] # mixed fields
    )


def beside(
    *there: tuple[PersonId, str, Facts | None],
) -> dict[PersonId, PersonId | None]:
    facts = {person: each for person, _role, each in there if each is not None}
    return together([(person, role) for person, role, _each in there], facts)


def test_a_trainee_is_beside_their_own_mentor_when_they_are_on_the_shift_too() -> None:
    trainee = known(ANJA, Status.WALKING_ALONG, mentor=CARLA)

    found = beside(
        (ANJA, TRAINEE, trainee),
        (BAS, MENTOR, known(BAS, Status.MENTOR)),
        (CARLA, LISTENER, known(CARLA, Status.MENTOR)),
    )

    assert found == {ANJA: CARLA}


def test_else_beside_who_has_a_mentors_place_and_then_any_mentor() -> None:
    trainee = (ANJA, TRAINEE, known(ANJA, Status.WALKING_ALONG, mentor=DAAN))
    mentor = (BAS, LISTENER, known(BAS, Status.MENTOR))
    placed = (CARLA, MENTOR, known(CARLA))

    assert beside(trainee, mentor, placed) == {ANJA: CARLA}
    assert beside(trainee, mentor) == {ANJA: BAS}


def test_a_listener_is_no_mentor_and_a_trainee_without_one_is_beside_nobody() -> None:
    assert beside((ANJA, TRAINEE, None), (BAS, LISTENER, known(BAS))) == {ANJA: None}


def test_of_two_trainees_with_one_mentor_the_mentors_own_comes_first() -> None:
    first = (ANJA, TRAINEE, known(ANJA, Status.WALKING_ALONG))
    own = (BAS, TRAINEE, known(BAS, Status.WALKING_ALONG, mentor=CARLA))
    mentor = (CARLA, MENTOR, known(CARLA, Status.MENTOR))

    assert beside(first, own, mentor) == {ANJA: None, BAS: CARLA}
    assert beside(own, mentor, first) == {ANJA: None, BAS: CARLA}


def test_who_answers_nothing_alone_is_a_trainee_whatever_the_place_says() -> None:
    assert walks_along(LISTENER, known(ANJA, Status.WALKING_ALONG))
    assert walks_along(TRAINEE, known(ANJA))
    assert not walks_along(LISTENER, known(ANJA))
    assert not walks_along(MENTOR, None)


def test_a_trainee_takes_along_what_they_walk_along_with_and_nothing_earlier() -> None:
    facts = Facts(
        person=ANJA,
        branch=BranchId(UUID(int=9)),
        name="",
        status={"chat": Status.WALKING_ALONG, "phone": Status.IN_TRAINING},
    )

    assert taken_along(facts) == {"chat"}
    assert taken_along(None) == frozenset()


@given(
    st.dictionaries(
        st.sampled_from([PersonId(UUID(int=number)) for number in range(12)]),
        st.tuples(st.sampled_from([TRAINEE, MENTOR, LISTENER]), st.integers(0, 11)),
        max_size=10,
    )
)
def test_no_mentor_has_two_trainees_and_no_trainee_is_a_mentor(
    there: dict[PersonId, tuple[str, int]],
) -> None:
    facts = {
        person: known(person, Status.MENTOR if role == MENTOR else Status.INDEPENDENT)
        for person, (role, _number) in there.items()
    } | {
        person: known(person, Status.WALKING_ALONG, mentor=PersonId(UUID(int=number)))
        for person, (role, number) in there.items()
        if role == TRAINEE
    }

    found = together([(person, role) for person, (role, _number) in there.items()], facts)

    mentors = [each for each in found.values() if each is not None]
    assert len(set(mentors)) == len(mentors)
    assert not set(mentors) & set(found)
    trainees = {person for person, (role, _number) in there.items() if role == TRAINEE}
    assert set(found) == trainees
    others = sum(role == MENTOR for role, _number in there.values())
    assert len(mentors) == min(len(trainees), others)


@pytest.mark.parametrize(("busy", "ready", "trainee"), [*product([True, False], repeat=3)])
def test_only_one_of_the_two_has_a_contact_and_the_trainee_only_beside_a_ready_mentor(
    *, busy: bool, ready: bool, trainee: bool
) -> None:
    asked = may_be_asked(walks_along=trainee, other=Side(busy=busy, ready=ready))

    assert asked == (not busy and (ready or not trainee))


def test_a_trainee_with_nobody_beside_them_is_asked_for_nothing() -> None:
    assert not may_be_asked(walks_along=True, other=None)
    assert may_be_asked(walks_along=False, other=None)
