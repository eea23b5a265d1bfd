"""A coach in a call, step by step: who hears them, what the caller hears, and how they go."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from luisterlijn.kernel.ids import ContactId, PersonId
from luisterlijn.telephony.happenings import (
    Answered,
    CoachChanges,
    CoachComes,
    CoachGoes,
    CoachGone,
    Effect,
    Ended,
    Happening,
    Held,
    HungUp,
    LineDropped,
    Met,
    Pressed,
    QueuedAgain,
    Stuck,
    Taken,
    Tell,
    VolunteerLeaves,
)
from luisterlijn.telephony.legs import Call, Kind, Leg, LegState, Stage
from luisterlijn.telephony.model import decide

ANNA, ADA = PersonId(UUID(int=1)), PersonId(UUID(int=2))
CALLER, LEG, COACH, THIRD = (UUID(int=number) for number in (10, 11, 12, 13))


def talking() -> Call:
    """Anna talks with a caller on her own phone."""
    caller = Leg(id=CALLER, kind=Kind.CALLER, state=LegState.TALKING, at="caller")
    anna = Leg(
        id=LEG, kind=Kind.VOLUNTEER, state=LegState.TALKING, at="number", person=ANNA, epoch=1
    )
    return Call(
        contact=ContactId(UUID(int=9)),
        room=UUID(int=8),
        stage=Stage.TALKING,
        volunteer=ANNA,
        epoch=1,
        legs=(caller, anna),
    )


def comes(
    mode: str, *, at: str = "browser", state: LegState = LegState.DUE, person: PersonId = ADA
) -> CoachComes:
    return CoachComes(Leg(id=COACH, kind=Kind.COACH, state=state, at=at, person=person, mode=mode))


def after(call: Call, *happenings: Happening) -> tuple[Call, tuple[Effect, ...]]:
    """Give the call after all of them, and the effects of the last."""
    effects: tuple[Effect, ...] = ()
    for each in happenings:
        call, effects = decide(call, each)
    return call, effects


def there(mode: str) -> Call:
    """Ada is in the call."""
    return after(talking(), comes(mode), Answered(COACH), Met(COACH))[0]


def leg(call: Call, leg_id: UUID) -> Leg:
    found = call.leg(leg_id)
    assert found is not None
    return found


def test_a_coach_is_rung_once_however_often_it_is_told() -> None:
    call, effects = after(talking(), comes("listen"))

    assert effects == (Tell(COACH, "place"),)
    assert decide(call, comes("listen")) == (call, ())


def test_nobody_joins_a_call_that_waits_or_is_over() -> None:
    for stage in (Stage.WAITING, Stage.OVER):
        call = replace(talking(), stage=stage)
        assert decide(call, comes("join")) == (call, ())


def test_on_an_own_phone_a_key_brings_the_coach_in_and_no_machine_gets_in() -> None:
    call, effects = after(talking(), comes("listen", at="number"), Answered(COACH))
    joined, _ = decide(call, Pressed(COACH, "1"))

    assert (leg(call, COACH).state, effects) == (LegState.HEARD, ())
    assert decide(call, Pressed(COACH, "2")) == (call, ())
    assert leg(joined, COACH).state is LegState.JOINING


@pytest.mark.parametrize(
    ("mode", "told"),
    [
        ("listen", (Tell(CALLER, "announce", "coach-joins"),)),
        ("whisper", (Tell(COACH, "voice"), Tell(CALLER, "announce", "coach-joins"))),
        ("join", (Tell(CALLER, "announce", "coach-joins"),)),
        ("alone", (Tell(COACH, "voice"),)),
    ],
)
def test_the_caller_hears_that_somebody_came_but_for_a_talk_without_them(
    mode: str, told: tuple[Effect, ...]
) -> None:
    call, _ = after(talking(), comes(mode), Answered(COACH))

    assert decide(call, Met(COACH))[1] == told


def test_the_caller_is_on_hold_before_a_coach_who_speaks_alone_is_in() -> None:
    rings, effects = after(talking(), comes("alone"))
    picked_up, holds = decide(rings, Answered(COACH))

    assert (rings.held, effects) == (False, (Tell(COACH, "place"),))
    assert (picked_up.held, holds) == (True, (Tell(CALLER, "hold"),))


def test_while_they_speak_alone_the_caller_cannot_be_taken_back() -> None:
    call = there("alone")

    assert decide(call, Held(on=False)) == (call, ())
    assert decide(call, CoachGoes(ADA))[1] == (Tell(COACH, "end"), Tell(CALLER, "unhold"))


def test_the_phone_that_took_the_request_goes_on_into_the_call() -> None:
    call, effects = after(talking(), comes("alone", at="number", state=LegState.WAITING))

    assert effects == (Tell(CALLER, "hold"), Tell(COACH, "refetch"))
    assert leg(call, COACH).state is LegState.JOINING


def test_another_way_gives_another_voice_and_joining_twice_is_another_way() -> None:
    listens = there("listen")

    assert decide(listens, CoachChanges(ADA, "whisper"))[1] == (Tell(COACH, "voice"),)
    assert decide(listens, comes("whisper"))[1] == (Tell(COACH, "voice"),)
    assert decide(listens, CoachChanges(ADA, "listen")) == (listens, ())
    assert decide(listens, CoachChanges(ADA, "alone"))[1] == (
        Tell(CALLER, "hold"),
        Tell(COACH, "voice"),
    )
    assert decide(there("alone"), CoachChanges(ADA, "join"))[1] == (
        Tell(COACH, "voice"),
        Tell(CALLER, "unhold"),
        Tell(CALLER, "announce", "coach-joins"),
    )


def test_another_way_that_is_chosen_while_it_rings_counts_when_it_is_picked_up() -> None:
    call, effects = after(talking(), comes("listen"), CoachChanges(ADA, "alone"))

    assert effects == ()
    assert decide(call, Answered(COACH))[1] == (Tell(CALLER, "hold"),)


def test_the_caller_hears_that_the_coach_left() -> None:
    assert decide(there("listen"), CoachGoes(ADA))[1] == (
        Tell(COACH, "end"),
        Tell(CALLER, "announce", "coach-left"),
    )
    rings, _ = after(talking(), comes("listen"))
    assert decide(rings, CoachGoes(ADA))[1] == (Tell(COACH, "end"),)


@pytest.mark.parametrize("before", [(), (Answered(COACH),), (Answered(COACH), Met(COACH))])
def test_a_coach_whose_line_is_gone_is_said_to_the_coachs_room_once(
    before: tuple[Happening, ...],
) -> None:
    call, effects = after(talking(), comes("whisper"), *before, HungUp(COACH))

    assert CoachGone(ADA) in effects
    assert decide(call, HungUp(COACH)) == (call, ())


def test_a_coach_who_never_met_is_ended_and_said_to_be_gone() -> None:
    call, effects = after(talking(), comes("alone"), Answered(COACH), Stuck(COACH))

    assert effects == (Tell(COACH, "end"), Tell(CALLER, "unhold"), CoachGone(ADA))
    assert decide(call, HungUp(COACH))[1] == ()


@pytest.mark.parametrize("end", [Ended("goodbye"), QueuedAgain()])
def test_with_the_conversation_the_coachs_leg_ends(end: Happening) -> None:
    stage = Stage.OVER if isinstance(end, Ended) else Stage.WAITING
    call, effects = decide(replace(there("join"), stage=stage), end)

    assert Tell(COACH, "end") in effects
    assert leg(call, COACH).state is LegState.LEAVING


def test_a_coach_stays_out_when_the_volunteer_leaves_the_caller_with_a_third_party() -> None:
    third = Leg(id=THIRD, kind=Kind.THIRD, state=LegState.TALKING, at="number")
    call, effects = decide(there("listen").having(third), VolunteerLeaves())

    assert effects[0] == Tell(COACH, "end")
    assert leg(call, COACH).state is LegState.LEAVING


# Taking over.


def took_over(call: Call) -> Call:
    """The hall gave the call to Ada."""
    return replace(call, volunteer=ADA, epoch=2)


def test_a_coach_who_takes_over_is_told_anew_and_who_had_it_goes() -> None:
    call, effects = decide(took_over(there("listen")), Taken(ADA, 2, ANNA))

    assert effects == (Tell(COACH, "refetch"), Tell(LEG, "stay"), Tell(LEG, "end"))
    assert (leg(call, COACH).kind, leg(call, COACH).mode) == (Kind.VOLUNTEER, None)
    assert decide(call, Taken(ADA, 2, ANNA)) == (call, ())


def test_who_is_taken_over_from_stays_until_the_coach_is_there() -> None:
    rings, _ = after(talking(), comes("join"))
    call, effects = decide(took_over(rings), Taken(ADA, 2, ANNA))
    again, nothing = decide(call, Taken(ADA, 2, ANNA))
    met, told = after(call, Answered(COACH), Met(COACH))

    assert effects == ()
    assert (again, nothing) == (call, ())
    assert leg(call, LEG).state is LegState.TALKING
    assert told == (Tell(LEG, "stay"), Tell(LEG, "end"))
    assert leg(met, COACH).state is LegState.TALKING


def test_a_coach_who_took_over_and_does_not_pick_up_leaves_nobody_waiting_alone() -> None:
    rings, _ = after(talking(), comes("join"))
    call, _ = decide(took_over(rings), Taken(ADA, 2, ANNA))

    assert decide(call, HungUp(COACH))[1] == (LineDropped(ADA),)


def test_a_take_over_that_is_heard_before_the_joining_rings_the_coach_all_the_same() -> None:
    call, effects = decide(took_over(talking()), Taken(ADA, 2, ANNA))
    late, rings = decide(call, comes("join"))

    assert effects == ()
    assert leg(call, LEG).state is LegState.TALKING
    assert rings == (Tell(COACH, "place"),)
    assert leg(late, COACH).kind is Kind.VOLUNTEER
    assert decide(late, comes("join")) == (late, ())


def test_who_whispers_does_so_to_the_volunteer_who_has_the_call_next() -> None:
    bea, other = PersonId(UUID(int=5)), UUID(int=15)
    next_leg = Leg(
        id=other, kind=Kind.VOLUNTEER, state=LegState.HEARD, at="number", person=bea, epoch=2
    )
    call = replace(there("whisper").having(next_leg), volunteer=bea, epoch=2)

    handed, _ = decide(call, Taken(bea, 2, ANNA, asking=other))

    assert Tell(COACH, "voice") in decide(handed, Met(other))[1]
