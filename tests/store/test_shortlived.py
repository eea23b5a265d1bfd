"""A ticket is good once, within its time; a flood of tickets costs bounded memory."""

from __future__ import annotations

from luisterlijn.store.shortlived import MOST_KEPT, Tickets


def test_a_ticket_is_good_once() -> None:
    tickets: Tickets[int] = Tickets(lasts_s=30)
    tickets.put("a", 1, now_s=0)

    assert tickets.take("a", now_s=1) == 1
    assert tickets.take("a", now_s=1) is None


def test_a_ticket_is_good_within_its_time_and_not_at_its_end() -> None:
    tickets: Tickets[int] = Tickets(lasts_s=30)
    tickets.put("a", 1, now_s=100)
    tickets.put("b", 2, now_s=100)

    assert tickets.take("a", now_s=129.9) == 1
    assert tickets.take("b", now_s=130) is None


def test_a_ticket_that_never_was_is_worth_nothing() -> None:
    assert Tickets[int](lasts_s=30).take("a", now_s=0) is None


def test_a_ticket_put_again_lasts_from_then_on() -> None:
    tickets: Tickets[int] = Tickets(lasts_s=30)
    tickets.put("a", 1, now_s=0)
    tickets.put("a", 2, now_s=20)

    assert tickets.take("a", now_s=45) == 2


def test_a_flood_pushes_out_the_oldest_first() -> None:
    tickets: Tickets[int] = Tickets(lasts_s=30)
    for number in range(MOST_KEPT + 1):
        tickets.put(str(number), number, now_s=0)

    assert tickets.take("0", now_s=1) is None
    assert tickets.take("1", now_s=1) == 1
    assert tickets.take(str(MOST_KEPT), now_s=1) == MOST_KEPT
