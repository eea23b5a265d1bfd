"""Hold, and the end of a leg that we placed."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from luisterlijn.kernel.ids import ContactId
from luisterlijn.telephony.happenings import Tell
from luisterlijn.telephony.legs import Call, Kind, Leg, LegState, Stage
from luisterlijn.telephony.steps import end, held

CALLER, LEG = UUID(int=1), UUID(int=2)
CALL = Call(
    contact=ContactId(UUID(int=9)),
    room=UUID(int=8),
    stage=Stage.TALKING,
    legs=(Leg(id=CALLER, kind=Kind.CALLER, state=LegState.TALKING, at="caller"),),
)


def placed(state: LegState, at: str = "number") -> Leg:
    return Leg(id=LEG, kind=Kind.VOLUNTEER, state=state, at=at)


def test_hold_is_told_once_and_only_while_a_caller_talks() -> None:
    on, told = held(CALL, on=True)

    assert told == (Tell(CALLER, "hold"),)
    assert held(on, on=True) == (on, ())
    assert held(on, on=False) == (CALL, (Tell(CALLER, "unhold"),))
    assert held(replace(CALL, stage=Stage.WAITING), on=True)[1] == ()
    assert held(replace(CALL, legs=()), on=True)[1] == ()


@pytest.mark.parametrize(
    ("leg", "word"),
    [
        (placed(LegState.RINGING), None),
        (placed(LegState.HEARD), "offer_gone"),
        (placed(LegState.HEARD, "browser"), None),
        (placed(LegState.TALKING), None),
    ],
)
def test_who_listens_on_an_own_phone_hears_why_it_ends(leg: Leg, word: str | None) -> None:
    call, told = end(CALL.having(leg), (leg,))

    assert told == (Tell(LEG, "refetch" if word else "end"),)
    assert call.leg(LEG) == replace(leg, state=LegState.LEAVING, word=word)


def test_who_is_left_behind_by_a_caller_hears_so() -> None:
    leg = placed(LegState.TALKING)
    alone = replace(CALL, legs=(leg,))

    assert end(alone, (leg,))[1] == (Tell(LEG, "refetch"),)


@pytest.mark.parametrize("state", [LegState.LEAVING, LegState.OVER])
def test_what_has_ended_is_not_ended_again(state: LegState) -> None:
    call = CALL.having(placed(state))

    assert end(call, (placed(state),)) == (call, ())
