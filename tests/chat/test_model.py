"""Who may read a chat: every change of members is a new key period."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from luisterlijn.chat.model import (
    KEY_LASTS,
    VOLUNTEER,
    AddMember,
    Chat,
    Effect,
    EndReading,
    Happening,
    Joined,
    KeyOverdue,
    KeysGiven,
    Left,
    LoseVolunteer,
    Member,
    ReaderJoined,
    ReaderLeft,
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
ADA = PersonId(UUID(int=3))
FIRST, SECOND = UUID(int=11), UUID(int=12)


def play(chat: Chat | None = None) -> Playbook[Chat, Happening, Effect]:
    return Playbook(decide, chat or Chat())


def has_it(person: PersonId, since: int) -> Member:
    return Member(person=person, role=VOLUNTEER, since=since)


def reads(since: int, *, reads_from: int, after: int = 0, joining: UUID = FIRST) -> Member:
    return Member(
        person=ADA, role="coach", since=since, reads_from=reads_from, after=after, joining=joining
    )


def along(at: datetime = NIGHT, joining: UUID = FIRST) -> ReaderJoined:
    return ReaderJoined(person=ADA, role="coach", joining=joining, at=at)


TALKING = Chat(version=1, seq=7, members=(has_it(ANJA, 1),), keyed=True)
"""Anja has had the chat from the start, and seven lines were said."""


def test_a_volunteer_who_joins_opens_a_period_and_the_page_has_thirty_seconds() -> None:
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(has_it(ANJA, 1)), TellPage())
        .stands(Chat(version=1, members=(has_it(ANJA, 1),), key_due=NIGHT + KEY_LASTS))
        .step(KeysGiven(1), TellMembers((ANJA,)))
        .stands(Chat(version=1, members=(has_it(ANJA, 1),), keyed=True))
    )


def test_another_console_of_the_same_volunteer_is_a_new_stay_in_a_new_period() -> None:
    (
        play(TALKING)
        .step(Joined(ANJA, LATER), RemoveMember(ANJA, 2), AddMember(has_it(ANJA, 2)), TellPage())
        .stands(Chat(version=2, seq=7, members=(has_it(ANJA, 2),), key_due=LATER + KEY_LASTS))
    )


def test_who_left_is_off_the_list_and_nobody_waits_for_a_secret_of_nobody() -> None:
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(has_it(ANJA, 1)), TellPage())
        .step(Left(ANJA, LATER), RemoveMember(ANJA, 2), TellPage())
        .stands(Chat(version=2))
        .step(KeysGiven(2))
        .step(KeyOverdue(LATER + 2 * KEY_LASTS, page_up=True))
    )


def test_who_has_the_chat_now_puts_out_who_had_it_also_before_that_loss_is_heard() -> None:
    (
        play(TALKING)
        .step(Joined(BAS, LATER), RemoveMember(ANJA, 2), AddMember(has_it(BAS, 2)), TellPage())
        .step(Left(ANJA, LATER))
        .stands(Chat(version=2, seq=7, members=(has_it(BAS, 2),), key_due=LATER + KEY_LASTS))
    )


def test_hearing_twice_that_somebody_left_does_no_harm() -> None:
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(has_it(ANJA, 1)), TellPage())
        .step(Left(ANJA, LATER), RemoveMember(ANJA, 2), TellPage())
        .step(Left(ANJA, LATER))
        .step(Left(BAS, LATER))
        .stands(Chat(version=2))
    )


def test_a_secret_of_a_period_that_passed_satisfies_nobody() -> None:
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(has_it(ANJA, 1)), TellPage())
        .step(Joined(ANJA, LATER), RemoveMember(ANJA, 2), AddMember(has_it(ANJA, 2)), TellPage())
        .step(KeysGiven(1))
        .stands(Chat(version=2, members=(has_it(ANJA, 2),), key_due=LATER + KEY_LASTS))
    )


def test_a_page_that_is_there_and_gives_no_secret_costs_its_volunteer() -> None:
    due = NIGHT + KEY_LASTS
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(has_it(ANJA, 1)), TellPage())
        .step(KeyOverdue(due - timedelta(milliseconds=1), page_up=True))
        .step(KeyOverdue(due, page_up=True), LoseVolunteer(ANJA))
        .step(KeyOverdue(due + KEY_LASTS, page_up=True))
    )


def test_a_page_that_is_away_is_not_to_blame_and_gets_its_time_again() -> None:
    due = NIGHT + KEY_LASTS
    (
        play()
        .step(Joined(ANJA, NIGHT), AddMember(has_it(ANJA, 1)), TellPage())
        .step(KeyOverdue(due, page_up=False))
        .stands(Chat(version=1, members=(has_it(ANJA, 1),), key_due=due + KEY_LASTS))
        .step(KeyOverdue(due + KEY_LASTS, page_up=True), LoseVolunteer(ANJA))
    )


def test_who_comes_to_read_along_reads_from_the_new_period_and_the_next_line_on() -> None:
    reader = reads(2, reads_from=2, after=7)
    (
        play(TALKING)
        .step(along(LATER), AddMember(reader), TellPage())
        .stands(
            Chat(version=2, seq=7, members=(has_it(ANJA, 1), reader), key_due=LATER + KEY_LASTS)
        )
        .step(KeysGiven(2), TellMembers((ANJA, ADA)))
    )


def test_who_reads_along_with_another_console_reads_no_less_and_no_more() -> None:
    (
        play(TALKING)
        .step(along(), AddMember(reads(2, reads_from=2, after=7)), TellPage())
        .step(
            along(LATER),
            RemoveMember(ADA, 3),
            AddMember(reads(3, reads_from=2, after=7)),
            TellPage(),
        )
    )


def test_who_was_away_and_reads_along_again_reads_nothing_of_meanwhile() -> None:
    came = reads(3, reads_from=3, after=7, joining=SECOND)
    (
        play(TALKING)
        .step(along(), AddMember(reads(2, reads_from=2, after=7)), TellPage())
        # That the first joining is over is heard last.
        .step(along(LATER, SECOND), RemoveMember(ADA, 3), AddMember(came), TellPage())
        .step(ReaderLeft(FIRST, LATER))
        .stands(Chat(version=3, seq=7, members=(has_it(ANJA, 1), came), key_due=LATER + KEY_LASTS))
    )


def test_who_stops_reading_along_is_out_and_the_volunteer_gets_a_fresh_secret() -> None:
    (
        play(TALKING)
        .step(along(), AddMember(reads(2, reads_from=2, after=7)), TellPage())
        .step(ReaderLeft(FIRST, LATER), RemoveMember(ADA, 3), TellPage())
        .stands(Chat(version=3, seq=7, members=(has_it(ANJA, 1),), key_due=LATER + KEY_LASTS))
        .step(ReaderLeft(FIRST, LATER))
    )


def test_who_read_along_and_takes_over_may_have_every_secret() -> None:
    (
        play(TALKING)
        .step(along(), AddMember(reads(2, reads_from=2, after=7)), TellPage())
        .step(
            Joined(ADA, LATER),
            RemoveMember(ANJA, 3),
            RemoveMember(ADA, 3),
            AddMember(has_it(ADA, 3)),
            TellPage(),
        )
        .step(ReaderLeft(FIRST, LATER))
        .stands(Chat(version=3, seq=7, members=(has_it(ADA, 3),), key_due=LATER + KEY_LASTS))
    )


def test_who_gave_the_chat_away_and_reads_along_stays_when_the_loss_is_heard_late() -> None:
    reader = Member(person=ANJA, role="colleague", since=2, reads_from=2, after=7, joining=FIRST)
    (
        play(TALKING)
        .step(
            ReaderJoined(person=ANJA, role="colleague", joining=FIRST, at=NIGHT),
            RemoveMember(ANJA, 2),
            AddMember(reader),
            TellPage(),
        )
        .step(Joined(BAS, LATER), AddMember(has_it(BAS, 3)), TellPage())
        .step(Left(ANJA, LATER))
        .stands(Chat(version=3, seq=7, members=(reader, has_it(BAS, 3)), key_due=LATER + KEY_LASTS))
    )


def test_no_secret_is_awaited_for_readers_alone() -> None:
    (
        play(TALKING)
        .step(along(), AddMember(reads(2, reads_from=2, after=7)), TellPage())
        .step(Left(ANJA, LATER), RemoveMember(ANJA, 3), TellPage())
        .stands(Chat(version=3, seq=7, members=(reads(2, reads_from=2, after=7),)))
        .step(KeysGiven(3))
        .step(KeyOverdue(LATER + KEY_LASTS, page_up=True))
    )


def test_a_page_that_gives_no_secret_since_somebody_came_costs_the_reader_first() -> None:
    due = NIGHT + KEY_LASTS
    (
        play(TALKING)
        .step(along(), AddMember(reads(2, reads_from=2, after=7)), TellPage())
        .step(KeyOverdue(due, page_up=True), RemoveMember(ADA, 3), TellPage(), EndReading(ADA))
        .stands(Chat(version=3, seq=7, members=(has_it(ANJA, 1),), key_due=due + KEY_LASTS))
        .step(KeyOverdue(due + KEY_LASTS, page_up=True), LoseVolunteer(ANJA))
    )


def test_a_reader_who_could_read_already_is_not_blamed_for_a_secret_that_is_late() -> None:
    due = LATER + KEY_LASTS
    (
        play(TALKING)
        .step(along(), AddMember(reads(2, reads_from=2, after=7)), TellPage())
        .step(KeysGiven(2), TellMembers((ANJA, ADA)))
        .step(Joined(ANJA, LATER), RemoveMember(ANJA, 3), AddMember(has_it(ANJA, 3)), TellPage())
        .step(KeyOverdue(due, page_up=True), LoseVolunteer(ANJA))
    )


PEOPLE = st.sampled_from((ANJA, BAS, ADA))
JOININGS = st.sampled_from((FIRST, SECOND))
HAPPENINGS = st.one_of(
    st.builds(Joined, PEOPLE, st.just(NIGHT)),
    st.builds(
        ReaderJoined,
        person=PEOPLE,
        role=st.sampled_from(("coach", "mentor", "colleague")),
        joining=JOININGS,
        at=st.just(NIGHT),
    ),
    st.builds(Left, PEOPLE, st.just(NIGHT)),
    st.builds(ReaderLeft, JOININGS, st.just(NIGHT)),
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
        added = {each.member for each in effects if isinstance(each, AddMember)}
        removed = {each for each in effects if isinstance(each, RemoveMember)}

        changed = bool(added or removed)
        assert (chat.members != before.members or changed) == (chat.version > before.version)
        assert chat.version - before.version in (0, 1)
        assert all(each.since == chat.version for each in added)
        assert all(each.version == chat.version for each in removed)
        assert not (chat.keyed and chat.key_due is not None)
        assert chat.volunteer is not None or (chat.key_due is None and not chat.keyed)
        assert len({each.person for each in chat.members}) == len(chat.members)
        assert [each.role for each in chat.members].count(VOLUNTEER) <= 1
        assert all((each.joining is None) == (each.role == VOLUNTEER) for each in chat.members)
        for each in added - {chat.volunteer}:
            stays = [one for one in before.members if one.joining == each.joining]
            stay = next((one for one in stays if one.person == each.person), None)
            assert each.reads_from == (chat.version if stay is None else stay.reads_from)
