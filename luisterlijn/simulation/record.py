"""What each end of a chat wrote down for itself, and what two such records say together."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """An own line that the server acknowledged. `written`: the how-manieth we wrote, from 0."""

    client_id: str
    text: str
    seq: int
    written: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A line as it was taken in. `text` None: not decrypted. `broken`: no key will open it."""

    client_id: str
    by: str
    stream: str
    counter: int
    seq: int
    text: str | None
    broken: bool = False


@dataclass(slots=True)
class View:
    """What one load of a page, or one stay of a console, took in: in that order."""

    lines: list[Seen] = field(default_factory=list)

    def opened(self, client_id: str, text: str | None) -> None:
        """Note that a line could be read later; None: it proved to be broken."""
        self.lines = [
            replace(line, text=text, broken=text is None) if line.client_id == client_id else line
            for line in self.lines
        ]


@dataclass(slots=True)
class Record:
    """All that one person's end knows of one chat, over all loads of the page or console."""

    sent: dict[str, Sent] = field(default_factory=dict)
    views: list[View] = field(default_factory=list)
    written: int = 0
    renumbered: int = 0

    def number(self) -> int:
        """Give the next own line its number."""
        self.written += 1
        return self.written - 1

    def acknowledged(self, sent: Sent) -> None:
        """Note an acknowledgement; the same line keeps its number for ever."""
        known = self.sent.setdefault(sent.client_id, sent)
        self.renumbered += known.seq != sent.seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What went wrong. Everything must be 0."""

    lost: int = 0
    doubled: int = 0
    reordered: int = 0
    unreadable: int = 0

    def __add__(self, other: Count) -> Count:
        """Give both together."""
        return Count(
            lost=self.lost + other.lost,
            doubled=self.doubled + other.doubled,
            reordered=self.reordered + other.reordered,
            unreadable=self.unreadable + other.unreadable,
        )

    def __bool__(self) -> bool:
        """Say whether anything went wrong."""
        return self != Count()


def arrived(records: Iterable[Record], readers: Iterable[View]) -> Count:
    """Count what readers miss: each must have every line acknowledged to anybody, readable.

    Args:
        records: of all who ever wrote in the chat.
        readers: what those who have the chat now took in; nobody else is owed anything.
    """
    owed = [sent for record in records for sent in record.sent.values()]
    count = Count()
    for reader in readers:
        has = {line.client_id: line for line in reader.lines}
        for sent in owed:
            line = has.get(sent.client_id)
            if line is None:
                count += Count(lost=1)
            elif line.text != sent.text:
                count += Count(unreadable=1)
            elif line.seq != sent.seq:
                count += Count(reordered=1)
    return count


def in_order(records: Iterable[Record]) -> Count:
    """Count what no view may ever have shown: a line twice, out of order, or broken."""
    count = Count()
    for record in records:
        for view in record.views:
            count += _shown(view.lines)
        by_seq = sorted(record.sent.values(), key=lambda sent: sent.seq)
        count += Count(
            doubled=record.renumbered + _repeats([sent.seq for sent in by_seq]),
            reordered=_falls([sent.written for sent in by_seq]),
        )
    return count


def _shown(lines: Sequence[Seen]) -> Count:
    streams: dict[tuple[str, str], list[int]] = {}
    for line in lines:
        streams.setdefault((line.by, line.stream), []).append(line.counter)
    texts = [(line.by, line.text) for line in lines if line.text is not None]
    seqs = [line.seq for line in lines]
    jumps = sum(seq != before + 1 for before, seq in pairwise([0, *seqs]))
    return Count(
        doubled=max(_repeats([line.client_id for line in lines]), _repeats(texts)),
        reordered=jumps + sum(_falls(counters) for counters in streams.values()),
        unreadable=sum(line.broken for line in lines),
    )


def _repeats(things: Sequence[object]) -> int:
    return sum(times - 1 for times in Counter(things).values())


def _falls(numbers: Sequence[int]) -> int:
    return sum(later <= earlier for earlier, later in pairwise(numbers))
