"""The chain of the audit trail, pure: whatever is done to it is named by its number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from luisterlijn.audit import model
from luisterlijn.audit.model import Entry, Fault, Head, Wrong
from luisterlijn.kernel.ids import PersonId

NIGHT = datetime(2026, 3, 14, 3, tzinfo=UTC)
ADA = PersonId(UUID(int=7))


def written(count: int, head: Head | None = None) -> tuple[list[Entry], Head]:
    """Give a chain of so many entries, and its head."""
    head = head or Head(seq=0, hash=model.NOTHING)
    entries = []
    for number in range(count):
        entry = Entry(
            seq=head.seq + 1,
            hour=NIGHT + timedelta(hours=number),
            what="joined",
            person=ADA if number % 2 else None,
            facts=b'{"mode":"read"}',
            subject=bytes([number]) * 8 if number % 3 else None,
            before=head.hash,
        )
        entry = replace(entry, hash=model.hash_of(entry))
        entries.append(entry)
        head = replace(head, seq=entry.seq, hash=entry.hash)
    return entries, head


def rehashed(entry: Entry, **changed: object) -> Entry:
    """Change an entry and write its own hash anew, as who knows the code would."""
    other = replace(entry, **changed)  # type: ignore[arg-type] # mixed fields
    return replace(other, hash=model.hash_of(other))


def test_a_chain_as_it_was_written_has_no_fault() -> None:
    assert model.faults(*written(9)) == []
    assert model.faults(*written(0)) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"hour": NIGHT - timedelta(hours=1)},
        {"what": "left"},
        {"person": None},
        {"person": PersonId(UUID(int=8))},
        {"facts": b'{"mode":"join"}'},
        {"facts": b""},
        {"subject": None},
        {"subject": b""},
        {"before": bytes(32)},
        {"hash": bytes(32)},
        {"hash": b""},
    ],
    ids=str,
)
def test_an_entry_with_another_value_is_named_and_no_other(changed: dict[str, object]) -> None:
    entries, head = written(9)
    entries[5] = replace(entries[5], **changed)  # type: ignore[arg-type] # mixed fields

    assert model.faults(entries, head) == [Fault(6, 6, Wrong.CHANGED)]


def test_an_entry_whose_own_hash_was_written_anew_is_named_by_those_after_it() -> None:
    entries, head = written(9)
    entries[4] = rehashed(entries[4], what="left")

    assert model.faults(entries, head) == [Fault(5, 5, Wrong.CHANGED)]


def test_a_chain_that_was_written_anew_from_an_entry_on_is_named_at_its_end() -> None:
    entries, head = written(9)
    entries[4] = rehashed(entries[4], what="left")
    for place in range(5, 9):
        entries[place] = rehashed(entries[place], before=entries[place - 1].hash)

    assert model.faults(entries, head) == [Fault(9, 9, Wrong.CHANGED)]


def test_entries_that_are_gone_are_named_in_the_middle_at_the_front_and_at_the_end() -> None:
    entries, head = written(9)

    assert model.faults(entries[:3] + entries[5:], head) == [Fault(4, 5, Wrong.MISSING)]
    assert model.faults(entries[2:], head) == [Fault(1, 2, Wrong.MISSING)]
    assert model.faults(entries[:6], head) == [Fault(7, 9, Wrong.MISSING)]
    assert model.faults([], head) == [Fault(1, 9, Wrong.MISSING)]


def test_an_entry_put_in_is_named_wherever_it_claims_to_be() -> None:
    entries, head = written(9)
    behind = rehashed(entries[8], seq=10, before=entries[8].hash)
    twice = rehashed(entries[3], what="left")
    before_all = rehashed(entries[0], seq=0)

    assert model.faults([*entries, behind], head) == [Fault(10, 10, Wrong.ADDED)]
    assert model.faults([*entries, twice], head) == [Fault(4, 4, Wrong.ADDED)]
    assert model.faults([before_all, *entries], head) == [Fault(0, 0, Wrong.ADDED)]


def test_two_entries_that_changed_places_are_both_named() -> None:
    entries, head = written(9)
    entries[2], entries[6] = replace(entries[6], seq=3), replace(entries[2], seq=7)

    assert model.faults(entries, head) == [
        Fault(3, 3, Wrong.CHANGED),
        Fault(7, 7, Wrong.CHANGED),
    ]


def test_the_order_in_which_entries_are_read_does_not_matter() -> None:
    entries, head = written(9)

    assert model.faults(reversed(entries), head) == []


def test_a_chain_whose_oldest_entries_were_removed_in_time_is_whole_from_the_first_one_left() -> (
    None
):
    entries, head = written(9)
    begins = replace(head, gone_seq=4, gone_hash=entries[3].hash)

    assert model.faults(entries[4:], begins) == []
    assert model.faults(entries[5:], begins) == [Fault(5, 5, Wrong.MISSING)]
    assert model.faults(entries[3:], begins) == [Fault(4, 4, Wrong.ADDED)]


def test_a_head_that_was_changed_is_named_by_the_entry_it_speaks_of() -> None:
    entries, head = written(9)

    for changed, fault in (
        (replace(head, hash=bytes(32)), Fault(9, 9, Wrong.CHANGED)),
        (replace(head, seq=12), Fault(10, 12, Wrong.MISSING)),
        (replace(head, seq=2**60), Fault(10, 2**60, Wrong.MISSING)),
        (replace(head, gone_hash=b"x" * 32), Fault(0, 0, Wrong.CHANGED)),
    ):
        assert model.faults(entries, changed) == [fault]
    shorter = model.faults(entries, replace(head, seq=8))
    assert Fault(9, 9, Wrong.ADDED) in shorter


def test_what_stands_in_one_field_cannot_be_moved_to_the_next_unseen() -> None:
    entries, _head = written(1)
    one = replace(entries[0], what="joined", facts=b"x")
    other = replace(entries[0], what="joinedx", facts=b"")

    assert model.hash_of(one) != model.hash_of(other)


def test_a_hash_that_was_written_down_outside_finds_a_trail_written_anew_head_and_all() -> None:
    entries, head = written(9)
    anew, other = written(8)
    forged = rehashed(anew[4], what="left")

    assert model.not_as_noted(entries, head, 5, entries[4].hash) == []
    assert model.not_as_noted([forged], other, 5, entries[4].hash) == [Fault(5, 5, Wrong.CHANGED)]
    assert model.not_as_noted(anew, other, 9, head.hash) == [Fault(9, 9, Wrong.MISSING)]


def test_a_hash_written_down_of_an_entry_whose_time_is_over_says_nothing() -> None:
    entries, head = written(9)
    begins = replace(head, gone_seq=4, gone_hash=entries[3].hash)

    assert model.not_as_noted(entries[4:], begins, 2, b"x" * 32) == []
    assert model.not_as_noted(entries[4:], begins, 4, entries[3].hash) == []
    assert model.not_as_noted(entries[4:], begins, 4, b"x" * 32) == [Fault(4, 4, Wrong.CHANGED)]


def test_an_hour_is_the_finest_moment_that_an_entry_holds() -> None:
    assert model.whole_hour(NIGHT + timedelta(minutes=59, microseconds=1)) == NIGHT
