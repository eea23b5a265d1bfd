"""The worker's own process, from inside."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import msgspec
import pytest

from luisterlijn.planning.__main__ import main, peak_bytes
from luisterlijn.planning.objective import cost
from luisterlijn.planning.wire import Made, Order, Refused, Sofar, Told
from tests.support.rosters import at, made, problem, somebody

if TYPE_CHECKING:
    from luisterlijn.planning.instance import Instance


def told(ordered: bytes) -> list[Told]:
    """Give what the worker tells when it is ordered this, and nothing more comes."""
    out = io.BytesIO()
    main(io.BytesIO(ordered), out)
    return [msgspec.json.decode(line, type=Told) for line in out.getvalue().splitlines()]


def order(instance: Instance, **different: object) -> bytes:
    found = Order(engine="builtin", instance=instance, seconds=1e9, seed=1)
    return msgspec.json.encode(msgspec.structs.replace(found, **different)) + b"\n"


def test_the_end_of_the_input_says_that_it_will_do() -> None:
    first, *_between, last = told(order(made(2)))

    assert isinstance(first, Sofar)
    assert isinstance(last, Made)
    assert last.cost == cost(made(2), last.roster)
    assert last.peak_bytes > 0


def test_a_roster_is_told_once() -> None:
    steps = [each for each in told(order(problem())) if isinstance(each, Sofar)]

    assert [each.roster for each in steps] == [(), *([None] * (len(steps) - 1))]


def test_pins_that_clash_are_refused_by_code() -> None:
    [refused] = told(order(problem(somebody(0, channels=("chat",))), pinned=(at(0, 0, 7),)))

    assert isinstance(refused, Refused)
    assert (refused.code, len(refused.broken)) == ("bad-pins", 1)


def test_what_is_no_order_is_a_fault() -> None:
    with pytest.raises(msgspec.DecodeError):
        told(b"{}\n")


def test_the_peak_is_at_least_what_was_held() -> None:
    held = bytearray(50_000_000)

    assert peak_bytes() > len(held)
