"""Who is asked next."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from luisterlijn.dispatch.queue import Free, Pair, Waiting, pairs
from luisterlijn.kernel.ids import BranchId, ContactId, PersonId

NIGHT = datetime(2026, 3, 14, 3, tzinfo=UTC)
UTRECHT, ZWOLLE = BranchId(UUID(int=501)), BranchId(UUID(int=502))


def head(number: int, since_s: float = 60, **fields: object) -> Waiting:
    made = Waiting(
        id=ContactId(UUID(int=number)),
        epoch=0,
        channel="chat",
        language="nl",
        enq=NIGHT - timedelta(seconds=since_s),
        heard=NIGHT,
    )
    return replace(made, **fields)  # type: ignore[arg-type] # mixed fields


def person(number: int, **fields: object) -> Free:
    made = Free(
        person=PersonId(UUID(int=number)),
        branch=UTRECHT,
        channels=frozenset({"chat"}),
        languages=frozenset({"nl"}),
        load=0,
        busy_s=0,
    )
    return replace(made, **fields)  # type: ignore[arg-type] # mixed fields


def asked(found: list[Pair]) -> list[tuple[int, int]]:
    """Give (contact, volunteer) by number."""
    return [(pair.contact.id.int, pair.volunteer.person.int) for pair in found]


def test_who_waits_longest_comes_first_whatever_the_order_of_the_rows() -> None:
    found = pairs([head(1, 10), head(2, 90), head(3, 50)], [person(7)], NIGHT)

    assert asked(found) == [(2, 7)]


def test_of_two_who_came_at_the_same_moment_the_order_is_always_the_same() -> None:
    assert asked(pairs([head(2), head(1)], [person(7)], NIGHT)) == [(1, 7)]


def test_who_is_trained_for_fewest_channels_is_asked_first_to_keep_the_others_for_calls() -> None:
    both = person(1, channels=frozenset({"chat", "phone"}))

    found = pairs([head(1)], [both, person(2, load=2, busy_s=9000)], NIGHT)

    assert asked(found) == [(1, 2)]


def test_then_who_has_fewest_chats_in_hand() -> None:
    found = pairs([head(1)], [person(1, load=1), person(2, busy_s=9000)], NIGHT)

    assert asked(found) == [(1, 2)]


def test_then_who_was_least_busy_this_shift() -> None:
    found = pairs([head(1)], [person(1, busy_s=61), person(2, busy_s=60, branch=None)], NIGHT)

    assert asked(found) == [(1, 2)]


def test_of_a_trainee_and_the_mentor_beside_them_one_is_asked_in_a_round() -> None:
    two, one = PersonId(UUID(int=2)), PersonId(UUID(int=1))

    found = pairs(
        [head(1, 90), head(2, 50), head(3, 10)],
        [person(1, beside=two), person(2, beside=one), person(3)],
        NIGHT,
    )

    assert asked(found) == [(1, 1), (2, 3)]


def test_the_own_branch_is_the_last_tie_break() -> None:
    from_zwolle = head(1, entry_branch=ZWOLLE)

    assert asked(pairs([from_zwolle], [person(1), person(2, branch=ZWOLLE)], NIGHT)) == [(1, 2)]
    busier = person(2, branch=ZWOLLE, busy_s=1)
    assert asked(pairs([from_zwolle], [person(1), busier], NIGHT)) == [(1, 1)]


def test_a_page_that_came_through_no_branch_makes_no_branch_wait() -> None:
    assert asked(pairs([head(1)], [person(2), person(1, branch=None)], NIGHT)) == [(1, 1)]


def test_nobody_is_asked_twice_in_one_round() -> None:
    found = pairs([head(1, 3), head(2, 2), head(3, 1)], [person(7), person(8)], NIGHT)

    assert asked(found) == [(1, 7), (2, 8)]


def test_who_may_not_be_asked_is_passed_over_and_the_next_person_is_not_held_up() -> None:
    knows_them = head(1, 90, excluded=frozenset({PersonId(UUID(int=7))}))

    assert asked(pairs([knows_them, head(2, 10)], [person(7)], NIGHT)) == [(2, 7)]
    assert asked(pairs([knows_them], [person(7), person(8, load=2)], NIGHT)) == [(1, 8)]


def test_a_contact_is_offered_only_to_somebody_who_speaks_its_language_and_does_its_channel() -> (
    None
):
    english, caller = head(1, 90, language="en"), head(2, 80, channel="phone")
    bilingual = person(8, languages=frozenset({"nl", "en"}))

    assert asked(pairs([english, caller], [person(7)], NIGHT)) == []
    assert asked(pairs([english, caller, head(3)], [person(7), bilingual], NIGHT)) == [
        (1, 8),
        (3, 7),
    ]


def test_a_page_not_heard_for_3_seconds_is_asked_to_show_itself_and_holds_its_turn() -> None:
    quiet = head(1, 90, heard=NIGHT - timedelta(seconds=3))

    [pair] = pairs([quiet, head(2, 10)], [person(7)], NIGHT)

    assert asked([pair]) == [(1, 7)]
    assert not pair.proven
    assert pairs([head(1, heard=NIGHT - timedelta(seconds=2.9))], [person(7)], NIGHT)[0].proven


BOTH = frozenset({"chat", "phone"})


def test_a_call_goes_to_nobody_who_has_a_chat_in_hand() -> None:
    call, chat = head(1, 90, channel="phone"), head(2, 30)
    busy, idle = person(7, channels=BOTH, load=1), person(8, channels=BOTH)

    assert asked(pairs([call, chat], [busy, idle], NIGHT)) == [(1, 8), (2, 7)]


def test_while_a_caller_waits_longest_one_who_could_take_the_call_gets_no_further_chat() -> None:
    call, chats = head(1, 90, channel="phone"), [head(2, 60), head(3, 30)]
    busier, busy = person(6, channels=BOTH, load=2), person(7, channels=BOTH, load=1)

    assert asked(pairs([call, *chats], [busy], NIGHT)) == []
    assert asked(pairs([call, *chats], [busier, busy], NIGHT)) == [(2, 6)]
    assert asked(pairs([call, *chats], [person(8, load=1), busy], NIGHT)) == [(2, 8)]
    assert asked(pairs([call, *chats], [person(9), busy], NIGHT)) == [(2, 9)]


def test_a_chatter_who_came_before_the_caller_is_not_held_up() -> None:
    call, chat = head(1, 30, channel="phone"), head(2, 90)

    assert asked(pairs([call, chat], [person(7, channels=BOTH, load=1)], NIGHT)) == [(2, 7)]


def test_a_second_of_waiting_counts_as_often_as_the_line_says_for_its_channel() -> None:
    call, chat = head(1, 31, channel="phone"), head(2, 90)
    free = [person(7, channels=BOTH)]

    assert asked(pairs([call, chat], free, NIGHT)) == [(2, 7)]
    assert asked(pairs([call, chat], free, NIGHT, {"phone": 3})) == [(1, 7)]
    assert asked(pairs([call, chat], free, NIGHT, {"phone": 3, "chat": 3})) == [(2, 7)]


def test_no_weight_brings_forward_who_was_put_behind_others() -> None:
    put_behind, chat = head(1, -60, channel="phone"), head(2, 0)
    free = [person(7, channels=BOTH)]

    assert asked(pairs([put_behind, chat], free, NIGHT, {"phone": 100})) == [(2, 7)]


def test_who_had_the_caller_before_the_line_dropped_is_asked_first_and_waited_for_by_nobody() -> (
    None
):
    had, idler = person(9, channels=BOTH, busy_s=900), person(3)
    dropped = head(1, 90, prefer=had.person)

    assert asked(pairs([dropped], [idler, had], NIGHT)) == [(1, 9)]
    assert asked(pairs([dropped], [idler], NIGHT)) == [(1, 3)]


def test_a_caller_shows_no_page_and_is_asked_for_no_proof() -> None:
    call = head(1, 900, channel="phone", heard=NIGHT - timedelta(seconds=900))
    [found] = pairs([call], [person(7, channels=BOTH)], NIGHT)

    assert found.proven


def test_an_empty_queue_or_an_empty_house_asks_nobody() -> None:
    assert pairs([], [person(7)], NIGHT) == []
    assert pairs([head(1)], [], NIGHT) == []


PEOPLE = st.lists(
    st.builds(
        person,
        st.integers(1, 8),
        load=st.integers(0, 2),
        busy_s=st.integers(0, 2),
        channels=st.sampled_from([frozenset({"chat"}), frozenset({"chat", "phone"})]),
        languages=st.sampled_from([frozenset({"nl"}), frozenset({"nl", "en"})]),
    ),
    max_size=5,
    unique_by=lambda each: each.person,
)
HEADS = st.lists(
    st.builds(
        head,
        st.integers(1, 99),
        st.integers(0, 5),
        channel=st.sampled_from(["chat", "phone"]),
        language=st.sampled_from(["nl", "en"]),
        excluded=st.frozensets(st.integers(1, 8).map(lambda n: PersonId(UUID(int=n)))),
    ),
    max_size=6,
    unique_by=lambda each: each.id,
)


def fits(waiting: Waiting, free: Free, *, soon: bool = False) -> bool:
    return (
        waiting.channel in free.channels
        and (waiting.channel != "phone" or free.load == 0 or soon)
        and waiting.language in free.languages
        and free.person not in waiting.excluded
    )


@settings(derandomize=True, deadline=None)
@given(HEADS, PEOPLE)
def test_nobody_is_overtaken_by_who_came_later_and_needs_the_same_volunteer(
    heads: list[Waiting], free: list[Free]
) -> None:
    found = pairs(heads, free, NIGHT)

    served = {pair.contact.id for pair in found}
    assert all(fits(pair.contact, pair.volunteer) for pair in found)
    assert len({pair.volunteer.person for pair in found}) == len(found)
    for waiting in heads:
        if waiting.id in served:
            continue
        asked_now = {pair.volunteer.person for pair in found}
        idle = [each for each in free if each.person not in asked_now and fits(waiting, each)]
        callers = [
            each
            for each in heads
            if each.channel == "phone"
            and each.id not in served
            and (each.enq, each.id) < (waiting.enq, waiting.id)
        ]
        # Who fits and is asked for nothing is kept for a caller who came before.
        assert len(idle) <= len(callers)
        assert all(any(fits(each, kept, soon=True) for each in callers) for kept in idle)
        assert not any(
            fits(waiting, pair.volunteer)
            for pair in found
            if (pair.contact.enq, pair.contact.id) > (waiting.enq, waiting.id)
        )


@settings(derandomize=True, deadline=None)
@given(HEADS, PEOPLE)
def test_the_order_in_which_rows_come_decides_nothing(
    heads: list[Waiting], free: list[Free]
) -> None:
    assert pairs(heads, free, NIGHT) == pairs(heads[::-1], free[::-1], NIGHT)
