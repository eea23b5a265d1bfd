"""What a simulated year brings, before anybody is routed."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import numpy as np
import pytest

from luisterlijn.demand.profile import EFFORT
from luisterlijn.kernel.clock import AMSTERDAM
from luisterlijn.simulation.year_plan import (
    BEGIN,
    MOST_ATTEMPTS,
    REDIALS,
    WRITES_UP_S,
    Plan,
    Turn,
    Year,
    contact_id,
    year,
)

DAYS = 21


@pytest.fixture(scope="module")
def drawn() -> Year:
    """Three weeks."""
    return year(Plan(days=DAYS))


def there(turns: list[Turn], at_s: float) -> int:
    return sum(turn.starts_s <= at_s < turn.ends_s for turn in turns)


def test_the_same_plan_gives_the_same_year_and_another_seed_another(drawn: Year) -> None:
    again, other = year(Plan(days=DAYS)), year(Plan(days=DAYS, seed=2))

    assert again.callers == drawn.callers
    assert again.turns == drawn.turns
    assert other.callers != drawn.callers


def test_about_as_many_come_as_were_asked_for_and_in_order(drawn: Year) -> None:
    by_channel = Counter(each.channel for each in drawn.callers)

    expected = sum(float(each.sum()) for each in drawn.rates.values())
    assert len(drawn.callers) == pytest.approx(expected, rel=0.05)
    assert expected * 365 / DAYS == pytest.approx(280_000, rel=0.12), "a winter's month"
    assert by_channel["chat"] / len(drawn.callers) == pytest.approx(0.1, abs=0.01)
    assert [each.at_s for each in drawn.callers] == sorted(each.at_s for each in drawn.callers)


def test_talks_last_as_long_as_the_example_says(drawn: Year) -> None:
    for channel, effort in EFFORT.items():
        talks = [each.talks_s for each in drawn.callers if each.channel == channel]

        assert np.mean(talks) + WRITES_UP_S == pytest.approx(effort.lasts.total_seconds(), rel=0.03)


def test_each_attempt_but_the_last_is_followed_by_a_redial(drawn: Year) -> None:
    calls = [each for each in drawn.callers if each.channel == "phone"]

    assert all(0 <= len(each.patience_s) - len(each.redial_s) <= 1 for each in calls)
    assert max(len(each.patience_s) for each in calls) == MOST_ATTEMPTS
    assert np.mean([bool(each.redial_s) for each in calls]) == pytest.approx(REDIALS, abs=0.02)
    assert all(not each.redial_s for each in drawn.callers if each.channel == "chat")


def test_there_are_always_as_many_as_are_needed_and_somebody_who_speaks_english(
    drawn: Year,
) -> None:
    for moment in range(4 * 3600, DAYS * 86_400 - 4 * 3600, 3_600):
        index = moment // 1800
        now = [turn for turn in drawn.turns if turn.starts_s <= moment < turn.ends_s]

        assert len(now) == drawn.people[index]
        assert any("en" in turn.languages for turn in now)
        if drawn.rates["chat"][index] > 0:
            assert sum("chat" in turn.channels for turn in now) >= 2


def test_nobody_is_in_two_places_and_all_rest_between_shifts(drawn: Year) -> None:
    last: dict[object, float] = {}
    for turn in drawn.turns:
        assert turn.starts_s >= last.get(turn.person, -1e9) + 11 * 3600
        last[turn.person] = turn.ends_s


def test_shifts_keep_the_wall_clock_when_summer_time_begins() -> None:
    drawn = year(Plan(days=95, contacts=28_000))

    starts = {
        (BEGIN + timedelta(seconds=turn.starts_s)).astimezone(AMSTERDAM).hour
        for turn in drawn.turns
        if turn.starts_s > 0
    }
    lengths = {round((turn.ends_s - turn.starts_s) / 3600) for turn in drawn.turns[200:]}

    assert starts == set(range(1, 24, 2))
    assert lengths == {3, 4}


def test_an_exact_year_is_calls_alone_with_everybody_changing_at_once() -> None:
    drawn = year(Plan(days=7, exact=True))

    assert {each.channel for each in drawn.callers} == {"phone"}
    assert all(len(each.patience_s) == 1 and not each.redial_s for each in drawn.callers)
    assert {turn.starts_s % 14_400 for turn in drawn.turns} == {0.0}
    assert all(there(drawn.turns, 1800 * n) == drawn.people[n] for n in range(0, 336, 5))


def test_ids_of_attempts_differ_and_tell_no_order() -> None:
    ids = [contact_id(number) for number in range(1, 2_000)]

    assert len(set(ids)) == len(ids)
    assert ids != sorted(ids)
