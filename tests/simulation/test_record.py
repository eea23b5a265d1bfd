"""The counters must be able to fail: each kind of bad record is counted as what it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from luisterlijn.simulation.record import Count, Record, Seen, Sent, View, arrived, in_order

ONE, TWO, THREE = "1" * 32, "2" * 32, "3" * 32
STREAM = "a" * 32


def seen(client_id: str, seq: int, *, counter: int | None = None, by: str = "visitor") -> Seen:
    return Seen(
        client_id=client_id,
        by=by,
        stream=STREAM,
        counter=seq - 1 if counter is None else counter,
        seq=seq,
        text=f"words of {client_id[0]}",
    )


def sent(client_id: str, seq: int, *, written: int | None = None) -> Sent:
    return Sent(
        client_id=client_id,
        text=f"words of {client_id[0]}",
        seq=seq,
        written=seq - 1 if written is None else written,
    )


def wrote(*lines: Sent) -> Record:
    record = Record()
    for line in lines:
        record.acknowledged(line)
    return record


def read(*lines: Seen) -> Record:
    return Record(views=[View(list(lines))])


GOOD = (seen(ONE, 1), seen(TWO, 2), seen(THREE, 3))
WRITER = wrote(sent(ONE, 1), sent(TWO, 2), sent(THREE, 3))


def test_a_chat_in_which_all_arrived_counts_nothing() -> None:
    assert arrived([WRITER], [View(list(GOOD))]) == Count()
    assert in_order([WRITER, read(*GOOD)]) == Count()


def test_an_acknowledged_line_that_a_reader_has_not_is_lost() -> None:
    assert arrived([WRITER], [View(list(GOOD[:2]))]) == Count(lost=1)


def test_every_reader_is_owed_every_line() -> None:
    assert arrived([WRITER], [View(list(GOOD)), View()]) == Count(lost=3)


def test_a_successor_is_owed_what_was_said_to_the_one_before() -> None:
    before = wrote(replace(sent(THREE, 3), text="from who left"))

    assert arrived([WRITER, before], [View(list(GOOD[:2]))]).lost == 2


@pytest.mark.parametrize("text", [None, "other words"])
def test_a_line_that_reads_differently_is_unreadable(text: str | None) -> None:
    altered = replace(GOOD[1], text=text)

    assert arrived([WRITER], [View([GOOD[0], altered, GOOD[2]])]) == Count(unreadable=1)


def test_a_line_with_another_number_than_was_acknowledged_is_reordered() -> None:
    moved = [GOOD[0], replace(GOOD[2], seq=2), replace(GOOD[1], seq=3)]

    assert arrived([WRITER], [View(moved)]) == Count(reordered=2)


def test_a_line_that_no_key_will_open_is_unreadable() -> None:
    broken = replace(GOOD[2], text=None, broken=True)

    assert in_order([read(*GOOD[:2], broken)]) == Count(unreadable=1)


def test_a_line_shown_twice_is_doubled() -> None:
    again = replace(GOOD[2], seq=4, counter=3)

    assert in_order([read(*GOOD, again)]) == Count(doubled=1)


def test_the_same_words_under_two_ids_are_doubled() -> None:
    again = replace(GOOD[2], client_id="4" * 32, seq=4, counter=3)

    assert in_order([read(*GOOD, again)]) == Count(doubled=1)


def test_a_line_that_got_two_numbers_is_doubled() -> None:
    writer = wrote(sent(ONE, 1), replace(sent(ONE, 1), seq=2))

    assert in_order([writer]) == Count(doubled=1)


def test_two_lines_with_one_number_are_doubled() -> None:
    assert in_order([wrote(sent(ONE, 1), sent(TWO, 1, written=1))]).doubled == 1


def test_a_view_with_a_hole_is_out_of_order() -> None:
    assert in_order([read(GOOD[0], GOOD[2])]) == Count(reordered=1)


def test_a_view_that_does_not_begin_at_the_first_line_is_out_of_order() -> None:
    assert in_order([read(*GOOD[1:])]) == Count(reordered=1)


def test_a_stream_that_runs_back_is_out_of_order() -> None:
    swapped = [replace(GOOD[0], counter=1), replace(GOOD[1], counter=0)]

    assert in_order([read(*swapped)]) == Count(reordered=1)


def test_lines_numbered_otherwise_than_they_were_written_are_out_of_order() -> None:
    assert in_order([wrote(sent(ONE, 2, written=0), sent(TWO, 1, written=1))]) == Count(reordered=1)


def test_a_view_of_long_ago_counts_too() -> None:
    record = Record(views=[View([GOOD[1]]), View(list(GOOD))])

    assert in_order([record]) == Count(reordered=1)


def test_a_line_whose_key_came_later_is_read() -> None:
    view = View([replace(GOOD[0], text=None), GOOD[1], GOOD[2]])

    view.opened(ONE, "words of 1")

    assert arrived([WRITER], [view]) == Count()
