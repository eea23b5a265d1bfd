"""Who is asked next: pure, fair, and explainable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from luisterlijn.dispatch.model import PHONE, PROOF_LASTS
from luisterlijn.kernel.ids import BranchId, ContactId, PersonId

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One contact at the head of the queue.

    `heard` is the page's last sign of life; `excluded` are those who may not be asked for it now.
    `prefer`: who is asked first, because their line dropped.
    """

    id: ContactId
    epoch: int
    channel: str
    language: str
    enq: datetime
    heard: datetime
    excluded: frozenset[PersonId] = frozenset()
    entry_branch: BranchId | None = None
    prefer: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Free:
    """One volunteer who is ready, on shift beyond the margin, rested, and has a seat.

    `beside`: the other of a pair of trainee and mentor, who is asked for nothing meanwhile.
    """

    person: PersonId
    branch: BranchId | None
    channels: frozenset[str]
    languages: frozenset[str]
    load: int
    busy_s: int
    beside: PersonId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A contact, and the volunteer to ask; `proven` False: ask the page first if it is there."""

    contact: Waiting
    volunteer: Free
    proven: bool


def pairs(
    heads: Iterable[Waiting],
    free: Iterable[Free],
    now: datetime,
    weights: Mapping[str, int] = MappingProxyType({}),
) -> list[Pair]:
    """Pair the waiting with the free, longest wait first.

    A second of waiting counts `weights[channel]` times, once when it is not named: a line that
    wants callers answered before chatters says so there.

    A contact that nobody free may take is passed over; so is nobody else. A caller needs somebody
    with nothing in hand: when all who could take the call have a chat, one of them gets no further
    chat from who came later, or volunteers who always hold one would never be free for a call.
    Each volunteer is asked for one contact at a time. A page that has not shown itself for 3 s
    keeps its volunteer for this round while it is asked to, so that a late heartbeat costs nobody
    the turn.

    Returns:
        Pairs in the order of the queue.
    """
    left = {each.person: each for each in free}
    found = []
    for head in sorted(heads, key=lambda each: (_came(each, now, weights), each.enq, each.id)):
        fit = [each for each in left.values() if _fits(head, each)]
        if not fit:
            soon = [each for each in left.values() if _fits(head, each, soon=True)]
            if soon:
                _take(left, min(soon, key=lambda each: _order(head, each)))
            continue
        chosen = min(fit, key=lambda each: _order(head, each))
        _take(left, chosen)
        # A caller whose leg lives is there; only a page has to show itself.
        proven = head.channel == PHONE or now - head.heard < PROOF_LASTS
        found.append(Pair(contact=head, volunteer=chosen, proven=proven))
    return found


def _take(left: dict[PersonId, Free], chosen: Free) -> None:
    """Ask somebody for nothing more, nor who is beside them: the two are one server."""
    del left[chosen.person]
    if chosen.beside is not None:
        left.pop(chosen.beside, None)


def _came(head: Waiting, now: datetime, weights: Mapping[str, int]) -> datetime:
    """Give the moment a contact would have come at, had each second counted once."""
    waited = now - head.enq
    if waited < timedelta():  # put behind others: no weight brings it forward
        return head.enq
    return now - waited * weights.get(head.channel, 1)


def _fits(head: Waiting, free: Free, *, soon: bool = False) -> bool:
    """Say whether somebody may be asked now; `soon`: once they have nothing in hand."""
    return (
        head.channel in free.channels
        and (head.channel != PHONE or free.load == 0 or soon)
        and head.language in free.languages
        and free.person not in head.excluded
    )


def _order(head: Waiting, free: Free) -> tuple[bool, int, int, int, bool, PersonId]:
    """Fewest channels trained keeps the others free for calls; then the fairest; branch last.

    Before all that comes who had this caller when the line dropped.
    """
    return (
        free.person != head.prefer,
        len(free.channels),
        free.load,
        free.busy_s,
        head.entry_branch is not None and free.branch != head.entry_branch,
        free.person,
    )
