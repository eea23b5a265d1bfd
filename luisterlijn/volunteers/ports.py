"""What the other rooms learn of volunteers, and what this room asks of the roster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Any, Protocol

from luisterlijn.kernel.ids import BranchId, PersonId, ShiftId

if TYPE_CHECKING:
    from collections.abc import Sequence


@unique
class Status(StrEnum):
    """How far somebody is with one channel."""

    ASPIRANT = "aspirant"
    IN_TRAINING = "in_training"
    WALKING_ALONG = "walking_along"
    INDEPENDENT = "independent"
    MENTOR = "mentor"
    PAUSED = "paused"
    STOPPED = "stopped"


ANSWERS = frozenset({Status.INDEPENDENT, Status.MENTOR})
"""Who takes contacts alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Since a day, somebody is so far with a channel."""

    channel: str
    status: Status
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """What was agreed with somebody, and what the branch must know of them.

    `hours`, `most_shifts`, `most_nights` in four weeks. `away_until`: long leave, this day
    included; no reason is kept. None: not known, or not so.
    """

    vog: date | None = None
    intervision: date | None = None
    hours: int = 16
    most_shifts: int = 8
    most_nights: int = 2
    home: bool = False
    no_computer: bool = False
    away_until: date | None = None


@unique
class Audience(StrEnum):
    """To whom a message goes."""

    SHIFT = "shift"
    BRANCH = "branch"
    MENTORS = "mentors"
    TRAINEES = "trainees"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the rules of a roster must know of somebody.

    Args:
        person: who.
        branch: the own branch.
        name: as colleagues of the branch know them.
        status: channel → how far with it, today.
        most_shifts: never more in a period of four weeks.
        most_nights: never more nights in it.
        hours_agreed: in four weeks.
        home: may work from home, so needs no desk.
        away_until: on long leave up to and with this day; None: not.
        leaves: the last day; None: stays.
        mentor: of a trainee; None: any of the branch.
    """

    person: PersonId
    branch: BranchId
    name: str
    status: Mapping[str, Status]
    most_shifts: int = 8
    most_nights: int = 2
    hours_agreed: int = 16
    home: bool = False
    away_until: date | None = None
    leaves: date | None = None
    mentor: PersonId | None = None

    @property
    def channels(self) -> frozenset[str]:
        """Give what the person answers alone."""
        return frozenset(channel for channel, at in self.status.items() if at in ANSWERS)

    @property
    def is_trainee(self) -> bool:
        """Say whether the person walks along with somebody, and answers nothing alone."""
        return not self.channels and Status.WALKING_ALONG in self.status.values()

    @property
    def is_mentor(self) -> bool:
        """Say whether a trainee may sit beside this person."""
        return Status.MENTOR in self.status.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """What the roster counts of somebody; no figure of a conversation.

    `hours` in the past four weeks; the rest over the last twelve months.
    """

    hours: float
    nights: int
    weekends: int
    feasts: int
    next_shift: datetime | None


class Ledger(Protocol):
    """What this room asks of the roster."""

    async def worked(self, tx: Any, people: Sequence[PersonId]) -> Mapping[PersonId, Worked]:
        """Give the counts of each person asked for."""
        ...

    async def walked(self, tx: Any, people: Sequence[PersonId]) -> Mapping[PersonId, int]:
        """Give how many shifts each has walked along with a mentor."""
        ...

    async def on_shift(self, tx: Any, shift: ShiftId) -> tuple[BranchId, Sequence[PersonId]] | None:
        """Give a published shift's branch and who stands on it; None: there is no such shift."""
        ...

    async def own(self, tx: Any, person: PersonId) -> Mapping[str, Any]:
        """Give somebody's own rows, by kind, to hand to them."""
        ...

    async def release(self, tx: Any, person: PersonId, last_day: date) -> int:
        """Take somebody off every shift after a day; gives off how many."""
        ...
