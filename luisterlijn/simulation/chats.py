"""Plays chatters and volunteers against a running demo: real sockets, real encryption."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to play."""

    public_url: str
    console_url: str
    chats: int
    volunteers: int
    speed: float
    seed: int
    calm: bool


def main(plan: Plan) -> int:
    """Play it."""
    del plan
    return 0
