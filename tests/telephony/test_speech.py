"""What each leg hears: no key is needed, and nobody waits without a word for long."""

from __future__ import annotations

from itertools import combinations, pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luisterlijn.telephony import prompts, speech
from luisterlijn.telephony.script import (
    Ask,
    GoOn,
    HangUp,
    LeaveRoom,
    Meet,
    Park,
    Pause,
    Play,
    Script,
    Verb,
)

LEG, ROOM = UUID(int=1), UUID(int=2)
THERE = prompts.load()
LANGUAGES = st.sampled_from(["nl", "en"])
SOMEWHERE = st.none() | st.integers(1, 500)


def sounds(script: Script) -> list[str]:
    found = []
    for verb in script:
        inside = verb.inside if isinstance(verb, Ask) else (verb,)
        found += [each.prompt for each in inside if isinstance(each, Play)]
    return found


def lasts(verb: Verb) -> float:
    """Give how long a verb of the waiting room takes."""
    match verb:
        case Play(prompt, language):
            found = THERE.get(language, prompt)
            assert found is not None
            return found.seconds
        case Pause(seconds):
            return seconds
        case Ask(inside=inside, wait_s=wait_s):
            return wait_s + sum(map(lasts, inside))
        case _:
            return 0.0


def text_of(script: Script, language: str) -> str:
    """Give all that is said."""
    said = [THERE.get(language, each) for each in sounds(script)]
    return " ".join(each.text for each in said if each is not None)


def round_of(turn: int, place: int | None = 3, wait: tuple[int, int] | None = (4, 8)) -> Script:
    return speech.waiting(LEG, "nl", place=place, wait=wait, turn=turn, nobody_yet=False)


def test_a_new_caller_is_welcomed_and_waits_without_pressing_anything() -> None:
    script = speech.welcomed(LEG, "welcome", "nl")

    assert sounds(script) == ["welcome"]
    assert isinstance(script[-1], Park)


def test_the_key_that_the_welcome_names_is_taken_while_it_is_said() -> None:
    [asks, _parks] = speech.welcomed(LEG, "welcome", "nl")

    assert isinstance(asks, Ask)
    assert asks.path == speech.leg_path(LEG, "keys")


def test_who_changes_to_english_hears_112_and_113_in_english_before_place_and_wait() -> None:
    script = speech.waiting(LEG, "en", place=3, wait=(4, 8), turn=0, nobody_yet=False, greets=True)

    assert sounds(script) == ["welcome", "place-3", "wait-3-8", "menu", "music"]
    assert "1 1 2" in text_of(script, "en")
    assert "1 1 3" in text_of(script, "en")


def test_the_place_and_the_wait_are_said_in_words_and_then_music_goes_on() -> None:
    assert sounds(round_of(0)) == ["place-3", "wait-3-8", "menu", "music"]
    assert sounds(round_of(1)) == ["music"]
    assert sounds(round_of(3)) == ["place-3", "wait-3-8", "music"]
    assert isinstance(round_of(1)[-1], GoOn)


def test_place_and_wait_come_at_most_each_ninety_seconds() -> None:
    moments, now = list[float](), 0.0
    for turn in range(10):
        script = round_of(turn)
        if "place-3" in sounds(script):
            moments.append(now)
        now += sum(map(lasts, script))

    between = [after - before for before, after in pairwise(moments)]
    assert len(between) == 3
    assert all(90 <= each <= 110 for each in between), between


def test_nobody_hears_nothing_for_longer_than_a_moment() -> None:
    for script in (round_of(0), round_of(1), speech.waiting_blind(LEG, "nl")):
        assert sounds(script)[-1] == "music"
        assert all(verb.wait_s <= 1 for verb in script if isinstance(verb, Ask))
        assert not any(isinstance(verb, Pause) for verb in script)


@pytest.mark.parametrize(
    ("wait", "said"),
    [
        ((0, 1), "wait-0-3"),
        ((0, 3), "wait-0-3"),
        ((3, 8), "wait-3-8"),
        ((2, 8), "wait-0-8"),
        ((9, 15), "wait-8-15"),
        ((4, 25), "wait-3-30"),
        ((20, 40), "wait-15-long"),
        ((35, 60), "wait-30-long"),
    ],
)
def test_the_wait_is_told_by_the_narrowest_prompt_that_holds_its_band(
    wait: tuple[int, int], said: str
) -> None:
    assert sounds(round_of(0, wait=wait)) == ["place-3", said, "menu", "music"]


def test_whatever_the_band_there_is_a_prompt_and_it_promises_no_more_than_the_band() -> None:
    for low, high in combinations(range(120), 2):
        _wait, least, most = speech.wait_prompt(low, high).split("-")

        assert all(THERE.get(each, f"wait-{least}-{most}") for each in ("nl", "en"))
        assert int(least) <= low
        assert most == "long" or int(most) >= high


def test_a_wait_that_nobody_can_tell_is_said_to_be_so() -> None:
    unknown = round_of(0, wait=None)

    assert sounds(unknown) == ["place-3", "wait-unknown", "menu", "music"]
    assert "Wij kunnen nog niet zeggen hoe lang het duurt." in text_of(unknown, "nl")


def test_a_place_that_is_not_known_is_not_said() -> None:
    assert sounds(round_of(0, place=None, wait=None))[0] == "stay"
    assert sounds(round_of(0, place=11))[0] == "place-many"
    nobody = speech.waiting(LEG, "nl", place=1, wait=(0, 3), turn=0, nobody_yet=True)
    assert sounds(nobody)[0] == "nobody-yet"


def test_a_closed_line_names_the_hour_it_opens_when_that_is_known() -> None:
    assert sounds(speech.last_words("nl", "closed", opens_hour=7)) == [
        "closed",
        "opens-07",
        "danger",
    ]
    assert "danger" in sounds(speech.last_words("nl", "closed"))
    assert isinstance(speech.last_words("nl", "closed")[-1], HangUp)


def test_whoever_leaves_the_conference_ends_it_so_nobody_stays_behind_alone() -> None:
    ends = [
        next(verb.ends for verb in script if isinstance(verb, Meet))
        for script in (
            speech.met_caller(LEG, "nl", room=ROOM),
            speech.met_volunteer(LEG, room=ROOM, own=True),
            speech.met_third(LEG, room=ROOM),
        )
    ]

    assert ends == [True, True, True]


def test_no_path_holds_more_than_a_random_id() -> None:
    assert speech.leg_path(LEG, "keys") == f"/phone/leg/{LEG.hex}/keys"
    assert speech.room_path(ROOM) == f"/phone/room/{ROOM.hex}/status"


@given(
    LANGUAGES,
    SOMEWHERE,
    SOMEWHERE | st.just(0),
    st.integers(0, 40),
    st.integers(0, 30_000),
    st.booleans(),
)
def test_every_round_has_words_or_music_that_are_there_and_comes_back(
    language: str,
    place: int | None,
    minutes: int | None,
    wider: int,
    turn: int,
    nobody_yet: bool,  # noqa: FBT001
) -> None:
    for greets in (True, False):
        script = speech.waiting(
            LEG,
            language,
            place=place,
            wait=None if minutes is None else (minutes, minutes + 1 + wider),
            turn=turn,
            nobody_yet=nobody_yet,
            greets=greets,
        )

        assert all(THERE.get(language, each) is not None for each in sounds(script))
        assert sounds(script)[-1] == "music"
        assert script[-1] == GoOn(speech.leg_path(LEG, "wait"))
        # A key is taken at any moment of it.
        assert [type(verb) for verb in script] == [Ask, GoOn]


@given(LANGUAGES, st.sampled_from([*speech.LAST]) | st.text(), st.none() | st.integers(0, 23))
def test_last_words_are_words_and_then_the_end(
    language: str, word: str, opens_hour: int | None
) -> None:
    script = speech.last_words(language, word, opens_hour=opens_hour)

    assert text_of(script, language)
    assert all(THERE.get(language, each) is not None for each in sounds(script))
    assert script[-1] == HangUp()


@pytest.mark.parametrize("word", ["closed", "full", "limit", "trouble"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_who_is_turned_away_hears_112_and_113(word: str, language: str) -> None:
    text = text_of(speech.last_words(language, word), language)

    assert "1 1 2" in text
    assert "1 1 3" in text


@pytest.mark.parametrize("past_key", [True, False])
def test_past_the_limit_kind_words_come_first_and_the_key_is_named_only_where_it_works(
    past_key: bool,  # noqa: FBT001
) -> None:
    [asks, *after] = speech.limited(LEG, "nl", past_key=past_key)

    key = ["limit-key"] if past_key else []
    assert isinstance(asks, Ask)
    assert sounds((asks,)) == ["limit", "danger", *key, "limit-code"]
    assert asks.digits == speech.CODE_DIGITS
    assert sounds(tuple(after)) == ["goodbye"]
    assert after[-1] == HangUp()


@pytest.mark.parametrize(("language", "figure"), [("nl", "vier"), ("en", "four")])
def test_the_limit_tells_no_figure_that_a_setting_could_make_untrue(
    language: str, figure: str
) -> None:
    assert figure not in text_of(speech.last_words(language, "limit"), language)


def test_a_wrong_code_may_be_typed_again() -> None:
    [asks, *after] = speech.code_again(LEG, "nl")

    assert isinstance(asks, Ask)
    assert sounds((asks,)) == ["code-wrong"]
    assert asks.digits == speech.CODE_DIGITS
    assert after[-1] == HangUp()


def test_who_waits_again_hears_why_first() -> None:
    script = speech.waits_again(LEG, "nl", "volunteer-away")

    assert sounds(script) == ["volunteer-away"]
    assert script[1:] == speech.parked(LEG)


def test_who_asks_about_the_chat_keeps_waiting() -> None:
    assert sounds(speech.about_chat(LEG, "nl")) == ["about-chat"]
    assert speech.about_chat(LEG, "nl")[-1] == GoOn(speech.leg_path(LEG, "wait"))
    assert speech.left_room(LEG) == (LeaveRoom(),)


def test_an_own_phone_hears_that_the_caller_speaks_english_and_a_machine_takes_nothing() -> None:
    english, dutch = (speech.offered(LEG, english=each) for each in (True, False))

    assert sounds(english) == ["offer", "offer-english"]
    assert sounds(dutch) == ["offer"]
    # Without a key the leg ends: a voice mail never meets a caller.
    assert english[1:] == dutch[1:] == (HangUp(),)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_third_party_is_asked_and_without_a_key_meets_nobody(language: str) -> None:
    [asks, ends] = speech.third_asked(LEG, language)

    assert isinstance(asks, Ask)
    assert sounds((asks,)) == ["third-asked"]
    assert ends == HangUp()


def test_only_a_volunteer_on_an_own_phone_is_told_that_they_are_connected() -> None:
    assert sounds(speech.met_volunteer(LEG, room=ROOM, own=True)) == ["connected"]
    assert sounds(speech.met_volunteer(LEG, room=ROOM, own=False)) == []


def test_caller_and_third_party_go_on_for_an_hour_at_most() -> None:
    [meets] = speech.met_third(LEG, room=ROOM)

    assert isinstance(meets, Meet)
    assert meets.longest_s == 3600
