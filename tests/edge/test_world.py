"""The machine's clock and chance."""

from __future__ import annotations

from datetime import UTC, timedelta

from luisterlijn.edge.world import SystemClock, SystemTokens


def test_the_clock_tells_utc_and_its_uptime_only_grows() -> None:
    clock = SystemClock()

    first, second = clock.uptime(), clock.uptime()

    assert clock.now().tzinfo is UTC
    assert timedelta(0) < first <= second


def test_chance_never_repeats_itself() -> None:
    drawn = {SystemTokens().bytes(16) for _ in range(1_000)}

    assert len(drawn) == 1_000
    assert {len(each) for each in drawn} == {16}
