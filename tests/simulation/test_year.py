"""A year played: nobody gets lost, nobody is overtaken, and chance agrees with the chain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from luisterlijn.dispatch.model import WAITING
from luisterlijn.simulation.year import Player, Tally
from luisterlijn.simulation.year_hall import MemoryHall
from luisterlijn.simulation.year_plan import Caller, Plan, Turn, Year, person_id, year
from luisterlijn.simulation.year_report import by_chain, exact

FORTNIGHT = Plan(days=14)


def small(callers: list[Caller], people: int = 1, **plan: object) -> Year:
    """Give a year of a few callers, and volunteers for everything who are there for four hours."""
    return Year(
        plan=replace(Plan(margin_min=0, declined=0.0), **plan),  # type: ignore[arg-type] # mixed
        callers=callers,
        turns=[
            Turn(
                person=person_id(each),
                starts_s=0.0,
                ends_s=14_400.0,
                channels=frozenset({"phone", "chat"}),
                languages=frozenset({"nl", "en"}),
            )
            for each in range(people)
        ],
        rates={},
        people=np.zeros(0, dtype=np.int64),
    )


def caller(at_s: float, patience_s: tuple[float, ...] = (300.0,), **fields: object) -> Caller:
    made = Caller(
        at_s=at_s,
        channel="phone",
        language="nl",
        patience_s=patience_s,
        talks_s=600.0,
        redial_s=(),
    )
    return replace(made, **fields)  # type: ignore[arg-type] # mixed


@pytest.fixture(scope="module")
def told() -> Tally:
    """A fortnight with missed and declined offers."""
    return Player(year(replace(FORTNIGHT, absent=0.05))).play()


def test_every_attempt_is_answered_or_lost_and_nobody_overtakes(told: Tally) -> None:
    assert told.attempts == told.answered + told.lost
    assert told.overtaken == 0
    assert told.served <= told.callers < told.attempts
    assert told.missed > 100


def test_most_are_answered_within_a_minute_on_a_roster_that_follows_demand(told: Tally) -> None:
    assert 0.8 < told.share(told.within) < 0.95
    assert told.served / told.callers > told.share(told.answered)


def test_at_the_end_nobody_waits_talks_or_is_on_shift() -> None:
    player = Player(year(Plan(days=3)))
    player.play()

    assert player.hall.held == {}
    assert player.hall.seats == {}


def test_the_same_year_is_played_the_same_twice() -> None:
    drawn = year(Plan(days=5, absent=0.05))

    assert Player(drawn).play() == Player(drawn).play()


def test_calls_alone_are_answered_as_the_exact_chain_says() -> None:
    drawn = year(exact(Plan(days=56)))

    told, said = Player(drawn).play(), by_chain(drawn)

    assert told.share(told.within) == pytest.approx(said.within, abs=0.005)
    assert told.share(told.lost) == pytest.approx(said.lost, abs=0.003)


def test_who_gives_up_calls_again_and_is_served_as_one_person() -> None:
    busy = caller(0, talks_s=900.0)
    again = caller(10, (60.0, 2_000.0), redial_s=(120.0,))

    told = Player(small([busy, again])).play()

    assert (told.attempts, told.lost, told.callers, told.served) == (3, 1, 2, 2)


def test_missed_offers_cost_waiting_and_come_to_somebody_else() -> None:
    told = Player(small([caller(0, (5_000.0,))], people=10, absent=0.7)).play()

    assert told.answered == 1
    assert told.missed >= 1
    assert told.waits[0] > 20 * told.missed


def test_no_shows_cost_more_when_nobody_stands_in() -> None:
    plans = [
        FORTNIGHT,
        replace(FORTNIGHT, no_show=0.1),
        replace(FORTNIGHT, no_show=0.1, stand_by=False),
    ]

    lost = [each.share(each.lost) for each in (Player(year(plan)).play() for plan in plans)]

    assert lost[0] < lost[1] < lost[2]


def test_who_talks_at_the_end_of_the_shift_finishes() -> None:
    drawn = small([caller(14_000, talks_s=3_000.0)])
    player = Player(drawn)

    told = player.play()

    assert told.answered == 1
    assert told.busy[0.0, frozenset({"phone", "chat"})][0] > 3_000


def test_busy_minutes_are_counted_per_shift_and_unequal_ones_show() -> None:
    equal, unequal = Tally(), Tally()
    equal.busy = {(0.0, frozenset({"phone"})): [6_000.0, 6_000.0]}
    unequal.busy = {(0.0, frozenset({"phone"})): [9_000.0, 3_000.0]}

    assert equal.unequal == 0
    assert unequal.unequal == pytest.approx(0.5)


def test_a_hall_of_ones_own_can_be_played_with() -> None:
    hall = MemoryHall()

    Player(small([caller(0)]), hall).play()

    assert hall.held == {}
    assert all(each.contact.state not in WAITING for each in hall.held.values())
