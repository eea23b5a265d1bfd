"""Logging: fixed event names and listed fields, one JSON object a line.

Nothing of other libraries: their lines hold addresses, bodies and values.
"""

from __future__ import annotations

import logging
import sys

import structlog

from luisterlijn.privacy.redaction import WordlessLibraries, keep_only_listed

LISTED = frozenset(
    {"listener", "tries", "route", "fault", "port", "job", "code", "seconds", "state"}
    | {"order", "count"}
)
"""Every field that a line may hold. None of them can carry what somebody sent."""


def configure() -> None:
    """Send our lines to standard error; silence every other logger."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            keep_only_listed(LISTED),
            structlog.processors.JSONRenderer(sort_keys=True),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.raiseExceptions = False
    logging.lastResort = None
    handler = logging.NullHandler()
    handler.addFilter(WordlessLibraries())
    logging.getLogger().handlers[:] = [handler]
