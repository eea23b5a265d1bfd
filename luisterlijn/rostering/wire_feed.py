"""What is answered about the link to one's own calendar."""

from __future__ import annotations

import msgspec


class CalendarLink(msgspec.Struct, frozen=True):
    """Whether there is a link."""

    has_link: bool


class NewCalendarLink(msgspec.Struct, frozen=True):
    """The address of the calendar, from the root of this site; it is told this once."""

    path: str
