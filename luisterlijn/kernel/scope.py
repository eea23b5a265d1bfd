"""Who acts, and for which branches: the first argument of every use case."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique

from luisterlijn.kernel.ids import BranchId, PersonId


@unique
class Role(StrEnum):
    """What somebody with an account may be; one person can have several."""

    VOLUNTEER = "volunteer"
    MENTOR = "mentor"
    COACH = "coach"
    COORDINATOR = "coordinator"
    PLANNER = "planner"
    EDITOR = "editor"
    ADMINISTRATOR = "administrator"


VOLUNTEERS = frozenset({Role.VOLUNTEER})
COORDINATORS = frozenset({Role.COORDINATOR, Role.PLANNER})
"""Who plans: one branch, or each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A person who acts. PostgreSQL's row-level security sees the same two facts."""

    person: PersonId
    branch: BranchId | None
    roles: frozenset[Role]

    @property
    def national(self) -> bool:
        """Say whether the person works for all branches."""
        return bool(self.roles & {Role.PLANNER, Role.COACH, Role.ADMINISTRATOR})

    @property
    def branches(self) -> str:
        """Give the branches whose rows are seen, as the database reads them: `*` is all."""
        if self.national:
            return "*"
        if Role.COORDINATOR in self.roles and self.branch is not None:
            return self.branch.hex
        return ""


@dataclass(frozen=True, slots=True)
class LineScope:
    """The line itself at work: claims, lines, timers. Sees every row."""


LINE = LineScope()
