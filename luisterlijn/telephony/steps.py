"""What several changes of a call are made of: hold, ending a leg. Pure."""

from __future__ import annotations

from dataclasses import replace

from luisterlijn.telephony.happenings import Effect, Tell
from luisterlijn.telephony.legs import ENDING, THERE, Call, Kind, Leg, LegState, Stage

Decided = tuple[Call, tuple[Effect, ...]]
"""The call as it is then, and what must be told."""


def held(call: Call, *, on: bool) -> Decided:
    """Put the caller on hold, or take them back; not while a coach speaks with the volunteer."""
    caller = call.caller
    if caller is None or call.stage is not Stage.TALKING or call.held == on:
        return call, ()
    if not on and call.with_coach_alone:
        return call, ()
    return replace(call, held=on), (Tell(caller.id, "hold" if on else "unhold"),)


def end(call: Call, legs: tuple[Leg, ...]) -> Decided:
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
