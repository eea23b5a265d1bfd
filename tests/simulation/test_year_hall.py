"""The hall in memory: seats, rests and who is free. Held to the database by the law of the hour."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from luisterlijn.dispatch.model import Contact, Reason, State
from luisterlijn.dispatch.queue import Waiting
from luisterlijn.kernel.errors import Refusal
from luisterlijn.simulation.year_hall import Held, MemoryHall, Seat, packed
from luisterlijn.simulation.year_plan import contact_id, person_id
from tests.support.contacts import NIGHT, after

if TYPE_CHECKING:
    from luisterlijn.kernel.ids import ContactId, PersonId

ANJA, BAS = person_id(1), person_id(2)


def seat(person: PersonId, *channels: str, **fields: object) -> Seat:
    values: dict[str, object] = {
        "person": person,
        "branch": None,
        "channels": frozenset(channels or ("phone", "chat")),
        "languages": frozenset({"nl"}),
        "own_limit": 2,
        "capacity": 2,
        "takes_until": NIGHT + timedelta(hours=4),
    }
    return Seat(**{**values, **fields})  # type: ignore[arg-type] # mixed values


def arrive(hall: MemoryHall, number: int, channel: str = "phone", since_s: float = 0) -> ContactId:
    name, enq = contact_id(number), after(since_s)
    hall.arrive(
        Held(
            contact=Contact(
                id=name, channel=channel, state=State.ADMITTED, epoch=0, enq=enq, heard=enq
            ),
            waiting=Waiting(
                id=name,
                epoch=0,
                channel=channel,
                language="nl",
                enq=enq,
                heard=NIGHT + timedelta(days=1),
            ),
        ),
        enq,
    )
    return name


def staffed(*seats: Seat) -> MemoryHall:
    hall = MemoryHall()
    for each in seats:
        hall.check_in(each)
        hall.ready(each.person)
    return hall


def asked(hall: MemoryHall, at_s: float) -> list[tuple[ContactId, PersonId]]:
    return [(pair.contact.id, pair.volunteer.person) for pair in hall.round(after(at_s))]


def test_a_call_takes_all_seats_and_gives_them_back_after_the_wrap_up() -> None:
    hall = staffed(seat(ANJA))
    call = arrive(hall, 1)
    assert asked(hall, 0) == [(call, ANJA)]
    hall.accept(call, ANJA, 1, after(5))
    arrive(hall, 2, "chat")

    assert asked(hall, 6) == []
    hall.end(call, Reason.ENDED_BY_CALLER, after(600))
    assert asked(hall, 600) == []
    hall.wrap_up(call, ANJA, after(720))
    assert asked(hall, 720) == [(contact_id(2), ANJA)]
    assert hall.seats[ANJA].busy_s == 715


def test_two_chats_fit_and_a_third_waits() -> None:
    hall = staffed(seat(ANJA))
    chats = [arrive(hall, number, "chat", number) for number in (1, 2, 3)]
    made = []
    for at_s in (4, 5, 6):
        for contact, person in asked(hall, at_s):
            made.append(contact)
            hall.accept(contact, person, 1, after(at_s))

    assert made == chats[:2]


def test_who_declines_rests_a_minute_and_is_not_asked_for_the_same_at_once() -> None:
    hall = staffed(seat(ANJA))
    call = arrive(hall, 1)
    asked(hall, 0)
    until = hall.decline(call, ANJA, 1, after(4))

    assert until == after(64)
    assert asked(hall, 63) == []
    assert asked(hall, 64) == [(call, ANJA)]


def test_who_lets_an_offer_lapse_is_away_and_never_asked_for_that_one_again() -> None:
    hall = staffed(seat(ANJA), seat(BAS))
    call = arrive(hall, 1)
    [(_, first)] = asked(hall, 0)
    hall.lapse(call, after(19))
    assert hall.held[call].contact.state is State.OFFERED, "its time is not over yet"
    hall.lapse(call, after(20))

    assert asked(hall, 20) == [(call, BAS if first == ANJA else ANJA)]
    assert hall.seats[first].state == "away"
    hall.ready(first)
    other = arrive(hall, 2, since_s=21)
    assert asked(hall, 22) == [(other, first)]


def test_after_three_quarters_of_an_hour_a_rest_follows_until_the_volunteer_is_there_again() -> (
    None
):
    hall = staffed(seat(ANJA))
    call = arrive(hall, 1)
    asked(hall, 0)
    hall.accept(call, ANJA, 1, after(0))
    hall.end(call, Reason.ENDED_BY_CALLER, after(45 * 60))

    assert hall.wrap_up(call, ANJA, after(45 * 60 + 60))
    arrive(hall, 2, since_s=2800)
    assert asked(hall, 2900) == []
    hall.ready(ANJA)
    assert len(asked(hall, 2901)) == 1


def test_nobody_is_asked_beyond_the_last_call_margin() -> None:
    hall = staffed(seat(ANJA, takes_until=after(100)))
    arrive(hall, 1)
    arrive(hall, 2, since_s=1)

    assert len(asked(hall, 99)) == 1
    late = staffed(seat(ANJA, takes_until=after(100)))
    arrive(late, 1)
    assert asked(late, 100) == []


def test_who_gives_up_while_being_asked_frees_the_volunteer() -> None:
    hall = staffed(seat(ANJA))
    call, other = arrive(hall, 1), arrive(hall, 2, since_s=1)
    asked(hall, 2)
    hall.end(call, Reason.ABANDONED, after(3))

    assert asked(hall, 3) == [(other, ANJA)]
    with pytest.raises(KeyError):
        hall.accept(call, ANJA, 1, after(4))


def test_an_offer_that_was_taken_back_cannot_be_accepted() -> None:
    hall = staffed(seat(ANJA), seat(BAS))
    call = arrive(hall, 1)
    [(_, first)] = asked(hall, 0)
    hall.lapse(call, after(20))
    asked(hall, 20)

    with pytest.raises(Refusal):
        hall.accept(call, first, 1, after(21))


def test_overtaking_is_seen_when_a_rule_lets_it_happen() -> None:
    def last_first(heads: list, free: list, now: object) -> list:  # type: ignore[type-arg] # a mutant
        del now
        return packed(heads[-1:], free, NIGHT)

    hall = MemoryHall(last_first)
    hall.check_in(seat(ANJA))
    hall.ready(ANJA)
    arrive(hall, 1)
    arrive(hall, 2, since_s=5)

    assert asked(hall, 6) == [(contact_id(2), ANJA)]
    assert hall.overtaken == 1


def test_the_packed_rule_gives_a_second_chat_to_who_has_one_and_the_real_rule_does_not() -> None:
    second = {}
    for rule in (None, packed):
        hall = MemoryHall(rule) if rule is not None else MemoryHall()
        for person in (ANJA, BAS):
            hall.check_in(seat(person))
            hall.ready(person)
        first = arrive(hall, 1, "chat")
        [(_, had)] = asked(hall, 0)
        hall.accept(first, had, 1, after(1))
        arrive(hall, 2, "chat", 2)
        [(_, got)] = asked(hall, 3)
        second[rule] = got == had

    assert second == {None: False, packed: True}
