"""What a worker is ordered, and what it tells: one JSON value a line."""

from __future__ import annotations

import msgspec

from luisterlijn.planning.instance import Assignment, Instance
from luisterlijn.planning.objective import Cost
from luisterlijn.planning.rules import Broken


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """What the worker is to make; its first line of input."""

    engine: str
    instance: Instance
    seconds: float
    seed: int
    pinned: tuple[Assignment, ...] = ()
    begin: tuple[Assignment, ...] = ()


class Sofar(msgspec.Struct, frozen=True, tag=True):
    """How far it is; `roster` None: no better one than told before."""

    seconds: float
    cost: int
    roster: tuple[Assignment, ...] | None


class Made(msgspec.Struct, frozen=True, tag=True):
    """The end: what it made, and the most memory it held."""

    roster: tuple[Assignment, ...]
    cost: Cost
    seconds: float
    peak_bytes: int


class Refused(msgspec.Struct, frozen=True, tag=True):
    """The end: it cannot, for a reason with a stable code."""

    code: str
    broken: tuple[Broken, ...] = ()


Told = Sofar | Made | Refused
