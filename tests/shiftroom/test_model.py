"""Who a line is for, how long it stays, and what is refused. Without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from luisterlijn.kernel.errors import Code, Refusal
from luisterlijn.kernel.ids import PersonId
from luisterlijn.shiftroom.model import (
    BOX_BYTES,
    SEALED_SIZES,
    Here,
    check_line,
    member_of,
    members,
    said_until,
)

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
BOX = bytes(BOX_BYTES)


def here(number: int, *, ends: datetime | None = NOON, key: bytes | None = b"k") -> Here:
    """Give somebody who is on now; `ends` None: a coach."""
    return Here(
        person=PersonId(UUID(int=number)),
        name="Anja",
        branch_name=None if ends is None else "Utrecht",
        public_key=None if key is None else key + bytes([number]),
        ends=ends,
    )


def refusal(sealed: bytes, boxes: dict[bytes, bytes], now: set[bytes]) -> Code:
    """Give the code with which a line is refused."""
    with pytest.raises(Refusal) as refused:
        check_line(sealed, boxes, now)
    return refused.value.code


def test_a_member_is_named_by_the_key_and_by_nothing_else() -> None:
    assert member_of(b"one") == member_of(b"one") != member_of(b"two")
    assert len(member_of(b"one")) == 16


def test_who_has_no_console_open_is_on_now_but_reads_nothing() -> None:
    anja, bas = here(1), here(2, key=None)

    assert list(members([anja, bas]).values()) == [anja]


def test_a_line_goes_with_the_shift_of_who_said_it() -> None:
    long, short = here(1, ends=NOON + 4 * HOUR), here(2, ends=NOON + HOUR)

    assert said_until(short, [long, short]) == NOON + HOUR


def test_a_coachs_line_goes_with_the_last_shift_that_runs() -> None:
    ada = here(3, ends=None)
    shifts = [here(1, ends=NOON + 4 * HOUR), here(2, ends=NOON + HOUR)]

    assert said_until(ada, [ada, *shifts]) == NOON + 4 * HOUR


def test_without_a_shift_there_is_no_room() -> None:
    with pytest.raises(Refusal) as refused:
        said_until(here(3, ends=None), [here(3, ends=None), here(4, ends=None)])

    assert refused.value.code is Code.NOT_ON_SHIFT


@pytest.mark.parametrize("size", SEALED_SIZES)
def test_a_line_for_exactly_who_is_there_is_taken(size: int) -> None:
    check_line(bytes(size), {b"a": BOX, b"b": BOX}, {b"a", b"b"})


@pytest.mark.parametrize("boxes", [{b"a"}, {b"a", b"b", b"c"}, {b"a", b"c"}, set()])
def test_a_line_for_more_fewer_or_others_is_refused(boxes: set[bytes]) -> None:
    assert refusal(bytes(272), dict.fromkeys(boxes, BOX), {b"a", b"b"}) is Code.ROOM_CHANGED


def test_lengths_that_no_line_or_box_has_are_refused() -> None:
    now = {b"a"}

    assert refusal(bytes(271), {b"a": BOX}, now) is Code.BAD_REQUEST
    assert refusal(b"", {b"a": BOX}, now) is Code.BAD_REQUEST
    assert refusal(bytes(4_113), {b"a": BOX}, now) is Code.MESSAGE_TOO_LONG
    assert refusal(bytes(272), {b"a": BOX + b"x"}, now) is Code.BAD_REQUEST
