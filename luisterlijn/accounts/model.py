"""A person with an account, and how long a session lasts. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.kernel.scope import Role, Scope

IDLE = timedelta(minutes=30)
"""Unused for so long, a session is over; being on duty counts as use."""
LONGEST = timedelta(hours=12)
"""No session outlives a day's work."""
RINGABLE = re.compile(r"\+(31[1-9]\d{8}|319\d{9,11}|(3[02-469]|4[0135-9]|35\d)\d{8,11})", re.ASCII)
"""Numbers in the Netherlands and its neighbours in Europe, written with their country."""
COSTLY = re.compile(r"\+31(8[47]|90|[6]7|66)", re.ASCII)
"""Personal numbers, pay numbers, pagers: nobody is at home there."""
HEARD_EVERY = timedelta(minutes=1)
"""A session's last use is written at most this often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with an account.

    `channels`: trained for. `chats`: own limit of chats at once, 1 to 3. `margin`: how long before
    the end of a shift the last contact is offered. `branch` None: works for the whole line.
    """

    id: PersonId
    sign_in: str
    name: str
    branch: BranchId | None
    branch_name: str | None
    roles: frozenset[Role]
    languages: tuple[str, ...]
    channels: tuple[str, ...]
    chats: int
    margin: timedelta

    @property
    def scope(self) -> Scope:
        """Give who acts when this person does."""
        return Scope(person=self.id, branch=self.branch, roles=self.roles)


def may_ring(number: str) -> bool:
    """Say whether this is the number of a telephone that somebody could have at home."""
    return RINGABLE.fullmatch(number) is not None and COSTLY.match(number) is None


def first_name(name: str) -> str:
    """Give how colleagues call somebody."""
    return name.split(" ", maxsplit=1)[0]
