"""How often one caller had a conversation today: by a name that dies, in memory only. Pure.

A withheld number has no name: it is never counted, and never matched with another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class Talk:
    """Whose call this is, since when. `counts`: as one of the day."""

    caller: Caller
    since: datetime
    counts: bool


@dataclass(slots=True)
class Limits:
    """The memory of one node: a restart forgets everybody and lets through.

    `a_day`: how many conversations somebody can have in 24 hours; 0: no limit.
    """

    a_day: int
    _had: dict[bytes, list[datetime]] = field(default_factory=dict, repr=False)
    _talking: dict[ContactId, Talk] = field(default_factory=dict, repr=False)
    _turned: dict[UUID, tuple[Caller, datetime]] = field(default_factory=dict, repr=False)
    _counted: dict[ContactId, datetime] = field(default_factory=dict, repr=False)
    _codes: dict[str, datetime] = field(default_factory=dict, repr=False)
    _spared: list[tuple[Caller, PersonId, datetime]] = field(default_factory=list, repr=False)

    def is_over(self, caller: Caller | None, now: datetime) -> bool:
        """Say whether this caller had all conversations of the day."""
        return self.a_day > 0 and caller is not None and self.had(caller, now) >= self.a_day

    def had(self, caller: Caller, now: datetime) -> int:
        """Give how many conversations the caller had in the last 24 hours."""
        names = (caller.today, caller.yesterday)
        moments = [at for name in names if name is not None for at in self._had.get(name, ())]
        return sum(at > now - DAY for at in moments)

    def turned(self, leg: UUID, caller: Caller | None, now: datetime) -> None:
        """Remember who hears that the conversations of the day are used up: they may go on."""
        if caller is not None:
            self._turned[leg] = (caller, now)

    def goes_on(self, leg: UUID) -> Caller | None:
        """Give who goes on past the limit; None: nobody knows."""
        caller, _at = self._turned.pop(leg, (None, None))
        return caller

    def began(
        self, contact: ContactId, caller: Caller | None, now: datetime, *, counts: bool = True
    ) -> None:
        """Remember whose call this is, as long as it lives; past the limit it counts no more."""
        if caller is not None:
            self._talking[contact] = Talk(caller, now, counts)

    def ended(self, contact: ContactId, lasted: timedelta, now: datetime) -> bool:
        """Count a conversation; True: the caller is to hear that one is left today."""
        talk = self._talking.get(contact)
        if talk is None or not talk.counts or lasted < COUNTS_FROM or contact in self._counted:
            return False
        caller = talk.caller
        self._had.setdefault(caller.today, []).append(now)
        self._counted[contact] = now
        return self.a_day > 0 and self.had(caller, now) == self.a_day - TELLS_BEFORE

    def was_silent(self, contact: ContactId) -> None:
        """Take a conversation back out of the count: nobody spoke."""
        talk, at = self._talking.get(contact), self._counted.pop(contact, None)
        if talk is not None and at is not None:
            for name in (talk.caller.today, talk.caller.yesterday):
                if name is not None and at in self._had.get(name, ()):
                    self._had[name].remove(at)

    def abused(self, contact: ContactId, volunteer: PersonId, now: datetime) -> None:
        """Remember for an hour not to give this caller to this volunteer again."""
        self.spare(contact, volunteer, now + ABUSE_REMEMBERED)

    def spare(self, contact: ContactId, volunteer: PersonId, until: datetime) -> None:
        """Do not give this caller to this volunteer until then, also when they call again."""
        talk = self._talking.get(contact)
        if talk is not None:
            self._spared.append((talk.caller, volunteer, until))

    def spared(self, caller: Caller | None, now: datetime) -> frozenset[PersonId]:
        """Give the volunteers who are not asked for this caller now."""
        if caller is None:
            return frozenset()
        names = {caller.today, caller.yesterday}
        return frozenset(
            volunteer
            for whose, volunteer, until in self._spared
            if until > now and whose.today in names
        )

    def closed(self, contact: ContactId) -> None:
        """Forget whose call this was."""
        self._talking.pop(contact, None)
        self._counted.pop(contact, None)

    # Codes.

    def give(self, code: str, now: datetime) -> None:
        """Let a code in, once, within 24 hours; the call's row says that it was given."""
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
        self._spared = [each for each in self._spared if each[2] > now]
        # Of who hung up while waiting, or was never written up, nobody says that it is over.
        self._talking = {who: each for who, each in self._talking.items() if each.since > now - DAY}
        self._turned = {leg: each for leg, each in self._turned.items() if each[1] > now - DAY}
        self._counted = {who: at for who, at in self._counted.items() if at > now - DAY}
