"""Four conversations a day, by a name that dies; withheld numbers never counted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from luisterlijn.kernel.ids import ContactId, PersonId
from luisterlijn.telephony.limits import Caller, Limits, number_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
LONG, SHORT = timedelta(minutes=20), timedelta(seconds=119)
JO, MO = Caller(b"jo", None), Caller(b"mo", None)


def contact(number: int) -> ContactId:
    return ContactId(UUID(int=number))


def talked(limits: Limits, caller: Caller | None, number: int, at: datetime = NOON) -> bool:
    """Let a caller have a conversation; gives whether they hear that one is left."""
    limits.began(contact(number), caller, at)
    tells = limits.ended(contact(number), LONG, at)
    limits.closed(contact(number))
    return tells


def test_the_fifth_is_past_the_limit_and_the_third_hears_so_at_its_end() -> None:
    limits = Limits(4)

    assert [talked(limits, JO, each) for each in range(4)] == [False, False, True, False]
    assert limits.is_over(JO, NOON)
    assert not limits.is_over(MO, NOON)


def test_a_day_later_it_is_forgotten() -> None:
    limits = Limits(4)
    for each in range(4):
        talked(limits, JO, each)

    later = NOON + timedelta(hours=24)
    assert not limits.is_over(JO, later)
    limits.forget_old(later)
    assert limits.had(JO, NOON) == 0


def test_a_conversation_of_yesterdays_name_counts_too() -> None:
    limits = Limits(2)
    talked(limits, Caller(b"old", None), 1)
    talked(limits, Caller(b"new", b"old"), 2)

    assert limits.is_over(Caller(b"new", b"old"), NOON)


def test_a_short_a_silent_and_a_doubled_conversation_do_not_count() -> None:
    limits = Limits(4)
    for number in (1, 2, 3):
        limits.began(contact(number), JO, NOON)
    limits.ended(contact(1), SHORT, NOON)
    limits.ended(contact(2), LONG, NOON)
    limits.was_silent(contact(2))
    limits.ended(contact(3), LONG, NOON)
    limits.ended(contact(3), LONG, NOON)

    assert limits.had(JO, NOON) == 1


@pytest.mark.parametrize(
    "sender", ["", "anonymous", "Restricted", "+266696687", "unavailable", "0612345678", "+31 6"]
)
def test_a_withheld_number_has_no_name(sender: str) -> None:
    assert number_of(sender) is None
    limits = Limits(1)
    talked(limits, None, 1)
    assert not limits.is_over(None, NOON)


def test_without_a_limit_nobody_is_over_it() -> None:
    limits = Limits(0)

    assert not any(talked(limits, JO, each) for each in range(9))
    assert not limits.is_over(JO, NOON)


def test_a_code_lets_in_once_and_within_a_day() -> None:
    limits = Limits(4)
    limits.give("12345678", NOON)
    limits.give("87654321", NOON)

    assert not limits.use("00000000", NOON)
    assert limits.use("12345678", NOON)
    assert not limits.use("12345678", NOON)
    assert not limits.use("87654321", NOON + timedelta(hours=24))


def test_who_was_abused_is_spared_for_an_hour() -> None:
    limits = Limits(4)
    anna = PersonId(UUID(int=99))
    limits.began(contact(1), JO, NOON)
    limits.abused(contact(1), anna, NOON)

    assert limits.spared(JO, NOON) == {anna}
    assert limits.spared(Caller(b"new", b"jo"), NOON) == {anna}
    assert limits.spared(MO, NOON) == frozenset()
    assert limits.spared(JO, NOON + timedelta(hours=1)) == frozenset()


def test_who_knows_the_caller_is_spared_until_the_shift_ends() -> None:
    limits = Limits(4)
    anna, ends = PersonId(UUID(int=99)), NOON + timedelta(hours=3)
    limits.began(contact(1), JO, NOON)
    limits.began(contact(2), None, NOON)
    limits.spare(contact(1), anna, ends)
    limits.spare(contact(2), anna, ends)

    assert limits.spared(JO, ends - timedelta(seconds=1)) == {anna}
    assert limits.spared(None, NOON) == limits.spared(JO, ends) == frozenset()


def test_who_goes_on_past_the_limit_is_known_for_that_call_and_counted_no_more() -> None:
    limits, leg = Limits(1), UUID(int=7)
    talked(limits, JO, 1)
    limits.turned(leg, JO, NOON)

    assert limits.goes_on(leg) == JO
    assert limits.goes_on(leg) is None
    limits.began(contact(2), JO, NOON, counts=False)
    limits.ended(contact(2), LONG, NOON)
    assert limits.had(JO, NOON) == 1


def test_after_a_day_no_name_is_left_whatever_was_never_said_to_be_over() -> None:
    limits, leg = Limits(1), UUID(int=7)
    limits.began(contact(1), JO, NOON)
    limits.ended(contact(1), LONG, NOON)
    limits.abused(contact(1), PersonId(UUID(int=99)), NOON)
    limits.give("12345678", NOON)
    limits.turned(leg, JO, NOON)
    before = held(limits)

    limits.forget_old(NOON + timedelta(hours=24))

    assert all(before)
    assert not any(held(limits))


def held(limits: Limits) -> list[int]:
    """Give how much each of its memories holds."""
    memories = [getattr(limits, name) for name in Limits.__slots__ if name != "a_day"]
    return [len(each) for each in memories]
