"""Playbooks for pure rules: one step a line, and what each leaves behind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from luisterlijn.kernel.errors import Code, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable


class Play:
    """A value that goes through the moves of a pure rule, checked after each of them."""

    def __init__(self, start: Any) -> None:
        """Begin with this value."""
        self.now_is = start

    def step(self, move: Callable[..., Any], *facts: object, **leaves: object) -> Play:
        """Do a move, and see these fields of what it leaves."""
        self.now_is = move(self.now_is, *facts)
        return self.shows(**leaves)

    def refused(self, move: Callable[..., Any], *facts: object, code: Code) -> Play:
        """Try a move that is refused; the value stays what it was."""
        with pytest.raises(Refusal) as refusal:
            move(self.now_is, *facts)
        assert refusal.value.code is code
        return self

    def ignored(self, move: Callable[..., Any], *facts: object) -> Play:
        """Do a move that changes nothing."""
        assert move(self.now_is, *facts) == self.now_is
        return self

    def shows(self, **fields: object) -> Play:
        """See these fields now."""
        found = {name: getattr(self.now_is, name) for name in fields}
        assert found == fields
        return self
