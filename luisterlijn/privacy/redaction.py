"""What never reaches a log: secrets, a caller's words, a library's talk about an address."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from typing import TYPE_CHECKING, Any
from uuid import UUID

from luisterlijn.kernel.secret import HIDDEN, Secret

if TYPE_CHECKING:
    from collections.abc import Collection
    from types import TracebackType

    from structlog.typing import EventDict, Processor, WrappedLogger


__all__ = [
    "PlainText",
    "Secret",
    "WordlessLibraries",
    "keep_only_listed",
]

ALWAYS_KEPT = frozenset({"event", "level", "timestamp"})
"""Fields that every line has; all others are kept only when listed."""
UNNAMED = "unnamed"
"""Stands for an event that is no fixed name: somebody built it from values."""
FRAMES_KEPT = 6
"""Innermost frames of an error that a log line names: enough to find the place."""

_FIXED_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SILENCED = (
    "aiohttp.access",
    "asyncpg",
    "engineio",
    "socketio",
    "sqlalchemy",
    "twilio",
)
"""Libraries that log addresses, bodies, bound values or URLs; nothing below an error passes."""


class PlainText(Secret[str]):
    """Words of a person. They are shown to whom they are meant for, and are never printed."""

    __slots__ = ()


def keep_only_listed(fields: Collection[str]) -> Processor:
    """Give a structlog processor that drops each field that is not listed.

    A listed field keeps a number, text, id or None; anything else becomes three stars. An event
    that is no fixed name becomes `unnamed`. An exception is told as `error` (its type) and `where`
    (file, line and function), never with its text: a driver's text repeats what somebody sent.
    Stands before the processor that renders, and takes the place of those that format exceptions.
    """
    kept = ALWAYS_KEPT | frozenset(fields)

    def process(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
        error = _error_of(line.get("exc_info"))
        shown: dict[str, Any] = {name: _shown(line[name]) for name in line if name in kept}
        event = line.get("event")
        if not (isinstance(event, str) and _FIXED_NAME.fullmatch(event)):
            shown["event"] = UNNAMED
        if error is not None:
            shown["error"] = _type_name(error)
            shown["where"] = _where(error.__traceback__)
        return shown

    return process


class WordlessLibraries(logging.Filter):
    """Keeps what libraries log free of addresses, bodies and values.

    Goes on each *handler*: a logger's filter does not see what its children log. Records of
    `own` loggers pass untouched. Of the libraries known to talk, all below an error is dropped.
    What remains keeps its logger, level, kind and place of the error, and loses its words.
    """

    def __init__(self, own: Collection[str] = ("luisterlijn", "alembic")) -> None:
        """Remember whose records pass untouched (a name covers its children)."""
        super().__init__()
        self._own = tuple(own)

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is logged at all, after taking its words away."""
        if _under(record.name, self._own):
            return True
        if record.levelno < logging.ERROR and _under(record.name, _SILENCED):
            return False
        error = _error_of(record.exc_info)
        record.msg = "library_spoke"
        if error is not None:
            record.msg = f"library_failed {_type_name(error)} {_where(error.__traceback__)}"
        record.args = None
        record.exc_info = None
        record.exc_text = None
        record.stack_info = None
        return True


def _under(name: str, roots: tuple[str, ...]) -> bool:
    return any(name == root or name.startswith(f"{root}.") for root in roots)


def _shown(value: object) -> object:
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return value.hex if isinstance(value, UUID) else HIDDEN


def _error_of(exc_info: object) -> BaseException | None:
    """Read the three ways in which `exc_info` names an exception."""
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return exc_info[1] if isinstance(exc_info[1], BaseException) else None
    return sys.exc_info()[1] if exc_info else None


def _type_name(error: BaseException) -> str:
    return f"{type(error).__module__}.{type(error).__qualname__}"


def _where(trace: TracebackType | None) -> str:
    # lookup_lines=False: the source lines are not read, so no file is opened here.
    frames = traceback.StackSummary.extract(traceback.walk_tb(trace), lookup_lines=False)
    return " > ".join(
        f"{frame.filename}:{frame.lineno}:{frame.name}" for frame in frames[-FRAMES_KEPT:]
    )
