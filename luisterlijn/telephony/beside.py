"""Who is in a call beside the caller and the volunteer: a third party, a coach. Pure.

A coach enters silent when not everybody may hear them, and is given a voice once we know that they
are in and to whom. Nobody is there unsaid: the caller hears that somebody came, and that they left.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from luisterlijn.telephony.happenings import CoachGone, Effect, Tell
from luisterlijn.telephony.legs import (
    ALONE,
    LATE,
    LISTEN,
    THERE,
    WHISPER,
    Call,
    Kind,
    Leg,
    LegState,
    Stage,
)
from luisterlijn.telephony.steps import Decided, end, held

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import PersonId

# A third party.


def third_rung(call: Call, leg: Leg) -> Decided:
    """Call a third party; the caller is on hold meanwhile."""
    if call.stage is not Stage.TALKING or call.of(Kind.THIRD):
        return call, ()
    after, effects = held(call.having(leg), on=True)
    return after, (Tell(leg.id, "place"), *effects)


def volunteer_leaves(call: Call) -> Decided:
    """Let caller and third party go on without us."""
    third = next((each for each in call.of(Kind.THIRD) if each.state is LegState.TALKING), None)
    caller = call.caller
    if third is None or caller is None or call.stage is not Stage.TALKING:
        return call, ()
    after, effects = end(call, call.of(Kind.COACH))
    after, more = held(after, on=False)
    told: list[Effect] = [*effects, *more, Tell(caller.id, "announce", "volunteer-leaves")]
    for leg in call.of(Kind.VOLUNTEER):
        if leg.state in THERE:
            told.append(Tell(leg.id, "stay"))
        after, ends = end(after, (leg,))
        told += ends
    # Nobody of ours is in it any more: the two end by themselves, or by their deadline.
    for leg in (caller, third):
        after = after.having(replace(leg, state=LegState.LEAVING, word="left"))
    return after, tuple(told)


# A coach.


def coach_comes(call: Call, leg: Leg) -> Decided:
    """Bring somebody in who joined: on the phone that asked for them, or on one that is to ring."""
    person = leg.person
    if call.stage is not Stage.TALKING or person is None:
        return call, ()
    if person == call.volunteer:
        return _came_late(call, leg)
    if call.coach(person) is not None:
        return coach_changes(call, person, leg.mode or LISTEN)
    return _in(call, leg)


def _came_late(call: Call, leg: Leg) -> Decided:
    """Bring in who took the call over before we heard that they joined it."""
    if any(each.person == leg.person for each in call.of(Kind.VOLUNTEER)):
        return call, ()
    mode = LATE if leg.state is LegState.DUE else None
    return _in(call, replace(leg, kind=Kind.VOLUNTEER, epoch=call.epoch, mode=mode))


def _in(call: Call, leg: Leg) -> Decided:
    if call.leg(leg.id) is not None:
        return call, ()  # it was in here before, and is over
    if leg.state is LegState.DUE:
        return call.having(leg), (Tell(leg.id, "place"),)
    after, holds = coach_enters(call, leg)
    return after, (*holds, Tell(leg.id, "refetch"))


def coach_enters(call: Call, leg: Leg) -> Decided:
    """Let a coach who picked up into the conference; the caller hears nothing of a talk alone."""
    after = call.having(replace(leg, state=LegState.JOINING))
    return held(after, on=True) if leg.mode == ALONE else (after, ())


def coach_met(call: Call, leg: Leg) -> Decided:
    """Give a coach who is in the conference their voice, and say that they are there."""
    after = call.having(replace(leg, state=LegState.TALKING))
    voice: tuple[Effect, ...] = (Tell(leg.id, "voice"),) if leg.mode in (ALONE, WHISPER) else ()
    return after, (*voice, *_said(after, leg.mode, "coach-joins"))


def coach_changes(call: Call, person: PersonId, mode: str) -> Decided:
    """Let a coach take part in another way."""
    leg = call.coach(person)
    if leg is None or leg.mode == mode:
        return call, ()
    after = call.having(replace(leg, mode=mode))
    if leg.state not in THERE:
        return after, ()
    voice = Tell(leg.id, "voice")
    after, holds = held(after, on=mode == ALONE)
    # Off the air first when the caller is to hear less; back in the room before they hear more.
    told: tuple[Effect, ...] = (*holds, voice) if mode == ALONE else (voice, *holds)
    if leg.mode == ALONE and leg.state is LegState.TALKING:
        told = (*told, *_said(after, mode, "coach-joins"))
    return after, told


def coach_goes(call: Call, person: PersonId) -> Decided:
    """Let a coach go; the caller is back from hold when they spoke alone."""
    leg = call.coach(person)
    if leg is None:
        return call, ()
    after, effects = end(call, (leg,))
    after, more = _without(after, leg)
    return after, (*effects, *more)


def coach_hung_up(call: Call, leg: Leg) -> Decided:
    """Note that the line of a coach is over, whatever it was doing; `call` has it as over."""
    if leg.person is None or leg.state is LegState.LEAVING:
        return call, ()
    after, effects = _without(call, leg)
    return after, (*effects, CoachGone(leg.person))


def voices(call: Call) -> tuple[Effect, ...]:
    """Let who whispers do so to the volunteer who has the call now."""
    return tuple(
        Tell(each.id, "voice")
        for each in call.of(Kind.COACH)
        if each.mode == WHISPER and each.state is LegState.TALKING
    )


def _without(call: Call, leg: Leg) -> Decided:
    if leg.mode == ALONE:
        return held(call, on=False) if leg.state in THERE else (call, ())
    return call, _said(call, leg.mode, "coach-left") if leg.state is LegState.TALKING else ()


def _said(call: Call, mode: str | None, sound: str) -> tuple[Effect, ...]:
    caller = call.caller
    if mode == ALONE or caller is None or caller.state is not LegState.TALKING:
        return ()
    return (Tell(caller.id, "announce", sound),)
