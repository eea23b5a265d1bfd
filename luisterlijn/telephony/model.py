"""What each happening makes of a call, and what must be told to whom. Pure.

A webhook may come late, twice or out of order. So nothing here counts events: each happening is
held against the state of the legs, and one that no longer fits changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from luisterlijn.telephony.happenings import (
    Accept,
    Answered,
    CallerGone,
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
from luisterlijn.telephony.legs import ENDING, NOT_YET, THERE, Call, Kind, Leg, LegState, Stage

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

Decided = tuple[Call, tuple[Effect, ...]]


def decide(call: Call, happening: Happening) -> Decided:  # noqa: C901, PLR0911, PLR0912 - one case each
    """Say what a happening makes of the call. Telling it twice does no harm."""
    match happening:
        case Offered(leg):
            return _offered(call, leg)
        case OfferOver(person, epoch):
            return _end(call, _offered_to(call, person, epoch))
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
            return _held(call, on=on)
        case ThirdRung(leg):
            return _third_rung(call, leg)
        case ThirdStopped():
            return _end(call, call.of(Kind.THIRD))
        case VolunteerLeaves():
            return _volunteer_leaves(call)
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
        # Picking up in the browser is saying yes: only that console was ringing.
        return heard, (Accept(leg.person, leg.epoch, leg.id),)
    return heard, ()


def _pressed(call: Call, leg_id: UUID, key: str) -> Decided:
    leg = call.leg(leg_id)
    if leg is None or leg.state not in NOT_YET:
        return call, ()
    if leg.kind is Kind.VOLUNTEER and leg.person is not None:
        if key == YES:
            return call, (Accept(leg.person, leg.epoch, leg.id),)
        if key == NO:
            return call, (Decline(leg.person, leg.epoch),)
    if leg.kind is Kind.THIRD and key == YES:
        joined = call.having(replace(leg, state=LegState.JOINING))
        return _held(joined, on=False)
    return call, ()


def _taken(call: Call, taken: Taken) -> Decided:
    person, epoch, lost = taken.person, taken.epoch, taken.lost
    if epoch < call.epoch or call.stage is Stage.OVER:
        return call, ()
    after = replace(call, stage=Stage.TALKING, volunteer=person, epoch=epoch)
    effects: list[Effect] = []
    for leg in call.of(Kind.VOLUNTEER):
        if leg.person == person and leg.epoch == epoch and leg.state in NOT_YET:
            picked_up = leg.state is LegState.HEARD and leg.id != taken.asking
            after = after.having(replace(leg, state=LegState.JOINING))
            if picked_up:
                effects.append(Tell(leg.id, "refetch"))
        elif leg.person == lost and leg.person != person:
            # The conference goes on without who handed over.
            if leg.state in THERE:
                effects.append(Tell(leg.id, "stay"))
            after, ends = _end(after, (leg,))
            effects += ends
    caller = after.caller
    if caller is not None and caller.state is LegState.WAITING:
        after = after.having(replace(caller, state=LegState.JOINING, word=None))
        effects.append(Tell(caller.id, "refetch"))
    if after.held and lost is not None:
        after, more = _held(after, on=False)
        effects += more
    return after, tuple(effects)


# In conversation.


def _met(call: Call, leg_id: UUID) -> Decided:
    leg = call.leg(leg_id)
    if leg is None or leg.state is not LegState.JOINING:
        return call, ()
    return call.having(replace(leg, state=LegState.TALKING)), ()


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
            if leg.person == call.volunteer and leg.epoch == call.epoch and leg.state in THERE:
                return after, (LineDropped(leg.person),)
            return (after, (Decline(leg.person, leg.epoch),)) if was_offer else (after, ())
        case Kind.THIRD:
            return _held(after, on=False)
        case _:
            assert_never(leg.kind)


def _held(call: Call, *, on: bool) -> Decided:
    caller = call.caller
    if caller is None or call.stage is not Stage.TALKING or call.held == on:
        return call, ()
    return replace(call, held=on), (Tell(caller.id, "hold" if on else "unhold"),)


def _stuck(call: Call, leg_id: UUID) -> Decided:
    leg = call.leg(leg_id)
    if leg is None or leg.state not in (LegState.JOINING, *NOT_YET):
        return call, ()
    if leg.kind is Kind.CALLER:
        # Told again: the redirect may have been lost on the way.
        return call, (Tell(leg.id, "refetch"),)
    after, effects = _end(call, (leg,))
    if leg.kind is Kind.VOLUNTEER and leg.person == call.volunteer and leg.epoch == call.epoch:
        return after, (*effects, LineDropped(leg.person)) if leg.person else effects
    if leg.kind is Kind.THIRD:
        back, more = _held(after, on=False)
        return back, (*effects, *more)
    return after, effects


def _queued_again(call: Call) -> Decided:
    after = replace(call, stage=Stage.WAITING, volunteer=None, held=False)
    effects: list[Effect] = []
    caller = call.caller
    if caller is not None and caller.state in THERE:
        after = after.having(replace(caller, state=LegState.WAITING, word="volunteer-away"))
        effects.append(Tell(caller.id, "refetch"))
    after, ends = _end(after, call.of(Kind.VOLUNTEER))
    after, more = _end(after, call.of(Kind.THIRD))
    return after, (*effects, *ends, *more)


def _ended(call: Call, word: str) -> Decided:
    after = replace(call, stage=Stage.OVER, held=False)
    effects: list[Effect] = []
    caller = call.caller
    if caller is not None and caller.state not in ENDING:
        after = after.having(replace(caller, state=LegState.LEAVING, word=word))
        effects.append(Tell(caller.id, "refetch"))
    for kind in (Kind.VOLUNTEER, Kind.THIRD):
        after, ends = _end(after, call.of(kind))
        effects += ends
    return after, tuple(effects)


# Others in the call.


def _third_rung(call: Call, leg: Leg) -> Decided:
    if call.stage is not Stage.TALKING or call.of(Kind.THIRD):
        return call, ()
    after, effects = _held(call.having(leg), on=True)
    return after, (Tell(leg.id, "place"), *effects)


def _volunteer_leaves(call: Call) -> Decided:
    third = next((each for each in call.of(Kind.THIRD) if each.state is LegState.TALKING), None)
    caller = call.caller
    if third is None or caller is None or call.stage is not Stage.TALKING:
        return call, ()
    after, effects = _held(call, on=False)
    told: list[Effect] = [*effects, Tell(caller.id, "announce", "volunteer-leaves")]
    for leg in call.of(Kind.VOLUNTEER):
        if leg.state in THERE:
            told.append(Tell(leg.id, "stay"))
        after, ends = _end(after, (leg,))
        told += ends
    # Nobody of ours is in it any more: the two end by themselves, or by their deadline.
    for leg in (caller, third):
        after = after.having(replace(leg, state=LegState.LEAVING, word="left"))
    return after, tuple(told)


# Small steps.


def _end(call: Call, legs: tuple[Leg, ...]) -> Decided:
    """End legs that we placed: one that rings stops ringing, one that listens hears why."""
    after = call
    effects: list[Effect] = []
    for leg in legs:
        if leg.state in ENDING:
            continue
        word = _last_word(call, leg)
        after = after.having(replace(leg, state=LegState.LEAVING, word=word))
        effects.append(Tell(leg.id, "refetch" if word else "end"))
    return after, tuple(effects)


def _last_word(call: Call, leg: Leg) -> str | None:
    """Give what somebody on an own phone hears, who did not end it; a console shows it."""
    if leg.at != "number" or leg.kind is not Kind.VOLUNTEER:
        return None
    if leg.state is LegState.HEARD:
        return "offer_gone"
    return "caller_gone" if leg.state in THERE and call.caller is None else None
