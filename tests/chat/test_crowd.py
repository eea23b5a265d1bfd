"""A flood goes behind others; who waits from home does not notice."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from luisterlijn.chat.crowd import AT_ONCE, BEHIND, Crowd
from luisterlijn.dispatch.events import ConversationEnded
from luisterlijn.kernel.ids import ContactId

FLOOD, HOME = b"a network", b"another"


def contact(number: int) -> ContactId:
    return ContactId(UUID(int=number))


def over(number: int) -> ConversationEnded:
    return ConversationEnded(
        contact=contact(number), channel="chat", volunteer=None, reason="abandoned"
    )


def test_only_who_comes_on_top_of_three_of_one_network_goes_behind() -> None:
    crowd = Crowd()
    delays = []
    for number in range(5):
        delays.append(crowd.delay(FLOOD))
        crowd.came(contact(number), FLOOD)

    assert delays == [timedelta()] * AT_ONCE + [BEHIND] * 2
    assert crowd.delay(HOME) == timedelta()


def test_a_wait_that_is_over_counts_no_more_however_often_it_is_told() -> None:
    crowd = Crowd()
    for number in range(AT_ONCE + 1):
        crowd.came(contact(number), FLOOD)

    for _ in range(3):
        crowd.went(over(0))
    assert crowd.delay(FLOOD) == BEHIND

    crowd.went(over(1))
    assert crowd.delay(FLOOD) == timedelta()
