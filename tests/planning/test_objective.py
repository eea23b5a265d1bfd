"""What a roster costs: each part by itself, and the sum as the published checker gives it."""

from __future__ import annotations

import json

import pytest

from luisterlijn.planning.instance import Role, read_instance
from luisterlijn.planning.objective import Cost, cost, fairness, missing_cost, nights_cost
from tests.support.rosters import (
    DATA,
    at,
    made,
    national,
    other_checker,
    plain,
    problem,
    scattered,
    somebody,
)

QUIET = {"wanted": 0}
"""Somebody who wants no shift costs nothing without one."""


@pytest.mark.parametrize(
    ("channel", "missing", "expected"),
    [
        *(("phone", -1, 0), ("phone", 0, 0), ("phone", 1, 10), ("phone", 2, 25), ("phone", 4, 65)),
        *(("chat", 1, 8), ("chat", 2, 20), ("chat", 3, 36)),
    ],
)
def test_each_further_missing_person_costs_more(channel: str, missing: int, expected: int) -> None:
    assert missing_cost(channel, missing) == expected


@pytest.mark.parametrize(("nights", "expected"), [(0, 0), (1, 0), (2, 4), (3, 16), (4, 28)])
def test_the_first_night_is_free_and_further_ones_cost_more(nights: int, expected: int) -> None:
    assert nights_cost(nights) == expected


def test_nobody_needed_and_nobody_there_costs_nothing() -> None:
    assert cost(problem(), ()) == Cost(0, 0, 0, 0, 0, 0)


def test_the_parts_add_up() -> None:
    found = problem(
        somebody(0, wanted=0, availability=("122222",) + ("222222",) * 6),
        somebody(1, wanted=3),
        somebody(2, wanted=1, role=Role.TRAINEE),
        days=7,
    )

    told = cost(found, [at(0, 0, 7), at(1, 0, 23), at(1, 2, 23)])

    # 24 half hours too many; one not preferred; 8 above, 4 below, 12 below as a trainee; a night.
    assert told == Cost(24 + 1 + 24 + 4, 0, 24, 1, 24, 4)


def test_a_trainee_covers_nobody() -> None:
    trainee, mentor = somebody(0, role=Role.TRAINEE, **QUIET), somebody(1, **QUIET)
    found = problem(trainee, mentor, days=1, phone=1)

    assert cost(found, [at(0, 0, 7)]).missing == cost(found, ()).missing == 480
    assert cost(found, [at(1, 0, 7)]).missing == 400


def test_what_lies_before_or_behind_the_period_is_not_counted() -> None:
    found = problem(somebody(0, days=1, wanted=1), days=1, phone=0)

    assert cost(found, [at(0, 0, 27)]).surplus == 0
    assert cost(found, [at(0, 0, 23)]).surplus == 2


def test_how_people_fare_is_told() -> None:
    found = problem(
        somebody(0, wanted=2),
        somebody(1, wanted=2, role=Role.TRAINEE, max_nights=2),
        somebody(2, availability=("111100",) * 7),
        days=7,
        phone=1,
    )

    told = fairness(found, [at(0, 0, 23), at(0, 2, 23), at(1, 0, 23), at(2, 1, 7)])

    assert (told.nights_max, told.nights_sd) == (2, 0.5)
    assert (told.preferred_share, told.trainee_share) == (0.75, 0.5)
    assert told.uncovered_share == (336 - 24) / 336


def test_without_people_or_need_the_shares_are_whole() -> None:
    told = fairness(problem(), ())

    assert (told.uncovered_share, told.preferred_share, told.trainee_share) == (0, 1, 1)
    assert (told.nights_max, told.nights_sd) == (0, 0)


def test_the_recorded_costs_of_the_published_checker_are_ours() -> None:
    instance = read_instance((DATA / "instance.json").read_bytes())

    for each in json.loads((DATA / "verdicts.json").read_text(encoding="utf-8")):
        rows = scattered(instance, each["seed"], each["count"])
        told, fair = cost(instance, rows), fairness(instance, rows)
        assert told.total == each["objective"]
        assert (told.not_preferred, told.surplus) == (each["not_preferred"], each["surplus"])
        assert (fair.nights_max, round(fair.nights_sd, 3)) == (
            each["nights_max"],
            each["nights_sd"],
        )


@pytest.mark.parametrize("seed", range(20))
def test_the_published_checker_gives_a_random_roster_the_same_cost(seed: int) -> None:
    check, instance = other_checker(), made(seed, people=20)
    rows = scattered(instance, seed, 5 * seed)

    said = check(plain(instance), [list(row) for row in rows])

    assert cost(instance, rows).total == said["objective"]
    assert round(100 * fairness(instance, rows).uncovered_share, 3) == said["uncovered_pct"]


@pytest.mark.parametrize("name", ["instance-a.json.gz", "instance-b.json.gz"])
def test_the_published_checker_gives_a_national_roster_the_same_cost(name: str) -> None:
    check, instance = other_checker(), read_instance(national(name))
    rows = scattered(instance, 1, 4000)

    assert (
        cost(instance, rows).total == check(plain(instance), [list(r) for r in rows])["objective"]
    )
