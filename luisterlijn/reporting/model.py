"""Which classes are counted, never a figure that fits one person. Pure."""

from __future__ import annotations

WAITS = ((30, "0-30s"), (60, "30-60s"), (180, "1-3m"), (600, "3-10m"), (1800, "10-30m"))
OUTCOMES = frozenset({"attempts", "turned_away"})
"""What is counted before there is a contact."""
LENGTHS = ((120, "0-2m"), (600, "2-10m"), (1200, "10-20m"), (2400, "20-40m"), (3600, "40-60m"))


def class_of(seconds: int, classes: tuple[tuple[int, str], ...]) -> str:
    """Give the class that a length lies in; the last is "more"."""
    return next((name for limit, name in classes if seconds < limit), "more")


def counted(
    reason: str, waited_s: int | None, lasted_s: int | None, wrap_up: dict[str, list[str]]
) -> list[tuple[str, str]]:
    """Give (kind, value) of every counter that one closed contact raises by one.

    Args:
        reason: why it closed.
        waited_s: None: it was never answered.
        lasted_s: None: as above.
        wrap_up: field → values of the wrap-up.
    """
    found = [("closed", reason), ("answered" if waited_s is not None else "lost", "all")]
    if waited_s is not None:
        found.append(("wait", class_of(waited_s, WAITS)))
    if lasted_s is not None:
        found.append(("length", class_of(lasted_s, LENGTHS)))
    for field, values in sorted(wrap_up.items()):
        found += [(field, value) for value in values]
    return found
