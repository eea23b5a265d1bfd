"""A play can be played again."""

from __future__ import annotations

from luisterlijn.simulation.chance import Chance


def test_the_same_seed_and_name_give_the_same_person() -> None:
    first, second = Chance(7, "c1"), Chance(7, "c1")

    assert [first.fraction() for _ in range(50)] == [second.fraction() for _ in range(50)]


def test_another_seed_or_name_gives_another_person() -> None:
    assert len({Chance(seed, name).bytes(16) for seed in (1, 2) for name in ("c1", "c2")}) == 4


def test_chance_stays_within_its_bounds() -> None:
    chance = Chance(1, "c1")

    assert all(4 <= chance.between(4, 30) < 30 for _ in range(500))
    assert {chance.below(3) for _ in range(500)} == {0, 1, 2}
    assert 100 < sum(chance.happens(0.3) for _ in range(500)) < 200
    assert not any(chance.happens(0) for _ in range(500))
