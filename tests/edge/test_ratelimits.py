"""Who comes too fast waits; nobody pays for another, and a flood costs bounded memory."""

from __future__ import annotations

from luisterlijn.edge import ratelimits
from luisterlijn.edge.ratelimits import Buckets


def test_a_burst_is_let_through_and_the_next_waits() -> None:
    buckets = Buckets(per_s=5, burst=10)

    taken = [buckets.take("a", 100.0) for _ in range(12)]

    assert taken == [True] * 10 + [False] * 2


def test_waiting_fills_the_bucket_but_never_over_its_brim() -> None:
    buckets = Buckets(per_s=5, burst=10)
    for _ in range(10):
        buckets.take("a", 0.0)

    assert not buckets.take("a", 0.1)
    assert buckets.take("a", 0.3)
    assert sum(buckets.take("a", 1e6) for _ in range(20)) == 10


def test_nobody_pays_for_another() -> None:
    buckets = Buckets(per_s=1, burst=1)
    buckets.take("a", 0.0)

    assert not buckets.take("a", 0.0)
    assert buckets.take("b", 0.0)


def test_who_left_starts_afresh() -> None:
    buckets = Buckets(per_s=1, burst=1)
    buckets.take("a", 0.0)

    buckets.forget("a")
    buckets.forget("never came")

    assert buckets.take("a", 0.0)


def test_a_flood_of_names_pushes_out_the_one_longest_unused() -> None:
    buckets = Buckets(per_s=0, burst=1)
    buckets.take("first", 0.0)
    buckets.take("second", 0.0)
    buckets.take("first", 0.0)

    for number in range(ratelimits.MOST_KEPT - 1):
        buckets.take(number, 0.0)

    assert not buckets.take("first", 0.0)
    assert buckets.take("second", 0.0)
