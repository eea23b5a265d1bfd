"""Rules about shifts that nobody may break."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from luisterlijn.kernel.clock import Interval
from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import BranchId, ShiftId
from luisterlijn.rostering.model import Shift, ShiftState, check_new, check_place

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
UTRECHT, ZWOLLE = BranchId(UUID(int=1)), BranchId(UUID(int=2))
SHIFT = Shift(
    id=ShiftId(UUID(int=9)),
    branch=UTRECHT,
    during=Interval(NOW, NOW + 4 * HOUR),
    channels=("chat", "phone"),
    wanted=1,
)


def hours(start: float, end: float) -> Interval:
    return Interval(NOW + start * HOUR, NOW + end * HOUR)


@pytest.mark.parametrize("during", [hours(1, 5), hours(-1, 0.01), hours(0, 12)])
def test_a_shift_that_is_not_over_may_be_added(during: Interval) -> None:
    check_new(during, ("chat",), NOW)


@pytest.mark.parametrize(
    ("during", "channels", "code"),
    [
        (hours(-4, 0), ("chat",), Code.IN_THE_PAST),
        (hours(-48, -44), ("chat",), Code.IN_THE_PAST),
        (hours(0, 12.01), ("chat",), Code.BAD_REQUEST),
        (hours(0, 4), (), Code.BAD_REQUEST),
        (hours(0, 4), ("chat", "fax"), Code.BAD_REQUEST),
    ],
)
def test_a_shift_in_the_past_too_long_or_for_nothing_is_refused(
    during: Interval, channels: tuple[str, ...], code: Code
) -> None:
    with pytest.raises(Refusal) as refusal:
        check_new(during, channels, NOW)
    assert refusal.value.code is code


def test_who_is_trained_for_one_of_the_channels_may_stand_on_the_shift() -> None:
    check_place(SHIFT, ("phone", "mail"), UTRECHT, NOW)


@pytest.mark.parametrize(
    ("shift", "trained", "branch", "code"),
    [
        (replace(SHIFT, state=ShiftState.CANCELLED), ("chat",), UTRECHT, Code.SHIFT_CANCELLED),
        (replace(SHIFT, during=hours(-4, 0)), ("chat",), UTRECHT, Code.IN_THE_PAST),
        (SHIFT, ("chat",), ZWOLLE, Code.NOT_FOUND),
        (SHIFT, ("chat",), None, Code.NOT_FOUND),
        (SHIFT, ("mail",), UTRECHT, Code.NOT_TRAINED),
        (SHIFT, (), UTRECHT, Code.NOT_TRAINED),
    ],
)
def test_a_place_that_cannot_be_is_refused(
    shift: Shift, trained: tuple[str, ...], branch: BranchId | None, code: Code
) -> None:
    with pytest.raises(Refusal) as refusal:
        check_place(shift, trained, branch, NOW)
    assert refusal.value.code is code
