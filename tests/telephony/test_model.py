"""What happens to a call, step by step; and in any order, twice, or not at all."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from luisterlijn.kernel.ids import ContactId, PersonId
from luisterlijn.simulation.chance import Chance
from luisterlijn.telephony.happenings import (
    Accept,
    Answered,
    CallerGone,
    CoachChanges,
    CoachComes,
    CoachGoes,
    CoachGone,
    Decline,
    Effect,
    Ended,
    Happening,
    Held,
    HungUp,
    LineDropped,
    Met,
    Offered,
    OfferOver,
    Pressed,
    QueuedAgain,
    Stuck,
    Taken,
    Tell,
    ThirdRung,
    ThirdStopped,
    VolunteerLeaves,
)
from luisterlijn.telephony.legs import THERE, Call, Kind, Leg, LegState, Stage
from luisterlijn.telephony.model import decide

ANNA, BEA, ADA = (PersonId(UUID(int=number)) for number in (1, 2, 3))
CALLER, LEG, OTHER, THIRD, COACH = (UUID(int=number) for number in (10, 11, 12, 13, 14))


def waiting() -> Call:
    caller = Leg(id=CALLER, kind=Kind.CALLER, state=LegState.WAITING, at="caller")
    return Call(
        contact=ContactId(UUID(int=9)), room=UUID(int=8), stage=Stage.WAITING, legs=(caller,)
    )


def ring(leg: UUID = LEG, person: PersonId = ANNA, epoch: int = 1, at: str = "number") -> Offered:
    return Offered(
        Leg(id=leg, kind=Kind.VOLUNTEER, state=LegState.DUE, at=at, person=person, epoch=epoch)
    )


def after(call: Call, *happenings: Happening) -> tuple[Call, tuple[Effect, ...]]:
    """Give the call after all of them, and the effects of the last."""
    effects: tuple[Effect, ...] = ()
    for each in happenings:
        call, effects = decide(call, each)
    return call, effects


def talking(at: str = "number") -> Call:
    taken = Taken(ANNA, 1, asking=LEG)
    call, _ = after(waiting(), ring(at=at), Answered(LEG), taken, Met(LEG), Met(CALLER))
    return call


def state(call: Call, leg: UUID) -> LegState:
    found = call.leg(leg)
    assert found is not None
    return found.state


def test_an_offer_rings_once_however_often_it_is_told() -> None:
    call, effects = after(waiting(), ring())
    again, nothing = decide(call, ring(OTHER))

    assert effects == (Tell(LEG, "place"),)
    assert (again, nothing) == (call, ())


def test_key_1_takes_the_call_and_key_2_leaves_it() -> None:
    call, _ = after(waiting(), ring(), Answered(LEG))

    assert decide(call, Pressed(LEG, "1"))[1] == (Accept(ANNA, 1, LEG),)
    assert decide(call, Pressed(LEG, "2"))[1] == (Decline(ANNA, 1),)
    assert decide(call, Pressed(LEG, "7")) == (call, ())


def test_picking_up_in_the_browser_is_saying_yes() -> None:
    assert after(waiting(), ring(at="browser"), Answered(LEG))[1] == (Accept(ANNA, 1, LEG),)


def test_who_took_the_call_in_the_console_is_told_on_the_phone_that_was_picked_up() -> None:
    call, _ = after(waiting(), ring(), Answered(LEG))

    _call, effects = decide(call, Taken(ANNA, 1))

    assert effects == (Tell(LEG, "refetch"), Tell(CALLER, "refetch"))


def test_both_meet_and_the_caller_ends_it() -> None:
    call, effects = after(talking(), HungUp(CALLER))
    ended, last = decide(replace(call, stage=Stage.OVER), Ended("goodbye"))

    assert effects == (CallerGone(),)
    assert last == (Tell(LEG, "refetch"),)  # "de beller heeft opgehangen"
    found = ended.leg(LEG)
    assert found is not None
    assert found.word == "caller_gone"


def test_a_volunteer_whose_line_drops_is_said_to_the_hall_and_the_caller_waits_again() -> None:
    call, effects = after(talking(), HungUp(LEG))
    waits, told = decide(replace(call, stage=Stage.WAITING), QueuedAgain())

    assert effects == (LineDropped(ANNA),)
    assert told == (Tell(CALLER, "refetch"),)
    assert state(waits, CALLER) is LegState.WAITING


def test_a_phone_that_stopped_ringing_before_the_news_of_the_yes_puts_the_caller_back() -> None:
    """Accepted in the console, and our server was away: by then nobody rings any more."""
    call, _ = after(waiting(), ring(at="browser"))
    said_yes = replace(call, stage=Stage.TALKING, volunteer=ANNA, epoch=1)  # as the hall's row says

    assert decide(said_yes, HungUp(LEG))[1] == (LineDropped(ANNA),)


def test_a_leg_that_never_met_is_a_line_that_dropped() -> None:
    call, _ = after(waiting(), ring(at="browser"), Answered(LEG), Taken(ANNA, 1, asking=LEG))

    assert decide(call, Stuck(LEG))[1] == (Tell(LEG, "end"), LineDropped(ANNA))


def test_a_leg_that_ends_before_a_yes_is_a_no() -> None:
    for before in ((), (Answered(LEG),)):
        call, _ = after(waiting(), ring(), *before)
        assert decide(call, HungUp(LEG))[1] == (Decline(ANNA, 1),)


def test_a_hand_over_lets_the_conference_go_on_without_who_had_it() -> None:
    call, _ = after(talking(), ring(OTHER, BEA, 2), Answered(OTHER))

    handed, effects = decide(call, Taken(BEA, 2, ANNA, asking=OTHER))

    assert effects == (Tell(LEG, "stay"), Tell(LEG, "end"))
    assert state(handed, LEG) is LegState.LEAVING
    assert state(handed, CALLER) is LegState.TALKING
    assert handed.volunteer == BEA


def test_hold_is_told_once_and_only_in_a_conversation() -> None:
    held, effects = decide(talking(), Held(on=True))

    assert effects == (Tell(CALLER, "hold"),)
    assert decide(held, Held(on=True)) == (held, ())
    assert decide(held, Held(on=False))[1] == (Tell(CALLER, "unhold"),)
    assert decide(waiting(), Held(on=True))[1] == ()


def third(call: Call) -> Call:
    leg = Leg(id=THIRD, kind=Kind.THIRD, state=LegState.DUE, at="number", word="entry")
    return decide(call, ThirdRung(leg))[0]


def test_a_third_party_who_says_yes_meets_the_caller_who_was_on_hold() -> None:
    rung = third(talking())
    joined, effects = after(rung, Answered(THIRD), Pressed(THIRD, "1"))

    assert rung.held
    assert effects == (Tell(CALLER, "unhold"),)
    assert state(joined, THIRD) is LegState.JOINING


def test_a_third_party_who_refuses_or_is_not_there_gives_the_caller_back() -> None:
    for before in ((), (Answered(THIRD),)):
        rung, _ = after(third(talking()), *before)
        back, effects = decide(rung, HungUp(THIRD))
        assert effects == (Tell(CALLER, "unhold"),)
        assert not back.held
    assert decide(third(talking()), ThirdStopped())[1] == (Tell(THIRD, "end"),)


def test_the_volunteer_leaves_and_caller_and_third_party_go_on() -> None:
    call, _ = after(third(talking()), Answered(THIRD), Pressed(THIRD, "1"), Met(THIRD))

    left, effects = decide(call, VolunteerLeaves())
    over, nothing = decide(left, Ended("goodbye"))

    assert effects == (
        Tell(CALLER, "announce", "volunteer-leaves"),
        Tell(LEG, "stay"),
        Tell(LEG, "end"),
    )
    assert (over.legs, nothing) == (left.legs, ())  # nobody cuts the two off


def test_an_old_offer_takes_nothing() -> None:
    call = replace(talking(), epoch=3)

    assert decide(call, Taken(BEA, 2)) == (call, ())
    assert decide(call, ring(OTHER, BEA, 2)) == (call, ())
    assert decide(call, OfferOver(ANNA, 1)) == (call, ())


MODES = ("alone", "listen", "whisper", "join")
LEGS = (CALLER, LEG, OTHER, COACH)


def comes(mode: str, state: LegState = LegState.DUE, person: PersonId = ADA) -> CoachComes:
    return CoachComes(
        Leg(id=COACH, kind=Kind.COACH, state=state, at="number", person=person, mode=mode)
    )


ANY: tuple[Happening, ...] = (
    ring(),
    ring(OTHER, BEA, 2),
    ring(OTHER, BEA, 2, at="browser"),
    OfferOver(ANNA, 1),
    OfferOver(BEA, 2),
    Taken(ANNA, 1),
    Taken(BEA, 2),
    Taken(BEA, 2, ANNA),
    QueuedAgain(),
    Ended("goodbye"),
    Held(on=True),
    Held(on=False),
    ThirdStopped(),
    VolunteerLeaves(),
    *(comes(mode, state) for mode in MODES for state in (LegState.DUE, LegState.WAITING)),
    comes("listen", person=BEA),
    *(CoachChanges(ADA, mode) for mode in MODES),
    CoachGoes(ADA),
    Taken(ADA, 3, BEA),
    *(kind(leg) for kind in (Answered, Met, HungUp, Stuck) for leg in LEGS),
    *(Pressed(leg, key) for leg in LEGS for key in "129"),
)
STAGES = {Taken: Stage.TALKING, QueuedAgain: Stage.WAITING, Ended: Stage.OVER}


def test_ten_thousand_calls_whose_news_comes_late_twice_and_in_any_order() -> None:
    chance = Chance(7, "calls")
    for _call in range(10_000):
        call = waiting()
        for happening in [chance.pick(ANY) for _each in range(12)]:
            call = replace(call, stage=STAGES.get(type(happening), call.stage))
            call, _effects = decide(call, happening)
            again, effects = decide(call, happening)
            told = (happening, call, again, effects)

            # Twice is once, but for what asks the hall, which answers by itself.
            asks = (Accept, Decline, Tell, CoachGone)
            assert again == call, told
            assert all(isinstance(each, asks) for each in effects), told
            # Nobody is with two: of one epoch one leg at most is in the conference.
            there = [each for each in call.of(Kind.VOLUNTEER) if each.state in THERE]
            assert len({each.epoch for each in there}) == len(there), told
            # Nobody speaks of the caller with the caller in the room.
            alone = [each for each in call.of(Kind.COACH) if each.mode == "alone"]
            if any(each.state in THERE for each in alone) and call.stage is Stage.TALKING:
                assert call.held or call.caller is None, told
            # What has ended stays so.
            over = {each.id for each in call.legs if each.state is LegState.OVER}
            later, _ = decide(call, chance.pick(ANY))
            assert over <= {each.id for each in later.legs if each.state is LegState.OVER}, told
