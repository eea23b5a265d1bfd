"""Playbooks for a pure `decide`: what happens, and what must be done about it, line by line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

State = TypeVar("State")
Happening = TypeVar("Happening")
Effect = TypeVar("Effect")


class Playbook(Generic[State, Happening, Effect]):
    """Plays happenings from a first state; `state` is where it stands."""

    def __init__(
        self,
        decide: Callable[[State, Happening], tuple[State, tuple[Effect, ...]]],
        state: State,
    ) -> None:
        """Begin in this state."""
        self._decide = decide
        self.state = state

    def step(self, happening: Happening, *effects: Effect) -> Self:
        """Let it happen; exactly these effects follow, in this order."""
        self.state, found = self._decide(self.state, happening)
        assert found == effects, f"{happening} brings {found}"
        return self

    def stands(self, state: State) -> Self:
        """Look at the state as it is now."""
        assert self.state == state
        return self
