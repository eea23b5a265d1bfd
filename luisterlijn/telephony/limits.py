"""How often one caller had a conversation today: by a name that dies, in memory only. Pure.

A withheld number has no name: it is never counted, and never matched with another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from luisterlijn.kernel.ids import ContactId, PersonId

DAY = timedelta(hours=24)
COUNTS_FROM = timedelta(minutes=2)
"""A shorter conversation is a wrong number, or a line that dropped."""
ABUSE_REMEMBERED = timedelta(hours=1)
TELLS_BEFORE = 1
"""It is said at the end of the last conversation but this many."""
TRIES = 3
"""So many codes may be typed in one call: eight digits cannot be found by trying."""
REAL = re.compile(r"\+[1-9]\d{6,14}", re.ASCII)
NOBODYS = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
"""`anonymous`, `restricted`, `blocked`, `unknown`, `unavailable`, as keys of a telephone."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller's name today, and the one under yesterday's key; None: that key is gone."""

    today: bytes
    yesterday: bytes | None


def number_of(sender: str) -> str | None:
    """Give the number that called, to be named and forgotten at once; None when it is withheld."""
    return sender if REAL.fullmatch(sender) and sender not in NOBODYS else None


@dataclass(slots=True)
class Limits:
    """The memory of one node: a restart forgets everybody and lets through.

    `a_day`: how many conversations somebody can have in 24 hours; 0: no limit.
    """

    a_day: int
    _had: dict[bytes, list[datetime]] = field(default_factory=dict, repr=False)
    _talking: dict[ContactId, Caller] = field(default_factory=dict, repr=False)
    _counted: dict[ContactId, datetime] = field(default_factory=dict, repr=False)
    _codes: dict[str, datetime] = field(default_factory=dict, repr=False)
    _given: set[ContactId] = field(default_factory=set, repr=False)
    _abused: list[tuple[Caller, PersonId, datetime]] = field(default_factory=list, repr=False)

    def is_over(self, caller: Caller | None, now: datetime) -> bool:
        """Say whether this caller had all conversations of the day."""
        return self.a_day > 0 and caller is not None and self.had(caller, now) >= self.a_day

    def had(self, caller: Caller, now: datetime) -> int:
        """Give how many conversations the caller had in the last 24 hours."""
        names = (caller.today, caller.yesterday)
        moments = [at for name in names if name is not None for at in self._had.get(name, ())]
        return sum(at > now - DAY for at in moments)

    def began(self, contact: ContactId, caller: Caller | None) -> None:
        """Remember whose call this is, as long as it lives."""
        if caller is not None:
            self._talking[contact] = caller

    def ended(self, contact: ContactId, lasted: timedelta, now: datetime) -> bool:
        """Count a conversation; True: the caller is to hear that one is left today."""
        caller = self._talking.get(contact)
        if caller is None or lasted < COUNTS_FROM or contact in self._counted:
            return False
        self._had.setdefault(caller.today, []).append(now)
        self._counted[contact] = now
        return self.a_day > 0 and self.had(caller, now) == self.a_day - TELLS_BEFORE

    def was_silent(self, contact: ContactId) -> None:
        """Take a conversation back out of the count: nobody spoke."""
        caller, at = self._talking.get(contact), self._counted.pop(contact, None)
        if caller is not None and at is not None:
            for name in (caller.today, caller.yesterday):
                if name is not None and at in self._had.get(name, ()):
                    self._had[name].remove(at)

    def abused(self, contact: ContactId, volunteer: PersonId, now: datetime) -> None:
        """Remember for an hour not to give this caller to this volunteer again."""
        caller = self._talking.get(contact)
        if caller is not None:
            self._abused.append((caller, volunteer, now))

    def spared(self, caller: Caller | None, now: datetime) -> frozenset[PersonId]:
        """Give the volunteers who are not asked for this caller now."""
        if caller is None:
            return frozenset()
        names = {caller.today, caller.yesterday}
        return frozenset(
            volunteer
            for whose, volunteer, at in self._abused
            if at > now - ABUSE_REMEMBERED and whose.today in names
        )

    def closed(self, contact: ContactId) -> None:
        """Forget whose call this was."""
        self._talking.pop(contact, None)
        self._counted.pop(contact, None)
        self._given.discard(contact)

    # Codes.

    def may_give(self, contact: ContactId) -> bool:
        """Say whether a code may still be given in this conversation."""
        return contact not in self._given

    def give(self, contact: ContactId, code: str, now: datetime) -> None:
        """Let a code in, once, within 24 hours."""
        self._given.add(contact)
        self._codes[code] = now

    def use(self, code: str, now: datetime) -> bool:
        """Take a code; False when it was never given, is used up, or too old."""
        given = self._codes.pop(code, None)
        return given is not None and given > now - DAY

    def forget_old(self, now: datetime) -> None:
        """Drop everything whose time is over, also when nobody calls."""
        kept = {name: [at for at in had if at > now - DAY] for name, had in self._had.items()}
        self._had = {name: had for name, had in kept.items() if had}
        self._codes = {code: at for code, at in self._codes.items() if at > now - DAY}
        self._abused = [each for each in self._abused if each[2] > now - ABUSE_REMEMBERED]
