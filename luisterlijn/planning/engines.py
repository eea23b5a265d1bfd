"""Which engines there are, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luisterlijn.planning.builtin import Builtin

if TYPE_CHECKING:
    from luisterlijn.kernel.clock import Clock
    from luisterlijn.planning.engine import Engine

BUILTIN = "builtin"
CPSAT = "cpsat"
NAMES = (BUILTIN, CPSAT)


def engine(name: str, clock: Clock) -> Engine:
    """Give the engine of this name; what an optional one needs is loaded only now.

    Raises:
        EngineMissing: its library is not installed.
        ValueError: there is no such engine.
    """
    match name:
        case "builtin":
            return Builtin(clock)
        case "cpsat":
            from luisterlijn.planning.cpsat import CpSat  # noqa: PLC0415 - optional

            return CpSat(clock)
        case _:
            raise ValueError("no such engine")
