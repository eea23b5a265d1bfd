"""A person with an account, and how long a session lasts. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from luisterlijn.kernel.ids import BranchId, PersonId
from luisterlijn.kernel.scope import Role, Scope

IDLE = timedelta(minutes=30)
"""Unused for so long, a session is over; being on duty counts as use."""
LONGEST = timedelta(hours=12)
"""No session outlives a day's work."""
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
