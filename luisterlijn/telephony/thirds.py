"""Whom a volunteer may call in: published entries only, and never a number that somebody typed."""

from __future__ import annotations

import re
from collections import deque
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from luisterlijn.edge.house import texts
from luisterlijn.kernel.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from luisterlijn.kernel.ids import PersonId

AN_HOUR = 6
"""So many third parties a volunteer may call in within an hour."""
_SIGNS = re.compile(r"[ ()-]")
_LANDLINE = re.compile(r"0(?!90|84|87|66|67)[1-9]\d{8}", re.ASCII)
"""Ten digits in the Netherlands: no pay or personal number, no pager; 112 and 113 are shorter."""


class Thirds:
    """The callable entries, and who called how often."""

    def __init__(self, entries: Sequence[Mapping[str, Any]]) -> None:
        """Take the entries that are marked callable and whose number may be dialled."""
        self._numbers = {
            entry["id"]: Secret(number)
            for entry in entries
            if entry.get("callable") and (number := dialled(entry["number"]))
        }
        self._called: dict[PersonId, deque[datetime]] = {}

    def number(self, entry: str) -> Secret[str] | None:
        """Give the number behind an entry's id; None: it is not to be called."""
        return self._numbers.get(entry)

    def may_call(self, person: PersonId, now: datetime) -> bool:
        """Note that somebody calls a third party in; False: often enough for this hour."""
        called = self._called.setdefault(person, deque(maxlen=AN_HOUR))
        if len(called) == AN_HOUR and now - called[0] < timedelta(hours=1):
            return False
        called.append(now)
        return True


def from_texts() -> Thirds:
    """Give those of the help numbers."""
    return Thirds(texts("noodnummers.toml")["numbers"])


def dialled(number: str) -> str | None:
    """Give a Dutch number as it is dialled, `+31…`; None: it is not to be called."""
    digits = _SIGNS.sub("", number)
    return f"+31{digits[1:]}" if _LANDLINE.fullmatch(digits) else None
