"""What each happening makes of a call, and what must be told to whom. Pure.

A webhook may come late, twice or out of order. So nothing here counts events: each happening is
held against the state of the legs, and one that no longer fits changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from luisterlijn.telephony import beside
from luisterlijn.telephony.happenings import (
    Accept,
    Answered,
    CallerGone,
    CoachChanges,
    CoachComes,
    CoachGoes,
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
from luisterlijn.telephony.legs import (
    ENDING,
    LATE,
    NOT_YET,
    THERE,
    Call,
    Kind,
    Leg,
    LegState,
    Stage,
)
from luisterlijn.telephony.steps import Decided, end, held

if TYPE_CHECKING:
    from uuid import UUID

    from luisterlijn.kernel.ids import PersonId

CONNECTS_S = 12
"""A volunteer who accepted is in the conference by then, or the caller is offered to another."""
THIRD_RINGS_S = 30
STAYS_S = 3600
"""How long a caller and a third party may go on without us."""

YES, NO = "1", "2"
"""The keys that the prompts name."""


def decide(call: Call, happening: Happening) -> Decided:  # noqa: C901, PLR0911, PLR0912 - one case each
    """Say what a happening makes of the call. Telling it twice does no harm."""
    match happening:
        case Offered(leg):
            return _offered(call, leg)
        case OfferOver(person, epoch):
            return end(call, _offered_to(call, person, epoch))
        case Taken():
            return _taken(call, happening)
        case Answered(leg_id):
            return _answered(call, leg_id)
        case Pressed(leg_id, key):
            return _pressed(call, leg_id, key)
        case Met(leg_id):
            return _met(call, leg_id)
        case HungUp(leg_id):
            return _hung_up(call, leg_id)
        case QueuedAgain():
            return _queued_again(call)
        case Ended(word):
            return _ended(call, word)
        case Held(on):
            return held(call, on=on)
        case ThirdRung(leg):
            return beside.third_rung(call, leg)
        case ThirdStopped():
            return end(call, call.of(Kind.THIRD))
        case VolunteerLeaves():
            return beside.volunteer_leaves(call)
        case CoachComes(leg):
            return beside.coach_comes(call, leg)
        case CoachChanges(person, mode):
            return beside.coach_changes(call, person, mode)
        case CoachGoes(person):
            return beside.coach_goes(call, person)
        case Stuck(leg_id):
            return _stuck(call, leg_id)
        case _:
            assert_never(happening)


# Offers.


def _offered(call: Call, leg: Leg) -> Decided:
    known = any(
        each.person == leg.person and each.epoch == leg.epoch and each.kind is Kind.VOLUNTEER
        for each in call.legs
    )
    if known or call.stage is Stage.OVER or leg.epoch < call.epoch:
        return call, ()
    return call.having(leg), (Tell(leg.id, "place"),)


def _offered_to(call: Call, person: PersonId, epoch: int) -> tuple[Leg, ...]:
    return tuple(
        each
        for each in call.of(Kind.VOLUNTEER)
        if each.person == person and each.epoch == epoch and each.state in NOT_YET
    )


def _answered(call: Call, leg_id: UUID) -> Decided:
    leg = call.leg(leg_id)
    if leg is None or leg.state not in (LegState.PLACING, LegState.RINGING, LegState.DUE):
        return call, ()
    heard = call.having(replace(leg, state=LegState.HEARD))
    if leg.kind is Kind.VOLUNTEER and leg.at == "browser" and leg.person is not None:
        if _has_it(call, leg):  # they took the call over while their phone rang
            return call.having(replace(leg, state=LegState.JOINING, mode=None)), ()
        # Picking up in the browser is saying yes: only that console was ringing.
        return heard, (Accept(leg.person, leg.epoch, leg.id),)
    if leg.kind is Kind.COACH and leg.at == "browser":
        return beside.coach_enters(call, leg)
    return heard, ()


def _pressed(call: Call, leg_id: UUID, key: str) -> Decided:
    leg = call.leg(leg_id)
    if leg is None or leg.state not in NOT_YET:
        return call, ()
    if leg.kind is Kind.VOLUNTEER and leg.person is not None:
        if key == YES and _has_it(call, leg):
            return call.having(replace(leg, state=LegState.JOINING, mode=None)), ()
        if key == YES:
            return call, (Accept(leg.person, leg.epoch, leg.id),)
        if key == NO:
            return call, (Decline(leg.person, leg.epoch),)
    if leg.kind is Kind.THIRD and key == YES:
        joined = call.having(replace(leg, state=LegState.JOINING))
        return held(joined, on=False)
    if leg.kind is Kind.COACH and key == YES:
        return beside.coach_enters(call, leg)
    return call, ()


def _taken(call: Call, taken: Taken) -> Decided:
    person, epoch, lost = taken.person, taken.epoch, taken.lost
    if epoch < call.epoch or call.stage is Stage.OVER:
        return call, ()
    after = replace(call, stage=Stage.TALKING, volunteer=person, epoch=epoch)
    effects: list[Effect] = []
    coach = after.coach(person)
    if coach is not None:
        after, effects = _took_over(after, coach)
    for leg in after.of(Kind.VOLUNTEER):
        if _has_it(after, leg) and leg.state in NOT_YET and leg.mode != LATE:
            picked_up = leg.state is LegState.HEARD and leg.id != taken.asking
            after = after.having(replace(leg, state=LegState.JOINING))
            if picked_up:
                effects.append(Tell(leg.id, "refetch"))
    after, ends = _let_former_go(after)
    effects += ends
    caller = after.caller
    if caller is not None and caller.state is LegState.WAITING:
        after = after.having(replace(caller, state=LegState.JOINING, word=None))
        effects.append(Tell(caller.id, "refetch"))
    if after.held and lost is not None:
        after, more = held(after, on=False)
        effects += more
    return after, tuple(effects)


def _took_over(call: Call, coach: Leg) -> tuple[Call, list[Effect]]:
    """Let the leg of a coach be the volunteer's from now on: it is told anew how it takes part."""
    now = replace(coach, kind=Kind.VOLUNTEER, epoch=call.epoch, mode=LATE)
    if coach.state not in THERE:
        return call.having(now), []
    now = replace(now, state=LegState.JOINING, mode=None)
    return call.having(now), [Tell(coach.id, "refetch")]


def _let_former_go(call: Call) -> Decided:
    """End the leg of who had the call before, once who has it now is there; it goes on."""
    legs = call.of(Kind.VOLUNTEER)
    after: Call = call
    effects: list[Effect] = []
    if any(_has_it(call, each) and each.state in THERE for each in legs):
        for former in legs:
            if former.state in THERE and not _has_it(call, former):
                after, ends = end(after, (former,))
                effects += (Tell(former.id, "stay"), *ends)
    return after, tuple(effects)


def _has_it(call: Call, leg: Leg) -> bool:
    return call.stage is Stage.TALKING and leg.person == call.volunteer and leg.epoch == call.epoch


# In conversation.


def _met(call: Call, leg_id: UUID) -> Decided:
    leg = call.leg(leg_id)
    if leg is None or leg.state is not LegState.JOINING:
        return call, ()
    if leg.kind is Kind.COACH:
        return beside.coach_met(call, leg)
    after = call.having(replace(leg, state=LegState.TALKING))
    if leg.kind is not Kind.VOLUNTEER or not _has_it(call, leg):
        return after, ()
    after, ends = _let_former_go(after)
    return after, (*beside.voices(after), *ends)


def _hung_up(call: Call, leg_id: UUID) -> Decided:
    leg = call.leg(leg_id)
    if leg is None or leg.state is LegState.OVER:
        return call, ()
    was_offer = leg.state in NOT_YET
    after = call.having(replace(leg, state=LegState.OVER))
    match leg.kind:
        case Kind.CALLER:
            return (after, (CallerGone(),)) if call.stage is not Stage.OVER else (after, ())
        case Kind.VOLUNTEER:
            if leg.person is None or call.stage is Stage.OVER:
                return after, ()
            if _has_it(call, leg) and leg.state not in ENDING:
                return after, (LineDropped(leg.person),)
            return (after, (Decline(leg.person, leg.epoch),)) if was_offer else (after, ())
        case Kind.THIRD:
            return held(after, on=False)
        case Kind.COACH:
            return beside.coach_hung_up(after, leg)
        case Kind.HELPER | Kind.CALLED_UP:
            return after, ()  # rung for a request, or a shift: it is in no call
        case _:
            assert_never(leg.kind)


def _stuck(call: Call, leg_id: UUID) -> Decided:
    leg = call.leg(leg_id)
    if leg is None or leg.state not in (LegState.JOINING, *NOT_YET):
        return call, ()
    if leg.kind is Kind.CALLER:
        # Told again: the redirect may have been lost on the way.
        return call, (Tell(leg.id, "refetch"),)
    after, effects = end(call, (leg,))
    if leg.kind is Kind.VOLUNTEER and _has_it(call, leg):
        return after, (*effects, LineDropped(leg.person)) if leg.person else effects
    if leg.kind is Kind.COACH:
        gone, more = beside.coach_hung_up(after, leg)
        return gone, (*effects, *more)
    if leg.kind is Kind.THIRD:
        back, more = held(after, on=False)
        return back, (*effects, *more)
    return after, effects


def _queued_again(call: Call) -> Decided:
    after = replace(call, stage=Stage.WAITING, volunteer=None, held=False)
    effects: list[Effect] = []
    caller = call.caller
    if caller is not None and caller.state in THERE:
        after = after.having(replace(caller, state=LegState.WAITING, word="volunteer-away"))
        effects.append(Tell(caller.id, "refetch"))
    after, ends = end(after, call.of(Kind.VOLUNTEER))
    after, more = end(after, (*call.of(Kind.THIRD), *call.of(Kind.COACH)))
    return after, (*effects, *ends, *more)


def _ended(call: Call, word: str) -> Decided:
    after = replace(call, stage=Stage.OVER, held=False)
    effects: list[Effect] = []
    caller = call.caller
    if caller is not None and caller.state not in ENDING:
        after = after.having(replace(caller, state=LegState.LEAVING, word=word))
        effects.append(Tell(caller.id, "refetch"))
    for kind in (Kind.VOLUNTEER, Kind.THIRD, Kind.COACH):
        after, ends = end(after, call.of(kind))
        effects += ends
    return after, tuple(effects)
