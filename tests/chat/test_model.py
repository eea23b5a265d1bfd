"""Who may read a chat: every change of members is a new key period."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from luisterlijn.chat.model import (
    KEY_LASTS,
    AddMember,
    Chat,
    Effect,
    Happening,
    Joined,
    KeyOverdue,
    KeysGiven,
    Left,
    LoseVolunteer,
    RemoveMember,
    TellMembers,
    TellPage,
    decide,
)
from luisterlijn.kernel.ids import PersonId
from tests.support.playbook import Playbook

NIGHT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
LATER = NIGHT + timedelta(minutes=5)
ANJA = PersonId(UUID(int=1))
BAS = PersonId(UUID(int=2))


def play() -> Playbook[Chat, Happening, Effect]:
    return Playbook(decide, Chat())


def test_a_volunteer_who_joins_opens_a_period_and_the_page_has_thirty_seconds() -> None:
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(ANJA, 1), TellPage())
        .stands(Chat(version=1, members=(ANJA,), keyed=False, key_due=NIGHT + KEY_LASTS))
        .step(KeysGiven(1), TellMembers((ANJA,)))
        .stands(Chat(version=1, members=(ANJA,), keyed=True, key_due=None))
    )


def test_another_console_of_the_same_volunteer_is_a_new_stay_in_a_new_period() -> None:
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(ANJA, 1), TellPage())
        .step(KeysGiven(1), TellMembers((ANJA,)))
        .step(Joined(ANJA, LATER), RemoveMember(ANJA, 2), AddMember(ANJA, 2), TellPage())
        .stands(Chat(version=2, members=(ANJA,), keyed=False, key_due=LATER + KEY_LASTS))
    )


def test_who_left_is_off_the_list_and_nobody_waits_for_a_secret_of_nobody() -> None:
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(ANJA, 1), TellPage())
        .step(Left(ANJA, LATER), RemoveMember(ANJA, 2), TellPage())
        .stands(Chat(version=2))
        .step(KeysGiven(2))
        .step(KeyOverdue(LATER + 2 * KEY_LASTS, page_up=True))
    )


def test_who_stays_after_somebody_left_needs_a_fresh_secret() -> None:
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(ANJA, 1), TellPage())
        .step(Joined(BAS, NIGHT), AddMember(BAS, 2), TellPage())
        .step(KeysGiven(2), TellMembers((ANJA, BAS)))
        .step(Left(BAS, LATER), RemoveMember(BAS, 3), TellPage())
        .stands(Chat(version=3, members=(ANJA,), keyed=False, key_due=LATER + KEY_LASTS))
    )


def test_hearing_twice_that_somebody_left_does_no_harm() -> None:
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(ANJA, 1), TellPage())
        .step(Left(ANJA, LATER), RemoveMember(ANJA, 2), TellPage())
        .step(Left(ANJA, LATER))
        .step(Left(BAS, LATER))
        .stands(Chat(version=2))
    )


def test_a_secret_of_a_period_that_passed_satisfies_nobody() -> None:
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(ANJA, 1), TellPage())
        .step(Joined(ANJA, LATER), RemoveMember(ANJA, 2), AddMember(ANJA, 2), TellPage())
        .step(KeysGiven(1))
        .stands(Chat(version=2, members=(ANJA,), keyed=False, key_due=LATER + KEY_LASTS))
    )


def test_a_page_that_is_there_and_gives_no_secret_costs_its_volunteer() -> None:
    due = NIGHT + KEY_LASTS
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(ANJA, 1), TellPage())
        .step(KeyOverdue(due - timedelta(milliseconds=1), page_up=True))
        .step(KeyOverdue(due, page_up=True), LoseVolunteer(ANJA))
        .step(KeyOverdue(due + KEY_LASTS, page_up=True))
    )


def test_a_page_that_is_away_is_not_to_blame_and_gets_its_time_again() -> None:
    due = NIGHT + KEY_LASTS
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(ANJA, 1), TellPage())
        .step(KeyOverdue(due, page_up=False))
        .stands(Chat(version=1, members=(ANJA,), keyed=False, key_due=due + KEY_LASTS))
        .step(KeyOverdue(due + KEY_LASTS, page_up=True), LoseVolunteer(ANJA))
    )


HAPPENINGS = st.one_of(
    st.builds(Joined, st.sampled_from((ANJA, BAS)), st.just(NIGHT)),
    st.builds(Left, st.sampled_from((ANJA, BAS)), st.just(NIGHT)),
    st.builds(KeysGiven, st.integers(0, 6)),
    st.builds(KeyOverdue, st.just(LATER), page_up=st.booleans()),
)


@given(st.lists(HAPPENINGS, max_size=30))
def test_whatever_happens_the_list_is_changed_only_by_a_new_period(
    happenings: list[Happening],
) -> None:
    chat = Chat()
    for happening in happenings:
        before = chat
        chat, effects = decide(before, happening)
        changed = {each for each in effects if isinstance(each, AddMember | RemoveMember)}

        assert (chat.members != before.members or bool(changed)) == (chat.version > before.version)
        assert chat.version - before.version in (0, 1)
        assert all(each.version == chat.version for each in changed)
        assert not (chat.keyed and chat.key_due is not None)
        assert chat.members or chat.key_due is None
        assert len(set(chat.members)) == len(chat.members)
