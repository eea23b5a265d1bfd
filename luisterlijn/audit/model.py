"""The chain of the audit trail: what each entry's hash covers, and what is wrong with a chain.

Each entry's hash covers its fields and the hash before it, so that no entry can be changed, left
out, put in or moved without another number. The head says where the chain ends, and behind which
entry it begins: what is older than its time was removed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from luisterlijn.kernel.ids import PersonId

if TYPE_CHECKING:
    from collections.abc import Iterable

HASH_BYTES = 32
NOTHING = bytes(HASH_BYTES)
"""The hash before the first entry."""
_LENGTH_BYTES = 4
_NUMBER_BYTES = 8
_ABSENT = b"\xff" * _LENGTH_BYTES
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that was done, as its row says.

    `person`: who did it; None: the line itself. `facts`: JSON without names, words or contacts.
    `subject`: which contact, sealed for seven days; the sealed value is what is hashed.
    """

    seq: int
    hour: datetime
    what: str
    person: PersonId | None
    facts: bytes
    subject: bytes | None
    before: bytes
    hash: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Where the chain ends, and the last entry whose time is over: it begins behind that one."""

    seq: int
    hash: bytes
    gone_seq: int = 0
    gone_hash: bytes = NOTHING


@unique
class Wrong(StrEnum):
    """What can be wrong with an entry."""

    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken entry by its number, or a run of them from `first` to `last`."""

    first: int
    last: int
    wrong: Wrong


def whole_hour(moment: datetime) -> datetime:
    """Give the start of the hour: no finer moment outlives a contact."""
    return moment.replace(minute=0, second=0, microsecond=0)


def hash_of(entry: Entry) -> bytes:
    """Give the hash of an entry's fields; lengths before the parts, so that no two spell alike."""
    parts = (
        entry.seq.to_bytes(_NUMBER_BYTES, "big", signed=True),
        ((entry.hour - _EPOCH) // _MICROSECOND).to_bytes(_NUMBER_BYTES, "big", signed=True),
        entry.what.encode(),
        entry.person.bytes if entry.person is not None else None,
        entry.facts,
        entry.subject,
        entry.before,
    )
    covered = hashlib.sha256()
    for part in parts:
        if part is None:
            covered.update(_ABSENT)
        else:
            covered.update(len(part).to_bytes(_LENGTH_BYTES, "big") + part)
    return covered.digest()


def faults(entries: Iterable[Entry], head: Head) -> list[Fault]:
    """Name every entry that is not as it was written, by its number.

    The chain is followed back from its head: each entry that is whole says what the hash of the
    one before it must be.

    Args:
        entries: all there are, in any order.
        head: of the same moment.
    """
    inside: dict[int, Entry] = {}
    found: list[Fault] = []
    for entry in entries:
        if head.gone_seq < entry.seq <= head.seq and entry.seq not in inside:
            inside[entry.seq] = entry
        else:
            found.append(Fault(entry.seq, entry.seq, Wrong.ADDED))
    known: bytes | None = head.hash
    after = head.seq + 1
    for seq in sorted(inside, reverse=True):
        if seq + 1 < after:
            found.append(Fault(seq + 1, after - 1, Wrong.MISSING))
        entry, own = inside[seq], hash_of(inside[seq])
        expected = known if seq + 1 == after else None
        if own != entry.hash or expected not in (None, own):
            found.append(Fault(seq, seq, Wrong.CHANGED))
        trusted = own == (entry.hash if expected is None else expected)
        after, known = seq, entry.before if trusted else None
    if head.gone_seq + 1 < after:
        found.append(Fault(head.gone_seq + 1, after - 1, Wrong.MISSING))
    elif known not in (None, head.gone_hash):
        found.append(Fault(head.gone_seq, head.gone_seq, Wrong.CHANGED))
    return sorted(found, key=lambda each: (each.first, each.last))


def not_as_noted(entries: Iterable[Entry], head: Head, seq: int, noted: bytes) -> list[Fault]:
    """Name the entry whose hash was written down outside and is another now.

    It tells what the chain alone cannot: that all up to there was written anew, head included.
    """
    held = next((each.hash for each in entries if each.seq == seq), None)
    if seq == head.gone_seq:
        held = head.gone_hash
    if held == noted or (held is None and seq < head.gone_seq):
        return []
    return [Fault(seq, seq, Wrong.CHANGED if held is not None else Wrong.MISSING)]
