"""Who is asked next: pure, fair, and explainable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from luisterlijn.dispatch.model import PROOF_LASTS
from luisterlijn.kernel.ids import BranchId, ContactId, PersonId

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One contact at the head of the queue.

    `heard` is the page's last sign of life; `excluded` are those who may not be asked for it now.
    """

    id: ContactId
    epoch: int
    channel: str
    language: str
    enq: datetime
    heard: datetime
    excluded: frozenset[PersonId] = frozenset()
    entry_branch: BranchId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """One volunteer who is ready, on shift beyond the margin, rested, and has a seat."""

    person: PersonId
    branch: BranchId | None
    channels: frozenset[str]
    languages: frozenset[str]
    load: int
    busy_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A contact, and the volunteer to ask; `proven` False: ask the page first if it is there."""

    contact: Waiting
    volunteer: Free
    proven: bool


def pairs(heads: Iterable[Waiting], free: Iterable[Free], now: datetime) -> list[Pair]:
    """Pair the waiting with the free, longest wait first.

    A contact that nobody free may take is passed over; so is nobody else. Each volunteer is asked
    for one contact at a time. A page that has not shown itself for 3 s keeps its volunteer for
    this round while it is asked to, so that a late heartbeat costs nobody the turn.

    Returns:
        Pairs in the order of the queue.
    """
    left = {each.person: each for each in free}
    found = []
    for head in sorted(heads, key=lambda each: (each.enq, each.id)):
        fit = [each for each in left.values() if _fits(head, each)]
        if not fit:
            continue
        chosen = min(fit, key=lambda each: _order(head, each))
        del left[chosen.person]
        found.append(Pair(contact=head, volunteer=chosen, proven=now - head.heard < PROOF_LASTS))
    return found


def _fits(head: Waiting, free: Free) -> bool:
    return (
        head.channel in free.channels
        and head.language in free.languages
        and free.person not in head.excluded
    )


def _order(head: Waiting, free: Free) -> tuple[int, int, int, bool, PersonId]:
    """Fewest channels trained keeps the others free for calls; then the fairest; branch last."""
    return (
        len(free.channels),
        free.load,
        free.busy_s,
        head.entry_branch is not None and free.branch != head.entry_branch,
        free.person,
    )
