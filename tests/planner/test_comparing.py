"""Expected beside actual: by day and channel, with a band that comes from days before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from luisterlijn.kernel.ids import new_id
from luisterlijn.planner.comparing import LEAST_DAYS, SETTLED, compared, quantile
from luisterlijn.planner.model import Event
from tests.support.planner import HALF_HOUR, MONDAY, at, known
from tests.support.sheets import TOKENS

BACK = 20
START = at(-BACK, 6)
LONG = known(START, 48 * (BACK + 1), phone=10.0)
"""Up to and with the Monday."""


def counted(of_day: dict[int, int], start: int = -BACK) -> dict[str, dict]:  # type: ignore[type-arg]
    """Give the same count in each half hour of a day; by day."""
    return {
        "phone": {
            at(day, 6) + number * HALF_HOUR: of_day.get(day, 10)
            for day in range(start, 1)
            for number in range(48)
        }
    }


def test_a_day_that_is_over_says_what_came_and_how_often_it_was_more_than_said() -> None:
    came = counted({0: 10})
    came["phone"][at(0, 12)] = 25
    now = at(1, 6) + SETTLED

    phone, chat = compared(LONG, came, [], (MONDAY, 1), now)

    assert (phone.expected, phone.came, phone.above, phone.halves) == (480.0, 495, 1, 48)
    assert (chat.channel, chat.expected, chat.came) == ("chat", None, None)


def test_what_may_still_be_written_up_is_not_told_as_if_it_were_all() -> None:
    now = at(1, 6) + SETTLED - timedelta(minutes=1)

    phone, _chat = compared(LONG, counted({}), [], (MONDAY, 1), now)

    assert (phone.came, phone.halves) == (None, 47)


def test_the_band_is_how_far_the_days_before_were_off() -> None:
    # Half of the days came as said, a quarter half as many, a quarter twice as many.
    wrong = {-day: (5, 20, 10, 10)[day % 4] for day in range(1, BACK + 1)}

    phone, _chat = compared(LONG, counted(wrong), [], (MONDAY, 1), at(0, 6))

    assert (phone.low, phone.high) == (240.0, 960.0)


def test_with_fewer_than_two_weeks_to_compare_there_is_no_band() -> None:
    few = -LEAST_DAYS + 1
    now = at(0, 6) + SETTLED
    phone, _chat = compared(LONG, counted({}, few), [], (MONDAY, 1), now)
    enough, _chat = compared(LONG, counted({}, few - 1), [], (MONDAY, 1), now)

    assert (phone.low, phone.high) == (None, None)
    assert (enough.low, enough.high) == (480.0, 480.0)


def test_a_day_before_the_first_count_is_not_told_as_a_day_on_which_nobody_came() -> None:
    phone, _chat = compared(LONG, {"phone": {at(0, 12): 3}}, [], (MONDAY, 1), at(2, 6))
    nothing, _chat = compared(LONG, {}, [], (MONDAY, 1), at(2, 6))

    assert (phone.came, nothing.came) == (None, None)


def test_a_campaign_raises_what_was_expected_and_its_p90() -> None:
    event = Event(
        id=new_id(TOKENS),
        name="actie",
        kind="campaign",
        first=MONDAY,
        last=MONDAY + timedelta(days=1),
        channel="phone",
        factor=2.0,
    )
    came = counted({0: 30})

    raised, _chat = compared(LONG, came, [event], (MONDAY, 1), at(2, 6))
    without, _chat = compared(LONG, came, [replace(event, channel="chat")], (MONDAY, 1), at(2, 6))

    assert (raised.expected, raised.above) == (960.0, 0)
    assert (without.expected, without.above) == (480.0, 48)


@pytest.mark.parametrize(("share", "found"), [(0.0, 1.0), (0.5, 2.0), (0.75, 3.0), (1.0, 4.0)])
def test_a_quantile_lies_between_two_values(share: float, found: float) -> None:
    assert quantile([1.0, 2.0, 4.0], share) == found
