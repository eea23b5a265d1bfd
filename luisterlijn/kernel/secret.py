"""A value that cannot be shown by accident."""

from __future__ import annotations

from typing import Any, Generic, NoReturn, Self, TypeVar

T = TypeVar("T")

HIDDEN = "***"


class Secret(Generic[T]):
    """A value that may be used but not printed, copied into a message, or pickled."""

    __slots__ = ("_value",)

    _value: T

    def __init__(self, value: T) -> None:
        """Wrap the value."""
        object.__setattr__(self, "_value", value)

    def reveal(self) -> T:
        """Give the value itself; the caller sees to it that it is not kept or printed."""
        return self._value

    def __setattr__(self, name: str, value: object) -> NoReturn:
        """Refuse: a secret does not change."""
        raise AttributeError("a secret does not change")

    def __delattr__(self, name: str) -> NoReturn:
        """Refuse: a secret does not change."""
        raise AttributeError("a secret does not change")

    def __repr__(self) -> str:
        """Give three stars."""
        return HIDDEN

    def __format__(self, spec: str) -> str:
        """Give three stars, whatever the format asks."""
        return HIDDEN

    def __copy__(self) -> Self:
        """Give the same object: there is one copy in memory, not two."""
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Give the same object: there is one copy in memory, not two."""
        return self

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: what is pickled can be read."""
        raise TypeError("a secret is not pickled")
