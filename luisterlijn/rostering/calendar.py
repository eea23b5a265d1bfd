"""Somebody's places as a calendar that any calendar app reads (RFC 5545). Pure.

Times are told on the Amsterdam wall clock, with the rules of that clock in the calendar itself, so
that an app with other rules shows the same hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from luisterlijn.kernel.clock import AMSTERDAM
from luisterlijn.kernel.ids import PlaceId

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ZONE = AMSTERDAM.key
LONGEST_LINE = 75
"""In bytes; a longer line goes on in the next one, after a space."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place. `sequence` rises with each change; `changed`: the moment of the last one."""

    place: PlaceId
    starts: datetime
    ends: datetime
    sequence: int
    changed: datetime
    cancelled: bool


def calendar(entries: Sequence[Entry]) -> bytes:
    """Give the calendar: the same entries give the same bytes.

    It names nobody, no branch and no line: whoever looks over a shoulder reads "Dienst".
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//luisterlijn//rooster//NL",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Dienst",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        *_zone(entries),
        *(line for entry in entries for line in _event(entry)),
        "END:VCALENDAR",
    ]
    return b"".join(folded(line) for line in lines)


def folded(line: str) -> bytes:
    """Give a line in parts of at most 75 bytes, never cut inside a sign."""
    parts: list[bytes] = []
    part = b""
    for sign in line:
        raw = sign.encode()
        if len(part) + len(raw) > LONGEST_LINE - bool(parts):
            parts.append(part)
            part = b""
        part += raw
    return b"\r\n ".join([*parts, part]) + b"\r\n"


def changes(first: int, last: int) -> Iterator[datetime]:
    """Give each moment of these years in UTC, ends included, at which the clock is set."""
    moment, end = datetime(first, 1, 1, tzinfo=UTC), datetime(last + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        later = moment + timedelta(days=1)
        if _offset(moment) != _offset(later):
            yield next(
                moment + hours * HOUR
                for hours in range(1, 25)
                if _offset(moment + hours * HOUR) != _offset(moment)
            )
        moment = later


def _zone(entries: Sequence[Entry]) -> list[str]:
    """Give the rules of the clock, as the time zone database has them for these years."""
    years = [moment.year for entry in entries for moment in (entry.starts, entry.ends)]
    # A calendar without a shift must still hold something: the clock of any year.
    first, last = min(years, default=2001) - 1, max(years, default=2000) + 1
    begin = datetime(first, 1, 1, tzinfo=UTC)
    found = ["BEGIN:VTIMEZONE", f"TZID:{ZONE}", *_rule(begin, begin)]
    for moment in changes(first, last):
        found += _rule(moment - HOUR, moment)
    return [*found, "END:VTIMEZONE"]


def _rule(before: datetime, moment: datetime) -> list[str]:
    """Give how the clock runs from a moment on, told in the wall clock of just before it."""
    after = moment.astimezone(AMSTERDAM)
    kind = "DAYLIGHT" if after.dst() else "STANDARD"
    return [
        f"BEGIN:{kind}",
        f"DTSTART:{moment + _offset(before):%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_signed(_offset(before))}",
        f"TZOFFSETTO:{_signed(_offset(moment))}",
        f"TZNAME:{after.tzname()}",
        f"END:{kind}",
    ]


def _event(entry: Entry) -> list[str]:
    changed = f"{entry.changed.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return [
        "BEGIN:VEVENT",
        f"UID:{entry.place.hex}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"SEQUENCE:{entry.sequence}",
        f"DTSTART{_local(entry.starts)}",
        f"DTEND{_local(entry.ends)}",
        "SUMMARY:Dienst",
        f"STATUS:{'CANCELLED' if entry.cancelled else 'CONFIRMED'}",
        "CLASS:PRIVATE",
        "END:VEVENT",
    ]


def _local(moment: datetime) -> str:
    """Give a moment on the wall clock; in the hour that comes twice, the second time in UTC."""
    local = moment.astimezone(AMSTERDAM)
    if local.fold:  # an app would read the first of the two
        return f":{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f";TZID={ZONE}:{local:%Y%m%dT%H%M%S}"


def _offset(moment: datetime) -> timedelta:
    return moment.astimezone(AMSTERDAM).utcoffset() or timedelta()


def _signed(offset: timedelta) -> str:
    minutes = offset // timedelta(minutes=1)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}{abs(minutes) % 60:02}"
